//! C-012, C-060 to C-062, C-069, C-070, C-073 and C-074 at a distributor's end: sponsor accounts, the vault, and the
//! eight bytes that stay.

use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use crank_cluster::address::{self, Asset};
use crank_cluster::instruction::{self, settlement};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{expect_address_taken, expect_anchor_error, expect_error, expect_refused, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, WINDOW};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::expect_unchanged;
use tests::sponsors::sponsor;
use tests::world::World;
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::{DistributorClosed, SponsorRefunded};
use torque::state::Mode;

/// Lamports that somebody may send to an address before its account exists: one, the rents of an empty and of a sponsor
/// account with one lamport less, one SOL.
const GIFTS: [u64; 6] = [1, 890_879, 890_880, 1_684_319, 1_684_320, 1_000_000_000];

/// C-012 after sponsors were refunded: neither the distributor nor any of its epochs can be again.
#[test]
fn c_012_a_distributor_that_is_closed_in_several_steps_stays_taken() {
    let mut world = World::new();
    let (campaign, allocations, sponsors) = Campaign::sponsored(&mut world, Asset::SOL, &[5_000_000]);
    campaign.finish(&mut world, &allocations);
    let owner = world.owner.insecure_clone();
    let create = instruction::distributor_create(&campaign.addresses, Campaign::create_args(&world, Mode::Claim, 1));
    for is_buried in [false, true] {
        expect_success(campaign.close(&mut world));
        expect_address_taken(world.send(create.clone(), &[&owner]));
        expect_refused(campaign.post(&mut world, &allocations));
        expect_refused(campaign.post(&mut world, &campaign.allocations(1, 3)));
        assert_eq!(world.size(&campaign.addresses.distributor) == 8, is_buried);
        if !is_buried {
            expect_success(campaign.refund(&mut world, &sponsors[0].pubkey()));
        }
    }
}

/// C-060 for the sponsor account: its address may hold lamports, which go to the sponsor with the rent.
#[test]
fn c_060_a_sponsor_s_address_may_hold_lamports_before_it_is_created() {
    for gift in GIFTS {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
        let wallet = world.new_sponsor(0, &Asset::SOL, 2_000_000);
        let account = address::sponsorship(&campaign.addresses.distributor, &wallet.pubkey(), 0);
        world.set_lamports(&account, gift);
        expect_success(campaign.sponsor(&mut world, &wallet, 1_000_000));
        assert_eq!(world.cluster.lamports(&account), gift.max(world.rent(128)));
        campaign.finish(&mut world, &allocations);
        let before = world.cluster.lamports(&wallet.pubkey());
        let event: SponsorRefunded = the_event(&expect_success(campaign.refund(&mut world, &wallet.pubkey())));
        let gained = world.cluster.lamports(&wallet.pubkey()) - before;
        assert_eq!((event.contributed, gained), (1_000_000, event.amount + gift.max(world.rent(128))));
    }
}

/// C-061 for the sponsor account.
#[test]
fn c_061_a_sponsor_s_address_may_get_lamports_in_the_transaction_that_creates_it() {
    for gift in [890_880, 1_000_000_000] {
        let mut world = World::new();
        let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
        let (stranger, wallet) = (world.stranger.insecure_clone(), world.new_sponsor(0, &Asset::SOL, 2_000));
        let account = address::sponsorship(&campaign.addresses.distributor, &wallet.pubkey(), 0);
        let gift = solana_system_interface::instruction::transfer(&stranger.pubkey(), &account, gift);
        let fund = campaign.sponsorship(&world, wallet.pubkey(), 1_000, 0);
        expect_success(world.cluster.send(&[gift, fund], &[&stranger, &wallet]));
        invariants::check(&world, &[&campaign]);
    }
}

/// C-062: what the sponsor itself puts at its address, or at the vault's, makes it no richer by its share.
#[test]
fn c_062_a_sponsor_gains_no_share_by_what_it_sends_to_addresses() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    let wallets = [0, 1].map(|number| world.new_sponsor(number, &Asset::SOL, 2_000_000));
    let account = address::sponsorship(&campaign.addresses.distributor, &wallets[0].pubkey(), 0);
    world.set_lamports(&account, 5_000_000);
    for wallet in &wallets {
        expect_success(campaign.sponsor(&mut world, wallet, 1_000_000));
    }
    world.give_to_vault(&campaign.addresses, 7_000_000);
    campaign.finish(&mut world, &allocations);
    let amounts = wallets.each_ref().map(|wallet| {
        let event: SponsorRefunded = the_event(&expect_success(campaign.refund(&mut world, &wallet.pubkey())));
        event.amount
    });
    assert_eq!(amounts[0], amounts[1]);
}

/// C-069: a sponsor account, the vault and a tomb that get lamports in the transaction that closed them stay dead.
#[test]
fn c_069_lamports_do_not_revive_what_is_closed() {
    let mut world = World::new();
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000]);
    let (wallet, owner) = (&sponsors[0], world.owner.insecure_clone());
    let account = address::sponsorship(&campaign.addresses.distributor, &wallet.pubkey(), 0);
    let revive = |to: &Pubkey| solana_system_interface::instruction::transfer(&owner.pubkey(), to, 10_000_000);
    let refund = settlement::sponsor_refund(&campaign.addresses, &wallet.pubkey(), 0);
    let close = instruction::distributor_close(&campaign.addresses, &world.treasury);
    expect_success(world.cluster.send(&[refund.clone(), revive(&account)], &[&owner]));
    let found = world.cluster.account(&account).unwrap();
    assert_eq!((found.owner, found.data.len()), (Asset::SOL.token_program, 0));
    expect_anchor_error(world.send(refund, &[&owner]), ErrorCode::AccountOwnedByWrongProgram);
    let all = [revive(&campaign.addresses.distributor), revive(&campaign.addresses.vault)];
    let [to_tomb, to_vault] = all;
    expect_success(world.cluster.send(&[close.clone(), to_tomb, to_vault], &[&owner]));
    expect_refused(world.send(close, &[&owner]));
    let vault = world.cluster.account(&campaign.addresses.vault).unwrap();
    assert_eq!((vault.owner, world.size(&campaign.addresses.distributor)), (Asset::SOL.token_program, 8));
    let create = instruction::distributor_create(&campaign.addresses, Campaign::create_args(&world, Mode::Claim, 1));
    expect_address_taken(world.send(create, &[&owner]));
}

