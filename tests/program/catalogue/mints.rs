//! C-105 to C-108: mints that are closed and created again, displayed differently, with any decimals, or not mints at
//! all.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::mint;
use solana_signer::Signer as _;
use spl_token_2022::extension::{ExtensionType, interest_bearing_mint, scaled_ui_amount};
use spl_token_2022::instruction::{self as token_instruction, AuthorityType};
use tests::assertions::expect_success;
use tests::campaign::{Campaign, FUNDING};
use tests::extensions::{Initialisation, mint_extensions};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::transfer_fees::fee_extension;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::state::Mode;

use super::stage::{create, live, open_list};

/// The key of the mint of a case.
const KEY: u32 = 60;

/// An extension of the mint of a case.
fn extension(world: &World, kind: ExtensionType) -> Initialisation {
    let all = mint_extensions(&keypair(KEY).pubkey(), &world.owner.pubkey());
    all.into_iter().find(|(found, _)| *found == kind).unwrap()
}

/// C-105. A mint without supply is closed and created anew between the creation and the funding of a distributor.
#[test]
fn c_105_a_mint_that_was_created_anew_with_what_is_refused_or_other_decimals_brings_no_money_in() {
    let close = ExtensionType::MintCloseAuthority;
    for (kinds, decimals, error) in [
        (vec![ExtensionType::PermanentDelegate], 6, TorqueError::OwnerPowerNotAccepted),
        (vec![ExtensionType::ConfidentialTransferMint], 6, TorqueError::ConfidentialTransfersNotAccepted),
        (vec![ExtensionType::TransferHook], 6, TorqueError::MintExtensionRefused),
        (vec![ExtensionType::NonTransferable], 6, TorqueError::MintExtensionRefused),
        (vec![close], 9, TorqueError::MintInvalid),
        (vec![close], 0, TorqueError::MintInvalid),
        (vec![], 5, TorqueError::MintInvalid),
    ] {
        let mut world = World::new();
        let closable = extension(&world, close);
        let asset = world.create_extended_mint(&[closable], KEY);
        let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
        world.close_mint(&asset);
        let extensions: Vec<Initialisation> = kinds.iter().map(|kind| extension(&world, *kind)).collect();
        world.create_mint_of_decimals(&extensions, KEY, decimals);
        world.issue(&asset);
        expect_unchanged(&mut world, error, |world| campaign.fund(world, FUNDING));
    }
}

/// C-105, created anew as it was, or with an extension that is allowed: it is the mint that the owner chose.
#[test]
fn c_105_a_mint_that_was_created_anew_within_the_policy_is_funded_and_paid() {
    let mut world = World::new();
    let closable = extension(&world, ExtensionType::MintCloseAuthority);
    let asset = world.create_extended_mint(std::slice::from_ref(&closable), KEY);
    world.close_mint(&asset);
    world.create_extended_mint(&[closable, extension(&World::new(), ExtensionType::MetadataPointer)], KEY);
    world.issue(&asset);
    live(&mut world, asset, Mode::Push);
}

/// C-105, created anew with a fee of every transfer, for which the vault has no room: no money comes in.
#[test]
fn c_105_a_vault_without_room_for_fees_takes_no_money_of_a_mint_with_a_fee() {
    let mut world = World::new();
    let closable = extension(&world, ExtensionType::MintCloseAuthority);
    let asset = world.create_extended_mint(&[closable], KEY);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    world.close_mint(&asset);
    let fee = fee_extension(&world, KEY, 100, u64::MAX);
    world.create_extended_mint(&[fee], KEY);
    world.issue(&asset);
    // A fee that nobody can change is no power that would have to be accepted.
    world.set_mint_authority(&asset, AuthorityType::TransferFeeConfig, None);
    expect_unchanged_by(&mut world, |world| campaign.fund(world, FUNDING));
}

/// C-105. A mint of which anything exists cannot be closed, so a funded distributor keeps its mint.
#[test]
fn c_105_a_mint_with_supply_is_not_closed() {
    let mut world = World::new();
    let closable = extension(&world, ExtensionType::MintCloseAuthority);
    let asset = world.create_extended_mint(&[closable], KEY);
    world.issue(&asset);
    Campaign::funded(&mut world, asset, Mode::Claim, 1);
    let owner = world.owner.insecure_clone();
    let (program, authority) = (&asset.token_program, &owner.pubkey());
    let close = token_instruction::close_account(program, &asset.mint, authority, authority, &[]).unwrap();
    expect_unchanged_by(&mut world, |world| world.send(close, &[&owner]));
}

