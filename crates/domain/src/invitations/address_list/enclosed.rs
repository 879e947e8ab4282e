//! A cell, a bracket and a quotation are one piece, as `<…>` is: in `Fred (fred space@corp.example)` a blank was typed
//! for a dot, and what stands behind it is the address of someone else.

use crate::core::email_address::{EmailAddress, EmailAddressError};

use super::decoration::{count_at_signs, has_at_sign, is_at_sign, is_blank, sure_name};
use super::labels;
use super::pasted::Span;
use super::piece::Piece;
use super::records::{any_cells, is_comma, is_line_break, is_semicolon};

const BRACKETS: [(char, char); 8] =
    [('(', ')'), ('[', ']'), ('{', '}'), ('【', '】'), ('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')];

/// What stands between the addresses of a list and is a part of none.
const CONJUNCTIONS: [&str; 13] = ["and", "or", "und", "oder", "sowie", "et", "ou", "y", "e", "o", "en", "og", "och"];

/// Makes one refused piece of everything in an enclosure that has more in it than addresses.
pub(super) fn refuse(record: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let bare: Vec<usize> = pieces.iter().filter(|piece| piece.is_bare).filter_map(|piece| piece.at).collect();
    if bare.is_empty() {
        return pieces;
    }
    let has_bare = |span: &Span| bare.get(bare.partition_point(|at| *at < span.start)).is_some_and(|at| *at < span.end);
    let mut refused = mistyped(record);
    refused.retain(has_bare);
    let refused = merged(refused);
    let mut kept: Vec<Piece> = Vec::new();
    let mut open: Option<Span> = None;
    for piece in pieces {
        let core = piece.at.map_or(piece.span.clone(), |at| at..at + 1);
        let hit = refused.get(refused.partition_point(|span| span.end <= core.start));
        let Some(hit) = hit.filter(|span| span.start < core.end) else {
            kept.push(piece);
            continue;
        };
        match kept.last_mut().filter(|_| open.as_ref() == Some(hit)) {
            Some(last) => {
                last.span = last.span.start.min(piece.span.start)..last.span.end.max(piece.span.end);
            }
            None => {
                let span = piece.span.start.min(hit.start)..piece.span.end.max(hit.end);
                let address = Err(error(record.get(hit.clone()).unwrap_or_default()));
                kept.push(Piece { span, at: Some(hit.start), name: None, address, is_bare: false, is_mistyped: true });
                open = Some(hit.clone());
            }
        }
    }
    without_overlap(kept)
}

/// A refused piece and what overlaps with it, as in `< a@x.example ( b@x.example > c@x.example )`, are one.
fn without_overlap(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut apart: Vec<Piece> = Vec::new();
    for piece in pieces {
        let overlapping =
            |last: &&mut Piece| piece.span.start < last.span.end && (last.address.is_err() || piece.address.is_err());
        match apart.last_mut().filter(overlapping) {
            Some(last) => {
                last.span.end = last.span.end.max(piece.span.end);
                last.name = None;
                if last.address.is_ok() {
                    last.address = piece.address;
                }
            }
            None => apart.push(piece),
        }
    }
    apart
}

/// Why an enclosed text is no address.
pub(super) fn error(text: &str) -> EmailAddressError {
    let inner = text.trim_matches(|c| is_blank(c) || BRACKETS.iter().any(|(open, close)| c == *open || c == *close));
    EmailAddress::parse(inner).err().unwrap_or(EmailAddressError::MissingAt)
}

/// Whether the cell of an address has words in it that are neither an address nor, where none stands elsewhere, a name.
pub(super) fn is_mistyped_cell(cell: &str, has_name: bool) -> bool {
    is_mistyped(cell, |words| is_stray_in_cell(words) || (has_name && words.contains(char::is_alphabetic)))
}

