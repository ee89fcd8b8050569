//! The steps of sequences. `choice` decides how often each happens.

use torque::state::Role;

use super::distributor::DistributorModel;
use super::epoch::Rules;

/// A sequence: its distributors, and the steps that happen to them.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// The number of the cast.
    pub(super) cast: usize,
    pub(super) steps: Vec<Step>,
}

/// One step: the operation, its distributor, and the person who does it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) which: usize,
    /// Another person in the right one's place; `None` for the right one.
    pub(super) by: Option<Person>,
    pub(super) operation: Operation,
}

/// An instruction with its choices, or time that passes. A refund is of the sponsor with this number, or of the first
/// that has a sponsorship if that one has none; a sponsor that is stale agrees to other terms; a raffle's number is
/// taken modulo the existing raffles. A draw that is paid names a stranger for the bounty, and an unpause that is stale
/// names the pause before.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Fund { amount: u64 },
    Sponsor { sponsor: usize, number: u32, amount: u64, is_stale: bool },
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
    PauseProtocol { is_by_admin: bool },
    UnpauseProtocol { is_stale: bool },
    PauseDistributor,
    UnpauseDistributor,
    Report { total: u64 },
    Transfer { role: Role, to: Option<Person> },
    Accept { role: Role },
    Commit { index: Index, min_escrowed: u64 },
    Draw { place: usize, secret: Option<Secret>, is_paid: bool },
    CloseRaffle { place: usize },
    CloseLink,
    Slots { slots: u64 },
    Pass { time: Time },
}

/// How long it takes until the next step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    /// So many seconds.
    Seconds(i64),
    /// So many seconds in which the cluster stands still.
    Halt(i64),
    /// Until a second before, at or after a moment at which something begins or ends; the number counts the moments to
    /// come, modulo how many there are.
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
    /// An epoch that is open now; the number is taken modulo how many there are.
    Open(usize),
    /// An epoch without a root; the number is taken modulo how many there are.
    Vacant(usize),
    /// An epoch that is posted and not open yet; the number is taken modulo how many there are.
    Waiting(usize),
    /// The one that was posted or skipped last.
    Latest,
    /// The epoch with this number, even if it does not exist.
    Number(u32),
}

/// Where a sponsor's share goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    /// To its own account.
    Own,
    /// To a stranger's, with the sponsor's signature.
    Signed,
    /// To a stranger's, without the sponsor's signature.
    Astray,
}

/// The bytes that are revealed as a raffle's secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Secret {
    Right,
    Wrong,
}

/// The terms that an owner changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) rules: Rules,
    pub(super) epochs_added: i32,
}

/// Which leaf is claimed or struck.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaf {
    /// A leaf of the list; the number is taken modulo how many there are.
    Listed(usize),
    /// The first index without a leaf.
    AfterLast,
}

/// A lie in a payment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lie {
    /// A base unit more than the leaf has.
    Amount,
    /// Another wallet than the leaf names.
    Wallet,
}

/// The kind of a posted list.
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
    /// So many leaves that the account has to grow; only the last is real.
    Large,
}

/// Who does it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Person {
    Admin,
    Pauser,
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
            Self::PauseProtocol { .. } => "pause",
            Self::UnpauseProtocol { .. } => "unpause",
            Self::PauseDistributor => "pause distributor",
            Self::UnpauseDistributor => "unpause distributor",
            Self::Report { .. } => "report",
            Self::Transfer { .. } => "transfer",
            Self::Accept { .. } => "accept",
            Self::Commit { .. } => "commit",
            Self::Draw { .. } => "draw",
            Self::CloseRaffle { .. } => "close raffle",
            Self::CloseLink => "close link",
            Self::Slots { .. } => "slots",
            Self::Pass { .. } => "pass",
        }
    }

    /// The person who should do it; a stranger if anybody may.
    pub(super) fn right_person(&self, distributor: &DistributorModel) -> Person {
        match self {
            Self::Post { .. } | Self::Repost { .. } | Self::Skip => distributor.holder(Role::Publisher),
            Self::Report { .. } | Self::Commit { .. } => distributor.holder(Role::Publisher),
            // The payer of the rent stays the same, even if another person posts now.
            Self::CloseRaffle { .. } => Person::Publisher,
            Self::Fund { .. } | Self::End | Self::Update { .. } | Self::CloseDistributor => {
                distributor.holder(Role::Owner)
            }
            Self::Transfer { role: Role::Guardian, .. } if distributor.has_sponsors() => distributor.latest_guardian(),
            Self::UnpauseDistributor | Self::Transfer { .. } => distributor.holder(Role::Owner),
            Self::Cancel { .. } | Self::Strike { .. } | Self::PauseDistributor => distributor.holder(Role::Guardian),
            Self::Sponsor { sponsor, .. } | Self::Refund { sponsor, .. } => Person::Sponsor(*sponsor),
            Self::Accept { role } => distributor.pending[*role as usize].unwrap_or(Person::Heir),
            Self::CollectFee => Person::Treasury,
            Self::PauseProtocol { is_by_admin: false } => Person::Pauser,
            Self::PauseProtocol { .. } | Self::UnpauseProtocol { .. } => Person::Admin,
            Self::CloseLink if distributor.is_closed => Person::Stranger,
            Self::CloseLink => distributor.holder(Role::Owner),
            Self::Extend { .. } | Self::Claim { .. } | Self::Push { .. } => Person::Stranger,
            Self::CloseEpoch { .. } | Self::Pass { .. } => Person::Stranger,
            Self::Draw { .. } | Self::Slots { .. } => Person::Stranger,
        }
    }
}
