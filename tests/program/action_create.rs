//! `action_create`: anybody launches an action at an address that is derived from their key.

use anchor_lang::error::ErrorCode;
use crank_cluster::{address, instruction};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_address_taken, expect_anchor_error, expect_error, expect_success};
use tests::calls::action_args;
use tests::events::the_event;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::ActionCreated;
use torque::instructions::ActionCreateArgs;
use torque::state::{Action, Audience};

#[test]
fn anybody_launches_an_action_for_any_audience() {
    let mut world = World::new();
    let owner = world.owner.pubkey();
    for (audience, id) in audiences(1).into_iter().zip([0, 1, 2, u64::MAX]) {
        let args = ActionCreateArgs { audience, start: 5, end: 6, ..action_args(id) };
        let receipt = expect_success(create(&mut world, args));
        let action: Action = world.cluster.decode(&address::action(&owner, id), "action").unwrap();
        assert_eq!((action.version, action.owner, action.id, action.audience), (1, owner, id, audience));
        assert_eq!((action.query_hash, action.metadata_hash), ([1; 32], [2; 32]));
        assert_eq!((action.start, action.end, action.spare), (5, 6, [0; 96]));
        let event: ActionCreated = the_event(&receipt);
        assert_eq!((event.action, event.owner, event.id), (address::action(&owner, id), owner, id));
        assert_eq!((event.audience, event.query_hash), (audience, [1; 32]));
    }
}

#[test]
fn an_audience_without_a_root_a_mint_or_an_amount_is_refused() {
    let mut world = World::new();
    let gate = Audience::TokenGate { mint: Pubkey::new_from_array([1; 32]), minimum_amount: 0 };
    for audience in audiences(0).into_iter().skip(1).chain([gate]) {
        let args = ActionCreateArgs { audience, ..action_args(1) };
        expect_error(create(&mut world, args), TorqueError::AudienceInvalid);
    }
}

#[test]
fn an_action_starts_at_or_after_zero_and_ends_after_it_starts() {
    for (start, end, is_accepted) in [
        (0, 1, true),
        (0, i64::MAX, true),
        (i64::MAX - 1, i64::MAX, true),
        (-1, 1, false),
        (i64::MIN, i64::MAX, false),
        (7, 7, false),
        (8, 7, false),
        (i64::MAX, i64::MAX, false),
    ] {
        let sent = create(&mut World::new(), ActionCreateArgs { start, end, ..action_args(1) });
        if is_accepted { drop(expect_success(sent)) } else { expect_error(sent, TorqueError::ActionPeriodInvalid) }
    }
}

#[test]
fn an_action_is_launched_once() {
    let mut world = World::new();
    expect_success(create(&mut world, action_args(1)));
    expect_address_taken(create(&mut world, action_args(1)));
}

#[test]
fn two_owners_use_the_same_number() {
    let mut world = World::new();
    expect_success(create(&mut world, action_args(1)));
    let stranger = world.stranger.insecure_clone();
    expect_success(world.send(instruction::action_create(stranger.pubkey(), action_args(1)), &[&stranger]));
}

#[test]
fn nobody_takes_the_address_of_another_owner() {
    let mut world = World::new();
    let stranger = world.stranger.insecure_clone();
    let mut create = instruction::action_create(stranger.pubkey(), action_args(1));
    create.accounts[1].pubkey = address::action(&world.owner.pubkey(), 1);
    expect_anchor_error(world.send(create, &[&stranger]), ErrorCode::ConstraintSeeds);
}

/// One of each sort, with roots, mints and amounts of `byte`.
fn audiences(byte: u8) -> [Audience; 4] {
    [
        Audience::Everyone,
        Audience::AllowList { root: [byte; 32] },
        Audience::DenyList { root: [byte; 32] },
        Audience::TokenGate { mint: Pubkey::new_from_array([byte; 32]), minimum_amount: 1 },
    ]
}

fn create(world: &mut World, args: ActionCreateArgs) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(instruction::action_create(owner.pubkey(), args), &[&owner])
}
