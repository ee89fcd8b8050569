//! What can happen in a sequence. How often it does is in `choice`.

use torque::state::Role;

use super::distributor::DistributorModel;
use super::epoch::Rules;

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

/// An instruction with its choices, or time that passes. The refund is of that sponsor, or of the first if that one is
/// none; a raffle is one of those that there are, counted round.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Fund { amount: u64 },
    Sponsor { sponsor: usize, amount: u64 },
    Refund { sponsor: usize, way: Way },
    CollectFee,
    Post { index: Index, list: ListKind },
    Repost { epoch: Target, list: ListKind },
    Extend { epoch: Target },
    Cancel { epoch: Target },
    Strike { epoch: Target, leaf: Leaf, lie: Option<Lie> },
    Skip,
    Claim { epoch: Target, leaf: Leaf, lie: Option<Lie> },
    Push { epoch: Target, first: u32, level: u8, lie: Option<Lie> },
    CloseEpoch { epoch: Target },
    End,
    Update { change: Change },
    CloseDistributor,
    Pause { is_paused: bool },
    PauseDistributor,
    UnpauseDistributor,
    Report { total: u64 },
    Transfer { role: Role, to: Option<Person> },
    Accept { role: Role },
    Commit { index: Index },
    Draw { place: usize, secret: Option<Secret> },
    CloseRaffle { place: usize },
    Slots { slots: u64 },
    Pass { time: Time },
}

/// How long it takes until the next step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    /// So many seconds.
    Seconds(i64),
    /// Until a second before, at or after a moment at which something begins or ends; the first of those to come,
    /// counted round.
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
    /// One of those that are posted and not open yet, counted round.
    Waiting(usize),
    /// The one that was posted or skipped last.
    Latest,
    /// The one of this number, whether it is there or not.
    Number(u32),
}

/// Where a sponsor's share goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    /// To its own account.
    Own,
    /// To a stranger's, as the sponsor's signature says.
    Signed,
    /// To a stranger's, without that.
    Astray,
}

/// What is shown as a raffle's secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Secret {
    Right,
    Wrong,
}

/// What an owner changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) rules: Rules,
    pub(super) epochs_added: i32,
}

/// Which leaf is claimed or struck.
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
    /// Who takes over from them.
    Heir,
    Treasury,
    Stranger,
    Sponsor(usize),
    /// One of those who are paid.
    Wallet,
}

impl Index {
    /// The number, `next` being the next one's.
    pub(super) fn number(self, next: u32) -> u32 {
        match self {
            Self::Next => next,
            Self::Previous => next.saturating_sub(1),
            Self::AfterNext => next + 1,
        }
    }
}

impl Operation {
    /// The name under which it is counted.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Fund { .. } => "fund",
            Self::Sponsor { .. } => "sponsor",
            Self::Refund { .. } => "refund",
            Self::CollectFee => "collect fee",
            Self::Post { .. } => "post",
            Self::Repost { .. } => "repost",
            Self::Extend { .. } => "extend",
            Self::Cancel { .. } => "cancel",
            Self::Strike { .. } => "strike",
            Self::Skip => "skip",
            Self::Claim { .. } => "claim",
            Self::Push { .. } => "push",
            Self::CloseEpoch { .. } => "close epoch",
            Self::End => "end",
            Self::Update { .. } => "update",
            Self::CloseDistributor => "close distributor",
            Self::Pause { .. } => "pause",
            Self::PauseDistributor => "pause distributor",
            Self::UnpauseDistributor => "unpause distributor",
            Self::Report { .. } => "report",
            Self::Transfer { .. } => "transfer",
            Self::Accept { .. } => "accept",
            Self::Commit { .. } => "commit",
            Self::Draw { .. } => "draw",
            Self::CloseRaffle { .. } => "close raffle",
            Self::Slots { .. } => "slots",
            Self::Pass { .. } => "pass",
        }
    }

    /// Who should do it. Where anybody may, a stranger does.
    pub(super) fn right_person(&self, distributor: &DistributorModel) -> Person {
        match self {
            Self::Post { .. } | Self::Repost { .. } | Self::Skip => distributor.holder(Role::Publisher),
            Self::Report { .. } | Self::Commit { .. } => distributor.holder(Role::Publisher),
            // Whoever posts now, it was this one who paid the rent.
            Self::CloseRaffle { .. } => Person::Publisher,
            Self::Fund { .. } | Self::End | Self::Update { .. } | Self::CloseDistributor => {
                distributor.holder(Role::Owner)
            }
            Self::UnpauseDistributor | Self::Transfer { .. } => distributor.holder(Role::Owner),
            Self::Cancel { .. } | Self::Strike { .. } | Self::PauseDistributor => distributor.holder(Role::Guardian),
            Self::Sponsor { sponsor, .. } | Self::Refund { sponsor, .. } => Person::Sponsor(*sponsor),
            Self::Accept { role } => distributor.pending[*role as usize].unwrap_or(Person::Heir),
            Self::CollectFee => Person::Treasury,
            Self::Pause { .. } => Person::Admin,
            Self::Extend { .. } | Self::Claim { .. } | Self::Push { .. } => Person::Stranger,
            Self::CloseEpoch { .. } | Self::Pass { .. } => Person::Stranger,
            Self::Draw { .. } | Self::Slots { .. } => Person::Stranger,
        }
    }
}
