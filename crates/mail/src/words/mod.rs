//! The language tables: what each message says. A new language is one more file and one more [`Locale`].

mod english;
mod german;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::Message;
use crate::letter::{Letter, Phrases};

/// A language mails are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Locale {
    /// The language for a tag such as `de-AT`; English when we do not speak it.
    pub fn from_tag(tag: &str) -> Self {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("de") { Self::De } else { Self::En }
    }

    pub(crate) fn letter(self, message: &Message) -> Letter {
        match self {
            Self::En => english::letter(message),
            Self::De => german::letter(message),
        }
    }

    pub(crate) fn phrases(self) -> &'static Phrases {
        match self {
            Self::En => &english::PHRASES,
            Self::De => &german::PHRASES,
        }
    }
}

/// Who invites: the verified address, with the name only beside it (I9).
fn inviter(name: Option<&String>, email: Option<&String>) -> Option<String> {
    let email = email?;
    Some(match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("{name} ({email})"),
        None => email.clone(),
    })
}

/// `2030-01-08T00:00:00Z` as `8 January 2030, 00:00 UTC`; what is no time stays as it is.
fn date(text: &str, months: [&str; 12], after_day: &str) -> String {
    let Ok(time) = text.parse::<Timestamp>() else { return text.to_owned() };
    let time = time.to_zoned(TimeZone::UTC);
    let names = (1..).zip(months);
    let month = names.into_iter().find(|(number, _)| *number == time.month()).map_or("", |found| found.1);
    format!("{}{after_day} {month} {}, {:02}:{:02} UTC", time.day(), time.year(), time.hour(), time.minute())
}
