//! The name of a person, safe to show beside others.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::core::invisible::is_invisible;
use crate::core::words::schema_of_name;

const MAX_LENGTH: usize = 200;
/// So many typed characters make one of a name at most: letters with their marks, and runs of white space.
const MOST_TYPED: usize = 8;
const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// A person's name as others see it (U-25).
///
/// Trimmed, Unicode NFC, runs of white space made one space, 1 to 200 characters. Nothing in it breaks the line or
/// reverses the direction of text, and nothing is invisible except where a script needs it: joiners between letters of
/// Arabic, Indic and similar scripts and between emoji, variation selectors after emoji, Han and Mongolian characters.
///
/// Anything else may stand in a name, web addresses too (`St.John/Smith`): the emails it appears in take the links out of
/// it (I9), since only there a name could become one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

/// Why a text cannot be a name, told to who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NameError {
    /// There is nothing to see.
    #[error("Enter a name.")]
    Empty,
    /// More characters than this.
    #[error("The name is too long. Use at most {0} characters.")]
    TooLong(usize),
    /// A line break, tab or other control character.
    #[error("The name contains a line break, tab or control character. Remove it.")]
    ControlCharacter,
    /// A character that is invisible or reverses the direction of text.
    #[error("The name contains an invisible character. Type it instead of pasting it.")]
    HiddenCharacter,
}

