//! Mints that take a fee of every transfer: wallets get their exact amount, to the base unit, or wait.
//!
//! The arithmetic is compared with the interface's own over the whole range of its integers. What happens when the fee
//! changes at the worst moment is in `catalogue::transfer_fees`.

use crank_cluster::address::Asset;
use proptest::prelude::*;
use solana_signer::Signer as _;
use spl_token_2022::extension::transfer_fee::TransferFee;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, FUNDING};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::expect_unchanged;
use tests::transfer_fees::fee;
use tests::world::{OWNER_TOKENS, World};
use torque::error::TorqueError;
use torque::events::{Claimed, DistributorFunded, EpochCancelled, EpochClosed, EpochPosted, Pushed};
use torque::instructions::ClaimObstacle;
use torque::state::Mode;
use torque::transfer_fee::{dearer, gross, reservation};

use anchor_spl::token_2022::spl_token_2022;

/// Amounts near the edges of their type and anywhere between.
fn amounts() -> impl Strategy<Value = u64> {
    prop_oneof![0..20_000_u64, any::<u64>(), (u64::MAX - 20_000)..=u64::MAX, (0..64_u32).prop_map(|bit| 1 << bit)]
}

/// Every rate, and every maximum.
fn fees() -> impl Strategy<Value = TransferFee> {
    let rates = prop_oneof![0..=10_000_u16, Just(0), Just(1), Just(9_999), Just(10_000)];
    (rates, amounts()).prop_map(|(rate, maximum)| fee(rate, maximum))
}

/// The amount that arrives if `sent` is sent, by the interface's calculation, which the token program uses.
fn arriving(fee: &TransferFee, sent: u64) -> u64 {
    fee.calculate_post_fee_amount(sent).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn exactly_what_was_promised_arrives_and_nothing_less_would_do(fee in fees(), net in amounts()) {
        match gross(&fee, net) {
            Some(sent) => {
                prop_assert_eq!(arriving(&fee, sent), net);
                // The arriving amount never falls as more is sent, so it is enough to try one unit less.
                prop_assert!(sent == 0 || arriving(&fee, sent - 1) < net);
            }
            None => prop_assert!(arriving(&fee, u64::MAX) < net, "{net} could be delivered"),
        }
    }

    #[test]
    fn the_dearer_of_two_fees_costs_as_much_as_each_and_no_more_than_the_only_one(
        one in fees(), other in fees(), net in amounts(),
    ) {
        let cost = |fee: &TransferFee| gross(fee, net).map_or(u128::MAX, u128::from);
        let dearer = dearer(&one, &other);
        prop_assert!(cost(&dearer) >= cost(&one).max(cost(&other)));
        for (free, only) in [(&one, &other), (&other, &one)] {
            if [u64::from(u16::from(free.transfer_fee_basis_points)), u64::from(free.maximum_fee)].contains(&0) {
                prop_assert_eq!(cost(&dearer), cost(only));
            }
        }
    }

    #[test]
    fn what_is_reserved_pays_every_division_of_the_total(
        fee in fees(),
        parts in prop::collection::vec(0..=u64::MAX / 64, 1..32),
    ) {
        let total: u64 = parts.iter().sum();
        let Ok(reserved) = reservation(&fee, total, parts.len() as u32) else { return Ok(()) };
        let costs: Vec<u64> = parts.iter().map(|part| gross(&fee, *part).unwrap()).collect();
        let (sum, count) = (costs.iter().map(|cost| u128::from(*cost)).sum::<u128>(), parts.len() as u128);
        prop_assert!(u128::from(reserved) >= sum, "reserved {reserved} of {sum}");
        let taken = || costs.iter().zip(&parts).map(|(cost, part)| cost - part);
        if taken().all(|taken| taken == u64::from(fee.maximum_fee)) {
            prop_assert_eq!(u128::from(reserved), sum, "more than the maximum of each");
        } else if taken().all(|taken| taken < u64::from(fee.maximum_fee)) {
            prop_assert!(u128::from(reserved) <= sum + count, "more than a unit for each rounding");
        }
    }
}

#[test]
fn what_is_reserved_is_bounded_by_the_rate_and_by_the_maximum() {
    for (rate, maximum, total, parts, expected) in [
        (0, u64::MAX, 1_000, 7, Some(1_000)),
        (100, u64::MAX, 9_900, 1, Some(10_000)),
        (100, u64::MAX, 9_901, 1, Some(10_002)),
        (100, u64::MAX, 9_900, 3, Some(10_002)),
        (100, 5, 9_900, 3, Some(9_915)),
        (100, 0, 9_900, 3, Some(9_900)),
        (9_999, u64::MAX, 2, 1, Some(20_000)),
        (10_000, 5, 9_900, 3, Some(9_915)),
        (10_000, u64::MAX, 1, 1, None),
        (9_999, u64::MAX, u64::MAX, 1, None),
        (1, 1, u64::MAX, 1, None),
        (1, 1, u64::MAX - 1, 1, Some(u64::MAX)),
        (1, u64::MAX, u64::MAX / 2, u32::MAX, Some(9_224_294_470_596_373_242)),
    ] {
        assert_eq!(reservation(&fee(rate, maximum), total, parts).ok(), expected, "{rate} {maximum} {total} {parts}");
    }
}

