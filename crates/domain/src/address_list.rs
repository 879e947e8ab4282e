//! Reads the email addresses out of a text somebody pasted: a list, a table, the lines of an email (U-11, ED-4).
//!
//! The text is taken record by record ([`records`]). What stands in one is found by [`reader`], over the pieces that
//! [`tokens`] cuts it into; [`row`] decides what the record is: one person with a name, a list of several, or nobody.
//! Below a header, [`columns`] knows in which column to look, and [`table`] reads the rows. Every step looks at every character a bounded number of times,
//! so a megabyte of anything is read in a moment.

mod columns;
mod decoration;
mod enclosed;
mod header_words;
mod reader;
mod records;
mod row;
mod table;
mod tokens;

use std::ops::Range;

use crate::email_address::{EmailAddress, EmailAddressError};

/// How much of a piece is kept to show it; longer ones are never addresses.
pub const MAX_SHOWN: usize = 320;

/// One person of a pasted text: an address, or what stood where one was expected (ED-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedAddress {
    /// What was typed, trimmed and cut after 320 characters.
    pub text: String,
    /// The name that stood beside the address.
    pub name: Option<String>,
    /// The address, or why it is none.
    pub address: Result<EmailAddress, EmailAddressError>,
}

/// A column of a table that may be the one with the addresses of its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressColumn {
    /// Its place, counted from 0.
    pub column: usize,
    /// What it is called, where the table has a header.
    pub name: Option<String>,
    /// The first addresses in it.
    pub examples: Vec<String>,
}

/// What was read of a pasted text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pasted {
    /// Its people.
    pub people: Vec<PastedAddress>,
    /// The columns of its table among which somebody has to choose; empty where the table says which it is.
    pub columns: Vec<AddressColumn>,
}

/// Reads a pasted text into its addresses, in order (U-11, ED-4).
///
/// Semicolons, commas, spaces, tabs and line breaks separate, in any mixture. A line with one address is one person, and
/// the name is what stands beside it: `Ana Lopez <ana@example.com>`, `"Lopez, Ana" <…>`, `Lopez, Ana <…>`, in cells of a
/// table before or after it, in brackets behind it. A header is recognized, says which columns are the address and the
/// name, and is no person; addresses in the other columns of its table invite nobody ([`columns`]). A line without an address, and words in a list that belong to nothing, come back as one piece
/// with an error: they may be a mistyped address, and nobody must be left out silently.
///
/// What stands in `<…>` is one piece, whatever is in it; so is a cell, a bracket or a quotation, where words stand beside the
/// address that are no name. Quotes, brackets, `mailto:`, punctuation and symbols around an
/// address are taken off, `To:` in front of a line is too. Duplicates are left to the caller.
pub fn parse(text: &str) -> Vec<PastedAddress> {
    parse_first(text, usize::MAX)
}

/// The same for the first pieces only: the lines after so many are not looked at.
pub fn parse_first(text: &str, most: usize) -> Vec<PastedAddress> {
    read(text, None, most).people
}

/// The same, with the column that somebody chose where the table does not say which one has the addresses.
pub fn read(text: &str, chosen: Option<usize>, most: usize) -> Pasted {
    let mut read = Pasted::default();
    let mut table = None;
    let mut records = records::records(text).filter(|record| !table::is_preamble(record));
    let mut is_first = true;
    while read.people.len() < most
        && let Some(record) = records.next()
    {
        let begun = table::begin(record, records.clone(), is_first, chosen);
        is_first = false;
        if let Some(begun) = begun {
            table = begun.table;
            if read.columns.is_empty() {
                read.columns = begun.columns;
            }
            if begun.is_header {
                continue;
            }
        }
        let people = table.as_ref().and_then(|table: &table::Table| table.read(record));
        read.people.extend(people.unwrap_or_else(|| row::read(record)));
    }
    read.people.truncate(most);
    read
}

/// Where something stands in a record, in bytes.
type Span = Range<usize>;

#[cfg(test)]
mod enclosed_tests;
#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
