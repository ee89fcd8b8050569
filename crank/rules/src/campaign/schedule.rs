//! When a campaign's epochs are.

use std::ops::RangeInclusive;

use jiff::{Timestamp, civil::Date};
use torque::constants::{MAX_EPOCH_DURATION, MIN_EPOCH_DURATION};

use super::{
    CampaignError,
    fields::{self, Fields},
};
use crate::{values::decimal::Decimal, values::period::Period};

const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;
const MONTH: u64 = 30 * DAY;
/// The lengths of epochs that the program admits, in seconds: from a minute to a year.
const EPOCH_SECONDS: RangeInclusive<u64> = MIN_EPOCH_DURATION as u64..=MAX_EPOCH_DURATION as u64;
/// Digits of a date without a time: `2026-01-19`.
const DATE_LENGTH: usize = 10;

const START_DATE: &str = "an ISO 8601 date from 1970 on, such as \"2026-01-19\" (midnight UTC) or \"2026-01-19T09:00:00+01:00\": a time needs \
     its zone and whole seconds";
const DURATION_DAYS: &str = "a number of days above 0 and up to 366, such as 7, that makes whole seconds, 60 at least";
const DURATION_SECONDS: &str = "a whole number of seconds from 60 to 31622400, such as 600";
const INTERVAL: &str = "\"DAILY\", \"WEEKLY\" or \"MONTHLY\" (1, 7 or 30 days)";
const MAX_ITERATIONS: &str = "a whole number from 1 to 4294967295, such as 12";

/// When the epochs are: they follow one another without a gap.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Schedule {
    /// `startDate`: the first second of epoch 0, in seconds since 1970-01-01T00:00:00Z.
    pub start: i64,
    /// How long each epoch lasts, in seconds.
    pub epoch_seconds: u64,
    /// `maxIterations`: how many epochs there are; none for no end.
    pub max_iterations: Option<u32>,
}

/// Why a campaign has no such epoch.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PeriodError {
    /// The campaign ends before this epoch.
    #[error("epoch {epoch} does not exist: `maxIterations` is {max_iterations}, so the last is epoch {last}", last = max_iterations.saturating_sub(1))]
    AfterLastEpoch {
        /// The epoch asked for.
        epoch: u32,
        /// How many there are.
        max_iterations: u32,
    },
    /// The epoch lies after the end of the calendar.
    #[error("epoch {0} ends after the year 9999")]
    AfterYear9999(u32),
}

impl Schedule {
    /// Reads `startDate`: a second since 1970.
    pub(super) fn start_date(fields: &Fields<'_>) -> Result<i64, CampaignError> {
        fields.required("startDate", START_DATE, |value| start(&fields::text(value)?))
    }

    /// Reads the epochs of a distributor. The first begins at `startDate`, which may not be before `earliest`; by
    /// default it begins at `earliest`.
    pub(super) fn read(fields: &Fields<'_>, earliest: i64) -> Result<Self, CampaignError> {
        let expected = format!("{START_DATE}, and not before the campaign's own");
        Ok(Self {
            start: fields
                .optional("startDate", &expected, |value| {
                    start(&fields::text(value)?).filter(|start| *start >= earliest)
                })?
                .unwrap_or(earliest),
            epoch_seconds: epoch_seconds(fields)?,
            max_iterations: fields.optional("maxIterations", MAX_ITERATIONS, |value| {
                u32::try_from(fields::whole_number(value)?).ok().filter(|count| *count > 0)
            })?,
        })
    }

    /// The bounds of epoch `epoch`, counted from 0.
    ///
    /// # Errors
    /// When the campaign has no such epoch, or it lies after the year 9999.
    pub fn period(&self, epoch: u32) -> Result<Period, PeriodError> {
        if let Some(max_iterations) = self.max_iterations.filter(|count| epoch >= *count) {
            return Err(PeriodError::AfterLastEpoch { epoch, max_iterations });
        }
        let bound = |epochs: u64| {
            let offset = i64::try_from(epochs.checked_mul(self.epoch_seconds)?).ok()?;
            self.start.checked_add(offset).filter(|second| Timestamp::from_second(*second).is_ok())
        };
        let bounds = bound(u64::from(epoch)).zip(bound(u64::from(epoch).saturating_add(1)));
        bounds.map(|(start, end)| Period { start, end }).ok_or(PeriodError::AfterYear9999(epoch))
    }
}