#[test]
fn a_funding_arrives_in_full_and_its_sender_pays_the_mint_s_fee() {
    let (mut world, asset, campaign) = created(100, u64::MAX);
    // 1,000 and the protocol's 50 arrive if 1,061 are sent; 11 of them are one percent, rounded up.
    let event: DistributorFunded = the_event(&expect_success(campaign.fund(&mut world, 1_000)));
    assert_eq!((event.amount, event.fee, event.transfer_fee, event.funded), (1_000, 50, 11, 1_000));
    assert_eq!(world.vault_balance(&campaign.addresses), 1_050);
    assert_eq!(world.balance(&asset, &world.owner.pubkey()), OWNER_TOKENS - 1_061);
    assert_eq!(world.withheld_by(&campaign.addresses.vault), 11);
}

#[test]
fn an_epoch_reserves_what_its_payments_may_cost_and_gives_the_rest_back() {
    let (mut world, _, campaign) = created(250, u64::MAX);
    expect_success(campaign.fund(&mut world, 1_000_000));
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(0, &[100_000, 1, 7]);
    let event: EpochPosted = the_event(&expect_success(campaign.post(&mut world, &allocations)));
    // 100,008 / 0.975 is 102,572.3; three parts may be rounded up.
    assert_eq!((event.total, event.reserved), (100_008, 102_575));
    assert_eq!(world.distributor(&campaign.addresses).reserved, 102_575);
    invariants::check(&world, &[&campaign]);
    let guardian = world.guardian.insecure_clone();
    let event: EpochCancelled = the_event(&expect_success(campaign.cancel(&mut world, &guardian, 0)));
    assert_eq!((event.total, event.released), (100_008, 102_575));
    assert_eq!(world.distributor(&campaign.addresses).reserved, 0);
    let event: EpochPosted = the_event(&expect_success(campaign.repost(&mut world, &allocations)));
    assert_eq!(event.reserved, 102_575);
    open_accounts_and_wait(&mut world, &campaign, &allocations);
    for index in 0..3 {
        expect_success(campaign.pay(&mut world, &allocations, index));
    }
    let event: EpochClosed = the_event(&expect_success(campaign.close_epoch(&mut world, 0)));
    // 102,565 for the first, 2 for the second and 8 for the third.
    assert_eq!((event.paid_total, event.spent, event.unpaid), (100_008, 102_575, 0));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.paid, distributor.reserved), (102_575, 0));
    invariants::check(&world, &[&campaign]);
}

#[test]
fn an_epoch_whose_payments_may_cost_more_than_is_free_is_not_posted() {
    let (mut world, _, campaign) = created(250, u64::MAX);
    expect_success(campaign.fund(&mut world, 102_574));
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(0, &[100_000, 1, 7]);
    expect_unchanged(&mut world, TorqueError::FundsInsufficient, |world| campaign.post(world, &allocations));
    expect_success(campaign.fund(&mut world, 1));
    expect_success(campaign.post(&mut world, &allocations));
}

/// A fee with a rate of zero costs nothing whatever its maximum, and so does one with a maximum of zero.
#[test]
fn of_two_fees_of_which_one_costs_nothing_an_epoch_reserves_the_other() {
    // 1 % is at most 5; 0.01 % of 9,901 is 1.
    for (free, other, reserved) in [((0, u64::MAX), (100, 5), 9_905), ((5_000, 0), (1, 10), 9_901)] {
        for [now, announced] in [[free, other], [other, free]] {
            let (mut world, asset, campaign) = created(now.0, now.1);
            expect_success(campaign.fund(&mut world, 20_000));
            world.announce_fee(&asset, announced.0, announced.1);
            world.pass(EPOCH);
            let allocations = campaign.allocations_of(0, &[9_900]);
            let event: EpochPosted = the_event(&expect_success(campaign.post(&mut world, &allocations)));
            assert_eq!(event.reserved, reserved, "{now:?}, then {announced:?}");
        }
    }
}

/// A fee that is announced after the funding may take everything. Only its maximum limits it.
#[test]
fn an_epoch_reserves_the_maximum_of_a_fee_of_everything() {
    let (mut world, asset, campaign) = created(100, 5);
    expect_success(campaign.fund(&mut world, 20_000));
    world.announce_fee(&asset, 10_000, 5);
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(0, &[9_900]);
    let event: EpochPosted = the_event(&expect_success(campaign.post(&mut world, &allocations)));
    assert_eq!(event.reserved, 9_905);
}

