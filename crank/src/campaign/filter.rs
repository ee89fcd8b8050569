//! Filters against wash trading: a declared stage before the ranking. How each becomes a query is in `filters`.

mod read;

pub(super) use read::filters;

use crate::table_name::TableName;

/// The most filters of one campaign: more than that nobody reads before joining it.
pub const MAX_FILTERS: usize = 32;
/// The longest time that an asset must be held, in seconds: a hundred years, which the engine's intervals hold.
pub const MAX_HOLD_SECONDS: u64 = 3_155_760_000;

/// What a filter takes out, with the reason that the bundle gives for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filter {
    /// `reason`: what people are told, one line without a comma.
    pub reason: String,
    /// What it takes out.
    pub rule: FilterRule,
}

/// What a filter takes out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FilterRule {
    /// `EXCLUDE_WALLETS`: every wallet that a query returns.
    ExcludeWallets {
        /// `sqlQuery`: returns `address` and `value`; which value does not matter.
        sql: String,
    },
    /// `EXCLUDE_EVENTS`: every event for which a condition is true.
    ExcludeEvents {
        /// `table`: such as `events.trade`.
        table: TableName,
        /// `where`: an SQL condition over the table's columns.
        condition: String,
    },
    /// `MINIMUM_COUNTERPARTIES`: every wallet that dealt with fewer others in the epoch.
    MinimumCounterparties {
        /// `table`: the dealings.
        table: TableName,
        /// `counterpartyField`: the column that names the other side.
        counterparty_field: String,
        /// `minimum`: how many different ones it takes, above 0.
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
        /// `buyValue`: what it holds for a purchase.
        buy_value: String,
        /// `sellValue`: what it holds for a sale.
        sell_value: String,
        /// `minimumSeconds`: how long an asset must be held, above 0.
        minimum_seconds: u64,
    },
}
