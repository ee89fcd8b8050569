//! Filters against wash trading as SQL: tables without the events that are taken out, and queries for the wallets that
//! are excluded.
//!
//! Pure: what a filter says is in `campaign`, running these queries is `activity`'s and `measurement`'s, and excluding
//! the wallets `evaluation`'s. Names and values are quoted and a condition is one expression, so no filter can take
//! out anything but what it declares.

mod error;
mod events;

use std::collections::BTreeMap;

pub use error::FilterError;

use crate::sql_text::{identifier, table};
use crank_rules::{
    campaign::{Filter, FilterRule},
    values::table_name::TableName,
};

/// The tables from which events are taken out, each with the SELECT that stands for it.
///
/// A SELECT reads the table itself by its own name. Where several filters concern one table, a later one sees what the
/// earlier ones left. An event stays unless its filter's condition is true; an unknown (null) condition leaves it.
///
/// # Errors
/// [`FilterError`] with the filter's place in the list, when a filter cannot be put into SQL as it is meant.
pub fn views(filters: &[Filter]) -> Result<BTreeMap<TableName, String>, FilterError> {
    let mut views = BTreeMap::<TableName, String>::new();
    for (place, filter) in filters.iter().enumerate() {
        error::check(place, filter)?;
        let Some(name) = events::table_of(filter.rule()) else { continue };
        let source = match views.get(name) {
            Some(view) => format!("(\n{view}\n) as {}", identifier(&name.name)),
            None => table(name),
        };
        if let Some(view) = events::without(filter.rule(), &source) {
            views.insert(name.clone(), view);
        }
    }
    Ok(views)
}

/// The queries whose wallets are excluded, each with its filter's place in the list.
///
/// A query returns `address` and `value` for the epoch; which value does not matter. A wallet without a single row in
/// a table of dealings is not known to that table, so `MINIMUM_COUNTERPARTIES` does not return it.
#[must_use]
pub fn exclusions(filters: &[Filter]) -> Vec<(u16, String)> {
    let placed = (0_u16..).zip(filters);
    placed.filter_map(|(place, filter)| Some((place, excluded_wallets(filter.rule())?))).collect()
}

fn excluded_wallets(rule: &FilterRule) -> Option<String> {
    match rule {
        FilterRule::ExcludeWallets { sql } => Some(sql.clone()),
        FilterRule::MinimumCounterparties { table, counterparty_field, minimum } => {
            Some(few_counterparties(table, counterparty_field, *minimum))
        }
        FilterRule::ExcludeEvents { .. } | FilterRule::MinimumHold { .. } => None,
    }
}

/// The wallets that dealt with fewer than `minimum` others. A wallet does not
/// count as its own counterparty, and a missing name counts as nobody.
fn few_counterparties(name: &TableName, counterparty_field: &str, minimum: u64) -> String {
    // As text, since a field of numbers cannot be compared with an address.
    let others = format!("count(distinct nullif(cast({} as varchar), user_pubkey))", identifier(counterparty_field));
    format!(
        "select user_pubkey as address, {others} as value\nfrom {source}\nwhere timestamp >= {{{{startDate}}}} and \
         timestamp < {{{{endDate}}}}\ngroup by user_pubkey\nhaving {others} < {minimum}",
        source = table(name)
    )
}

#[cfg(test)]
mod tests;
