//! The short name of an account in addresses and in the API.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::core::search_text::search_key;
use crate::core::words::schema_of_pattern;

const MIN_LENGTH: usize = 2;
const MAX_LENGTH: usize = 40;
/// What a slug is when a name has nothing to make one of.
const FALLBACK: &str = "account";

/// Words that are, or may become, the first part of a path, and words that a person could mistake for the vendor's own.
/// In alphabetical order, because they are looked up by binary search.
const RESERVED: [&str; 71] = [
    "accept",
    "accounts",
    "activate",
    "activity",
    "admin",
    "admins",
    "api",
    "api-keys",
    "app",
    "assets",
    "auth",
    "billing",
    "callback",
    "catalog",
    "check",
    "connect",
    "console",
    "docs",
    "embed",
    "events",
    "false",
    "favicon",
    "groups",
    "health",
    "healthz",
    "help",
    "identities",
    "invitations",
    "invite",
    "livez",
    "login",
    "logout",
    "mail",
    "me",
    "metrics",
    "new",
    "null",
    "oauth",
    "oauth2",
    "oidc",
    "openapi",
    "operator",
    "partners",
    "portcullis",
    "profile",
    "public",
    "readyz",
    "reset",
    "roles",
    "root",
    "saml",
    "scim",
    "security",
    "settings",
    "setup",
    "sign-in",
    "sign-out",
    "sign-up",
    "signin",
    "signup",
    "sso",
    "static",
    "status",
    "support",
    "systems",
    "true",
    "undefined",
    "users",
    "webhooks",
    "well-known",
    "www",
];

/// The short name of an account: 2 to 40 of a–z and 0–9, with single hyphens inside.
///
/// A path of the API takes an id or a slug for `{account}`. They cannot be confused: every id has a prefix with an underscore (`acc_…`), and a slug
/// has no underscore.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Why a text cannot be a slug, told to the person who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SlugError {
    /// Shorter than 2 or longer than 40.
    #[error("A URL name must have 2 to 40 characters.")]
    Length,
    /// Something else than a–z, 0–9 and the hyphen.
    #[error("A URL name can contain only lowercase letters a to z, digits and hyphens.")]
    Characters,
    /// A hyphen at an end, or two in a row.
    #[error("A URL name can't start or end with a hyphen or have two hyphens in a row.")]
    Hyphens,
    /// A word the server uses itself.
    #[error("This URL name is reserved. Choose a different one.")]
    Reserved,
}

impl Slug {
    /// Reads a slug exactly as it is written; nothing is corrected, since it is part of links people keep.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        if !text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
            return Err(SlugError::Characters);
        }
        if !(MIN_LENGTH..=MAX_LENGTH).contains(&text.len()) {
            return Err(SlugError::Length);
        }
        if text.split('-').any(str::is_empty) {
            return Err(SlugError::Hyphens);
        }
        if RESERVED.binary_search(&text).is_ok() {
            return Err(SlugError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }

    /// A slug for an account of this name. Never fails; whether it is still free is for the caller to see.
    pub fn from_name(name: &str) -> Self {
        let slug = shorten(&hyphenated(name), MAX_LENGTH);
        // Too short or reserved names ("X", "Admin") become a slug by what they are the name of.
        let explained = format!("{}-{FALLBACK}", shorten(&slug, MAX_LENGTH - FALLBACK.len() - 1));
        Self::parse(&slug).or_else(|_| Self::parse(&explained)).unwrap_or_else(|_| Self(FALLBACK.to_owned()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The ASCII letters and digits of `name`, with one hyphen for every run of anything else between them.
fn hyphenated(name: &str) -> String {
    let key: String = search_key(name).chars().filter(|c| c.is_ascii()).collect();
    let words = key.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn shorten(slug: &str, length: usize) -> String {
    slug.chars().take(length).collect::<String>().trim_end_matches('-').to_owned()
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl utoipa::PartialSchema for Slug {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_pattern(format!("^(?=.{{{MIN_LENGTH},{MAX_LENGTH}}}$)[a-z0-9]+(-[a-z0-9]+)*$"), "example")
    }
}

impl utoipa::ToSchema for Slug {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slug_is_small_letters_digits_and_inner_hyphens() {
        for text in ["ab", "acme", "acme-2", "3m", "a-b-c", &"a".repeat(40)] {
            assert_eq!(Slug::parse(text).unwrap().as_str(), text);
        }
        for (text, error) in [
            ("", SlugError::Length),
            ("a", SlugError::Length),
            (&"a".repeat(41), SlugError::Length),
            ("Acme", SlugError::Characters),
            ("ac me", SlugError::Characters),
            (" acme", SlugError::Characters),
            ("acmé", SlugError::Characters),
            ("acme/users", SlugError::Characters),
            ("-acme", SlugError::Hyphens),
            ("acme-", SlugError::Hyphens),
            ("ac--me", SlugError::Hyphens),
        ] {
            assert_eq!(Slug::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn a_slug_is_never_taken_for_an_id() {
        for id in ["acc_0123abc", "usr_1", "acc_"] {
            assert_eq!(Slug::parse(id), Err(SlugError::Characters));
        }
    }

    #[test]
    fn words_of_the_server_are_refused() {
        assert!(RESERVED.is_sorted());
        for word in ["api", "admin", "me", "new", "setup", "sign-in", "scim", "well-known"] {
            assert_eq!(Slug::parse(word), Err(SlugError::Reserved));
        }
        assert!(RESERVED.iter().all(|word| !word.contains(|c: char| !c.is_ascii_lowercase() && c != '-' && c != '2')));
    }

    #[test]
    fn every_account_name_has_a_slug() {
        for (name, slug) in [
            ("ACME Inc.", "acme-inc"),
            ("Café & Söhne GmbH", "cafe-sohne-gmbh"),
            ("Łódź Øresund Straße", "lodz-oresund-strasse"),
            ("  --3M--  ", "3m"),
            ("Admin", "admin-account"),
            ("X", "x-account"),
            ("株式会社", "account"),
            ("東京 Tools", "tools"),
            ("😀", "account"),
            ("", "account"),
        ] {
            assert_eq!(Slug::from_name(name).as_str(), slug, "{name:?}");
        }
        assert_eq!(Slug::from_name(&format!("{} b", "a".repeat(39))).as_str(), "a".repeat(39));
    }

    proptest! {
        #[test]
        fn what_is_made_from_a_name_is_a_slug(name in ".*") {
            let slug = Slug::from_name(&name);
            prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug));
        }
    }
}
