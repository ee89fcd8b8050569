//! Measures every instruction once. This file has those that pay, fund, post and close, over the lives of two
//! distributors that need them all.

use solana_signer::Signer as _;
use torque::constants::POSTING_GRACE;
use torque::instructions::SponsorArgs;
use torque::state::{Distributor, Mode};

use super::authority::{self, ACTION};
use super::workshop::{EPOCH, Leaves, Receipts, Workshop};
use super::{draws, grouped, payments};
use crank_cluster::cluster::Receipt;
use crank_cluster::error::ChainError;
use crank_cluster::steps::post;
use crank_cluster::{
    address,
    instruction::{self, settlement},
};

/// Leaves of the large epoch that grows and has subtrees.
const MANY_LEAVES: u32 = 100_000;
/// Base units that a sponsor has; it adds half of them.
const SPONSORED: u64 = 1_000_000;

/// A row for each instruction: its name, compute units and transaction bytes.
pub(super) fn measure() -> Result<Vec<Vec<String>>, ChainError> {
    let mut workshop = Workshop::new()?;
    let mut receipts = vec![("config_initialize", workshop.setup.clone())];
    receipts.extend(launch(&mut workshop)?);
    receipts.extend(large_epoch(&mut workshop)?);
    receipts.push(("claim", payments::claim(&mut workshop, 2, 1_000, false)?.receipt));
    receipts.extend(end(&mut workshop)?);
    receipts.push(("push", payments::push(&mut workshop, 3, 1_000, false)?.receipt));
    receipts.extend(authority::measure()?);
    receipts.extend(draws::measure()?);
    receipts.sort_by_key(|(name, _)| *name);
    let row = |(name, receipt): (&str, Receipt)| {
        vec![format!("`{name}`"), grouped(receipt.compute_units), grouped(receipt.bytes as u64)]
    };
    Ok(receipts.into_iter().map(row).collect())
}

fn launch(workshop: &mut Workshop) -> Result<Receipts, ChainError> {
    let owner = workshop.owner.pubkey();
    let action = workshop.send(instruction::action_create(owner, ACTION))?;
    let (addresses, distributor) = workshop.create(1, Mode::Claim)?;
    let link = workshop.send(instruction::link_create(&addresses, address::action(&owner, ACTION.id), 10_000))?;
    Ok(vec![("action_create", action), ("distributor_create", distributor), ("link_create", link)])
}

/// Funds the first distributor, posts an epoch that must grow, cancels it, and posts it again.
fn large_epoch(workshop: &mut Workshop) -> Result<Receipts, ChainError> {
    let owner = workshop.owner.insecure_clone();
    let addresses = address::DistributorAddresses::new(owner.pubkey(), 1, workshop.asset);
    let leaves = Leaves::new(&addresses.epoch(0), MANY_LEAVES, 0..0)?;
    let args = leaves.post_args(0);
    let fund = workshop.send(instruction::distributor_fund(&addresses, args.total))?;
    workshop.pass(EPOCH);
    let posted = workshop.wait(post::epoch(&workshop.cluster, &addresses, &owner, args))?;
    // Sent alone here, because the step puts several of these into one transaction.
    let grown = workshop.send(instruction::epoch_extend(addresses.epoch(0)))?;
    workshop.wait(post::extend(&workshop.cluster, &addresses, &owner, 0))?;
    let proven = workshop.wait(post::prove_subtrees(&workshop.cluster, &addresses, &owner, 0, &leaves.tree))?;
    let cancel = workshop.send(instruction::epoch_cancel(&addresses, owner.pubkey(), owner.pubkey(), 0))?;
    let args = leaves.post_args(0);
    let repost = instruction::epoch_repost(&addresses, owner.pubkey(), owner.pubkey(), owner.pubkey(), args);
    let repost = workshop.send(repost)?;
    let first = |receipts: Vec<Receipt>| {
        receipts
            .into_iter()
            .next()
            .ok_or_else(|| ChainError::Unbuildable("an epoch is posted and its subtrees are proven".to_owned()))
    };
    Ok(vec![
        ("distributor_fund", fund),
        ("epoch_post", first(posted)?),
        ("epoch_extend", grown),
        ("subtree_prove", first(proven)?),
        ("epoch_cancel", cancel),
        ("epoch_repost", repost),
    ])
}

/// Sponsors the second distributor, ends it with the epoch that has begun, closes its epoch 0, skips its epoch 1, and
/// closes everything.
fn end(workshop: &mut Workshop) -> Result<Receipts, ChainError> {
    let owner = workshop.owner.pubkey();
    let addresses = address::DistributorAddresses::new(owner, 2, workshop.asset);
    let sponsor = workshop.new_holder(SPONSORED)?;
    let agreed = workshop.cluster.decode::<Distributor>(&addresses.distributor, "distributor")?.agreed_terms();
    let by = SponsorArgs { number: 0, agreed };
    let fund = instruction::distributor_sponsor(&addresses, sponsor.pubkey(), SPONSORED / 2, by);
    workshop.cluster.send(&[fund], &[&sponsor])?;
    let last = workshop.send(instruction::distributor_end(&addresses))?;
    workshop.pass(EPOCH.saturating_mul(2));
    let close = workshop.send(instruction::epoch_close(&addresses, owner, 0))?;
    let skip = workshop.send(instruction::epoch_skip(&addresses, owner, owner, 1))?;
    workshop.pass(POSTING_GRACE);
    workshop.send(instruction::epoch_close(&addresses, owner, 1))?;
    let treasury = workshop.treasury;
    let refund = workshop.send(settlement::sponsor_refund(&addresses, &sponsor.pubkey(), 0))?;
    // On a copy of the cluster, so that closing still has a fee to send.
    let collect = workshop.aside().send(&[settlement::fee_collect(&addresses, &treasury)], &[&workshop.owner])?;
    let bury = workshop.send(instruction::distributor_close(&addresses, &treasury))?;
    Ok(vec![
        ("distributor_end", last),
        ("epoch_close", close),
        ("epoch_skip", skip),
        ("sponsor_refund", refund),
        ("fee_collect", collect),
        ("distributor_close", bury),
    ])
}
