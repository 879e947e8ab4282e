//! Names of things: accounts, systems, groups, roles. They appear in mails, so the rules of people's names hold for them.

use std::fmt;
use std::str::FromStr;

use crate::person_name::{PersonName, PersonNameError};

/// The longest name of a thing, in characters.
pub const LONGEST: usize = 100;

/// A name of a thing: 1 to 100 characters, nothing hidden, no link in it (I9).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl Label {
    /// Takes a name from outside.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, PersonNameError> {
        let name = PersonName::parse(text)?;
        if name.as_str().chars().count() > LONGEST {
            return Err(PersonNameError::TooLong);
        }
        Ok(Self(name.into()))
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
    type Err = PersonNameError;
    fn from_str(text: &str) -> Result<Self, PersonNameError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Label {
    type Error = PersonNameError;
    fn try_from(text: String) -> Result<Self, PersonNameError> {
        Self::parse(&text)
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_thing_has_up_to_a_hundred_characters_and_no_link() {
        assert_eq!(Label::parse(" Expenses ").unwrap().as_str(), "Expenses");
        assert!(Label::parse(&"é".repeat(100)).is_ok());
        assert!(Label::parse(&"é".repeat(101)).is_err());
        assert!(Label::parse("https://evil.example/login").is_err());
        assert!(Label::parse("  ").is_err());
    }
}
