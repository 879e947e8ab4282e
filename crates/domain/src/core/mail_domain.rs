//! The part of an e-mail address after the at-sign.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

/// Why a text is no domain that mail can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailDomainError {
    /// It has something in it that no domain has.
    Invalid,
    /// It has one label only.
    NoDot,
}

/// The ASCII form of a domain (UTS 46 with its validity criteria), of letters, digits and hyphens only (IDNA 2008).
pub(crate) fn ascii(domain: &str) -> Result<String, MailDomainError> {
    let ascii = Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| MailDomainError::Invalid)?;
    // The Unicode form is what is looked at: symbols, which UTS 46 lets pass, may also have been typed as `xn--…`.
    // What has no such label is letters, digits and hyphens already.
    if ascii.contains("xn--") && !unicode(&ascii).split('.').all(is_label) {
        return Err(MailDomainError::Invalid);
    }
    let (_, top) = ascii.rsplit_once('.').ok_or(MailDomainError::NoDot)?;
    // A number at the end is an IP address: mail would go to a machine inside the operator's network.
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MailDomainError::Invalid);
    }
    Ok(ascii.into_owned())
}

/// A domain as people read it: `bücher.example` for `xn--bcher-kva.example`.
pub(crate) fn unicode(ascii: &str) -> String {
    let (text, _) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    text.into_owned()
}

fn is_label(label: &str) -> bool {
    let characters: Vec<char> = label.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| characters.get(place).copied());
    characters
        .iter()
        .enumerate()
        .all(|(place, c)| is_allowed(*c, at(place.checked_sub(1)), at(place.checked_add(1)), &characters))
}

/// IDNA 2008 (RFC 5892): letters, marks, decimal digits and the hyphen, the exceptions of its section 2.6, and what its
/// appendix A allows beside certain neighbors. Unassigned, unstable and invisible characters are refused by UTS 46 before.
fn is_allowed(c: char, before: Option<char>, after: Option<char>, label: &[char]) -> bool {
    match c {
        '-' | '\u{6FD}' | '\u{6FE}' | '\u{F0B}' | '\u{3007}' => true,
        '\u{640}' | '\u{7FA}' | '\u{302E}' | '\u{302F}' | '\u{3031}'..='\u{3035}' | '\u{303B}' => false,
        '\u{B7}' => before == Some('l') && after == Some('l'),
        '\u{375}' => after.is_some_and(|c| matches!(c, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}')),
        '\u{5F3}' | '\u{5F4}' => before.is_some_and(|c| matches!(c, '\u{590}'..='\u{5FF}')),
        '\u{30FB}' => label.iter().any(|c| is_japanese(*c)),
        _ => is_letter_or_digit(c),
    }
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{3400}'..='\u{9FFF}')
}

/// Whether `c` may be in a domain, next to the right characters.
pub(crate) fn may_be_in_label(c: char) -> bool {
    let is_exception = matches!(
        c,
        '\u{B7}' | '\u{375}' | '\u{5F3}' | '\u{5F4}' | '\u{6FD}' | '\u{6FE}' | '\u{F0B}' | '\u{3007}' | '\u{30FB}'
    );
    is_exception || is_letter_or_digit(c)
}

/// Whether `c` is a letter, a mark that belongs to one, or a decimal digit: what a label can end with.
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    use GeneralCategory as Category;
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let category = CodePointMapData::<Category>::new().get(c);
    [
        Category::LowercaseLetter,
        Category::UppercaseLetter,
        Category::TitlecaseLetter,
        Category::OtherLetter,
        Category::ModifierLetter,
        Category::NonspacingMark,
        Category::SpacingMark,
        Category::DecimalNumber,
    ]
    .contains(&category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_of_all_scripts_are_kept() {
        for domain in [
            "example.com",
            "xn--bcher-kva.example",
            "bücher.example",
            "例え.テスト",
            "пример.рф",
            "مثال.إختبار",
            "उदाहरण.परीक्षा",
            "l·l.example",
            "コム・コム.example",
            "3com.example",
            "a--b.example",
        ] {
            assert!(ascii(domain).is_ok(), "{domain}");
        }
        assert_eq!(unicode(&ascii("BÜCHER.example").unwrap()), "bücher.example");
    }

    #[test]
    fn i11_symbols_and_punctuation_are_in_no_domain() {
        for domain in [
            "example.com،",
            "example.com»",
            "example.com•",
            "example.com—",
            "example.com®",
            "exam®ple.com",
            "♥.example",
            "xn--g6h.example",
            "😀.example",
            "xn--e28h.example",
            "❶.example",
            "🅐.example",
            "a·b.example",
            "・.example",
            "exam_ple.com",
            "exam’ple.com",
        ] {
            assert_eq!(ascii(domain), Err(MailDomainError::Invalid), "{domain}");
        }
        assert_eq!(ascii("example"), Err(MailDomainError::NoDot));
    }
}
