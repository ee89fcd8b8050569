//! A file's entry in the log: its table and its rows. The files themselves are written in `encoding` and `ids`.

use std::{collections::BTreeMap, fmt, str::FromStr};

use jiff::{
    Span, Unit,
    civil::{Date, date},
};
use serde::{Deserialize, Serialize};
use torque::merkle::Hash;

use crate::events::{ColumnType, TableName};

const START: Date = date(1970, 1, 1);
const MILLISECONDS_A_DAY: i64 = 86_400_000;

/// A day in UTC, as the number of days since 1970. The rows of a table are split into files by day.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(i64);

impl Day {
    /// The day of an instant, in milliseconds since 1970.
    #[must_use]
    pub const fn of(milliseconds: i64) -> Self {
        Self(milliseconds.div_euclid(MILLISECONDS_A_DAY))
    }

    /// The date, computed by jiff's calendar, because its instants end one day earlier.
    fn date(self) -> Option<Date> {
        START.checked_add(Span::new().try_days(self.0).ok()?).ok()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().map_or(Err(fmt::Error), |date| write!(formatter, "{date}"))
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let problem = || format!("{text:?} is not a day: write one such as 2026-01-31");
        let days = text.parse::<Date>().ok().and_then(|date| START.until((Unit::Day, date)).ok());
        let day = Self(days.ok_or_else(problem)?.get_days().into());
        // Only one text is accepted for a date, so that a file has one name.
        if day.to_string() == text { Ok(day) } else { Err(problem()) }
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// A file of events of one table and day. It never changes: its name is the hash of its content.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataFile {
    /// The table.
    pub table: TableName,
    /// The day of every event.
    pub day: Day,
    /// The SHA-256 of the file.
    #[serde(with = "hexadecimal")]
    pub sha256: Hash,
    /// The number of events.
    pub rows: u64,
    /// The file's size.
    pub bytes: u64,
    /// The time of the first event, in milliseconds since 1970.
    pub first_timestamp: i64,
    /// The time of the last event, in milliseconds since 1970.
    pub last_timestamp: i64,
    /// The fields' types; the file leaves out columns that have no value.
    pub columns: BTreeMap<String, ColumnType>,
}

impl DataFile {
    /// The object's name below the store's place.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/day={}/{}.parquet", self.table, self.day, hex::encode(self.sha256))
    }
}

/// A file of the ids of events of one table.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IdFile {
    pub(super) table: TableName,
    #[serde(with = "hexadecimal")]
    pub(super) sha256: Hash,
    pub(super) rows: u64,
}

impl IdFile {
    pub(super) fn path(&self) -> String {
        format!("{}/ids/{}.ids", self.table, hex::encode(self.sha256))
    }
}

/// A hash as lower-case hexadecimal text.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use torque::merkle::Hash;

    pub(super) fn serialize<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(hash))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut hash = Hash::default();
        hex::decode_to_slice(&text, &mut hash).map_err(D::Error::custom)?;
        Ok(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_a_date() {
        for (milliseconds, text) in [
            (0, "1970-01-01"),
            (86_399_999, "1970-01-01"),
            (86_400_000, "1970-01-02"),
            (253_402_300_799_999, "9999-12-31"),
        ] {
            let day = Day::of(milliseconds);
            assert_eq!((day.to_string().as_str(), text.parse()), (text, Ok(day)));
        }
        for text in ["1970-01", "19700101", "1970-01-01T00:00:00", "1970-1-1", ""] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
