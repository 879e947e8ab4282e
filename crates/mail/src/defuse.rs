//! Makes text that an attacker may have chosen harmless in a mail (I9).
//!
//! Mail clients turn anything that looks like an address into a link, also in plain text. We therefore put a hair space
//! (a real space, hardly visible) where such text joins: `evil.com` stays readable and stops being a link.

use std::net::IpAddr;

use jiff::Timestamp;

use crate::RenderError;
use crate::device::device_name;

const HAIR_SPACE: char = '\u{200A}';
const LONGEST_NAME: usize = 100;
const LONGEST_ADDRESS: usize = 254;
const LONGEST_DEVICE: usize = 200;
/// A last resort: whoever takes notes refuses what is longer than it takes, so that nothing is cut here.
const LONGEST_NOTE: usize = 4_000;

/// A name: one short line.
pub(crate) fn name(text: &mut String) {
    *text = line(text, LONGEST_NAME);
}

/// What a browser calls itself: its name and its system where they are known, else one line.
pub(crate) fn device(text: &mut String) {
    *text = device_name(text).unwrap_or_else(|| line(text, LONGEST_DEVICE));
}

/// A message from person to person: lines, paragraphs and indentation as they were typed.
pub(crate) fn note(text: &mut String) {
    let short: String = text.chars().take(LONGEST_NOTE).collect();
    let short = short.replace(['\u{2028}', '\u{2029}'], "\n");
    let lines = short.lines().map(|one| {
        let visible: String = one.replace('\t', "    ").chars().filter(|c| !is_hidden(*c)).map(flat).collect();
        isolated(break_links(visible.trim_end()))
    });
    *text = lines.collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned();
}

/// An e-mail address: kept as it is when it is a plain one, so that people can compare it.
pub(crate) fn address(text: &mut String) {
    if !is_plain_address(text) {
        *text = line(text, LONGEST_ADDRESS);
    }
}

/// An IP address, or whatever stands in its place.
pub(crate) fn network_address(text: &mut String) {
    if text.parse::<IpAddr>().is_err() {
        name(text);
    }
}

/// An RFC 3339 time, or whatever stands in its place.
pub(crate) fn moment(text: &mut String) {
    if text.parse::<Timestamp>().is_err() {
        name(text);
    }
}

/// Refuses what is not a web address of one piece; the caller vouches for where it leads.
pub(crate) fn check_link(link: &str) -> Result<(), RenderError> {
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    let is_whole = link.chars().all(|c| c.is_ascii_graphic() && !"\"'<>\\`".contains(c));
    if is_web && is_whole { Ok(()) } else { Err(RenderError::Link) }
}

fn line(text: &str, longest: usize) -> String {
    let visible: String = text.chars().filter(|c| !is_hidden(*c)).map(flat).collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    isolated(break_links(&shortened(words, longest)))
}

/// Line breaks and other control characters are spaces.
fn flat(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// Characters that show nothing or turn the direction of what follows. The joiners (U+200C, U+200D) stay: Persian and
/// emoji need them, and they cannot join what [`break_links`] parts.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

fn shortened(text: String, longest: usize) -> String {
    if text.chars().nth(longest).is_none() {
        return text;
    }
    text.chars().take(longest).chain(['…']).collect()
}

fn break_links(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        broken.push(c);
        if rest.peek().is_some_and(|next| joins(c, *next)) {
            broken.push(HAIR_SPACE);
        }
    }
    broken
}

/// Whether `c` and `next` together could hold a link: `a.b`, `mailto:x`, `@x`, `//x`, `\\x`, and their wide forms; or begin an
/// encoded word (RFC 2047), which a mail program decodes where it stands in a subject.
fn joins(c: char, next: char) -> bool {
    match c {
        '.' | '。' | '．' | '｡' | '․' | '﹒' | ':' | '：' | '﹕' | '@' | '＠' | '﹫' => {
            !next.is_whitespace()
        }
        '/' | '\\' | '／' => matches!(next, '/' | '\\' | '／'),
        '=' => next == '?',
        _ => false,
    }
}

/// Text that runs from right to left must not reorder our own words around it.
fn isolated(text: String) -> String {
    if text.chars().any(is_right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text }
}

fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

fn is_plain_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_local = |c: char| c.is_ascii_alphanumeric() || "._%+-'".contains(c);
    let is_domain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    text.len() <= LONGEST_ADDRESS
        && !local.is_empty()
        && !local.to_ascii_lowercase().starts_with("www.")
        && local.chars().all(is_local)
        && domain.contains('.')
        && domain.chars().all(is_domain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(text: &str) -> String {
        let mut text = text.to_owned();
        name(&mut text);
        text
    }

    #[test]
    fn i9_no_name_holds_anything_a_mail_client_would_link() {
        for hostile in [
            "evil.com",
            "http://evil.com/x",
            "www.evil.com",
            "x@evil.com",
            "mailto:x@evil.com",
            "evil。com",
            "http:\\\\evil",
            "\\\\evil\\share",
            "ev\u{200B}il.\u{200B}com",
            "=?utf-8?Q?evil=2Ecom?=",
        ] {
            let name = named(hostile);
            let pieces = name.split_whitespace().collect::<Vec<_>>();
            assert!(pieces.len() > 1, "{hostile} became {name}");
            assert!(pieces.iter().all(|piece| !piece.trim_end_matches('.').contains('.')), "{name}");
        }
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["Ana Silva", "O’Brien & Sons", "Łódź AG", "St. Gallen", "👩‍👩‍👧 Familie"] {
            assert_eq!(named(name), name);
        }
    }

    #[test]
    fn names_are_one_short_line_without_hidden_characters() {
        assert_eq!(named("Ana\r\nBcc: x\u{202E}y\u{0}"), "Ana Bcc: xy");
        assert_eq!(named(&"x".repeat(300)).chars().count(), 101);
        assert_eq!(named(&"é".repeat(100)).chars().count(), 100);
    }

    #[test]
    fn right_to_left_names_are_isolated() {
        assert_eq!(named("شركة"), "\u{2068}شركة\u{2069}");
    }

    #[test]
    fn plain_addresses_stay_and_others_are_broken() {
        for (given, shown) in [
            ("ana.silva+x@example.com", "ana.silva+x@example.com"),
            ("www.evil.com@example.com", "www.\u{200A}evil.\u{200A}com@\u{200A}example.\u{200A}com"),
            ("\"a b\"@example.com", "\"a b\"@\u{200A}example.\u{200A}com"),
        ] {
            let mut text = given.to_owned();
            address(&mut text);
            assert_eq!(text, shown);
        }
    }

    #[test]
    fn i8_only_whole_web_addresses_are_links() {
        assert!(check_link("https://id.example.com/a/b?c=d#e").is_ok());
        for bad in ["javascript:alert(1)", "https://x/\" onclick=\"", "https://x/ y", "https://x/\r\nBcc: a", ""] {
            assert!(check_link(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_name_keeps_a_joined_dot_scheme_or_line_break(text in "\\PC*|(?s).{0,300}") {
            let name = named(&text);
            prop_assert!(!name.contains(char::is_control), "{}", name);
            prop_assert!(!name.contains("://"));
            let characters: Vec<char> = name.chars().collect();
            let joined = characters.windows(2).find(|pair| joins(pair[0], pair[1]) && pair[1] != '\u{2069}');
            prop_assert_eq!(joined, None);
        }
    }
}
