//! The sender of all mails.

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use lettre::Address;
use lettre::message::Mailbox;

use crate::MailError;

/// Reads `Portcullis <no-reply@example.com>`.
pub(crate) fn sender(text: &str) -> Result<Mailbox, MailError> {
    let written: Mailbox = text.parse().map_err(|_| MailError::From)?;
    if !written.email.user().is_ascii() {
        return Err(MailError::FromBeyondAscii);
    }
    Ok(Mailbox::new(written.name, ascii(&written.email).ok_or(MailError::From)?))
}

/// The address with its domain in ASCII: no server need take another form, and many take one domain only. `None` where there is none.
fn ascii(address: &Address) -> Option<Address> {
    let (user, domain) = (address.user(), address.domain());
    if domain.is_ascii() {
        return Some(address.clone());
    }
    let uts46 = Uts46::new();
    let ascii = uts46.to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify);
    Address::new(user, ascii.ok()?.as_ref()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_is_written_in_ascii() {
        for (text, written) in [
            ("P <no-reply@m\u{fc}ller.example>", "no-reply@xn--mller-kva.example"),
            ("no-reply@M\u{dc}LLER.example", "no-reply@xn--mller-kva.example"),
            ("\u{dc}ber <no-reply@example.com>", "no-reply@example.com"),
        ] {
            assert_eq!(sender(text).unwrap().email.to_string(), written, "{text}");
        }
        assert!(matches!(sender("P <m\u{fc}ller@example.com>"), Err(MailError::FromBeyondAscii)));
        for none in ["", "P", "a@", "a@\u{2024}.example", "a@b, c@d"] {
            assert!(matches!(sender(none), Err(MailError::From)), "{none}");
        }
    }
}
