//! The README's example campaign: its files and commands give exactly the output that the README shows.

use std::{fs, path::Path, process::Command};

use crate::working_directory::WorkingDirectory;

/// The README's fenced blocks of a language, without their fences.
fn blocks<'a>(readme: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    readme.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_campaign_of_one_s_own_runs_as_the_readme_says() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let work = WorkingDirectory::new();
    let [campaign, events] = blocks(&readme, "json")[..] else { panic!("a campaign and events") };
    work.write("campaign.json", campaign);
    work.write("events.ndjson", events);
    let typed = blocks(&readme, "sh")[1];
    let mut outputs = Vec::new();
    for line in typed.lines() {
        let arguments = line.strip_prefix("cargo run -- ").unwrap().split(' ');
        let mut command = Command::new(env!("CARGO_BIN_EXE_crank"));
        let output = command.args(arguments).current_dir(work.path("")).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        outputs.push(String::from_utf8(output.stdout).unwrap());
    }
    let shown = blocks(&readme, "text")[1];
    assert_eq!(outputs.len(), 3);
    assert_eq!(outputs[1], shown);
}
