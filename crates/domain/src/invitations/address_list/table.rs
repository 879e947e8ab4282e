//! How the rows of a table are read: who is it, from which column.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::core::email_address::EmailAddressError;

use super::columns::Place;
use super::decoration::{cell, has_at_sign, is_blank, may_be_address, name_in, shown, sure_name, undecorated};
use super::header_words::{Column, folded, words_of};
use super::pasted::{AddressColumn, PastedAddress};
use super::piece::Piece;
use super::reader::pieces;
use super::records::{Delimiter, Shape, spans};
use super::word_lists::FAMILY_NAME_FIRST;
use super::{enclosed, row};

/// The first columns of the table that users are exported to.
const OWN_EXPORT: [&str; 4] = ["id", "email", "name", "role"];

/// What a column of family names is called in a language that writes them first.
static FAMILY_NAMES_FIRST: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(FAMILY_NAME_FIRST).collect());

/// How the rows of a table are read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    delimiter: Delimiter,
    place: Place,
    /// What each column is; as many as a row has cells.
    kinds: Vec<Option<Column>>,
    /// Columns that may have an at-sign without being the people's own address: no one has to be told of those.
    others: Vec<usize>,
    /// Whether another column than the people's own may have addresses.
    has_rivals: bool,
    has_header: bool,
    /// The table that users are exported to: whatever is in its other columns is no address.
    is_own_export: bool,
    /// Whether the names of its language begin with that of the family.
    is_family_first: bool,
}

/// The texts of the cells of a record.
pub(super) fn cells(record: &str, delimiter: Delimiter) -> Vec<String> {
    spans(record, delimiter).into_iter().map(|span| cell(record.get(span).unwrap_or_default())).collect()
}

impl Table {
    pub(super) fn new(
        delimiter: Delimiter,
        place: Place,
        kinds: Vec<Option<Column>>,
        holding: &[bool],
        offered: &[AddressColumn],
    ) -> Self {
        let is_of_others =
            |kind: &Option<Column>| kind.is_some_and(|kind| kind.standing().is_some() || kind == Column::Secret);
        let named = (0..).zip(&kinds).filter(|(_, kind)| is_of_others(kind)).map(|(at, _)| at);
        let others: Vec<usize> = named.chain(offered.iter().map(|offer| offer.column)).collect();
        let holding = (0..).zip(holding).filter(|(_, holds)| **holds).map(|(at, _)| at);
        let is_secret = |at: usize| kinds.get(at) == Some(&Some(Column::Secret));
        let has_rivals = others.iter().copied().chain(holding).any(|at| place != Place::At(at) && !is_secret(at));
        Self {
            delimiter,
            place,
            kinds,
            others,
            has_rivals,
            has_header: false,
            is_own_export: false,
            is_family_first: false,
        }
    }

    pub(super) fn with_header(self, header: &[String]) -> Self {
        let is_own_export = header.iter().take(OWN_EXPORT.len()).eq(OWN_EXPORT);
        let is_family_first = header.iter().any(|cell| FAMILY_NAMES_FIRST.contains(&folded(cell)));
        Self { has_header: true, is_own_export, is_family_first, ..self }
    }

    /// `None` for a table of one column: its rows are lines.
    pub(super) fn shape(&self) -> Option<Shape> {
        (self.kinds.len() > 1).then_some((self.delimiter, self.kinds.len()))
    }

    /// The same below a title: where no header says that it goes on, it may be another one, and what was chosen was not for that.
    pub(super) fn below_title(self) -> Self {
        let is_chosen = !self.has_header && self.has_rivals && matches!(self.place, Place::At(_));
        Self { place: if is_chosen { Place::Unclear(self.others.clone()) } else { self.place }, ..self }
    }

    pub(super) fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    /// Whether a record may be a row of this table.
    pub(super) fn may_have(&self, record: &str) -> bool {
        self.kinds.len() > 1 && spans(record, self.delimiter).len() > 1
    }

