//! Chooses the steps of a sequence: how often each kind happens, to which distributor, by whom, and with which numbers.

mod authority;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::strategy::SBoxedStrategy;
use torque::constants::RAFFLE_REVEAL_WINDOW;
use torque::state::{Mode, Role};

use self::authority::{authority, lowered, role};
use super::cast::{DRAW, PLANS, Plan};
use super::distributor::{NUMBERS, SPONSORS};
use super::operation::{Index, Leaf, Lie, ListKind, Operation, Person, Secret, Sequence, Step, Target, Time, Way};

/// Sequences of 25 to 31 steps. What they are chosen from is put together once.
pub(super) static SEQUENCES: LazyLock<SBoxedStrategy<Sequence>> = LazyLock::new(|| {
    let scenes = PLANS.each_ref().map(scene);
    (0..PLANS.len(), 25..=31_usize)
        .prop_flat_map(move |(cast, length)| {
            let chosen = prop::collection::vec(scenes[cast].clone(), length);
            chosen.prop_map(move |scenes| Sequence { cast, steps: scenes.into_iter().flatten().take(length).collect() })
        })
        .sboxed()
});

/// Mostly one step. Sometimes two that belong together, with another one in between, because chance alone seldom undoes
/// or finishes a step.
fn scene(plan: &Plan) -> SBoxedStrategy<Vec<Step>> {
    let alone = |which, operation| Step { which, by: None, operation };
    let pair = (0..3_usize, pair(), step(plan))
        .prop_map(move |(which, [first, last], between)| vec![alone(which, first), between, alone(which, last)]);
    let single = step(plan).prop_map(|step| vec![step]);
    // A distributor's pauses until they are used up, which chance alone would never make.
    let pauses = (0..3_usize).prop_map(move |which| {
        let long = Operation::Pass { time: Time::Seconds(31 * 86_400) };
        let by = Some(Person::Stranger);
        let unpause = Step { which, by, operation: Operation::UnpauseDistributor };
        vec![
            alone(which, Operation::PauseDistributor),
            alone(which, long),
            unpause,
            alone(which, Operation::PauseDistributor),
        ]
    });
    // A sponsor, and an owner that would name another guardian all the same.
    let relied_on = (0..3_usize).prop_map(move |which| {
        let sponsor = Operation::Sponsor { sponsor: 0, number: 0, amount: 3_333_333, is_stale: false };
        let operation = Operation::Transfer { role: Role::Guardian, to: Some(Person::Heir) };
        vec![alone(which, sponsor), Step { which, by: Some(Person::Owner), operation }]
    });
    let lowered = (0..3_usize)
        .prop_map(move |which| lowered().into_iter().map(|operation| alone(which, operation)).collect::<Vec<_>>());
    let Some(which) = plan.raffle else {
        return prop_oneof![240 => single, 20 => pair, 1 => pauses, 2 => lowered, 2 => relied_on].sboxed();
    };
    let draw =
        draw().prop_map(move |operations| operations.into_iter().map(|operation| alone(which, operation)).collect());
    let raffle = (mostly(&[which], &[0, 2]), person(), raffle())
        .prop_map(|(which, by, operation)| vec![Step { which, by, operation }]);
    prop_oneof![48 => single, 4 => pair, 2 => draw, 14 => raffle].sboxed()
}

/// The steps of a draw up to its hash, which chance alone would seldom make, and the steps after it.
fn draw() -> SBoxedStrategy<Vec<Operation>> {
    let [committed, slots, captured, revealed] = DRAW;
    let show = |secret| Operation::Draw { place: 0, secret, is_paid: false };
    let wait = (-1..=1_i64).prop_map(|offset| Time::Seconds(RAFFLE_REVEAL_WINDOW + offset));
    let late = (wait, prop::sample::select(vec![None, Some(Secret::Right)]));
    let end = prop_oneof![
        3 => list_kind().prop_map(move |list| vec![revealed, Operation::Post { index: Index::Next, list }]),
        // Money that is added now was not there when the tickets were committed.
        2 => Just(vec![revealed, Operation::Fund { amount: 40_000_000 }, large()]),
        1 => Just(vec![show(Some(Secret::Wrong)), show(None), revealed]),
        2 => late.prop_map(move |(time, secret)| vec![Operation::Pass { time }, show(secret)]),
    ];
    let kept = end.prop_map(move |end| [committed, slots, captured].into_iter().chain(end).collect());
    prop_oneof![8 => kept, 1 => lost()].sboxed()
}

