//! The language tables: what each message says. A new language is one more file and one more [`Locale`].

mod common;
mod english;
mod german;

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
