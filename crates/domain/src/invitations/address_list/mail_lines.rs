//! The lines of an email: what stands before their colons, and what programs and mail programs write around addresses.

use super::decoration::{LONGEST_LABEL, has_at_sign, is_at_sign, is_blank};
use super::header_words;

/// Words between the time of an email that is answered and its author: `at 3:00 PM`, `um 15:00 Uhr schrieb`.
const BEHIND_TIME: [&str; 17] = [
    "am",
    "pm",
    "a.m",
    "p.m",
    "uhr",
    "utc",
    "gmt",
    "cet",
    "cest",
    "wrote",
    "schrieb",
    "h",
    "escribió",
    "ha",
    "scritto",
    "écrit",
    "schreef",
];

/// So many words stand behind the author: `a écrit :`.
const MOST_BEHIND: usize = 3;

/// Whether a record is a line of an email that addresses nobody, whomever it names: its subject, its `Message-ID`.
pub(super) fn is_unaddressed(record: &str) -> bool {
    label(record).is_some_and(|(label, _)| header_words::is_unaddressed(label))
}

/// The record without the `To:` of an email, the `Email:` of a form, or the `>` of a quotation.
pub(super) fn without_label(record: &str) -> &str {
    match label(record) {
        Some((label, rest)) if header_words::is_line_label(label) => rest,
        _ => unquoted(record),
    }
}

/// A record up to a subject in it, and that: `To: ana@example.com Subject: Lunch with eve@example.com`.
pub(super) fn before_subject(record: &str) -> (&str, &str) {
    let first = record.find(is_at_sign).unwrap_or(record.len());
    let begin = |colon: usize| {
        let before = record.get(..colon)?;
        let is_apart = |c: char| is_blank(c) || ";,>".contains(c);
        let (begin, _) = before.char_indices().rev().take(LONGEST_LABEL).take_while(|(_, c)| !is_apart(*c)).last()?;
        before.get(begin..).is_some_and(header_words::is_subject).then_some(begin)
    };
    let colons = record.match_indices([':', '：']).map(|(colon, _)| colon);
    let found = colons.filter(|colon| *colon > first).find_map(begin);
    found.and_then(|at| record.split_at_checked(at)).unwrap_or((record, ""))
}

/// `Ana Lopez <ana@example.com>` of `On Mon, Jan 2, 2026 at 3:00 PM Ana Lopez <ana@example.com> wrote:`.
pub(super) fn author(record: &str) -> Option<&str> {
    let text = record.trim_matches(is_blank);
    let at = record.find(is_at_sign)?;
    let before = record.get(..at)?;
    let begin_of_address = before.rfind(|c| is_blank(c) || c == '<')?;
    let before = record.get(..begin_of_address)?;
    let has_year = before.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() == 4);
    let is_answered = text.ends_with(':') || has_clock(before);
    let behind_date = before.rfind(|c: char| c.is_ascii_digit()).filter(|_| has_year && is_answered)? + 1;
    let rest = record.get(at..)?;
    let end = rest.find('>').map(|end| end + 1).or_else(|| rest.find(is_blank)).map_or(record.len(), |end| at + end);
    let behind = record.get(end..)?;
    if has_at_sign(behind) || record.contains('\t') || behind.split_whitespace().count() > MOST_BEHIND {
        return None;
    }
    let mut author = record.get(behind_date..end)?;
    loop {
        author = author.trim_start_matches(|c| is_blank(c) || ",;:)".contains(c));
        let (word, behind) = author.split_once(is_blank).unwrap_or((author, ""));
        let is_behind_time = BEHIND_TIME.contains(&word.trim_end_matches(['.', ',', ':']).to_lowercase().as_str());
        if !is_behind_time {
            return Some(author);
        }
        author = behind;
    }
}

/// `15:00`.
fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(3).any(|three| matches!(three, [a, b':', c] if a.is_ascii_digit() && c.is_ascii_digit()))
}

/// What stands before the colon of a line, and behind it.
fn label(record: &str) -> Option<(&str, &str)> {
    unquoted(record).split_once([':', '：']).filter(|(label, _)| label.len() <= LONGEST_LABEL && !label.contains('"'))
}

/// A record without the marks of a quotation in front of it.
fn unquoted(record: &str) -> &str {
    record.trim_start_matches(|c| is_blank(c) || c == '>')
}
