//! C-082 to C-084: receivers that cannot be credited, distributors that gave everything back, and vaults from which
//! only the distributor may spend.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_refused, expect_success};
use tests::campaign::{Campaign, EPOCH, FUNDING};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::World;
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::{DistributorClosed, SponsorRefunded};
use torque::state::Mode;

/// C-082 for the owner: a destination that is frozen, closed, of another mint or of another program is refused without
/// a trace, the others have theirs, and another destination will do.
#[test]
fn c_082_an_owner_s_destination_that_cannot_be_credited_is_refused_and_replaced() {
    let mut world = World::new();
    let [asset, other] = [spl_token::ID; 2].map(|program| world.create_token(program));
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000_000]);
    let (owner, nobody) = (world.owner.insecure_clone(), world.stranger.pubkey());
    let own = asset.account_of(&owner.pubkey());
    world.freeze(&asset, &own);
    for destination in [own, asset.account_of(&nobody), other.account_of(&owner.pubkey()), nobody, asset.mint] {
        let close = close_to(&world, &campaign, destination);
        expect_unchanged_by(&mut world, |world| world.send(close, &[&owner]));
    }
    expect_success(campaign.collect(&mut world));
    expect_success(campaign.refund(&mut world, &sponsors[0].pubkey()));
    world.open_account(&asset, &nobody);
    let close = close_to(&world, &campaign, asset.account_of(&nobody));
    let event: DistributorClosed = the_event(&expect_success(world.send(close, &[&owner])));
    assert_eq!((world.balance(&asset, &nobody), event.is_final), (event.refunded, true));
}

/// C-082 for a sponsor whose account is frozen: the others have theirs, and it has its own when it is thawed.
#[test]
fn c_082_a_frozen_sponsor_account_holds_up_nobody_and_loses_nothing() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000_000, 2_000_000]);
        let frozen = asset.account_of(&sponsors[0].pubkey());
        world.freeze(&asset, &frozen);
        expect_others_paid(&mut world, &campaign, &sponsors);
        world.thaw(&asset, &frozen);
        expect_last_share(&mut world, &campaign, |world| campaign.refund(world, &sponsors[0].pubkey()));
    }
}

/// C-082 for a sponsor whose account is frozen for good: it signs and names another.
#[test]
fn c_082_a_sponsor_whose_account_stays_frozen_names_another() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000_000, 2_000_000]);
    world.freeze(&asset, &asset.account_of(&sponsors[0].pubkey()));
    expect_others_paid(&mut world, &campaign, &sponsors);
    let elsewhere = asset.account_of(&world.stranger.pubkey());
    world.open_account(&asset, &world.stranger.pubkey());
    expect_last_share(&mut world, &campaign, |world| campaign.refund_to(world, &sponsors[0], elsewhere));
}

/// C-082 for a sponsor whose account is closed: anybody may open it again.
#[test]
fn c_082_a_closed_sponsor_account_holds_up_nobody_and_can_be_opened_again() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000_000, 2_000_000]);
    let wallet = sponsors[0].pubkey();
    world.close_account(&asset, &sponsors[0]);
    expect_others_paid(&mut world, &campaign, &sponsors);
    world.open_account(&asset, &wallet);
    expect_last_share(&mut world, &campaign, |world| campaign.refund(world, &wallet));
}

/// C-082 for a sponsor whose account insists on memos, or was given to somebody else: only the sponsor can help.
#[test]
fn c_082_a_sponsor_account_that_is_not_its_own_any_more_gets_nothing() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000_000, 2_000_000]);
        let heir = world.stranger.pubkey();
        if program == spl_token::ID {
            world.give_account_away(&asset, &sponsors[0], &heir);
            expect_unchanged(&mut world, TorqueError::NotSponsor, |world| {
                campaign.refund(world, &sponsors[0].pubkey())
            });
        } else {
            world.insist_on_memo(&asset, &sponsors[0]);
        }
        expect_others_paid(&mut world, &campaign, &sponsors);
        world.open_account(&asset, &heir);
        let elsewhere = asset.account_of(&heir);
        expect_last_share(&mut world, &campaign, |world| campaign.refund_to(world, &sponsors[0], elsewhere));
    }
}

