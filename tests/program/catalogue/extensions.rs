//! C-095, C-100, C-101 and C-104: which extensions of a mint are allowed, judged by everything that they still permit.
//! Every distributor here accepts the powers that its mint gives; what is not accepted is in `powers`.
//!
//! The mints are made by Token-2022 itself, or forged where it would not make them. Fees are in `transfer_fees`.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use spl_token_2022::extension::{ExtensionType, transfer_hook};
use spl_token_2022::instruction::AuthorityType;
use spl_token_2022::state::Mint;
use tests::assertions::{Sent, expect_refused, expect_success};
use tests::campaign::{Campaign, FUNDING};
use tests::extensions::{Initialisation, mint_extensions};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::state::Mode;

use super::stage::{create, expect_paid, live};

/// The key of the mint of a case.
const KEY: u32 = 60;

/// The extensions that are always refused, even if nobody has a power through them.
const REFUSED: [ExtensionType; 2] = [ExtensionType::ConfidentialMintBurn, ExtensionType::NonTransferable];

/// The extensions that only token accounts have.
const OF_ACCOUNTS: [ExtensionType; 9] = [
    ExtensionType::TransferFeeAmount,
    ExtensionType::ConfidentialTransferAccount,
    ExtensionType::ConfidentialTransferFeeAmount,
    ExtensionType::ImmutableOwner,
    ExtensionType::MemoTransfer,
    ExtensionType::CpiGuard,
    ExtensionType::NonTransferableAccount,
    ExtensionType::TransferHookAccount,
    ExtensionType::PausableAccount,
];

/// The numbers that the interface knows, the next ones, and the last.
fn numbers() -> impl Iterator<Item = u16> {
    (0..=64).chain([255, 256, u16::MAX - 3, u16::MAX])
}

/// A mint of Token-2022 with a forged extension of `number`, whose value is all zeros.
fn forged(world: &mut World, number: u16) -> Asset {
    let asset = world.create_token(spl_token_2022::ID);
    let known = ExtensionType::try_from(number).ok();
    let size = known.and_then(|known| ExtensionType::try_calculate_account_len::<Mint>(&[known]).ok());
    let size = size.unwrap_or(170).max(170);
    world.edit_data(&asset.mint, |data| {
        data.resize(size, 0);
        data[165] = 1;
        data[166..168].copy_from_slice(&number.to_le_bytes());
        data[168..170].copy_from_slice(&((size - 170) as u16).to_le_bytes());
    });
    asset
}

/// The mint that `extension` of `mint_extensions` makes.
fn made(world: &mut World, extension: ExtensionType) -> Asset {
    let all = mint_extensions(&keypair(KEY).pubkey(), &world.owner.pubkey());
    let one: Vec<Initialisation> = all.into_iter().filter(|(kind, _)| *kind == extension).collect();
    assert_eq!(one.len(), 1, "{extension:?}");
    world.create_extended_mint(&one, KEY)
}

fn refuse(world: &mut World, asset: Asset) {
    expect_unchanged(world, TorqueError::MintExtensionRefused, |world| create(world, asset));
}

/// C-095, the table: every number that there is or may be one day, with nobody in any authority.
#[test]
fn c_095_every_extension_is_allowed_or_refused_and_unknown_numbers_are_refused() {
    for number in numbers() {
        let mut world = World::new();
        let asset = forged(&mut world, number);
        let is_allowed = ExtensionType::try_from(number)
            .is_ok_and(|known| !REFUSED.contains(&known) && !OF_ACCOUNTS.contains(&known));
        if is_allowed { drop(expect_success(create(&mut world, asset))) } else { refuse(&mut world, asset) }
    }
}

/// C-095, as Token-2022 makes them: an allowed extension changes nothing in a distributor's whole life.
#[test]
fn c_095_a_mint_with_an_allowed_extension_is_paid_from_creation_to_closing() {
    for extension in [
        ExtensionType::TransferFeeConfig,
        ExtensionType::MintCloseAuthority,
        ExtensionType::DefaultAccountState,
        ExtensionType::InterestBearingConfig,
        ExtensionType::ScaledUiAmount,
        ExtensionType::Pausable,
        ExtensionType::PermanentDelegate,
        ExtensionType::ConfidentialTransferMint,
        ExtensionType::MetadataPointer,
        ExtensionType::GroupPointer,
        ExtensionType::GroupMemberPointer,
    ] {
        for mode in [Mode::Claim, Mode::Push] {
            let mut world = World::new();
            let asset = made(&mut world, extension);
            world.issue(&asset);
            live(&mut world, asset, mode);
        }
    }
}

/// C-095, as Token-2022 makes them, with an authority that has the power.
#[test]
fn c_095_a_mint_with_a_refused_extension_gets_no_distributor() {
    for extension in [ExtensionType::NonTransferable, ExtensionType::TransferHook] {
        let mut world = World::new();
        let asset = made(&mut world, extension);
        refuse(&mut world, asset);
    }
}

