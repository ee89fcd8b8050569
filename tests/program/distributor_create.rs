//! `distributor_create`: anybody creates a distributor of SOL or of a plain token, within the limits of its terms.

use anchor_lang::AccountDeserialize as _;
use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use anchor_spl::token_interface::TokenAccount;
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_address_taken, expect_anchor_error, expect_error, expect_success};
use tests::campaign::{Campaign, creation, terms};
use tests::events::the_event;
use tests::world::{BEGINNING, FEE_BASIS_POINTS, World, keypair};
use torque::error::TorqueError;
use torque::events::DistributorCreated;
use torque::instructions::DistributorCreateArgs;
use torque::state::{Distributor, Kind, Mode, Terms};

const HOUR: u32 = 3_600;
const DAY: u32 = 24 * HOUR;

#[test]
fn a_distributor_of_any_asset_and_mode_starts_empty() {
    for (program, decimals) in [(Asset::SOL.token_program, 9), (spl_token::ID, 6), (spl_token_2022::ID, 6)] {
        for mode in [Mode::Claim, Mode::Push] {
            let mut world = World::new();
            let asset = if program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(program) };
            let campaign = Campaign::created(&mut world, asset, mode, 7);
            let Distributor { version, owner, id, publisher, guardian, .. } = world.distributor(&campaign.addresses);
            let people = [world.owner.pubkey(), world.publisher.pubkey(), world.guardian.pubkey()];
            assert_eq!((version, id, [owner, publisher, guardian]), (1, 7, people));
            let Distributor { mint, token_program, vault, .. } = world.distributor(&campaign.addresses);
            assert_eq!((mint, token_program, vault), (asset.mint, asset.token_program, campaign.addresses.vault));
            let created = world.distributor(&campaign.addresses);
            assert_eq!((created.decimals, created.kind, created.mode), (decimals, Kind::Direct, mode));
            assert_eq!((created.fee_basis_points, created.terms), (FEE_BASIS_POINTS, terms()));
            assert_eq!([created.next_epoch, created.open_epochs], [0; 2]);
            assert_eq!([created.funded, created.reserved, created.paid], [0; 3]);
            assert_eq!((created.spare, world.vault_balance(&campaign.addresses)), ([0; 18], 0));
        }
    }
}

#[test]
fn the_vault_of_a_token_obeys_the_distributor_alone() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
        let account = world.cluster.account(&campaign.addresses.vault).unwrap();
        let vault = TokenAccount::try_deserialize(&mut account.data.as_slice()).unwrap();
        assert_eq!((vault.mint, vault.owner), (asset.mint, campaign.addresses.distributor));
        assert!(vault.delegate.is_none() && vault.close_authority.is_none() && vault.amount == 0);
    }
}

#[test]
fn the_vault_of_sol_belongs_to_the_program_and_has_no_data() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let vault = world.cluster.account(&campaign.addresses.vault).unwrap();
    assert_eq!((vault.owner, vault.data.len(), vault.lamports), (torque::ID, 0, world.rent(0)));
}

#[test]
fn a_creation_is_reported() {
    let mut world = World::new();
    let receipt = expect_success(create(&mut world, Asset::SOL, |_| {}));
    let event: DistributorCreated = the_event(&receipt);
    let people = [world.owner.pubkey(), world.publisher.pubkey(), world.guardian.pubkey()];
    assert_eq!([event.owner, event.publisher, event.guardian], people);
    assert_eq!((event.distributor, event.mint), (addresses(&world, Asset::SOL).distributor, Asset::SOL.mint));
    assert_eq!((event.terms, event.fee_basis_points), (terms(), FEE_BASIS_POINTS));
}

#[test]
fn each_duration_has_a_least_and_a_most() {
    fn epoch(terms: &mut Terms, seconds: u32) {
        terms.epoch_duration = seconds
    }
    fn delay(terms: &mut Terms, seconds: u32) {
        terms.activation_delay = seconds
    }
    fn window(terms: &mut Terms, seconds: u32) {
        terms.claim_window = seconds
    }
    type Setter = fn(&mut Terms, u32);
    let rows: [(Setter, u32, u32, TorqueError); 3] = [
        (epoch, 60, 366 * DAY, TorqueError::EpochDurationOutOfRange),
        (delay, HOUR, 30 * DAY, TorqueError::ActivationDelayOutOfRange),
        (window, DAY, 366 * DAY, TorqueError::ClaimWindowOutOfRange),
    ];
    for (set, least, most, error) in rows {
        for seconds in [least, most] {
            expect_success(create(&mut World::new(), Asset::SOL, |args| set(&mut args.terms, seconds)));
        }
        for seconds in [0, least - 1, most + 1, u32::MAX] {
            expect_error(create(&mut World::new(), Asset::SOL, |args| set(&mut args.terms, seconds)), error);
        }
    }
}