/// C-070: nothing that is closed is created again in the same transaction.
#[test]
fn c_070_what_is_closed_cannot_be_created_in_the_same_transaction() {
    let mut world = World::new();
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000]);
    let (wallet, owner) = (&sponsors[0], world.owner.insecure_clone());
    world.provide(&Asset::SOL, &wallet.pubkey(), 10_000_000);
    let refund = settlement::sponsor_refund(&campaign.addresses, &wallet.pubkey(), 0);
    let fund = campaign.sponsorship(&world, wallet.pubkey(), 1_000, 0);
    let both = [refund.clone(), fund];
    expect_unchanged(&mut world, TorqueError::FundingOver, |world| world.cluster.send(&both, &[&owner, wallet]));
    let close = instruction::distributor_close(&campaign.addresses, &world.treasury);
    let create = instruction::distributor_create(&campaign.addresses, Campaign::create_args(&world, Mode::Claim, 1));
    expect_address_taken(world.cluster.send(&[refund.clone(), close.clone(), create], &[&owner]));
    expect_success(world.cluster.send(&[refund, close], &[&owner]));
    assert_eq!(world.size(&campaign.addresses.distributor), 8);
}

/// C-073: a posted, an open and a vacant epoch keep the distributor from ending for owner and sponsors alike.
#[test]
fn c_073_a_distributor_with_live_epochs_gives_nothing_back() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let wallet = world.new_sponsor(0, &Asset::SOL, 2_000_000);
    expect_success(campaign.sponsor(&mut world, &wallet, 1_000_000));
    expect_success(campaign.end(&mut world));
    world.pass(EPOCH);
    let live = |world: &mut World| {
        expect_unchanged(world, TorqueError::EpochsOpen, |world| campaign.close(world));
        expect_unchanged(world, TorqueError::EpochsOpen, |world| campaign.refund(world, &wallet.pubkey()));
    };
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    live(&mut world);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    live(&mut world);
    expect_success(campaign.repost(&mut world, &campaign.allocations(0, 3)));
    world.pass(DELAY);
    live(&mut world);
    world.pass(WINDOW + POSTING_GRACE);
    live(&mut world);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.refund(&mut world, &wallet.pubkey()));
    expect_success(campaign.close(&mut world));
}

/// C-073: a single base unit in the vault that is nobody's goes to the owner, and the vault goes.
#[test]
fn c_073_a_last_base_unit_in_the_vault_goes_to_the_owner() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    world.send_tokens(&asset, &campaign.addresses.vault, 1);
    world.pass(-1);
    expect_success(campaign.end(&mut world));
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((event.funded, event.refunded, event.is_final), (0, 1, true));
    assert!(world.is_absent(&campaign.addresses.vault));
}

/// C-074: the rent of a sponsor account goes to the sponsor, whoever asks and wherever the share goes, even if its
/// wallet is gone.
#[test]
fn c_074_a_sponsor_account_s_rent_goes_to_the_sponsor() {
    for held in [0, 1, 5_000_000] {
        let mut world = World::new();
        let asset = world.create_token(spl_token::ID);
        let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000_000]);
        let wallet = sponsors[0].pubkey();
        world.set_lamports(&wallet, held);
        expect_success(campaign.refund(&mut world, &wallet));
        assert_eq!(world.cluster.lamports(&wallet), held + world.rent(128));
    }
}

/// C-074: a wallet that has become a program cannot be credited; then its sponsor account's rent is the owner's.
#[test]
fn c_074_a_sponsor_that_has_become_a_program_holds_up_nobody() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000_000]);
    let wallet = sponsors[0].pubkey();
    world.make_executable(&wallet);
    let before = world.cluster.lamports(&campaign.addresses.distributor);
    expect_success(campaign.refund(&mut world, &wallet));
    assert_eq!(world.cluster.lamports(&campaign.addresses.distributor) - before, world.rent(128));
    assert!(world.balance(&asset, &wallet) > 0);
    expect_success(campaign.close(&mut world));
}

/// C-074 for lamports: such a wallet signs and names another, or leaves its share, and the owner has his all the same.
#[test]
fn c_074_a_sponsor_of_lamports_that_has_become_a_program_names_another_wallet() {
    let mut world = World::new();
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000]);
    world.make_executable(&sponsor(0).pubkey());
    expect_unchanged(&mut world, TorqueError::NotSponsor, |world| campaign.refund(world, &sponsors[0].pubkey()));
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert!(!event.is_final && event.refunded > 0 && event.held > 0);
    expect_error(campaign.fund(&mut world, 1), TorqueError::FundingOver);
    let stranger = world.stranger.pubkey();
    let before = world.cluster.lamports(&stranger);
    expect_success(campaign.refund_to(&mut world, &sponsors[0], stranger));
    assert_eq!(world.cluster.lamports(&stranger) - before, event.held);
    expect_success(campaign.close(&mut world));
}
