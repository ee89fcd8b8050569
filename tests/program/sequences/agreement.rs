//! That the accounts are as the model says: what wallets hold, what distributors and epochs count, what comes back.

use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::Campaign;
use tests::memory;
use tests::world::{FEE_BASIS_POINTS, World};
use torque::fee;

use super::distributor::DistributorModel;
use super::list::WALLETS;

/// What owner and treasury hold of what `campaign` pays.
pub(super) fn refunded(world: &World, campaign: &Campaign) -> [u64; 2] {
    [world.owner.pubkey(), world.treasury].map(|wallet| holding(world, campaign, &wallet))
}

/// At closing the treasury got the earned fee and the owner all the rest; in SOL also rent.
#[track_caller]
pub(super) fn expect_refund(world: &World, campaign: &Campaign, model: &DistributorModel, before: [u64; 2]) {
    let after = refunded(world, campaign);
    let earned = fee::earned_rounded_down(model.paid, FEE_BASIS_POINTS).unwrap();
    let deposited = fee::deposited_rounded_up(model.funded, FEE_BASIS_POINTS).unwrap();
    assert_eq!(after[1] - before[1], earned, "the fee");
    let (refund, owed) = (after[0] - before[0], model.funded + deposited - model.paid - earned);
    let is_right = if model.is_native { refund >= owed } else { refund == owed };
    assert!(is_right, "a refund of {refund} instead of {owed}");
}

/// Every wallet holds what the model paid it.
#[track_caller]
pub(super) fn expect_wallets(world: &World, campaign: &Campaign, model: &DistributorModel) {
    for wallet in WALLETS.iter() {
        let received = model.received.get(wallet).copied().unwrap_or_default();
        assert_eq!(holding(world, campaign, wallet), received, "wallet {wallet}");
    }
}

/// What `wallet` holds of what `campaign` pays, in base units; nothing without an account.
fn holding(world: &World, campaign: &Campaign, wallet: &Pubkey) -> u64 {
    let asset = &campaign.addresses.asset;
    let Some(account) = world.cluster.svm.get_account(&memory::account_of(asset, wallet).0) else { return 0 };
    // The amount of a token account follows its mint and its owner.
    if asset.is_native() { account.lamports } else { u64::from_le_bytes(account.data[64..72].try_into().unwrap()) }
}

/// The distributor and its epochs, with every mark of theirs.
#[track_caller]
pub(super) fn expect_distributor(world: &World, campaign: &Campaign, model: &DistributorModel) {
    let found = world.distributor(&campaign.addresses);
    assert_eq!(
        (found.funded, found.reserved, found.paid, found.terms.epoch_count),
        (model.funded, model.reserved(), model.paid, model.epoch_count)
    );
    assert_eq!((found.next_epoch, found.open_epochs), (model.next_epoch, model.epochs.len() as u32));
    for (index, epoch) in &model.epochs {
        let found = world.epoch(&campaign.addresses, *index);
        let root = epoch.list.as_ref().map_or([0; 32], |list| list.root);
        assert_eq!(
            (found.root, found.total, found.opens_at, found.closes_at),
            (root, epoch.total, epoch.opens_at, epoch.closes_at)
        );
        assert_eq!((found.paid_total, found.paid_count), (epoch.paid_total(), epoch.paid.len() as u32));
        for leaf in epoch.list.iter().flat_map(|list| list.first..list.leaf_count) {
            let is_marked = epoch.is_complete() && campaign.is_paid(world, *index, leaf);
            assert_eq!(is_marked, epoch.paid.contains(&leaf), "leaf {leaf} of epoch {index}");
        }
    }
}