/// C-106. What is displayed is another number; what is promised, paid and counted are base units.
#[test]
fn c_106_interest_and_scaled_amounts_change_no_base_unit() {
    for kind in [ExtensionType::InterestBearingConfig, ExtensionType::ScaledUiAmount] {
        let mut world = World::new();
        let (id, mint, owner) = (&spl_token_2022::ID, keypair(KEY).pubkey(), Some(world.owner.pubkey()));
        let initialize = if kind == ExtensionType::ScaledUiAmount {
            scaled_ui_amount::instruction::initialize(id, &mint, owner, 1_000.0)
        } else {
            interest_bearing_mint::instruction::initialize(id, &mint, owner, i16::MAX)
        };
        let asset = world.create_extended_mint(&[(kind, initialize.unwrap())], KEY);
        world.issue(&asset);
        live(&mut world, asset, Mode::Claim);
    }
}

/// C-107. Decimals are only passed on to the token program, which compares them.
#[test]
fn c_107_a_mint_of_any_decimals_pays_its_base_units() {
    for decimals in [0, 9, 18, u8::MAX] {
        let mut world = World::new();
        let asset = world.create_mint_of_decimals(&[], KEY, decimals);
        world.issue(&asset);
        live(&mut world, asset, Mode::Push);
        let (mut world, key) = (World::new(), keypair(KEY));
        let asset = Asset { mint: key.pubkey(), token_program: spl_token::ID };
        let owner = world.owner.insecure_clone();
        let create = mint::create(&asset, &owner.pubkey(), &owner.pubkey(), None, decimals, world.rent(82)).unwrap();
        expect_success(world.cluster.send(&create, &[&owner, &key]));
        world.issue(&asset);
        live(&mut world, asset, Mode::Claim);
    }
}

/// C-108. Token accounts in the place of mints, and mints whose padding says that they are something else.
#[test]
fn c_108_a_token_account_is_no_mint_however_it_is_padded() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let account = asset.account_of(&world.owner.pubkey());
        let disguised = Asset { mint: account, ..asset };
        expect_unchanged(&mut world, TorqueError::MintInvalid, |world| create(world, disguised));
        // A token account whose first bytes would be a valid mint, with and without the mark of an account.
        let mint = world.cluster.account(&asset.mint).unwrap().data;
        for (size, mark) in [(165, 0), (166, 2), (170, 2), (170, 0), (170, 3)] {
            world.edit_data(&account, |data| {
                data[..82].copy_from_slice(&mint);
                data.resize(size, 0);
                data.get_mut(165).into_iter().for_each(|byte| *byte = mark);
            });
            expect_unchanged(&mut world, TorqueError::MintExtensionRefused, |world| create(world, disguised));
        }
    }
}

/// C-108. A mint that is padded to the size of a token account or of a multisig, or with bytes where zeros must be.
#[test]
fn c_108_a_mint_with_odd_padding_is_refused() {
    for (size, at, byte) in [(83, 82, 0), (164, 82, 0), (165, 82, 0), (355, 165, 1), (170, 82, 1), (170, 164, 1)] {
        let mut world = World::new();
        let asset = world.create_token(spl_token_2022::ID);
        world.edit_data(&asset.mint, |data| {
            data.resize(size, 0);
            data[at] = byte;
        });
        expect_unchanged(&mut world, TorqueError::MintExtensionRefused, |world| create(world, asset));
    }
}

/// C-108, the reverse: a mint where a recipient's account should be.
#[test]
fn c_108_a_mint_is_no_recipient_s_account() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let (campaign, allocations) = open_list(&mut world, asset, Mode::Push, &[(20, 5), (21, 6)]);
        let mut plan = campaign.plan_push(&allocations, 0, 1);
        plan.accounts[1] = asset.mint;
        expect_unchanged(&mut world, TorqueError::RecipientAccountMissing, |world| {
            campaign.push(world, &allocations, plan)
        });
    }
}
