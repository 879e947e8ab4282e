//! Where a table begins, which of its columns have addresses, and which one has the people's own.

use std::iter;

use crate::core::email_address::EmailAddress;

use super::columns::{Columns, Place, offered};
use super::decoration::{cell, count_at_signs, has_at_sign, is_blank, may_be_mistyped, sure_name};
use super::enclosed;
use super::header_words::{self, Column, Standing};
use super::pasted::AddressColumn;
use super::records::{Delimiter, Records};
use super::table::{Table, cells, is_list};

/// A longer record begins no table.
const LONGEST_HEADER: usize = 4_000;

/// A longer one shows nothing of the table that it is in.
const LONGEST_ROW: usize = 64_000;

/// So many records below show which columns have addresses.
const SAMPLED: usize = 40;

/// A header of a table that someone exported may have many words that are not known here; so many known ones are no chance.
const SURELY_KNOWN: usize = 3;

/// So many rows with tabs between addresses were copied out of a spreadsheet, and are no list.
const GRID: usize = 3;

/// A table that begins at a record.
pub(super) struct Begun {
    /// How its rows are read; `None`: each by itself.
    pub table: Option<Table>,
    /// Whether the record is its header, and not its first row.
    pub is_header: bool,
    /// The columns among which someone has to choose.
    pub columns: Vec<AddressColumn>,
}

/// Where in a text a record stands.
#[derive(Clone, Copy)]
pub(super) struct Here {
    /// With nothing but titles above.
    pub is_top: bool,
    /// Where a table that nothing but its shape makes one may begin.
    pub may_be_unknown: bool,
    /// Below a row that is cut by the same signs and has one address.
    pub is_below_row: bool,
    pub chosen: Option<usize>,
}

/// The rows of a table that were looked at, as far as they have addresses.
struct Sample {
    rows: Vec<Vec<String>>,
    /// Those that are as wide as most of a table.
    fitting: Vec<Vec<String>>,
    /// Which columns have an address in one of those.
    holding: Vec<bool>,
    /// Whether the first rows fit, whatever follows them: a list, or another table.
    begins_fitting: bool,
}

/// Lines in front of a table that are for programs: what Excel is told to separate by, the version of a template.
pub(super) fn is_preamble(record: &str) -> bool {
    let text = record.trim_matches(|c: char| is_blank(c) || matches!(c, '"' | ',' | ';'));
    let lower = text.get(..10.min(text.len())).map(str::to_lowercase).unwrap_or_default();
    (lower.starts_with("sep=") && text.chars().count() <= 5) || (lower.starts_with("version:v") && text.len() <= 20)
}

/// Whether a table begins at a record, which is followed by those `below`.
pub(super) fn begin(record: &str, below: &Records<'_>, here: Here) -> Option<Begun> {
    if record.len() > LONGEST_HEADER {
        return None;
    }
    let Some(delimiter) = below.delimiter_before(record) else { return one_column(record, below, here) };
    if !has_at_sign(record) {
        return with_header(record, delimiter, below, here);
    }
    let sample = || Sample::of(Some(record), below, delimiter, cells(record, delimiter).len());
    if here.may_be_unknown { without_header(delimiter, &sample(), here) } else { None }
}

/// A table of one column, which has no separators: `Email`, or `Manager email`, of which no one is invited.
fn one_column(record: &str, below: &Records<'_>, here: Here) -> Option<Begun> {
    let head = cell(record);
    if has_at_sign(record) || !header_words::is_of_addresses(&head) {
        return None;
    }
    let kind = header_words::column(&head);
    let rows = below.clone().take_while(|row| Delimiter::of(row).is_none()).take(SAMPLED);
    let rows: Vec<Vec<String>> = rows.filter(|row| has_at_sign(row)).map(|row| vec![cell(row)]).collect();
    if rows.is_empty() && !header_words::is_address(&head) {
        return None;
    }
    let place = Columns { kinds: &[kind], holding: &[true] }.place();
    let (place, columns) = settle(place, here.chosen, Some(&[head]), &rows);
    let table = if place == Place::At(0) {
        None
    } else {
        Some(Table::new(Delimiter::Tab, place, vec![kind], &[true], &columns))
    };
    Some(Begun { table, is_header: true, columns })
}

fn with_header(record: &str, delimiter: Delimiter, below: &Records<'_>, here: Here) -> Option<Begun> {
    let head = cells(record, delimiter);
    let mut kinds = kinds_of(&head);
    let is_known = is_known_header(&head, &kinds, here.is_top);
    if !is_known && !here.may_be_unknown && !is_qualified_header(&head, &kinds) {
        return None;
    }
    let sample = Sample::of(None, below, delimiter, head.len());
    refine(&mut kinds, &sample.fitting);
    if !is_known && !sample.confirms(&head, &kinds, here) && delimiter != Delimiter::Bar {
        return None;
    }
    let place = Columns { kinds: &kinds, holding: &sample.holding }.place();
    let (place, columns) = settle(place, here.chosen, Some(&head), &sample.fitting);
    let table = match place {
        Place::Unknown => None,
        Place::At(_) | Place::Unclear(_) | Place::Nowhere => {
            Some(Table::new(delimiter, place, kinds, &sample.holding, &columns).with_header(&head))
        }
    };
    Some(Begun { table, is_header: true, columns })
}

