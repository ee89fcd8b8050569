//! The events of one name as typed columns, in canonical order. How lines become a table is in `builder`.
//!
//! The order is by time, then by the bytes of the user, then by the fields in the order of their names, a missing value
//! first. A query cannot tell apart rows that are equal in all of these, so the order of a file cannot matter.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use solana_pubkey::Pubkey;

use super::column::{Column, ColumnType, take};
use super::field_name::checked_field_name;
use super::limits::{LAST_TIMESTAMP, MAX_FIELDS, NUMBER_PRECISION};

/// The events of one name, in canonical order: by time, then user, then fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventTable {
    pub(super) user_pubkeys: Vec<Pubkey>,
    pub(super) timestamps: Vec<i64>,
    pub(super) fields: BTreeMap<String, Column>,
}

/// Why columns do not make a valid table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A column has more or fewer rows than the table.
    #[error("`{column}` has {found} rows, but there are {expected} users")]
    Rows {
        /// The column.
        column: String,
        /// Its rows.
        found: usize,
        /// The rows it should have.
        expected: usize,
    },
    /// A time that no event can have.
    #[error("the timestamp {0} is outside of 0 to {LAST_TIMESTAMP} milliseconds since 1970")]
    Timestamp(i64),
    /// A number that does not fit a number column.
    #[error("`{0}` has a number of more than {NUMBER_PRECISION} digits")]
    Number(String),
    /// A field name that an event could not have, and why.
    #[error("{0}")]
    FieldName(String),
    /// More fields than a table may have.
    #[error("{0} fields, and at most {MAX_FIELDS} are allowed")]
    TooManyFields(usize),
}

impl EventTable {
    /// Makes a table from columns whose rows may be in any order.
    ///
    /// # Errors
    /// [`TableError`] when a column has another length or holds a value that no event can have.
    pub fn new(
        user_pubkeys: Vec<Pubkey>,
        timestamps: Vec<i64>,
        fields: BTreeMap<String, Column>,
    ) -> Result<Self, TableError> {
        let expected = user_pubkeys.len();
        let lengths = fields.iter().filter_map(|(name, column)| Some((name.as_str(), column.rows()?)));
        if let Some((column, found)) =
            lengths.chain([("timestamp", timestamps.len())]).find(|(_, rows)| *rows != expected)
        {
            return Err(TableError::Rows { column: column.to_owned(), found, expected });
        }
        if let Some(time) = timestamps.iter().find(|time| !(0..=LAST_TIMESTAMP).contains(*time)) {
            return Err(TableError::Timestamp(*time));
        }
        if fields.len() > MAX_FIELDS {
            return Err(TableError::TooManyFields(fields.len()));
        }
        for (name, column) in &fields {
            checked_field_name(name).map_err(|problem| TableError::FieldName(problem.to_string()))?;
            let is_number = |number: &i128| number.unsigned_abs() < 10_u128.pow(u32::from(NUMBER_PRECISION));
            if matches!(column, Column::Number(rows) if !rows.iter().flatten().all(is_number)) {
                return Err(TableError::Number(name.clone()));
            }
        }
        let table = Self { user_pubkeys, timestamps, fields };
        let order = table.canonical_order((0..table.len()).collect());
        Ok(table.take(&order))
    }

    /// The number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.timestamps.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.timestamps.is_empty()
    }

    /// The user of each row.
    #[must_use]
    pub fn user_pubkeys(&self) -> &[Pubkey] {
        &self.user_pubkeys
    }

    /// The time of each row, in milliseconds since 1970.
    #[must_use]
    pub fn timestamps(&self) -> &[i64] {
        &self.timestamps
    }

    /// The fields of `data`, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.fields.iter().map(|(name, column)| (name.as_str(), column))
    }

    /// The fields' types, by name.
    #[must_use]
    pub fn column_types(&self) -> BTreeMap<String, ColumnType> {
        self.fields.iter().map(|(name, column)| (name.clone(), column.column_type())).collect()
    }

    /// Sorts positions of rows into canonical order; positions of equal rows keep their order.
    pub(super) fn canonical_order(&self, mut rows: Vec<usize>) -> Vec<usize> {
        if !rows.is_sorted_by(|&left, &right| self.compare_rows(left, right).is_le()) {
            rows.sort_by(|&left, &right| self.compare_rows(left, right));
        }
        rows
    }

    /// The rows at these positions, in this order; each position at most once.
    pub(super) fn take(self, order: &[usize]) -> Self {
        Self {
            user_pubkeys: take(self.user_pubkeys, order),
            timestamps: take(self.timestamps, order),
            fields: self.fields.into_iter().map(|(name, column)| (name, column.take(order))).collect(),
        }
    }

    fn compare_rows(&self, left: usize, right: usize) -> Ordering {
        let by_time = self.timestamps.get(left).cmp(&self.timestamps.get(right));
        let by_user = || self.user_pubkeys.get(left).cmp(&self.user_pubkeys.get(right));
        let by_fields = || {
            let mut orders = self.fields.values().map(|column| column.compare_rows(left, right));
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        by_time.then_with(by_user).then_with(by_fields)
    }
}
