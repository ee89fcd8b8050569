//! C-101: a permanent delegate takes money out of a vault. Leaves are paid as long as it lasts, sponsors come before
//! the treasury and the treasury before the owner, and nobody is held up for ever.

use crank_cluster::address::Asset;
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH};
use tests::events::the_event;
use tests::issuers::{ISSUED, Issued};
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{DistributorClosed, FeeCollected, Pushed, SkipReason, Skipped, SponsorRefunded};
use torque::instructions::{ClaimObstacle, RefundView};
use torque::state::Mode;

/// Base units that each of the two sponsors adds.
const SPONSORED: [u64; 2] = [3_000_000, 1_000_000];
/// The sum of the three leaves, and the fee on it.
const PAID: u64 = 6_000_003;
const FEE: u64 = 300_001;

/// C-101 in claims: each leaf for which there is money is paid in full, the others say what is missing, and whoever
/// puts it back pays them.
#[test]
fn c_101_a_claim_is_paid_in_full_or_says_that_the_vault_is_short() {
    for issued in ISSUED {
        let (mut world, campaign, allocations, _) = opened(issued, Mode::Claim);
        let asset = campaign.addresses.asset;
        leave(&mut world, &campaign, allocations.payments[0].amount + allocations.payments[1].amount - 1);
        expect_success(campaign.claim(&mut world, &allocations, 0));
        let short = TorqueError::VaultShort;
        expect_unchanged(&mut world, short, |world| campaign.claim(world, &allocations, 1));
        let view = campaign.view_claimable(&world, &allocations, 1, false).unwrap();
        assert_eq!((view.amount, view.obstacle), (0, Some(ClaimObstacle::VaultShort)));
        world.put_back(&asset, &campaign.addresses.vault, 1);
        let view = campaign.view_claimable(&world, &allocations, 1, false).unwrap();
        assert_eq!((view.amount, view.obstacle), (allocations.payments[1].amount, None));
        expect_success(campaign.claim(&mut world, &allocations, 1));
        assert_eq!(world.vault_balance(&campaign.addresses), 0);
    }
}

/// C-101 in a push: the block is not refused, and the leaves that are not paid are named.
#[test]
fn c_101_a_push_pays_what_the_vault_can_pay_and_names_the_rest() {
    for issued in ISSUED {
        let (mut world, campaign, allocations, _) = opened(issued, Mode::Push);
        leave(&mut world, &campaign, allocations.payments[0].amount);
        let plan = || campaign.plan_push(&allocations, 0, 2);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan())));
        let short = |index| Skipped { index, reason: SkipReason::VaultShort };
        assert_eq!((event.paid, event.skipped), (0b001, vec![short(1), short(2)]));
        assert_eq!(world.vault_balance(&campaign.addresses), 0);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan())));
        assert_eq!((event.paid, event.amount), (0, 0));
        let missing = allocations.payments[1].amount + allocations.payments[2].amount;
        world.put_back(&campaign.addresses.asset, &campaign.addresses.vault, missing);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan())));
        assert_eq!((event.paid, event.amount), (0b110, missing));
    }
}

/// C-101 for new sponsors: while money is missing theirs would pay for what is gone, so it is refused.
#[test]
fn c_101_no_sponsor_pays_for_what_was_taken() {
    let (mut world, campaign, _, sponsors) = opened(Issued::Usdg, Mode::Claim);
    let late = world.new_sponsor(2, &campaign.addresses.asset, 10_000);
    expect_success(campaign.sponsor(&mut world.fork(), &late, 1_000));
    let least = world.vault_balance(&campaign.addresses) - PAID;
    leave(&mut world, &campaign, least);
    expect_success(campaign.sponsor(&mut world.fork(), &late, 1_000));
    leave(&mut world, &campaign, least - 1);
    for wallet in [&late, &sponsors[0]] {
        let short = TorqueError::VaultShort;
        expect_unchanged(&mut world, short, |world| campaign.sponsor(world, wallet, 1_000));
    }
    world.put_back(&campaign.addresses.asset, &campaign.addresses.vault, 1);
    expect_success(campaign.sponsor(&mut world, &late, 1_000));
}

