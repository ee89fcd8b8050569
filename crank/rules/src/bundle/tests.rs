//! Tests of the bundle: its bytes; every change of any byte is found with its place; forged bundles are found too.

mod changed;
mod compared;
mod disk;
mod forged;
mod golden;
mod kinds;
mod signed;

use solana_pubkey::Pubkey;

use super::{Bundle, Correction, Files, Input, Measured, Previous, Queries, Statement};
use crate::{
    campaign::{Action, DistributionMode, Filter, FilterRule, Milestone, Reward},
    evaluation::{
        Audience, Bucket, Curve, CurveFunction, Kind, Raffle, RewardTerms, Row, Shape, Tier, Weighting, weighted_sum,
    },
    formula::Formula,
    values::period::Period,
};

fn address(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

fn rows(values: &[(u8, &str)]) -> Vec<Row> {
    values.iter().map(|(number, value)| Row { address: address(*number), value: value.parse().unwrap() }).collect()
}

/// A statement about a week of tokens with six decimals, measured by one query and rewarded by `shape`.
fn statement(shape: Shape) -> Statement {
    Statement {
        cluster: "localnet".to_owned(),
        distributor: None,
        epoch: 3,
        period: Period { start: 1_768_780_800, end: 1_769_385_600 },
        campaign_start: 1_766_966_400,
        reward: Reward::Tokens { mint: address(201), decimals: 6 },
        distribution_mode: DistributionMode::Claim,
        terms: RewardTerms {
            shape,
            decimals: 6,
            pool: 60_000_000,
            max_per_participant: None,
            audience: Audience::Everyone,
        },
        filters: Vec::new(),
        milestone: None,
        queries: Some(Queries {
            actions: vec![action("", 10_000, "SELECT address,\n  \"value\" FROM events.swap")],
            engine_version: "55.2.0".to_owned(),
            inputs: vec![Input { name: "events".to_owned(), sha256: [0xab; 32] }],
        }),
        raffle_seed: None,
        previous: None,
        correction: None,
    }
}

fn action(name: &str, weight_basis_points: u32, sql: &str) -> Action {
    Action { name: name.to_owned(), sql: sql.to_owned(), weight_basis_points }
}

fn filter(reason: &str, rule: FilterRule) -> Filter {
    Filter::new(reason.to_owned(), rule).unwrap()
}

fn formula(text: &str) -> Formula {
    Formula::parse(text).unwrap()
}

/// A leaderboard of tokens with six decimals in which every kind of rejection occurs.
fn leaderboard() -> Bundle {
    leaderboard_of(Some(address(200)))
}

fn leaderboard_of(distributor: Option<Pubkey>) -> Bundle {
    let mut statement = statement(Shape::Leaderboard(formula("RANK == 2 ? 0 : N / 3")));
    statement.distributor = distributor;
    statement.terms.max_per_participant = Some(40_000_000);
    statement.terms.audience = Audience::DenyList([address(9), address(8)].into());
    let rows =
        rows(&[(1, "12.5"), (2, "400"), (9, "900"), (3, "100"), (4, "12.5"), (5, "-1"), (6, "77.000001"), (7, "5")]);
    Bundle::new(statement, Measured::of_rows(rows)).unwrap()
}

/// A direct payment of SOL before anything is deployed.
fn direct() -> Bundle {
    let mut statement = statement(Shape::Direct(formula("N")));
    statement.cluster = "embedded".to_owned();
    statement.epoch = 0;
    statement.period = Period { start: 0, end: 600 };
    statement.campaign_start = 0;
    statement.reward = Reward::Sol;
    statement.distribution_mode = DistributionMode::Push;
    statement.terms.decimals = 9;
    statement.terms.pool = 1_750_000_000;
    statement.queries = None;
    Bundle::new(statement, Measured::of_rows(rows(&[(1, "0.25"), (2, "1"), (3, "0.5")]))).unwrap()
}

/// A raffle of two sizes of prizes with more participants than prizes.
fn raffle() -> Bundle {
    let buckets = vec![Bucket { amount: 30_000_000, count: 1 }, Bucket { amount: 15_000_000, count: 2 }];
    let mut statement = statement(Shape::Raffle(Raffle::new(buckets, Weighting::WeightedByMetric).unwrap()));
    statement.raffle_seed = Some([7; 32]);
    let rows = rows(&[(1, "3"), (2, "1"), (3, "0.0000001"), (4, "8"), (5, "2.5"), (6, "0")]);
    Bundle::new(statement, Measured::of_rows(rows)).unwrap()
}

/// The conversions of an epoch that goes on counting from the epoch before.
fn curve() -> Bundle {
    let tier = |input, output: u64| Tier { input, output: output.into() };
    let mut statement = statement(Shape::Curve(
        Curve::new(CurveFunction::Step { tiers: vec![tier(0, 9), tier(12, 5), tier(14, 0)] }).unwrap(),
    ));
    statement.previous = Some(Previous { manifest_hash: [3; 32], conversions: 11 });
    let rows = rows(&[(1, "1768780800001"), (2, "1768780800000"), (1, "1768780900000"), (3, "1768780900001")]);
    Bundle::new(statement, Measured::of_rows(rows)).unwrap()
}

/// Two weighted actions, two filters and a milestone that is reached.
fn filtered() -> Bundle {
    filtered_with_total("1000")
}

fn filtered_with_total(total: &str) -> Bundle {
    let mut statement = statement(Shape::Leaderboard(formula("N")));
    let queries = statement.queries.as_mut().unwrap();
    queries.actions = vec![action("trades", 10_000, "SELECT 1"), action("invites", 25_000, "SELECT 2")];
    queries.inputs.push(Input { name: "events.trade/day=2026-01-19/x.parquet".to_owned(), sha256: [0xcd; 32] });
    statement.filters = vec![
        filter(
            "dust",
            FilterRule::ExcludeEvents { table: "events.trade".parse().unwrap(), condition: "usd < 1".to_owned() },
        ),
        filter("trades with itself", FilterRule::ExcludeWallets { sql: "SELECT 3".to_owned() }),
    ];
    statement.milestone = Some(Milestone { target: "1000".parse().unwrap() });
    let per_action = vec![rows(&[(1, "1"), (2, "2"), (3, "7")]), rows(&[(2, "4"), (4, "0.5")])];
    let weights = [10_000, 25_000].into_iter().zip(per_action.iter().cloned());
    let mut measured = Measured::of_rows(weighted_sum(weights.collect()).unwrap());
    measured.per_action = per_action;
    measured.milestone_total = Some(total.parse().unwrap());
    let unfiltered = rows(&[(1, "1"), (2, "15"), (3, "7"), (4, "1.25"), (5, "6")]);
    let measured = measured.with_filters(Kind::Leaderboard, &unfiltered, &[(address(3), 1), (address(99), 1)].into());
    Bundle::new(statement, measured).unwrap()
}

/// A correction of `leaderboard_of(None)` after late events.
fn correction() -> Bundle {
    let before = leaderboard_of(None);
    let mut statement = before.statement().clone();
    statement.terms.pool = 80_000_000;
    statement.correction = Some(Correction::of(&before));
    let rows = rows(&[(1, "12.5"), (2, "400"), (3, "150"), (6, "90"), (7, "5")]);
    Bundle::new(statement, Measured::of_rows(rows)).unwrap()
}

/// A week without any activity.
fn empty() -> Bundle {
    Bundle::new(statement(Shape::Leaderboard(formula("N"))), Measured::default()).unwrap()
}

/// One bundle of every sort.
fn all() -> [Bundle; 8] {
    [leaderboard_of(None), direct(), raffle(), curve(), filtered(), filtered_with_total("999.9"), correction(), empty()]
}

fn files(bundle: &Bundle) -> Files {
    bundle.files().clone()
}
