//! The process itself: how it handles wrong names, a parent that dies, and limits.

use std::process::{Command, Stdio};

use crank_activity::engine::QueryLimits;

use crate::activity::{LIMITS, Sample, user};

#[test]
fn near_names_cross_the_border() {
    let error = Sample::swaps().ask("select amuont from events.swapDone", &LIMITS).unwrap_err().to_string();
    assert_eq!(error, "there is no column `amuont`: did you mean `amount`?");
    let error = Sample::swaps().ask("select 1 from events.swapDoen", &LIMITS).unwrap_err().to_string();
    assert_eq!(error, "there is no table `events.swapDoen`: did you mean `events.swapDone`?");
}

#[test]
fn the_process_ends_with_its_input() {
    let arguments = ["query-worker", "--address-space=4000000000", "--cpu-seconds=60", "--open-files=99"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_crank"));
    let mut child = command.args(arguments).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn many_rows_are_more_than_a_pipe_holds() {
    let line = |number: i64| {
        let key = solana_pubkey::Pubkey::new_from_array(std::array::from_fn(|byte| {
            number.to_le_bytes().get(byte).copied().unwrap_or(1)
        }));
        format!(r#"{{"eventName":"e","userPubkey":"{key}","timestamp":{number},"data":{{"x":{number}}}}}"#)
    };
    let sample = Sample::lines(&(0..20_000).map(line).collect::<Vec<_>>());
    let limits = QueryLimits { rows: 20_000, ..LIMITS };
    let sql = "select user_pubkey as address, x / 7 as value from events.e";
    let rows = sample.ask(sql, &limits).unwrap();
    assert_eq!(rows.len(), 20_000);
    assert!(rows.is_sorted_by_key(|row| row.address));
    let error = sample.ask(sql, &QueryLimits { rows: 19_999, ..limits }).unwrap_err();
    assert_eq!(error.to_string(), "the query returns more than 19999 rows");
    assert_ne!(user(0), user(1));
}
