//! Rules for who may know whom: the borders that keep evaluation pure and each large library in one module.

use crate::imports::imports;
use crate::repository::{TextFile, has_text_file, refuse, rust_files, text_file};
use crate::source::{Word, line_of, words};

/// Modules of the crank that anyone must be able to recompute: same inputs, same bytes. They import each other only, so
/// nothing else reaches them on any way.
const PURE_MODULES: [&str; 17] = [
    "base58",
    "bundle",
    "campaign",
    "canonical_json",
    "decimal",
    "distribution",
    "evaluation",
    "formula",
    "formula_lints",
    "hash",
    "json_object",
    "message_text",
    "near_names",
    "period",
    "sql_text",
    "table_name",
    "tree",
];

/// Libraries, types and functions by which the world or the clock would get into a pure module.
const WORLDLY_WORDS: [&str; 9] =
    ["Instant", "SystemTime", "axum", "datafusion", "litesvm", "rand", "reqwest", "sqlx", "tokio"];

#[test]
fn pure_modules_know_no_clock_network_or_engine() {
    let mut offences = Vec::new();
    for module in PURE_MODULES {
        let files = crank_module(module);
        if files.is_empty() {
            offences.push(format!("crank/src/{module}.rs: is missing, and its border cannot be checked"));
        }
        for file in files {
            for word in words(&file.code).into_iter().filter(|word| is_worldly(&file.code, *word)) {
                let line = line_of(&file.code, word.start);
                offences.push(format!("{}:{line}: a pure module knows `{}`", file.path, word.text));
            }
        }
    }
    refuse(&offences);
}

#[test]
fn pure_modules_import_pure_modules_only() {
    let is_pure = |module: &[String]| module.first().is_some_and(|first| PURE_MODULES.contains(&first.as_str()));
    let imports = imports();
    assert!(imports.iter().any(|import| is_pure(&import.from)), "the imports of the pure modules cannot be read");
    let crossings = imports.iter().filter(|import| is_pure(&import.from) && !is_pure(&import.to));
    let offences =
        crossings.map(|import| format!("{}: imports `{}`, which is not pure", import.place, import.to.join("::")));
    refuse(&offences.collect::<Vec<_>>());
}

#[test]
fn operations_know_no_command_line() {
    let faces = ["cli", "clap", "commands", "failure", "print", "println", "stdout"];
    let operations: Vec<_> = crank_module("operations");
    assert!(!operations.is_empty(), "crank/src/operations.rs: is missing, and its border cannot be checked");
    refuse(&mentions(&faces, operations.into_iter()));
}

#[test]
fn only_activity_mentions_the_query_engine() {
    // The store takes the engine's columns, so that both have the same version of them, and nothing else of it.
    let outside = rust_files().filter(|file| !is_in_crank_module(file, "store") || !takes_columns_only(file));
    refuse(&mentions_outside("datafusion", "activity", outside));
}

/// Whether the file mentions the query engine for nothing but its columns.
fn takes_columns_only(file: &TextFile) -> bool {
    file.code.matches("datafusion").count() == file.code.matches("datafusion::arrow::").count()
}

#[test]
fn only_chain_mentions_the_embedded_cluster() {
    let crank = rust_files().filter(|file| file.path.starts_with("crank/"));
    refuse(&mentions_outside("litesvm", "chain", crank));
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

/// Every mention of `library` by a file that is not in the crank's module `home`, which must exist.
fn mentions_outside(library: &str, home: &str, files: impl Iterator<Item = &'static TextFile>) -> Vec<String> {
    assert!(!crank_module(home).is_empty(), "crank/src/{home}.rs: is missing, and its border cannot be checked");
    mentions(&[library], files.filter(|file| !is_in_crank_module(file, home)))
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

/// Whether this word brings in the world: a library, a clock or a socket.
fn is_worldly(code: &str, word: Word<'_>) -> bool {
    WORLDLY_WORDS.contains(&word.text)
        || (word.text == "now" && word.follows(code, "::"))
        || (word.text == "net" && word.follows(code, "std::"))
}

/// The files of one module of the crank.
fn crank_module(module: &str) -> Vec<&'static TextFile> {
    assert!(has_text_file("crank/src/lib.rs"), "crank/src/lib.rs: is missing");
    rust_files().filter(|file| is_in_crank_module(file, module)).collect()
}

fn is_in_crank_module(file: &TextFile, module: &str) -> bool {
    file.path == format!("crank/src/{module}.rs") || file.path.starts_with(&format!("crank/src/{module}/"))
}
