//! Rules for modules and folders: names that say something, one table of contents each, no file outside of it.

use crate::repository::{TextFile, has_text_file, refuse, rust_files, text_file};
use crate::source::{line_of, words};

/// A thing without a subject is in the wrong module.
const NAMELESS: [&str; 5] = ["utils", "util", "helpers", "common", "misc"];

/// Cargo finds the targets in these by itself.
const DISCOVERED_FOLDERS: [&str; 3] = ["benches", "bin", "examples"];

#[test]
fn no_module_is_named_for_having_no_subject() {
    let mut offences = Vec::new();
    for file in rust_files() {
        if file.path.split(['/', '.']).any(|part| NAMELESS.contains(&part)) {
            offences.push(format!("{}:1: name it after its subject", file.path));
        }
        for pair in words(&file.code).windows(2) {
            if pair[0].text == "mod" && NAMELESS.contains(&pair[1].text) {
                let line = line_of(&file.code, pair[1].start);
                offences.push(format!("{}:{line}: name `{}` after its subject", file.path, pair[1].text));
            }
        }
    }
    refuse(&offences);
}

#[test]
fn a_folder_s_module_file_stands_beside_it() {
    let inside = rust_files().filter(|file| file.stem() == "mod");
    refuse(&inside.map(|file| format!("{}:1: call it {}.rs", file.path, file.folder())).collect::<Vec<_>>());
}

#[test]
fn every_folder_has_a_table_of_contents_that_declares_its_files() {
    let mut offences = Vec::new();
    for file in rust_files().filter(|file| !is_root(file)) {
        let folder = file.folder();
        let candidates = [format!("{folder}/lib.rs"), format!("{folder}/main.rs"), format!("{folder}.rs")];
        let tables: Vec<_> = candidates.iter().filter(|path| has_text_file(path)).collect();
        if tables.is_empty() {
            offences.push(format!("{}:1: {folder} has no table of contents: add {folder}.rs", file.path));
        } else if !tables.iter().any(|table| declares(text_file(table), file.stem())) {
            offences.push(format!("{}:1: no `mod {};` in {tables:?}", file.path, file.stem()));
        }
    }
    refuse(&offences);
}

/// Whether the file is the root of a crate and therefore in no table of contents but Cargo's.
fn is_root(file: &TextFile) -> bool {
    let manifest = format!("{}/Cargo.toml", file.folder());
    let is_discovered = DISCOVERED_FOLDERS.contains(&file.folder().rsplit('/').next().unwrap_or_default());
    let is_declared = has_text_file(&manifest) && {
        let name = format!("{}.rs", file.stem());
        name == "build.rs" || text_file(&manifest).text.contains(&format!("path = \"{name}\""))
    };
    is_discovered || is_declared || ["lib", "main"].contains(&file.stem())
}

/// Whether the table of contents has a `mod` for this name.
fn declares(table: &TextFile, name: &str) -> bool {
    words(&table.code).windows(2).any(|pair| pair[0].text == "mod" && pair[1].text == name)
}