#[test]
fn the_budget_is_of_what_arrives() {
    let (mut world, _, campaign) = created(5_000, u64::MAX);
    expect_success(campaign.fund(&mut world, 2 * FUNDING));
    world.pass(EPOCH);
    let too_much = campaign.allocations_of(0, &[1_000_000_001]);
    expect_error(campaign.post(&mut world, &too_much), TorqueError::BudgetExceeded);
    let allocations = campaign.allocations_of(0, &[1_000_000_000]);
    let event: EpochPosted = the_event(&expect_success(campaign.post(&mut world, &allocations)));
    assert_eq!(event.reserved, 2_000_000_000);
}

#[test]
fn a_payment_says_what_arrived_and_what_it_cost() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let asset = world.create_fee_token(1, 3);
        let (campaign, allocations) = Campaign::open_with(&mut world, asset, mode, &[10_000, 1_000_000], 1_010_000);
        let before = world.vault_balance(&campaign.addresses);
        let sums = match mode {
            Mode::Claim => [0, 1].map(|index| {
                let event: Claimed = the_event(&expect_success(campaign.claim(&mut world, &allocations, index)));
                (event.amount, event.spent)
            }),
            Mode::Push => [0, 1].map(|index| {
                let plan = campaign.plan_push(&allocations, index, 0);
                let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan)));
                (event.amount, event.spent)
            }),
        };
        assert_eq!(sums, [(10_000, 10_002), (1_000_000, 1_000_003)]);
        for payment in &allocations.payments {
            assert_eq!(world.balance(&asset, &payment.recipient), payment.amount);
        }
        assert_eq!(before - world.vault_balance(&campaign.addresses), 1_010_005);
        let epoch = world.epoch(&campaign.addresses, 0);
        assert_eq!((epoch.paid_total, epoch.spent, epoch.reserved), (1_010_000, 1_010_005, 1_010_006));
        invariants::check(&world, &[&campaign]);
    }
}

#[test]
fn leaves_that_come_to_more_than_the_total_are_refused_whatever_is_reserved_for_fees() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let asset = world.create_fee_token(5_000, u64::MAX);
        let (campaign, allocations) = Campaign::open_with(&mut world, asset, mode, &[10_000], 9_999);
        expect_unchanged(&mut world, TorqueError::EpochTotalExceeded, |world| campaign.pay(world, &allocations, 0));
    }
}

#[test]
fn the_protocol_s_fee_is_earned_on_what_left_the_vault() {
    let (mut world, asset, campaign) = created(1_000, u64::MAX);
    expect_success(campaign.fund(&mut world, 1_000_000));
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(0, &[90_000]);
    expect_success(campaign.post(&mut world, &allocations));
    open_accounts_and_wait(&mut world, &campaign, &allocations);
    let owner_before = world.balance(&asset, &world.owner.pubkey());
    campaign.finish(&mut world, &allocations);
    assert_eq!(world.distributor(&campaign.addresses).paid, 100_000);
    expect_success(campaign.close(&mut world));
    // 5,000 are sent to the treasury and the rest of the vault to the owner, each less a tenth.
    assert_eq!(world.balance(&asset, &world.treasury), 4_500);
    assert_eq!(world.balance(&asset, &world.owner.pubkey()) - owner_before, 945_000 - 94_500);
    assert!(world.is_absent(&campaign.addresses.vault));
}

#[test]
fn a_leaf_is_paid_up_to_the_last_unit_that_is_reserved_and_not_beyond() {
    for (maximum, is_paid) in [(9, true), (10, true), (11, false)] {
        let (mut world, asset, campaign) = created(1_000, 10);
        expect_success(campaign.fund(&mut world, 100_000));
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(0, &[9_000]);
        expect_success(campaign.post(&mut world, &allocations));
        assert_eq!(world.epoch(&campaign.addresses, 0).reserved, 9_010);
        open_accounts_and_wait(&mut world, &campaign, &allocations);
        world.announce_fee(&asset, 1_000, maximum);
        world.pass_chain_epochs(2);
        let obstacle = (!is_paid).then_some(ClaimObstacle::ReserveExceeded);
        assert_eq!(campaign.view_claimable(&world, &allocations, 0, false).unwrap().obstacle, obstacle);
        if is_paid {
            expect_success(campaign.pay(&mut world, &allocations, 0));
            assert_eq!(world.epoch(&campaign.addresses, 0).spent, 9_000 + maximum);
            assert_eq!(world.balance(&asset, &allocations.payments[0].recipient), 9_000);
        } else {
            expect_unchanged(&mut world, TorqueError::ReserveExceeded, |world| campaign.pay(world, &allocations, 0));
        }
    }
}

fn created(basis_points: u16, maximum: u64) -> (World, Asset, Campaign) {
    let mut world = World::new();
    let asset = world.create_fee_token(basis_points, maximum);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    (world, asset, campaign)
}

fn open_accounts_and_wait(world: &mut World, campaign: &Campaign, allocations: &tests::campaign::Allocations) {
    for payment in &allocations.payments {
        world.open_account(&campaign.addresses.asset, &payment.recipient);
    }
    world.pass(DELAY);
}
