//! Powers over a mint: each is refused until the creator accepts exactly it, and again at every funding. What they do
//! to a campaign is in `issuers`, which extensions are never payable in `catalogue::extensions`.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use spl_token_2022::extension::{ExtensionType, transfer_hook};
use spl_token_2022::instruction::AuthorityType;
use tests::assertions::{Sent, expect_success};
use tests::campaign::{Campaign, EPOCH, FUNDING};
use tests::events::the_event;
use tests::extensions::{Initialisation, mint_extensions};
use tests::issuers::issuer;
use tests::ledger::expect_unchanged;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::events::{DistributorCreated, DistributorFunded};
use torque::instructions::DistributorCreateArgs;
use torque::powers::Powers;
use torque::state::{Mode, Role};

/// The key of the mint of a test.
const KEY: u32 = 60;
/// Each power that somebody holds, the authority that holds it, and the refusal of a creation that does not accept it.
const HELD: [(Powers, AuthorityType, TorqueError); 5] = [
    (Powers::FREEZE, AuthorityType::FreezeAccount, TorqueError::FreezeNotAccepted),
    (Powers::PAUSE, AuthorityType::Pause, TorqueError::PauseNotAccepted),
    (Powers::TRANSFER_FEE, AuthorityType::TransferFeeConfig, TorqueError::TransferFeeNotAccepted),
    (Powers::PERMANENT_DELEGATE, AuthorityType::PermanentDelegate, TorqueError::PermanentDelegateNotAccepted),
    (Powers::TRANSFER_HOOK, AuthorityType::TransferHookProgramId, TorqueError::TransferHookNotAccepted),
];

#[test]
fn a_power_is_refused_with_an_error_of_its_own_until_it_is_accepted() {
    for (power, _, error) in HELD {
        let mut world = World::new();
        let asset = mint_with(&mut world, power, &issuer().pubkey());
        expect_unchanged(&mut world, error, |world| create(world, asset, Powers::NONE));
        let others = Powers::HELD.without(power);
        expect_unchanged(&mut world, error, |world| create(world, asset, others));
        expect_success(create(&mut world, asset, power));
    }
    let mut world = World::new();
    let asset = mint_with(&mut world, Powers::CONFIDENTIAL_TRANSFERS, &issuer().pubkey());
    let error = TorqueError::ConfidentialTransfersNotAccepted;
    expect_unchanged(&mut world, error, |world| create(world, asset, Powers::NONE));
    expect_success(create(&mut world, asset, Powers::CONFIDENTIAL_TRANSFERS));
}

#[test]
fn a_power_that_is_the_owner_s_own_is_refused_until_it_is_accepted_as_such() {
    for (power, _, error) in HELD {
        let mut world = World::new();
        let owner = world.owner.pubkey();
        let asset = mint_with(&mut world, power, &owner);
        for accepted in [Powers::NONE, power] {
            let error = TorqueError::OwnerPowerNotAccepted;
            expect_unchanged(&mut world, error, |world| create(world, asset, accepted));
        }
        expect_unchanged(&mut world, error, |world| create(world, asset, power.of_owner()));
        expect_success(create(&mut world, asset, power.with(power.of_owner())));
    }
}

#[test]
fn the_freeze_authority_of_a_plain_token_is_a_power_too() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let refusal = TorqueError::OwnerPowerNotAccepted;
    expect_unchanged(&mut world, refusal, |world| create(world, asset, Powers::FREEZE));
    world.set_mint_authority(&asset, AuthorityType::FreezeAccount, Some(&issuer().pubkey()));
    let refusal = TorqueError::FreezeNotAccepted;
    expect_unchanged(&mut world, refusal, |world| create(world, asset, Powers::NONE));
    expect_success(create(&mut world.fork(), asset, Powers::FREEZE));
    world.set_mint_authority_by(&issuer(), &asset, AuthorityType::FreezeAccount, None);
    expect_success(create(&mut world, asset, Powers::NONE));
}

#[test]
fn a_power_that_was_given_up_need_not_be_accepted() {
    for (power, authority, _) in HELD {
        let mut world = World::new();
        let owner = world.owner.pubkey();
        let asset = mint_with(&mut world, power, &owner);
        world.set_mint_authority(&asset, authority, None);
        expect_success(create(&mut world, asset, Powers::NONE));
    }
}

#[test]
fn more_than_the_mint_gives_is_not_accepted() {
    let mut world = World::new();
    let token = mint_with(&mut world, Powers::FREEZE, &issuer().pubkey());
    for power in [Powers::PAUSE, Powers::PERMANENT_DELEGATE, Powers::FREEZE.of_owner(), Powers::CONFIDENTIAL_TRANSFERS]
    {
        let error = TorqueError::PowerAbsent;
        expect_unchanged(&mut world, error, |world| create(world, token, Powers::FREEZE.with(power)));
        expect_unchanged(&mut world, error, |world| create(world, Asset::SOL, power));
    }
}

#[test]
fn a_bit_without_a_meaning_is_refused() {
    for bit in [6, 7, 13, 14, 15] {
        let accepted = Powers { bits: 1 << bit };
        let error = TorqueError::PowersUnknown;
        expect_unchanged(&mut World::new(), error, |world| create(world, Asset::SOL, accepted));
    }
}

