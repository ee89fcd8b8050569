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

/// The rows of `source`, which stands after FROM, that the rule leaves.
pub(super) fn without(rule: &FilterRule, source: &str) -> Option<String> {
    match rule {
        // On lines of its own, so that a comment at the condition's end stays one.
        FilterRule::ExcludeEvents { condition, .. } => {
            Some(format!("select *\nfrom {source}\nwhere (\n{condition}\n) is not true"))
        }
        FilterRule::MinimumHold { asset_field, side_field, buy_value, sell_value, minimum_seconds, .. } => {
            let (asset, side) = (identifier(asset_field), identifier(side_field));
            let (buy, sell) = (literal(buy_value), literal(sell_value));
            // The frame is the default one: it ends with all rows of the same instant, so their order does not
            // matter, and a purchase in the very instant of the sale counts as held for no time at all.
            Some(format!(
                "select *\nfrom {source}\nqualify (\n  {side} = {sell} and {asset} is not null\n  and timestamp < \
                 max(case when {side} = {buy} then timestamp end)\n    over (partition by user_pubkey, {asset} order by \
                 timestamp) + interval '{minimum_seconds} seconds'\n) is not true"
            ))
        }
        FilterRule::ExcludeWallets { .. } | FilterRule::MinimumCounterparties { .. } => None,
    }
}
