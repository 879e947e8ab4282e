//! Something in a record: an address with its name, or words.

use super::decoration::shown;
use super::pasted::{PastedAddress, Span};
use crate::core::email_address::{EmailAddress, EmailAddressError};

/// Something in a record.
pub(super) struct Piece {
    /// All of it, with its name.
    pub span: Span,
    /// Where the address begins; `None` for words.
    pub at: Option<usize>,
    pub name: Option<String>,
    pub address: Result<EmailAddress, EmailAddressError>,
    /// An address without brackets of its own.
    pub is_bare: bool,
    /// An enclosure with more in it than an address.
    pub is_mistyped: bool,
}

impl Piece {
    pub fn is_address(&self) -> bool {
        self.at.is_some()
    }

    pub fn shown_in(self, record: &str) -> PastedAddress {
        let text = shown(record.get(self.span).unwrap_or_default());
        PastedAddress { text, name: self.name, address: self.address }
    }
}
