//! The e-mail address, in the one form that is stored, compared and written to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::core::words::schema_of_format;

pub use crate::core::email_address_error::EmailAddressError;
use crate::core::invisible::is_invisible;
use crate::core::mail_domain::{self, MailDomainError, is_letter_or_digit, may_be_in_label};

/// The longest address that can be written to (RFC 5321), in bytes.
const MAX_LENGTH: usize = 254;
/// The longest part before the at-sign (RFC 5321), in bytes.
const MAX_LOCAL_LENGTH: usize = 64;
/// Nothing this long can become an address, so it is not even normalized.
const MAX_TYPED_LENGTH: usize = 4 * MAX_LENGTH;

/// A person's e-mail address in its normalized form (I11, U-26).
///
/// Trimmed, Unicode NFKC, all lower-case, the domain in its ASCII (IDNA) form. Two texts are the same address exactly
/// when these forms are equal, and mail is only ever sent to this form: what someone typed is not kept, so a spelling
/// that merely compares equal can never receive another person's link.
///
/// All of it is ASCII, so that every mail server takes it: a local part in another script could be written to by servers
/// with SMTPUTF8 only, and only if all on the way have it. Full-width letters become plain ones, and `İ` becomes `i`.
///
/// Plus-addresses are kept: `ana+test@example.com` is another address than `ana@example.com`. Only the domain's owner
/// knows whether both reach one mailbox; dots in the local part are kept for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads what a person, a file or a peer gave as an address and brings it into the normalized form (I11).
    pub fn parse(text: &str) -> Result<Self, EmailAddressError> {
        let normalized = normalize(text.trim())?;
        let (local, domain) = normalized.split_once('@').ok_or(EmailAddressError::MissingAt)?;
        if domain.contains('@') {
            return Err(EmailAddressError::SeveralAts);
        }

        check_local_part(local)?;
        let domain = mail_domain::ascii(domain).map_err(|error| match error {
            MailDomainError::Invalid => EmailAddressError::Domain,
            MailDomainError::NoDot => EmailAddressError::DomainWithoutDot,
        })?;
        let address = format!("{local}@{domain}");
        if address.len() > MAX_LENGTH {
            return Err(EmailAddressError::TooLong);
        }
        Ok(Self(address))
    }

    /// The normalized address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the at-sign, in ASCII; decides the connection (SSO routing) and the partner a person belongs to.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as people read and type it, with the letters of its domain: `ana@bücher.example`.
    pub fn unicode(&self) -> String {
        format!("{}@{}", self.local_part(), mail_domain::unicode(self.domain()))
    }

    /// The part before the at-sign.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

/// Checks come after the normalization they could be evaded by, except for what normalization itself would hide.
fn normalize(typed: &str) -> Result<String, EmailAddressError> {
    if typed.is_empty() {
        return Err(EmailAddressError::Empty);
    }
    if typed.len() > MAX_TYPED_LENGTH {
        return Err(EmailAddressError::TooLong);
    }
    if typed.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(EmailAddressError::HiddenCharacter);
    }
    let compatible: String = typed.nfkc().collect();
    if at_signs(&compatible) != at_signs(typed) {
        return Err(EmailAddressError::LookAlikeAt);
    }
    if let Some(symbol) = typed.chars().find(|c| !may_become_ascii(*c)) {
        let is_wide_space = symbol.is_whitespace();
        return Err(if is_wide_space { EmailAddressError::Space } else { EmailAddressError::Symbol });
    }
    // Character by character: the lower-case sigma of a whole word would depend on its neighbors. The small form of İ is
    // an i with a dot above, which no one tells from an i.
    let lower: String = compatible.chars().flat_map(char::to_lowercase).nfkc().collect();
    let folded = lower.replace("i\u{307}", "i");
    if folded.chars().any(is_invisible) {
        return Err(EmailAddressError::HiddenCharacter);
    }
    if folded.contains(char::is_whitespace) {
        return Err(EmailAddressError::Space);
    }
    Ok(folded)
}

/// Whether a character that was typed may stand for what NFKC makes of it. `™` must not become `tm` nor `²` a digit: that
/// would be another address than the one someone sees.
fn may_become_ascii(c: char) -> bool {
    let is_wide_form = matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{3002}' | '\u{FF61}');
    c.is_ascii() || is_wide_form || may_be_in_label(c)
}

fn at_signs(text: &str) -> usize {
    text.chars().filter(|c| *c == '@').count()
}

