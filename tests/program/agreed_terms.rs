//! What a sponsor agrees to is what it gets: its money is refused under other terms, and while it is in nobody loosens
//! them. Not here: how money is counted (`sponsoring`) and returned (`sponsor_refund`).

use crank_cluster::address::Asset;
use crank_cluster::error::ChainError;
use crank_cluster::instruction::{self, authority};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::campaign::{BUDGET, Campaign, DELAY, EPOCH, LIMITS, WINDOW};
use tests::ledger::expect_unchanged;
use tests::world::{FEE_BASIS_POINTS, World};
use torque::error::TorqueError;
use torque::instructions::{DistributorUpdateArgs, SponsorArgs};
use torque::state::{AgreedTerms, Limits, Mode, Role};

/// The terms of the fixture.
const UNCHANGED: DistributorUpdateArgs = DistributorUpdateArgs {
    epoch_budget: BUDGET,
    activation_delay: DELAY as u32,
    claim_window: WINDOW as u32,
    epoch_count: 10,
    limits: LIMITS,
};

#[test]
fn a_sponsor_agrees_to_the_schedule_the_limits_the_fee_and_the_keys() {
    let (world, campaign, _) = created();
    let agreed = AgreedTerms {
        epoch_count: 10,
        epoch_budget: BUDGET,
        activation_delay: DELAY as u32,
        claim_window: WINDOW as u32,
        limits: LIMITS,
        fee_basis_points: FEE_BASIS_POINTS,
        publisher: world.publisher.pubkey(),
        guardian: world.guardian.pubkey(),
    };
    assert_eq!(world.agreed_terms(&campaign.addresses), agreed);
}

#[test]
fn a_sponsor_that_agrees_to_any_other_term_is_refused() {
    let (mut world, campaign, wallet) = created();
    let agreed = world.agreed_terms(&campaign.addresses);
    let others = [
        ("epoch_count", AgreedTerms { epoch_count: 11, ..agreed }),
        ("epoch_budget", AgreedTerms { epoch_budget: BUDGET + 1, ..agreed }),
        ("epoch_budget", AgreedTerms { epoch_budget: BUDGET - 1, ..agreed }),
        ("activation_delay", AgreedTerms { activation_delay: agreed.activation_delay - 1, ..agreed }),
        ("claim_window", AgreedTerms { claim_window: agreed.claim_window + 1, ..agreed }),
        ("limits", AgreedTerms { limits: Limits { window: 3_601, ..LIMITS }, ..agreed }),
        ("fee_basis_points", AgreedTerms { fee_basis_points: FEE_BASIS_POINTS - 1, ..agreed }),
        ("publisher", AgreedTerms { publisher: wallet.pubkey(), ..agreed }),
        ("guardian", AgreedTerms { guardian: wallet.pubkey(), ..agreed }),
    ];
    for (name, other) in others {
        let error = TorqueError::TermsNotAgreed;
        expect_unchanged(&mut world, error, |world| sponsor(world, &campaign, &wallet, other));
        let refused = sponsor(&mut world, &campaign, &wallet, other);
        let Err(ChainError::Refused { logs, .. }) = refused else { panic!("accepted with another {name}") };
        assert!(logs.contains(&format!("Program log: {name}")), "{name} in {logs:?}");
    }
    expect_success(sponsor(&mut world, &campaign, &wallet, agreed));
}

#[test]
fn an_owner_that_changes_the_terms_just_before_gets_nothing() {
    for looser in [
        DistributorUpdateArgs { epoch_count: u32::MAX, ..UNCHANGED },
        DistributorUpdateArgs { claim_window: 2 * WINDOW as u32, ..UNCHANGED },
    ] {
        let (mut world, campaign, wallet) = created();
        let agreed = world.agreed_terms(&campaign.addresses);
        expect_success(update(&mut world, &campaign, looser));
        let error = TorqueError::TermsNotAgreed;
        expect_unchanged(&mut world, error, |world| sponsor(world, &campaign, &wallet, agreed));
        let read_again = world.agreed_terms(&campaign.addresses);
        expect_success(sponsor(&mut world, &campaign, &wallet, read_again));
    }
}

#[test]
fn while_terms_change_a_sponsor_agrees_to_the_worse_of_both() {
    for tighter in [
        DistributorUpdateArgs { epoch_budget: BUDGET / 2, ..UNCHANGED },
        DistributorUpdateArgs { activation_delay: 2 * DELAY as u32, ..UNCHANGED },
        DistributorUpdateArgs { claim_window: WINDOW as u32 / 2, ..UNCHANGED },
    ] {
        let (mut world, campaign, wallet) = created();
        let agreed = world.agreed_terms(&campaign.addresses);
        expect_success(update(&mut world, &campaign, tighter));
        // The epoch that has begun keeps its own terms, and is paid with the sponsor's money as well.
        assert_eq!(world.agreed_terms(&campaign.addresses), agreed);
        expect_success(sponsor(&mut world, &campaign, &wallet, agreed));
    }
}

