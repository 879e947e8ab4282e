//! Sentences of the description, in which `words for programs` stand between backticks.

/// A text in pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prose(Vec<Piece>);

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its words.
    pub text: String,
    /// Whether they are for programs.
    pub is_code: bool,
}

impl Prose {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let pieces = text.split('`').zip([false, true].into_iter().cycle());
        let pieces = pieces.map(|(text, is_code)| Piece { text: text.to_owned(), is_code });
        Self(pieces.filter(|piece| !piece.text.is_empty()).collect())
    }

    /// Its pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_between_backticks_are_for_programs() {
        let read = Prose::of("`true`: do it, or `false`.");
        let words: Vec<_> = read.pieces().iter().map(|piece| (piece.text.as_str(), piece.is_code)).collect();
        assert_eq!(words, [("true", true), (": do it, or ", false), ("false", true), (".", false)]);
        assert!(Prose::of("").is_empty());
    }
}
