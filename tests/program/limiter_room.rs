//! What is posted can be paid in its window: an epoch is refused while the limiter could not let out in time all that
//! would be open with it, and whoever asks every five minutes, for the earliest end first, gets all of it.

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::error::ChainError;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH, creation, terms};
use tests::invariants::Watch;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::instructions::DistributorCreateArgs;
use torque::state::{Limits, Mode, Terms};

/// Seconds between two askings.
const ASKING: i64 = 300;
/// A claim window here.
const DAY: u32 = EPOCH as u32;
/// The slowest limits for daily epochs and windows of a day: three budgets leave in a day less ten minutes.
const SLOWEST: Limits = Limits { absolute: BUDGET, window: 28_600, epoch_basis_points: 10_000 };

#[test]
fn what_is_posted_after_an_outage_of_three_days_is_paid_in_its_windows() {
    let mut world = World::new();
    let campaign = created(&mut world, Asset::SOL, hourly(), None);
    expect_success(campaign.fund(&mut world, 72 * BUDGET));
    world.pass(3 * EPOCH);
    let mut rescue = Rescue::of(&campaign, (0..72).map(|index| campaign.allocations_of(index, &[BUDGET])));
    rescue.post(&mut world);
    // Two budgets an hour for a day less ten minutes.
    assert_eq!((rescue.unposted.len(), rescue.waiting.len()), (72 - 47, 47));
    rescue.play(&mut world);
}

#[test]
fn every_leaf_of_a_mint_with_a_fee_of_sixty_percent_is_paid() {
    let terms = Terms { epoch_count: 12, ..hourly() };
    let limits = |absolute| Some(Limits { absolute, window: 3_600, epoch_basis_points: 10_000 });
    let mut world = World::new();
    let asset = world.create_fee_token(6_000, u64::MAX);
    // A budget takes two and a half out of the vault, and must leave in half an hour; in net amounts two would do.
    let args = create_args(&world, terms, limits(5 * BUDGET - 1));
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, asset);
    let (owner, create) = (world.owner.insecure_clone(), creation(&world, &addresses, args));
    expect_error(world.send(create, &[&owner]), TorqueError::LimiterInvalid);
    let campaign = created(&mut world, asset, terms, limits(5 * BUDGET));
    expect_success(campaign.fund(&mut world, 31 * BUDGET));
    world.pass(EPOCH);
    let thirds = [BUDGET / 3, BUDGET / 3, BUDGET / 3 + 1];
    let all = (0..12).map(|index| campaign.allocations_of(index, &thirds));
    let mut rescue = Rescue::of(&campaign, all);
    // The same wallets in every epoch.
    for payment in &rescue.unposted[0].payments {
        world.open_account(&asset, &payment.recipient);
    }
    rescue.play(&mut world);
}

#[test]
fn the_usual_limits_are_gross() {
    let mut world = World::new();
    let asset = world.create_fee_token(6_000, u64::MAX);
    let campaign = created(&mut world, asset, terms(), None);
    assert_eq!(world.distributor(&campaign.addresses).limiter.absolute, BUDGET * 5 / 2);
}

#[test]
fn dust_does_not_hold_up_a_leaf_that_is_larger_than_the_bucket() {
    let mut world = World::new();
    let limits = Limits { absolute: BUDGET / 2, window: 3_600, epoch_basis_points: 10_000 };
    let campaign = created(&mut world, Asset::SOL, terms(), Some(limits));
    expect_success(campaign.fund(&mut world, 3 * BUDGET));
    world.pass(EPOCH);
    let mut amounts = vec![2_000_000; 31];
    amounts[0] = BUDGET - 30 * 2_000_000;
    let allocations = campaign.allocations_of(0, &amounts);
    expect_success(campaign.post(&mut world, &allocations));
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &allocations, 1));
    expect_success(campaign.claim(&mut world, &allocations, 0));
    // Its debt is made up for before anything else is paid.
    expect_error(campaign.claim(&mut world, &allocations, 2), TorqueError::OutflowLimited);
}

#[test]
fn a_claim_and_then_time_make_room_for_another_epoch() {
    let (mut world, campaign, open) = full();
    world.pass(DELAY);
    expect_busy(&mut world, &campaign, 3);
    expect_success(campaign.claim(&mut world, &open[0], 0));
    // The whole bucket is missing: half of it is a debt that leaves before anything else.
    expect_busy(&mut world, &campaign, 3);
    world.pass(i64::from(SLOWEST.window / 2) - 1);
    expect_busy(&mut world, &campaign, 3);
    world.pass(1);
    expect_success(campaign.post(&mut world, &campaign.allocations_of(3, &[BUDGET])));
}

#[test]
fn closing_what_has_ended_makes_room_for_another_epoch() {
    let (mut world, campaign, _) = full();
    world.pass(DELAY + EPOCH);
    expect_busy(&mut world, &campaign, 3);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.post(&mut world, &campaign.allocations_of(3, &[BUDGET])));
    expect_busy(&mut world, &campaign, 4);
}

