//! `crank costs`: the README's tables are what it prints, so a change of cost is a change that somebody sees, and they have
//! every instruction.

use std::{fs, path::Path};

use crate::working_directory::WorkingDirectory;

/// The program's interface description.
const INTERFACE: &str = include_str!("../../programs/torque/idl/torque.json");

#[test]
fn the_tables_of_the_readme_are_what_the_command_prints_with_every_instruction() {
    let printed = WorkingDirectory::new().crank(&["costs"]).expect_success();
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    for line in printed.lines() {
        assert!(readme.lines().any(|known| known == line), "README.md lacks this line of `crank costs`:\n{line}");
    }
    let interface: serde_json::Value = serde_json::from_str(INTERFACE).unwrap();
    for instruction in interface["instructions"].as_array().unwrap() {
        let start = format!("| `{}` | ", instruction["name"].as_str().unwrap());
        assert!(printed.lines().any(|line| line.starts_with(&start)), "`crank costs` has no line {start}");
    }
}
