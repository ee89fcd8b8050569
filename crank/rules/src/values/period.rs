//! The span of time that one epoch measures. A plain value that reads no clock: `campaign` cuts the calendar into such
//! spans, and `crank/activity` puts them into queries.

use serde::{Deserialize, Serialize};

/// The bounds of an epoch, half open: `start` belongs to it, `end` does not.
///
/// Both are whole seconds since 1970-01-01T00:00:00Z. Nothing is checked here; the code that builds a period checks it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first second that counts.
    pub start: i64,
    /// The first second that no longer counts.
    pub end: i64,
}
