//! Tests of the bundle: its bytes, that every change of any byte is found and placed, and that forged bundles are too.

mod changed;
mod disk;
mod forged;
mod golden;

use solana_pubkey::Pubkey;

use super::{Bundle, FILE_NAMES, Files, Query, Statement};
use crate::{
    campaign::{DistributionMode, Reward},
    evaluation::{Audience, Circumstances, Row, Shape, Terms, evaluate},
    formula::Formula,
    period::Period,
};

fn address(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

fn rows(values: &[(u8, &str)]) -> Vec<Row> {
    values.iter().map(|(number, value)| Row { address: address(*number), value: value.parse().unwrap() }).collect()
}

/// A leaderboard of tokens with six decimals in which every kind of rejection occurs.
fn leaderboard() -> Bundle {
    leaderboard_of(Some(address(200)))
}

fn leaderboard_of(distributor: Option<Pubkey>) -> Bundle {
    let statement = Statement {
        cluster: "localnet".to_owned(),
        distributor,
        epoch: 3,
        period: Period { start: 1_768_780_800, end: 1_769_385_600 },
        reward: Reward::Tokens { mint: address(201), decimals: 6 },
        distribution_mode: DistributionMode::Claim,
        terms: Terms {
            shape: Shape::Leaderboard(Formula::parse("RANK == 2 ? 0 : N / 3").unwrap()),
            decimals: 6,
            pool: 60_000_000,
            max_per_participant: Some(40_000_000),
            audience: Audience::DenyList([address(9), address(8)].into()),
        },
        circumstances: Circumstances::default(),
        query: Some(Query {
            sql: "SELECT address,\n  \"value\" FROM events.swap".to_owned(),
            engine_version: "55.2.0".to_owned(),
            events: [0xab; 32],
        }),
    };
    let rows =
        rows(&[(1, "12.5"), (2, "400"), (9, "900"), (3, "100"), (4, "12.5"), (5, "-1"), (6, "77.000001"), (7, "5")]);
    bundle(statement, rows)
}

/// A direct payment of SOL before anything is deployed.
fn direct() -> Bundle {
    let statement = Statement {
        cluster: "embedded".to_owned(),
        distributor: None,
        epoch: 0,
        period: Period { start: 0, end: 600 },
        reward: Reward::Sol,
        distribution_mode: DistributionMode::Push,
        terms: Terms {
            shape: Shape::Direct(Formula::parse("N").unwrap()),
            decimals: 9,
            pool: 1_750_000_000,
            max_per_participant: None,
            audience: Audience::Everyone,
        },
        circumstances: Circumstances::default(),
        query: None,
    };
    bundle(statement, rows(&[(1, "0.25"), (2, "1"), (3, "0.5")]))
}

fn bundle(statement: Statement, rows: Vec<Row>) -> Bundle {
    let evaluation = evaluate(rows, &statement.terms, &statement.circumstances).unwrap();
    Bundle::new(statement, evaluation).unwrap()
}

fn files(bundle: &Bundle) -> Files {
    FILE_NAMES.into_iter().map(|name| (name.to_owned(), bundle.file(name).to_vec())).collect()
}
