//! Rules for the program: its address, its instructions' and errors' tests, and the numbers that clients rely on.

use crate::repository::{has_text_file, refuse, root, rust_files_in, text_file};
use crate::source::{closing_bracket, words};

const ERRORS: &str = "programs/torque/src/error.rs";
const SNAPSHOT: &str = "tests/fixtures/errors.txt";

const BYTECODE: &str = "crank/program/torque.so";
/// Bytes of the program for which a deployer has to lay aside rent.
const MOST_BYTES: u64 = 750_000;

/// Where Anchor begins to number a program's own errors.
const FIRST_ERROR_NUMBER: usize = 6000;

#[test]
fn every_instruction_has_a_module_of_tests_with_its_name() {
    let mut offences = Vec::new();
    for file in rust_files_in("programs/torque/src/instructions") {
        let tests = format!("tests/program/{}.rs", file.stem());
        if !has_text_file(&tests) {
            offences.push(format!("{}:1: has no tests: add {tests}", file.path));
        }
    }
    refuse(&offences);
}

#[test]
fn every_error_is_named_by_a_test_of_the_program() {
    let tests = rust_files_in("tests/program");
    let is_named = |error: &str| tests.iter().any(|file| words(&file.code).iter().any(|word| word.text == error));
    let unnamed: Vec<_> = error_names().into_iter().filter(|error| !is_named(error)).collect();
    refuse(
        &unnamed.iter().map(|error| format!("{ERRORS}: no test of tests/program names `{error}`")).collect::<Vec<_>>(),
    );
}

#[test]
fn every_tenth_error_s_comment_gives_its_number() {
    let names = error_names();
    let mut next = FIRST_ERROR_NUMBER;
    let mut numbered = Vec::new();
    for line in text_file(ERRORS).text.lines().map(str::trim) {
        if let Some(number) = line.strip_prefix("/// ").and_then(|text| text.parse::<usize>().ok()) {
            numbered.push((number, next));
        }
        let is_error = line.strip_suffix(',').is_some_and(|name| names.contains(&name));
        next += usize::from(is_error);
    }
    let last = FIRST_ERROR_NUMBER + names.len();
    assert_eq!(next, last, "{ERRORS}: each error stands on a line of its own");
    let expected: Vec<(usize, usize)> = (FIRST_ERROR_NUMBER..last).step_by(10).map(|it| (it, it)).collect();
    assert_eq!(numbered, expected, "{ERRORS}: a comment like `/// 6000` stands above every tenth error");
}

#[test]
fn errors_keep_their_numbers_and_new_ones_are_appended() {
    let recorded: Vec<&str> = text_file(SNAPSHOT).text.lines().collect();
    let numbered = error_names().into_iter().enumerate();
    let current: Vec<String> = numbered.map(|(index, name)| format!("{} {name}", FIRST_ERROR_NUMBER + index)).collect();
    let mut offences = Vec::new();
    for (index, line) in recorded.iter().enumerate() {
        let found = current.get(index).map_or("nothing", String::as_str);
        if found != *line {
            offences.push(format!("{SNAPSHOT}:{}: `{line}` is now `{found}`: never reorder or remove", index + 1));
        }
    }
    for line in current.iter().skip(recorded.len()) {
        offences.push(format!("{SNAPSHOT}:{}: append `{line}`", recorded.len() + 1));
    }
    refuse(&offences);
}

#[test]
fn every_instruction_has_its_cost_on_the_page() {
    let costs = &text_file("programs/torque/COSTS.md").text;
    let interface: serde_json::Value =
        serde_json::from_str(&text_file("programs/torque/idl/torque.json").text).unwrap();
    let names = interface["instructions"].as_array().unwrap().iter().map(|instruction| instruction["name"].as_str());
    let missing = names.flatten().filter(|name| !costs.contains(&format!("\n| `{name}` | ")));
    refuse(&missing.map(|name| format!("programs/torque/COSTS.md: has no line for `{name}`")).collect::<Vec<_>>());
}

#[test]
fn the_program_has_no_more_bytes_than_its_rent_is_planned_for() {
    let bytes = std::fs::metadata(root().join(BYTECODE)).unwrap().len();
    assert!(bytes <= MOST_BYTES, "{BYTECODE} has {bytes} bytes: more than {MOST_BYTES}, see scripts/sbf/README.md");
}

#[test]
fn the_program_has_one_address_everywhere() {
    let declared = declared_address();
    let mut offences = Vec::new();
    let configured = configured_addresses();
    assert!(!configured.is_empty(), "Anchor.toml: no `torque = \"…\"` in a `[programs.…]` table");
    for (line, address) in configured.iter().filter(|(_, address)| *address != declared) {
        offences.push(format!("Anchor.toml:{line}: {address} is not the declared {declared}"));
    }
    let idl: serde_json::Value = serde_json::from_str(&text_file("programs/torque/idl/torque.json").text).unwrap();
    if idl["address"] != declared {
        offences.push(format!("programs/torque/idl/torque.json: {} is not the declared {declared}", idl["address"]));
    }
    refuse(&offences);
}

/// The errors in the order of their numbers.
fn error_names() -> Vec<&'static str> {
    let code = text_file(ERRORS).code.as_str();
    let open = code.find("enum TorqueError").and_then(|start| Some(start + code[start..].find('{')?));
    let open = open.unwrap_or_else(|| panic!("{ERRORS}: has no `enum TorqueError`"));
    let mut names = Vec::new();
    let mut rest = &code[open + 1..closing_bracket(code, open).unwrap()];
    while let Some(start) = rest.find(|character: char| !character.is_whitespace() && character != ',') {
        rest = &rest[start..];
        let end = if rest.starts_with('#') {
            closing_bracket(rest, 1).unwrap() + 1
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            names.push(rest[..end].trim());
            end
        };
        rest = &rest[end..];
    }
    names
}

/// The address in `declare_id!`.
fn declared_address() -> &'static str {
    let text = &text_file("programs/torque/src/lib.rs").text;
    let declared = text.split_once("declare_id!(\"").and_then(|(_, rest)| rest.split('"').next());
    declared.unwrap_or_else(|| panic!("programs/torque/src/lib.rs: has no `declare_id!`"))
}

/// The program's addresses in Anchor.toml, with their lines.
fn configured_addresses() -> Vec<(usize, &'static str)> {
    let mut is_programs = false;
    let mut addresses = Vec::new();
    for (index, line) in text_file("Anchor.toml").text.lines().enumerate() {
        if line.starts_with('[') {
            is_programs = line.starts_with("[programs.");
        } else if is_programs && line.split(['=', ' ']).next() == Some("torque") {
            addresses.push((index + 1, line.split('"').nth(1).unwrap_or_default()));
        }
    }
    addresses
}
