//! What stands around addresses and names without belonging to them.

use crate::core::csv_guard::unguard;
use crate::core::email_address::EmailAddress;
use crate::core::invisible::is_invisible;
use crate::core::mail_domain::is_letter_or_digit;
use crate::core::person_name::PersonName;

use super::header_words;
use super::pasted::MAX_SHOWN;

/// Marks that stand on both sides of what they decorate, and may be a part of an address on the left one.
const PAIRED: [char; 5] = ['\'', '*', '_', '`', '~'];

/// A longer text is no label.
pub(super) const LONGEST_LABEL: usize = 60;

/// What lines of a list begin with.
const BULLETS: &str = "•*-–—·▪▫‣◦●○■□◆◇▶▸►➤➢→⇒☐☑☒✓✔✗✘★☆✅✉☎";

/// Words that make a clause of whatever they stand in.
const CLAUSE_WORDS: [&str; 17] = [
    "not",
    "never",
    "don't",
    "dont",
    "except",
    "excluding",
    "without",
    "via",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "niemals",
    "außer",
    "ausser",
    "ohne",
    "excepto",
];

/// `van`, `dos`, `della`: words within a name that have no capital are no longer, or one of these.
const LONGEST_PARTICLE: usize = 3;
const LONG_PARTICLES: [&str; 6] = ["della", "delle", "dello", "dalla", "degli", "vander"];

/// A name has at most so many words; more are a sentence.
const MOST_WORDS: usize = 6;

/// In bytes: a longer text beside an address is no name.
const LONGEST_NAME: usize = 400;

/// The byte order mark of a file counts as white space wherever it is.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

/// Look-alikes count, so that the address they are in is refused by what is wrong with it.
pub(super) fn is_at_sign(c: char) -> bool {
    matches!(c, '@' | '＠' | '﹫')
}

pub(super) fn has_at_sign(text: &str) -> bool {
    text.contains(is_at_sign)
}

pub(super) fn count_at_signs(text: &str) -> usize {
    text.chars().filter(|c| is_at_sign(*c)).count()
}

/// Whether a text in a column of names may be an address: `@Cy` is none.
pub(super) fn may_be_address(text: &str) -> bool {
    text.split(is_blank).any(|word| word.trim_start_matches(is_opening).find(is_at_sign).is_some_and(|at| at > 0))
}

/// What is shown of a piece.
pub(super) fn shown(text: &str) -> String {
    text.trim_matches(is_blank).chars().take(MAX_SHOWN).collect()
}

/// The address in `'ana@example.com'`, `(ana@example.com)`, `mailto:ana@example.com?subject=x`, `ana@example.com.`,
/// `ana@example.com™` or `•ana@example.com»`: no address begins or ends with what is taken off.
///
/// Where an ellipsis stands, something was cut off, and at a `=` an encoded line was: no one is written to by half an address.
pub(super) fn undecorated(text: &str) -> &str {
    let mut text = text.trim_start_matches(is_opening).trim_end_matches(is_blank);
    if let Some(link) = without_scheme(text, "mailto:") {
        // Whoever else it is to is not lost with what it says.
        text = link
            .split_once('?')
            .filter(|(_, rest)| !has_at_sign(rest) && !rest.contains("%40"))
            .map_or(link, |(address, _)| address);
    }
    let text = without_scheme(text, "smtp:").unwrap_or(text).trim_start_matches(is_opening);
    let end = text.trim_end_matches(|c| !may_end(c));
    let tail = text.get(end.len()..).unwrap_or_default();
    if !has_at_sign(end) || tail.contains(['…', '‥', '⋯', '=']) || tail.contains("..") {
        return text;
    }
    let start = without_paired(end, tail);
    // `<mailto:ana@example.com|ana@example.com>`, as chats copy it.
    match start.split_once('|') {
        Some((address, label)) if has_at_sign(address) && (!has_at_sign(label) || address == label) => address,
        _ => start,
    }
}

/// Without the marks in front that stand behind it, too: in `tail`.
fn without_paired<'t>(text: &'t str, tail: &str) -> &'t str {
    let mut closing = PAIRED.map(|mark| (mark, tail.matches(mark).count()));
    let mut text = text;
    while let Some(first) = text.chars().next()
        && let Some((_, left)) = closing.iter_mut().find(|(mark, left)| *mark == first && *left > 0)
    {
        *left -= 1;
        text = text.get(first.len_utf8()..).unwrap_or_default().trim_start_matches(is_opening);
    }
    text
}