/// C-101 at the end: the owner, who chose the mint, loses first; sponsors and treasury have everything as long as there
/// is enough for them.
#[test]
fn c_101_what_is_missing_at_the_end_is_the_owner_s_loss_first() {
    for issued in ISSUED {
        let (mut world, campaign, sponsors) = over(issued);
        let owed = owed_to_sponsors(&world, &campaign) + FEE;
        for (extra, refunded) in [(0, 0), (1, 1)] {
            let mut world = world.fork();
            leave(&mut world, &campaign, owed + extra);
            let view = campaign.view_refund(&world).unwrap();
            assert_eq!((view.owner, view.treasury, view.held_back), (refunded, FEE, owed - FEE));
            let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
            assert_eq!((closed.refunded, closed.fee, closed.is_final), (refunded, FEE, false));
            for wallet in &sponsors {
                expect_success(campaign.refund(&mut world, &wallet.pubkey()));
            }
            let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
            assert!(closed.is_final && world.is_absent(&campaign.addresses.vault));
        }
        leave(&mut world, &campaign, owed - 1);
        let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((closed.refunded, closed.fee), (0, FEE - 1));
    }
}

/// C-101 for sponsors: what is there is theirs before the treasury's, each gets the same part whatever the order, and
/// nobody else can make one give up the rest.
#[test]
fn c_101_sponsors_share_what_is_left_in_proportion_and_only_if_they_sign() {
    let (mut world, campaign, sponsors) = over(Issued::XStock);
    let asset = campaign.addresses.asset;
    let owed = owed_to_sponsors(&world, &campaign);
    leave(&mut world, &campaign, owed / 2);
    expect_error(campaign.collect(&mut world), TorqueError::VaultShort);
    let view = campaign.view_refund(&world).unwrap();
    assert_eq!((view.owner, view.treasury, view.held_back), (0, 0, owed / 2));
    for wallet in &sponsors {
        let short = TorqueError::VaultShort;
        expect_unchanged(&mut world, short, |world| campaign.refund(world, &wallet.pubkey()));
    }
    let mut shares = [[0, 1], [1, 0]].map(|order| {
        let mut world = world.fork();
        let mut shares = order.map(|place| {
            let wallet: &Keypair = &sponsors[place];
            let own = asset.account_of(&wallet.pubkey());
            let sent = expect_success(campaign.refund_to(&mut world, wallet, own));
            (place, the_event::<SponsorRefunded>(&sent).amount)
        });
        shares.sort_unstable();
        let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert!(closed.is_final && closed.refunded == 0 && closed.fee <= 1);
        shares.map(|(_, amount)| amount)
    });
    // What one refund is rounded down by is there for those after it: a base unit for each refund and for the sum.
    assert!(shares[0].iter().zip(&shares[1]).all(|(one, other)| one.abs_diff(*other) <= 2), "{shares:?}");
    assert!(shares.iter().all(|[more, less]| more.abs_diff(less * 3) <= 8), "{shares:?}");
    assert!(shares[0].iter().sum::<u64>() <= owed / 2);
    world.put_back(&asset, &campaign.addresses.vault, owed - owed / 2);
    shares[0] = sponsors.each_ref().map(|wallet| {
        let sent = expect_success(campaign.refund(&mut world, &wallet.pubkey()));
        the_event::<SponsorRefunded>(&sent).amount
    });
    assert!(owed - shares[0].iter().sum::<u64>() <= 1);
}

/// C-101 for funding once refunds have begun: what went back is not missing, and nothing more is taken in.
#[test]
fn c_101_what_was_refunded_is_not_taken_for_missing() {
    let (mut world, campaign, sponsors) = over(Issued::Pyusd);
    expect_success(campaign.refund(&mut world, &sponsors[0].pubkey()));
    let late = world.new_sponsor(2, &campaign.addresses.asset, 10_000);
    let over = TorqueError::FundingOver;
    expect_unchanged(&mut world, over, |world| campaign.sponsor(world, &late, 1_000));
}

