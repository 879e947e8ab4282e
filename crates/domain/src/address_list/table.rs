//! Tables: where one begins, and how its rows are read.

use std::iter;

use crate::email_address::{EmailAddress, EmailAddressError};

use super::columns::{Columns, Place, best_named, offered};
use super::decoration::{cell, count_at_signs, has_at_sign, is_blank, name_in, shown, undecorated};
use super::enclosed;
use super::header_words::{self, Column, Standing};
use super::reader::{Piece, pieces};
use super::records::{Delimiter, spans};
use super::row;
use super::{AddressColumn, PastedAddress};

/// A longer record is no header.
const LONGEST_HEADER: usize = 4_000;

/// So many records below a first one without an address show whether it is the header of their table.
const LOOKED_AT: usize = 3;

/// So many show which columns have addresses.
const SAMPLED: usize = 40;

/// A header of a table that somebody exported may have many words that are not known here; so many known ones are no chance.
const SURELY_KNOWN: usize = 3;

/// A table that begins at a record.
pub(super) struct Begun {
    /// How its rows are read; `None`: each by itself.
    pub table: Option<Table>,
    /// Whether the record is its header, and not its first row.
    pub is_header: bool,
    /// The columns among which somebody has to choose.
    pub columns: Vec<AddressColumn>,
}

/// How the rows of a table are read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    delimiter: Delimiter,
    place: Place,
    /// What each column is; as many as a row has cells.
    kinds: Vec<Option<Column>>,
    /// Columns that may have an at-sign without being the people's own address.
    others: Vec<usize>,
    /// Whether the header says which columns are names, or whatever stands beside the address is one.
    has_known_header: bool,
}

/// Lines in front of a table that are for programs: what Excel is told to separate by, the version of a template.
pub(super) fn is_preamble(record: &str) -> bool {
    let text = record.trim_matches(|c: char| is_blank(c) || matches!(c, '"' | ',' | ';'));
    let lower = text.get(..10.min(text.len())).map(str::to_lowercase).unwrap_or_default();
    (lower.starts_with("sep=") && text.chars().count() <= 5) || (lower.starts_with("version:v") && text.len() <= 20)
}

/// Whether a table begins at a record, which is followed by those `below`.
pub(super) fn begin<'t>(
    record: &str,
    below: impl Iterator<Item = &'t str> + Clone,
    is_first: bool,
    chosen: Option<usize>,
) -> Option<Begun> {
    if record.len() > LONGEST_HEADER {
        return None;
    }
    if has_at_sign(record) {
        return if is_first { without_header(record, below, chosen) } else { None };
    }
    let Some(delimiter) = Delimiter::of(record) else {
        let is_header = header_words::is_address(&cell(record));
        return is_header.then(|| Begun { table: None, is_header, columns: Vec::new() });
    };
    let header = texts(record, delimiter);
    let kinds: Vec<Option<Column>> = header.iter().map(|cell| header_words::column(cell)).collect();
    let has_known_header = is_known_header(&header, &kinds, is_first);
    let is_header = has_known_header || is_first && is_unknown_header(&header, below.clone(), delimiter);
    if !is_header {
        return None;
    }
    let is_settled = best_named(&kinds).len() == 1;
    // What a later header begins is looked at up to the next one: else many of them would be looked at again and again.
    let rows: Vec<Vec<String>> = below
        .take_while(|record| !is_settled && (is_first || has_at_sign(record)))
        .take(SAMPLED)
        .map(|record| texts(record, delimiter))
        .filter(|cells| cells.iter().skip(header.len()).all(String::is_empty))
        .collect();
    let place = Columns { kinds: &kinds, holding: &holding(header.len(), &rows) }.place();
    let (place, columns) = settle(place, chosen, Some(&header), &rows);
    let table = match place {
        Place::Unknown => None,
        Place::At(_) | Place::Unclear(_) | Place::Nowhere => {
            Some(Table::new(delimiter, place, kinds, &columns, has_known_header))
        }
    };
    Some(Begun { table, is_header, columns })
}