/// Exchange writes `smtp:ana@example.com`.
fn without_scheme<'t>(text: &'t str, scheme: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Not the full stop and the ellipsis: before an address they say that its beginning is missing.
fn is_opening(c: char) -> bool {
    let is_foreign_sign = !c.is_ascii() && !is_letter_or_digit(c) && !is_at_sign(c) && !matches!(c, '…' | '‥' | '⋯');
    is_foreign_sign || is_invisible(c) || is_blank(c) || "()[]<>\",;:\\".contains(c)
}

fn may_end(c: char) -> bool {
    is_at_sign(c) || (is_letter_or_digit(c) && !is_invisible(c))
}

/// The label behind the bar of `<mailto:ana@example.com|Ana Lopez>`.
pub(super) fn label_of(content: &str) -> Option<String> {
    let (_, label) = content.split_once('|').filter(|(address, label)| has_at_sign(address) && !has_at_sign(label))?;
    Some(shown(label)).filter(|label| label.contains(char::is_alphanumeric))
}

/// The name without its quotes; none when it only repeats the address, as some mail programs write it.
pub(super) fn display_name<E>(text: &str, address: &Result<EmailAddress, E>) -> Option<String> {
    let mut name = String::new();
    let mut characters = without_numbering(behind_sender(text)).chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek().is_some_and(|next| matches!(next, '"' | '\\')) => name.extend(characters.next()),
            '"' => {}
            _ => name.push(c),
        }
    }
    let name = shown(unquoted(name.trim_matches(is_blank).trim_end_matches(|c| is_blank(c) || "([{".contains(c))));
    let repeats = address.as_ref().is_ok_and(|address| EmailAddress::parse(&name).is_ok_and(|name| name == *address));
    Some(name).filter(|name| name.contains(|c: char| !c.is_whitespace() && !is_invisible(c)) && !repeats)
}

/// `Ana Lopez` of `Team on behalf of Ana Lopez`, as mail programs name whom a sender acts for.
fn behind_sender(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let behind = |words: &&str| lower.find(*words).and_then(|at| text.get(at + words.len()..));
    ["on behalf of ", "im auftrag von "].iter().find_map(behind).unwrap_or(text)
}

/// `Bob` of `2) Bob`, `3. Bob`, `(4) Bob`, `5 Bob`, `• Bob`, `☐ Bob` and `- [x] Bob`, as the lines of a list begin.
fn without_numbering(text: &str) -> &str {
    let mut text = text.trim_start_matches(is_blank);
    // What is left of a text without letters from here on is no name.
    let behind_letters = text.rfind(char::is_alphabetic).map_or(0, |at| text.len() - at);
    while let Some(behind) = behind_number(text).or_else(|| behind_bullet(text)) {
        let rest = behind.trim_start_matches(is_blank);
        if rest.len() == behind.len() || rest.len() < behind_letters || behind_letters == 0 {
            break;
        }
        text = rest;
    }
    text
}

/// A line without bullets and the marks of a quoted email in front of it.
pub(super) fn behind_marks(line: &str) -> &str {
    line.trim_start_matches(|c| is_blank(c) || c == '>' || BULLETS.contains(c))
}

fn behind_number(text: &str) -> Option<&str> {
    let number = text.strip_prefix('(').unwrap_or(text);
    let behind = number.trim_start_matches(|c: char| c.is_ascii_digit());
    (behind.len() < number.len()).then(|| behind.strip_prefix(['.', ')']).unwrap_or(behind))
}

/// A box of Markdown has something in it or a blank; signs may have the mark behind them that makes pictures of them.
fn behind_bullet(text: &str) -> Option<&str> {
    let bullet = || text.strip_prefix(|c: char| BULLETS.contains(c)).map(|rest| rest.trim_start_matches('\u{FE0F}'));
    ["[ ]", "[x]", "[X]"].iter().find_map(|mark| text.strip_prefix(mark)).or_else(bullet)
}

fn unquoted(name: &str) -> &str {
    [('\'', '\''), ('“', '”'), ('„', '“'), ('‘', '’')]
        .iter()
        .find_map(|(open, close)| name.strip_prefix(*open)?.strip_suffix(*close))
        .unwrap_or(name)
}

/// The text of a cell: without the quotation marks of a table, and without the mark that keeps a formula from running.
pub(super) fn cell(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => unguard(inner.replace("\"\"", "\"").trim_matches(is_blank)).to_owned(),
        None => unguard(text).to_owned(),
    }
}