    /// The people of a row; `None` where the record is no row of this table, so that it is read by itself.
    pub(super) fn read(&self, record: &str) -> Option<Vec<PastedAddress>> {
        let cells = cells(record, self.delimiter);
        if cells.len() == 1 && (self.kinds.len() > 1 || !has_at_sign(record)) {
            return None;
        }
        let unclear = || Some(vec![refused(record, EmailAddressError::UnclearColumn)]);
        let filled = cells.iter().filter(|cell| has_at_sign(cell)).count();
        if filled == 0 {
            let own = if let Place::At(column) = self.place { cells.get(column) } else { None };
            return Some(nobody(record, own));
        }
        let is_too_long = cells.iter().skip(self.kinds.len()).any(|cell| !cell.is_empty());
        if is_too_long || cells.len() < self.kinds.len() {
            // Its cells are not where they belong: where others have addresses, too, no one knows whose these are.
            if self.has_rivals || (filled > 1 && !is_list(&cells)) {
                return unclear();
            } else if is_too_long || filled > 1 {
                return None;
            }
        }
        match &self.place {
            Place::At(column) => self.read_at(*column, record, &cells, filled),
            Place::Unclear(_) => unclear(),
            Place::Nowhere => Some(vec![refused(record, EmailAddressError::OfAnother)]),
            Place::Unknown => None,
        }
    }

    /// One person, and whatever other addresses are in columns that should have none: no one is left out silently.
    fn read_at(&self, column: usize, record: &str, cells: &[String], filled: usize) -> Option<Vec<PastedAddress>> {
        if is_list(cells) && self.strays(column, cells).next().is_some() && self.leaves_out(column, cells) {
            // That someone typed below the table, and in which a comma is no border of a column.
            return Some(vec![refused(record, EmailAddressError::UnclearColumn)]);
        }
        let own = cells.get(column);
        let address = own.map_or("", String::as_str);
        if !has_at_sign(address) {
            // Name and address may stand in each other's place; an address of anyone else is not the person's.
            let is_swapped = |(at, cell): (usize, &String)| has_at_sign(cell) && self.is_name(at);
            let is_short = column >= cells.len() && !self.has_rivals;
            let may_be_swapped = filled == 1 && (!address.is_empty() || is_short) && (0..).zip(cells).any(is_swapped);
            return if may_be_swapped { None } else { Some(nobody(record, own)) };
        }
        let mut people = self.read_person(column, record, address, cells);
        if people.iter().all(|person| person.address.is_ok()) {
            let is_another = |cell: &&String| undecorated(cell) != undecorated(address);
            let strays = self.strays(column, cells).filter(is_another);
            people.extend(strays.map(|stray| refused(stray, EmailAddressError::OfAnother)));
        }
        Some(people)
    }

    /// Whether an address stands in a column of which no one is told.
    fn leaves_out(&self, column: usize, cells: &[String]) -> bool {
        (0..).zip(cells).any(|(at, cell)| at != column && self.others.contains(&at) && has_at_sign(cell))
    }