/// A table without a header in which more than one column has addresses: rows of the same shape, with something else in them.
/// Lists of addresses that were broken into lines are none, and neither are lists of names and addresses by turns.
fn without_header<'t>(record: &'_ str, below: impl Iterator<Item = &'t str>, chosen: Option<usize>) -> Option<Begun> {
    let delimiter = Delimiter::of(record)?;
    let records = iter::once(texts(record, delimiter)).chain(below.map(|record| texts(record, delimiter)));
    let rows: Vec<Vec<String>> = records.take(SAMPLED).collect();
    let width = rows.first().map_or(0, Vec::len);
    let holding = holding(width, &rows);
    let places: Vec<usize> = (0..).zip(&holding).filter(|(_, holds)| **holds).map(|(at, _)| at).collect();
    let all = |at: &usize, is_so: &dyn Fn(&String) -> bool| rows.iter().all(|cells| cells.get(*at).is_some_and(is_so));
    let is_table = rows.len() > 1
        && places.len() > 1
        && rows.iter().all(|cells| cells.len() == width && cells.iter().all(|cell| count_at_signs(cell) < 2))
        && places.iter().any(|at| all(at, &|cell| has_at_sign(cell)))
        && (0..width).any(|at| !places.contains(&at) && all(&at, &|cell| !cell.is_empty()))
        && (delimiter == Delimiter::Tab || !are_pairs(&rows));
    if !is_table {
        return None;
    }
    let (place, columns) = settle(Place::Unclear(places), chosen, None, &rows);
    let table = Table::new(delimiter, place, vec![None; width], &columns, false);
    Some(Begun { table: Some(table), is_header: false, columns })
}

/// `Ana, ana@example.com, Bob, bob@example.com`, with nobody twice.
fn are_pairs(rows: &[Vec<String>]) -> bool {
    let has_turns = |cells: &Vec<String>| cells.iter().enumerate().all(|(at, cell)| has_at_sign(cell) == (at % 2 == 1));
    let mut addresses: Vec<&String> = rows.iter().flatten().filter(|cell| has_at_sign(cell)).collect();
    let count = addresses.len();
    addresses.sort_unstable();
    addresses.dedup();
    rows.iter().all(has_turns) && addresses.len() == count
}

/// The column that was chosen, where there is a choice; and the choice.
fn settle(
    place: Place,
    chosen: Option<usize>,
    header: Option<&[String]>,
    rows: &[Vec<String>],
) -> (Place, Vec<AddressColumn>) {
    let Place::Unclear(places) = place else { return (place, Vec::new()) };
    let columns = offered(&places, header, rows);
    match chosen.filter(|at| places.contains(at)) {
        Some(at) => (Place::At(at), columns),
        None => (Place::Unclear(places), columns),
    }
}

/// Which columns have an address in one of these rows.
fn holding(width: usize, rows: &[Vec<String>]) -> Vec<bool> {
    let holds = |at: usize| rows.iter().any(|cells| cells.get(at).is_some_and(|cell| has_at_sign(cell)));
    (0..width).map(holds).collect()
}

/// Whether cells are mostly what columns are called, and one of them an address or a name.
fn is_known_header(cells: &[String], kinds: &[Option<Column>], is_first: bool) -> bool {
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    let known = kinds.iter().flatten().count();
    let is_mostly_known = known * 2 >= filled;
    if kinds.iter().flatten().filter_map(|kind| kind.standing()).any(|one| one.is_own() || one == Standing::Secondary) {
        return is_first || is_mostly_known;
    }
    let is_about_people = |kind: Column| kind.is_name() || kind.standing() == Some(Standing::Login);
    is_first && kinds.iter().flatten().copied().any(is_about_people) && (is_mostly_known || known >= SURELY_KNOWN)
}

