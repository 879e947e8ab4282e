//! A text as records: lines, unless a quoted cell goes on to the next one; and a record as the cells of a table.

use std::ops::Range;

use super::decoration::{count_at_signs, is_at_sign, is_blank};

/// So many lines are looked at for the end of a quoted cell.
const LONGEST_CELL_LINES: usize = 8;
/// And so many below the header of a table.
const LONGEST_CELL_LINES_IN_TABLE: usize = 40;

/// The records of a text in which there is anything.
#[derive(Clone)]
pub(super) struct Records<'t> {
    rest: &'t str,
    table: Option<Shape>,
}

/// What separates the cells of a table, and how many a row has.
pub(super) type Shape = (Delimiter, usize);

impl<'t> Records<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { rest: text, table: None }
    }

    /// The same as the rows of a table.
    pub fn in_table(self, table: Option<Shape>) -> Self {
        Self { table, ..self }
    }

    /// The line below.
    pub fn line(&self) -> &'t str {
        self.rest.trim_start_matches(is_line_break).split(is_line_break).next().unwrap_or_default()
    }

    /// What separates the cells of the record before these: a line of hyphens below it makes a table of Markdown of it.
    pub fn delimiter_before(&self, record: &str) -> Option<Delimiter> {
        if record.contains('|') && self.clone().next().is_some_and(is_rule) {
            return Some(Delimiter::Bar);
        }
        Delimiter::of(record)
    }
}

/// What separates the cells of a record with one address, and which of them has it.
pub(super) fn row_shape(record: &str) -> Option<(Delimiter, usize, usize)> {
    let at = record.find(is_at_sign).filter(|_| count_at_signs(record) == 1)?;
    let delimiter = Delimiter::of(record)?;
    let cells = spans(record, delimiter);
    Some((delimiter, cells.len(), cells.iter().position(|cell| cell.contains(&at))?))
}

/// Whether a record ends in a quoted cell that nothing closes.
pub(super) fn is_left_open(record: &str) -> bool {
    let mut state = State::BEGIN;
    for (at, c) in record.char_indices() {
        state.take(c, record.get(at..).unwrap_or_default(), is_any_delimiter);
    }
    state.in_quotes
}

impl<'t> Iterator for Records<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        while !self.rest.is_empty() {
            let end = end_of_record(self.rest, self.table);
            let (record, after) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
            self.rest = after.strip_prefix(is_line_break).unwrap_or(after);
            if !record.trim_matches(is_blank).is_empty() {
                return Some(record);
            }
        }
        None
    }
}

/// `|---|:--:|` of Markdown, `----+----` of a database.
fn is_rule(record: &str) -> bool {
    record.contains('-')
        && record.contains(['|', '+'])
        && record.chars().all(|c| is_blank(c) || matches!(c, '-' | '|' | '+' | ':'))
}

pub(super) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A record goes on after a line break that a quoted cell of a table has in it. It spans two addresses only where it is a
/// whole row of the table above: a quotation mark that is closed elsewhere must not hide a person.
fn end_of_record(text: &str, table: Option<Shape>) -> usize {
    let most = if table.is_some() { LONGEST_CELL_LINES_IN_TABLE } else { LONGEST_CELL_LINES };
    let first = text.find(is_line_break).unwrap_or(text.len());
    let Some(end) = end_of_quoted_lines(text, most).filter(|end| *end > first) else { return first };
    let record = text.get(..end).unwrap_or_default();
    let is_row = |(delimiter, width): Shape| spans(record, delimiter).len() == width;
    let is_one = table.is_some_and(is_row) || (count_at_signs(record) < 2 && Delimiter::of(record).is_some());
    if is_one { end } else { first }
}

/// The first line break that is in no quoted cell, at most so many lines below.
fn end_of_quoted_lines(text: &str, most: usize) -> Option<usize> {
    let (mut state, mut lines) = (State::BEGIN, 0);
    for (at, c) in text.char_indices() {
        if is_line_break(c) {
            lines += 1;
            if !state.in_quotes {
                return Some(at);
            } else if lines == most {
                return None;
            }
        }
        state.take(c, text.get(at..).unwrap_or_default(), is_any_delimiter);
        if state.is_malformed {
            return None;
        }
    }
    (!state.in_quotes).then_some(text.len())
}

