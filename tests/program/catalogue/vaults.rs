//! C-085 to C-088: the smallest rest of a vault, the owners of its money, and money that comes from outside.

use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::{expect_refused, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, FUNDING};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{DistributorClosed, SponsorRefunded};
use torque::state::Mode;

/// C-085: a payment may leave a vault of SOL at its rent and not a lamport below, by claim, by refund and by the fee.
#[test]
fn c_085_a_payment_leaves_a_vault_of_lamports_its_rent() {
    for (offset, is_paid) in [(-1, false), (0, true), (1, true)] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
        let floor = set_vault(&mut world, &campaign, allocations.payments[0].amount, offset);
        if is_paid {
            expect_success(campaign.claim(&mut world, &allocations, 0));
            assert_eq!(world.cluster.lamports(&campaign.addresses.vault), floor);
        } else {
            let short = TorqueError::VaultShort;
            expect_unchanged(&mut world, short, |world| campaign.claim(world, &allocations, 0));
        }
    }
}

/// C-085 for the way back: shares and the fee stop at the rent too.
#[test]
fn c_085_a_refund_leaves_a_vault_of_lamports_its_rent() {
    for (offset, is_paid) in [(-1, false), (0, true), (1, true)] {
        let mut world = World::new();
        let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000]);
        let mut trial = world.fork();
        let wallet = sponsors[0].pubkey();
        let event: SponsorRefunded = the_event(&expect_success(campaign.refund(&mut trial, &wallet)));
        for (amount, is_fee) in [(event.amount, false), (300_001, true)] {
            let mut world = world.fork();
            let floor = set_vault(&mut world, &campaign, amount, offset);
            let send = |world: &mut World| {
                if is_fee { campaign.collect(world) } else { campaign.refund(world, &wallet) }
            };
            if is_paid {
                expect_success(send(&mut world));
                assert_eq!(world.cluster.lamports(&campaign.addresses.vault), floor);
            } else {
                expect_unchanged(&mut world, TorqueError::VaultShort, send);
            }
        }
    }
}

/// C-085 for the owner: a vault that holds less than sponsors and treasury are owed gives the owner nothing.
#[test]
fn c_085_an_owner_gets_nothing_of_what_is_owed_to_others() {
    let mut world = World::new();
    let (campaign, _) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000]);
    let mut trial = world.fork();
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut trial)));
    let owed = event.held + event.fee;
    set_vault(&mut world, &campaign, owed, -1);
    expect_unchanged(&mut world, TorqueError::VaultShort, |world| campaign.close(world));
    for extra in [0, 1] {
        let mut world = world.fork();
        set_vault(&mut world, &campaign, owed, extra);
        let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!(event.refunded, u64::try_from(extra).unwrap());
    }
}

/// C-086: a vault that has paid all it held exists with its rent until its distributor is closed.
#[test]
fn c_086_a_vault_that_paid_everything_is_closed_with_its_distributor() {
    for program in [Some(spl_token::ID), None] {
        let mut world = World::new();
        let asset = program.map_or(Asset::SOL, |program| world.create_token(program));
        let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
        let wallet = world.new_sponsor(0, &asset, 4_000_000);
        expect_success(campaign.sponsor(&mut world, &wallet, 3_000_000));
        expect_success(campaign.fund(&mut world, 3_000_000));
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(0, &[2_000_000, 4_000_000]);
        expect_success(campaign.post(&mut world, &allocations));
        for payment in &allocations.payments {
            world.open_account(&asset, &payment.recipient);
        }
        world.pass(DELAY);
        campaign.finish(&mut world, &allocations);
        expect_success(campaign.collect(&mut world));
        expect_success(campaign.refund(&mut world, &wallet.pubkey()));
        let vault = campaign.addresses.vault;
        assert_eq!(world.vault_balance(&campaign.addresses), 0);
        assert_eq!(world.cluster.lamports(&vault), world.rent(world.size(&vault)));
        expect_success(campaign.close(&mut world));
        assert!(world.is_absent(&vault));
    }
}

