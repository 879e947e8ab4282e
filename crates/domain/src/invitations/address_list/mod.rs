//! Reads the email addresses out of a text someone pasted: a list, a table, the lines of an email (U-11, ED-4).
//!
//! The text is taken record by record ([`records`]). Two questions decide: is a record in a table, and which of its columns have
//! addresses ([`recognition`])? Which of those is the person's own ([`columns`])? Where the second has no certain answer,
//! someone has to choose, and no one is invited before. [`table`] reads the rows. Elsewhere, what stands in a record is found by
//! [`reader`], over the pieces that [`tokens`] cuts it into; [`row`] decides what it is: one person with a name, a list of
//! several, or no one.
//!
//! Two rules hold for all of it. No one is invited who is not known to be meant: behind a label that is no word for a recipient,
//! in a column that is not called the own one, in a sentence, or where a line was cut, the default is a refusal that is seen. And
//! nothing that was typed is lost: beside the one address of a line stand its name (in front of it; or behind it, if it is the
//! name in the address) and numbers, in a row of a table whatever else the table says of the person; what may be a mistyped address
//! is none of these, and everything else is a refused piece of its own.
//! A single word in the other cell of a row is a name only if it is in the address, or if the rows beside it have names.
//!
//! Every step looks at every character a bounded number of times, so a megabyte of anything is read in a moment.

mod columns;
mod decoration;
mod enclosed;
mod header_words;
mod json;
mod labels;
mod mail_lines;
mod pasted;
mod piece;
mod reader;
mod recognition;
mod records;
mod row;
mod table;
mod tokens;
mod word_lists;

use decoration::{count_at_signs, has_at_sign};
use labels::Label;
use mail_lines::Cut;
pub use pasted::{AddressColumn, MAX_SHOWN, Pasted, PastedAddress};
use recognition::{Begun, Here};
use records::{Delimiter, Records, Shape};
use row::Around;
use table::Table;

/// Reads a pasted text into its addresses, in order (U-11, ED-4).
///
/// Semicolons, commas, spaces, tabs and line breaks separate, in any mixture. A line with one address is one person, and
/// the name is what stands in front of it or in its row: `Ana Lopez <ana@example.com>`, `"Lopez, Ana" <…>`, `Lopez, Ana <…>`,
/// in cells of a table before or after it, in brackets behind it. A header is recognized, says which columns are the address and the
/// name, and is no person; addresses in the other columns of its table invite no one ([`columns`]). A line without an address, and words in a list that belong to nothing, come back as one piece
/// with an error: they may be a mistyped address, and no one must be left out silently.
///
/// What stands in `<…>` is one piece, whatever is in it; so is a cell, a bracket or a quotation, where words stand beside the
/// address that are no name. Quotes, brackets, `mailto:`, punctuation and symbols around an
/// address are taken off, `To:` in front of it is too. Duplicates are left to the caller.
pub fn parse(text: &str) -> Vec<PastedAddress> {
    parse_first(text, usize::MAX)
}

/// The same for the first pieces only: the lines after so many are not looked at.
pub fn parse_first(text: &str, most: usize) -> Vec<PastedAddress> {
    read(text, None, most).people
}

/// The same, with the column that someone chose where the table does not say which one has the addresses.
pub fn read(text: &str, chosen: Option<usize>, most: usize) -> Pasted {
    match json::as_table(text) {
        None => read_records(text, chosen, most),
        Some(Ok(table)) => read_records(&table, chosen, most),
        Some(Err(refused)) => Pasted { people: vec![refused], columns: Vec::new() },
    }
}

fn read_records(text: &str, chosen: Option<usize>, most: usize) -> Pasted {
    let mut read = Pasted::default();
    let mut reading = Reading { chosen, ..Reading::default() };
    let mut records = Records::of(text);
    while read.people.len() < most
        && let Some(record) = records.next()
    {
        if recognition::is_preamble(record) {
            continue;
        }
        let (people, columns) = reading.read(record, &records);
        read.people.extend(people);
        if read.columns.is_empty() {
            read.columns = columns;
        }
        records = records.in_table(reading.table.as_ref().and_then(Table::shape));
    }
    read.people.truncate(most);
    read
}

