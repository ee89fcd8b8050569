//! Rules for the top level and the documents: the expected folders, and no path in a document that does not exist.

use std::fs;

use crate::repository::{TextFile, refuse, root, text_files};

/// The folders that the repository must have at the top.
const FOLDERS: [&str; 5] = ["crank", "migrations", "programs", "scripts", "tests"];

/// The folders that it may have beside them: for tools, not for readers.
const TOOL_FOLDERS: [&str; 4] = [".ci", ".git", ".github", "target"];

#[test]
fn the_top_level_has_the_expected_folders_only() {
    let mut found = Vec::new();
    for entry in fs::read_dir(root()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.push(entry.file_name().into_string().unwrap());
        }
    }
    let missing = FOLDERS.iter().filter(|folder| !found.iter().any(|name| name == *folder));
    let mut offences: Vec<String> = missing.map(|folder| format!("{folder}: is missing")).collect();
    let surplus =
        found.iter().filter(|name| !FOLDERS.contains(&name.as_str()) && !TOOL_FOLDERS.contains(&name.as_str()));
    offences.extend(surplus.map(|name| format!("{name}: is no folder of the top level")));
    refuse(&offences);
}

#[test]
fn every_path_and_command_in_a_document_exists() {
    let documents = text_files().iter().filter(|file| file.path.ends_with(".md"));
    refuse(&documents.flat_map(missing_paths).collect::<Vec<_>>());
}

/// The paths that a document names and the repository does not have.
fn missing_paths(document: &TextFile) -> Vec<String> {
    let mut offences = Vec::new();
    for (line, word) in quoted_words(&document.text) {
        if let Some(path) = repository_path(word)
            && !root().join(path).exists()
        {
            offences.push(format!("{}:{line}: {path} does not exist", document.path));
        }
    }
    offences
}

/// The words in backticks and in fenced blocks, with their lines.
fn quoted_words(text: &str) -> Vec<(usize, &str)> {
    let mut is_fenced = false;
    let mut words = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced {
            words.extend(line.split_whitespace().map(|word| (index + 1, word)));
        } else {
            let quoted = line.split('`').skip(1).step_by(2);
            words.extend(quoted.flat_map(str::split_whitespace).map(|word| (index + 1, word)));
        }
    }
    words
}

/// The word as a path of the repository, if it looks like one: it begins with a top-level folder, or is a file like
/// `Cargo.toml`. Of a pattern, the folder before its first wildcard.
fn repository_path(word: &str) -> Option<&str> {
    let word = word.trim_start_matches(['(', '"', '\'']).trim_end_matches([',', '.', ';', ':', ')', '"', '\'']);
    let word = word.strip_prefix("./").unwrap_or(word);
    let path = word.split([':', '#']).next()?;
    let folders = FOLDERS.iter().chain(&TOOL_FOLDERS[..1]);
    let is_below = path.split_once('/').is_some_and(|(folder, _)| folders.clone().any(|name| *name == folder));
    let is_root_file = path.starts_with(|first: char| first.is_ascii_uppercase())
        && !path.contains('/')
        && (path.ends_with(".md") || path.ends_with(".toml"));
    let plain = path
        .find(['*', '<', '{', '[', '…'])
        .map_or(path, |end| path[..end].rsplit_once('/').map_or("", |(folder, _)| folder));
    (is_below || is_root_file).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_like_paths_are_taken_for_paths() {
        let words = ["(`scripts/x`)", "./scripts/x", "crank/src/*.rs", "tests/program/<name>.rs,", "crank/src/a.rs:12"];
        let paths = words.map(|word| repository_path(word.trim_matches(['(', ')', '`'])));
        let expected = ["scripts/x", "scripts/x", "crank/src", "tests/program", "crank/src/a.rs"].map(Some);
        assert_eq!(paths, expected);
        assert_eq!(["crank", "a/b", "target/debug/crank", "x.md"].map(repository_path), [None; 4]);
        assert_eq!(repository_path("Cargo.toml."), Some("Cargo.toml"));
    }

    #[test]
    fn words_are_read_from_backticks_and_fences_only() {
        let text = "a `b c` d\n```\ne f\n```\ng `h`";
        assert_eq!(quoted_words(text), [(1, "b"), (1, "c"), (3, "e"), (3, "f"), (5, "h")]);
    }
}