#[test]
fn a_cancelled_root_makes_room_which_its_successor_needs_again() {
    let (mut world, campaign, _) = full();
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 1));
    expect_success(campaign.post(&mut world, &campaign.allocations_of(3, &[BUDGET])));
    let repost = |world: &mut World| campaign.repost(world, &campaign.allocations_of(1, &[2_000_000]));
    expect_unchanged(&mut world, TorqueError::LimiterBusy, repost);
    expect_success(campaign.cancel(&mut world, &guardian, 3));
    expect_success(repost(&mut world));
}

#[test]
fn there_is_room_to_the_base_unit() {
    let (mut world, campaign, _) = full();
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 2));
    for (index, amount) in [(3, BUDGET - 2_000_000), (4, 2_000_000)] {
        expect_success(campaign.post(&mut world, &campaign.allocations_of(index, &[amount])));
    }
    let least = campaign.allocations_of(5, &[1]);
    expect_unchanged(&mut world, TorqueError::LimiterBusy, |world| campaign.post(world, &least));
}

#[test]
fn a_schedule_that_runs_steadily_is_never_refused_though_nobody_claims() {
    let mut world = World::new();
    let terms = Terms { epoch_count: 30, claim_window: DAY, ..terms() };
    let campaign = created(&mut world, Asset::SOL, terms, Some(SLOWEST));
    expect_success(campaign.fund(&mut world, 30 * BUDGET));
    world.pass(EPOCH);
    for index in 0..30 {
        if index > 1 {
            expect_success(campaign.close_epoch(&mut world, index - 2));
        }
        expect_success(campaign.post(&mut world, &campaign.allocations_of(index, &[BUDGET])));
        world.pass(EPOCH);
    }
}

/// Epochs of an hour without an end, windows of a day.
fn hourly() -> Terms {
    Terms { epoch_duration: 3_600, epoch_count: 1_000, claim_window: DAY, ..terms() }
}

fn create_args(world: &World, terms: Terms, limits: Option<Limits>) -> DistributorCreateArgs {
    DistributorCreateArgs { terms, limits, ..Campaign::create_args(world, Mode::Claim, 1) }
}

fn created(world: &mut World, asset: Asset, terms: Terms, limits: Option<Limits>) -> Campaign {
    let args = create_args(world, terms, limits);
    Campaign::created_with(world, asset, args)
}

/// A distributor with the slowest limits, after an outage of six days and with as much open as leaves in time.
fn full() -> (World, Campaign, Vec<Allocations>) {
    let mut world = World::new();
    let campaign = created(&mut world, Asset::SOL, Terms { claim_window: DAY, ..terms() }, Some(SLOWEST));
    expect_success(campaign.fund(&mut world, 10 * BUDGET));
    world.pass(6 * EPOCH);
    let open: Vec<Allocations> = (0..3).map(|index| campaign.allocations_of(index, &[BUDGET])).collect();
    for allocations in &open {
        expect_success(campaign.post(&mut world, allocations));
    }
    (world, campaign, open)
}

#[track_caller]
fn expect_busy(world: &mut World, campaign: &Campaign, index: u32) {
    let allocations = campaign.allocations_of(index, &[BUDGET]);
    expect_unchanged(world, TorqueError::LimiterBusy, |world| campaign.post(world, &allocations));
}

/// Epochs that are posted as soon as they may be, while somebody asks for their leaves every five minutes.
struct Rescue<'a> {
    campaign: &'a Campaign,
    unposted: Vec<Allocations>,
    /// The leaves that are not paid, those first that end first.
    waiting: Vec<(Allocations, u32)>,
    watch: Watch,
}

impl<'a> Rescue<'a> {
    fn of(campaign: &'a Campaign, unposted: impl Iterator<Item = Allocations>) -> Self {
        Self { campaign, unposted: unposted.collect(), waiting: Vec::new(), watch: Watch::default() }
    }

    /// Posts what there is room for.
    fn post(&mut self, world: &mut World) {
        while let Some(next) = self.unposted.first() {
            let posted = self.campaign.post(world, next);
            if posted.is_err() {
                expect_error(posted, TorqueError::LimiterBusy);
                break;
            }
            self.waiting.push((self.unposted.remove(0), 0));
        }
    }

    /// Pays what may be paid. Nothing is refused but for the limiter, or because it is not open yet.
    fn ask(&mut self, world: &mut World) {
        while let Some((allocations, leaf)) = self.waiting.first_mut() {
            if let Err(refused) = self.campaign.claim(world, allocations, *leaf) {
                let ChainError::Refused { code, .. } = refused else { panic!("{refused}") };
                let is_waiting = [TorqueError::OutflowLimited, TorqueError::EpochNotOpen].map(|it| Some(it.into()));
                assert!(is_waiting.contains(&code), "leaf {leaf} of epoch {}: {code:?}", allocations.epoch);
                break;
            }
            *leaf += 1;
            if *leaf as usize == allocations.payments.len() {
                self.waiting.remove(0);
            }
        }
    }

    /// Until everything is posted and paid.
    fn play(&mut self, world: &mut World) {
        while !self.unposted.is_empty() || !self.waiting.is_empty() {
            self.post(world);
            self.ask(world);
            self.watch.check(world, &[self.campaign]);
            world.pass(ASKING);
        }
    }
}
