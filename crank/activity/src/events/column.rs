//! The values of one field of a table, one for each row, and their type. It knows nothing about lines or other fields.

use std::{borrow::Cow, cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

/// The values of a column in row order; `None` if a line lacks the field or has null there.
pub type Rows<T> = Vec<Option<T>>;

/// The values of one field, one for each row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The field is null on every line, so its type is not known.
    Null,
    /// Numbers in units of 10^-[`NUMBER_SCALE`](super::NUMBER_SCALE).
    Number(Rows<i128>),
    /// Texts.
    Text(Rows<String>),
    /// Booleans.
    Boolean(Rows<bool>),
}

/// The type of a field's values.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ColumnType {
    /// An exact number, SQL's `DECIMAL(38, 9)`.
    Number,
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// The field never had a value yet, so its type is still open.
    Null,
}

impl ColumnType {
    /// The type's name, as messages and files write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }

    /// The type of a column that has values of both, or `None` if there is none.
    #[must_use]
    pub fn merge(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Null, known) | (known, Self::Null) => Some(known),
            (left, right) => (left == right).then_some(left),
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The value of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    /// In units of 10^-9.
    Number(i128),
    Text(Cow<'a, str>),
    Boolean(bool),
}

impl Value<'_> {
    pub(super) const fn column_type(&self) -> ColumnType {
        match self {
            Self::Null => ColumnType::Null,
            Self::Number(_) => ColumnType::Number,
            Self::Text(_) => ColumnType::Text,
            Self::Boolean(_) => ColumnType::Boolean,
        }
    }
}

/// Where a field got its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedBy {
    /// A line, from 1.
    Line(u64),
    /// The stored table.
    Stored,
}

impl fmt::Display for TypedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(formatter, "on line {line}"),
            Self::Stored => formatter.write_str("in the store"),
        }
    }
}

impl Column {
    /// The type of its values.
    #[must_use]
    pub const fn column_type(&self) -> ColumnType {
        match self {
            Self::Null => ColumnType::Null,
            Self::Number(_) => ColumnType::Number,
            Self::Text(_) => ColumnType::Text,
            Self::Boolean(_) => ColumnType::Boolean,
        }
    }

    /// A column of the type with that many rows without a value.
    pub(super) fn without_values(column_type: ColumnType, rows: usize) -> Self {
        match column_type {
            ColumnType::Null => Self::Null,
            ColumnType::Number => Self::Number(vec![None; rows]),
            ColumnType::Text => Self::Text(vec![None; rows]),
            ColumnType::Boolean => Self::Boolean(vec![None; rows]),
        }
    }

    /// The number of rows; `None` for a column without any value, which keeps no rows.
    pub(super) const fn rows(&self) -> Option<usize> {
        match self {
            Self::Null => None,
            Self::Number(rows) => Some(rows.len()),
            Self::Text(rows) => Some(rows.len()),
            Self::Boolean(rows) => Some(rows.len()),
        }
    }

    /// Adds a value; `false` if it has another type.
    pub(super) fn push(&mut self, value: Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => {}
            (Self::Number(rows), Value::Null) => rows.push(None),
            (Self::Text(rows), Value::Null) => rows.push(None),
            (Self::Boolean(rows), Value::Null) => rows.push(None),
            (Self::Number(rows), Value::Number(number)) => rows.push(Some(number)),
            (Self::Text(rows), Value::Text(text)) => rows.push(Some(text.into_owned())),
            (Self::Boolean(rows), Value::Boolean(boolean)) => rows.push(Some(boolean)),
            _ => return false,
        }
        true
    }

    /// Adds empty rows up to this length, for lines without the field.
    pub(super) fn resize(&mut self, length: usize) {
        match self {
            Self::Null => {}
            Self::Number(rows) => rows.resize(length, None),
            Self::Text(rows) => rows.resize(length, None),
            Self::Boolean(rows) => rows.resize(length, None),
        }
    }

    pub(super) fn compare_rows(&self, left: usize, right: usize) -> Ordering {
        match self {
            Self::Null => Ordering::Equal,
            Self::Number(rows) => rows.get(left).cmp(&rows.get(right)),
            Self::Text(rows) => rows.get(left).cmp(&rows.get(right)),
            Self::Boolean(rows) => rows.get(left).cmp(&rows.get(right)),
        }
    }

    /// The rows at these positions, in this order; each position at most once.
    pub(super) fn take(self, order: &[usize]) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Number(rows) => Self::Number(take(rows, order)),
            Self::Text(rows) => Self::Text(take(rows, order)),
            Self::Boolean(rows) => Self::Boolean(take(rows, order)),
        }
    }
}

/// The elements at these positions, in this order; each position at most once.
pub(super) fn take<T: Default>(mut rows: Vec<T>, order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|&row| rows.get_mut(row).map(std::mem::take)).collect()
}
