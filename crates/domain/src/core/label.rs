//! Names of things: accounts, systems, saved views, groups, roles.

use std::fmt;
use std::str::FromStr;

use crate::core::person_name::{NameError, tidy};
use crate::core::words::schema_of_name;

/// The longest name of a thing, in characters.
pub const LONGEST: usize = 100;

/// A name of a thing: one line of 1 to 100 characters with nothing hidden. `Booking.com` is one; what a name could do in an
/// email is prevented there (I9).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl Label {
    /// Takes a name from outside.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        tidy(text, LONGEST).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Label {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Label {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.0
    }
}

impl utoipa::PartialSchema for Label {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_name(LONGEST, "Expenses")
    }
}

impl utoipa::ToSchema for Label {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_thing_is_any_line_of_up_to_a_hundred_characters() {
        for name in
            ["Expenses", "Booking.com", "ASP.NET portal", "Draw.io", "shop.example.com", "https://example.com/a"]
        {
            assert_eq!(Label::parse(&format!(" {name} ")).unwrap().as_str(), name);
        }
        assert!(Label::parse(&"é".repeat(100)).is_ok());
        assert_eq!(Label::parse("  "), Err(NameError::Empty));
        assert_eq!(Label::parse("A\nB"), Err(NameError::ControlCharacter));
        assert_eq!(Label::parse("A\u{202E}B"), Err(NameError::HiddenCharacter));
    }

    #[test]
    fn the_limit_that_is_told_is_the_limit_that_holds() {
        let refused = Label::parse(&"é".repeat(101)).unwrap_err().to_string();
        assert!(refused.contains("at most 100 characters"), "{refused}");
    }
}
