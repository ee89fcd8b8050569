//! Compares the accounts with the model: the wallets' balances, the totals of distributors and epochs, the refunds.

use solana_pubkey::Pubkey;
use tests::campaign::Campaign;
use tests::memory;
use tests::world::World;
use torque::constants::RAFFLE_BOUNTY;
use torque::state::Config;

use super::distributor::{DistributorModel, with_fee};
use super::draws::RaffleModel;
use super::epoch::Rules;
use super::list::WALLETS;
use super::stage::Stage;

/// The owner got what it brought and was not used, to the unit, and nothing is left.
#[track_caller]
pub(super) fn expect_all_returned(model: &DistributorModel) {
    let [brought, used] = model.owners_money().map(with_fee);
    assert_eq!(model.refunded_to_owner, brought - used, "the owner's part");
    assert_eq!(model.vault(), 0, "money stays behind");
}

/// Every wallet holds what the model paid it.
#[track_caller]
pub(super) fn expect_wallets(world: &World, campaign: &Campaign, model: &DistributorModel) {
    for wallet in WALLETS.iter() {
        let received = model.received.get(wallet).copied().unwrap_or_default();
        assert_eq!(holding(world, campaign, wallet), received, "wallet {wallet}");
    }
}

/// The balance of `wallet` in the asset of `campaign`, in base units; 0 without an account.
pub(super) fn holding(world: &World, campaign: &Campaign, wallet: &Pubkey) -> u64 {
    let asset = &campaign.addresses.asset;
    let Some(account) = world.cluster.account(&memory::account_of(asset, wallet).0) else { return 0 };
    // The amount of a token account follows its mint and its owner.
    if asset.is_native() { account.lamports } else { u64::from_le_bytes(account.data[64..72].try_into().unwrap()) }
}

/// The distributor and its epochs, with every mark of theirs.
#[track_caller]
pub(super) fn expect_distributor(stage: &Stage, which: usize) {
    let (world, campaign, model) = (&stage.world, &stage.cast.campaigns[which], &stage.model.distributors[which]);
    let found = world.distributor(&campaign.addresses);
    assert_eq!((found.funded, found.reserved, found.paid), (model.funded, model.reserved(), model.paid));
    assert_eq!((found.fee_collected, found.is_refunding), (model.fee_collected, model.is_refunding));
    let sponsors = (found.sponsored, found.sponsored_paid, found.sponsored_refunded, found.sponsorships_open);
    let sponsorships = model.sponsorships.iter().map(Vec::len).sum::<usize>() as u32;
    let expected = (model.sponsored, model.sponsored_paid, model.sponsored_refunded, sponsorships);
    assert_eq!(sponsors, expected, "the sponsors' money");
    assert_eq!(world.vault_balance(&campaign.addresses), model.vault(), "the vault");
    assert_eq!((found.next_epoch, found.open_epochs), (model.next_epoch, model.epochs.len() as u32));
    let terms = found.terms;
    let [budget, next_budget] = [terms.epoch_budget, found.next_terms.epoch_budget];
    let limits = found.limiter.limits;
    let rules = Rules { budget, delay: terms.activation_delay, window: terms.claim_window, limits };
    let (next, limits) = (found.next_terms, found.next_terms.limits);
    let coming = Rules { budget: next_budget, delay: next.activation_delay, window: next.claim_window, limits };
    let coming = (next.from_epoch != 0).then_some((next.from_epoch, coming, next.guardian));
    let expected = model.coming.map(|(from, rules, guardian)| (from, rules, stage.address_of(guardian)));
    assert_eq!((terms.epoch_count, rules, coming), (model.epoch_count, model.rules, expected), "the terms");
    let (bucket, payable_within) = (model.limiter.bucket, model.limiter.payable_within);
    let limiter = (found.limiter.absolute, found.limiter.window, found.limiter.payable_within);
    assert_eq!(limiter, (bucket.capacity, bucket.window, payable_within), "the limiter");
    let config: Config = world.cluster.decode(&stage.cast.config, "config").unwrap();
    let since = if stage.model.is_paused { stage.model.pauses[0] } else { 0 };
    assert_eq!(config.downtime.since, since, "the protocol's pause");
    let downtime = i64::try_from(found.downtime_at(&config, stage.model.now)).unwrap();
    assert_eq!((downtime, found.downtime.is_paused()), (model.downtime, model.is_paused), "the pauses");
    assert_eq!(found.milestone.reported, model.reported);
    let holders = [found.owner, found.publisher, found.guardian];
    let pending = [found.pending_owner, found.pending_publisher, found.pending_guardian];
    assert_eq!(holders, model.holders.map(|person| stage.address_of(person)), "the roles");
    let named = model.pending.map(|person| person.map_or(Pubkey::default(), |person| stage.address_of(person)));
    assert_eq!(pending, named, "who is named to follow");
    for (index, raffle) in &model.raffles {
        let found = campaign.raffle_account(world, *index);
        assert_eq!((found.target_slot, found.stage), (raffle.target_slot, raffle.stage), "raffle {index}");
        assert_eq!((found.escrowed, found.deadline), (raffle.escrowed, raffle.deadline), "raffle {index}");
        assert_eq!(found.renewals, raffle.renewals, "raffle {index}");
        let bounty = if raffle.is_bounty_paid { 0 } else { RAFFLE_BOUNTY };
        let held = world.cluster.lamports(&raffle.address);
        assert_eq!(held, stage.model.rents.raffle + bounty, "raffle {index}");
    }
    for (index, epoch) in &model.epochs {
        let guardian = world.epoch(&campaign.addresses, *index).terms.guardian;
        assert_eq!(guardian, stage.address_of(epoch.guardian), "the guardian of epoch {index}");
        expect_epoch(world, campaign, model, *index);
    }
}

#[track_caller]
fn expect_epoch(world: &World, campaign: &Campaign, model: &DistributorModel, index: u32) {
    let (found, epoch) = (world.epoch(&campaign.addresses, index), &model.epochs[&index]);
    let root = epoch.list.as_ref().map_or([0; 32], |list| list.root);
    assert_eq!((found.root, found.total), (root, epoch.total), "epoch {index}");
    let ends_at = found.ends_at(u64::try_from(model.downtime).unwrap());
    assert_eq!((found.opens_at, ends_at), (epoch.opens_at, epoch.ends_at(model.downtime)), "epoch {index}");
    assert_eq!((found.paid_total, found.paid_count), (epoch.paid_total(), epoch.paid.len() as u32));
    let source = epoch.list.as_ref().and(model.raffles.get(&index)).map_or(0, RaffleModel::source);
    assert_eq!(found.raffle_source, source, "how epoch {index} was drawn");
    assert_eq!(found.struck_count, epoch.struck.len() as u32);
    for leaf in epoch.list.iter().flat_map(|list| list.first..list.leaf_count) {
        let is_marked = epoch.is_complete() && campaign.is_paid(world, index, leaf);
        assert_eq!(is_marked, epoch.is_marked(leaf), "leaf {leaf} of epoch {index}");
    }
}
