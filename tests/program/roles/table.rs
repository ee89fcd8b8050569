//! Reads `programs/torque/roles.csv`: who may sign each instruction, the error for all others, and what a pause stops.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anchor_lang::error::ErrorCode;

/// The table.
const TABLE: &str = include_str!("../../../programs/torque/roles.csv");
/// The program's errors with their numbers.
const ERRORS: &str = include_str!("../../fixtures/errors.txt");
/// Errors of the framework that the table names.
const FRAMEWORK_ERRORS: [ErrorCode; 1] = [ErrorCode::ConstraintSeeds];

/// The text of an empty cell.
pub(super) const NONE: &str = "-";

/// One signer of one instruction, or an instruction that nobody signs.
pub(super) struct RoleRow {
    /// The instruction's name, with its variant if it has several.
    pub(super) call: &'static str,
    /// The name of the account that signs.
    pub(super) signer: &'static str,
    /// The allowed signers, separated by `or`. A name that no key of the tests has means only the call's own signer.
    pub(super) who: &'static str,
    /// The error that all others get.
    pub(super) others: &'static str,
    /// Whether it `runs` or `stops` while the protocol, and while the distributor, is paused.
    pub(super) paused: [&'static str; 2],
}

impl RoleRow {
    /// The instruction's name.
    pub(super) fn instruction(&self) -> &'static str {
        self.call.split(' ').next().unwrap()
    }

    /// The number of the error that all others get.
    pub(super) fn refusal(&self) -> u32 {
        let framework = FRAMEWORK_ERRORS.iter().find(|error| format!("{error:?}") == self.others);
        let own = ERRORS.lines().filter_map(|line| line.split_once(' ')).find(|(_, name)| *name == self.others);
        let number = own.map(|(number, _)| number.parse().unwrap());
        number
            .or_else(|| framework.map(|error| u32::from(*error)))
            .unwrap_or_else(|| panic!("no error {}", self.others))
    }
}

static ROWS: LazyLock<Vec<RoleRow>> = LazyLock::new(|| {
    let rows = TABLE.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let [call, signer, who, others, protocol, distributor] = cells[..] else {
            panic!("roles.csv: six cells are expected in `{line}`");
        };
        RoleRow { call, signer, who, others, paused: [protocol, distributor] }
    });
    rows.collect()
});

/// Every row.
pub(super) fn rows() -> &'static [RoleRow] {
    &ROWS
}

/// The rows of a call: those of its whole name, or else those of its instruction.
pub(super) fn rows_of(call: &str) -> Vec<&'static RoleRow> {
    let own = |name: &str| ROWS.iter().filter(|row| row.call == name).collect::<Vec<_>>();
    let rows = own(call);
    if rows.is_empty() { own(call.split(' ').next().unwrap()) } else { rows }
}

/// The names of the accounts that sign each instruction, by the table.
pub(super) fn signers() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut signers: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows() {
        let names = signers.entry(row.instruction()).or_default();
        if row.signer != NONE && !names.contains(&row.signer) {
            names.push(row.signer);
        }
    }
    signers
}

/// The table as the architecture document shows it.
pub(super) fn in_markdown() -> String {
    let mut text = String::new();
    for (number, line) in TABLE.lines().enumerate() {
        let cells: Vec<String> = line.split(',').enumerate().map(|(place, cell)| shown(number, place, cell)).collect();
        text += &format!("| {} |\n", cells.join(" | "));
        if number == 0 {
            text += &format!("|{}\n", " --- |".repeat(cells.len()));
        }
    }
    text
}

/// A cell as the document shows it: names of the code in backticks, nothing as a dash.
fn shown(line: usize, place: usize, cell: &str) -> String {
    let is_code = line > 0 && [0, 1, 3].contains(&place);
    match (cell, is_code) {
        (NONE, _) => "–".to_owned(),
        (name, true) => format!("`{name}`"),
        (text, false) => text.to_owned(),
    }
}
