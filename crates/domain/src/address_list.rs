//! Reads the e-mail addresses out of a text somebody pasted (U-11, ED-4).
//!
//! One pass over tokens: [`Tokens`] cuts the text, [`Reader`] puts the pieces together. Both look at every character a
//! bounded number of times, so a megabyte of anything is read in a moment.

use std::ops::Range;

use crate::email_address::{EmailAddress, EmailAddressError};
use crate::search_text::is_invisible;

/// How much of a piece is kept to show it; longer ones are never addresses.
pub const MAX_SHOWN: usize = 320;

/// One piece of a pasted text: an address, or what stood where one was expected (ED-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedAddress {
    /// The piece as it was typed, trimmed and cut after 320 characters.
    pub text: String,
    /// The name that stood in front of an address in angle brackets.
    pub name: Option<String>,
    /// The address, or why it is none.
    pub address: Result<EmailAddress, EmailAddressError>,
}

/// Splits a pasted text into its addresses, in order (U-11, ED-4).
///
/// Semicolons, commas, spaces, tabs and line breaks separate, in any mixture. A name in front of `<ana@example.com>`
/// belongs to it, with spaces, quotes, and as `Last, First`. Quotes, brackets, `mailto:` and a full stop around an address
/// are taken off; pieces without a letter or digit are ignored. Words that belong to nothing come back as one piece with
/// an error: they may be a mistyped address, and nobody must be left out silently. Duplicates are left to the caller.
pub fn parse(text: &str) -> Vec<PastedAddress> {
    parse_first(text, usize::MAX)
}

/// The same for the first pieces only: what comes after so many is not looked at.
pub fn parse_first(text: &str, most: usize) -> Vec<PastedAddress> {
    let mut reader = Reader { text, pieces: Vec::new(), name: None, after_bare_address: false };
    for token in Tokens::of(text).chain([Token::Break]) {
        reader.take(token);
        if reader.pieces.len() >= most {
            break;
        }
    }
    reader.pieces.truncate(most);
    reader.pieces
}

/// Where something stands in the text, in bytes.
type Span = Range<usize>;

enum Token {
    /// Anything without separators.
    Word(Span),
    /// `"…"` that is not an address, or stands in front of one in angle brackets.
    Quoted(Span),
    /// `<…>`: where all of it stands, and where its content does.
    Angle(Span, Span),
    Comma,
    /// A semicolon, a line break, or a tab.
    Break,
}

struct Tokens<'t> {
    text: &'t str,
    at: usize,
    /// The closing quote of a quoted address: its content is read as if it had no quotes.
    skipped_quote: Option<usize>,
    /// Up to here no closing quote was found; not looked for again, or the time would be quadratic.
    unquoted_until: usize,
}

impl<'t> Tokens<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, at: 0, skipped_quote: None, unquoted_until: 0 }
    }

    fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    /// Where the run of characters that begins at `from` and fits `part_of_run` ends.
    fn end_of(&self, from: usize, part_of_run: impl Fn(char) -> bool) -> usize {
        let rest = self.rest(from);
        from + rest.find(|c| !part_of_run(c)).unwrap_or(rest.len())
    }

    fn blanks(&mut self) -> Option<Token> {
        let start = self.at;
        self.at = self.end_of(start, is_blank);
        let blanks = self.text.get(start..self.at).unwrap_or_default();
        let is_break =
            blanks.contains(is_line_break) || (blanks.contains('\t') && !self.rest(self.at).starts_with('<'));
        is_break.then_some(Token::Break)
    }

    fn word(&mut self, start: usize, from: usize) -> Token {
        self.at = self.end_of(from, is_word_character);
        Token::Word(start..self.at)
    }

    fn angle(&mut self) -> Token {
        let start = self.at;
        let content = self.end_of(start + 1, |c| is_blank(c) && !is_line_break(c));
        let end = self.end_of(content, |c| is_word_character(c) || c == '"');
        self.at = if self.rest(end).starts_with('>') { end + 1 } else { end };
        Token::Angle(start..self.at, content..end)
    }

    /// At a quotation mark: a name, the beginning of a quoted local part, or nothing but decoration.
    fn quote(&mut self) -> Option<Token> {
        let start = self.at;
        self.at = start + 1;
        if self.skipped_quote == Some(start) {
            return None;
        }
        let close = self.closing_quote()?;
        let after = close + 1;
        if self.rest(after).starts_with('@') {
            return Some(self.word(start, after));
        }
        let is_address = self.text.get(start..close).is_some_and(has_at_sign);
        if is_address && !self.rest(self.end_of(after, is_blank)).starts_with('<') {
            self.skipped_quote = Some(close);
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

/// The byte order mark of a file counts as white space wherever it is.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn separator(c: char) -> Option<Token> {
    match c {
        ';' | '；' => Some(Token::Break),
        ',' | '，' | '、' => Some(Token::Comma),
        _ => None,
    }
}

fn is_word_character(c: char) -> bool {
    !is_blank(c) && separator(c).is_none() && !matches!(c, '<' | '>' | '"')
}

/// Look-alikes count, so that the address they are in is refused by what is wrong with it.
fn has_at_sign(text: &str) -> bool {
    text.contains(['@', '＠', '﹫'])
}

/// Words read so far that may be the name of an address still to come: `first`, or `first, second`.
#[derive(Clone)]
struct Name {
    first: Span,
    has_comma: bool,
    second: Option<Span>,
}

struct Reader<'t> {
    text: &'t str,
    pieces: Vec<PastedAddress>,
    name: Option<Name>,
    /// Whether the last piece was an address without brackets and nothing stood after it.
    after_bare_address: bool,
}

