//! A small activity and the worker that queries over it are sent to.

use std::collections::BTreeMap;

use crank_activity::engine::{Activity, AnswerShape, QueryError, QueryLimits, Question, ResultRow, Worker};
use crank_activity::store::TemporaryStore;
use crank_rules::values::period::Period;

pub(crate) const LIMITS: QueryLimits = QueryLimits { threads: 2, memory_bytes: 32 << 20, seconds: 20, rows: 1_000 };
/// The first of January 2026.
const START: i64 = 1_767_225_600;

/// Events in a store that is deleted at the end of the test.
pub(crate) struct Sample {
    store: TemporaryStore,
}

impl Sample {
    /// A hundred swaps of seven users, one an hour from the first of January 2026; amounts 0.5, 1.5, …
    pub(crate) fn swaps() -> Self {
        let line = |number: i64| {
            let user = user(number);
            let time = START * 1_000 + number * 3_600_000;
            let data = format!(
                r#"{{"amount":{number}.5,"pool":"p{}","even":{},"nothing":null}}"#,
                number % 3,
                number % 2 == 0
            );
            format!(r#"{{"eventName":"swapDone","userPubkey":"{user}","timestamp":{time},"data":{data}}}"#)
        };
        Self::lines(&(0..100).map(line).collect::<Vec<_>>())
    }

    pub(crate) fn lines(lines: &[String]) -> Self {
        Self { store: TemporaryStore::of_events(lines.join("\n").as_bytes(), |_| true).unwrap() }
    }

    pub(crate) fn activity(&self) -> Activity {
        Activity { tables: self.store.tables.clone() }
    }

    pub(crate) fn ask(&self, sql: &str, limits: &QueryLimits) -> Result<Vec<ResultRow>, QueryError> {
        worker().ask(&self.activity(), &question(sql), limits)
    }
}

/// The base58 text of the key of one of the seven users.
pub(crate) fn user(number: i64) -> String {
    bs58(u8::try_from(number % 7 + 1).unwrap())
}

fn bs58(byte: u8) -> String {
    solana_pubkey::Pubkey::new_from_array([byte; 32]).to_string()
}

pub(crate) fn question(sql: &str) -> Question {
    Question {
        sql: sql.to_owned(),
        period: Period { start: START, end: START + 86_400 },
        campaign_start: START,
        views: BTreeMap::new(),
        answer: AnswerShape::Values,
    }
}

pub(crate) fn worker() -> Worker {
    Worker { executable: env!("CARGO_BIN_EXE_crank").into() }
}
