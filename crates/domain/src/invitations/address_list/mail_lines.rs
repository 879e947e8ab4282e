//! The lines of an email, of a form, or of a program: what stands before their colons says whose address is behind them. Whoever
//! stands behind anything but a word for a recipient or for the own address is not invited, whatever the word is and in whatever
//! language: subjects, managers and the ids of messages need no list of their own.

use super::decoration::{LONGEST_LABEL, behind_marks, has_at_sign, is_at_sign, is_blank, may_be_mistyped, sure_name};
use super::labels::{self, Label};
use super::records::{is_comma, is_semicolon};
use crate::core::search_text::search_key;

/// So many words stand behind the author: `a écrit :`.
const MOST_BEHIND: usize = 3;

/// `On`, `Am`, `Le`, `Den`: what stands before the day of an email that is answered is no longer.
const LONGEST_BEFORE_DAY: usize = 3;

/// In bytes.
const LONGEST_LOCAL_PART: usize = 64;

/// What stands before addresses and is no label.
const SCHEMES: [&str; 3] = ["mailto", "smtp", "sip"];

/// A part of a record, and whether whom it names may be invited.
pub(super) struct Part<'t> {
    pub text: &'t str,
    pub is_addressed: bool,
}

/// A record cut at its labels: `To: ana@x.example Subject: Lunch with eve@x.example` are two parts, of which the second addresses
/// no one. What is behind a label that is not known is one part to its end.
pub(super) fn parts(record: &str) -> Vec<Part<'_>> {
    let labels = labels(record);
    let last_address = record.rfind(is_at_sign).unwrap_or(0);
    let ends = labels.iter().skip(1).map(|next| next.start).chain([record.len()]);
    let mut parts = Parts { record, parts: Vec::new(), begin: 0 };
    for (place, end) in labels.iter().zip(ends).take_while(|(place, _)| place.start <= last_address) {
        match place.kind(record, end) {
            Label::Recipient => parts.begin_at(place.start, place.end),
            Label::Field if has_at_sign(record.get(place.end..end).unwrap_or_default()) => {
                parts.begin_at(place.start, place.start);
                parts.push(end, false);
            }
            Label::Field | Label::Person => {}
            Label::Unknown => {
                parts.begin_at(place.start, place.start);
                parts.push(record.len(), false);
                return parts.parts;
            }
        }
    }
    parts.push(record.len(), true);
    parts.parts
}

struct Parts<'t> {
    record: &'t str,
    parts: Vec<Part<'t>>,
    begin: usize,
}

impl Parts<'_> {
    /// Ends a part and begins one behind it.
    fn begin_at(&mut self, end: usize, begin: usize) {
        self.push(end, true);
        self.begin = begin;
    }

    fn push(&mut self, end: usize, is_addressed: bool) {
        let text = self.record.get(self.begin..end).unwrap_or_default();
        self.begin = end;
        if text.contains(char::is_alphanumeric) {
            self.parts.push(Part { text, is_addressed });
        }
    }
}

/// Where a label stands, and where what it is about begins.
struct Place {
    start: usize,
    colon: usize,
    end: usize,
}

impl Place {
    fn kind(&self, record: &str, end: usize) -> Label {
        let label = record.get(self.start..self.colon).unwrap_or_default();
        let is_open = label.matches('(').count() > label.matches(')').count();
        if is_open || !label.contains(char::is_alphabetic) {
            return Label::Person;
        }
        let known = if label.len() > LONGEST_LABEL { Label::Unknown } else { labels::label(label) };
        if known == Label::Unknown && names(label, record.get(self.end..end).unwrap_or_default()) {
            return Label::Person;
        }
        known
    }
}

/// The labels of a record: before each colon, what stands between it and a separator, an address, or the colon before. Each
/// character is in one label at most.
fn labels(record: &str) -> Vec<Place> {
    let (mut found, mut start, mut skipped, mut in_address) = (Vec::new(), 0, 0, false);
    // A mark in front of it begins no quotation: it is in one that was looked at, or there is none to end one.
    let mut unquoted_until = 0;
    for (at, c) in record.char_indices().filter(|(_, c)| !c.is_alphanumeric()) {
        let behind = at + c.len_utf8();
        if at < skipped {
            continue;
        } else if c == '<' {
            skipped = end_of_angle(record, behind).unwrap_or(0);
            start = start.max(skipped);
        } else if c == '"' && at >= unquoted_until {
            let end = end_of_quotation(record, behind);
            unquoted_until = end.unwrap_or(record.len());
            skipped = end.filter(|end| is_name(record, at, *end)).unwrap_or(0);
        } else if is_semicolon(c) || is_comma(c) || matches!(c, '\t' | '|') || (is_blank(c) && in_address) {
            // The parameters of a vCard stand between the name of a line and its colon.
            let is_inside = !in_address && is_property(record.get(behind..).unwrap_or_default());
            start = if is_inside { start } else { behind };
            in_address = false;
        } else if is_at_sign(c) {
            in_address = true;
        } else if (matches!(c, ':' | '：') || is_equals_between_blanks(record, at))
            && !in_address
            && is_behind_label(record, start, at, behind)
        {
            found.push(Place { start, colon: at, end: behind });
            start = behind;
        }
    }
    found
}