/// Where the cells of a record stand, whatever separates them.
pub(super) fn any_cells(record: &str) -> Vec<Range<usize>> {
    cut(record, is_any_delimiter)
}

fn is_any_delimiter(c: char) -> bool {
    [Delimiter::Tab, Delimiter::Semicolon, Delimiter::Comma].iter().any(|delimiter| delimiter.is(c))
}

/// What separates the cells of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Tab,
    Semicolon,
    Comma,
    /// In tables of Markdown.
    Bar,
}

impl Delimiter {
    /// The strongest one that separates anything: commas stand in the cells of the others, and all of them in quoted ones.
    pub(super) fn of(record: &str) -> Option<Self> {
        let ends = any_cells(record);
        let stands = |delimiter: &Self| {
            let sign = |cell: &Range<usize>| record.get(cell.end..).and_then(|rest| rest.chars().next());
            ends.iter().filter_map(sign).any(|sign| delimiter.is(sign))
        };
        [Self::Tab, Self::Semicolon, Self::Comma].into_iter().find(stands)
    }

    pub(super) fn is(self, c: char) -> bool {
        match self {
            Self::Tab => c == '\t',
            Self::Semicolon => is_semicolon(c),
            Self::Comma => is_comma(c),
            Self::Bar => c == '|',
        }
    }
}

pub(super) fn is_semicolon(c: char) -> bool {
    matches!(c, ';' | '；' | '؛' | '﹔')
}

pub(super) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | '،' | '﹐' | '﹑' | '､')
}

/// Where the cells of a record stand. Bars stand around them, too.
pub(super) fn spans(record: &str, delimiter: Delimiter) -> Vec<Range<usize>> {
    let mut cells = cut(record, |c| delimiter.is(c));
    if delimiter == Delimiter::Bar {
        let is_outside =
            |cell: &Range<usize>| record.get(cell.clone()).is_some_and(|text| text.trim_matches(is_blank).is_empty());
        cells.pop_if(|last| is_outside(last));
        if cells.first().is_some_and(is_outside) {
            cells.remove(0);
        }
    }
    cells
}

/// The cells of a record.
fn cut(record: &str, is_delimiter: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let (mut cells, mut start, mut state) = (Vec::new(), 0, State::BEGIN);
    for (at, c) in record.char_indices() {
        if state.take(c, record.get(at..).unwrap_or_default(), &is_delimiter) {
            cells.push(start..at);
            start = at + c.len_utf8();
        }
    }
    cells.push(start..record.len());
    cells
}

/// Where a character of a record stands. A quotation mark opens at the beginning of a cell only, two in a row stand for one,
/// and nothing is cut in quotes and in `<…>`.
struct State {
    is_blank_so_far: bool,
    in_quotes: bool,
    /// The character before closed the quotes, unless another mark follows.
    has_closed: bool,
    /// Something else than the end of the cell follows on closed quotes.
    is_malformed: bool,
    in_angle: bool,
}

impl State {
    const BEGIN: Self =
        Self { is_blank_so_far: true, in_quotes: false, has_closed: false, is_malformed: false, in_angle: false };

    /// Goes on to behind a character, the first one of `rest`, and says whether it ends a cell.
    fn take(&mut self, c: char, rest: &str, is_delimiter: impl Fn(char) -> bool) -> bool {
        let has_closed = std::mem::take(&mut self.has_closed);
        if self.in_quotes || (has_closed && c == '"') {
            self.in_quotes = c != '"' || has_closed;
            self.has_closed = !self.in_quotes;
            return false;
        }
        if is_delimiter(c) && !self.in_angle {
            *self = Self { is_malformed: self.is_malformed, ..Self::BEGIN };
            return true;
        }
        self.is_malformed |= has_closed && !is_blank(c);
        match c {
            '"' => self.in_quotes = self.is_blank_so_far,
            '<' => self.in_angle = rest.get(1..).is_some_and(closes_angle),
            '>' => self.in_angle = false,
            _ => {}
        }
        self.is_blank_so_far &= is_blank(c);
        false
    }
}

/// Whether the `<` before `rest` is closed on its line and encloses no other.
fn closes_angle(rest: &str) -> bool {
    let end = rest.find(|c| matches!(c, '<' | '>') || is_line_break(c));
    end.and_then(|end| rest.get(end..)).is_some_and(|rest| rest.starts_with('>'))
}