/// What a cell of a column of names says.
pub(super) fn name_in(cell: &str) -> Option<String> {
    let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    PersonName::parse(&name).ok().map(String::from).filter(|name| name.contains(char::is_alphanumeric))
}

/// What stands beside an address and looks like a name: a few words with letters and without digits. Not what may be an address
/// with something else for its at-sign: that is someone of their own.
pub(super) fn likely_name(text: &str) -> Option<String> {
    let numbering = |c: char| is_blank(c) || c.is_ascii_digit() || ".)#:-–—•*|/\\,;(<>".contains(c);
    if text.len() > LONGEST_NAME || may_be_mistyped(text) {
        return None;
    }
    let text = cell(behind_sender(text.trim_start_matches(numbering)));
    let text = text.split('|').next().unwrap_or_default();
    let text = text.split_once('(').map_or(text, |(name, _)| name);
    let end = |c: char| is_blank(c) || ":-–—|=,;()<>•*/\\".contains(c);
    let is_unpaired = text.matches('"').count() % 2 == 1;
    let text = if is_unpaired { text.replace('"', "") } else { text.to_owned() };
    let name = text.trim_matches(end).split_whitespace().collect::<Vec<_>>().join(" ");
    let is_name = name.contains(char::is_alphabetic)
        && !name.contains(|c: char| c.is_numeric() || is_at_sign(c) || matches!(c, '?' | '!' | ':'))
        && name.split(' ').count() <= MOST_WORDS
        && !header_words::is_of_addresses(&name);
    if is_name { PersonName::parse(unquoted(&name)).ok().map(String::from) } else { None }
}

/// The same where nothing but blanks stands between: only what begins and ends like a name, since it may as well be a sentence.
pub(super) fn sure_name(text: &str) -> Option<String> {
    let is_lower = |word: &str| word.chars().find(|c| c.is_alphabetic()).is_none_or(char::is_lowercase);
    likely_name(text).filter(|name| {
        let mut words = name.split(' ');
        !words.next().is_none_or(is_lower) && !words.next_back().is_some_and(is_lower)
    })
}

/// Whether words beside an address say something of its person instead of naming them: that they are not meant, for whom they
/// work, through whom they write.
pub(super) fn is_clause(text: &str) -> bool {
    if text.len() > LONGEST_NAME {
        return false;
    }
    let text = text.split('(').next().unwrap_or_default().replace('’', "'");
    let words = text.split(is_blank).map(|word| word.trim_matches(|c: char| !c.is_alphabetic()));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let is_verb = |word: &&str| {
        word.starts_with(char::is_lowercase)
            && word.chars().all(|c| c.is_alphabetic() && !c.is_uppercase())
            && word.chars().count() > LONGEST_PARTICLE
            && !LONG_PARTICLES.contains(word)
    };
    words.iter().any(|word| CLAUSE_WORDS.contains(&word.to_lowercase().as_str()))
        || (words.len() > 2
            && words.iter().any(|word| word.starts_with(char::is_uppercase))
            && words.iter().any(is_verb))
}

/// Whether a word of a text may be an address that has something else for its at-sign, or none: `bob(at)x.example`,
/// `Bob.Smith.x.example`, `bob"x.example`. `Dr.Smith`, `J.R.` and `www.x.example` are none.
pub(super) fn may_be_mistyped(text: &str) -> bool {
    let has_word = |wanted: &str| text.split(is_blank).any(|word| word.eq_ignore_ascii_case(wanted));
    let is_enclosed = |(at, _): (usize, &str)| {
        let inside = text.get(at + 1..at + 4).unwrap_or_default().as_bytes();
        matches!(inside, [b'a' | b'A', b't' | b'T', b')' | b']' | b'}'])
    };
    text.match_indices(['(', '[', '{']).any(is_enclosed)
        || text.split(is_blank).any(has_domain)
        || (text.contains(['d', 'D']) && has_word("at") && has_word("dot"))
}

/// Whether a word ends like a domain: in a dot and letters that begin with a small one, or are all capitals behind several dots.
fn has_domain(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((start, ending)) = word.rsplit_once('.') else { return false };
    let is_link = || start.contains("://") || start.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www."));
    let is_loud = || start.contains('.') && !word.contains(char::is_lowercase);
    ending.chars().count() > 1
        && ending.chars().all(char::is_alphabetic)
        && (!ending.starts_with(char::is_uppercase) || is_loud())
        && start.contains(char::is_alphabetic)
        && !is_link()
}
