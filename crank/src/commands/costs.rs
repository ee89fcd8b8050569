//! `crank costs`: what every instruction costs on the embedded cluster, as the tables of the README.
//!
//! Compute units depend on the compiler of the program, which the first line names; the rest is the program's own. All
//! keys come from counters, so the figures are the same in every run.

mod authority;
mod draws;
mod instructions;
mod payments;
mod workshop;

use std::io::Write;

use super::report;
use crate::failure::Failure;

/// How the program was compiled.
const TOOLCHAIN: &str = include_str!("../../program/torque.so.toolchain");

/// Runs the command.
pub(super) fn run(out: &mut dyn Write) -> Result<(), Failure> {
    let compiler = TOOLCHAIN.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    report(out, &format!("Program built by: {compiler}.\n\n"))?;
    report(out, &markdown(&["instruction", "compute units", "transaction bytes"], &instructions::measure()?))?;
    report(out, "\n")?;
    let header =
        ["payment", "leaves", "path", "recipients", "compute units", "each", "transaction bytes", "lamports each"];
    report(out, &markdown(&header, &payments::measure()?))
}

/// A table in Markdown, its first column to the left and the others to the right.
fn markdown(header: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let rule: Vec<&str> =
        header.iter().enumerate().map(|(column, _)| if column == 0 { "---" } else { "---:" }).collect();
    let body = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    line(header.to_vec()) + &line(rule) + &body.collect::<String>()
}

/// `number` with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_table_has_a_header_a_rule_and_rows() {
        let table = markdown(&["a", "b"], &[vec!["x".to_owned(), "1".to_owned()]]);
        assert_eq!(table, "| a | b |\n| --- | ---: |\n| x | 1 |\n");
    }
}
