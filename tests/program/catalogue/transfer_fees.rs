//! C-097 and C-099: mints that take a fee of every transfer: none, all, capped, and raised at the worst moment.
//!
//! A leaf's amount is the amount that arrives. Whatever the fee is, it arrives in full or the leaf waits. Fees that the
//! vault withholds are in `withheld_fees`.

use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::transfer_fees::{FEE_MINT, fee_extension};
use tests::world::{OWNER_TOKENS, World};
use torque::error::TorqueError;
use torque::events::{Pushed, SkipReason, Skipped};
use torque::state::Mode;

use super::stage::{create, expect_paid};

/// The funding of most cases, enough for the most expensive one.
const FUNDS: u64 = 2_000_000;
/// No maximum.
pub(super) const MOST: u64 = u64::MAX;

/// Epoch 0 of a new campaign with leaves worth `amounts`, posted.
fn posted(world: &mut World, asset: Asset, mode: Mode, amounts: &[u64]) -> (Campaign, Allocations) {
    let campaign = Campaign::created(world, asset, mode, 1);
    expect_success(campaign.fund(world, FUNDS));
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(0, amounts);
    expect_success(campaign.post(world, &allocations));
    for payment in &allocations.payments {
        world.open_account(&asset, &payment.recipient);
    }
    (campaign, allocations)
}

/// The same, open.
pub(super) fn open(world: &mut World, asset: Asset, mode: Mode, amounts: &[u64]) -> (Campaign, Allocations) {
    let stage = posted(world, asset, mode, amounts);
    world.pass(DELAY);
    stage
}

/// Checks that everything that was ever issued is in an account, withheld by an account, or withheld by the mint.
#[track_caller]
pub(super) fn expect_conserved(world: &World, campaign: &Campaign, allocations: &Allocations) {
    let asset = &campaign.addresses.asset;
    let people = [world.owner.pubkey(), world.treasury];
    let wallets = people.into_iter().chain(allocations.payments.iter().map(|payment| payment.recipient));
    let mut sum = world.withheld_by_mint(asset);
    for wallet in wallets {
        sum += world.balance(asset, &wallet) + world.withheld_by(&asset.account_of(&wallet));
    }
    if !world.is_absent(&campaign.addresses.vault) {
        sum += world.vault_balance(&campaign.addresses) + world.withheld_by(&campaign.addresses.vault);
    }
    assert_eq!(sum, OWNER_TOKENS);
}

/// Pushes the block of the first four leaves and returns its bits of paid leaves and the leaves that it skipped.
fn push(world: &mut World, campaign: &Campaign, allocations: &Allocations) -> (u32, Vec<Skipped>) {
    let plan = campaign.plan_push(allocations, 0, 2);
    let event: Pushed = the_event(&expect_success(campaign.push(world, allocations, plan)));
    (event.paid, event.skipped)
}

fn short(leaves: &[u32]) -> Vec<Skipped> {
    leaves.iter().map(|index| Skipped { index: *index, reason: SkipReason::ReserveExceeded }).collect()
}

/// C-097, fees of nothing, of one basis point, of almost everything, with and without a maximum: a life of each.
#[test]
fn c_097_every_leaf_arrives_in_full_whatever_the_fee() {
    let amounts = [1, 7, 99];
    for (rate, maximum) in
        [(0, 0), (0, MOST), (1, MOST), (1, 0), (1, 1), (37, 2), (5_000, MOST), (5_000, 3), (9_999, MOST), (9_999, 1)]
    {
        for mode in [Mode::Claim, Mode::Push] {
            let mut world = World::new();
            let asset = world.create_fee_token(rate, maximum);
            let (campaign, allocations) = open(&mut world, asset, mode, &amounts);
            expect_conserved(&world, &campaign, &allocations);
            for index in 0..3 {
                expect_success(campaign.pay(&mut world, &allocations, index));
            }
            expect_paid(&world, &campaign, &allocations, &[0, 1, 2]);
            expect_conserved(&world, &campaign, &allocations);
            campaign.wind_up(&mut world);
            expect_success(campaign.close(&mut world));
            expect_conserved(&world, &campaign, &allocations);
        }
    }
}

