//! The types a field of activity can have, without its values: what a store remembers of a file's columns.

/// The type of a field.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum ColumnType {
    /// True or false.
    Boolean,
    /// Null wherever it is, so its type is not known.
    Null,
    /// An exact decimal, SQL's `DECIMAL(38, 9)`.
    Number,
    /// Text.
    Text,
}
