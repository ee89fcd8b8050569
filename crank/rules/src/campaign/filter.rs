//! Filters against wash trading, which a campaign declares and which apply before the ranking. The module `filters` of
//! `crank/activity` turns each into a query.
//!
//! A [`Filter`] has passed every check of its parameters, whether it comes from a campaign's file or from a bundle.
//! Only whether a condition is valid SQL is not checked here.

mod read;

pub(super) use read::filters;

use super::fields::{MAX_LINE_CHARACTERS, MAX_QUERY_BYTES, is_line};
use crate::values::table_name::{TableName, is_word};

/// The most filters of one campaign: people who want to join it should be able to read all of them.
pub const MAX_FILTERS: usize = 32;
/// The longest time that an asset must be held, in seconds: a hundred years, which fits the engine's intervals.
pub const MAX_HOLD_SECONDS: u64 = 3_155_760_000;

/// What a filter takes out, with the reason that the bundle gives for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filter {
    reason: String,
    rule: FilterRule,
}

/// What a filter takes out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FilterRule {
    /// `EXCLUDE_WALLETS`: every wallet that a query returns.
    ExcludeWallets {
        /// `sqlQuery`: returns `address` and `value`; the value does not matter.
        sql: String,
    },
    /// `EXCLUDE_EVENTS`: every event for which a condition is true.
    ExcludeEvents {
        /// `table`: such as `events.trade`.
        table: TableName,
        /// `where`: an SQL condition over the table's columns.
        condition: String,
    },
    /// `MINIMUM_COUNTERPARTIES`: every wallet with too few counterparties in the epoch.
    MinimumCounterparties {
        /// `table`: the table of trades or other dealings.
        table: TableName,
        /// `counterpartyField`: the column that names the other side.
        counterparty_field: String,
        /// `minimum`: how many different counterparties are required, above 0.
        minimum: u64,
    },
    /// `MINIMUM_HOLD`: every sale that follows a wallet's last purchase of the same asset too soon.
    MinimumHold {
        /// `table`: purchases and sales.
        table: TableName,
        /// `assetField`: the column that names what was bought or sold.
        asset_field: String,
        /// `sideField`: the column that tells purchases from sales.
        side_field: String,
        /// `buyValue`: the column's value for a purchase.
        buy_value: String,
        /// `sellValue`: the column's value for a sale.
        sell_value: String,
        /// `minimumSeconds`: how long an asset must be held, from 1 to [`MAX_HOLD_SECONDS`].
        minimum_seconds: u64,
    },
}

/// A parameter of a filter whose value is not valid.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{field}`: expected {expected}")]
pub struct FilterProblem {
    /// The parameter, as a campaign's file names it.
    pub field: &'static str,
    /// What would be right.
    pub expected: String,
}

impl Filter {
    /// A filter, after its parameters are checked.
    ///
    /// # Errors
    /// The first parameter that is not valid.
    pub fn new(reason: String, rule: FilterRule) -> Result<Self, FilterProblem> {
        let checks = [("reason", is_line(&reason) && !reason.contains([',', '"']))];
        let found = checks.into_iter().chain(rule.checks()).find(|(_, is_right)| !is_right);
        match found {
            None => Ok(Self { reason, rule }),
            Some((field, _)) => Err(FilterProblem { field, expected: expected(field) }),
        }
    }

    /// `reason`: the explanation for people, one line without commas and quotation marks.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What it takes out.
    #[must_use]
    pub const fn rule(&self) -> &FilterRule {
        &self.rule
    }
}

impl FilterRule {
    /// Every parameter that can have a wrong value, and whether its value is right.
    fn checks(&self) -> Vec<(&'static str, bool)> {
        match self {
            Self::ExcludeWallets { sql } => vec![("sqlQuery", is_sql(sql))],
            Self::ExcludeEvents { condition, .. } => vec![("where", is_sql(condition))],
            Self::MinimumCounterparties { counterparty_field, minimum, .. } => {
                vec![("counterpartyField", is_word(counterparty_field)), ("minimum", *minimum > 0)]
            }
            Self::MinimumHold { asset_field, side_field, buy_value, sell_value, minimum_seconds, .. } => vec![
                ("assetField", is_word(asset_field)),
                ("sideField", is_word(side_field)),
                ("buyValue", is_value(buy_value)),
                ("sellValue", is_value(sell_value) && sell_value != buy_value),
                ("minimumSeconds", (1..=MAX_HOLD_SECONDS).contains(minimum_seconds)),
            ],
        }
    }
}

