//! What was read of a pasted text.

use std::ops::Range;

use crate::core::email_address::{EmailAddress, EmailAddressError};

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
    /// The columns of its table among which someone has to choose; empty where the table says which it is.
    pub columns: Vec<AddressColumn>,
}

/// Where something stands in a record, in bytes.
pub(super) type Span = Range<usize>;
