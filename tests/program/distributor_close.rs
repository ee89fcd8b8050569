//! `distributor_close`: after the last epoch the earned fee goes to the treasury and everything else to the owner.
//!
//! Not here: what is held back for sponsors (`sponsor_refund`) or for a treasury of tokens
//! that cannot be credited (`fee_collect`).

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_address_taken, expect_anchor_error, expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, FUNDING, WINDOW};
use tests::events::the_event;
use tests::world::{OWNER_TOKENS, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::DistributorClosed;
use torque::state::Mode;

/// The sum of three leaves of the fixture, and five percent of it, rounded down.
const PAID: u64 = 6_000_003;
const FEE_EARNED: u64 = 300_001;
/// The amount that the owner gets back.
const REFUND: u64 = FUNDING + FUNDING / 20 - PAID - FEE_EARNED;

#[test]
fn the_treasury_gets_the_earned_fee_and_the_owner_the_rest_of_the_tokens() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let (campaign, _) = finished(&mut world, asset);
        expect_success(campaign.close(&mut world));
        assert_eq!(world.balance(&asset, &world.treasury), FEE_EARNED);
        assert_eq!(world.balance(&asset, &world.owner.pubkey()), OWNER_TOKENS - PAID - FEE_EARNED);
        assert!(world.is_absent(&campaign.addresses.vault));
    }
}

#[test]
fn the_treasury_gets_the_earned_fee_and_the_owner_the_rest_of_the_lamports() {
    let mut world = World::new();
    let (campaign, _) = finished(&mut world, Asset::SOL);
    let (owner, treasury) = (world.owner.pubkey(), world.treasury);
    let before = [owner, treasury].map(|address| world.cluster.lamports(&address));
    let held =
        [campaign.addresses.distributor, campaign.addresses.vault].map(|address| world.cluster.lamports(&address));
    let receipt = expect_success(campaign.close(&mut world));
    let after = [owner, treasury].map(|address| world.cluster.lamports(&address));
    assert_eq!(after[1] - before[1], FEE_EARNED);
    assert_eq!(after[0] + receipt.fee - before[0], held[0] + held[1] - FEE_EARNED - world.rent(8));
    assert!(world.is_absent(&campaign.addresses.vault));
}

#[test]
fn a_closing_is_reported() {
    let mut world = World::new();
    let (campaign, _) = finished(&mut world, Asset::SOL);
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((event.distributor, event.funded, event.paid), (campaign.addresses.distributor, FUNDING, PAID));
    assert_eq!((event.fee, event.refunded, event.held, event.is_final), (FEE_EARNED, REFUND, 0, true));
}

#[test]
fn a_closed_distributor_s_address_stays_taken() {
    let mut world = World::new();
    let (campaign, _) = finished(&mut world, Asset::SOL);
    expect_success(campaign.close(&mut world));
    let tomb = world.cluster.account(&campaign.addresses.distributor).unwrap();
    assert_eq!((tomb.owner, tomb.data.len(), tomb.lamports), (torque::ID, 8, world.rent(8)));
    let owner = world.owner.insecure_clone();
    let again = instruction::distributor_create(&campaign.addresses, Campaign::create_args(&world, Mode::Claim, 1));
    expect_address_taken(world.send(again, &[&owner]));
}

#[test]
fn a_closed_distributor_takes_no_instruction() {
    let mut world = World::new();
    let (campaign, allocations) = finished(&mut world, Asset::SOL);
    expect_success(campaign.close(&mut world));
    let missing = anchor_lang::error::ErrorCode::AccountDidNotDeserialize;
    expect_anchor_error(campaign.close(&mut world), missing);
    expect_anchor_error(campaign.fund(&mut world, 1), missing);
    expect_anchor_error(campaign.end(&mut world), missing);
    expect_anchor_error(campaign.post(&mut world, &allocations), missing);
    // Of an epoch nothing is left at all.
    let no_epoch = anchor_lang::error::ErrorCode::AccountOwnedByWrongProgram;
    expect_anchor_error(campaign.claim(&mut world, &allocations, 0), no_epoch);
}

#[test]
fn what_was_sent_to_the_vault_from_outside_goes_to_the_owner() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, _) = finished(&mut world, asset);
    world.send_tokens(&asset, &campaign.addresses.vault, 777);
    let owner = world.owner.pubkey();
    let before = world.cluster.lamports(&owner);
    world.set_lamports(&campaign.addresses.vault, world.rent(165) + 888);
    world.set_lamports(&campaign.addresses.distributor, world.rent(8) + 999);
    let receipt = expect_success(campaign.close(&mut world));
    assert_eq!(world.balance(&asset, &owner), OWNER_TOKENS - PAID - FEE_EARNED);
    assert_eq!(world.cluster.lamports(&owner) + receipt.fee - before, world.rent(165) + 888 + 999);
}

#[test]
fn an_open_epoch_keeps_the_distributor_open() {
    let mut world = World::new();
    let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_success(campaign.end(&mut world));
    expect_error(campaign.close(&mut world), TorqueError::EpochsOpen);
    world.pass(WINDOW + POSTING_GRACE + 20 * EPOCH);
    expect_error(campaign.close(&mut world), TorqueError::EpochsOpen);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close(&mut world));
}

#[test]
fn unposted_epochs_keep_the_distributor_open_until_the_grace_is_over() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    for passed in [0, 10 * EPOCH, POSTING_GRACE - 1] {
        world.pass(passed);
        expect_error(campaign.close(&mut world), TorqueError::ScheduleNotOver);
    }
    world.pass(1);
    expect_success(campaign.close(&mut world));
}

