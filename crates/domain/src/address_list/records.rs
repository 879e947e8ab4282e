//! A text as records: lines, unless a quoted cell goes on to the next one; and a record as the cells of a table.

use std::ops::Range;

use super::decoration::{count_at_signs, is_blank};

/// So many lines are looked at for the end of a quoted cell.
const LONGEST_CELL_LINES: usize = 8;

/// The records of a text in which there is anything.
pub(super) fn records(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = end_of_record(rest);
            let (record, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            rest = after.strip_prefix(is_line_break).unwrap_or(after);
            if !record.trim_matches(is_blank).is_empty() {
                return Some(record);
            }
        }
        None
    })
}

pub(super) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A record goes on after a line break that a quoted cell of a table has in it. It never spans two addresses: a quotation
/// mark that is closed nowhere must not hide a person.
fn end_of_record(text: &str) -> usize {
    let end_of_line = |from: usize| text.get(from..).and_then(|rest| rest.find(is_line_break)).map(|at| from + at);
    let Some(first) = end_of_line(0) else { return text.len() };
    if !text.get(..first).is_some_and(is_open) {
        return first;
    }
    let mut at = first;
    for _ in 1..LONGEST_CELL_LINES {
        let next = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let end = end_of_line(at + next).unwrap_or(text.len());
        let record = text.get(..end).unwrap_or_default();
        if count_at_signs(record) > 1 || end <= at {
            break;
        }
        if !is_open(record) {
            return if Delimiter::of(record).is_some() { end } else { first };
        }
        at = end;
    }
    first
}

/// Where the cells of a record stand, whatever separates them.
pub(super) fn any_cells(record: &str) -> Vec<Range<usize>> {
    cut(record, is_any_delimiter).0
}

fn is_any_delimiter(c: char) -> bool {
    [Delimiter::Tab, Delimiter::Semicolon, Delimiter::Comma].iter().any(|delimiter| delimiter.is(c))
}

/// Whether a quoted cell begins in `text` and does not end in it.
fn is_open(text: &str) -> bool {
    cut(text, is_any_delimiter).1
}

/// What separates the cells of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Tab,
    Semicolon,
    Comma,
}

impl Delimiter {
    /// The strongest one that separates anything: commas stand in the cells of the others.
    pub(super) fn of(record: &str) -> Option<Self> {
        [Self::Tab, Self::Semicolon, Self::Comma].into_iter().find(|delimiter| spans(record, *delimiter).len() > 1)
    }

    /// How it is written.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Tab => "\t",
            Self::Semicolon => ";",
            Self::Comma => ",",
        }
    }

    pub(super) fn is(self, c: char) -> bool {
        match self {
            Self::Tab => c == '\t',
            Self::Semicolon => is_semicolon(c),
            Self::Comma => is_comma(c),
        }
    }
}

pub(super) fn is_semicolon(c: char) -> bool {
    matches!(c, ';' | '；' | '؛' | '﹔')
}

pub(super) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | '،' | '﹐' | '﹑' | '､')
}

/// Where the cells of a record stand.
pub(super) fn spans(record: &str, delimiter: Delimiter) -> Vec<Range<usize>> {
    cut(record, |c| delimiter.is(c)).0
}

/// The cells of a record, and whether the last one is a quoted one that does not end. A quotation mark opens at the
/// beginning of a cell only, two in a row stand for one, and nothing is cut in quotes and in `<…>`.
fn cut(record: &str, is_delimiter: impl Fn(char) -> bool) -> (Vec<Range<usize>>, bool) {
    let (mut cells, mut start) = (Vec::new(), 0);
    let (mut is_blank_so_far, mut in_quotes, mut in_angle) = (true, false, false);
    let mut characters = record.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if in_quotes {
            let is_doubled = c == '"' && characters.next_if(|(_, next)| *next == '"').is_some();
            in_quotes = c != '"' || is_doubled;
        } else if is_delimiter(c) && !in_angle {
            cells.push(start..at);
            (start, is_blank_so_far) = (at + c.len_utf8(), true);
        } else {
            match c {
                '"' => in_quotes = is_blank_so_far,
                '<' => in_angle = record.get(at + 1..).is_some_and(closes_angle),
                '>' => in_angle = false,
                _ => {}
            }
            is_blank_so_far &= is_blank(c);
        }
    }
    cells.push(start..record.len());
    (cells, in_quotes)
}

/// Whether the `<` before `rest` is closed on its line and encloses no other.
fn closes_angle(rest: &str) -> bool {
    let end = rest.find(|c| matches!(c, '<' | '>') || is_line_break(c));
    end.and_then(|end| rest.get(end..)).is_some_and(|rest| rest.starts_with('>'))
}
