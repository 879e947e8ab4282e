//! What a record is: one person, several, or no one. Nothing that was typed is lost without a word: beside an address stand its
//! name, what a table says of its person, and numbers; everything else is a piece of its own, and refused.

use std::iter;

use crate::core::email_address::{EmailAddress, EmailAddressError};

use super::decoration::{
    LONGEST_LABEL, has_at_sign, is_at_sign, is_blank, is_clause, likely_name, may_be_mistyped, shown, sure_name,
    undecorated,
};
use super::header_words;
use super::labels;
use super::mail_lines;
use super::pasted::{PastedAddress, Span};
use super::piece::Piece;
use super::reader::pieces;
use super::records::{Delimiter, spans};

/// What the records beside one say of it.
#[derive(Default, Clone, Copy)]
pub(super) struct Around {
    /// They have the same shape, or stand in a table.
    pub is_row: bool,
    /// They are rows of the same shape, and have a name beside an address.
    pub has_names: bool,
}

/// The people of a record that stands by itself, among those `around` it.
pub(super) fn read(record: &str, around: impl Fn() -> Around) -> Vec<PastedAddress> {
    if mail_lines::is_attribution(record) {
        return unaddressed(record).into_iter().collect();
    }
    let parts = mail_lines::parts(mail_lines::unquoted(record));
    if !has_at_sign(record) {
        return nobody(record).into_iter().collect();
    }
    let read = |part: mail_lines::Part<'_>| {
        if part.is_addressed { read_part(part.text, &around) } else { unaddressed(part.text).into_iter().collect() }
    };
    parts.into_iter().flat_map(read).collect()
}

fn read_part(text: &str, around: &impl Fn() -> Around) -> Vec<PastedAddress> {
    let found = pieces(text);
    match found.iter().filter(|piece| piece.is_address()).count() {
        0 => nobody(text).into_iter().collect(),
        _ if is_sentence(text, &found) || is_struck_or_replaced(text) => unaddressed(text).into_iter().collect(),
        1 => one(text, found, around),
        _ => several(text, found),
    }
}

/// Whether unseparated words next to an address form a sentence instead of a name, as in `Ask boss@x.example before you invite someone`.
/// Also true if they contain `not` or `assistant of …`.
fn is_sentence(text: &str, found: &[Piece]) -> bool {
    let is_clause_beside = |piece: &Piece| match &piece.name {
        Some(name) => is_clause(name),
        None => !piece.is_address() && is_clause(words_of(text, piece)),
    };
    if found.iter().any(is_clause_beside) {
        return true;
    }
    let is_stray = |words: &str| {
        let is_word = |word: &&str| word.contains(char::is_alphabetic);
        sure_name(words).is_none() && !may_be_mistyped(words) && words.split(is_blank).filter(is_word).count() > 1
    };
    let mut words = found.iter().filter(|piece| !piece.is_address()).map(|piece| words_of(text, piece));
    Delimiter::of(text).is_none() && words.any(is_stray)
}

/// `~~ana@x.example~~` was struck out, and of `ana@old.example -> ana@new.example` one is not meant anymore.
fn is_struck_or_replaced(text: &str) -> bool {
    let between = text.find(is_at_sign).zip(text.rfind(is_at_sign)).and_then(|(first, last)| text.get(first..last));
    text.matches("~~").nth(1).is_some() || between.is_some_and(has_arrow)
}

/// A sign for an arrow, or one of hyphens and angles: `->`, `<= `, `~>`, `>>>`. In `<-ana@x.example>` an address begins.
fn has_arrow(text: &str) -> bool {
    let is_shaft = |c: char| matches!(c, '-' | '=' | '~' | '–' | '—');
    let is_right = |(first, second): (char, char)| second == '>' && (first == '>' || is_shaft(first));
    let is_left = |behind: &str| {
        let end = behind.trim_start_matches(is_shaft);
        end.len() < behind.len() && (end.is_empty() || end.starts_with(|c| is_blank(c) || c == '>'))
    };
    text.contains(is_arrow)
        || iter::zip(text.chars(), text.chars().skip(1)).any(is_right)
        || text.split('<').skip(1).any(is_left)
}

/// The blocks of arrows.
fn is_arrow(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2794}'..='\u{27BE}' | '\u{27F0}'..='\u{27FF}' | '\u{2900}'..='\u{297F}'
        | '\u{2B00}'..='\u{2B11}' | '\u{2B30}'..='\u{2B4F}' | '\u{2B5A}'..='\u{2BB9}' | '\u{FFE9}'..='\u{FFEC}'
        | '\u{1F800}'..='\u{1F8FF}')
}

fn words_of<'t>(text: &'t str, piece: &Piece) -> &'t str {
    text.get(piece.span.clone()).unwrap_or_default()
}

/// A record that addresses no one, whoever is in it.
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

