//! `crank diff`: explains what changed between two bundles, in plain text.

mod rows;

use std::io::Write;

use super::report;
use crate::{cli::DiffArguments, failure::Failure, operations::verify::verified_bundle};
use crank_activity::engine::QueryLimits;
use crank_rules::{
    bundle::{Bundle, Change, Comparison},
    wording::shown_to,
};

/// Longer texts are cut.
const LONGEST_TEXT: usize = 100;

/// Runs the command.
pub(super) fn run(arguments: &DiffArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let limits = QueryLimits::default();
    let (before, after) = (verified_bundle(&arguments.before, &limits)?, verified_bundle(&arguments.after, &limits)?);
    let comparison = Comparison::of(&before, &after);
    let hash = |bundle: &Bundle| hex::encode(bundle.manifest_hash());
    if comparison.is_empty() {
        return report(out, &format!("the bundles are the same: {}\n", hash(&before)));
    }
    let mut text = format!(
        "A  {}  {}\nB  {}  {}\n",
        hash(&before),
        arguments.before.display(),
        hash(&after),
        arguments.after.display()
    );
    text.push_str(&fields_text(&comparison.fields));
    text.push_str(&rows::text(&comparison.rows, &before, &after));
    text.push_str(&format!("\nfiles that differ: {}\n", comparison.files.join(", ")));
    report(out, &text)?;
    Err(Failure::Check("the bundles differ".to_owned()))
}

/// The fields that changed; a query may have many lines.
fn fields_text(fields: &[Change<String, String>]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let mut text = "\nstated and computed\n".to_owned();
    for Change { key, before, after } in fields {
        match (before, after) {
            (Some(before), Some(after)) if before.contains('\n') || after.contains('\n') => {
                text.push_str(&lines_text(key, before, after));
            }
            _ => text.push_str(&format!(
                "  {key}: {} → {}\n",
                value_text(before.as_deref()),
                value_text(after.as_deref())
            )),
        }
    }
    text
}

/// The lines of a text that changed, without the equal lines at its beginning and end.
fn lines_text(key: &str, before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = before.iter().zip(&after).take_while(|(left, right)| left == right).count();
    let most = before.len().min(after.len()).saturating_sub(same);
    let tail = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(left, right)| left == right).count();
    let mut text = format!("  {key}, from line {}\n", same.saturating_add(1));
    for (mark, lines) in [('-', &before), ('+', &after)] {
        let end = lines.len().saturating_sub(tail);
        for line in lines.get(same..end).unwrap_or_default() {
            text.push_str(&format!("    {mark} {}\n", shown_to(line, LONGEST_TEXT)));
        }
    }
    text
}

fn value_text(value: Option<&str>) -> String {
    value.map_or_else(|| "none".to_owned(), |text| shown_to(text, LONGEST_TEXT))
}