/// So many records without an address may be titles above a table.
const MOST_TITLES: usize = 10;

/// So many records below one show whether a table of several addresses in a row may begin at it.
const LOOKED_AT: usize = 3;

/// A table by the shape of its rows, and its columns by place and name.
type Asked = (Option<Shape>, Vec<(usize, Option<String>)>);

/// How far a text was read.
#[derive(Default)]
struct Reading {
    chosen: Option<usize>,
    /// The table whose columns were chosen among: the first one that does not say it by itself.
    asked: Option<Asked>,
    /// The table that the last record was in.
    table: Option<Table>,
    /// Whether the last row of it has a quoted cell that nothing closes: what is below may be in that cell.
    is_open: bool,
    /// How many records were read, until there was an address.
    titles: usize,
    /// What separated the cells of the last record, how many there were, and whether there were several addresses.
    shape: Option<(Delimiter, usize, bool)>,
    last: Line,
}

/// What the last record says of the next one.
#[derive(Default, Clone, Copy)]
struct Line {
    /// It is of no one who is invited: an indented line goes on with it.
    is_unaddressed: bool,
    /// It has nothing but a label that is not known: `Message-Id:`, or a title.
    is_bare_label: bool,
    cut: Cut,
    has_label: bool,
    is_labeled_row: bool,
    /// `--` stood alone on a line: what is below it is a signature.
    is_signature: bool,
    row: Option<(Delimiter, usize, usize)>,
    /// This row, or one above it that has its shape, has a name beside its address.
    has_names: bool,
    initial: Option<char>,
}

/// Of two rows that begin like their addresses, and not with the same letter, both have names: that is no chance.
fn are_initials(one: Option<char>, other: Option<char>) -> bool {
    one.is_some() && other.is_some() && one != other
}

impl Reading {
    /// The people of a record that is followed by those `below`, and the columns among which someone has to choose.
    fn read(&mut self, record: &str, below: &Records<'_>) -> (Vec<PastedAddress>, Vec<AddressColumn>) {
        let before = self.last;
        self.last = before.next(record);
        if before.goes_on_in(record) {
            self.last.is_unaddressed = true;
            return (row::unaddressed(record).into_iter().collect(), Vec::new());
        }
        if self.last.is_unaddressed_in(record, before, below) {
            return (row::unaddressed(record).into_iter().collect(), Vec::new());
        }
        let mut columns = Vec::new();
        let here = self.here(record, below, before);
        if below.delimiter_before(record).is_none() && !has_at_sign(record) {
            self.table = self.table.take().map(Table::below_title);
        }
        if let Some(mut begun) = recognition::begin(record, below, here) {
            let is_other = !begun.columns.is_empty() && !self.is_asked_about(&begun);
            if is_other && let Some(unchosen) = recognition::begin(record, below, Here { chosen: None, ..here }) {
                begun = unchosen;
            }
            (self.table, columns) = (begun.table, begun.columns);
            if begun.is_header {
                return (Vec::new(), columns);
            }
        }
        (self.people(record, below, before), columns)
    }

    /// Whether this is the table that someone chose a column of, and not another one in the same text. A second one without a
    /// header is never the same.
    fn is_asked_about(&mut self, begun: &Begun) -> bool {
        let offered = begun.columns.iter().map(|offered| (offered.column, offered.name.clone())).collect();
        let asked = (begun.table.as_ref().and_then(Table::shape), offered);
        match &self.asked {
            Some(before) => begun.is_header && *before == asked,
            None => {
                self.asked = Some(asked);
                true
            }
        }
    }

    fn people(&mut self, record: &str, below: &Records<'_>, before: Line) -> Vec<PastedAddress> {
        if let Some(people) = self.table.as_ref().and_then(|table| table.read(record)) {
            self.is_open = records::is_left_open(record);
            return people;
        }
        if self.is_open {
            return row::unaddressed(record).into_iter().collect();
        }
        row::read(record, || self.around(below, before))
    }