/// One person, and what stands beside them without belonging to them.
fn one(record: &str, found: Vec<Piece>, around: &impl Fn() -> Around) -> Vec<PastedAddress> {
    if let Some(mistyped) = found.iter().position(|piece| piece.is_mistyped) {
        let all = found.into_iter().nth(mistyped).map(|piece| Piece { span: 0..record.len(), ..piece });
        return all.into_iter().map(|piece| piece.shown_in(record)).collect();
    }
    let beside = Beside::of(record, &found, around);
    if beside.doubt == Some(Doubt::OfAnother) {
        return unaddressed(record).into_iter().collect();
    }
    let mut read = Vec::new();
    for mut piece in found {
        if piece.is_address() {
            if let Some((name, _)) = beside.name.as_ref().filter(|_| piece.name.is_none()) {
                piece.name = Some(name.clone());
                piece.span = 0..record.len();
            }
        } else if beside.belongs(&piece, words_of(record, &piece)) {
            continue;
        }
        read.push(piece.shown_in(record));
    }
    read
}

/// What stands beside the one address of a record.
struct Beside {
    about: Option<EmailAddress>,
    /// The name, and the cells or words that it was taken from.
    name: Option<(String, Vec<Span>)>,
    /// Whether all else is about the person, since it is a row of a table.
    is_row: bool,
    has_delimiter: bool,
    are_people: bool,
    doubt: Option<Doubt>,
}

impl Beside {
    fn of(record: &str, found: &[Piece], around: &impl Fn() -> Around) -> Self {
        let delimiter = Delimiter::of(record);
        let are_people = are_separate_people(record, found);
        let person = found.iter().find(|piece| piece.is_address());
        let about = person.and_then(|piece| piece.address.as_ref().ok()).cloned();
        let has_others = found.len() > 1 || person.is_some_and(|person| person.name.is_none());
        let has_cells = has_others && !are_people && delimiter.is_some();
        let Around { is_row, has_names } = if has_cells { around() } else { Around::default() };
        let is_row = has_cells && (delimiter == Some(Delimiter::Tab) || is_row);
        let doubt = TwoCells::of(record).filter(|_| has_cells);
        let doubt = doubt.and_then(|cells| cells.doubt(person.is_some_and(|person| person.name.is_some()), has_names));
        let at = person.filter(|person| person.name.is_none() && !are_people && doubt.is_none());
        let name = at.and_then(|person| name_beside(record, person.at?, about.as_ref(), is_row));
        Self { about, name, is_row, has_delimiter: delimiter.is_some(), are_people, doubt }
    }

    /// Whether words need no verdict of their own.
    fn belongs(&self, piece: &Piece, words: &str) -> bool {
        let is_in_name = self.name.as_ref().is_some_and(|(_, of)| of.iter().any(|span| covers(span, &piece.span)));
        let is_number = self.has_delimiter && !self.are_people && !words.contains(char::is_alphabetic);
        let is_of_person = self.is_row && !may_be_mistyped(words);
        is_in_name || is_number || is_of_person || (self.has_delimiter && self.is_login(words))
    }

    /// `ana.lopez` and `example.com` beside `ana.lopez@example.com`, and `ana.lopez` beside `Ana Lopez`.
    fn is_login(&self, words: &str) -> bool {
        let word = words.trim_matches(|c: char| is_blank(c) || "\"'()<>".contains(c)).to_lowercase();
        let name = self.name.as_ref().map_or(String::new(), |(name, _)| name.to_lowercase());
        self.about.as_ref().is_some_and(|about| about.local_part() == word || about.domain() == word)
            || word.split('.').all(|part| name.split(' ').any(|name| name == part))
    }
}

/// What words beside an address may be, if they are not certainly a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// `Manager⇥boss@x.example`, `Removed⇥eve@x.example`: of whom the address is, or why it stands there.
    OfAnother,
    /// `ana@x.example,yes`
    NoName,
}

/// A row of an address and one other cell.
struct TwoCells<'t> {
    words: &'t str,
    local_part: &'t str,
    /// Words stand before the address in its own cell.
    has_others: bool,
    are_words_first: bool,
}

/// Whether a record is a row of a name and an address, whatever the records beside it are.
pub(super) fn is_of_name(record: &str) -> bool {
    TwoCells::of(record).is_some_and(|cells| !may_be_mistyped(cells.words) && cells.are_of_name())
}

/// With what a row of a word and an address begins both, as `Ana⇥alopez@x.example` does.
pub(super) fn initial(record: &str) -> Option<char> {
    let cells = TwoCells::of(record)?;
    let first = sure_name(cells.words)?.to_lowercase().chars().next()?;
    cells.local_part.to_lowercase().starts_with(first).then_some(first)
}

impl<'t> TwoCells<'t> {
    fn of(record: &'t str) -> Option<Self> {
        let cells = spans(record, Delimiter::of(record)?).into_iter().filter_map(|cell| record.get(cell));
        let filled: Vec<&str> = cells.filter(|cell| !cell.trim_matches(is_blank).is_empty()).take(3).collect();
        let [first, second] = *filled.as_slice() else { return None };
        let are_words_first = !has_at_sign(first);
        let (words, address) = if are_words_first { (first, second) } else { (second, first) };
        let before = address.split(is_at_sign).next().filter(|_| has_at_sign(address) && !has_at_sign(words))?;
        let local_part = before.rsplit(|c| is_blank(c) || matches!(c, '<' | '"')).next()?;
        let has_others = before.strip_suffix(local_part)?.contains(char::is_alphabetic);
        Some(Self { words, local_part, has_others, are_words_first })
    }

