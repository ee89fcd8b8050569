//! The instructions that hand authority over, and those by which its holders change existing accounts.

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::{ActionCreateArgs, DistributorUpdateArgs, LeafStrikeArgs};
use torque::state::{Audience, Limits, Mode, NextRules, Role};

use super::workshop::{AMOUNT, EPOCH, Leaves, Receipts, Workshop};
use crank_cluster::address::{self, DistributorAddresses};
use crank_cluster::cluster::Receipt;
use crank_cluster::error::ChainError;
use crank_cluster::instruction::ClaimedLeaf;
use crank_cluster::instruction::{self, authority, settings, view};
use crank_cluster::payment;
use crank_cluster::steps::post;

/// Leaves of the epoch in which one leaf is struck and asked about.
const LEAVES: u32 = 1_000;

/// The arguments of the owner's first action, which admits everyone.
pub(super) const ACTION: ActionCreateArgs = ActionCreateArgs {
    id: 1,
    audience: Audience::Everyone,
    query_hash: [1; 32],
    metadata_hash: [2; 32],
    start: 0,
    end: i64::MAX,
};

/// Measures each of them once, on a cluster of their own.
pub(super) fn measure() -> Result<Receipts, ChainError> {
    let mut workshop = Workshop::new()?;
    let (addresses, _) = workshop.create(1, Mode::Claim)?;
    let action = address::action(&workshop.owner.pubkey(), ACTION.id);
    workshop.send(instruction::action_create(workshop.owner.pubkey(), ACTION))?;
    workshop.send(instruction::link_create(&addresses, action, 10_000))?;
    let next = workshop.new_holder(1)?;
    let mut receipts = hand_overs(&mut workshop, &addresses, action, &next)?;
    receipts.extend(settings(&mut workshop)?);
    receipts.extend(changes(&mut workshop, &addresses, action)?);
    receipts.extend(leaves(&mut workshop, &addresses)?);
    Ok(receipts)
}

/// Offers each authority to `next`, who accepts it on a copy of the cluster.
fn hand_overs(
    workshop: &mut Workshop,
    addresses: &DistributorAddresses,
    action: Pubkey,
    next: &Keypair,
) -> Result<Receipts, ChainError> {
    let (owner, to, role) = (workshop.owner.pubkey(), next.pubkey(), Role::Publisher);
    let mut hand_over = |offer: Instruction, acceptance: Instruction| -> Result<[Receipt; 2], ChainError> {
        Ok([workshop.send(offer)?, workshop.aside().send(&[acceptance], &[next])?])
    };
    let config = hand_over(authority::config_transfer(owner, to), authority::config_accept(to))?;
    let accept = authority::role_accept(addresses.distributor, role, to);
    let role = hand_over(authority::role_transfer(addresses, role, to), accept)?;
    let owner = hand_over(authority::action_transfer(owner, action, to), authority::action_accept(action, to))?;
    let names =
        [["config_transfer", "config_accept"], ["role_transfer", "role_accept"], ["action_transfer", "action_accept"]];
    Ok(names.into_iter().flatten().zip([config, role, owner].into_iter().flatten()).collect())
}

/// The owner, who is the admin too, changes every setting of the protocol, and pauses and unpauses it.
fn settings(workshop: &mut Workshop) -> Result<Receipts, ChainError> {
    let (admin, now) = (workshop.owner.pubkey(), workshop.cluster.time());
    let calls = [
        ("config_set_fee", settings::set_fee(admin, 500)),
        ("config_set_treasury", settings::set_treasury(admin, workshop.treasury)),
        ("config_set_pauser", settings::set_pauser(admin, admin)),
        ("config_pause", settings::pause(admin)),
        ("config_unpause", settings::unpause(admin, now)),
    ];
    calls.into_iter().map(|(name, call)| Ok((name, workshop.send(call)?))).collect()
}

/// The owner changes terms and rules, pauses and unpauses, and closes link and action.
fn changes(workshop: &mut Workshop, addresses: &DistributorAddresses, action: Pubkey) -> Result<Receipts, ChainError> {
    let owner = workshop.owner.pubkey();
    let terms = DistributorUpdateArgs {
        epoch_budget: u64::MAX,
        activation_delay: 7_200,
        claim_window: 172_800,
        epoch_count: 11,
        limits: Limits { absolute: u64::MAX, window: 3_600, epoch_basis_points: 10_000 },
    };
    let from = workshop.cluster.time().saturating_add(EPOCH);
    let rules = NextRules { from, audience: Audience::Everyone, query_hash: [3; 32], metadata_hash: [4; 32] };
    let calls = [
        ("distributor_update", authority::distributor_update(addresses, terms)),
        ("distributor_pause", authority::distributor_pause(addresses, owner)),
        ("distributor_unpause", authority::distributor_unpause(addresses, owner)),
        ("action_update", authority::action_update(owner, action, rules)),
        ("link_close", authority::link_close(addresses.distributor, action, owner, owner)),
        ("action_close", authority::action_close(owner, action)),
    ];
    calls.into_iter().map(|(name, call)| Ok((name, workshop.send(call)?))).collect()
}

/// Strikes a leaf of a posted epoch, on a copy of the cluster, and asks about it.
fn leaves(workshop: &mut Workshop, addresses: &DistributorAddresses) -> Result<Receipts, ChainError> {
    let owner = workshop.owner.insecure_clone();
    let leaves = Leaves::new(&addresses.epoch(0), LEAVES, 0..0)?;
    let args = leaves.post_args(0);
    workshop.send(instruction::distributor_fund(addresses, args.total))?;
    workshop.pass(EPOCH);
    workshop.wait(post::epoch(&workshop.cluster, addresses, &owner, args))?;
    let (index, path) = (0, payment::path(&leaves.tree, 0, 0, false));
    let recipient = leaves.payments.first().map_or_else(Pubkey::default, |payment| payment.recipient);
    let leaf = ClaimedLeaf { epoch: 0, index, amount: AMOUNT, path: path.clone() };
    let strike = LeafStrikeArgs { index, recipient, amount: AMOUNT, path, reason: 1, evidence_hash: [5; 32] };
    let calls = [
        ("leaf_strike", authority::leaf_strike(addresses, owner.pubkey(), 0, strike)),
        ("view_leaf", view::leaf(addresses.epoch(0), index)),
        ("view_claimable", view::claimable(addresses, recipient, leaf)),
        ("view_refund", view::refund(addresses, &workshop.treasury)),
    ];
    calls.into_iter().map(|(name, call)| Ok((name, workshop.aside().send(&[call], &[&owner])?))).collect()
}