#[test]
fn while_a_guardian_is_named_or_about_to_take_over_nobody_sponsors() {
    let (mut world, campaign, wallet) = created();
    let heir = world.stranger.insecure_clone();
    let owner = world.owner.pubkey();
    expect_success(offer(&mut world, &campaign, owner, heir.pubkey()));
    let changing = TorqueError::GuardianChanging;
    expect_unchanged(&mut world, changing, |world| campaign.sponsor(world, &wallet, 1_000));
    let accept = authority::role_accept(campaign.addresses.distributor, Role::Guardian, heir.pubkey());
    expect_success(world.send(accept, &[&heir]));
    expect_unchanged(&mut world, changing, |world| campaign.sponsor(world, &wallet, 1_000));
    // The epoch that had begun keeps the old guardian; with the one after it the new one takes over.
    world.pass(2 * EPOCH);
    for index in 0..2 {
        expect_success(campaign.skip(&mut world, index));
    }
    expect_success(campaign.sponsor(&mut world, &wallet, 1_000));
    assert_eq!(world.agreed_terms(&campaign.addresses).guardian, heir.pubkey());
}

#[test]
fn while_sponsors_money_is_in_the_owner_neither_prolongs_nor_loosens_anything() {
    let (mut world, campaign, wallet) = created();
    expect_success(campaign.sponsor(&mut world, &wallet, 1_000));
    for looser in [
        DistributorUpdateArgs { epoch_count: 11, ..UNCHANGED },
        DistributorUpdateArgs { epoch_count: u32::MAX, epoch_budget: 1, ..UNCHANGED },
        DistributorUpdateArgs { epoch_budget: BUDGET + 1, ..UNCHANGED },
        DistributorUpdateArgs { activation_delay: DELAY as u32 - 1, ..UNCHANGED },
        DistributorUpdateArgs { activation_delay: DELAY as u32 + 1, ..UNCHANGED },
        DistributorUpdateArgs { claim_window: WINDOW as u32 + 1, ..UNCHANGED },
        DistributorUpdateArgs { limits: Limits { absolute: BUDGET + 1, ..LIMITS }, ..UNCHANGED },
        DistributorUpdateArgs { limits: Limits { window: 3_599, ..LIMITS }, ..UNCHANGED },
    ] {
        let error = TorqueError::SponsorsAgreedOtherwise;
        expect_unchanged(&mut world, error, |world| update(world, &campaign, looser));
    }
    let limits = Limits { window: 3_601, ..LIMITS };
    let (epoch_budget, claim_window) = (BUDGET - 1, WINDOW as u32 - 1);
    let tighter = DistributorUpdateArgs { epoch_budget, claim_window, limits, ..UNCHANGED };
    expect_success(update(&mut world, &campaign, tighter));
    // What was given away is not taken back, not even to where it was.
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 1));
    let error = TorqueError::SponsorsAgreedOtherwise;
    expect_unchanged(&mut world, error, |world| update(world, &campaign, UNCHANGED));
    expect_success(campaign.end(&mut world));
}

#[test]
fn while_sponsors_money_is_in_only_the_guardian_names_the_next_one() {
    let (mut world, campaign, wallet) = created();
    let (owner, guardian, heir) = (world.owner.pubkey(), world.guardian.pubkey(), world.stranger.insecure_clone());
    expect_success(offer(&mut world.fork(), &campaign, owner, heir.pubkey()));
    let refused = TorqueError::NotOwner;
    expect_unchanged(&mut world, refused, |world| offer(world, &campaign, guardian, heir.pubkey()));
    expect_success(campaign.sponsor(&mut world, &wallet, 1_000));
    let refused = TorqueError::GuardianKept;
    expect_unchanged(&mut world, refused, |world| offer(world, &campaign, owner, heir.pubkey()));
    expect_success(offer(&mut world, &campaign, guardian, heir.pubkey()));
    let accept = authority::role_accept(campaign.addresses.distributor, Role::Guardian, heir.pubkey());
    expect_success(world.send(accept, &[&heir]));
    // The next one is the only one that names another, from the moment on at which it accepted.
    expect_unchanged(&mut world, refused, |world| offer(world, &campaign, guardian, owner));
    expect_success(offer(&mut world, &campaign, heir.pubkey(), guardian));
}

/// A distributor of SOL, and a sponsor with two budgets.
fn created() -> (World, Campaign, Keypair) {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let wallet = world.new_sponsor(0, &Asset::SOL, 2 * BUDGET);
    (world, campaign, wallet)
}

fn sponsor(world: &mut World, campaign: &Campaign, wallet: &Keypair, agreed: AgreedTerms) -> Sent {
    let guardian = world.guardian.insecure_clone();
    let args = SponsorArgs { number: 0, agreed };
    let fund = instruction::distributor_sponsor(&campaign.addresses, wallet.pubkey(), 1_000, args);
    world.send(fund, &[&guardian, wallet])
}

fn update(world: &mut World, campaign: &Campaign, args: DistributorUpdateArgs) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(authority::distributor_update(&campaign.addresses, args), &[&owner])
}

/// Names `to` as the next guardian, by one of the world's people.
fn offer(world: &mut World, campaign: &Campaign, by: Pubkey, to: Pubkey) -> Sent {
    let people = [&world.owner, &world.guardian, &world.stranger].map(Keypair::insecure_clone);
    let key = people.iter().find(|key| key.pubkey() == by).unwrap();
    let transfer = authority::role_transfer(&campaign.addresses.owned_by(by), Role::Guardian, to);
    world.send(transfer, &[key])
}