/// The enclosures of a record that have more in them than addresses. Every character is in one of each kind at most.
fn mistyped(record: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open = BRACKETS.map(|_| None::<usize>);
    for (at, c) in record.char_indices() {
        if c.is_alphanumeric() || c == ' ' {
            continue;
        }
        for ((opening, closing), since) in BRACKETS.iter().zip(&mut open) {
            if is_line_break(c) {
                *since = None;
            } else if let Some(start) = since.filter(|_| c == *closing) {
                *since = None;
                let content = record.get(start + opening.len_utf8()..at).unwrap_or_default();
                if is_mistyped(content, |words| !is_beside_address(words)) {
                    found.push(start..at + c.len_utf8());
                }
            } else if c == *opening {
                *since = Some(at);
            }
        }
    }
    found.extend(mistyped_cells(record));
    found
}

/// In order, and those that overlap as one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.start);
    let mut apart: Vec<Span> = Vec::new();
    for span in spans {
        match apart.last_mut().filter(|last| span.start < last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => apart.push(span),
        }
    }
    apart
}

fn mistyped_cells(record: &str) -> Vec<Span> {
    let mut cells = any_cells(record);
    cells.retain(|cell| record.get(cell.clone()).is_some_and(|text| text.contains(char::is_alphanumeric)));
    if cells.len() < 2 {
        return Vec::new();
    }
    let lower = (count_at_signs(record) == 1).then(|| record.to_lowercase());
    // `Fred Space;Fred space@corp.example`: the name has a cell, so what stands before the address is a part of it.
    let is_repeated = |words: &str| {
        let name = sure_name(words).unwrap_or_default().to_lowercase();
        !name.is_empty() && lower.as_ref().is_some_and(|record| repeats(record, &name))
    };
    cells.retain(|cell| {
        let text = record.get(cell.clone()).unwrap_or_default();
        is_mistyped(text, |words| is_stray_in_cell(words) || (!is_beside_address(words) && is_repeated(words)))
    });
    cells
}

/// Whether every word of `name` stands more than once in a record.
fn repeats(record: &str, name: &str) -> bool {
    let times =
        |word: &str| record.split(|c: char| !c.is_alphanumeric() && !is_at_sign(c)).filter(|one| *one == word).count();
    name.split(' ').all(|word| times(word) > 1)
}

fn is_separator(c: char) -> bool {
    is_comma(c) || is_semicolon(c) || is_line_break(c) || c == '\t'
}

/// Whether words stand beside an address with nothing but blanks between that `is_stray` says do not belong there.
fn is_mistyped(content: &str, is_stray: impl Fn(&str) -> bool) -> bool {
    if !has_at_sign(content) {
        return false;
    }
    let outer = without_brackets(content);
    outer.split(is_separator).filter(|part| has_at_sign(part)).any(|part| {
        let mut words = String::new();
        for word in part.split(is_blank).chain(["@"]) {
            if !has_at_sign(word) {
                words.push_str(word);
                words.push(' ');
            } else if is_stray(&std::mem::take(&mut words)) {
                return true;
            }
        }
        false
    })
}

/// A text without what is in brackets in it, which is looked at by itself; all of it where they are not in pairs.
fn without_brackets(text: &str) -> String {
    let (mut outer, mut depth) = (String::new(), 0_usize);
    for c in text.chars() {
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' if depth == 0 => return text.to_owned(),
            ')' | ']' | '>' => depth -= 1,
            _ if depth == 0 => outer.push(c),
            _ => {}
        }
    }
    if depth == 0 { outer } else { text.to_owned() }
}

/// Nothing at all, `E-Mail:`, or a conjunction.
fn is_beside_address(words: &str) -> bool {
    let words = words.trim_matches(|c: char| !c.is_alphanumeric());
    words.is_empty() || labels::is_label(words) || CONJUNCTIONS.contains(&words)
}

/// In a cell a name may stand before its address, and a number before it.
fn is_stray_in_cell(words: &str) -> bool {
    words.contains(char::is_alphabetic) && !is_beside_address(words) && sure_name(words).is_none()
}
