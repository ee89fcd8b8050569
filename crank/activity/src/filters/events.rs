//! The filters that take out events, each as one SELECT of the rows that stay.

use crate::sql_text::{identifier, literal};
use crank_rules::{campaign::FilterRule, values::table_name::TableName};

/// The table from which the rule takes out events, if it does.
pub(super) fn table_of(rule: &FilterRule) -> Option<&TableName> {
    match rule {
        FilterRule::ExcludeEvents { table, .. } | FilterRule::MinimumHold { table, .. } => Some(table),
        FilterRule::ExcludeWallets { .. } | FilterRule::MinimumCounterparties { .. } => None,
    }
}

/// A SELECT of the rows of `source`, the text after FROM, that the rule leaves in.
pub(super) fn without(rule: &FilterRule, source: &str) -> Option<String> {
    match rule {
        // The condition has lines of its own, so that a comment at its end cannot hide the bracket.
        FilterRule::ExcludeEvents { condition, .. } => {
            Some(format!("select *\nfrom {source}\nwhere (\n{condition}\n) is not true"))
        }
        FilterRule::MinimumHold { asset_field, side_field, buy_value, sell_value, minimum_seconds, .. } => {
            let (asset, side) = (identifier(asset_field), identifier(side_field));
            let (buy, sell) = (literal(buy_value), literal(sell_value));
            // The default frame ends with all rows of the same instant, so their order does not matter, and a
            // purchase at the same instant as the sale counts as held for zero time.
            Some(format!(
                "select *\nfrom {source}\nqualify (\n  {side} = {sell} and {asset} is not null\n  and timestamp < \
                 max(case when {side} = {buy} then timestamp end)\n    over (partition by user_pubkey, {asset} order by \
                 timestamp) + interval '{minimum_seconds} seconds'\n) is not true"
            ))
        }
        FilterRule::ExcludeWallets { .. } | FilterRule::MinimumCounterparties { .. } => None,
    }
}