/// Whether the first record is a header in words that nobody here knows: where those below have their addresses, it has
/// something that is no address without its at-sign either.
fn is_unknown_header<'t>(head: &[String], below: impl Iterator<Item = &'t str>, delimiter: Delimiter) -> bool {
    let below: Vec<Vec<String>> = below.take(LOOKED_AT).map(|record| texts(record, delimiter)).collect();
    let holding = holding(head.len(), &below);
    let places: Vec<usize> = (0..).zip(&holding).filter(|(_, holds)| **holds).map(|(at, _)| at).collect();
    let is_word = |cell: &String| {
        let may_be_in = |c: char| c.is_alphabetic() || is_blank(c) || "-_()[]/:".contains(c);
        !cell.is_empty() && cell.chars().all(may_be_in)
    };
    let is_one_column = places.len() == 1 && below.len() > 1;
    (is_one_column || places.len() > 1)
        && below.iter().all(|cells| cells.len() == head.len() && cells.iter().any(|cell| has_at_sign(cell)))
        && places.iter().all(|at| head.get(*at).is_some_and(is_word))
        && !head.iter().any(|cell| cell.contains(char::is_numeric))
}

fn texts(record: &str, delimiter: Delimiter) -> Vec<String> {
    spans(record, delimiter).into_iter().map(|span| cell(record.get(span).unwrap_or_default())).collect()
}

impl Table {
    fn new(
        delimiter: Delimiter,
        place: Place,
        kinds: Vec<Option<Column>>,
        offered: &[AddressColumn],
        has_known_header: bool,
    ) -> Self {
        let is_of_others = |kind: Column| kind.standing().is_some() || kind == Column::Secret;
        let named = (0..).zip(&kinds).filter(|(_, kind)| kind.is_some_and(is_of_others)).map(|(at, _)| at);
        let others = named.chain(offered.iter().map(|offer| offer.column)).collect();
        Self { delimiter, place, kinds, others, has_known_header }
    }

    /// The people of a row; `None` where the record is no row of this table, so that it is read by itself.
    pub(super) fn read(&self, record: &str) -> Option<Vec<PastedAddress>> {
        let cells = texts(record, self.delimiter);
        if cells.len() == 1 {
            return None;
        }
        let filled = cells.iter().filter(|cell| has_at_sign(cell)).count();
        let is_too_long = cells.iter().skip(self.kinds.len()).any(|cell| !cell.is_empty());
        if is_too_long || (filled > 1 && self.is_list(&cells)) {
            // Its cells are not where they belong: where others have addresses, too, nobody knows whose these are.
            let is_unclear = filled > 1 && (self.others.len() > 1 || !self.has_known_header);
            return is_unclear.then(|| vec![refused(record, EmailAddressError::UnclearColumn)]);
        }
        match &self.place {
            Place::At(column) => self.read_at(*column, record, &cells, filled),
            Place::Unclear(_) if filled > 0 => Some(vec![refused(record, EmailAddressError::UnclearColumn)]),
            Place::Nowhere if filled > 0 => Some(vec![refused(record, EmailAddressError::OfAnother)]),
            Place::Unclear(_) | Place::Nowhere => Some(row::nobody(record).into_iter().collect()),
            Place::Unknown => None,
        }
    }

    /// Whether a row has nothing but addresses, also where none belong: a line of a list that stands below the table.
    fn is_list(&self, cells: &[String]) -> bool {
        let are_addresses = cells.iter().all(|cell| cell.is_empty() || has_at_sign(cell));
        are_addresses && self.strays(cells).next().is_some()
    }

