//! Filters against wash trading as SQL: views of tables without the events that a filter takes out, and queries for the
//! wallets that it excludes.
//!
//! Pure: `campaign` reads filters, `engine` and `measurement` run these queries, and `evaluation` excludes the wallets.
//! Names and values are quoted and a condition is one expression, so a filter takes out only what it declares.

mod error;
mod events;

use std::collections::BTreeMap;

pub use error::FilterError;

use crate::sql_text::{identifier, table};
use crank_rules::{
    campaign::{Filter, FilterRule},
    values::table_name::TableName,
};

/// The tables from which events are taken out, each with the SELECT that replaces it.
///
/// The SELECT reads the original table by the same name. If several filters concern one table, a later one sees only
/// the events that the earlier ones left. An event is taken out only if its filter's condition is true; it stays if the
/// condition is unknown (null).
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
/// A query returns `address` and `value` for the epoch; the value does not matter. `MINIMUM_COUNTERPARTIES` returns
/// only wallets that have at least one row in its table during the epoch.
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

/// The wallets with fewer than `minimum` counterparties. A wallet is not its own counterparty, and a row without a
/// counterparty adds none.
fn few_counterparties(name: &TableName, counterparty_field: &str, minimum: u64) -> String {
    // Cast to text, because a field of numbers cannot be compared with an address.
    let others = format!("count(distinct nullif(cast({} as varchar), user_pubkey))", identifier(counterparty_field));
    format!(
        "select user_pubkey as address, {others} as value\nfrom {source}\nwhere timestamp >= {{{{startDate}}}} and \
         timestamp < {{{{endDate}}}}\ngroup by user_pubkey\nhaving {others} < {minimum}",
        source = table(name)
    )
}

#[cfg(test)]
mod tests;