/// Whether a text is not blank and not longer than a query may be.
fn is_sql(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= MAX_QUERY_BYTES
}

/// Whether a text can be compared with a column in a query. A query would take two braces for a placeholder.
fn is_value(text: &str) -> bool {
    is_line(text) && !text.contains("{{")
}

/// The values that a parameter takes, for an error text.
fn expected(field: &str) -> String {
    match field {
        "reason" => format!(
            "what people are told, one line of at most {MAX_LINE_CHARACTERS} characters without commas and quotation marks"
        ),
        "sqlQuery" => format!("a query that returns `address` and `value`, at most {MAX_QUERY_BYTES} bytes"),
        "table" => "a table such as \"events.trade\"".to_owned(),
        "where" => format!("an SQL condition such as \"usd_volume < 10\", at most {MAX_QUERY_BYTES} bytes"),
        "minimum" => "a whole number from 1 on".to_owned(),
        "minimumSeconds" => format!("a whole number of seconds from 1 to {MAX_HOLD_SECONDS}"),
        "buyValue" => "what the side field holds for a purchase, one line without `{{`".to_owned(),
        "sellValue" => {
            "what the side field holds for a sale, another value than for a purchase and one line without `{{`"
                .to_owned()
        }
        _ => "the name of a column, a word".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(reason: &str, rule: FilterRule) -> Option<&'static str> {
        Filter::new(reason.to_owned(), rule).err().map(|problem| problem.field)
    }

    fn hold(fields: [&str; 4], minimum_seconds: u64) -> FilterRule {
        let [asset_field, side_field, buy_value, sell_value] = fields.map(str::to_owned);
        let table = "events.trade".parse().unwrap();
        FilterRule::MinimumHold { table, asset_field, side_field, buy_value, sell_value, minimum_seconds }
    }

    #[test]
    fn a_filter_cannot_be_made_of_a_parameter_that_is_not_right() {
        let wallets = |sql: &str| FilterRule::ExcludeWallets { sql: sql.to_owned() };
        let counterparties = |field: &str, minimum| FilterRule::MinimumCounterparties {
            table: "events.trade".parse().unwrap(),
            counterparty_field: field.to_owned(),
            minimum,
        };
        let right = ["asset", "side", "buy", "sell"];
        for (rule, field) in [
            (wallets("SELECT 1"), None),
            (wallets(" "), Some("sqlQuery")),
            (wallets(&"x".repeat(MAX_QUERY_BYTES + 1)), Some("sqlQuery")),
            (counterparties("maker", 1), None),
            (counterparties("{{startDate}}", 1), Some("counterpartyField")),
            (counterparties("maker", 0), Some("minimum")),
            (hold(right, MAX_HOLD_SECONDS), None),
            (hold(right, 0), Some("minimumSeconds")),
            (hold(right, MAX_HOLD_SECONDS + 1), Some("minimumSeconds")),
            (hold(["a; b", "side", "buy", "sell"], 1), Some("assetField")),
            (hold(["asset", "1st", "buy", "sell"], 1), Some("sideField")),
            (hold(["asset", "side", "{{endDate}}", "sell"], 1), Some("buyValue")),
            (hold(["asset", "side", "buy", "buy"], 1), Some("sellValue")),
            (hold(["asset", "side", "buy", "a\nb"], 1), Some("sellValue")),
        ] {
            assert_eq!(problem("wash trading", rule), field);
        }
        for reason in ["", " ", "a, b", "\"a\"", "a\nb", "\u{1b}[2J", &"x".repeat(201)] {
            assert_eq!(problem(reason, wallets("SELECT 1")), Some("reason"), "{reason:?}");
        }
    }
}
