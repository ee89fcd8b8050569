//! What can happen in a sequence, and how often.

use proptest::prelude::*;

/// A sequence: which distributors it is about, and what happens to them.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// The number of the cast.
    pub(super) cast: usize,
    pub(super) steps: Vec<Step>,
}

/// One step: what happens, to which of the distributors, and who does it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) which: usize,
    /// Whoever should, if it is nobody else.
    pub(super) by: Option<Person>,
    pub(super) operation: Operation,
}

/// An instruction with its choices, or time that passes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Fund { amount: u64 },
    Post { index: Index, list: ListKind },
    Repost { epoch: Target, list: ListKind },
    Extend { epoch: Target },
    Cancel { epoch: Target },
    Skip,
    Claim { epoch: Target, leaf: Leaf, lie: Option<Lie> },
    Push { epoch: Target, first: u32, level: u8, lie: Option<Lie> },
    CloseEpoch { epoch: Target },
    End,
    CloseDistributor,
    Pause { is_paused: bool },
    Pass { time: Time },
}

/// How long it takes until the next step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    /// So many seconds.
    Seconds(i64),
    /// Until a second before, at or after a moment at which something begins or ends; the first of those to come, counted
    /// round.
    Moment { place: usize, offset: i64 },
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

/// What a payment says that is not so.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lie {
    /// A base unit more than the leaf has.
    Amount,
    /// Another wallet than the leaf names.
    Wallet,
}

/// What a posted list is like.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
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

/// Who does it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Person {
    Admin,
    Owner,
    Publisher,
    Guardian,
    Stranger,
    /// One of those who are paid.
    Wallet,
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

    /// Who should do it.
    pub(super) fn right_person(&self) -> Person {
        match self {
            Self::Post { .. } | Self::Repost { .. } | Self::Skip => Person::Publisher,
            Self::Fund { .. } | Self::End | Self::CloseDistributor => Person::Owner,
            Self::Cancel { .. } => Person::Guardian,
            Self::Pause { .. } => Person::Admin,
            Self::Extend { .. } | Self::Claim { .. } | Self::Push { .. } => Person::Stranger,
            Self::CloseEpoch { .. } | Self::Pass { .. } => Person::Stranger,
        }
    }
}

/// Which of a cast's distributors are claimed, and which are pushed.
const CLAIMED_AND_PUSHED: [[&[usize]; 2]; 2] = [[&[0, 2], &[1]], [&[1], &[0, 2]]];

/// Sequences of 25 to 31 steps.
pub(super) fn sequences() -> impl Strategy<Value = Sequence> {
    (0..CLAIMED_AND_PUSHED.len()).prop_flat_map(|cast| {
        let [claimed, pushed] = CLAIMED_AND_PUSHED[cast];
        let steps = prop::collection::vec(step(claimed, pushed), 25..=31);
        steps.prop_map(move |steps| Sequence { cast, steps })
    })
}

/// A payment is mostly asked for in the mode of its distributor; all else happens to all alike.
fn step(claimed: &'static [usize], pushed: &'static [usize]) -> impl Strategy<Value = Step> {
    let mostly = |right, wrong| prop_oneof![9 => prop::sample::select(right), 1 => prop::sample::select(wrong)];
    let step = |(which, by, operation)| Step { which, by, operation };
    prop_oneof![
        5 => (mostly(claimed, pushed), Just(None), claim()).prop_map(step),
        5 => (mostly(pushed, claimed), Just(None), push()).prop_map(step),
        20 => (0..3_usize, person(), other()).prop_map(step),
    ]
}

fn claim() -> impl Strategy<Value = Operation> {
    let leaf = prop_oneof![9 => (0..6_usize).prop_map(Leaf::Listed), 1 => Just(Leaf::AfterLast)];
    (target(), leaf, lie()).prop_map(|(epoch, leaf, lie)| Operation::Claim { epoch, leaf, lie })
}

fn push() -> impl Strategy<Value = Operation> {
    let blocks = vec![(0, 0), (1, 0), (5, 0), (0, 1), (2, 1), (4, 1), (0, 2), (0, 3), (0, 3), (8, 3)];
    (target(), prop::sample::select(blocks), lie()).prop_map(|(epoch, (first, level), lie)| Operation::Push {
        epoch,
        first,
        level,
        lie,
    })
}

fn other() -> impl Strategy<Value = Operation> {
    let amounts = vec![0, 1, 19, 5_000_000, 12_000_001, 40_000_000];
    prop_oneof![
        20 => prop::sample::select(amounts).prop_map(|amount| Operation::Fund { amount }),
        60 => (index(), list_kind()).prop_map(|(index, list)| Operation::Post { index, list }),
        30 => (vacant(), list_kind()).prop_map(|(epoch, list)| Operation::Repost { epoch, list }),
        30 => latest().prop_map(|epoch| Operation::Extend { epoch }),
        40 => latest().prop_map(|epoch| Operation::Cancel { epoch }),
        8 => Just(Operation::Skip),
        30 => target().prop_map(|epoch| Operation::CloseEpoch { epoch }),
        6 => Just(Operation::End),
        8 => Just(Operation::CloseDistributor),
        8 => prop::bool::weighted(0.2).prop_map(|is_paused| Operation::Pause { is_paused }),
        60 => time().prop_map(|time| Operation::Pass { time }),
    ]
}

/// Mostly an epoch's length, which is also the delay, or to a moment that matters; seldom more than the grace period.
fn time() -> impl Strategy<Value = Time> {
    let seconds = vec![1_799, 3_600, 3_600, 3_600, 3_600, 3_601, 86_400];
    let moment = (0..4_usize, -1..=1_i64).prop_map(|(place, offset)| Time::Moment { place, offset });
    prop_oneof![
        12 => prop::sample::select(seconds).prop_map(Time::Seconds),
        12 => moment,
        1 => Just(Time::Seconds(40 * 86_400)),
    ]
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

fn lie() -> impl Strategy<Value = Option<Lie>> {
    prop_oneof![18 => Just(None), 1 => Just(Some(Lie::Amount)), 1 => Just(Some(Lie::Wallet))]
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
        4 => Just(ListKind::Large),
    ]
}

fn person() -> impl Strategy<Value = Option<Person>> {
    use Person::{Admin, Guardian, Owner, Publisher, Stranger, Wallet};
    let somebody = vec![Admin, Owner, Publisher, Guardian, Stranger, Wallet];
    prop_oneof![9 => Just(None), 1 => prop::sample::select(somebody).prop_map(Some)]
}
