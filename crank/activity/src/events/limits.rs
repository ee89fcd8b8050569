//! The limits of an event's parts. The neighbouring modules check them.

/// The longest line, in bytes, without its line end.
pub const MAX_LINE_BYTES: u64 = 1 << 20;
/// The longest id, in bytes.
pub(super) const MAX_ID_BYTES: usize = 256;
/// The last millisecond of the year 9999, after which dates cannot be written.
pub(super) const LAST_TIMESTAMP: i64 = 253_402_300_799_999;
/// The digits of a number column: it is SQL's `DECIMAL(38, 9)`.
pub const NUMBER_PRECISION: u8 = 38;
/// The digits behind the point of a number column.
pub const NUMBER_SCALE: u32 = 9;
/// The digits before the point of a number column.
pub(super) const NUMBER_WHOLE_DIGITS: u32 = 29;
/// The most different fields of a table: more than any real event has. It limits how many nearly empty columns a file
/// can create.
pub(crate) const MAX_FIELDS: usize = 128;
