//! Rules for dependencies that a package's manifest cannot express: packages that must not be reached through others,
//! and which modules of a package may use a large library.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::{TextFile, refuse, rust_files, text_file};
use crate::source::{Word, line_of, words};

/// The packages that a package may not reach through any dependency, including those of tests and benchmarks.
const OUT_OF_REACH: [(&str, &[&str]); 3] = [
    ("crank-rules", &["datafusion", "litesvm", "object_store", "parquet", "reqwest", "sqlx", "tokio"]),
    ("crank-activity", &["litesvm", "solana-transaction", "sqlx"]),
    ("crank-cluster", &["datafusion", "object_store", "parquet", "sqlx"]),
];

/// Types and modules of the standard library by which a clock or a network would get into a decision, and `rand`.
const WORLDLY_WORDS: [&str; 3] = ["Instant", "SystemTime", "rand"];

#[test]
fn no_package_reaches_what_it_must_not_know() {
    let graph = dependencies();
    let mut offences = Vec::new();
    for (package, forbidden) in OUT_OF_REACH {
        let reached = reached(&graph, package);
        assert!(reached.len() > 10, "Cargo.lock: the dependencies of {package} cannot be read");
        let found = forbidden.iter().filter(|name| reached.contains(**name));
        offences.extend(found.map(|name| format!("Cargo.lock:1: {package} reaches `{name}`")));
    }
    refuse(&offences);
}

#[test]
fn the_rules_know_no_clock_network_or_chance() {
    let files: Vec<_> = rust_files().filter(|file| file.path.starts_with("crank/rules/src/")).collect();
    assert!(!files.is_empty(), "crank/rules/src: is missing, and its border cannot be checked");
    let mut offences = Vec::new();
    for file in files {
        for word in words(&file.code).into_iter().filter(|word| is_worldly(&file.code, *word)) {
            offences.push(format!("{}:{}: the rules know `{}`", file.path, line_of(&file.code, word.start), word.text));
        }
    }
    refuse(&offences);
}

#[test]
fn operations_know_no_command_line() {
    let faces = ["cli", "clap", "commands", "failure", "print", "println", "stdout"];
    let is_operation = |file: &&TextFile| file.path.starts_with("crank/src/operations");
    let operations: Vec<_> = rust_files().filter(is_operation).collect();
    assert!(!operations.is_empty(), "crank/src/operations.rs: is missing, and its border cannot be checked");
    refuse(&mentions(&faces, operations.into_iter()));
}

#[test]
fn within_activity_only_the_engine_mentions_the_query_engine() {
    // The store uses only the engine's columns, so that both use the same version of them.
    let is_engine = |file: &TextFile| file.path.starts_with("crank/activity/src/engine");
    let is_store = |file: &TextFile| file.path.starts_with("crank/activity/src/store");
    let activity = rust_files().filter(|file| file.path.starts_with("crank/activity/"));
    let outside = activity.filter(|file| !(is_engine(file) || is_store(file) && takes_columns_only(file)));
    refuse(&mentions(&["datafusion"], outside));
}

/// Whether the file mentions the query engine only for its columns.
fn takes_columns_only(file: &TextFile) -> bool {
    file.code.matches("datafusion").count() == file.code.matches("datafusion::arrow::").count()
}

#[test]
fn the_program_does_not_know_the_crank() {
    let program = rust_files().filter(|file| file.path.starts_with("programs/"));
    let mut offences = mentions(&["crank"], program);
    if text_file("programs/torque/Cargo.toml").text.contains("crank") {
        offences.push("programs/torque/Cargo.toml:1: mentions `crank`".to_owned());
    }
    refuse(&offences);
}

fn mentions(names: &[&str], files: impl Iterator<Item = &'static TextFile>) -> Vec<String> {
    let mut offences = Vec::new();
    for file in files {
        for word in words(&file.code).iter().filter(|word| names.contains(&word.text)) {
            offences.push(format!("{}:{}: mentions `{}`", file.path, line_of(&file.code, word.start), word.text));
        }
    }
    offences
}

/// Whether this word brings in the world: a clock, chance or a socket.
fn is_worldly(code: &str, word: Word<'_>) -> bool {
    WORLDLY_WORDS.contains(&word.text)
        || (word.text == "now" && word.follows(code, "::"))
        || (word.text == "net" && word.follows(code, "std::"))
}

/// The packages of `Cargo.lock` by name, each with the names of those that it needs.
fn dependencies() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in text_file("Cargo.lock").text.split("[[package]]").skip(1) {
        let name = package.split("name = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let needed = package.split("dependencies = [").nth(1).unwrap_or_default().split(']').next().unwrap();
        // A version follows the name where there are several.
        let needed = needed.split('"').skip(1).step_by(2).filter_map(|text| text.split(' ').next());
        graph.entry(name).or_default().extend(needed);
    }
    graph
}

/// All packages that a package needs, directly or indirectly.
fn reached(graph: &BTreeMap<&'static str, BTreeSet<&'static str>>, package: &str) -> BTreeSet<&'static str> {
    let (mut reached, mut next) = (BTreeSet::new(), graph[package].iter().copied().collect::<Vec<_>>());
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(graph[name].iter().copied());
        }
    }
    reached
}