/// C-083: after everything went back no path of payment moves anything.
#[test]
fn c_083_nothing_leaves_a_distributor_that_gave_everything_back() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, mode, 1);
        let wallet = world.new_sponsor(0, &Asset::SOL, 3_000_000);
        expect_success(campaign.sponsor(&mut world, &wallet, 1_000_000));
        expect_success(campaign.end(&mut world));
        world.pass(EPOCH);
        let allocations = campaign.allocations(0, 3);
        expect_success(campaign.post(&mut world, &allocations));
        let guardian = world.guardian.insecure_clone();
        expect_success(campaign.cancel(&mut world, &guardian, 0));
        world.pass(POSTING_GRACE);
        expect_success(campaign.close_epoch(&mut world, 0));
        expect_success(campaign.close(&mut world));
        expect_dead(&mut world, &campaign, &wallet, false);
        expect_success(campaign.refund(&mut world, &wallet.pubkey()));
        expect_success(campaign.close(&mut world));
        expect_dead(&mut world, &campaign, &wallet, true);
    }
}

/// C-084: no vault has a delegate or a close authority at any stage of its life.
#[test]
fn c_084_nobody_else_may_ever_spend_from_a_vault() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let (campaign, allocations, sponsors) = Campaign::sponsored(&mut world, asset, &[1_000_000, 3]);
        let expect_own = |world: &World| {
            let data = world.cluster.account(&campaign.addresses.vault).unwrap().data;
            assert_eq!(data[32..64], campaign.addresses.distributor.to_bytes(), "owner");
            assert_eq!((&data[72..76], &data[129..133]), (&[0; 4][..], &[0; 4][..]), "delegate, close authority");
        };
        for index in 0..3 {
            expect_own(&world);
            expect_success(campaign.pay(&mut world, &allocations, index));
        }
        campaign.wind_up(&mut world);
        for wallet in &sponsors {
            expect_own(&world);
            expect_success(campaign.close(&mut world));
            expect_success(campaign.refund(&mut world, &wallet.pubkey()));
        }
        expect_own(&world);
    }
}

/// The first sponsor is refused, and then the second, the treasury and the owner have theirs.
#[track_caller]
fn expect_others_paid(world: &mut World, campaign: &Campaign, sponsors: &[Keypair]) {
    expect_unchanged_by(world, |world| campaign.refund(world, &sponsors[0].pubkey()));
    let second: SponsorRefunded = the_event(&expect_success(campaign.refund(world, &sponsors[1].pubkey())));
    let closed: DistributorClosed = the_event(&expect_success(campaign.close(world)));
    assert!(second.amount > 0 && closed.fee > 0 && closed.refunded > FUNDING / 2 && !closed.is_final);
    invariants::check(world, &[campaign]);
}

/// Checks that `refund` pays the share that was held back, and that everything can be closed then.
#[track_caller]
fn expect_last_share(world: &mut World, campaign: &Campaign, refund: impl FnOnce(&mut World) -> Sent) {
    let held = world.vault_balance(&campaign.addresses);
    let last: SponsorRefunded = the_event(&expect_success(refund(world)));
    assert_eq!(last.amount, held);
    let closed: DistributorClosed = the_event(&expect_success(campaign.close(world)));
    assert!(closed.is_final && world.is_absent(&campaign.addresses.vault));
}

/// Every instruction that could move money of `campaign` is refused, or finds nothing to move.
#[track_caller]
fn expect_dead(world: &mut World, campaign: &Campaign, wallet: &Keypair, is_buried: bool) {
    let [allocations, next] = [0, 1].map(|epoch| campaign.allocations(epoch, 3));
    let refused: [&dyn Fn(&mut World) -> Sent; 10] = [
        &|world| campaign.pay(world, &allocations, 0),
        &|world| campaign.pay(world, &allocations, 1),
        &|world| campaign.pay(world, &allocations, 2),
        &|world| campaign.post(world, &allocations),
        &|world| campaign.post(world, &next),
        &|world| campaign.repost(world, &allocations),
        &|world| campaign.skip(world, 1),
        &|world| campaign.fund(world, 1),
        &|world| campaign.sponsor(world, wallet, 1),
        &|world| campaign.collect(world),
    ];
    for send in refused {
        expect_unchanged_by(world, send);
    }
    if is_buried {
        expect_refused(campaign.refund(world, &wallet.pubkey()));
        expect_refused(campaign.close(world));
    } else {
        let closed: DistributorClosed = the_event(&expect_success(campaign.close(world)));
        assert_eq!((closed.refunded, closed.fee), (0, 0));
    }
}

/// The closing whose refund goes to `destination`.
fn close_to(world: &World, campaign: &Campaign, destination: Pubkey) -> Instruction {
    let mut close = instruction::distributor_close(&campaign.addresses, &world.treasury);
    close.accounts[5].pubkey = destination;
    close
}