#[test]
fn accepted_powers_stand_in_the_account_in_both_events_and_in_the_views() {
    let mut world = World::new();
    let powers = Powers::FREEZE.with(Powers::FREEZE.of_owner());
    let owner = world.owner.pubkey();
    let asset = mint_with(&mut world, Powers::FREEZE, &owner);
    let created: DistributorCreated = the_event(&expect_success(create(&mut world, asset, powers)));
    let campaign = campaign(&world, asset);
    world.issue(&asset);
    let funded: DistributorFunded = the_event(&expect_success(campaign.fund(&mut world, FUNDING)));
    let kept = world.distributor(&campaign.addresses).accepted_powers;
    assert_eq!([created.accepted_powers, funded.accepted_powers, kept], [powers; 3]);
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(&mut world, &allocations));
    let claimable = campaign.view_claimable(&world, &allocations, 0, false).unwrap();
    let refund = campaign.view_refund(&world).unwrap();
    assert_eq!([claimable.accepted_powers, refund.accepted_powers], [powers; 2]);
}

#[test]
fn an_authority_that_passes_to_the_owner_stops_funding_and_nothing_else() {
    let mut world = World::new();
    let asset = mint_with(&mut world, Powers::FREEZE, &issuer().pubkey());
    expect_success(create(&mut world, asset, Powers::FREEZE));
    let campaign = campaign(&world, asset);
    world.issue(&asset);
    let sponsor = world.new_sponsor(0, &asset, 10_000);
    expect_success(campaign.fund(&mut world, FUNDING));
    let owner = world.owner.pubkey();
    world.set_mint_authority_by(&issuer(), &asset, AuthorityType::FreezeAccount, Some(&owner));
    let error = TorqueError::OwnerPowerNotAccepted;
    expect_unchanged(&mut world, error, |world| campaign.fund(world, FUNDING));
    expect_unchanged(&mut world, error, |world| campaign.sponsor(world, &sponsor, 1_000));
    let mut gone = world.fork();
    gone.set_mint_authority(&asset, AuthorityType::FreezeAccount, None);
    expect_success(campaign.sponsor(&mut gone, &sponsor, 1_000));
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(&mut world, &allocations));
}

#[test]
fn a_distributor_that_passes_to_the_holder_of_an_authority_takes_no_more_money() {
    let mut world = World::new();
    let heir = keypair(61);
    world.cluster.airdrop(&heir.pubkey(), 1_000_000_000).unwrap();
    let asset = mint_with(&mut world, Powers::PAUSE, &heir.pubkey());
    expect_success(create(&mut world, asset, Powers::PAUSE));
    let campaign = campaign(&world, asset);
    world.issue(&asset);
    let sponsor = world.new_sponsor(0, &asset, 10_000);
    expect_success(campaign.sponsor(&mut world, &sponsor, 1_000));
    let owner = world.owner.insecure_clone();
    let (role, to) = (Role::Owner, heir.pubkey());
    let transfer = instruction::authority::role_transfer(&campaign.addresses, role, to);
    expect_success(world.send(transfer, &[&owner]));
    expect_success(campaign.sponsor(&mut world, &sponsor, 1_000));
    let accept = instruction::authority::role_accept(campaign.addresses.distributor, role, to);
    expect_success(world.send(accept, &[&heir]));
    let error = TorqueError::OwnerPowerNotAccepted;
    expect_unchanged(&mut world, error, |world| campaign.sponsor(world, &sponsor, 1_000));
}

/// A mint of Token-2022 that gives `holder` the power `power`, and nobody any other.
fn mint_with(world: &mut World, power: Powers, holder: &Pubkey) -> Asset {
    let mint = keypair(KEY).pubkey();
    let wanted = match power {
        Powers::PAUSE => Some(ExtensionType::Pausable),
        Powers::TRANSFER_FEE => Some(ExtensionType::TransferFeeConfig),
        Powers::PERMANENT_DELEGATE => Some(ExtensionType::PermanentDelegate),
        Powers::CONFIDENTIAL_TRANSFERS => Some(ExtensionType::ConfidentialTransferMint),
        _ => None,
    };
    let all = mint_extensions(&mint, holder).into_iter();
    let mut extensions: Vec<Initialisation> = all.filter(|(kind, _)| Some(*kind) == wanted).collect();
    if power == Powers::TRANSFER_HOOK {
        let hook = transfer_hook::instruction::initialize(&spl_token_2022::ID, &mint, Some(*holder), None);
        extensions.push((ExtensionType::TransferHook, hook.unwrap()));
    }
    let asset = world.create_extended_mint(&extensions, KEY);
    let freezer = (power == Powers::FREEZE).then_some(holder);
    world.set_mint_authority(&asset, AuthorityType::FreezeAccount, freezer);
    asset
}

/// Creates distributor 1 of `asset`, whose creator accepts `accepted_powers`.
fn create(world: &mut World, asset: Asset, accepted_powers: Powers) -> Sent {
    let owner = world.owner.insecure_clone();
    let args = DistributorCreateArgs { accepted_powers, ..Campaign::create_args(world, Mode::Claim, 1) };
    world.send(instruction::distributor_create(&campaign(world, asset).addresses, args), &[&owner])
}

fn campaign(world: &World, asset: Asset) -> Campaign {
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, asset);
    Campaign { addresses, mode: Mode::Claim, publisher: world.publisher.insecure_clone() }
}
