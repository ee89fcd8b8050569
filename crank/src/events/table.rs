//! The events of one name as typed columns, and the checks between lines: one type a field, one body an id.
//!
//! Rows are finally ordered by time, user and fields. Rows that are equal in all of these cannot be told apart by a
//! query, so the order of the file has no way to matter.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use solana_pubkey::Pubkey;

use super::LineProblem;
use super::line::{EventLine, Value};
use crate::decimal::Decimal;

/// The digits of a number column: it is SQL's `DECIMAL(38, 9)`.
pub const NUMBER_PRECISION: u8 = 38;
/// The digits behind the point of a number column.
pub const NUMBER_SCALE: u32 = 9;
pub(super) const NUMBER_WHOLE_DIGITS: u32 = 29;
/// More different fields than any event has; it bounds what a file can make of columns that are almost empty.
pub(super) const MAX_FIELDS: usize = 128;

/// The values of a column in row order; `None` where a line has no value or null.
pub type Rows<T> = Vec<Option<T>>;

/// The values of one field, one for each row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The field is null on every line, so its type is not known.
    Null,
    /// Numbers in units of 10^-[`NUMBER_SCALE`].
    Number(Rows<i128>),
    /// Texts.
    Text(Rows<String>),
    /// Booleans.
    Boolean(Rows<bool>),
}

/// The events of one name, in canonical order: by time, then user, then fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventTable {
    user_pubkeys: Vec<Pubkey>,
    timestamps: Vec<i64>,
    fields: BTreeMap<String, Column>,
}

impl EventTable {
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

    /// Who did it, for each row.
    #[must_use]
    pub fn user_pubkeys(&self) -> &[Pubkey] {
        &self.user_pubkeys
    }

    /// When, for each row, in milliseconds since 1970.
    #[must_use]
    pub fn timestamps(&self) -> &[i64] {
        &self.timestamps
    }

    /// The fields of `data`, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.fields.iter().map(|(name, column)| (name.as_str(), column))
    }
}

/// A number in the units of a number column, or `None` if it has too many digits on either side of the point.
pub(super) fn number_from_decimal(number: Decimal) -> Option<i128> {
    let factor = 10_i128.checked_pow(NUMBER_SCALE.checked_sub(number.scale())?)?;
    let units = number.mantissa().checked_mul(factor)?;
    (units.unsigned_abs() < 10_u128.pow(u32::from(NUMBER_PRECISION))).then_some(units)
}

/// A table while lines are still being added.
#[derive(Default)]
pub(super) struct TableBuilder {
    table: EventTable,
    /// The first line that gave a field its type.
    typed_on: BTreeMap<String, u64>,
    /// The row and line of each id.
    ids: BTreeMap<String, (usize, u64)>,
}

impl TableBuilder {
    /// Adds one event, unless its id says that it is already there.
    pub(super) fn push(&mut self, event: EventLine, line: u64) -> Result<(), LineProblem> {
        let row = self.table.len();
        if let Some(id) = &event.id {
            if let Some(&(first_row, first_line)) = self.ids.get(id) {
                return self.check_repetition(&event, id, first_row, first_line);
            }
            self.ids.insert(id.clone(), (row, line));
        }
        for (field, value) in event.fields {
            self.push_field(&event.name, field, value, line)?;
        }
        self.table.user_pubkeys.push(event.user_pubkey);
        self.table.timestamps.push(event.timestamp);
        let rows = self.table.len();
        self.table.fields.values_mut().for_each(|column| column.resize(rows));
        Ok(())
    }

    fn check_repetition(&self, event: &EventLine, id: &str, row: usize, first_line: u64) -> Result<(), LineProblem> {
        if self.table.row_equals(row, event) {
            return Ok(());
        }
        Err(LineProblem::IdReused { event: event.name.clone(), id: id.to_owned(), first_line })
    }

    fn push_field(&mut self, event: &str, field: String, value: Value, line: u64) -> Result<(), LineProblem> {
        let (row, count) = (self.table.len(), self.table.fields.len());
        if count >= MAX_FIELDS && !self.table.fields.contains_key(&field) {
            return Err(LineProblem::TooManyFields { event: event.to_owned(), field });
        }
        let column = self.table.fields.entry(field.clone()).or_insert(Column::Null);
        if matches!(column, Column::Null) && value != Value::Null {
            *column = Column::of_type(&value, row);
            self.typed_on.insert(field.clone(), line);
        }
        let found = value.type_name();
        if column.push(value) {
            return Ok(());
        }
        let first_line = self.typed_on.get(&field).copied().unwrap_or(line);
        Err(LineProblem::TypeChanged {
            event: event.to_owned(),
            field,
            found,
            expected: column.type_name(),
            first_line,
        })
    }

