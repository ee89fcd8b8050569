//! `claim`: a leaf is paid to the wallet that it names, once, within the window.

use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, ClaimedLeaf};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_anchor_error, expect_error, expect_refused, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, WINDOW};
use tests::events::the_event;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::events::Claimed;
use torque::state::Mode;

#[test]
fn a_wallet_claims_its_tokens() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
        let before = world.vault_balance(&campaign.addresses);
        expect_success(campaign.claim(&mut world, &allocations, 1));
        assert_eq!(world.balance(&asset, &allocations.payments[1].recipient), 2_000_001);
        assert_eq!(before - world.vault_balance(&campaign.addresses), 2_000_001);
        assert_eq!([0, 1, 2].map(|index| campaign.is_paid(&world, 0, index)), [false, true, false]);
        let epoch = world.epoch(&campaign.addresses, 0);
        assert_eq!((epoch.paid_count, epoch.paid_total), (1, 2_000_001));
    }
}

#[test]
fn a_wallet_claims_its_sol() {
    let (mut world, campaign, allocations) = open(Asset::SOL);
    let before = world.vault_balance(&campaign.addresses);
    expect_success(campaign.claim(&mut world, &allocations, 2));
    assert_eq!(world.cluster.lamports(&allocations.payments[2].recipient), 2_000_002);
    assert_eq!(before - world.vault_balance(&campaign.addresses), 2_000_002);
}

#[test]
fn a_claim_is_reported() {
    let (mut world, campaign, allocations) = open(Asset::SOL);
    let elsewhere = world.stranger.pubkey();
    let claim = claim_to(&campaign, &allocations, 1, elsewhere);
    let event: Claimed = the_event(&expect_success(world.send(claim, &[&campaign.publisher, &allocations.wallets[1]])));
    assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
    assert_eq!((event.index, event.amount), (1, 2_000_001));
    assert_eq!((event.recipient, event.destination), (allocations.payments[1].recipient, elsewhere));
}

#[test]
fn a_claim_twice_is_refused() {
    let (mut world, campaign, allocations) = open(Asset::SOL);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::LeafAlreadyPaid);
}

#[test]
fn a_claim_is_open_from_the_first_second_of_the_window_to_the_last() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 4);
    world.pass(DELAY - 1);
    expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::EpochNotOpen);
    world.pass(1);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    world.pass(WINDOW - 1);
    expect_success(campaign.claim(&mut world, &allocations, 1));
    world.pass(1);
    expect_error(campaign.claim(&mut world, &allocations, 2), TorqueError::WindowOver);
}

#[test]
fn a_wallet_may_name_another_destination() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
    let elsewhere = world.guardian.pubkey();
    world.open_account(&asset, &elsewhere);
    let claim = claim_to(&campaign, &allocations, 0, asset.account_of(&elsewhere));
    expect_success(world.send(claim, &[&campaign.publisher, &allocations.wallets[0]]));
    assert_eq!(world.balance(&asset, &elsewhere), 2_000_000);
    assert_eq!(world.balance(&asset, &allocations.payments[0].recipient), 0);
}

#[test]
fn the_vault_itself_is_no_destination() {
    for program in [Asset::SOL.token_program, spl_token::ID] {
        let mut world = World::new();
        let asset = if program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(program) };
        let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
        let claim = claim_to(&campaign, &allocations, 0, campaign.addresses.vault);
        let sent = world.send(claim, &[&campaign.publisher, &allocations.wallets[0]]);
        expect_error(sent, TorqueError::DestinationIsVault);
    }
}

#[test]
fn a_leaf_is_claimed_by_nobody_but_its_wallet() {
    let (mut world, campaign, allocations) = open(Asset::SOL);
    let thief = world.stranger.insecure_clone();
    let theft = instruction::claim(&campaign.addresses, thief.pubkey(), thief.pubkey(), allocations.leaf(0));
    expect_error(world.send(theft, &[&thief]), TorqueError::ProofInvalid);
    let neighbour = &allocations.wallets[1];
    let theft = instruction::claim(&campaign.addresses, neighbour.pubkey(), neighbour.pubkey(), allocations.leaf(0));
    expect_error(world.send(theft, &[&campaign.publisher, neighbour]), TorqueError::ProofInvalid);
}

#[test]
fn the_wallet_s_signature_is_needed() {
    let (mut world, campaign, allocations) = open(Asset::SOL);
    let mut claim = campaign.claim_instruction(&allocations, 0);
    claim.accounts[0].is_signer = false;
    expect_anchor_error(world.send(claim, &[&campaign.publisher]), ErrorCode::AccountNotSigner);
}

#[test]
fn an_amount_an_index_or_a_path_that_is_not_the_leaf_s_is_refused() {
    let (mut world, campaign, allocations) = open(Asset::SOL);
    type Edit = fn(&mut ClaimedLeaf);
    let edits: [(Edit, TorqueError); 7] = [
        (|leaf| leaf.amount += 1, TorqueError::ProofInvalid),
        (|leaf| leaf.amount = 0, TorqueError::ProofInvalid),
        (|leaf| leaf.index = 1, TorqueError::ProofInvalid),
        (|leaf| leaf.index = 3, TorqueError::LeafIndexOutOfRange),
        (|leaf| leaf.index = u32::MAX, TorqueError::LeafIndexOutOfRange),
        (|leaf| leaf.path.truncate(leaf.path.len() - 1), TorqueError::ProofLength),
        (|leaf| leaf.path.push([0; 32]), TorqueError::ProofLength),
    ];
    for (edit, error) in edits {
        let mut leaf = allocations.leaf(0);
        edit(&mut leaf);
        expect_error(claim_leaf(&mut world, &campaign, &allocations, leaf), error);
    }
}