impl PersonName {
    /// Reads a name from a form, a file or a peer.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        tidy(text, MAX_LENGTH).map(Self)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name of at most `longest` characters in the form in which it is kept.
pub(crate) fn tidy(text: &str, longest: usize) -> Result<String, NameError> {
    let trimmed = text.trim();
    // Before it is looked at closely, which would cost the most for the worst input.
    if trimmed.chars().nth(longest * MOST_TYPED).is_some() {
        return Err(NameError::TooLong(longest));
    }
    if trimmed.contains(char::is_control) {
        return Err(NameError::ControlCharacter);
    }
    let composed: String = trimmed.nfc().collect();
    let name = composed.split_whitespace().collect::<Vec<_>>().join(" ");

    if name.chars().count() > longest {
        return Err(NameError::TooLong(longest));
    }
    if has_misplaced_invisible(&name) {
        return Err(NameError::HiddenCharacter);
    }
    if name.chars().all(|c| c.is_whitespace() || is_combining_mark(c)) {
        return Err(NameError::Empty);
    }
    Ok(name)
}

fn has_misplaced_invisible(name: &str) -> bool {
    let mut before = None;
    let mut characters = name.chars().peekable();
    while let Some(c) = characters.next() {
        if is_invisible(c) && !before.is_some_and(|before| is_in_place(before, c, characters.peek().copied())) {
            return true;
        }
        before = Some(c);
    }
    false
}

/// Whether an invisible character changes how its neighbors look, which is the only use a name has for one.
fn is_in_place(before: char, invisible: char, after: Option<char>) -> bool {
    match invisible {
        ZERO_WIDTH_JOINER if after.is_some_and(is_emoji) => is_emoji(before) || before == '\u{FE0F}',
        ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => has_joiners(before) && after.is_some_and(has_joiners),
        '\u{FE0E}' | '\u{FE0F}' => is_emoji(before),
        '\u{FE00}'..='\u{FE0D}' | '\u{E0100}'..='\u{E01EF}' => is_han(before),
        '\u{180B}'..='\u{180F}' => matches!(before, '\u{1820}'..='\u{18AA}'),
        _ => false,
    }
}

/// Scripts whose spelling uses joiners: Arabic, Syriac, N'Ko, those of India and Sri Lanka, Myanmar, Khmer, Mongolian.
fn has_joiners(c: char) -> bool {
    let in_block = matches!(c,
        '\u{620}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17D3}'
        | '\u{1820}'..='\u{18AA}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    in_block && !is_invisible(c)
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{27BF}' | '\u{2900}'..='\u{2BFF}'
        | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for PersonName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PersonName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

impl utoipa::PartialSchema for PersonName {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_name(MAX_LENGTH, "Ana Lopez")
    }
}

impl utoipa::ToSchema for PersonName {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_all_scripts_are_kept() {
        for name in [
            "Ana",
            "X",
            "Anne-Marie O'Brien",
            "J.R.R. Tolkien",
            "J.R. / M.K.",
            "Dr.Miller",
            "St.John",
            "Prof. Dr. h.c. Ana, MBA",
            "Martin Luther King Jr.",
            "عبد الله",
            "علی\u{200C}رضا",
            "ශ\u{DCA}\u{200D}රී",
            "क\u{94D}\u{200D}ष",
            "山田 太郎",
            "葛\u{E0100}城",
            "김철수",
            "Nguyễn Văn A",
            "Ana 😀",
            "👩\u{200D}💻",
            "❤\u{FE0F}\u{200D}🔥",
            "ana@example.com",
            "AC/DC",
            "St.John/Smith",
            "Ana, www.example.com",
            "https://example.com/ana",
            "Nº 1: Ana",
        ] {
            assert_eq!(PersonName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn spaces_are_tidied_and_letters_composed() {
        assert_eq!(PersonName::parse("  Ana \u{A0}  Lo\u{301}pez\n").unwrap().as_str(), "Ana López");
        assert_eq!(PersonName::parse("山田\u{3000}太郎").unwrap().to_string(), "山田 太郎");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(PersonName::parse(&"é".repeat(200)).is_ok());
        assert_eq!(PersonName::parse(&"é".repeat(201)), Err(NameError::TooLong(200)));
        for nothing in ["", "  ", "\u{301}", "\n"] {
            assert_eq!(PersonName::parse(nothing), Err(NameError::Empty), "{nothing:?}");
        }
    }

    #[test]
    fn a_text_that_is_no_name_by_its_length_is_not_looked_at() {
        for (text, expected) in [
            ("é".repeat(200 * MOST_TYPED + 1), Err(NameError::TooLong(200))),
            ("\u{0}".repeat(4_000_000), Err(NameError::TooLong(200))),
            (format!("Ana{}Lopez", " ".repeat(1_000)), Ok("Ana Lopez".to_owned())),
            (format!("{}Ana", " ".repeat(4_000_000)), Ok("Ana".to_owned())),
        ] {
            assert_eq!(PersonName::parse(&text).map(String::from), expected);
        }
    }

    #[test]
    fn nothing_unseen_hides_in_a_name() {
        for name in ["Ana\nBcc: x", "Ana\tB", "Ana\0", "A\u{1B}[31m", "A\u{85}B"] {
            assert_eq!(PersonName::parse(name), Err(NameError::ControlCharacter), "{name:?}");
        }
        for name in [
            "Ana\u{202E}moc",
            "\u{2066}Ana\u{2069}",
            "Ana\u{200F}",
            "A\u{200B}na",
            "A\u{200D}na",
            "A\u{200C}na",
            "\u{FEFF}Ana",
            "A\u{AD}na",
            "\u{3164}",
            "A\u{FE0F}",
            "😀\u{200D}",
            "😀\u{200D}\u{200D}😀",
            "ع\u{200C}\u{200C}ب",
            "🏴\u{E0067}\u{E007F}",
        ] {
            assert_eq!(PersonName::parse(name), Err(NameError::HiddenCharacter), "{name:?}");
        }
    }

    #[test]
    fn json_holds_it_as_text_and_checks_it() {
        let name: PersonName = serde_json::from_str("\" Ana  López \"").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"Ana López\"");
        assert!(serde_json::from_str::<PersonName>("\"A\\u202ena\"").is_err());
    }

    proptest! {
        #[test]
        fn a_name_read_again_is_the_same(text in ".*") {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!((1..=200).contains(&name.as_str().chars().count()));
            }
        }
    }
}