fn check_local_part(local: &str) -> Result<(), EmailAddressError> {
    if local.starts_with('"') {
        return Err(EmailAddressError::QuotedLocalPart);
    }
    if local.len() > MAX_LOCAL_LENGTH && local.is_ascii() {
        return Err(EmailAddressError::LocalPartTooLong);
    }
    let is_dot_atom =
        |is_part: fn(char) -> bool| local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_part));
    if is_dot_atom(is_atom_character) {
        Ok(())
    } else if is_dot_atom(|c| is_atom_character(c) || is_letter_or_digit(c)) {
        Err(EmailAddressError::ForeignLocalPart)
    } else {
        Err(EmailAddressError::LocalPart)
    }
}

/// RFC 5322 `atext`.
fn is_atom_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for EmailAddress {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = EmailAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailAddressError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl utoipa::PartialSchema for EmailAddress {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_format(utoipa::openapi::KnownFormat::Email, "ana@example.com")
    }
}

impl utoipa::ToSchema for EmailAddress {}

#[cfg(test)]
mod tests {
    use super::EmailAddressError::*;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn i11_every_spelling_of_an_address_becomes_the_same_one() {
        for typed in [
            "ana@example.com",
            "  Ana@Example.COM\r\n",
            "ＡＮＡ@ｅｘａｍｐｌｅ.com",
            "ana@example\u{3002}com",
            "ana@EXAMPLE\u{FF0E}com",
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), "ana@example.com", "{typed:?}");
        }
        assert_eq!(EmailAddress::parse("JORG@Bücher.Example").unwrap().as_str(), "jorg@xn--bcher-kva.example");
        assert_eq!(EmailAddress::parse("a@bu\u{308}cher.example"), EmailAddress::parse("a@BÜCHER.example"));
        assert_eq!(EmailAddress::parse("\u{212A}im@a.example").unwrap().as_str(), "kim@a.example");
    }

    #[test]
    fn i11_the_turkish_capital_i_is_an_i() {
        for typed in ["İBRAHİM@EXAMPLE.COM", "i\u{307}brahi\u{307}m@example.com", "İbrahim@EXAMPLE.COM"] {
            assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), "ibrahim@example.com", "{typed}");
        }
        assert_eq!(EmailAddress::parse("a@İSTANBUL.example").unwrap().as_str(), "a@istanbul.example");
        assert_eq!(EmailAddress::parse("ıbrahim@example.com"), Err(ForeignLocalPart));
    }

    #[test]
    fn people_read_the_letters_of_a_domain() {
        let address = EmailAddress::parse("jorg@Bücher.Example").unwrap();
        assert_eq!(address.unicode(), "jorg@bücher.example");
        assert_eq!(EmailAddress::parse(&address.unicode()), Ok(address));
        assert_eq!(EmailAddress::parse("a@b.example").unwrap().unicode(), "a@b.example");
    }

    #[test]
    fn i11_what_only_resembles_an_address_is_another_one() {
        let ana = EmailAddress::parse("ana@example.com").unwrap();
        for other in ["ana+test@example.com", "a.na@example.com", "ana@ехample.com", "ana@example.com.co"] {
            assert_ne!(EmailAddress::parse(other).unwrap(), ana, "{other}");
        }
        for other in ["аna@example.com", "mıke@a.example"] {
            assert_eq!(EmailAddress::parse(other), Err(ForeignLocalPart), "{other}");
        }
    }

    #[test]
    fn its_parts_can_be_asked_for() {
        let address = EmailAddress::parse("Ana.Lopez+x@Mail.Example.com").unwrap();
        assert_eq!((address.local_part(), address.domain()), ("ana.lopez+x", "mail.example.com"));
        assert_eq!(address.to_string(), "ana.lopez+x@mail.example.com");
    }

    #[test]
    fn i11_what_is_wrong_is_said() {
        for (typed, error) in [
            ("", Empty),
            (" \t\n", Empty),
            ("ana", MissingAt),
            ("ana.example.com", MissingAt),
            ("ana@b@example.com", SeveralAts),
            ("ana@example.com@", SeveralAts),
            ("ana\u{FF20}example.com", LookAlikeAt),
            ("ana\u{FE6B}example.com", LookAlikeAt),
            ("ana@example.com\u{FF20}evil.example", LookAlikeAt),
            ("an\u{200B}a@example.com", HiddenCharacter),
            ("ana@exam\u{AD}ple.com", HiddenCharacter),
            ("\u{202E}ana@example.com", HiddenCharacter),
            ("\u{3164}@example.com", HiddenCharacter),
            ("a\0na@example.com", HiddenCharacter),
            ("ana@example.com\r\nBcc: x@y.example", HiddenCharacter),
            ("ana lopez@example.com", Space),
            ("ana@example .com", Space),
            ("ana\u{A0}b@example.com", Space),
            ("\"ana\"@example.com", QuotedLocalPart),
            ("\"a b\"@example.com", Space),
            ("@example.com", LocalPart),
            (".ana@example.com", LocalPart),
            ("ana.@example.com", LocalPart),
            ("a..na@example.com", LocalPart),
            ("a\u{2026}na@example.com", Symbol),
            ("ana,bob@example.com", LocalPart),
            ("ana<bob@example.com", LocalPart),
            ("ana;@example.com", LocalPart),
            ("ana(x)@example.com", LocalPart),
            ("a😀@example.com", Symbol),
            ("a\u{2122}@example.com", Symbol),
            ("a\u{B2}@example.com", Symbol),
            ("ana@example.com\u{2122}", Symbol),
            ("ana@example.com\u{AE}", Symbol),
            ("ana@example.com\u{60C}", Symbol),
            ("ana@example.com\u{BB}", Symbol),
            ("ana@example.com\u{2022}", Symbol),
            ("ana@example.com\u{2014}", Symbol),
            ("ana@xn--g6h.example", Domain),
            ("jörg@example.com", ForeignLocalPart),
            ("अना@example.com", ForeignLocalPart),
            ("அனா@example.com", ForeignLocalPart),
            ("อานา@example.com", ForeignLocalPart),
            ("安娜@example.com", ForeignLocalPart),
            ("ana@", Domain),
            ("ana@localhost", DomainWithoutDot),
            ("ana@.com", Domain),
            ("ana@example.com.", Domain),
            ("ana@example..com", Domain),
            ("ana@-example.com", Domain),
            ("ana@exa_mple.com", Domain),
            ("ana@[127.0.0.1]", Domain),
            ("ana@127.0.0.1", Domain),
            ("ana@xn--a.com", Domain),
            ("ana@example.com>", Domain),
        ] {
            assert_eq!(EmailAddress::parse(typed), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn lengths_are_those_of_the_mail_protocol() {
        let local = "a".repeat(64);
        assert!(EmailAddress::parse(&format!("{local}@example.com")).is_ok());
        assert_eq!(EmailAddress::parse(&format!("{local}a@example.com")), Err(LocalPartTooLong));

        let domain = format!("{0}.{0}.{0}", "b".repeat(61));
        let longest = format!("{local}@{domain}.ex");
        assert_eq!(longest.len(), 253);
        assert!(EmailAddress::parse(&format!("{longest}x")).is_ok());
        assert_eq!(EmailAddress::parse(&format!("{longest}xx")), Err(TooLong));
        assert_eq!(EmailAddress::parse(&"a@b.".repeat(1_000_000)), Err(TooLong));
    }

    #[test]
    fn json_holds_it_as_text_and_checks_it() {
        let address: EmailAddress = serde_json::from_str("\"Ana@Example.com\"").unwrap();
        assert_eq!(serde_json::to_string(&address).unwrap(), "\"ana@example.com\"");
        let refused = serde_json::from_str::<EmailAddress>("\"ana\"").unwrap_err().to_string();
        assert!(refused.starts_with("The @ is missing"), "{refused}");
    }

    proptest! {
        #[test]
        fn i11_normalizing_twice_changes_nothing(local in "[a-zA-ZİＡ-Ｚ\\p{L}\\p{N}\\p{M}.+_'-]{1,12}", domain in "[\\p{L}\\p{N}-]{1,12}\\.[a-zéİ]{2,5}") {
            if let Ok(address) = EmailAddress::parse(&format!("{local}@{domain}")) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
                prop_assert_eq!(EmailAddress::parse(&address.unicode()), Ok(address.clone()));
                prop_assert!(address.as_str().is_ascii());
            }
        }

        #[test]
        fn no_text_is_too_strange(text in ".*@?.*") {
            let _ = EmailAddress::parse(&text);
        }

        #[test]
        fn case_never_matters_in_ascii(local in "[a-zA-Z0-9+_-]{1,20}", domain in "[a-zA-Z0-9]{1,20}\\.[a-zA-Z]{2,6}") {
            let typed = format!("{local}@{domain}");
            prop_assert_eq!(EmailAddress::parse(&typed).map(String::from), Ok(typed.to_ascii_lowercase()));
        }
    }
}
