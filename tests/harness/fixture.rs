//! Expected results in text files that people review: a test compares, and rewrites them only when it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The variable that is set to rewrite the fixtures. The difference is then reviewed like code.
const WRITE: &str = "TORQUE_WRITE_FIXTURES";

/// The lines of the fixture `name` without comments and blank lines.
///
/// # Panics
/// If the fixture does not exist.
#[must_use]
pub fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// Fails unless the fixture `name` says exactly `found`, in this order, or rewrites it below its introduction.
///
/// # Panics
/// With every line that is missing or too many.
#[track_caller]
pub fn expect(name: &str, found: &[String]) {
    if std::env::var_os(WRITE).is_some() {
        write(name, found);
    }
    let expected = lines(name);
    if expected == found {
        return;
    }
    let [before, after] = [&expected[..], found].map(|lines| lines.iter().collect::<BTreeSet<_>>());
    let gone = before.difference(&after).map(|line| format!("- {line}"));
    let come = after.difference(&before).map(|line| format!("+ {line}"));
    let difference: Vec<String> = gone.chain(come).collect();
    panic!(
        "tests/fixtures/{name} is not what was found (- expected, + found); if that is right, set {WRITE}=1:\n{}",
        difference.join("\n")
    );
}

/// Written in place of a refusal where something is accepted.
pub const ACCEPTED: &str = "accepted";

/// A changed call and its result.
pub struct Case {
    /// The call and its changed part, as the first two columns of a row.
    pub place: String,
    /// The change.
    pub kind: String,
    /// The name of the refusal, or [`ACCEPTED`].
    pub outcome: String,
}

/// Fails unless the fixture `refusals` has exactly the results of `cases`, every accepted case has a reason in the
/// fixture `harmless`, and every reason there has a case.
///
/// # Panics
/// With every row that is wrong.
#[track_caller]
pub fn expect_cases(refusals: &str, harmless: &str, cases: &[Case]) {
    expect(refusals, &rows(cases));
    let accepted = cases.iter().filter(|case| case.outcome == ACCEPTED);
    let accepted: BTreeSet<String> = accepted.map(|case| format!("{} | {}", case.place, case.kind)).collect();
    let mut reasoned = BTreeSet::new();
    for line in lines(harmless) {
        let [call, place, kinds, reason] = line.splitn(4, " | ").collect::<Vec<_>>()[..] else {
            panic!("{harmless}: not four columns: {line}");
        };
        assert!(reason.split(' ').count() > 3, "{harmless}: no reason: {line}");
        reasoned.extend(kinds.split(", ").map(|kind| format!("{call} | {place} | {kind}")));
    }
    let without: Vec<_> = accepted.difference(&reasoned).collect();
    let obsolete: Vec<_> = reasoned.difference(&accepted).collect();
    assert!(without.is_empty(), "accepted without a reason in {harmless}: {without:#?}");
    assert!(obsolete.is_empty(), "in {harmless}, but not accepted: {obsolete:#?}");
}

/// For each place one row for each refusal. The commonest comes last, with the number of its cases.
fn rows(cases: &[Case]) -> Vec<String> {
    let mut rows = Vec::new();
    for cases in cases.chunk_by(|one, next| one.place == next.place) {
        let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for case in cases {
            kinds.entry(&case.outcome).or_default().push(&case.kind);
        }
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, kinds)| kinds.len());
        let last = kinds.len() - 1;
        for (position, (outcome, kinds)) in kinds.into_iter().enumerate() {
            let is_rest = position == last && outcome != ACCEPTED && kinds.len() > 1;
            let kinds = if is_rest { format!("the other {}", kinds.len()) } else { kinds.join(", ") };
            rows.push(format!("{} | {outcome} | {kinds}", cases[0].place));
        }
    }
    rows
}

/// Keeps the introduction, the lines at the top that begin with `#`, and replaces the rest.
fn write(name: &str, found: &[String]) {
    let before = std::fs::read_to_string(path(name)).unwrap_or_default();
    let introduction: String =
        before.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let mut text = introduction;
    let mut section = "";
    for line in found {
        let name = line.split(" | ").next().unwrap_or_default();
        if name != section {
            text.push('\n');
            section = name;
        }
        text.push_str(line);
        text.push('\n');
    }
    std::fs::write(path(name), text).unwrap();
}

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}
