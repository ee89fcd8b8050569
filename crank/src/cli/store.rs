//! What can be typed after `crank store`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Arguments of `crank store`.
#[derive(Args, Debug)]
pub struct StoreArguments {
    /// What to do with the store.
    #[command(subcommand)]
    pub action: StoreAction,
    /// The store: a directory, or a URL such as s3://bucket/path with its options in the environment.
    #[arg(long, global = true, value_name = "URL", default_value = "store")]
    pub store: String,
}

/// What can be done with a store.
#[derive(Debug, Subcommand)]
pub enum StoreAction {
    /// Adds the events of a file, all or none; those whose id is stored already are skipped.
    Ingest {
        /// The events, one JSON object a line.
        #[arg(long, value_name = "FILE")]
        events: PathBuf,
        /// Declares that every event before this instant is stored now, such as 2026-01-31 or 2026-01-31T12:00:00Z.
        #[arg(long, value_name = "TIME", value_parser = instant)]
        complete_until: Option<i64>,
    },
    /// Shows what the store has: for each table rows, size, files, days, times and late events.
    Status {
        /// As it was at this version [default: the newest].
        #[arg(long, value_name = "N")]
        version: Option<u64>,
    },
    /// Merges small files into larger ones; queries return the same.
    Compact {
        /// The size of the merged files, in MiB.
        #[arg(long, value_name = "MIB", default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..=4096))]
        target_mib: u64,
    },
    /// Deletes the files that only old versions have; run one at a time.
    Vacuum {
        /// How many versions before the newest to keep.
        #[arg(long, value_name = "N")]
        keep_versions: u64,
        /// Deletes also what interrupted ingests left; nobody may be writing meanwhile.
        #[arg(long)]
        sweep: bool,
    },
}

/// Milliseconds since 1970 of a date, which is its midnight in UTC, or of an instant.
fn instant(text: &str) -> Result<i64, String> {
    let instant = text.parse::<Timestamp>().ok();
    // Something longer than a date would have a time that counts, but no zone to count it in.
    let date = || Some(text).filter(|text| text.len() <= "2026-01-31".len())?.parse::<Date>().ok();
    let midnight = || Some(date()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
    let expected = || "expected a date or an instant, such as 2026-01-31 or 2026-01-31T12:00:00Z".to_owned();
    instant.or_else(midnight).map(Timestamp::as_millisecond).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn an_instant_is_a_date_or_has_an_offset() {
        assert_eq!(instant("1970-01-02"), Ok(86_400_000));
        assert_eq!(instant("1970-01-02T00:00:00.001Z"), Ok(86_400_001));
        assert_eq!(instant("1970-01-02T01:00:00+01:00"), Ok(86_400_000));
        for text in ["1970", "yesterday", "1970-01-02T00:00:00", "0"] {
            assert!(instant(text).is_err(), "{text}");
        }
    }
}
