//! What a record is: one person, several, or nobody.

use crate::core::email_address::{EmailAddress, EmailAddressError};

use super::decoration::{has_at_sign, is_blank, likely_name, shown, sure_name, undecorated};
use super::reader::{Piece, pieces};
use super::records::{Delimiter, spans};
use super::{PastedAddress, mail_lines};

/// The people of a record that stands by itself.
pub(super) fn read(record: &str) -> Vec<PastedAddress> {
    if mail_lines::is_unaddressed(record) {
        return unaddressed(record).into_iter().collect();
    }
    let (record, subject) = mail_lines::before_subject(record);
    let record = mail_lines::author(record).unwrap_or_else(|| mail_lines::without_label(record));
    let found = pieces(record);
    let mut people = match found.iter().filter(|piece| piece.is_address()).count() {
        0 => nobody(record).into_iter().collect(),
        1 => one(record, found),
        _ => several(record, found),
    };
    people.extend(unaddressed(subject));
    people
}

/// A record that addresses nobody, whoever is in it.
pub(super) fn unaddressed(record: &str) -> Option<PastedAddress> {
    let error = if has_at_sign(record) { EmailAddressError::OfAnother } else { EmailAddressError::MissingAt };
    nobody(record).map(|nobody| PastedAddress { address: Err(error), ..nobody })
}

/// A record without an address, as the one refusal that it is.
pub(super) fn nobody(record: &str) -> Option<PastedAddress> {
    let text = record.trim_matches(|c: char| is_blank(c) || c == ';' || c == ',');
    let inner = undecorated(text).trim_matches('"');
    text.contains(char::is_alphanumeric).then(|| PastedAddress {
        text: shown(text),
        name: None,
        // Not what else is wrong with it: nothing in it is an address.
        address: if has_at_sign(inner) { EmailAddress::parse(inner) } else { Err(EmailAddressError::MissingAt) },
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
    let in_cell = cells.get(place).and_then(|cell| record.get(cell.start..at)).and_then(sure_name);
    let texts: Vec<&str> = cells.into_iter().map(|cell| record.get(cell).unwrap_or_default()).collect();
    in_cell.or_else(|| name_in_cells(&texts, place, place == 0 && texts.len() <= 3))
}

/// The name in the cells before an address, or in those behind it.
pub(super) fn name_in_cells(cells: &[&str], place: usize, may_be_behind: bool) -> Option<String> {
    let name = |text: &&str| if has_at_sign(text) { None } else { likely_name(text) };
    let before: Vec<String> = cells.iter().take(place).filter_map(name).collect();
    let after = || -> Vec<String> { cells.iter().skip(place + 1).filter_map(name).collect() };
    let behind = || if may_be_behind { joined(after().iter().take(2)) } else { None };
    joined(before.iter().rev().take(2).rev()).or_else(behind)
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
