//! Tables with a header: which column has the address, and which ones the name.

use crate::email_address::{EmailAddress, EmailAddressError};

use super::PastedAddress;
use super::decoration::{cell, has_at_sign, is_blank, name_in, shown, undecorated};
use super::enclosed;
use super::header_words::{self, Column};
use super::reader::{Piece, pieces};
use super::records::{Delimiter, records, spans};
use super::row;

/// A longer record is no header.
const LONGEST_HEADER: usize = 4_000;

/// So many records below a first one without an address show whether it is the header of their table.
const LOOKED_AT: usize = 3;

/// Where a table has what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    delimiter: Delimiter,
    address: usize,
    first_name: Option<usize>,
    last_name: Option<usize>,
    whole_name: Option<usize>,
    name: Option<usize>,
    /// How many cells a row has.
    width: usize,
    /// Columns with the addresses of other people, who are not invited.
    of_others: Vec<usize>,
}

/// Whether a record is a header; with the columns, where one of several has the addresses.
pub(super) fn header(record: &str, is_first: bool) -> Option<Option<Columns>> {
    if record.len() > LONGEST_HEADER || has_at_sign(record) {
        return None;
    }
    let Some(delimiter) = Delimiter::of(record) else {
        return header_words::is_address(&cell(record)).then_some(None);
    };
    let cells = texts(record, delimiter);
    let kinds: Vec<Option<Column>> = cells.iter().map(|cell| header_words::column(cell)).collect();
    let place = |wanted: Column| kinds.iter().position(|kind| *kind == Some(wanted));
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    let known = kinds.iter().filter(|kind| kind.is_some()).count();
    let is_mostly_known = known * 2 >= filled;
    let names = [Column::FirstName, Column::LastName, Column::WholeName, Column::Name];
    let has_name = names.into_iter().any(|kind| place(kind).is_some());
    match place(Column::Address) {
        Some(address) if is_first || is_mostly_known => Some(Some(Columns {
            delimiter,
            address,
            first_name: place(Column::FirstName),
            last_name: place(Column::LastName),
            whole_name: place(Column::WholeName),
            name: place(Column::Name),
            width: cells.len(),
            of_others: (0..)
                .zip(&cells)
                .filter(|(_, cell)| header_words::is_address_of_another(cell))
                .map(|(at, _)| at)
                .collect(),
        })),
        None if is_first && has_name && is_mostly_known => Some(None),
        Some(_) | None => None,
    }
}

/// Whether the first record is a header in words that nobody here knows: where those below have their address, it has
/// something that is no address without its at-sign either.
pub(super) fn begins_with_unknown_header(text: &str) -> bool {
    let mut first = records(text);
    let Some(head) = first.next().filter(|head| head.len() <= LONGEST_HEADER && !has_at_sign(head)) else {
        return false;
    };
    let Some(delimiter) = Delimiter::of(head) else { return false };
    let head = texts(head, delimiter);
    let below: Vec<Vec<String>> = first.take(LOOKED_AT).map(|record| texts(record, delimiter)).collect();
    let place_in = |cells: &Vec<String>| cells.iter().position(|cell| has_at_sign(cell));
    let Some(place) = below.first().and_then(place_in) else { return false };
    let is_word = |cell: &String| {
        !cell.is_empty() && cell.chars().all(|c| c.is_alphabetic() || is_blank(c) || matches!(c, '-' | '_' | '(' | ')'))
    };
    below.len() > 1
        && below.iter().all(|cells| cells.len() == head.len() && place_in(cells) == Some(place))
        && head.get(place).is_some_and(is_word)
        && !head.iter().any(|cell| cell.contains(char::is_numeric))
}

fn texts(record: &str, delimiter: Delimiter) -> Vec<String> {
    spans(record, delimiter).into_iter().map(|span| cell(record.get(span).unwrap_or_default())).collect()
}

impl Columns {
    /// The people of a row; `None` where the record is no row of this table, so that it is read by itself.
    pub(super) fn read(&self, record: &str) -> Option<Vec<PastedAddress>> {
        let cells = texts(record, self.delimiter);
        if cells.len() == 1 || !self.fits(&cells) {
            return None;
        }
        let address = cells.get(self.address).map_or("", String::as_str);
        if !has_at_sign(address) {
            return Some(Self::nobody(record, address));
        }
        let name = self.name(&cells);
        if enclosed::is_mistyped_cell(address, name.is_some()) {
            return Some(vec![PastedAddress {
                text: shown(record),
                name: None,
                address: Err(enclosed::error(address)),
            }]);
        }
        let found: Vec<Piece> = pieces(address).into_iter().filter(Piece::is_address).collect();
        match <[Piece; 1]>::try_from(found) {
            Ok([person]) => {
                let name = person.name.or(name);
                Some(vec![PastedAddress { text: shown(record), name, address: person.address }])
            }
            Err(several) => Some(several.into_iter().map(|piece| piece.shown_in(address)).collect()),
        }
    }

    /// Whether a record has the shape of the table: nothing beyond its columns, and nobody's address where none belongs.
    fn fits(&self, cells: &[String]) -> bool {
        let may_have = |at: usize| at == self.address || self.of_others.contains(&at);
        cells.iter().enumerate().all(
            |(at, cell)| {
                if at < self.width { may_have(at) || !has_at_sign(cell) } else { cell.is_empty() }
            },
        )
    }

    fn nobody(record: &str, address: &str) -> Vec<PastedAddress> {
        let error = match EmailAddress::parse(undecorated(address)) {
            Err(error) => error,
            Ok(_) => EmailAddressError::MissingAt,
        };
        row::nobody(record).into_iter().map(|nobody| PastedAddress { address: Err(error), ..nobody }).collect()
    }

    /// `Vorname` + `Nachname`, `Vorname` + `Name`, `Nombre` + `Apellidos`, or a whole name.
    fn name(&self, cells: &[String]) -> Option<String> {
        let at = |place: Option<usize>| place.and_then(|place| cells.get(place)).and_then(|cell| name_in(cell));
        let (first, last, name) = (at(self.first_name), at(self.last_name), at(self.name));
        let halves = match (self.first_name, self.last_name) {
            (Some(_), Some(_)) => [first, last],
            (Some(_), None) => [first, name],
            (None, Some(_)) => [name, last],
            (None, None) => [name, None],
        };
        let joined = halves.into_iter().flatten().collect::<Vec<_>>().join(" ");
        at(self.whole_name).or_else(|| name_in(&joined))
    }
}