/// `manager = boss@x.example`, as programs and people write settings.
fn is_equals_between_blanks(record: &str, at: usize) -> bool {
    record.get(at.saturating_sub(1)..at + 2) == Some(" = ")
}

/// `TYPE=WORK:` or `TYPE=WORK;`.
fn is_property(text: &str) -> bool {
    let name = text.get(..text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len()));
    let name = name.filter(|name| (1..LONGEST_LABEL).contains(&name.len()));
    name.and_then(|name| text.get(name.len()..)).is_some_and(|rest| rest.starts_with('='))
}

/// Neither the colon of a time nor that of a link.
fn is_behind_label(record: &str, start: usize, colon: usize, behind: usize) -> bool {
    let label = record.get(start..colon).unwrap_or_default();
    let rest = record.get(behind..).unwrap_or_default();
    let is_time = label.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit());
    let word = label.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    !is_time && !SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Where `<…>` ends: a colon in it is behind no label.
fn end_of_angle(record: &str, inside: usize) -> Option<usize> {
    let rest = record.get(inside..)?;
    let end = rest.find(['<', '>'])?;
    rest.get(end..)?.starts_with('>').then_some(inside + end + 1)
}

fn end_of_quotation(record: &str, inside: usize) -> Option<usize> {
    let mut is_protected = false;
    let is_end = |(_, c): &(usize, char)| {
        let is_end = *c == '"' && !is_protected;
        is_protected = *c == '\\' && !is_protected;
        is_end
    };
    record.get(inside..)?.char_indices().find(is_end).map(|(end, _)| inside + end + 1)
}

/// Whether a quotation is a name, and not a quoted line or address.
fn is_name(record: &str, at: usize, end: usize) -> bool {
    let rest = record.get(end..).unwrap_or_default().trim_start_matches(is_blank);
    rest.starts_with('<') || !has_at_sign(record.get(at..end).unwrap_or_default())
}

/// Whether a label of several words is the name in the address behind it: `Ana Lopez: ana@x.example`.
fn names(label: &str, text: &str) -> bool {
    let name = if label.len() > LONGEST_LABEL { None } else { sure_name(label) };
    let before = text.split(is_at_sign).next().unwrap_or_default();
    let local_part = before.rsplit(|c| is_blank(c) || c == '<').next().unwrap_or_default();
    name.is_some_and(|name| name.contains(' ') && name_in_address(&name, local_part))
}

/// Whether a word of a name is in the part of an address before its at-sign. It is asked for every cell beside an address, so no
/// longer one is looked at than an address has.
pub(super) fn name_in_address(name: &str, local_part: &str) -> bool {
    if local_part.len() > LONGEST_LOCAL_PART {
        return false;
    }
    let local_part = local_part.to_lowercase();
    // `joerg@x.example` is Jörg's.
    let plain = local_part.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    let is_part = |word: &str| local_part.split(|c: char| !c.is_alphabetic()).any(|part| part == word);
    let is_in = |word: &str| is_part(word) || (word.len() > 2 && (local_part.contains(word) || plain.contains(word)));
    search_key(name).split(|c: char| !c.is_alphabetic()).any(|word| word.len() > 1 && is_in(word))
}

/// What the label says that a record begins with, and whether something follows on it.
pub(super) fn beginning(record: &str) -> Option<(Label, bool)> {
    let labels = labels(record);
    let first = labels.first().filter(|first| first.start == 0 && first.colon <= LONGEST_LABEL)?;
    let has_text = record.get(first.end..).is_some_and(|rest| rest.contains(char::is_alphanumeric));
    Some((first.kind(record, labels.get(1).map_or(record.len(), |next| next.start)), has_text))
}

