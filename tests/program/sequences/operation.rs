//! What can happen in a sequence, and how often.

use proptest::prelude::*;

/// One step: what happens, and to which of the distributors.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// 0 pays SOL by claim, 1 pays tokens by push.
    pub(super) which: usize,
    pub(super) operation: Operation,
}

/// An instruction with its choices, or time that passes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Fund { amount: u64 },
    Post { index: Index, list: ListKind },
    Repost { epoch: Target, list: ListKind },
    Extend { epoch: Target },
    Cancel { epoch: Target, by: Person },
    Skip,
    Claim { epoch: Target, leaf: Leaf, is_false: bool },
    Push { epoch: Target, first: u32, level: u8, is_false: bool },
    CloseEpoch { epoch: Target },
    End,
    CloseDistributor,
    Pause { is_paused: bool },
    Pass { seconds: i64 },
}

/// Which epoch is posted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Index {
    Next,
    Previous,
    AfterNext,
}

/// Which epoch a step is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// One of those that are open now, counted round.
    Open(usize),
    /// One of those without a root, counted round.
    Vacant(usize),
    /// The one that was posted or skipped last.
    Latest,
    /// The one of this number, whether it is there or not.
    Number(u32),
}

/// Which leaf is claimed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaf {
    /// One of the list's, counted round.
    Listed(usize),
    /// The first one that is not there.
    AfterLast,
}

/// What a posted list is like.
#[derive(Clone, Copy, Debug)]
pub(super) enum ListKind {
    /// This many leaves, and a total that is their sum.
    Honest(u32),
    /// A first leaf of one base unit, which is too little for a SOL account.
    Tiny(u32),
    /// A total that is a base unit short.
    Understated(u32),
    /// A total above the epoch budget.
    Excessive,
    /// So many leaves that the account has to grow, of which only the last is somebody's.
    Large,
}

/// Who cancels.
#[derive(Clone, Copy, Debug)]
pub(super) enum Person {
    Owner,
    Guardian,
    Stranger,
}

impl Operation {
    /// The name under which it is counted.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Fund { .. } => "fund",
            Self::Post { .. } => "post",
            Self::Repost { .. } => "repost",
            Self::Extend { .. } => "extend",
            Self::Cancel { .. } => "cancel",
            Self::Skip => "skip",
            Self::Claim { .. } => "claim",
            Self::Push { .. } => "push",
            Self::CloseEpoch { .. } => "close epoch",
            Self::End => "end",
            Self::CloseDistributor => "close distributor",
            Self::Pause { .. } => "pause",
            Self::Pass { .. } => "pass",
        }
    }
}

/// Sequences of about 25 steps.
pub(super) fn sequences() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 22..=28)
}

/// A payment is mostly asked for in the mode of its distributor; all else happens to both alike.
fn step() -> impl Strategy<Value = Step> {
    let mostly = |which: usize| prop_oneof![9 => Just(which), 1 => Just(1 - which)];
    prop_oneof![
        5 => (mostly(0), claim()).prop_map(|(which, operation)| Step { which, operation }),
        5 => (mostly(1), push()).prop_map(|(which, operation)| Step { which, operation }),
        20 => (0..2_usize, other()).prop_map(|(which, operation)| Step { which, operation }),
    ]
}

fn claim() -> impl Strategy<Value = Operation> {
    let leaf = prop_oneof![9 => (0..6_usize).prop_map(Leaf::Listed), 1 => Just(Leaf::AfterLast)];
    (target(), leaf, is_false()).prop_map(|(epoch, leaf, is_false)| Operation::Claim { epoch, leaf, is_false })
}

fn push() -> impl Strategy<Value = Operation> {
    let blocks = vec![(0, 0), (1, 0), (5, 0), (0, 1), (2, 1), (4, 1), (0, 2), (0, 3), (0, 3), (8, 3)];
    (target(), prop::sample::select(blocks), is_false()).prop_map(|(epoch, (first, level), is_false)| Operation::Push {
        epoch,
        first,
        level,
        is_false,
    })
}

fn other() -> impl Strategy<Value = Operation> {
    let amounts = vec![0, 1, 19, 5_000_000, 12_000_001, 40_000_000];
    prop_oneof![
        20 => prop::sample::select(amounts).prop_map(|amount| Operation::Fund { amount }),
        60 => (index(), list_kind()).prop_map(|(index, list)| Operation::Post { index, list }),
        25 => (vacant(), list_kind()).prop_map(|(epoch, list)| Operation::Repost { epoch, list }),
        16 => latest().prop_map(|epoch| Operation::Extend { epoch }),
        20 => (latest(), person()).prop_map(|(epoch, by)| Operation::Cancel { epoch, by }),
        8 => Just(Operation::Skip),
        30 => target().prop_map(|epoch| Operation::CloseEpoch { epoch }),
        6 => Just(Operation::End),
        8 => Just(Operation::CloseDistributor),
        8 => prop::bool::weighted(0.2).prop_map(|is_paused| Operation::Pause { is_paused }),
        60 => time().prop_map(|seconds| Operation::Pass { seconds }),
    ]
}

/// Mostly an epoch's length, which is also the delay; at times a window, and seldom more than the grace period.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(1_799), 16 => Just(3_600), 2 => Just(3_601), 4 => Just(86_400), 1 => Just(40 * 86_400)]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![6 => (0..4_usize).prop_map(Target::Open), 1 => (0..4_u32).prop_map(Target::Number)]
}

fn vacant() -> impl Strategy<Value = Target> {
    prop_oneof![3 => (0..4_usize).prop_map(Target::Vacant), 1 => target()]
}

fn latest() -> impl Strategy<Value = Target> {
    prop_oneof![2 => Just(Target::Latest), 1 => target()]
}

fn is_false() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.1)
}

fn index() -> impl Strategy<Value = Index> {
    prop_oneof![10 => Just(Index::Next), 1 => Just(Index::Previous), 1 => Just(Index::AfterNext)]
}

fn list_kind() -> impl Strategy<Value = ListKind> {
    prop_oneof![
        8 => (1..=6_u32).prop_map(ListKind::Honest),
        2 => (1..=6_u32).prop_map(ListKind::Tiny),
        1 => (1..=6_u32).prop_map(ListKind::Understated),
        1 => Just(ListKind::Excessive),
        3 => Just(ListKind::Large),
    ]
}

fn person() -> impl Strategy<Value = Person> {
    prop_oneof![2 => Just(Person::Owner), 2 => Just(Person::Guardian), 1 => Just(Person::Stranger)]
}
