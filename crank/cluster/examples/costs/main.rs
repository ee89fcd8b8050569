//! Prints `programs/torque/COSTS.md`: what every instruction costs on the embedded cluster.
//!
//! `scripts/program-costs` runs it and keeps the result. Compute units depend on the compiler of the program, which the
//! page names; the rest is the program's own. All keys come from counters, so the figures are the same in every run.
#![expect(clippy::print_stdout, reason = "its output is the result")]

mod authority;
mod draws;
mod instructions;
mod payments;
mod rents;
mod workshop;

use crank_cluster::error::ChainError;

use workshop::Workshop;

/// How the program was compiled.
const TOOLCHAIN: &str = include_str!("../../../program/torque.so.toolchain");

/// What the page says before its tables.
const INTRODUCTION: &str = "\
# What the instructions cost

Written by `scripts/program-costs` from the bytecode in `crank/program`. Compute units include the token transfers. A push
pays sixteen recipients whose token accounts exist; a recipient without one costs the rent of a token account, once.
";

fn main() -> Result<(), ChainError> {
    let compiler = TOOLCHAIN.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    let payment = ["payment", "leaves", "path", "transaction", "recipients", "units", "each", "bytes", "lamports each"];
    println!("{INTRODUCTION}\nProgram built by: {compiler}.\n");
    println!("{}", markdown(&["instruction", "compute units", "transaction bytes"], &instructions::measure()?));
    let mut workshop = Workshop::new()?;
    println!("{}", markdown(&payment, &payments::measure(&mut workshop)?));
    println!("{}", rents::explain(&workshop.cluster));
    print!("{}", markdown(&["account", "bytes", "lamports"], &rents::measure(&workshop)?));
    Ok(())
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