/// A draw whose hashes nobody keeps until the last slot, or not even then, and a posting without its secret.
fn lost() -> impl Strategy<Value = Vec<Operation>> {
    let [committed, _, _, revealed] = DRAW;
    let ask = Operation::Draw { place: 0, secret: None, is_paid: true };
    // Twice so long that the hash is lost; then until the last slot, which follows from the first, or past it.
    let losing = [Operation::Slots { slots: 10_000 }, ask].repeat(2);
    prop::sample::select(vec![7_200, 10_000]).prop_map(move |slots| {
        let last = [Operation::Slots { slots }, ask, revealed, ask, large()];
        [committed].into_iter().chain(losing.iter().copied()).chain(last).collect()
    })
}

/// The posting of the largest list that a budget allows.
fn large() -> Operation {
    Operation::Post { index: Index::Next, list: ListKind::Honest(6) }
}

fn raffle() -> impl Strategy<Value = Operation> {
    let slots = prop::sample::select(vec![1, 149, 150, 151, 151, 600, 9_000]);
    let (right, wrong) = (Some(Secret::Right), Some(Secret::Wrong));
    let secret = prop::sample::select(vec![None, None, None, right, right, wrong]);
    let place = prop::sample::select(vec![0, 0, 0, 1]);
    let expected = prop::sample::select(vec![0, 0, 1, 10_000_000, 20_000_000]);
    prop_oneof![
        8 => (index(), expected).prop_map(|(index, min_escrowed)| Operation::Commit { index, min_escrowed }),
        4 => slots.prop_map(|slots| Operation::Slots { slots }),
        8 => (place, secret, any::<bool>()).prop_map(|(place, secret, is_paid)| Operation::Draw { place, secret, is_paid }),
        2 => (0..3_usize).prop_map(|place| Operation::CloseRaffle { place }),
    ]
}

fn pair() -> SBoxedStrategy<[Operation; 2]> {
    let handed = |role| [Operation::Transfer { role, to: Some(Person::Heir) }, Operation::Accept { role }];
    let list = || Operation::Post { index: Index::Next, list: ListKind::Honest(4) };
    prop_oneof![
        2 => Just([Operation::PauseDistributor, Operation::UnpauseDistributor]),
        2 => any::<bool>().prop_map(|is_by_admin| {
            [Operation::PauseProtocol { is_by_admin }, Operation::UnpauseProtocol { is_stale: false }]
        }),
        2 => role().prop_map(handed),
        3 => (list_kind(), 0..4_usize).prop_map(|(list, place)| {
            [Operation::Cancel { epoch: Target::Waiting(place) }, Operation::Repost { epoch: Target::Vacant(place), list }]
        }),
        2 => leaf().prop_map(move |leaf| {
            [list(), Operation::Strike { epoch: Target::Latest, leaf, lie: None }]
        }),
        2 => (list_kind(), 0..4_usize).prop_map(|(list, place)| {
            let post = Operation::Post { index: Index::Next, list };
            [post, Operation::Extend { epoch: Target::Waiting(place) }]
        }),
        2 => (0..4_usize).prop_map(|place| [Operation::CloseEpoch { epoch: Target::Open(place) }, Operation::CollectFee]),
    ]
    .sboxed()
}

/// Payments mostly have the mode of their distributor, and reports are mostly for one with a milestone; all other
/// steps are spread evenly.
fn step(plan: &Plan) -> SBoxedStrategy<Step> {
    let (claimed, pushed): (Vec<usize>, Vec<usize>) = (0..3).partition(|which| plan.modes[*which] == Mode::Claim);
    let (late, others): (Vec<usize>, Vec<usize>) = (0..3).partition(|which| *which == plan.milestone.0);
    let step = |(which, by, operation)| Step { which, by, operation };
    prop_oneof![
        50 => (mostly(&claimed, &pushed), Just(None), claim()).prop_map(step),
        50 => (mostly(&pushed, &claimed), Just(None), push()).prop_map(step),
        8 => (mostly(&late, &others), person(), report()).prop_map(step),
        192 => (0..3_usize, person(), other()).prop_map(step),
    ]
    .sboxed()
}

fn mostly(right: &[usize], wrong: &[usize]) -> impl Strategy<Value = usize> + use<> {
    let [right, wrong] = [right, wrong].map(|places| prop::sample::select(places.to_vec()));
    prop_oneof![9 => right, 1 => wrong]
}