#[test]
fn a_schedule_begins_after_zero_has_an_epoch_and_ends_within_the_clock_s_range_and_not_long_ago() {
    let day = i64::from(DAY);
    for (start, epoch_count, is_accepted) in [
        (0, 1, false),
        (BEGINNING - 8 * day, 1, false),
        (BEGINNING - 8 * day + 1, 1, true),
        (0, u32::MAX, true),
        (i64::MAX - day, 1, true),
        (i64::MAX - day + 1, 1, false),
        (i64::MAX, u32::MAX, false),
        (-1, 1, false),
        (i64::MIN, 1, false),
        (0, 0, false),
    ] {
        let sent = create(&mut World::new(), Asset::SOL, |args| {
            args.terms = Terms { start, epoch_count, epoch_duration: DAY, ..args.terms };
        });
        if is_accepted { drop(expect_success(sent)) } else { expect_error(sent, TorqueError::ScheduleInvalid) }
    }
}

#[test]
fn an_epoch_must_have_a_budget() {
    let mut world = World::new();
    expect_error(create(&mut world, Asset::SOL, |args| args.terms.epoch_budget = 0), TorqueError::EpochBudgetZero);
    expect_success(create(&mut world, Asset::SOL, |args| args.terms.epoch_budget = u64::MAX));
}

#[test]
fn a_publisher_and_a_guardian_must_be_named() {
    let mut world = World::new();
    let nobody = Pubkey::default();
    expect_error(create(&mut world, Asset::SOL, |args| args.publisher = nobody), TorqueError::RoleMissing);
    expect_error(create(&mut world, Asset::SOL, |args| args.guardian = nobody), TorqueError::RoleMissing);
}

#[test]
fn a_mint_and_its_program_must_belong_together() {
    let mut world = World::new();
    let [old, new] = [spl_token::ID, spl_token_2022::ID].map(|program| world.create_token(program));
    let sol = Asset::SOL.token_program;
    for (mint, token_program, error) in [
        (old.mint, spl_token_2022::ID, TorqueError::MintInvalid),
        (new.mint, spl_token::ID, TorqueError::MintInvalid),
        (old.mint, sol, TorqueError::TokenProgramInvalid),
        (old.mint, torque::ID, TorqueError::TokenProgramInvalid),
        (sol, spl_token::ID, TorqueError::TokenProgramInvalid),
        (sol, spl_token_2022::ID, TorqueError::TokenProgramInvalid),
    ] {
        expect_error(create(&mut world, Asset { mint, token_program }, |_| {}), error);
    }
}

#[test]
fn what_is_no_mint_is_refused() {
    let mut world = World::new();
    let (empty, blank) = (keypair(50).pubkey(), keypair(51).pubkey());
    for program in [spl_token::ID, spl_token_2022::ID] {
        let asset = world.create_token(program);
        world.put_account(empty, program, vec![]);
        world.put_account(blank, program, vec![0; 82]);
        for mint in [asset.account_of(&world.owner.pubkey()), empty, blank] {
            let asset = Asset { mint, token_program: program };
            expect_error(create(&mut world, asset, |_| {}), TorqueError::MintInvalid);
        }
    }
}

#[test]
fn a_mint_with_bytes_that_nobody_knows_is_refused() {
    for surplus in [1, 83, 84, 120] {
        let mut world = World::new();
        let asset = world.create_token(spl_token_2022::ID);
        world.edit_data(&asset.mint, |data| data.resize(82 + surplus, 1));
        expect_error(create(&mut world, asset, |_| {}), TorqueError::MintExtensionRefused);
    }
}

#[test]
fn nothing_is_created_while_the_protocol_is_paused() {
    let mut world = World::new();
    world.set_paused(true);
    expect_error(create(&mut world, Asset::SOL, |_| {}), TorqueError::Paused);
    world.set_paused(false);
    expect_success(create(&mut world, Asset::SOL, |_| {}));
}

#[test]
fn a_distributor_is_created_once() {
    let mut world = World::new();
    expect_success(create(&mut world, Asset::SOL, |_| {}));
    expect_address_taken(create(&mut world, Asset::SOL, |_| {}));
}

#[test]
fn nobody_takes_the_address_of_another_owner() {
    let mut world = World::new();
    let stranger = world.stranger.insecure_clone();
    let args = Campaign::create_args(&world, Mode::Claim, 1);
    let mut create = instruction::distributor_create(&addresses(&world, Asset::SOL), args);
    create.accounts[0].pubkey = stranger.pubkey();
    expect_anchor_error(world.send(create, &[&stranger]), ErrorCode::ConstraintSeeds);
}

fn addresses(world: &World, asset: Asset) -> DistributorAddresses {
    DistributorAddresses::new(world.owner.pubkey(), 1, asset)
}

/// Creates distributor 1 of `asset` like the fixture, with the changes of `edit`.
fn create(world: &mut World, asset: Asset, edit: impl FnOnce(&mut DistributorCreateArgs)) -> Sent {
    let owner = world.owner.insecure_clone();
    let mut args = Campaign::create_args(world, Mode::Claim, 1);
    edit(&mut args);
    let create = creation(world, &addresses(world, asset), args);
    world.send(create, &[&owner])
}

#[test]
fn a_fee_that_was_raised_above_what_the_owner_agreed_to_is_refused() {
    for (agreed, is_accepted) in [(FEE_BASIS_POINTS, true), (FEE_BASIS_POINTS - 1, false)] {
        let sent = create(&mut World::new(), Asset::SOL, |args| args.max_fee_basis_points = agreed);
        if is_accepted { drop(expect_success(sent)) } else { expect_error(sent, TorqueError::FeeTooHigh) }
    }
}