    fn around(&self, below: &Records<'_>, before: Line) -> Around {
        let Some(shape) = self.last.row else { return Around::default() };
        let is_beside = |record: &&str| records::row_shape(record) == Some(shape);
        let is_in_table = self.table.as_ref().map(Table::delimiter) == Some(shape.0);
        let has_name = |record: &str| row::is_of_name(record) || are_initials(self.last.initial, row::initial(record));
        Around {
            is_row: before.row == Some(shape) || is_in_table || below.clone().next().as_ref().is_some_and(is_beside),
            has_names: self.last.has_names || below.clone().take(LOOKED_AT).take_while(is_beside).any(has_name),
        }
    }

    /// What may begin at a record. A table that only its shape makes one begins where no other one goes on, and where the shape
    /// changes: what was looked at for the record before is not looked at again.
    fn here(&mut self, record: &str, below: &Records<'_>, before: Line) -> Here {
        let has_several = count_at_signs(record) > 1;
        let shape = below.delimiter_before(record).map(|by| (by, records::spans(record, by).len(), has_several));
        let is_new_shape = shape != std::mem::replace(&mut self.shape, shape);
        self.titles = if has_at_sign(record) { MOST_TITLES + 1 } else { self.titles + 1 };
        let is_top = self.titles <= MOST_TITLES;
        let is_in_table = self.table.as_ref().is_some_and(|table| table.may_have(record));
        let has_rows = || is_top || has_several || below.clone().take(LOOKED_AT).any(|below| count_at_signs(below) > 1);
        let is_below_row = before.row.is_some_and(|(by, width, _)| width > 1 && shape.is_some_and(|(of, ..)| of == by));
        let may_be_unknown = is_new_shape && !is_in_table && has_rows();
        Here { is_top, may_be_unknown, is_below_row, chosen: self.chosen }
    }
}

impl Line {
    /// Whether a record is a part of this line: folded below a line of no one, or in the middle of a word.
    fn goes_on_in(self, record: &str) -> bool {
        let indented = record.strip_prefix([' ', '\t']).map(|rest| rest.trim_start_matches(decoration::is_blank));
        self.cut.goes_on_in(record)
            || indented.is_some_and(|rest| self.is_unaddressed || (self.is_bare_label && rest.starts_with('<')))
    }

    fn next(self, record: &str) -> Self {
        let label = mail_lines::beginning(record);
        // A title ends in a colon, too: `Team:` above the addresses of a team. In a block of labels it is one of them.
        let is_unknown = |(label, has_text): (Label, bool)| label == Label::Unknown && (has_text || self.has_label);
        let row = records::row_shape(record);
        let initial = row.and_then(|_| row::initial(record));
        let is_below_names = row == self.row && (self.has_names || are_initials(initial, self.initial));
        Self {
            is_unaddressed: label.is_some_and(is_unknown),
            is_bare_label: label.is_some_and(|(label, has_text)| label == Label::Unknown && !has_text),
            cut: Cut::of(record),
            has_label: label.is_some(),
            is_labeled_row: mail_lines::is_labeled_row(record),
            is_signature: self.is_signature
                || mail_lines::unquoted(record).trim_end_matches(decoration::is_blank) == "--",
            row,
            has_names: row.is_some() && (is_below_names || row::is_of_name(record)),
            initial,
        }
    }

    /// Whether a record addresses nobody: a signature, a comment, or, because of the lines around it, an address that goes on in the next line
    /// or a row in a block of rows that begin with labels.
    fn is_unaddressed_in(self, record: &str, before: Self, below: &Records<'_>) -> bool {
        if !has_at_sign(record) {
            return false;
        }
        let is_labeled = || before.is_labeled_row || below.clone().next().is_some_and(mail_lines::is_labeled_row);
        let is_folded = self.cut == Cut::InAddress && self.cut.goes_on_in(below.line());
        let is_in_block = record.contains('\t') && !self.is_labeled_row && is_labeled();
        self.is_signature
            || mail_lines::is_signature_or_comment(record)
            || is_folded
            || (is_in_block && mail_lines::is_labeled_for_another(record))
    }
}

#[cfg(test)]
mod clause_tests;
#[cfg(test)]
mod enclosed_tests;
#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod json_tests;
#[cfg(test)]
mod mail_tests;
#[cfg(test)]
mod meant_tests;
#[cfg(test)]
mod named_tests;
#[cfg(test)]
mod own_column_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod time_tests;
