//! Which names a field of an event may have: those of a column that is not one of the event's own.

use super::error::LineProblem;
use crank_rules::{values::table_name::is_word, wording::shown};

/// The columns that every event has.
const OWN_COLUMNS: [&str; 3] = ["user_pubkey", "timestamp", "id"];

/// Refuses a field name that could not be a column's.
pub(super) fn checked_field_name(name: &str) -> Result<(), LineProblem> {
    if !is_word(name) {
        return Err(LineProblem::FieldName(format!("\"{}\"", shown(name))));
    }
    if OWN_COLUMNS.iter().any(|own| name.eq_ignore_ascii_case(own)) {
        return Err(LineProblem::ReservedField(name.to_owned()));
    }
    Ok(())
}