#[test]
fn a_skipped_epoch_keeps_the_distributor_open_until_it_is_closed_itself() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.end(&mut world));
    world.pass(EPOCH);
    expect_error(campaign.close(&mut world), TorqueError::ScheduleNotOver);
    expect_success(campaign.skip(&mut world, 0));
    expect_error(campaign.close(&mut world), TorqueError::EpochsOpen);
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close(&mut world));
}

#[test]
fn a_distributor_whose_epochs_are_all_paid_is_closed_without_waiting() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let allocations = campaign.allocations(0, 1);
    expect_success(campaign.end(&mut world));
    world.pass(EPOCH);
    expect_success(campaign.post(&mut world, &allocations));
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close(&mut world));
}

#[test]
fn a_treasury_that_cannot_be_credited_with_lamports_holds_up_no_refund() {
    for (held, is_program, collected) in
        [(0, false, 0), (590_879, false, FEE_EARNED), (590_878, false, 0), (0, true, 0)]
    {
        let mut world = World::new();
        let (campaign, _) = finished(&mut world, Asset::SOL);
        let treasury = world.treasury;
        world.set_lamports(&treasury, held);
        if is_program {
            world.make_executable(&treasury);
        }
        let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((event.fee, event.held), (collected, FEE_EARNED - collected));
        assert_eq!((event.refunded, event.is_final), (REFUND, collected > 0));
    }
}

#[test]
fn nobody_but_the_owner_closes_a_distributor() {
    let mut world = World::new();
    let (campaign, _) = finished(&mut world, Asset::SOL);
    let stranger = world.stranger.insecure_clone();
    let close = changed(&world, &campaign, 0, stranger.pubkey());
    expect_error(world.send(close, &[&stranger]), TorqueError::NotOwner);
}

#[test]
fn a_vault_a_mint_a_program_or_a_treasury_of_somebody_else_is_refused() {
    let mut world = World::new();
    let [asset, other] = [spl_token::ID; 2].map(|program| world.create_token(program));
    let twin = Campaign::created(&mut world, asset, Mode::Claim, 2);
    let (campaign, _) = finished(&mut world, asset);
    let owner_account = asset.account_of(&world.owner.pubkey());
    for (slot, address, error) in [
        (3, twin.addresses.vault, TorqueError::VaultMismatch),
        (4, owner_account, TorqueError::TreasuryMismatch),
        (4, world.treasury, TorqueError::TreasuryMismatch),
        (5, campaign.addresses.vault, TorqueError::DestinationIsVault),
        (6, other.mint, TorqueError::MintMismatch),
        (7, spl_token_2022::ID, TorqueError::TokenProgramMismatch),
    ] {
        let close = changed(&world, &campaign, slot, address);
        expect_error(send_as_owner(&mut world, close), error);
    }
}

#[test]
fn the_treasury_of_lamports_is_the_wallet_itself() {
    let mut world = World::new();
    let (campaign, _) = finished(&mut world, Asset::SOL);
    let close = changed(&world, &campaign, 4, world.owner.pubkey());
    expect_error(send_as_owner(&mut world, close), TorqueError::TreasuryMismatch);
}

#[test]
fn the_fee_goes_to_the_treasury_of_the_day() {
    let mut world = World::new();
    let (campaign, _) = finished(&mut world, Asset::SOL);
    let old = changed(&world, &campaign, 4, world.treasury);
    expect_success(world.set_treasury(world.guardian.pubkey()));
    expect_error(send_as_owner(&mut world, old), TorqueError::TreasuryMismatch);
    let before = world.cluster.lamports(&world.treasury);
    expect_success(campaign.close(&mut world));
    assert_eq!(world.cluster.lamports(&world.treasury) - before, FEE_EARNED);
}

#[test]
fn the_owner_may_name_another_destination() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, _) = finished(&mut world, asset);
    let guardian = world.guardian.pubkey();
    world.open_account(&asset, &guardian);
    let close = changed(&world, &campaign, 5, asset.account_of(&guardian));
    expect_success(send_as_owner(&mut world, close));
    assert_eq!(world.balance(&asset, &guardian), FUNDING + FUNDING / 20 - PAID - FEE_EARNED);
}

#[test]
fn a_vault_of_sol_that_lost_the_earned_fee_is_not_closed() {
    let mut world = World::new();
    let (campaign, _) = finished(&mut world, Asset::SOL);
    world.set_lamports(&campaign.addresses.vault, world.rent(0) + FEE_EARNED - 1);
    expect_error(campaign.close(&mut world), TorqueError::VaultShort);
    world.set_lamports(&campaign.addresses.vault, world.rent(0) + FEE_EARNED);
    expect_success(campaign.close(&mut world));
}

#[test]
fn a_vault_of_tokens_that_lost_the_earned_fee_is_not_closed() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, _) = finished(&mut world, asset);
    // The amount stands at bytes 64 to 72 of a token account.
    let short = (FEE_EARNED - 1).to_le_bytes();
    world.edit_data(&campaign.addresses.vault, |data| data[64..72].copy_from_slice(&short));
    expect_error(campaign.close(&mut world), TorqueError::VaultShort);
}

/// Distributor 1 after epoch 0 paid its three leaves and the schedule ended.
fn finished(world: &mut World, asset: Asset) -> (Campaign, Allocations) {
    let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 3);
    campaign.finish(world, &allocations);
    (campaign, allocations)
}

/// The closing with the account of place `slot` replaced.
fn changed(world: &World, campaign: &Campaign, slot: usize, address: Pubkey) -> Instruction {
    let mut close = instruction::distributor_close(&campaign.addresses, &world.treasury);
    close.accounts[slot].pubkey = address;
    close
}

fn send_as_owner(world: &mut World, close: Instruction) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(close, &[&owner])
}