    /// The addresses in columns that have none.
    fn strays<'c>(&self, column: usize, cells: &'c [String]) -> impl Iterator<Item = &'c String> {
        let is_stray = move |(at, cell): &(usize, &String)| {
            let is_address = has_at_sign(cell) && (!self.is_name(*at) || may_be_address(cell));
            is_address && !self.is_own_export && *at != column && !self.others.contains(at)
        };
        (0..).zip(cells).filter(is_stray).map(|(_, cell)| cell)
    }

    fn read_person(&self, column: usize, record: &str, address: &str, cells: &[String]) -> Vec<PastedAddress> {
        let address = first_of_several(address);
        let name = self.name(column, cells);
        if enclosed::is_mistyped_cell(address, name.is_some()) {
            return vec![refused(record, enclosed::error(address))];
        }
        let found: Vec<Piece> = pieces(address).into_iter().filter(Piece::is_address).collect();
        match <[Piece; 1]>::try_from(found) {
            Ok([person]) => {
                let name = person.name.or(name).or_else(|| self.name_beside(column, cells));
                vec![PastedAddress { text: shown(record), name, address: person.address }]
            }
            Err(several) => several.into_iter().map(|piece| piece.shown_in(address)).collect(),
        }
    }

    fn is_name(&self, at: usize) -> bool {
        self.kinds.get(at).copied().flatten().is_some_and(Column::is_name)
    }

    /// `Vorname` + `Nachname`, `Vorname` + `Name`, `Nombre` + `Apellidos`, or a whole name.
    fn name(&self, own: usize, cells: &[String]) -> Option<String> {
        let has = |wanted: Column| self.kinds.contains(&Some(wanted));
        let is_name = |cell: &&String| self.is_own_export || !may_be_address(cell);
        let text = |wanted: Column| {
            let places = (0..).zip(&self.kinds).filter(|(at, kind)| *at != own && **kind == Some(wanted));
            places.filter_map(|(at, _)| cells.get(at)).filter(is_name).find_map(|cell| name_in(cell))
        };
        let (first, last, name) = (text(Column::FirstName), text(Column::LastName), text(Column::Name));
        let mut halves = match (has(Column::FirstName), has(Column::LastName)) {
            (true, true) => [first, last],
            (true, false) => [first, name],
            (false, true) => [name, last],
            (false, false) => [name, None],
        };
        if self.is_family_first {
            halves.reverse();
        }
        let joined = halves.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let whole = text(Column::WholeName).map(|whole| match self.family_name(cells) {
            // `성` and `이름`, a name that is the other half beside that of the family.
            Some(family) if !has(Column::FirstName) && !whole.starts_with(&family) => format!("{family} {whole}"),
            Some(_) | None => whole,
        });
        whole.or_else(|| name_in(&joined))
    }

    /// The name of the family, where the language of the table writes it first.
    fn family_name(&self, cells: &[String]) -> Option<String> {
        let place =
            self.kinds.iter().position(|kind| *kind == Some(Column::LastName)).filter(|_| self.is_family_first)?;
        cells.get(place).and_then(|cell| name_in(cell))
    }

    /// The name in columns that no one here knows, where none is known for names.
    fn name_beside<'c>(&self, own: usize, cells: &'c [String]) -> Option<String> {
        if (0..self.kinds.len()).any(|at| at != own && self.is_name(at)) {
            return None;
        }
        let is_unknown = |at: usize| self.kinds.get(at).is_none_or(Option::is_none) && !self.others.contains(&at);
        let text = |(at, cell): (usize, &'c String)| {
            let is_name = at != own && is_unknown(at) && sure_name(cell).is_some();
            if is_name { cell.as_str() } else { "" }
        };
        let texts: Vec<&str> = (0..).zip(cells).map(text).collect();
        row::name_in_cells(&texts, own, true).map(|(name, _)| name)
    }
}

/// Whether nothing but addresses stands in the cells of a record.
pub(super) fn is_list(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.is_empty() || has_at_sign(cell))
}

/// What is the person's own in a cell with several of their addresses: contacts of Google separate them by colons, Exchange
/// writes `SMTP:` before the first one and `smtp:` before the others.
fn first_of_several(cell: &str) -> &str {
    let cell = cell.split(" ::: ").next().unwrap_or(cell);
    let Some((_, rest)) = cell.split_once("SMTP:").or_else(|| cell.split_once("smtp:")) else { return cell };
    let end = rest.find(|c: char| is_blank(c) || ",;{}".contains(c)).unwrap_or(rest.len());
    let first = rest.get(..end).unwrap_or(rest);
    first.split_once("+smtp:").map_or(first, |(first, _)| first)
}

fn refused(record: &str, error: EmailAddressError) -> PastedAddress {
    PastedAddress { text: shown(record), name: None, address: Err(error) }
}

/// A row without an address of its own.
fn nobody(record: &str, own: Option<&String>) -> Vec<PastedAddress> {
    let is_empty = own.is_none_or(|cell| cell.is_empty());
    let error = if is_empty { EmailAddressError::Empty } else { EmailAddressError::MissingAt };
    row::nobody(record).into_iter().map(|nobody| PastedAddress { address: Err(error), ..nobody }).collect()
}
