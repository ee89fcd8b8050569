//! Text that several commands print: lines of a label and a value, tables with columns of numbers, and a bundle's root.

use comfy_table::{CellAlignment, Table, presets};

use crank_rules::bundle::Bundle;

/// Lines of a label and a text.
pub(super) fn pairs(lines: &[(&str, String)]) -> String {
    lines.iter().map(|(label, value)| format!("{label:<13}{value}\n")).collect()
}

/// A table without lines; the columns `numbers` are aligned to the right.
pub(super) fn table<Header, Row>(header: Header, numbers: &[usize], rows: impl IntoIterator<Item = Row>) -> Table
where
    Header: Into<comfy_table::Row>,
    Row: Into<comfy_table::Row>,
{
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for index in numbers {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The root, or why there is none.
pub(super) fn root_text(bundle: &Bundle) -> String {
    match (bundle.tree(), bundle.manifest().skip()) {
        (Some(tree), _) => hex::encode(tree.root()),
        (None, Some(reason)) => format!("none, skip the epoch: {reason}"),
        (None, None) => "none, skip the epoch".to_owned(),
    }
}