/// C-097, a fee of everything, now or announced: nothing could be delivered, and no money comes in any more.
#[test]
fn c_097_a_fee_of_everything_is_refused() {
    for maximum in [MOST, 5, 0] {
        let mut world = World::new();
        let all = fee_extension(&world, FEE_MINT, 10_000, maximum);
        let asset = world.create_extended_mint(&[all], FEE_MINT);
        expect_unchanged(&mut world, TorqueError::MintExtensionRefused, |world| create(world, asset));
        let mut world = World::new();
        let asset = world.create_fee_token(9_999, maximum);
        let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
        world.announce_fee(&asset, 10_000, maximum);
        expect_unchanged(&mut world, TorqueError::MintExtensionRefused, |world| campaign.fund(world, 1));
        world.announce_fee(&asset, 9_999, maximum);
        expect_success(campaign.fund(&mut world, 1));
    }
}

/// C-097, raised between funding and posting: the epoch reserves what was announced, though the old one still holds.
#[test]
fn c_097_a_fee_that_is_announced_before_posting_is_reserved() {
    for epochs in [0, 1, 2] {
        let mut world = World::new();
        let asset = world.create_fee_token(100, MOST);
        let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
        expect_success(campaign.fund(&mut world, FUNDS));
        world.announce_fee(&asset, 1_000, MOST);
        world.pass_chain_epochs(epochs);
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(0, &[9_000, 18_000]);
        expect_success(campaign.post(&mut world, &allocations));
        // 30,000 less a tenth is 27,000, and one of two parts may be rounded up.
        assert_eq!(world.epoch(&campaign.addresses, 0).reserved, 30_001, "after {epochs} epochs");
    }
}

/// C-097, lowered: what was reserved too much returns to the pool.
#[test]
fn c_097_a_fee_that_falls_gives_back_what_was_reserved_for_it() {
    let mut world = World::new();
    let asset = world.create_fee_token(1_000, MOST);
    let (campaign, allocations) = open(&mut world, asset, Mode::Claim, &[9_000, 18_000]);
    world.announce_fee(&asset, 0, 0);
    world.pass_chain_epochs(2);
    for index in [0, 1] {
        expect_success(campaign.pay(&mut world, &allocations, index));
    }
    expect_paid(&world, &campaign, &allocations, &[0, 1]);
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!((epoch.spent, epoch.reserved), (27_000, 30_001));
    expect_success(campaign.close_epoch(&mut world, 0));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.paid, distributor.reserved), (27_000, 0));
}

/// C-097, the maximum raised as well as the rate: a leaf that would cost more than is reserved is never paid short.
#[test]
fn c_097_a_maximum_that_rises_is_never_taken_from_the_wallet() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let asset = world.create_fee_token(1_000, 2);
        let (campaign, allocations) = open(&mut world, asset, mode, &[9_000, 18_000]);
        assert_eq!(world.epoch(&campaign.addresses, 0).reserved, 27_004);
        world.announce_fee(&asset, 1_000, 10_000);
        world.pass_chain_epochs(2);
        // The reserve of both leaves is enough for one, which takes its full price. Then it is not enough for the
        // other.
        expect_success(campaign.pay(&mut world, &allocations, 0));
        expect_paid(&world, &campaign, &allocations, &[0]);
        assert_eq!(world.epoch(&campaign.addresses, 0).spent, 10_000);
        refuse_leaf(&mut world, &campaign, &allocations, 1);
        expect_conserved(&world, &campaign, &allocations);
    }
}

/// Checks that leaf `index` waits: its claim is refused, a push skips it, and no money moves.
#[track_caller]
fn refuse_leaf(world: &mut World, campaign: &Campaign, allocations: &Allocations, index: u32) {
    match campaign.mode {
        Mode::Claim => {
            expect_unchanged(world, TorqueError::ReserveExceeded, |world| campaign.pay(world, allocations, index));
        }
        Mode::Push => {
            let before = world.vault_balance(&campaign.addresses);
            let plan = campaign.plan_push(allocations, index, 0);
            let event: Pushed = the_event(&expect_success(campaign.push(world, allocations, plan)));
            assert_eq!((event.paid, event.amount, event.spent, event.skipped), (0, 0, 0, short(&[index])));
            assert_eq!(world.vault_balance(&campaign.addresses), before);
        }
    }
    assert!(!campaign.is_paid(world, 0, index));
}

