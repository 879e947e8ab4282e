//! The languages of pages and mails.

use crate::words;

/// A language in which there are pages and mails, by its BCP 47 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// English.
    English,
    /// German.
    German,
}

words!(Locale { English = "en", German = "de" });