/// C-101, everything is taken: the distributor is closed all the same, once every sponsor has agreed to nothing.
#[test]
fn c_101_an_empty_vault_is_closed() {
    for issued in ISSUED {
        let (mut world, campaign, sponsors) = over(issued);
        leave(&mut world, &campaign, 0);
        expect_error(campaign.collect(&mut world), TorqueError::VaultShort);
        let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((closed.refunded, closed.fee, closed.held, closed.is_final), (0, 0, 0, false));
        for wallet in &sponsors {
            let own = campaign.addresses.asset.account_of(&wallet.pubkey());
            let sent = expect_success(campaign.refund_to(&mut world, wallet, own));
            assert_eq!(the_event::<SponsorRefunded>(&sent).amount, 0);
        }
        let view = campaign.view_refund(&world).unwrap();
        let accepted_powers = issued.powers();
        assert_eq!(view, RefundView { is_over: true, owner: 0, treasury: 0, held_back: 0, accepted_powers });
        let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert!(closed.is_final && world.is_absent(&campaign.addresses.vault));
    }
}

/// C-101 for the fee: while an epoch is open the earned fee is paid in full or not at all, as a leaf is.
#[test]
fn c_101_a_fee_is_collected_in_full_or_refused_while_an_epoch_is_open() {
    let (mut world, campaign, allocations, _) = opened(Issued::Pyusd, Mode::Claim);
    for index in 0..3 {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    expect_success(campaign.close_epoch(&mut world, 0));
    let second = campaign.allocations(1, 3);
    world.pass(EPOCH);
    expect_success(campaign.post(&mut world, &second));
    leave(&mut world, &campaign, FEE - 1);
    expect_unchanged(&mut world, TorqueError::VaultShort, |world| campaign.collect(world));
    world.put_back(&campaign.addresses.asset, &campaign.addresses.vault, 1);
    let collected: FeeCollected = the_event(&expect_success(campaign.collect(&mut world)));
    assert_eq!(collected.amount, FEE);
}

/// A distributor of an issuer's token with two sponsors, whose epoch 0, with three leaves, is open.
fn opened(issued: Issued, mode: Mode) -> (World, Campaign, Allocations, [Keypair; 2]) {
    let mut world = World::new();
    let asset: Asset = world.issue_token(issued);
    let campaign = Campaign::funded(&mut world, asset, mode, 1);
    let sponsors = [0, 1].map(|number| {
        let amount = SPONSORED[number as usize];
        let wallet = world.new_sponsor(number, &asset, 2 * amount);
        expect_success(campaign.sponsor(&mut world, &wallet, amount));
        wallet
    });
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(&mut world, &allocations));
    for payment in &allocations.payments {
        world.open_account(&asset, &payment.recipient);
    }
    world.pass(DELAY);
    assert_eq!(allocations.total(), PAID);
    (world, campaign, allocations, sponsors)
}

/// The same when all leaves are paid and it is over.
fn over(issued: Issued) -> (World, Campaign, [Keypair; 2]) {
    let (mut world, campaign, allocations, sponsors) = opened(issued, Mode::Claim);
    campaign.finish(&mut world, &allocations);
    (world, campaign, sponsors)
}

/// Base units that belong to both sponsors of a distributor that is over.
fn owed_to_sponsors(world: &World, campaign: &Campaign) -> u64 {
    let owed = (SPONSORED[0] + SPONSORED[1]) / 20 * 21;
    assert!(world.vault_balance(&campaign.addresses) >= owed + FEE);
    owed
}

/// Lets the issuer take all but `amount` base units.
fn leave(world: &mut World, campaign: &Campaign, amount: u64) {
    let (asset, vault) = (campaign.addresses.asset, campaign.addresses.vault);
    let held = world.vault_balance(&campaign.addresses);
    world.seize(&asset, &vault, held - amount);
}
