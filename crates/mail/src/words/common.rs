//! What the languages write alike.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2030-01-08T00:00:00Z` as `January 8, 2030, 00:00 UTC`, where `written` puts day, month and year together; what is no time stays as it
/// is.
pub(super) fn date_in(text: &str, months: [&str; 12], written: impl Fn(i8, &str, i16) -> String) -> String {
    let Ok(time) = text.parse::<Timestamp>() else { return text.to_owned() };
    let time = time.to_zoned(TimeZone::UTC);
    let names = (1..).zip(months);
    let month = names.into_iter().find(|(number, _)| *number == time.month()).map_or("", |found| found.1);
    format!("{}, {:02}:{:02} UTC", written(time.day(), month, time.year()), time.hour(), time.minute())
}
