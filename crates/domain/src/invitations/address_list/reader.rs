//! What stands in a record: addresses with their names, and words that belong to none.

use crate::core::email_address::{EmailAddress, EmailAddressError};

use super::decoration::{
    display_name, has_at_sign, is_blank, is_clause, label_of, may_be_mistyped, sure_name, undecorated,
};
use super::enclosed;
use super::mail_lines::name_in_address;
use super::pasted::Span;
use super::piece::Piece;
use super::tokens::{Token, Tokens};

/// The pieces of a record, in order.
pub(super) fn pieces(record: &str) -> Vec<Piece> {
    let mut reader = Reader { text: record, pieces: Vec::new(), name: None, after: After::Anything, has_dash: false };
    for token in Tokens::of(record).chain([Token::Break]) {
        reader.take(token);
    }
    enclosed::refuse(record, reader.pieces)
}

/// Words read so far that may be the name of an address still to come: `first`, or `first, second`.
#[derive(Clone)]
struct Name {
    first: Span,
    has_comma: bool,
    second: Option<Span>,
}

/// What the last token was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    BareAddress,
    OtherAddress,
    Anything,
}

struct Reader<'t> {
    text: &'t str,
    pieces: Vec<Piece>,
    name: Option<Name>,
    after: After,
    /// A dash stands behind the last piece, an address, and in front of the words that may be its name.
    has_dash: bool,
}

