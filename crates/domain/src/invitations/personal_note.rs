//! What an inviter wants to say in the mail: it arrives as it was typed, or it is refused.

use crate::core::refusal::{Kind, Params, Rule, params};

/// The most characters of a note.
pub const MOST_CHARACTERS: usize = 1_000;
/// So many typed characters make one of a note at most: blanks at the ends of its lines are taken off.
const MOST_TYPED: usize = 8;
/// The most lines of a note, empty ones included.
pub const MOST_LINES: usize = 40;

/// Why a note is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Too many characters.
    #[error("The note has {0} characters, but the limit is {MOST_CHARACTERS}. Shorten it.")]
    TooLong(usize),
    /// Too many lines.
    #[error("The note has {0} lines, but the limit is {MOST_LINES}. Combine some of them.")]
    TooManyLines(usize),
    /// Something that no one sees.
    #[error("The note contains control characters. Remove them. Line breaks and tabs are allowed.")]
    ControlCharacters,
}

impl Rule for NoteError {
    fn refusal(&self) -> (Kind, &'static str) {
        match self {
            Self::TooLong(_) => (Kind::Invalid, "too_long"),
            Self::TooManyLines(_) => (Kind::Invalid, "too_many_lines"),
            Self::ControlCharacters => (Kind::Invalid, "control_characters"),
        }
    }

    fn params(&self) -> Params {
        match self {
            Self::TooLong(length) => params([("length", (*length).into()), ("max", MOST_CHARACTERS.into())]),
            Self::TooManyLines(lines) => params([("lines", (*lines).into()), ("max", MOST_LINES.into())]),
            Self::ControlCharacters => Params::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("/message")
    }
}

/// Reads a note: `\n` ends its lines, and what is empty around it is taken off. `None` where nothing is left.
///
/// # Errors
/// It is longer than a mail takes, or holds control characters.
pub fn read(text: &str) -> Result<Option<String>, NoteError> {
    let typed = text.trim();
    if typed.chars().nth(MOST_CHARACTERS * MOST_TYPED).is_some() {
        return Err(NoteError::TooLong(typed.chars().count()));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    let is_said = |line: &&str| !line.is_empty();
    let (Some(first), Some(last)) = (lines.iter().position(&is_said), lines.iter().rposition(is_said)) else {
        return Ok(None);
    };
    let said: Vec<&str> = lines.into_iter().take(last + 1).skip(first).collect();
    let note = said.join("\n");
    let characters = note.chars().count();
    if characters > MOST_CHARACTERS {
        return Err(NoteError::TooLong(characters));
    }
    if said.len() > MOST_LINES {
        return Err(NoteError::TooManyLines(said.len()));
    }
    if note.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(NoteError::ControlCharacters);
    }
    Ok(Some(note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paragraphs_and_indentation_stay_and_what_is_empty_around_goes() {
        let typed = "\r\n  Welcome, Bo!  \r\n\r\n\r\n  - bring\ta pass\r\n\r\n";
        assert_eq!(read(typed), Ok(Some("  Welcome, Bo!\n\n\n  - bring\ta pass".to_owned())));
        assert_eq!(read(" \n\t\r\n"), Ok(None));
    }

    #[test]
    fn the_limit_is_named() {
        assert_eq!(read(&"x".repeat(1_000)), Ok(Some("x".repeat(1_000))));
        let refused = read(&"é".repeat(1_001)).unwrap_err();
        assert_eq!(refused.to_string(), "The note has 1001 characters, but the limit is 1000. Shorten it.");
        assert_eq!(
            read(&format!("x{}", " \nx".repeat(3_000))),
            Err(NoteError::TooLong(9_001)),
            "before it is looked at"
        );
        assert!(read(&"x\n".repeat(40)).is_ok());
        assert_eq!(read(&"x\n".repeat(41)), Err(NoteError::TooManyLines(41)));
        assert_eq!(read("a\u{0}b"), Err(NoteError::ControlCharacters));
    }

    proptest! {
        #[test]
        fn what_was_read_once_is_read_again_as_it_is(text in "(?s).{0,200}") {
            if let Ok(Some(note)) = read(&text) {
                prop_assert_eq!(read(&note), Ok(Some(note)));
            }
        }
    }
}