    /// Several words, one that is in the address, or one in a script that no address is in.
    fn are_of_name(&self) -> bool {
        let is_latin = self.words.contains(|c: char| c.is_ascii_alphabetic());
        likely_name(self.words).is_some_and(|name| {
            let is_sure = (name.contains(' ') || !is_latin) && sure_name(self.words).is_some();
            is_sure || mail_lines::name_in_address(&name, self.local_part)
        })
    }

    fn doubt(&self, is_named: bool, has_names: bool) -> Option<Doubt> {
        let words = self.words;
        let is_label = words.len() <= LONGEST_LABEL && labels::is_label(words);
        if !words.contains(char::is_alphabetic) || is_label {
            return None;
        } else if self.are_words_first && header_words::is_of_addresses(words) {
            return Some(Doubt::OfAnother);
        }
        // A number of an employee is no name, and what may be a mistyped address is a piece of its own.
        let is_something_else =
            is_named || self.has_others || words.contains(char::is_numeric) || may_be_mistyped(words);
        if is_something_else || has_names || self.are_of_name() {
            return None;
        }
        Some(if self.are_words_first { Doubt::OfAnother } else { Doubt::NoName })
    }
}

fn covers(outer: &Span, inner: &Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
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

/// The name in the cells or words around an address, and where it stands. Where no table says so, what stands behind the address
/// in an entry of its own is its name only if it is the name in it: `ana@x.example; Bob Smith` are two people.
fn name_beside(record: &str, at: usize, about: Option<&EmailAddress>, is_row: bool) -> Option<(String, Vec<Span>)> {
    let Some(delimiter) = Delimiter::of(record) else {
        let before = || sure_name(record.get(..at)?).map(|name| (name, iter::once(0..at).collect()));
        let behind = || sure_name(behind(record, at)).map(|name| (name, iter::once(at..record.len()).collect()));
        return before().or_else(behind);
    };
    let cells = spans(record, delimiter);
    let place = cells.iter().position(|cell| cell.contains(&at))?;
    let own = cells.get(place)?;
    if let Some(name) = record.get(own.start..at).and_then(sure_name) {
        return Some((name, vec![own.clone()]));
    }
    let texts: Vec<&str> = cells.iter().map(|cell| record.get(cell.clone()).unwrap_or_default()).collect();
    let (name, of) = name_in_cells(&texts, place, place == 0 && texts.len() <= 3)?;
    let is_before = of.iter().all(|at| *at < place);
    let is_own = is_before || is_row || mail_lines::name_in_address(&name, about?.local_part());
    is_own.then(|| (name, of.into_iter().filter_map(|at| cells.get(at).cloned()).collect()))
}

/// The name in the cells before an address, or in those behind it, and which cells these are. Of several that may be a name
/// (`Ana Lopez, Head of Sales, ana@x.example`) it is the one in the address, if one is.
pub(super) fn name_in_cells(cells: &[&str], place: usize, may_be_behind: bool) -> Option<(String, Vec<usize>)> {
    let name = |at: usize| {
        let text = cells.get(at).filter(|text| !has_at_sign(text))?;
        likely_name(text).map(|name| (at, name))
    };
    let mut before: Vec<(usize, String)> = (0..place).rev().filter_map(name).collect();
    let local_part = cells.get(place).and_then(|cell| cell.split(is_at_sign).next()).unwrap_or_default();
    let is_surely = |(_, name): &&(usize, String)| name.contains(' ') && mail_lines::name_in_address(name, local_part);
    if let Some((at, whole)) = before.iter().find(is_surely) {
        return Some((whole.clone(), vec![*at]));
    }
    before.truncate(2);
    before.reverse();
    let after = || (place + 1..cells.len()).filter_map(name).take(2).collect::<Vec<_>>();
    joined(before).or_else(|| if may_be_behind { joined(after()) } else { None })
}

/// A first and a last name; one cell of several words is the whole name by itself.
fn joined(cells: Vec<(usize, String)>) -> Option<(String, Vec<usize>)> {
    if let Some((at, whole)) = cells.iter().rev().find(|(_, cell)| cell.contains(' ')) {
        return Some((whole.clone(), vec![*at]));
    }
    let (places, parts): (Vec<usize>, Vec<String>) = cells.into_iter().unzip();
    Some((parts.join(" "), places)).filter(|(name, _)| !name.is_empty())
}

fn behind(record: &str, at: usize) -> &str {
    let rest = record.get(at..).unwrap_or_default();
    rest.split_once(is_blank).map_or("", |(_, behind)| behind)
}

/// Several people: `Ana, ana@example.com, Bob, bob@example.com` is read as pairs, anything else as it stands.
fn several(record: &str, found: Vec<Piece>) -> Vec<PastedAddress> {
    let words = |piece: &Piece| sure_name(words_of(record, piece));
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
        read.push(piece.shown_in(record));
    }
    read
}
