//! The languages. A new one is one more file here, one more [`Locale`], and its words in each of the mails.

mod common;
pub(crate) mod english;
pub(crate) mod german;

use serde::{Deserialize, Serialize};

use crate::letter::Phrases;

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

    pub(crate) fn phrases(self) -> &'static Phrases {
        match self {
            Self::En => &english::PHRASES,
            Self::De => &german::PHRASES,
        }
    }
}
