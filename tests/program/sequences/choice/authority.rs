//! The steps of owners and administrators: ends and changes of a schedule, pauses, and roles that pass on.

use proptest::prelude::*;
use proptest::strategy::SBoxedStrategy;
use torque::state::{Limits, Role};

use super::super::bucket::LIMITS;
use super::super::epoch::Rules;
use super::super::operation::{Change, Index, ListKind, Operation, Person, Time};

pub(in super::super) fn authority() -> SBoxedStrategy<Operation> {
    prop_oneof![
        6 => Just(Operation::End),
        14 => change().prop_map(|change| Operation::Update { change }),
        1 => any::<bool>().prop_map(|is_by_admin| Operation::PauseProtocol { is_by_admin }),
        5 => prop::bool::weighted(0.2).prop_map(|is_stale| Operation::UnpauseProtocol { is_stale }),
        2 => Just(Operation::PauseDistributor),
        6 => Just(Operation::UnpauseDistributor),
        8 => (role(), successor()).prop_map(|(role, to)| Operation::Transfer { role, to }),
        10 => role().prop_map(|role| Operation::Accept { role }),
        2 => Just(Operation::CloseLink),
    ]
    .sboxed()
}

pub(in super::super) fn role() -> impl Strategy<Value = Role> {
    prop_oneof![1 => Just(Role::Owner), 2 => Just(Role::Publisher), 1 => Just(Role::Guardian)]
}

/// Only people who hold the distributor's asset can be its owner.
fn successor() -> impl Strategy<Value = Option<Person>> {
    prop_oneof![4 => Just(Some(Person::Heir)), 1 => Just(Some(Person::Owner)), 1 => Just(None)]
}

/// Mostly a change that is accepted; each of its numbers may be too small or too large.
fn change() -> SBoxedStrategy<Change> {
    let budget = prop_oneof![9 => prop::sample::select(vec![200_000, 3_000_000, 10_000_000, 20_000_000]), 1 => Just(0)];
    let delay = prop_oneof![9 => prop::sample::select(vec![3_600, 7_200]), 1 => Just(3_599)];
    let window = prop_oneof![9 => prop::sample::select(vec![86_400, 172_800]), 1 => Just(86_399)];
    let epochs_added = prop_oneof![9 => prop::sample::select(vec![0, 3]), 1 => Just(-1)];
    let rules = (budget, delay, window).prop_flat_map(|(budget, delay, window)| {
        limits(budget).prop_map(move |limits| Rules { budget, delay, window, limits })
    });
    (rules, epochs_added).prop_map(|(rules, epochs_added)| Change { rules, epochs_added }).sboxed()
}

/// Mostly limits that let `budget` out within half an epoch, and some that are faster, or too slow.
fn limits(budget: u64) -> impl Strategy<Value = Limits> {
    let slowest = vec![(2 * budget, 3_600), (budget, 1_800), (4 * budget, 7_200), (budget, 600)];
    let fastest = vec![(LIMITS.absolute, 3_600), (LIMITS.absolute, 600), (3 * LIMITS.absolute, 7_200)];
    let slow = vec![((2 * budget).saturating_sub(1), 3_600), (budget, 1_801), (2 * LIMITS.absolute, 599)];
    let size = prop_oneof![
        6 => prop::sample::select(slowest),
        6 => prop::sample::select(fastest),
        1 => prop::sample::select(slow),
    ];
    let basis_points =
        prop_oneof![12 => Just(10_000), 5 => Just(2_500), 1 => prop::sample::select(vec![0, 100, 10_001])];
    (size, basis_points).prop_map(|((absolute, window), epoch_basis_points)| Limits {
        absolute,
        window,
        epoch_basis_points,
    })
}

/// A change to a small budget with limits as small, after which what is open already needs too long for another epoch.
pub(in super::super) fn lowered() -> Vec<Operation> {
    let limits = Limits { absolute: 400_000, ..LIMITS };
    let rules = Rules { budget: 200_000, delay: 3_600, window: 86_400, limits };
    let post = |list| Operation::Post { index: Index::Next, list };
    let pass = Operation::Pass { time: Time::Seconds(3_600) };
    vec![
        Operation::Update { change: Change { rules, epochs_added: 0 } },
        post(ListKind::Honest(6)),
        post(ListKind::Honest(2)),
        pass,
        pass,
        post(ListKind::Tiny(1)),
        post(ListKind::Tiny(1)),
    ]
}