/// C-099. The fee changes between two pushes of a block, as announced before posting: all arrives, within the reserve,
/// however the leaves are divided between the two fees, of which each is the dearer one for some leaves.
#[test]
fn c_099_a_fee_that_changes_between_pushes_is_covered_if_it_was_announced() {
    for before in 0..16_u32 {
        let mut world = World::new();
        let asset = world.create_fee_token(2_000, 50);
        let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
        expect_success(campaign.fund(&mut world, FUNDS));
        world.announce_fee(&asset, 100, MOST);
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(0, &[3, 80, 9_900, 990_000]);
        expect_success(campaign.post(&mut world, &allocations));
        for payment in &allocations.payments {
            world.open_account(&asset, &payment.recipient);
        }
        world.pass(DELAY);
        for index in (0..4).filter(|index| before & (1 << index) != 0) {
            expect_success(campaign.pay(&mut world, &allocations, index));
        }
        world.pass_chain_epochs(2);
        assert_eq!(push(&mut world, &campaign, &allocations).0, 15 & !before);
        expect_paid(&world, &campaign, &allocations, &[0, 1, 2, 3]);
        expect_conserved(&world, &campaign, &allocations);
    }
}

/// C-099. The fee rises at an epoch's edge, as announced after posting: the same push, a moment later, pays the leaves
/// that it can pay in full and leaves the others, until the fee falls again.
#[test]
fn c_099_a_fee_that_rises_at_an_edge_lets_leaves_wait_until_it_falls() {
    let mut world = World::new();
    let asset = world.create_fee_token(100, MOST);
    let (campaign, allocations) = posted(&mut world, asset, Mode::Push, &[9_900, 9_900, 9_900, 9_900]);
    world.announce_fee(&asset, 5_000, MOST);
    world.pass(DELAY);
    world.pass_chain_epochs(1);
    // The last moment before the edge, in a world of its own: everything is paid.
    assert_eq!(push(&mut world.fork(), &campaign, &allocations), (0b1111, vec![]));
    world.pass_chain_epochs(1);
    // 40,003 are reserved; two leaves now take 19,800 each.
    assert_eq!(push(&mut world, &campaign, &allocations).0, 0b0011);
    let again = push(&mut world, &campaign, &allocations);
    let waiting = again.1.iter().filter(|skipped| skipped.reason == SkipReason::ReserveExceeded).count();
    assert_eq!((again.0, waiting), (0, 2));
    expect_paid(&world, &campaign, &allocations, &[0, 1]);
    world.announce_fee(&asset, 0, 0);
    world.pass_chain_epochs(2);
    // 403 are left: less than a leaf, even without a fee.
    assert_eq!(push(&mut world, &campaign, &allocations).0, 0);
    expect_conserved(&world, &campaign, &allocations);
}

/// C-099. A fee of everything after posting: nothing would arrive, so nothing is sent, and it is all paid afterwards.
#[test]
fn c_099_a_fee_of_everything_lets_every_leaf_wait() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let asset = world.create_fee_token(100, MOST);
        let (campaign, allocations) = open(&mut world, asset, mode, &[9_900, 1, 7, 9_900]);
        world.announce_fee(&asset, 10_000, MOST);
        world.pass_chain_epochs(2);
        for index in 0..4 {
            refuse_leaf(&mut world, &campaign, &allocations, index);
        }
        world.announce_fee(&asset, 100, MOST);
        world.pass_chain_epochs(2);
        for index in 0..4 {
            expect_success(campaign.pay(&mut world, &allocations, index));
        }
        expect_paid(&world, &campaign, &allocations, &[0, 1, 2, 3]);
        expect_conserved(&world, &campaign, &allocations);
    }
}
