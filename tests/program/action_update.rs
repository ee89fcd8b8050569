//! `action_update`: an action's rules change only at a future time, so that the measurement of an epoch that has begun
//! never changes. The old and the new rules can be read before and after that time.

use crank_cluster::{
    address,
    instruction::{self, authority},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::calls::action_args;
use tests::calls::authority::next_rules;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::error::TorqueError;
use torque::events::ActionUpdated;
use torque::state::{Action, Audience, NextRules};

#[test]
fn the_rules_in_force_stay_readable_until_the_next_ones_are() {
    let (mut world, action) = with_action();
    let next = next_rules(BEGINNING + 1);
    let event: ActionUpdated = the_event(&expect_success(update(&mut world, action, next)));
    assert_eq!((event.action, event.audience, event.next), (action, Audience::Everyone, next));
    let found = decode(&world, action);
    assert_eq!((found.audience, found.query_hash, found.metadata_hash), (Audience::Everyone, [1; 32], [2; 32]));
    assert_eq!(found.next, next);
}

#[test]
fn a_change_is_in_the_future_when_it_is_made() {
    let (mut world, action) = with_action();
    for from in [i64::MIN, -1, 0, BEGINNING - 1, BEGINNING] {
        let too_early = next_rules(from);
        expect_unchanged(&mut world, TorqueError::ChangeNotInFuture, |world| update(world, action, too_early));
    }
    for from in [BEGINNING + 1, i64::MAX] {
        expect_success(update(&mut world.fork(), action, next_rules(from)));
    }
    world.cluster.set_time(-5);
    expect_unchanged(&mut world, TorqueError::ChangeNotInFuture, |world| update(world, action, next_rules(0)));
}

#[test]
fn rules_in_force_are_kept_when_the_next_change_is_made() {
    let (mut world, action) = with_action();
    let first = next_rules(BEGINNING + 10);
    expect_success(update(&mut world, action, first));
    let second = NextRules { audience: Audience::Everyone, query_hash: [8; 32], ..next_rules(BEGINNING + 50) };
    // One second before the first is in force, the second takes its place.
    world.pass(9);
    let mut early = world.fork();
    expect_success(update(&mut early, action, second));
    let found = decode(&early, action);
    assert_eq!((found.audience, found.query_hash, found.next), (Audience::Everyone, [1; 32], second));
    world.pass(1);
    expect_success(update(&mut world, action, second));
    let found = decode(&world, action);
    assert_eq!((found.audience, found.query_hash), (first.audience, first.query_hash));
    assert_eq!((found.metadata_hash, found.next), (first.metadata_hash, second));
}

#[test]
fn an_audience_to_come_is_checked_as_the_first_one_was() {
    let (mut world, action) = with_action();
    let mint = Pubkey::new_from_array([1; 32]);
    for audience in [
        Audience::AllowList { root: [0; 32] },
        Audience::DenyList { root: [0; 32] },
        Audience::TokenGate { mint, minimum_amount: 0 },
        Audience::TokenGate { mint: Pubkey::default(), minimum_amount: 1 },
    ] {
        let next = NextRules { audience, ..next_rules(BEGINNING + 1) };
        expect_unchanged(&mut world, TorqueError::AudienceInvalid, |world| update(world, action, next));
    }
}

#[test]
fn nobody_but_its_owner_changes_an_action() {
    let (mut world, action) = with_action();
    for person in [world.admin.insecure_clone(), world.stranger.insecure_clone()] {
        let update = authority::action_update(person.pubkey(), action, next_rules(BEGINNING + 1));
        expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(update, &[&person]));
    }
}

fn with_action() -> (World, Pubkey) {
    let mut world = World::new();
    let owner = world.owner.insecure_clone();
    expect_success(world.send(instruction::action_create(owner.pubkey(), action_args(1)), &[&owner]));
    (world, address::action(&owner.pubkey(), 1))
}

fn update(world: &mut World, action: Pubkey, next: NextRules) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(authority::action_update(owner.pubkey(), action, next), &[&owner])
}

fn decode(world: &World, action: Pubkey) -> Action {
    world.cluster.decode(&action, "action").unwrap()
}