    /// The table, its rows in canonical order.
    pub(super) fn finish(self) -> EventTable {
        let mut order: Vec<usize> = (0..self.table.len()).collect();
        order.sort_unstable_by(|&left, &right| self.table.compare_rows(left, right));
        let EventTable { user_pubkeys, timestamps, fields } = self.table;
        EventTable {
            user_pubkeys: reorder(user_pubkeys, &order),
            timestamps: reorder(timestamps, &order),
            fields: fields.into_iter().map(|(name, column)| (name, column.reorder(&order))).collect(),
        }
    }
}

impl EventTable {
    fn compare_rows(&self, left: usize, right: usize) -> Ordering {
        let by_time = self.timestamps.get(left).cmp(&self.timestamps.get(right));
        let by_user = || self.user_pubkeys.get(left).cmp(&self.user_pubkeys.get(right));
        let by_fields = || {
            let mut orders = self.fields.values().map(|column| column.compare_rows(left, right));
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        by_time.then_with(by_user).then_with(by_fields)
    }

    /// Whether a row says what an event says; a field that is null and one that is missing are the same.
    fn row_equals(&self, row: usize, event: &EventLine) -> bool {
        let given: BTreeMap<&str, &Value> = event.fields.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let has_new_field =
            given.iter().any(|(&name, &value)| *value != Value::Null && !self.fields.contains_key(name));
        self.user_pubkeys.get(row) == Some(&event.user_pubkey)
            && self.timestamps.get(row) == Some(&event.timestamp)
            && !has_new_field
            && self
                .fields()
                .all(|(name, column)| column.value(row) == *given.get(name).copied().unwrap_or(&Value::Null))
    }
}

impl Column {
    /// A column of the value's type with that many rows without a value.
    fn of_type(value: &Value, rows: usize) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Number(_) => Self::Number(vec![None; rows]),
            Value::Text(_) => Self::Text(vec![None; rows]),
            Value::Boolean(_) => Self::Boolean(vec![None; rows]),
        }
    }

    /// Adds a value, or says that it has another type.
    fn push(&mut self, value: Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => {}
            (Self::Number(rows), Value::Null) => rows.push(None),
            (Self::Text(rows), Value::Null) => rows.push(None),
            (Self::Boolean(rows), Value::Null) => rows.push(None),
            (Self::Number(rows), Value::Number(number)) => rows.push(Some(number)),
            (Self::Text(rows), Value::Text(text)) => rows.push(Some(text)),
            (Self::Boolean(rows), Value::Boolean(boolean)) => rows.push(Some(boolean)),
            _ => return false,
        }
        true
    }

    /// Fills the rows of a line that does not have the field.
    fn resize(&mut self, length: usize) {
        match self {
            Self::Null => {}
            Self::Number(rows) => rows.resize(length, None),
            Self::Text(rows) => rows.resize(length, None),
            Self::Boolean(rows) => rows.resize(length, None),
        }
    }

    fn value(&self, row: usize) -> Value {
        let value = match self {
            Self::Null => None,
            Self::Number(rows) => rows.get(row).copied().flatten().map(Value::Number),
            Self::Text(rows) => rows.get(row).cloned().flatten().map(Value::Text),
            Self::Boolean(rows) => rows.get(row).copied().flatten().map(Value::Boolean),
        };
        value.unwrap_or(Value::Null)
    }

    fn compare_rows(&self, left: usize, right: usize) -> Ordering {
        match self {
            Self::Null => Ordering::Equal,
            Self::Number(rows) => rows.get(left).cmp(&rows.get(right)),
            Self::Text(rows) => rows.get(left).cmp(&rows.get(right)),
            Self::Boolean(rows) => rows.get(left).cmp(&rows.get(right)),
        }
    }

    fn reorder(self, order: &[usize]) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Number(rows) => Self::Number(reorder(rows, order)),
            Self::Text(rows) => Self::Text(reorder(rows, order)),
            Self::Boolean(rows) => Self::Boolean(reorder(rows, order)),
        }
    }

    const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Number(_) => "number",
            Self::Text(_) => "text",
            Self::Boolean(_) => "boolean",
        }
    }
}

impl Value {
    const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Number(_) => "number",
            Self::Text(_) => "text",
            Self::Boolean(_) => "boolean",
        }
    }
}

fn reorder<T: Default>(mut rows: Vec<T>, order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|&row| rows.get_mut(row).map(std::mem::take)).collect()
}