    /// The addresses in columns that have none.
    fn strays<'c>(&self, cells: &'c [String]) -> impl Iterator<Item = &'c String> {
        let is_own = |at: &usize| self.place == Place::At(*at) || self.others.contains(at);
        (0..).zip(cells).filter(move |(at, cell)| has_at_sign(cell) && !is_own(at)).map(|(_, cell)| cell)
    }

    /// One person, and whatever other addresses are in columns that should have none: nobody is left out silently.
    fn read_at(&self, column: usize, record: &str, cells: &[String], filled: usize) -> Option<Vec<PastedAddress>> {
        let address = cells.get(column).map_or("", String::as_str);
        if !has_at_sign(address) {
            // Name and address may stand in each other's place; an address of anybody else is not the person's.
            let is_swapped = |(at, cell): (usize, &String)| has_at_sign(cell) && self.is_name(at);
            let may_be_swapped = filled == 1 && !address.is_empty() && (0..).zip(cells).any(is_swapped);
            return if may_be_swapped { None } else { Some(nobody(record, address)) };
        }
        let mut people = if self.has_known_header {
            self.read_person(record, address, cells)
        } else {
            self.read_alone(column, record)
        };
        if people.iter().all(|person| person.address.is_ok()) {
            people.extend(self.strays(cells).map(|stray| refused(stray, EmailAddressError::OfAnother)));
        }
        Some(people)
    }

    fn read_person(&self, record: &str, address: &str, cells: &[String]) -> Vec<PastedAddress> {
        // Contacts of Google have several addresses of one person in a cell.
        let address = address.split(" ::: ").next().unwrap_or(address);
        let name = self.name(cells);
        if enclosed::is_mistyped_cell(address, name.is_some()) {
            return vec![refused(record, enclosed::error(address))];
        }
        let found: Vec<Piece> = pieces(address).into_iter().filter(Piece::is_address).collect();
        match <[Piece; 1]>::try_from(found) {
            Ok([person]) => {
                let name = person.name.or(name);
                vec![PastedAddress { text: shown(record), name, address: person.address }]
            }
            Err(several) => several.into_iter().map(|piece| piece.shown_in(address)).collect(),
        }
    }

    /// A row without the addresses of its other columns, as if it stood by itself.
    fn read_alone(&self, column: usize, record: &str) -> Vec<PastedAddress> {
        let texts = spans(record, self.delimiter).into_iter().map(|span| record.get(span).unwrap_or_default());
        let kept: Vec<&str> =
            (0..).zip(texts).map(|(at, text)| if at != column && has_at_sign(text) { "" } else { text }).collect();
        let mut read = row::read(&kept.join(self.delimiter.sign()));
        if let [person] = read.as_mut_slice() {
            person.text = shown(record);
        }
        read
    }

    fn is_name(&self, at: usize) -> bool {
        self.kinds.get(at).copied().flatten().is_some_and(Column::is_name)
    }

    /// `Vorname` + `Nachname`, `Vorname` + `Name`, `Nombre` + `Apellidos`, or a whole name.
    fn name(&self, cells: &[String]) -> Option<String> {
        let place = |wanted: Column| self.kinds.iter().position(|kind| *kind == Some(wanted));
        let text = |wanted: Column| {
            place(wanted).and_then(|at| cells.get(at)).filter(|cell| !has_at_sign(cell)).and_then(|cell| name_in(cell))
        };
        let (first, last, name) = (text(Column::FirstName), text(Column::LastName), text(Column::Name));
        let halves = match (place(Column::FirstName), place(Column::LastName)) {
            (Some(_), Some(_)) => [first, last],
            (Some(_), None) => [first, name],
            (None, Some(_)) => [name, last],
            (None, None) => [name, None],
        };
        let joined = halves.into_iter().flatten().collect::<Vec<_>>().join(" ");
        text(Column::WholeName).or_else(|| name_in(&joined))
    }
}

fn refused(record: &str, error: EmailAddressError) -> PastedAddress {
    PastedAddress { text: shown(record), name: None, address: Err(error) }
}

fn nobody(record: &str, address: &str) -> Vec<PastedAddress> {
    let error = match EmailAddress::parse(undecorated(address)) {
        Err(error) => error,
        Ok(_) => EmailAddressError::MissingAt,
    };
    row::nobody(record).into_iter().map(|nobody| PastedAddress { address: Err(error), ..nobody }).collect()
}
