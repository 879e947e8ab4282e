//! A record as words, quoted texts, brackets and separators.

use super::decoration::{has_at_sign, is_at_sign, is_blank};
use super::pasted::Span;
use super::records::{is_comma, is_line_break, is_semicolon};

pub(super) enum Token {
    /// Anything without separators.
    Word(Span),
    /// `"…"` that is not an address, or stands in front of one in angle brackets.
    Quoted(Span),
    /// `(…)` without an address in it.
    Aside(Span),
    /// `<…>`: where all of it stands, and where its content does.
    Angle(Span, Span),
    /// `[…](…)` with an address as its target: all of it, the label, the target.
    Link(Span, Span, Span),
    Comma,
    /// A semicolon, a line break, or a tab.
    Break,
}

pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    /// Up to here marks are in a quoted address, or end it: its content is read as if it had no quotes.
    quoted_until: usize,
    /// Up to here no closing quote was found; not looked for again, or the time would be quadratic.
    unquoted_until: usize,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0, quoted_until: 0, unquoted_until: 0 }
    }

    fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    /// Where the run of characters that begins at `from` and fits `part_of_run` ends.
    fn end_of(&self, from: usize, part_of_run: impl Fn(char) -> bool) -> usize {
        let rest = self.rest(from);
        from + rest.find(|c| !part_of_run(c)).unwrap_or(rest.len())
    }

    /// Where `close` stands on the same line, after what opens at `start` and encloses none of `never`. Each of them is
    /// the next thing that would be looked for, so no part of a text is looked at twice.
    fn closed_by(&self, start: usize, close: char, never: &[char]) -> Option<usize> {
        let from = start + self.rest(start).chars().next()?.len_utf8();
        let end = self.end_of(from, |c| c != close && !never.contains(&c) && !is_line_break(c));
        self.rest(end).starts_with(close).then_some(end)
    }

    fn blanks(&mut self) -> Option<Token> {
        let start = self.at;
        self.at = self.end_of(start, is_blank);
        let blanks = self.text.get(start..self.at).unwrap_or_default();
        let is_break =
            blanks.contains(is_line_break) || (blanks.contains('\t') && !self.rest(self.at).starts_with('<'));
        is_break.then_some(Token::Break)
    }

    /// An aside that touches an address is none of its letters. Looked for no further than the word goes, or the time would
    /// be quadratic.
    fn word(&mut self, start: usize, from: usize) -> Token {
        let mut has_at_sign = has_at_sign(self.text.get(start..from).unwrap_or_default());
        let ends = |c: char| {
            let is_aside = has_at_sign && c == '(';
            has_at_sign |= is_at_sign(c);
            is_aside || !is_word_character(c)
        };
        let rest = self.rest(from);
        self.at = from + rest.find(ends).unwrap_or(rest.len());
        Token::Word(start..self.at)
    }

    /// All of `<…>`, whatever is in it; a `<` that is not closed begins a word.
    fn angle(&mut self) -> Token {
        let start = self.at;
        if let Some(close) = self.closed_by(start, '>', &['<']) {
            self.at = close + 1;
            return Token::Angle(start..self.at, start + 1..close);
        }
        let content = self.end_of(start + 1, |c| is_blank(c) && !is_line_break(c));
        self.at = self.end_of(content, |c| is_word_character(c) || c == '"');
        Token::Angle(start..self.at, content..self.at)
    }

    fn aside(&self) -> Option<Token> {
        let close = self.closed_by(self.at, ')', &['(', '<', '@', '＠', '﹫'])?;
        Some(Token::Aside(self.at..close + 1))
    }

    fn link(&self) -> Option<Token> {
        let close = self.closed_by(self.at, ']', &['['])?;
        let open = close + 1;
        let end = self.rest(open).starts_with('(').then(|| self.closed_by(open, ')', &['(', ' ', '\t']))??;
        let target = open + 1..end;
        let is_address = self.text.get(target.clone()).is_some_and(has_at_sign);
        is_address.then(|| Token::Link(self.at..end + 1, self.at + 1..close, target))
    }

    /// At a quotation mark: a name, the beginning of a quoted local part, or nothing but decoration.
    fn quote(&mut self) -> Option<Token> {
        let start = self.at;
        self.at = start + 1;
        if start < self.quoted_until {
            return None;
        }
        let close = self.closing_quote()?;
        let after = close + 1;
        if self.rest(after).starts_with('@') {
            return Some(self.word(start, after));
        }
        let is_address = self.text.get(start..close).is_some_and(has_at_sign);
        if is_address && !self.rest(self.end_of(after, is_blank)).starts_with('<') {
            self.quoted_until = after;
            return None;
        }
        self.at = after;
        Some(Token::Quoted(start..after))
    }

    /// The quotation mark on the same line that closes the one just read; a backslash protects the next character.
    fn closing_quote(&mut self) -> Option<usize> {
        if self.at < self.unquoted_until {
            return None;
        }
        let mut is_protected = false;
        for (offset, c) in self.rest(self.at).char_indices() {
            match c {
                _ if is_line_break(c) => {
                    self.unquoted_until = self.at + offset;
                    return None;
                }
                '"' if !is_protected => return Some(self.at + offset),
                _ => is_protected = c == '\\' && !is_protected,
            }
        }
        self.unquoted_until = self.text.len();
        None
    }

    /// A token that takes up everything to its end.
    fn skip_to(&mut self, token: Option<Token>) -> Option<Token> {
        if let Some(Token::Aside(span) | Token::Link(span, ..)) = &token {
            self.at = span.end;
        }
        token
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let c = self.rest(self.at).chars().next()?;
            let token = match c {
                _ if is_blank(c) => self.blanks(),
                '<' => Some(self.angle()),
                '"' => self.quote(),
                '(' | '[' => {
                    let whole = if c == '(' { self.aside() } else { self.link() };
                    self.skip_to(whole).or_else(|| Some(self.word(self.at, self.at + 1)))
                }
                _ if is_word_character(c) => Some(self.word(self.at, self.at)),
                _ => {
                    self.at += c.len_utf8();
                    separator(c)
                }
            };
            if token.is_some() {
                return token;
            }
        }
    }
}

fn separator(c: char) -> Option<Token> {
    if is_semicolon(c) {
        Some(Token::Break)
    } else if is_comma(c) {
        Some(Token::Comma)
    } else {
        None
    }
}

fn is_word_character(c: char) -> bool {
    !is_blank(c) && !is_semicolon(c) && !is_comma(c) && !matches!(c, '<' | '>' | '"')
}