#[test]
fn an_epoch_pays_no_more_than_its_total_whatever_its_leaves_say() {
    let mut world = World::new();
    let amounts = [2_000_000, 1_000_000, 2];
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Claim, &amounts, 3_000_001);
    for index in [0, 1] {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    world.set_lamports(&allocations.payments[2].recipient, world.rent(0));
    expect_error(campaign.claim(&mut world, &allocations, 2), TorqueError::EpochTotalExceeded);
    assert!(!campaign.is_paid(&world, 0, 2));
}

#[test]
fn a_leaf_that_overflows_the_sum_of_payments_is_refused() {
    let mut world = World::new();
    let amounts = [2_000_000, u64::MAX];
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Claim, &amounts, 3_000_000);
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::EpochTotalExceeded);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::ArithmeticOverflow);
}

#[test]
fn a_leaf_of_nothing_is_marked_and_moves_nothing() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Claim, &[0, 5], 5);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    assert!(campaign.is_paid(&world, 0, 0) && world.is_absent(&allocations.payments[0].recipient));
}

#[test]
fn a_distributor_that_pushes_is_not_claimed_from() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Push, 3);
    expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::ModeIsPush);
}

#[test]
fn a_vault_a_mint_a_program_or_an_epoch_of_another_distributor_is_refused() {
    let mut world = World::new();
    let [asset, other] = [spl_token::ID; 2].map(|program| world.create_token(program));
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
    let twin = Campaign::funded(&mut world, asset, Mode::Claim, 2);
    expect_success(twin.post(&mut world, &allocations));
    world.pass(DELAY);
    for (slot, address, error) in [
        (2, twin.addresses.distributor, TorqueError::VaultMismatch),
        (3, twin.addresses.epoch(0), TorqueError::EpochMismatch),
        (4, twin.addresses.vault, TorqueError::VaultMismatch),
        (6, other.mint, TorqueError::MintMismatch),
        (7, spl_token_2022::ID, TorqueError::TokenProgramMismatch),
    ] {
        let mut claim = campaign.claim_instruction(&allocations, 0);
        claim.accounts[slot].pubkey = address;
        expect_error(world.send(claim, &[&campaign.publisher, &allocations.wallets[0]]), error);
    }
}

#[test]
fn a_destination_that_cannot_be_credited_leaves_the_leaf_to_be_claimed_later() {
    let mut world = World::new();
    let [asset, other] = [spl_token::ID; 2].map(|program| world.create_token(program));
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
    let (own, nobody) = (asset.account_of(&allocations.payments[0].recipient), keypair(77).pubkey());
    for destination in [asset.account_of(&nobody), other.account_of(&world.owner.pubkey()), nobody] {
        let claim = claim_to(&campaign, &allocations, 0, destination);
        expect_refused(world.send(claim, &[&campaign.publisher, &allocations.wallets[0]]));
    }
    world.freeze(&asset, &own);
    expect_refused(campaign.claim(&mut world, &allocations, 0));
    assert!(!campaign.is_paid(&world, 0, 0));
    world.thaw(&asset, &own);
    expect_success(campaign.claim(&mut world, &allocations, 0));
}

#[test]
fn lamports_too_few_for_a_new_account_leave_the_leaf_to_be_claimed_later() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Claim, &[890_879, 1], 890_880);
    expect_refused(campaign.claim(&mut world, &allocations, 0));
    world.set_lamports(&allocations.payments[0].recipient, 890_880);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    assert_eq!(world.cluster.lamports(&allocations.payments[0].recipient), 890_880 + 890_879);
}

#[test]
fn a_vault_that_is_frozen_pays_nothing_until_it_is_thawed() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
    world.freeze(&asset, &campaign.addresses.vault);
    expect_refused(campaign.claim(&mut world, &allocations, 0));
    assert!(!campaign.is_paid(&world, 0, 0));
    world.thaw(&asset, &campaign.addresses.vault);
    expect_success(campaign.claim(&mut world, &allocations, 0));
}

#[test]
fn a_vault_of_sol_keeps_its_rent() {
    let (mut world, campaign, allocations) = open(Asset::SOL);
    world.set_lamports(&campaign.addresses.vault, world.rent(0) + 2_000_000);
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::VaultShort);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    assert_eq!(world.cluster.lamports(&campaign.addresses.vault), world.rent(0));
    world.set_lamports(&campaign.addresses.vault, world.rent(0) - 1);
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::VaultShort);
}

/// A distributor that is claimed from, with three leaves.
fn open(asset: Asset) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
    (world, campaign, allocations)
}

/// The claim of leaf `index` into `destination`.
fn claim_to(campaign: &Campaign, allocations: &Allocations, index: u32, destination: Pubkey) -> Instruction {
    let recipient = allocations.payments[index as usize].recipient;
    instruction::claim(&campaign.addresses, recipient, destination, allocations.leaf(index))
}

/// Claims `leaf`, whatever it says, as the wallet of leaf 0.
fn claim_leaf(world: &mut World, campaign: &Campaign, allocations: &Allocations, leaf: ClaimedLeaf) -> Sent {
    let wallet = &allocations.wallets[0];
    let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), wallet.pubkey(), leaf);
    world.send(claim, &[&campaign.publisher, wallet])
}
