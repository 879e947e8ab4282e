//! The words that every German mail may need.

use super::common::date_in;
use crate::letter::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "de",
    below_button: "Wenn die Schaltfläche nicht funktioniert, öffnen Sie diesen Link im Browser:",
    nobody_reads_replies: "Gesendet von Portcullis. Antworten an diese Adresse werden nicht gelesen.",
    replies_go_to: "Gesendet von Portcullis. Antworten gehen an",
};

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// Until when the link of a mail works.
pub(crate) fn works_once(expires_at: &str) -> String {
    format!("Der Link funktioniert einmal und läuft am {} ab.", date(expires_at))
}

/// A time in RFC 3339 as people write it.
pub(crate) fn date(text: &str) -> String {
    date_in(text, MONTHS, |day, month, year| format!("{day}. {month} {year}"))
}
