//! Why a filter cannot be put into SQL, and the checks that find it out.

use crate::{
    activity::{QueryError, check_expression},
    campaign::{Filter, FilterRule, MAX_FILTERS, MAX_HOLD_SECONDS},
    sql_text::has_placeholder,
};

/// A filter that cannot be put into SQL as it is meant.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// Too long a list.
    #[error("`filters`: found {0}, expected at most {MAX_FILTERS}")]
    TooMany(usize),
    /// The condition is not one expression over an event's columns.
    #[error("`filters[{place}].where`: {problem}")]
    Condition {
        /// The filter's place in the list.
        place: usize,
        /// What is wrong.
        problem: QueryError,
    },
    /// A name or value that a query would take for one of its placeholders.
    #[error("`filters[{place}].{field}`: found `{{{{`, which stands for a placeholder, expected a plain name or value")]
    Placeholder {
        /// The filter's place in the list.
        place: usize,
        /// The field.
        field: &'static str,
    },
    /// A purchase that is a sale, or too long a time.
    #[error("`filters[{place}].{field}`: found {found}, expected {expected}")]
    Value {
        /// The filter's place in the list.
        place: usize,
        /// The field.
        field: &'static str,
        /// What it holds.
        found: String,
        /// What would be right.
        expected: String,
    },
}

/// Checks everything that goes into generated SQL. A query that is given as a whole is checked where it runs.
pub(super) fn check(place: usize, filter: &Filter) -> Result<(), FilterError> {
    match &filter.rule {
        FilterRule::ExcludeWallets { .. } => Ok(()),
        FilterRule::ExcludeEvents { condition, .. } => {
            check_expression(condition).map_err(|problem| FilterError::Condition { place, problem })
        }
        FilterRule::MinimumCounterparties { counterparty_field, .. } => {
            check_plain(place, &[("counterpartyField", counterparty_field)])
        }
        FilterRule::MinimumHold { asset_field, side_field, buy_value, sell_value, minimum_seconds, .. } => {
            let names = [("assetField", asset_field), ("sideField", side_field)];
            check_plain(place, &names)?;
            check_plain(place, &[("buyValue", buy_value), ("sellValue", sell_value)])?;
            check_hold(place, buy_value, sell_value, *minimum_seconds)
        }
    }
}

fn check_plain(place: usize, fields: &[(&'static str, &String)]) -> Result<(), FilterError> {
    match fields.iter().find(|(_, value)| has_placeholder(value)) {
        None => Ok(()),
        Some((field, _)) => Err(FilterError::Placeholder { place, field }),
    }
}

fn check_hold(place: usize, buy: &str, sell: &str, seconds: u64) -> Result<(), FilterError> {
    if buy == sell {
        let (found, expected) = (format!("`{sell}`"), "another value than `buyValue` has".to_owned());
        return Err(FilterError::Value { place, field: "sellValue", found, expected });
    }
    if !(1..=MAX_HOLD_SECONDS).contains(&seconds) {
        let expected = format!("a whole number of seconds from 1 to {MAX_HOLD_SECONDS}");
        return Err(FilterError::Value { place, field: "minimumSeconds", found: seconds.to_string(), expected });
    }
    Ok(())
}