/// C-087: a vault pays from itself alone, however rich another of the same owner and asset is.
#[test]
fn c_087_no_payment_is_made_from_another_vault() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let rich = Campaign::funded(&mut world, asset, Mode::Claim, 2);
    let (campaign, allocations, sponsors) = Campaign::sponsored(&mut world, asset, &[1_000_000]);
    // The amount stands at bytes 64 to 72 of a token account.
    let mut short = world.fork();
    short.edit_data(&campaign.addresses.vault, |data| data[64..72].copy_from_slice(&1_999_999_u64.to_le_bytes()));
    expect_unchanged_by(&mut short, |world| campaign.claim(world, &allocations, 0));
    let mut astray = campaign.claim_instruction(&allocations, 0);
    let wallet = allocations.wallets[0].insecure_clone();
    let place = astray.accounts.iter().position(|it| it.pubkey == campaign.addresses.vault).unwrap();
    astray.accounts[place].pubkey = rich.addresses.vault;
    let guardian = world.guardian.insecure_clone();
    expect_unchanged(&mut short, TorqueError::VaultMismatch, |world| world.send(astray, &[&guardian, &wallet]));
    campaign.finish(&mut world, &allocations);
    world.edit_data(&campaign.addresses.vault, |data| data[64..72].copy_from_slice(&1_u64.to_le_bytes()));
    expect_unchanged_by(&mut world, |world| campaign.refund(world, &sponsors[0].pubkey()));
    expect_unchanged_by(&mut world, |world| campaign.collect(world));
    expect_unchanged(&mut world, TorqueError::VaultShort, |world| campaign.close(world));
    assert_eq!(world.vault_balance(&rich.addresses), FUNDING + FUNDING / 20);
}

/// C-088: what is sent to a vault is no reward and nobody's share; the owner gets it, the first time and later.
#[test]
fn c_088_what_comes_from_outside_is_no_reward_and_goes_to_the_owner() {
    for program in [Some(spl_token::ID), None] {
        let mut world = World::new();
        let asset = program.map_or(Asset::SOL, |program| world.create_token(program));
        let (campaign, allocations, sponsors) = Campaign::sponsored(&mut world, asset, &[1_000_000]);
        let mut without = world.fork();
        world.give_to_vault(&campaign.addresses, 777);
        assert_eq!(world.distributor(&campaign.addresses).funded, FUNDING + 1_000_000);
        let mut parts = [&mut world, &mut without].map(|world| {
            campaign.finish(world, &allocations);
            let closed: DistributorClosed = the_event(&expect_success(campaign.close(world)));
            let refund = expect_success(campaign.refund(world, &sponsors[0].pubkey()));
            let refunded: SponsorRefunded = the_event(&refund);
            (closed.refunded, closed.fee, refunded.amount)
        });
        parts[1].0 += 777;
        assert_eq!(parts[0], parts[1]);
        invariants::check(&without, &[&campaign]);
        world.give_to_vault(&campaign.addresses, 888);
        let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((closed.refunded, closed.is_final), (888, true));
    }
}

/// C-088: an epoch cannot be posted on the strength of a gift.
#[test]
fn c_088_a_gift_backs_no_epoch() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    world.give_to_vault(&campaign.addresses, FUNDING);
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 3);
    expect_unchanged(&mut world, TorqueError::FundsInsufficient, |world| campaign.post(world, &allocations));
    expect_refused(campaign.collect(&mut world));
}

/// Leaves `amount` and `offset` lamports above the rent in a vault of SOL; returns what a payment of `amount` leaves.
fn set_vault(world: &mut World, campaign: &Campaign, amount: u64, offset: i64) -> u64 {
    let left = world.rent(0).checked_add_signed(offset).unwrap();
    world.set_lamports(&campaign.addresses.vault, left + amount);
    left
}
