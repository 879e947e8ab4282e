//! Instants and spans, in microseconds: what the database holds and what every rule compares.

use std::fmt;
use std::str::FromStr;

use utoipa::openapi::KnownFormat;

use crate::core::words::schema_of_format;
use crate::serde_by_text;

/// An instant: microseconds since 1970-01-01 UTC. Written as RFC 3339 wherever a person or a program reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A calendar day in UTC: days since 1970-01-01. Written `2030-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    const MICROS: i64 = 86_400_000_000;

    /// The day this many days later; earlier if the number is negative.
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// This day and those after it, up to `last`.
    pub fn up_to(self, last: Self) -> impl Iterator<Item = Self> {
        (self.0..=last.0).map(Self)
    }
}

impl From<i64> for Day {
    fn from(days: i64) -> Self {
        Self(days)
    }
}

impl From<Day> for i64 {
    fn from(day: Day) -> i64 {
        day.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begin = Timestamp(self.0.saturating_mul(Self::MICROS));
        // The first ten characters of RFC 3339 are the date.
        write!(f, "{:.10}", begin.to_string())
    }
}

/// A text that is not an RFC 3339 time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This isn't a valid time. Use the format 2030-01-31T12:00:00Z.")]
pub struct NotATime;

/// A length of time in whole seconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub u32);

impl Seconds {
    /// So many minutes.
    pub const fn minutes(count: u32) -> Self {
        Self(count * 60)
    }

    /// So many hours.
    pub const fn hours(count: u32) -> Self {
        Self(count * 3_600)
    }

    /// So many days of 24 hours.
    pub const fn days(count: u32) -> Self {
        Self(count * 86_400)
    }

    /// Rounded up to what someone who waits wants to know: whole minutes from one minute on, hours from two hours on,
    /// days from two days on. 3,598 seconds are an hour.
    #[must_use]
    pub const fn rounded_up(self) -> Self {
        let unit = match self.0 {
            0..=60 => 1,
            61..=7_200 => 60,
            7_201..=172_800 => 3_600,
            _ => 86_400,
        };
        Self(self.0.div_ceil(unit).saturating_mul(unit))
    }

    /// So many times the span.
    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX)))
    }

    const fn micros(self) -> i64 {
        self.0 as i64 * 1_000_000
    }
}

/// In words and exactly, in the largest unit that divides it: `an hour`, `2 minutes`, `61 seconds`.
impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u32, &str, &str); 4] = [
            (86_400, "a day", "days"),
            (3_600, "an hour", "hours"),
            (60, "a minute", "minutes"),
            (1, "a second", "seconds"),
        ];
        let fits = |(length, _, _): &&(u32, &str, &str)| self.0 >= *length && self.0.is_multiple_of(*length);
        match UNITS.iter().find(fits) {
            Some((length, one, _)) if self.0 == *length => f.write_str(one),
            Some((length, _, many)) => write!(f, "{} {many}", self.0 / length),
            None => f.write_str("0 seconds"),
        }
    }
}

impl Timestamp {
    /// The instant this many microseconds after 1970-01-01 UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant `span` later.
    pub const fn plus(self, span: Seconds) -> Self {
        Self(self.0.saturating_add(span.micros()))
    }

    /// The instant `span` earlier.
    pub const fn minus(self, span: Seconds) -> Self {
        Self(self.0.saturating_sub(span.micros()))
    }

    /// The day of this instant.
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(Day::MICROS))
    }

    /// The instant in UTC as a spreadsheet takes it for a time: `2030-01-31 12:00:00`.
    pub fn for_spreadsheet(self) -> String {
        format!("{:.19}", self.to_string()).replace('T', " ")
    }

    /// Whole seconds from `earlier` to this instant; 0 when it is not later.
    pub fn seconds_since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0) / 1_000_000).unwrap_or_default()
    }
}

impl From<i64> for Timestamp {
    fn from(micros: i64) -> Self {
        Self(micros)
    }
}

impl From<Timestamp> for i64 {
    fn from(at: Timestamp) -> i64 {
        at.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(at) => fmt::Display::fmt(&at, f),
            Err(_) => f.write_str("9999-12-30T22:00:00Z"),
        }
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let at: jiff::Timestamp = text.parse().map_err(|_| NotATime)?;
        Ok(Self(at.as_microsecond()))
    }
}

serde_by_text!(Timestamp);

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_format(KnownFormat::DateTime, "2030-01-31T12:00:00Z")
    }
}

impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_back_from_its_text_to_the_microsecond() {
        let at = Timestamp::from_micros(1_893_456_000_123_456);
        assert_eq!(at.to_string(), "2030-01-01T00:00:00.123456Z");
        assert_eq!(at.to_string().parse(), Ok(at));
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn a_day_begins_at_midnight_utc_and_reads_as_its_date() {
        let midnight: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(midnight.day().to_string(), "2030-01-01");
        assert_eq!(midnight.minus(Seconds(1)).day().to_string(), "2029-12-31");
        assert_eq!(midnight.day().plus(-1), midnight.minus(Seconds(1)).day());
        assert_eq!(midnight.day().up_to(midnight.day().plus(2)).count(), 3);
    }

    #[test]
    fn a_span_reads_in_the_largest_unit_that_divides_it() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "a second"),
            (59, "59 seconds"),
            (60, "a minute"),
            (61, "61 seconds"),
            (120, "2 minutes"),
            (3_600, "an hour"),
            (5_400, "90 minutes"),
            (90_000, "25 hours"),
            (86_400, "a day"),
            (2_592_000, "30 days"),
        ] {
            assert_eq!(Seconds(seconds).to_string(), words);
        }
    }

    #[test]
    fn whoever_waits_is_told_no_less_than_the_wait_and_no_false_precision() {
        for (seconds, words) in [
            (1, "a second"),
            (59, "59 seconds"),
            (61, "2 minutes"),
            (3_598, "an hour"),
            (3_601, "61 minutes"),
            (7_201, "3 hours"),
            (172_801, "3 days"),
            (u32::MAX, "4294967295 seconds"),
        ] {
            assert_eq!(Seconds(seconds).rounded_up().to_string(), words, "{seconds}");
            assert!(Seconds(seconds).rounded_up() >= Seconds(seconds));
        }
    }

    #[test]
    fn spans_move_an_instant_and_never_wrap() {
        let at = Timestamp::from_micros(0);
        assert_eq!(at.plus(Seconds::days(1)).minus(Seconds::hours(24)), at);
        assert_eq!(at.plus(Seconds(90)).seconds_since(at), 90);
        assert_eq!(at.seconds_since(at.plus(Seconds(1))), 0);
        assert_eq!(Timestamp::from_micros(i64::MAX).plus(Seconds(1)).micros(), i64::MAX);
    }
}
