//! The words that every English mail may need.

use super::common::date_in;
use crate::letter::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "en",
    below_button: "If the button doesn’t work, open this link in your browser:",
    nobody_reads_replies: "Sent by Portcullis. Replies aren’t monitored.",
    replies_go_to: "Sent by Portcullis. Replies go to",
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Until when the link of a mail works.
pub(crate) fn works_once(expires_at: &str) -> String {
    format!("The link works once and expires on {}.", date(expires_at))
}

/// A time in RFC 3339 as people write it.
pub(crate) fn date(text: &str) -> String {
    date_in(text, MONTHS, |day, month, year| format!("{month} {day}, {year}"))
}
