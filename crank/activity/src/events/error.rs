//! What can be wrong with a line of activity. The messages address the people who produced the file.

use crank_rules::wording::shown;

use super::column::{ColumnType, TypedBy};
use super::limits::{MAX_FIELDS, MAX_LINE_BYTES, NUMBER_SCALE, NUMBER_WHOLE_DIGITS};

/// The first line of an activity file that was refused, and why.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct EventsError {
    /// The line's number; the first is 1.
    pub line: u64,
    /// What is wrong with it.
    #[source]
    pub problem: LineProblem,
}

/// What is wrong with one line.
#[derive(Debug, thiserror::Error)]
pub enum LineProblem {
    /// The file could not be read further.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The line is longer than allowed.
    #[error("longer than {MAX_LINE_BYTES} bytes: write one event a line")]
    TooLong,
    /// The line is not a JSON object.
    #[error("not a JSON object: {0}")]
    NotAnObject(String),
    /// A key an event does not have.
    #[error("unknown key `{0}`: an event has `eventName`, `userPubkey`, `timestamp`, `data` and optionally `id`")]
    UnknownKey(String),
    /// A key an event must have.
    #[error("`{0}` is missing")]
    MissingKey(&'static str),
    /// A key that is there twice, with its path.
    #[error("`{0}` is there twice")]
    DuplicateKey(String),
    /// An event name that could not be a table's name.
    #[error(
        "`eventName` is {0}: write 1 to 64 letters, digits and `_`, not starting with a digit; only an indexer's \
         events have `instructions.` or `chain.` before it"
    )]
    EventName(String),
    /// A text that is not a public key.
    #[error("`userPubkey` is {0}: write the base58 text of a public key's 32 bytes")]
    UserPubkey(String),
    /// A time outside 1970 to 9999, or not a whole number.
    #[error("`timestamp` is {0}: write whole milliseconds since 1970, from 0 to 253402300799999, without quotes")]
    Timestamp(String),
    /// An id that is not a text.
    #[error("`id` is {0}: write a text of 1 to 256 bytes, or leave it out")]
    Id(String),
    /// `data` that is not an object.
    #[error("`data` is {0}: write an object of fields such as {{\"amount\": 12.5}}")]
    Data(String),
    /// A field name that could not be a column's name.
    #[error("`data` has a field named {0}: write 1 to 64 letters, digits and `_`, not starting with a digit")]
    FieldName(String),
    /// A field named like a column every event has.
    #[error("`data.{0}` is a reserved name: `user_pubkey`, `timestamp` and `id` are the event's own; rename it")]
    ReservedField(String),
    /// A field that is an object or an array.
    #[error(
        "`{path}` is an {found}: a field is a number, a text, a boolean or null; write its parts as separate fields"
    )]
    NestedField {
        /// Where it is.
        path: String,
        /// `object` or `array`.
        found: &'static str,
    },
    /// A number that does not fit the columns of numbers.
    #[error(
        "`data.{field}` is {found}: a number has at most {NUMBER_WHOLE_DIGITS} digits before the point and \
         {NUMBER_SCALE} behind it"
    )]
    NumberTooLong {
        /// The field.
        field: String,
        /// The number's text.
        found: String,
    },
    /// More fields than a table may have.
    #[error("`{event}` has more than {MAX_FIELDS} different fields; `data.{field}` is one too many")]
    TooManyFields {
        /// The event name.
        event: String,
        /// The surplus field.
        field: String,
    },
    /// A field that had another type before.
    #[error("`data.{field}` of `{event}` is a {found} here but a {expected} {typed}: use one type")]
    TypeChanged {
        /// The event name.
        event: String,
        /// The field.
        field: String,
        /// The type here.
        found: ColumnType,
        /// The type before.
        expected: ColumnType,
        /// What had the type before.
        typed: TypedBy,
    },
    /// An id that was seen with another body.
    #[error("`id` \"{}\" of `{event}` was on line {first_line} with another body: an id names one event", shown(id))]
    IdReused {
        /// The event name.
        event: String,
        /// The id.
        id: String,
        /// The line that had it first.
        first_line: u64,
    },
}