fn report() -> impl Strategy<Value = Operation> {
    prop::sample::select(vec![50, 100, 150, 200]).prop_map(|total| Operation::Report { total })
}

fn claim() -> impl Strategy<Value = Operation> {
    (target(), leaf(), lie()).prop_map(|(epoch, leaf, lie)| Operation::Claim { epoch, leaf, lie })
}

fn leaf() -> impl Strategy<Value = Leaf> {
    prop_oneof![9 => (0..6_usize).prop_map(Leaf::Listed), 1 => Just(Leaf::AfterLast)]
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

fn other() -> SBoxedStrategy<Operation> {
    prop_oneof![
        50 => money(),
        170 => epochs(),
        60 => authority(),
        60 => time().prop_map(|time| Operation::Pass { time }),
    ]
    .sboxed()
}

fn money() -> SBoxedStrategy<Operation> {
    let amounts = || prop::sample::select(vec![0, 1, 19, 3_333_333, 5_000_000, 12_000_001, 40_000_000]);
    let way = prop_oneof![4 => Just(Way::Own), 1 => Just(Way::Signed), 1 => Just(Way::Astray)];
    prop_oneof![
        16 => amounts().prop_map(|amount| Operation::Fund { amount }),
        16 => sponsor(amounts()),
        6 => (0..SPONSORS, way).prop_map(|(sponsor, way)| Operation::Refund { sponsor, way }),
        6 => Just(Operation::CollectFee),
        8 => Just(Operation::CloseDistributor),
    ]
    .sboxed()
}

fn sponsor(amounts: impl Strategy<Value = u64>) -> impl Strategy<Value = Operation> {
    (0..SPONSORS, 0..NUMBERS, amounts, prop::bool::weighted(0.1))
        .prop_map(|(sponsor, number, amount, is_stale)| Operation::Sponsor { sponsor, number, amount, is_stale })
}

fn epochs() -> SBoxedStrategy<Operation> {
    prop_oneof![
        55 => (index(), list_kind()).prop_map(|(index, list)| Operation::Post { index, list }),
        22 => (vacant(), list_kind()).prop_map(|(epoch, list)| Operation::Repost { epoch, list }),
        20 => latest().prop_map(|epoch| Operation::Extend { epoch }),
        20 => waiting().prop_map(|epoch| Operation::Cancel { epoch }),
        20 => (waiting(), leaf(), lie()).prop_map(|(epoch, leaf, lie)| Operation::Strike { epoch, leaf, lie }),
        8 => Just(Operation::Skip),
        26 => target().prop_map(|epoch| Operation::CloseEpoch { epoch }),
    ]
    .sboxed()
}

/// Mostly an epoch's length, which is also the delay, or to a moment that matters; seldom more than the grace period.
fn time() -> impl Strategy<Value = Time> {
    let seconds = vec![600, 1_799, 3_600, 3_600, 3_600, 3_600, 3_601, 86_400];
    let place = prop::sample::select(vec![0, 0, 0, 1, 1, 2, 3]);
    let moment = (place, -1..=1_i64).prop_map(|(place, offset)| Time::Moment { place, offset });
    prop_oneof![
        16 => prop::sample::select(seconds).prop_map(Time::Seconds),
        16 => moment,
        1 => prop::sample::select(vec![40, 100]).prop_map(|days| Time::Seconds(days * 86_400)),
        2 => prop::sample::select(vec![3_600, 7_200, 86_400]).prop_map(Time::Halt),
    ]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![6 => (0..4_usize).prop_map(Target::Open), 1 => (0..4_u32).prop_map(Target::Number)]
}

fn vacant() -> impl Strategy<Value = Target> {
    prop_oneof![3 => (0..4_usize).prop_map(Target::Vacant), 1 => target()]
}

fn waiting() -> impl Strategy<Value = Target> {
    prop_oneof![4 => (0..4_usize).prop_map(Target::Waiting), 1 => latest()]
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
    use Person::{Admin, Guardian, Heir, Owner, Pauser, Publisher, Sponsor, Stranger, Treasury, Wallet};
    let somebody = vec![Admin, Pauser, Owner, Publisher, Guardian, Heir, Treasury, Stranger, Sponsor(0), Wallet];
    prop_oneof![9 => Just(None), 1 => prop::sample::select(somebody).prop_map(Some)]
}