/// C-095, several at once: one that is refused is found wherever it stands.
#[test]
fn c_095_one_refused_extension_among_allowed_ones_is_refused() {
    let kinds = [ExtensionType::MetadataPointer, ExtensionType::MintCloseAuthority, ExtensionType::GroupPointer];
    for place in 0..=kinds.len() {
        for refused in [None, Some(ExtensionType::NonTransferable), Some(ExtensionType::TransferHook)] {
            let mut world = World::new();
            let mut order = kinds.to_vec();
            if let Some(refused) = refused {
                order.insert(place, refused);
            }
            let all = mint_extensions(&keypair(KEY).pubkey(), &world.owner.pubkey());
            let of = |kind: &ExtensionType| all.iter().find(|(found, _)| found == kind).unwrap().clone();
            let extensions: Vec<Initialisation> = order.iter().map(of).collect();
            let asset = world.create_extended_mint(&extensions, KEY);
            if refused.is_none() { drop(expect_success(create(&mut world, asset))) } else { refuse(&mut world, asset) }
        }
    }
}

/// C-095, at every funding: a mint that has become another since its distributor was created brings no money in.
#[test]
fn c_095_a_mint_is_judged_again_at_every_funding() {
    for number in numbers().filter(|number| *number > 28) {
        let mut world = World::new();
        let asset = world.create_token(spl_token_2022::ID);
        let campaign = Campaign::funded(&mut world, asset, Mode::Claim, 1);
        world.edit_data(&asset.mint, |data| {
            data.resize(170, 0);
            data[165] = 1;
            data[166..168].copy_from_slice(&number.to_le_bytes());
        });
        expect_unchanged(&mut world, TorqueError::MintExtensionRefused, |world| campaign.fund(world, FUNDING));
    }
}

/// A mint with the hook `program` and `authority` over it.
fn hooked(world: &mut World, authority: Option<Pubkey>, program: Option<Pubkey>) -> Asset {
    let mint = keypair(KEY).pubkey();
    let initialize = transfer_hook::instruction::initialize(&spl_token_2022::ID, &mint, authority, program).unwrap();
    world.create_extended_mint(&[(ExtensionType::TransferHook, initialize)], KEY)
}

/// Sets the hook of a mint, as its authority may.
fn set_hook(world: &mut World, asset: &Asset, program: Option<Pubkey>) -> Sent {
    let owner = world.owner.insecure_clone();
    let (id, mint) = (&asset.token_program, &asset.mint);
    let update: Instruction = transfer_hook::instruction::update(id, mint, &owner.pubkey(), &[], program).unwrap();
    world.send(update, &[&owner])
}

/// C-100, every hook: one that would fail, one that would want accounts, and our own program that it would re-enter.
/// All are refused, so that none is ever called.
#[test]
fn c_100_a_hook_is_refused_whoever_can_change_it() {
    let owner = World::new().owner.pubkey();
    let nobody = Pubkey::new_from_array([3; 32]);
    for (authority, program) in [
        (Some(owner), Some(torque::ID)),
        (Some(owner), Some(spl_token::ID)),
        (Some(owner), Some(nobody)),
        (None, Some(torque::ID)),
        (None, Some(nobody)),
    ] {
        let mut world = World::new();
        let asset = hooked(&mut world, authority, program);
        refuse(&mut world, asset);
    }
}

/// C-100, the hook that is absent for good: both are given up, neither comes back, and the mint pays like any other.
#[test]
fn c_100_a_hook_that_nobody_can_set_any_more_is_none() {
    let mut world = World::new();
    let owner = world.owner.pubkey();
    let asset = hooked(&mut world, Some(owner), Some(torque::ID));
    world.issue(&asset);
    refuse(&mut world, asset);
    expect_success(set_hook(&mut world, &asset, None));
    live(&mut world.fork(), asset, Mode::Claim);
    world.set_mint_authority(&asset, AuthorityType::TransferHookProgramId, None);
    live(&mut world, asset, Mode::Push);
    expect_refused(set_hook(&mut world, &asset, Some(torque::ID)));
}

/// C-104, paused while an epoch is open: every payment is refused whole, and after it each leaf is paid once.
#[test]
fn c_104_a_paused_mint_halts_payments_and_each_is_made_once_afterwards() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let asset = made(&mut world, ExtensionType::Pausable);
        world.issue(&asset);
        let (campaign, allocations) = Campaign::open(&mut world, asset, mode, 4);
        expect_success(campaign.pay(&mut world, &allocations, 0));
        world.pause_mint(&asset, true);
        for index in 1..4 {
            assert!(expect_unchanged_by(&mut world, |world| campaign.pay(world, &allocations, index)).is_some());
        }
        expect_unchanged_by(&mut world, |world| campaign.fund(world, FUNDING));
        expect_paid(&world, &campaign, &allocations, &[0]);
        world.pause_mint(&asset, false);
        for index in 1..4 {
            expect_success(campaign.pay(&mut world, &allocations, index));
        }
        expect_paid(&world, &campaign, &allocations, &[0, 1, 2, 3]);
    }
}

/// C-104, paused for good: nobody could ever be paid.
#[test]
fn c_104_a_mint_that_nobody_can_resume_is_refused() {
    let mut world = World::new();
    let asset = made(&mut world, ExtensionType::Pausable);
    world.pause_mint(&asset, true);
    expect_success(create(&mut world.fork(), asset));
    world.set_mint_authority(&asset, AuthorityType::Pause, None);
    refuse(&mut world, asset);
}
