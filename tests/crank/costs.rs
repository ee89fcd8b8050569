//! `crank costs`: the README's tables are what it prints, so a change of cost is a change that somebody sees.

use std::{fs, path::Path};

use crate::working_directory::WorkingDirectory;

#[test]
fn the_tables_of_the_readme_are_what_the_command_prints() {
    let printed = WorkingDirectory::new().crank(&["costs"]).expect_success();
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    for line in printed.lines() {
        assert!(readme.lines().any(|known| known == line), "README.md lacks this line of `crank costs`:\n{line}");
    }
}
