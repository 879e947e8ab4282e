//! What a record is: one person, several, or nobody.

use crate::email_address::EmailAddress;

use super::PastedAddress;
use super::decoration::{has_at_sign, is_blank, likely_name, shown, sure_name, undecorated};
use super::header_words;
use super::reader::{Piece, pieces};
use super::records::{Delimiter, spans};

/// The people of a record that stands by itself.
pub(super) fn read(record: &str) -> Vec<PastedAddress> {
    if is_subject(record) {
        return nobody(record).into_iter().collect();
    }
    let record = without_label(record);
    let found = pieces(record);
    match found.iter().filter(|piece| piece.is_address()).count() {
        0 => nobody(record).into_iter().collect(),
        1 => one(record, found),
        _ => several(record, found),
    }
}

/// A record without an address, as the one refusal that it is.
pub(super) fn nobody(record: &str) -> Option<PastedAddress> {
    let text = record.trim_matches(|c: char| is_blank(c) || c == ';' || c == ',');
    let inner = undecorated(text).trim_matches('"');
    text.contains(char::is_alphanumeric).then(|| PastedAddress {
        text: shown(text),
        name: None,
        address: EmailAddress::parse(inner),
    })
}

/// One person: whatever else stands there is about them, except for what looks like an address without its at-sign.
fn one(record: &str, found: Vec<Piece>) -> Vec<PastedAddress> {
    let about = found.iter().find(|piece| piece.is_address()).and_then(|piece| piece.address.as_ref().ok()).cloned();
    let delimiter = Delimiter::of(record);
    let are_people = are_separate_people(record, &found);
    let mut read = Vec::new();
    for mut piece in found {
        if piece.is_mistyped {
            piece.span = 0..record.len();
            return vec![piece.shown_in(record)];
        }
        let Some(at) = piece.at else {
            let words = record.get(piece.span.clone()).unwrap_or_default();
            let is_no_name = delimiter.is_none() && sure_name(words).is_none();
            if are_people || is_no_name || (delimiter != Some(Delimiter::Tab) && lacks_at_sign(words, about.as_ref())) {
                read.push(piece.shown_in(record));
            }
            continue;
        };
        if piece.name.is_none() && !are_people {
            piece.name = name_beside(record, at);
            if piece.name.is_some() {
                piece.span = 0..record.len();
            }
        }
        read.push(piece.shown_in(record));
    }
    read
}

/// `Carla Diaz; Dan Ito <dan@example.com>; Eve Poe` are three people: who has name and address in one entry of a list needs
/// nothing from the others. In a row of a table the other cells are about the one person.
fn are_separate_people(record: &str, found: &[Piece]) -> bool {
    let is_list = matches!(Delimiter::of(record), Some(Delimiter::Semicolon | Delimiter::Comma));
    let has_all = |piece: &Piece| {
        let others = found.len().saturating_sub(1);
        piece.is_address() && !piece.is_bare && (piece.name.is_some() || others > 1)
    };
    let in_brackets = |piece: &Piece| {
        let text = record.get(piece.span.clone()).unwrap_or_default().trim_end_matches(is_blank);
        piece.is_bare && piece.name.is_some() && text.ends_with([')', ']'])
    };
    is_list && found.iter().any(|piece| has_all(piece) || in_brackets(piece))
}

/// `ana.example.com` may be somebody who would be left out; `ana.lopez` and `example.com` beside `ana.lopez@example.com`
/// are not.
fn lacks_at_sign(words: &str, about: Option<&EmailAddress>) -> bool {
    let word = words.trim_matches(|c: char| is_blank(c) || "\"'()<>".contains(c));
    let is_word = word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._+-".contains(c));
    let has_ending = word.rsplit_once('.').is_some_and(|(start, ending)| {
        !start.is_empty() && ending.len() > 1 && ending.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    let is_part = about.is_some_and(|about| about.local_part() == word || about.domain() == word);
    is_word && has_ending && !is_part
}

/// The name in the cells or words around an address.
fn name_beside(record: &str, at: usize) -> Option<String> {
    let Some(delimiter) = Delimiter::of(record) else {
        return sure_name(record.get(..at)?).or_else(|| sure_name(behind(record, at)));
    };
    let cells = spans(record, delimiter);
    let place = cells.iter().position(|cell| cell.contains(&at))?;
    let text = |cell: &std::ops::Range<usize>| record.get(cell.clone()).filter(|text| !has_at_sign(text));
    let in_cell = cells.get(place).and_then(|cell| record.get(cell.start..at)).and_then(sure_name);
    let before: Vec<String> = cells.iter().take(place).filter_map(text).filter_map(likely_name).collect();
    let after = || -> Vec<String> { cells.iter().skip(place + 1).filter_map(text).filter_map(likely_name).collect() };
    in_cell.or_else(|| joined(before.iter().rev().take(2).rev())).or_else(|| {
        let is_address_first = place == 0 && cells.len() <= 3;
        if is_address_first { joined(after().iter().take(2)) } else { None }
    })
}

/// A first and a last name; one cell of several words is the whole name by itself.
fn joined<'c>(cells: impl DoubleEndedIterator<Item = &'c String> + Clone) -> Option<String> {
    let whole = cells.clone().rev().find(|cell| cell.contains(' ')).cloned();
    let parts: Vec<&str> = cells.map(String::as_str).collect();
    whole.or_else(|| Some(parts.join(" ")).filter(|name| !name.is_empty()))
}

fn behind(record: &str, at: usize) -> &str {
    let rest = record.get(at..).unwrap_or_default();
    rest.split_once(is_blank).map_or("", |(_, behind)| behind)
}

/// Several people: `Ana, ana@example.com, Bob, bob@example.com` is read as pairs, anything else as it stands. In a row of a
/// table the other cells are nobody.
fn several(record: &str, found: Vec<Piece>) -> Vec<PastedAddress> {
    let is_table = Delimiter::of(record) == Some(Delimiter::Tab);
    let words = |piece: &Piece| sure_name(record.get(piece.span.clone()).unwrap_or_default());
    let is_paired = found.len().is_multiple_of(2)
        && found.chunks(2).all(|pair| match pair {
            [name, address] => {
                !name.is_address() && address.is_address() && address.name.is_none() && words(name).is_some()
            }
            _ => false,
        });
    let mut name = None;
    let mut read = Vec::new();
    for mut piece in found {
        if is_paired && !piece.is_address() {
            name = words(&piece);
            continue;
        }
        piece.name = piece.name.or_else(|| name.take());
        let is_lost = || lacks_at_sign(record.get(piece.span.clone()).unwrap_or_default(), None);
        if piece.is_address() || !is_table || is_lost() {
            read.push(piece.shown_in(record));
        }
    }
    read
}

/// The record without the `To:` of an email, the `Email:` of a form, or the `>` of a quotation.
fn without_label(record: &str) -> &str {
    match label(record) {
        Some((label, rest)) if header_words::is_label(label) => rest,
        _ => unquoted(record),
    }
}

/// Whether a record is the subject of an email: `Subject: Lunch with eve@example.com` is addressed to nobody.
fn is_subject(record: &str) -> bool {
    label(record).is_some_and(|(label, _)| header_words::is_subject(label))
}

/// What stands before the colon of a line, and behind it.
fn label(record: &str) -> Option<(&str, &str)> {
    unquoted(record).split_once([':', '：']).filter(|(label, _)| label.len() <= 60 && !label.contains('"'))
}

/// A record without the marks of a quotation in front of it.
fn unquoted(record: &str) -> &str {
    record.trim_start_matches(|c| is_blank(c) || c == '>')
}
