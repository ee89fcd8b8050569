//! What can be typed after `crank query`, and where its events are.

use std::path::PathBuf;

use clap::Args;

use super::LimitArguments;
use crank_activity::query_builder::QueryRequest;

/// Arguments of `crank query`.
#[derive(Args, Debug)]
pub struct QueryArguments {
    /// The parameters as a JSON file, instead of as arguments.
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// The parameters; which of them a source takes is in the README.
    #[command(flatten)]
    pub parameters: QueryRequest,
    /// Where to try the query.
    #[command(flatten)]
    pub activity: ActivityArguments,
    /// The first instant to try it on, such as 2026-01-19 (midnight UTC) or 2026-01-19T09:00:00Z.
    #[arg(long, value_name = "TIME", requires = "end", value_parser = instant)]
    pub start: Option<i64>,
    /// The first instant after it.
    #[arg(long, value_name = "TIME", requires = "start", value_parser = instant)]
    pub end: Option<i64>,
    /// What the queries may use up.
    #[command(flatten)]
    pub limits: LimitArguments,
    /// Prints JSON for machines.
    #[arg(long)]
    pub json: bool,
}

/// Where events are.
#[derive(Args, Clone, Debug, Default)]
pub struct ActivityArguments {
    /// The events, one JSON object a line.
    #[arg(long, value_name = "FILE", conflicts_with = "store")]
    pub events: Option<PathBuf>,
    /// The store of events, a directory or a URL, instead of a file.
    #[arg(long, value_name = "URL")]
    pub store: Option<String>,
}

/// Whole seconds since 1970. A date alone is its midnight, UTC.
fn instant(text: &str) -> Result<i64, String> {
    let timestamp: Option<jiff::Timestamp> = match text.parse::<jiff::civil::Date>() {
        Ok(date) if text.len() == "2026-01-19".len() => format!("{date}T00:00:00Z").parse().ok(),
        _ => text.parse().ok(),
    };
    let whole = timestamp.filter(|timestamp| timestamp.subsec_nanosecond() == 0);
    whole.map(jiff::Timestamp::as_second).ok_or_else(|| {
        "expected a date such as 2026-01-19, or a time in whole seconds with its zone, such as 2026-01-19T09:00:00Z"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn an_instant_is_a_date_or_a_time_with_its_zone() {
        assert_eq!(instant("2026-01-19"), Ok(1_768_780_800));
        assert_eq!(instant("2026-01-19T01:00:00+01:00"), Ok(1_768_780_800));
        for text in ["2026-01-19T00:00:00", "2026-01-19T00:00:00.5Z", "yesterday", "2026-02-30", ""] {
            assert!(instant(text).is_err(), "{text}");
        }
    }
}