impl Reader<'_> {
    fn take(&mut self, token: Token) {
        let was_after_bare_address = std::mem::take(&mut self.after_bare_address);
        match token {
            Token::Word(span) if has_at_sign(self.slice(&span)) => self.bare_address(&span),
            Token::Word(span) | Token::Quoted(span) => self.extend_name(span),
            Token::Angle(_, content) if content.is_empty() => {}
            Token::Angle(span, content) => self.angle_address(span, &content, was_after_bare_address),
            Token::Comma => self.comma(),
            Token::Break => self.flush_name(),
        }
    }

    fn slice(&self, span: &Span) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    fn extend_name(&mut self, span: Span) {
        match &mut self.name {
            None => self.name = Some(Name { first: span, has_comma: false, second: None }),
            Some(Name { first, has_comma: false, .. }) => first.end = span.end,
            Some(Name { second: Some(second), .. }) => second.end = span.end,
            Some(Name { second, .. }) => *second = Some(span),
        }
    }

    /// A comma ends a piece, unless what is before it may be the last name in `Lopez, Ana <ana@example.com>`.
    fn comma(&mut self) {
        let Some(name) = self.name.take() else { return };
        if name.has_comma {
            self.misplaced(&name.first);
        }
        let Some(last) = (if name.has_comma { name.second } else { Some(name.first) }) else { return };
        if may_be_last_name(self.slice(&last)) {
            self.name = Some(Name { first: last, has_comma: true, second: None });
        } else {
            self.misplaced(&last);
        }
    }

    fn flush_name(&mut self) {
        let Some(name) = self.name.take() else { return };
        self.misplaced(&name.first);
        if let Some(second) = name.second {
            self.misplaced(&second);
        }
    }

    /// Words that are the name of nothing.
    fn misplaced(&mut self, span: &Span) {
        let text = self.slice(span);
        if text.contains(char::is_alphanumeric) {
            let address = EmailAddress::parse(text.trim_matches(|c: char| c == '"' || is_blank(c)));
            let text = shown(text);
            self.pieces.push(PastedAddress { text, name: None, address });
        }
    }

    fn bare_address(&mut self, span: &Span) {
        self.flush_name();
        let text = self.slice(span);
        let piece = PastedAddress { text: shown(text), name: None, address: EmailAddress::parse(undecorated(text)) };
        self.pieces.push(piece);
        self.after_bare_address = true;
    }

    fn angle_address(&mut self, span: Span, content: &Span, is_after_bare_address: bool) {
        if self.name.as_ref().is_some_and(|name| name.has_comma && name.second.is_none()) {
            self.flush_name();
        }
        let address = EmailAddress::parse(undecorated(self.slice(content)));
        if self.name.is_none() && is_after_bare_address && self.repeats_last(&address) {
            return;
        }
        let name =
            self.name.take().map(|name| name.first.start..name.second.map_or(name.first.end, |second| second.end));
        let start = name.as_ref().map_or(span.start, |name| name.start);
        let text = shown(self.slice(&(start..span.end)));
        let name = name.and_then(|name| display_name(self.slice(&name), &address));
        self.pieces.push(PastedAddress { text, name, address });
    }

    /// `ana@example.com <ana@example.com>` and `ana@example.com<mailto:ana@example.com>` are one address.
    fn repeats_last(&self, address: &Result<EmailAddress, EmailAddressError>) -> bool {
        address.is_ok() && self.pieces.last().is_some_and(|last| last.address == *address)
    }
}

/// Not with a dot inside, since that may be an address whose at-sign is missing, and not in quotes, since they enclose it all.
fn may_be_last_name(text: &str) -> bool {
    let has_inner_dot = text.split('.').skip(1).any(|part| part.starts_with(char::is_alphanumeric));
    !has_inner_dot && !text.starts_with('"') && text.contains(char::is_alphanumeric)
}

fn shown(text: &str) -> String {
    text.trim_matches(is_blank).chars().take(MAX_SHOWN).collect()
}

/// The address in `'ana@example.com'`, `(ana@example.com)`, `mailto:ana@example.com?subject=x` or `ana@example.com.`
fn undecorated(text: &str) -> &str {
    let is_decoration = |c: char| matches!(c, '(' | ')' | '[' | ']' | '“' | '”' | '„' | '‘' | '’') || is_invisible(c);
    let text = text.trim_matches(is_decoration).trim_end_matches('.');
    let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
    match text.split_at_checked("mailto:".len()) {
        Some((scheme, link)) if scheme.eq_ignore_ascii_case("mailto:") => link.split('?').next().unwrap_or(link),
        _ => text,
    }
}

/// The name without its quotes; none when it only repeats the address, as some mail programs write it.
fn display_name(text: &str, address: &Result<EmailAddress, EmailAddressError>) -> Option<String> {
    let mut name = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek().is_some_and(|next| matches!(next, '"' | '\\')) => name.extend(characters.next()),
            '"' => {}
            _ => name.push(c),
        }
    }
    let name = shown(unquoted(name.trim_matches(is_blank)));
    let is_name =
        name.contains(|c: char| !c.is_whitespace()) && (address.is_err() || EmailAddress::parse(&name) != *address);
    is_name.then_some(name)
}

fn unquoted(name: &str) -> &str {
    [('\'', '\''), ('“', '”'), ('„', '“'), ('‘', '’')]
        .iter()
        .find_map(|(open, close)| name.strip_prefix(*open)?.strip_suffix(*close))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests;