/// `Subject:` of `Subject:⇥Lunch`, as mail programs show the beginning of an email.
pub(super) fn is_labeled_row(record: &str) -> bool {
    record.split_once('\t').is_some_and(|(label, _)| label.trim_end_matches(is_blank).ends_with([':', '：']))
}

/// Whether the first cell of a row is the label of the second: neither a word for a recipient nor the name in the address.
pub(super) fn is_labeled_for_another(row: &str) -> bool {
    row.split_once('\t').is_some_and(|(label, text)| {
        labels::label(label) != Label::Recipient && label.contains(char::is_alphabetic) && !names(label, text)
    })
}

/// How a line may go on in the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Cut {
    #[default]
    Nowhere,
    /// In a word that has marks in it, where the next line is indented: `mailto:ana.lo⏎ pez@x.example`.
    InWord,
    /// In the address of a calendar, where the next line is indented and begins with none: `mailto:ana@x.exam⏎ ple`.
    InAddress,
    /// At the `=` of an encoded email, whatever the next line is.
    AtEquals,
}

impl Cut {
    /// Where a line may have been cut.
    pub fn of(line: &str) -> Self {
        let word = line.rsplit(is_blank).next().unwrap_or_default();
        let has_marks = |c: char| matches!(c, '.' | ':' | '_' | '+' | '=');
        if word.len() > 1 && word.ends_with('=') {
            Self::AtEquals
        } else if !word.ends_with(char::is_alphanumeric) || !word.contains(has_marks) {
            Self::Nowhere
        } else if !has_at_sign(word) {
            Self::InWord
        } else if word.to_ascii_lowercase().contains("mailto:") {
            Self::InAddress
        } else {
            Self::Nowhere
        }
    }

    /// Whether the next line goes on with the word.
    pub fn goes_on_in(self, line: &str) -> bool {
        let is_indented = line.starts_with([' ', '\t']);
        let first = line.split_whitespace().next().unwrap_or_default();
        let is_part = first.starts_with(|c: char| c.is_ascii_alphanumeric()) && !has_at_sign(first);
        match self {
            Self::Nowhere => false,
            Self::InWord => is_indented,
            Self::InAddress => is_indented && is_part,
            Self::AtEquals => true,
        }
    }
}

/// Whether a record says whose email is answered: `On Mon, Jan 2, 2026 at 3:00 PM Ana Lopez <ana@example.com> wrote:`.
pub(super) fn is_attribution(record: &str) -> bool {
    let text = record.trim_matches(is_blank);
    let Some((before, behind)) = text.split_once(is_at_sign) else { return false };
    let begin_of_address = before.rfind(|c| is_blank(c) || c == '<').unwrap_or(0);
    let (before, address) = before.split_at(begin_of_address);
    let has_year = before.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() == 4);
    let is_answered = text.ends_with(':') || (address.starts_with('<') && has_clock(before));
    let first = unquoted(before).split(is_blank).next().unwrap_or_default();
    let is_day = first.starts_with(|c: char| c.is_ascii_digit())
        || (first.chars().count() <= LONGEST_BEFORE_DAY && first.chars().all(char::is_alphabetic));
    let end = behind.find('>').map_or_else(|| behind.find(is_blank), |end| Some(end + 1)).unwrap_or(behind.len());
    let behind = behind.get(end..).unwrap_or_default();
    let is_another = has_at_sign(behind) || may_be_mistyped(behind) || behind.split_whitespace().count() > MOST_BEHIND;
    has_year && is_answered && is_day && !is_another && !record.contains('\t')
}

/// `-- me@x.example` at the end of an email, and `# eve@x.example`, which a list for programs leaves out.
pub(super) fn is_signature_or_comment(record: &str) -> bool {
    let text = behind_marks(record);
    let end = if text.starts_with('"') { end_of_quotation(text, 1) } else { None };
    let inner = text.trim_start_matches(|c| is_blank(c) || c == '"');
    let is_comment = ["#", "//"].iter().any(|mark| inner.starts_with(mark));
    record.starts_with("-- ") || (is_comment && !end.is_some_and(|end| is_name(text, 0, end)))
}

/// `15:00`.
fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(3).any(|three| matches!(three, [a, b':', c] if a.is_ascii_digit() && c.is_ascii_digit()))
}

/// A record without the marks of a quotation in front of it.
pub(super) fn unquoted(record: &str) -> &str {
    record.trim_start_matches(|c| is_blank(c) || c == '>')
}