fn epoch_seconds(fields: &Fields<'_>) -> Result<u64, CampaignError> {
    let days = fields.optional("evalDurationDays", DURATION_DAYS, |value| seconds_of_days(fields::number(value)?))?;
    let interval = fields.choice("interval", &[("DAILY", DAY), ("WEEKLY", WEEK), ("MONTHLY", MONTH)])?;
    let seconds = fields.optional("evalDurationSeconds", DURATION_SECONDS, |value| {
        fields::whole_number(value).filter(|seconds| EPOCH_SECONDS.contains(seconds))
    })?;
    if seconds.is_some() {
        fields.refuse("evalDurationDays", "`evalDurationSeconds` says how long an epoch is")?;
        fields.refuse("interval", "`evalDurationSeconds` says how long an epoch is")?;
    }
    // `evalDurationDays` takes priority where both it and `interval` are given.
    seconds.or(days).or(interval).ok_or_else(|| CampaignError::Missing {
        field: "evalDurationDays".to_owned(),
        expected: format!("{DURATION_DAYS}; or `interval`, {INTERVAL}"),
    })
}

fn seconds_of_days(days: Decimal) -> Option<u64> {
    let seconds_per_day = i128::from(DAY);
    let seconds = Decimal::new(days.mantissa().checked_mul(seconds_per_day)?, days.scale()).ok()?;
    seconds.to_base_units_exact(0).ok().filter(|seconds| EPOCH_SECONDS.contains(seconds))
}

fn start(text: &str) -> Option<i64> {
    let midnight = (text.len() == DATE_LENGTH).then(|| format!("{text}T00:00:00Z"));
    if midnight.is_some() {
        text.parse::<Date>().ok()?;
    }
    let start: Timestamp = midnight.as_deref().unwrap_or(text).parse().ok()?;
    (start.subsec_nanosecond() == 0 && start.as_second() >= 0).then(|| start.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JANUARY_19: i64 = 1_768_780_800;

    #[test]
    fn a_start_needs_its_zone_and_whole_seconds() {
        for (text, second) in [
            ("2026-01-19", Some(JANUARY_19)),
            ("2026-01-19T00:00:00Z", Some(JANUARY_19)),
            ("2026-01-19T00:00:00.000Z", Some(JANUARY_19)),
            ("2026-01-19T01:00:00+01:00", Some(JANUARY_19)),
            ("1970-01-01", Some(0)),
            ("2026-01-19T00:00:00", None),
            ("2026-01-19T00:00:00.5Z", None),
            ("2026-02-30", None),
            ("1969-12-31", None),
            ("19.01.2026", None),
            ("2026-01-1Z", None),
            ("", None),
        ] {
            assert_eq!(start(text), second, "{text}");
        }
    }

    #[test]
    fn days_make_whole_seconds() {
        for (days, seconds) in [
            ("1", Some(86_400)),
            ("0.5", Some(43_200)),
            ("30", Some(2_592_000)),
            ("366", Some(31_622_400)),
            ("367", None),
            ("0", None),
            ("-1", None),
            ("0.00001", None),
        ] {
            assert_eq!(seconds_of_days(days.parse().unwrap()), seconds, "{days}");
        }
    }

    #[test]
    fn epochs_follow_one_another() {
        let schedule = Schedule { start: JANUARY_19, epoch_seconds: 600, max_iterations: Some(3) };
        assert_eq!(schedule.period(0), Ok(Period { start: JANUARY_19, end: JANUARY_19 + 600 }));
        assert_eq!(schedule.period(2), Ok(Period { start: JANUARY_19 + 1200, end: JANUARY_19 + 1800 }));
        let error = schedule.period(3).unwrap_err();
        assert_eq!(error.to_string(), "epoch 3 does not exist: `maxIterations` is 3, so the last is epoch 2");
    }

    #[test]
    fn the_calendar_ends_with_the_year_9999() {
        let schedule = Schedule { start: 0, epoch_seconds: *EPOCH_SECONDS.end(), max_iterations: None };
        assert!(schedule.period(800).is_ok());
        assert_eq!(schedule.period(u32::MAX), Err(PeriodError::AfterYear9999(u32::MAX)));
    }
}