/// A table without a header in which more than one column has addresses: most rows are of the same shape, and have something
/// else in them, or the same address again and again. Lists of addresses that were broken into lines are none, and neither
/// are lists of names and addresses by turns.
fn without_header(delimiter: Delimiter, sample: &Sample, here: Here) -> Option<Begun> {
    let rows = &sample.fitting;
    let places = sample.places();
    let width = sample.holding.len();
    let in_most = |is_so: &dyn Fn(&Vec<String>) -> bool| rows.iter().filter(|row| is_so(row)).count() * 2 > rows.len();
    let most_in = |at: usize, is_so: &dyn Fn(&String) -> bool| in_most(&|row| row.get(at).is_some_and(is_so));
    let is_said = |cell: &String| cell.contains(char::is_alphanumeric) && !has_at_sign(cell) && !may_be_mistyped(cell);
    // Notes with an address in one of them are something else, too.
    let is_beside_addresses = |at: usize| places.iter().filter(|place| **place != at).count() > 1;
    let has_else = (0..width).any(|at| is_beside_addresses(at) && most_in(at, &is_said));
    // One row shows it where it goes on below others, or comes from a spreadsheet.
    let is_row = has_else && !are_pairs(rows) && (here.is_below_row || delimiter == Delimiter::Tab);
    let is_grid =
        delimiter == Delimiter::Tab && rows.len() >= GRID && rows.len() == sample.rows.len() && are_plain(rows);
    let is_of_rows = (has_else && (delimiter == Delimiter::Tab || !are_pairs(rows))) || is_grid;
    let is_table = (rows.len() > 1 || is_row)
        && (sample.is_mostly_fitting() || sample.begins_fitting)
        && places.len() > 1
        && in_most(&|row| row.iter().all(|cell| count_at_signs(cell) < 2))
        && places.iter().any(|at| most_in(*at, &|cell| has_at_sign(cell)))
        && (is_of_rows || places.iter().any(|at| repeats(rows, *at)));
    if !is_table {
        return None;
    }
    let (place, columns) = settle(Place::Unclear(places), here.chosen, None, rows);
    let table = Table::new(delimiter, place, vec![None; width], &sample.holding, &columns);
    Some(Begun { table: Some(table), is_header: false, columns })
}

/// `Ana, ana@example.com, Bob, bob@example.com`, with no one twice.
fn are_pairs(rows: &[Vec<String>]) -> bool {
    let is_in_turn =
        |(at, cell): (usize, &String)| if at % 2 == 1 { has_at_sign(cell) } else { sure_name(cell).is_some() };
    let has_turns = |cells: &Vec<String>| cells.iter().enumerate().all(is_in_turn);
    let mut addresses: Vec<&String> = rows.iter().flatten().filter(|cell| has_at_sign(cell)).collect();
    let count = addresses.len();
    addresses.sort_unstable();
    addresses.dedup();
    rows.iter().all(has_turns) && addresses.len() == count
}

/// Whether the cells have addresses and nothing around them.
fn are_plain(rows: &[Vec<String>]) -> bool {
    rows.iter().flatten().all(|cell| cell.is_empty() || EmailAddress::parse(cell).is_ok())
}

/// Whether every address in a row stands in a sentence.
fn has_notes_only(row: &[String]) -> bool {
    row.iter().filter(|cell| has_at_sign(cell)).all(|cell| enclosed::is_mistyped_cell(cell, false))
}

