//! A directory for one test, which runs the crank there on fixtures and its own files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A directory that is deleted at the end of the test.
pub(crate) struct WorkingDirectory {
    directory: TempDir,
}

/// The output of the crank.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) exit_code: u8,
    pub(crate) output: String,
    pub(crate) error: String,
}

impl Answer {
    /// Expects success without a word on the error output.
    pub(crate) fn expect_success(self) -> String {
        assert_eq!((self.exit_code, self.error.as_str()), (0, ""), "{}", self.output);
        self.output
    }

    /// Expects failure with this exit code, and one paragraph that contains every text.
    pub(crate) fn expect_failure(self, exit_code: u8, texts: &[&str]) {
        assert_eq!((self.exit_code, self.output.as_str()), (exit_code, ""), "{}", self.error);
        assert!(self.error.starts_with("error: ") && self.error.trim_end().lines().count() == 1, "{}", self.error);
        for text in texts {
            assert!(self.error.contains(text), "{:?} lacks {text:?}", self.error);
        }
    }
}

impl Answer {
    /// Expects that the command line itself is refused, with a word about `argument`.
    pub(crate) fn expect_failure_of_usage(self, argument: &str) {
        assert!(self.exit_code == 2 && self.error.contains(argument), "{}", self.error);
    }
}

impl WorkingDirectory {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Runs `crank`; in its arguments `@name` stands for a path in this directory and `%name` for a fixture.
    pub(crate) fn crank(&self, arguments: &[&str]) -> Answer {
        let arguments =
            arguments.iter().map(|argument| match (argument.strip_prefix('@'), argument.strip_prefix('%')) {
                (Some(name), _) => self.path(name).into_os_string(),
                (_, Some(name)) => fixture(name).into_os_string(),
                _ => argument.into(),
            });
        let answer = Command::new(env!("CARGO_BIN_EXE_crank")).args(arguments).output().unwrap();
        Answer {
            exit_code: answer.status.code().unwrap().try_into().unwrap(),
            output: String::from_utf8(answer.stdout).unwrap(),
            error: String::from_utf8(answer.stderr).unwrap(),
        }
    }

    /// Evaluates the competition of the fixtures into `out`.
    pub(crate) fn competition(&self, out: &str) -> Answer {
        let (campaign, events) = ("%competition/campaign.json", "%competition/events.ndjson");
        self.crank(&["evaluate", "--campaign", campaign, "--events", events, "--epoch", "0", "--out", out])
    }

    /// Evaluates a campaign and events given as texts into `@out`.
    pub(crate) fn evaluate_texts(&self, campaign: &str, events: &str, epoch: &str) -> Answer {
        self.write("campaign.json", campaign);
        self.write("events.ndjson", events);
        let files = ["--campaign", "@campaign.json", "--events", "@events.ndjson"];
        self.crank(&[&["evaluate"], &files[..], &["--epoch", epoch, "--out", "@out"]].concat())
    }
}

/// The path of a fixture.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)
}

/// The text of a fixture.
pub(crate) fn fixture_text(name: &str) -> String {
    fs::read_to_string(fixture(name)).unwrap()
}