impl Reader<'_> {
    fn take(&mut self, token: Token) {
        let after = std::mem::replace(&mut self.after, After::Anything);
        match token {
            Token::Word(span) if has_at_sign(self.slice(&span)) => {
                self.name_behind();
                self.bare_address(&span);
            }
            Token::Word(span) if after != After::Anything && matches!(self.slice(&span), "-" | "–" | "—") => {
                self.has_dash = true;
            }
            Token::Aside(span) if after != After::Anything => self.aside(span),
            Token::Word(span) | Token::Quoted(span) | Token::Aside(span) => self.extend_name(span),
            Token::Angle(_, content) if self.slice(&content).trim_matches(is_blank).is_empty() => {}
            Token::Angle(span, content) => {
                self.has_dash = false;
                self.angle_address(span, &content, after);
            }
            Token::Link(span, label, target) => {
                self.name_behind();
                self.link(span, &label, &target);
            }
            Token::Comma => {
                self.name_behind();
                self.comma();
            }
            Token::Break => {
                self.name_behind();
                self.flush_name();
            }
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

    /// `ana@example.com - Ana Lopez`: the words behind the dash are the name of the address in front of it, if it has none.
    fn name_behind(&mut self) {
        if !std::mem::take(&mut self.has_dash) {
            return;
        }
        let words = self.name.as_ref().filter(|name| !name.has_comma).map(|name| name.first.clone());
        let named = words.and_then(|span| sure_name(self.slice(&span)).map(|name| (name, span.end)));
        if let (Some((name, end)), Some(last)) = (named, self.pieces.last_mut().filter(|last| last.name.is_none())) {
            last.name = Some(name);
            last.span.end = end;
            self.name = None;
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
            self.pieces.push(Piece {
                span: span.clone(),
                at: None,
                name: None,
                address,
                is_bare: false,
                is_mistyped: false,
            });
        }
    }

    /// An address without brackets. Words before it with nothing but blanks between are its name where they look like one.
    fn bare_address(&mut self, span: &Span) {
        let before = self.name.as_ref().filter(|name| !name.has_comma).map(|name| name.first.clone());
        let name = before.as_ref().and_then(|before| sure_name(self.slice(before)));
        let start = match (before, &name) {
            (Some(before), Some(_)) => {
                self.name = None;
                before.start
            }
            _ => span.start,
        };
        self.flush_name();
        let address = EmailAddress::parse(undecorated(self.slice(span)));
        let (span, at) = (start..span.end, Some(span.start));
        self.pieces.push(Piece { span, at, name, address, is_bare: true, is_mistyped: false });
        self.after = After::BareAddress;
    }

    fn angle_address(&mut self, span: Span, content: &Span, after: After) {
        if self.name.as_ref().is_some_and(|name| name.has_comma && name.second.is_none()) {
            self.flush_name();
        }
        let content = self.slice(content);
        let (address, label) = (EmailAddress::parse(undecorated(content)), label_of(content));
        self.after = After::OtherAddress;
        if self.name.is_none() && after == After::BareAddress {
            if !self.repeats_last(&address) {
                self.contradict_last(span);
            }
            return;
        }
        let name =
            self.name.take().map(|name| name.first.start..name.second.map_or(name.first.end, |second| second.end));
        let start = name.as_ref().map_or(span.start, |name| name.start);
        let name = name.and_then(|name| display_name(self.slice(&name), &address)).or(label);
        let is_contradicted = name.as_deref().is_some_and(|name| contradicts(name, &address));
        let address = if is_contradicted { Err(EmailAddressError::SeveralAts) } else { address };
        let (span, at) = (start..span.end, Some(span.start));
        self.pieces.push(Piece { span, at, name, address, is_bare: false, is_mistyped: is_contradicted });
    }

    /// `ana@example.com <eve@example.com>`: no one knows which of the two is meant.
    fn contradict_last(&mut self, span: Span) {
        if let Some(last) = self.pieces.last_mut() {
            last.span.end = span.end;
            (last.name, last.address, last.is_mistyped) = (None, Err(EmailAddressError::SeveralAts), true);
        }
    }

    /// `ana@example.com <ana@example.com>` and `ana@example.com<mailto:ana@example.com>` are one address.
    fn repeats_last(&self, address: &Result<EmailAddress, EmailAddressError>) -> bool {
        address.is_ok() && self.pieces.last().is_some_and(|last| last.address == *address)
    }

    /// `[Ana](mailto:ana@example.com)`.
    fn link(&mut self, span: Span, label: &Span, target: &Span) {
        self.flush_name();
        let address = EmailAddress::parse(undecorated(self.slice(target)));
        let shown = self.slice(label);
        let is_another = || EmailAddress::parse(undecorated(shown)) != address;
        let is_contradicted = if has_at_sign(shown) { is_another() } else { contradicts(shown, &address) };
        let name = if has_at_sign(shown) { None } else { display_name(shown, &address) };
        let address = if is_contradicted { Err(EmailAddressError::SeveralAts) } else { address };
        self.pieces.push(Piece {
            at: Some(span.start),
            span,
            name,
            address,
            is_bare: false,
            is_mistyped: is_contradicted,
        });
        self.after = After::OtherAddress;
    }

    /// `ana@example.com (Ana Lopez)`: the name, if there was none before.
    fn aside(&mut self, span: Span) {
        let inner = self.slice(&span).trim_matches(['(', ')']).to_owned();
        match self.pieces.last_mut() {
            Some(last) if is_clause(&inner) || is_remark(&inner, &last.address) => {
                last.span.end = span.end;
                (last.address, last.is_mistyped) = (Err(EmailAddressError::OfAnother), true);
            }
            Some(last) if last.name.is_none() && inner.contains(char::is_alphabetic) => {
                last.name = display_name(&inner, &last.address);
                last.span.end = span.end;
            }
            _ => {}
        }
    }
}

fn names(text: &str, address: &Result<EmailAddress, EmailAddressError>) -> bool {
    address.as_ref().is_ok_and(|address| name_in_address(text, address.local_part()))
}

/// `ana@example.com (left the company)`: words in brackets behind an address that are no name.
fn is_remark(text: &str, address: &Result<EmailAddress, EmailAddressError>) -> bool {
    text.contains(char::is_alphabetic) && sure_name(text).is_none() && !names(text, address)
}

/// `ana(at)x.example <eve@example.com>`: a name that is another address, or may be one. The login and the domain of the address are
/// none.
fn contradicts(name: &str, address: &Result<EmailAddress, EmailAddressError>) -> bool {
    let is_domain = || address.as_ref().is_ok_and(|address| name.eq_ignore_ascii_case(address.domain()));
    EmailAddress::parse(name).is_ok() || (may_be_mistyped(name) && !is_domain() && !names(name, address))
}

/// Not with a dot inside, since that may be an address whose at-sign is missing, and not in quotes, since they enclose it all.
fn may_be_last_name(text: &str) -> bool {
    let has_inner_dot = text.split('.').skip(1).any(|part| part.starts_with(char::is_alphanumeric));
    !has_inner_dot && !text.starts_with('"') && text.contains(char::is_alphanumeric)
}