/// Whether an address stands in a column twice: no one stands in a list again and again at the same place of its lines.
fn repeats(rows: &[Vec<String>], at: usize) -> bool {
    let mut addresses: Vec<String> = rows
        .iter()
        .filter_map(|row| row.get(at))
        .filter(|cell| has_at_sign(cell))
        .map(|cell| cell.to_lowercase())
        .collect();
    let count = addresses.len();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.len() < count
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

impl Sample {
    /// The rows below a record up to the next header: what was looked at for one is not looked at again for the next. The
    /// record is the first of them where it is a row itself.
    fn of(first: Option<&str>, below: &Records<'_>, delimiter: Delimiter, width: usize) -> Self {
        let below = below.clone().in_table(Some((delimiter, width)));
        let records = below.take_while(|record| !is_later_header(record, delimiter)).take(SAMPLED);
        let records = first.into_iter().chain(records).filter(|record| record.len() <= LONGEST_ROW);
        let mut rows: Vec<Vec<String>> =
            records.filter(|record| has_at_sign(record)).map(|record| cells(record, delimiter)).collect();
        let is_fitting = |row: &&Vec<String>| row.len() >= width && row.iter().skip(width).all(String::is_empty);
        let mut fitting: Vec<Vec<String>> = rows.iter().filter(is_fitting).cloned().collect();
        // A list below the rows of a table says nothing of its columns.
        if !fitting.iter().all(|row| is_list(row)) {
            fitting.retain(|row| row.iter().any(String::is_empty) || !is_list(row));
        }
        let holds = |at: usize| fitting.iter().any(|row| row.get(at).is_some_and(|cell| has_at_sign(cell)));
        let holding = (0..width).map(holds).collect();
        // A row of which nothing but a note has an address says nothing of where the others have theirs.
        rows.retain(|row| !has_notes_only(row));
        fitting.retain(|row| !has_notes_only(row));
        let begins_fitting = rows.iter().take_while(is_fitting).count() > 1;
        Self { rows, fitting, holding, begins_fitting }
    }

    fn places(&self) -> Vec<usize> {
        (0..).zip(&self.holding).filter(|(_, holds)| **holds).map(|(at, _)| at).collect()
    }

    fn is_mostly_fitting(&self) -> bool {
        self.fitting.len() * 2 > self.rows.len()
    }

    /// Whether a record is the header of these rows, whatever its words are: where they have addresses, it has something that
    /// is no address without its at-sign either. One row with one address shows it only where a word for an address stands above.
    fn confirms(&self, head: &[String], kinds: &[Option<Column>], here: Here) -> bool {
        let places = self.places();
        let above = || places.iter().filter_map(|at| head.get(*at));
        let kind = |at: &usize| kinds.get(*at).copied().flatten();
        let is_called = places.iter().filter_map(kind).any(|kind| kind.standing().is_some());
        let is_one_column =
            here.is_top && self.fitting.len() > 1 && !head.iter().any(|cell| cell.contains(char::is_numeric));
        self.is_mostly_fitting()
            && above().any(|cell| !cell.is_empty())
            && above().all(|cell| cell.is_empty() || is_wording(cell))
            && (is_called || (here.may_be_unknown && (places.len() > 1 || is_one_column)))
    }
}

/// Whether a cell may be what a column is called: `Reviewer 1`, `Team member's contact`, and not `bob.example`.
fn is_wording(cell: &str) -> bool {
    let has_inner_dot = cell.split('.').skip(1).any(|part| part.starts_with(char::is_alphanumeric));
    let may_be_in = |c: char| c.is_alphanumeric() || is_blank(c) || "-–_()[]/:.'’#&?*+".contains(c);
    !has_inner_dot && cell.contains(char::is_alphabetic) && cell.chars().all(may_be_in)
}

fn kinds_of(head: &[String]) -> Vec<Option<Column>> {
    head.iter().map(|cell| header_words::column(cell)).collect()
}

/// Whether cells are mostly what columns are called, and one of them an address or a name.
fn is_known_header(head: &[String], kinds: &[Option<Column>], is_top: bool) -> bool {
    let known = kinds.iter().flatten().count();
    if kinds.iter().flatten().filter_map(|kind| kind.standing()).any(|one| one.is_own() || one == Standing::Secondary) {
        return is_top || is_mostly_known(head, kinds);
    }
    let is_about_people = |kind: Column| kind.is_name() || kind.standing() == Some(Standing::Login);
    is_top
        && kinds.iter().flatten().copied().any(is_about_people)
        && (is_mostly_known(head, kinds) || known >= SURELY_KNOWN)
}

/// Whether all cells are what columns are called, and one of them a column of addresses of others, or of unknown people: a
/// header, if there are addresses below.
fn is_qualified_header(head: &[String], kinds: &[Option<Column>]) -> bool {
    let is_one = |(cell, kind): (&String, &Option<Column>)| {
        kind.is_some_and(|kind| kind.standing().is_some()) && header_words::names_an_address(cell)
    };
    let is_known = |(cell, kind): (&String, &Option<Column>)| cell.is_empty() || kind.is_some();
    iter::zip(head, kinds).all(is_known) && iter::zip(head, kinds).any(is_one)
}

fn is_mostly_known(head: &[String], kinds: &[Option<Column>]) -> bool {
    kinds.iter().flatten().count() * 2 >= head.iter().filter(|cell| !cell.is_empty()).count()
}

/// Whether another table begins at a record below.
fn is_later_header(record: &str, delimiter: Delimiter) -> bool {
    if has_at_sign(record) || record.len() > LONGEST_HEADER {
        return false;
    }
    let head = cells(record, delimiter);
    let kinds = kinds_of(&head);
    head.len() > 1 && (is_known_header(&head, &kinds, false) || is_qualified_header(&head, &kinds))
}

/// What the rows say of their columns: a login with blanks in it is a name, and `smtp:` stands before addresses of which
/// others are more the person's own.
fn refine(kinds: &mut [Option<Column>], rows: &[Vec<String>]) {
    for (at, kind) in kinds.iter_mut().enumerate() {
        let cells = || rows.iter().filter_map(|row| row.get(at));
        let is_smtp = |cell: &String| cell.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("smtp:"));
        if *kind == Some(Column::Address(Standing::Login)) {
            let has_names = cells().any(|cell| cell.contains(' ')) && !cells().any(|cell| has_at_sign(cell));
            *kind = if has_names { Some(Column::WholeName) } else { *kind };
        } else if *kind == Some(Column::Address(Standing::Plain)) && cells().any(is_smtp) {
            *kind = Some(Column::Address(Standing::Secondary));
        }
    }
}
