//! Why someone did something, in their own words.

use crate::core::person_name::{NameError, tidy};

/// The longest reason, in characters.
pub const LONGEST: usize = 500;

/// Takes a reason from outside: one line with nothing hidden in it; empty where none was given.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<String, NameError> {
    match tidy(text, LONGEST) {
        Err(NameError::Empty) => Ok(String::new()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_line_with_nothing_hidden_in_it() {
        assert_eq!(parse("spring cleaning: Ä").as_deref(), Ok("spring cleaning: Ä"));
        assert_eq!(parse(" ").as_deref(), Ok(""));
        for text in ["a\u{85}b", "a\u{9b}31m", "a\u{202E}b", "a\u{200B}b", &"x".repeat(LONGEST + 1)] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
