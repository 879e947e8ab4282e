//! What the columns of a table are called, in the languages that people paste.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::core::search_text::search_key;

use super::word_lists::{
    ABOUT_ADDRESS, ADDRESS, ALIASES, ANOTHER_OF_THE_SAME, ANOTHERS, ANY_ADDRESS, AT_WORK, BESIDE_ADDRESS,
    BESIDE_ANOTHER, FIRST_NAME, FIRST_OF_SEVERAL, LAST_NAME, LOGIN, NAME, OTHER, PERSONS, REMARKS, SECRET, WHOLE_NAME,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Address(Standing),
    FirstName,
    LastName,
    /// A whole name.
    WholeName,
    /// A name that is the other half where the table has a column for one half, and whole otherwise: `Vorname`, `Name`.
    Name,
    /// Addresses of the post or of email: `Adresse`.
    AnyAddress,
    /// What must not be shown.
    Secret,
    Other,
}

/// Whose addresses a column has, the best name for the people of the rows first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// `Primary email`.
    Primary,
    /// `Email`, `E-mail 1 - Value`.
    Plain,
    /// `Work email`.
    Work,
    /// `User principal name`, `login`: mostly an address, and mostly one that is read.
    Login,
    /// `Personal email`, `Recovery email`, `E-mail 2 - Value`: of the same person, where there is no other.
    Secondary,
    /// `Invitee email`, `Student email`: of someone who may be whom the row is about, where there is no other.
    OfPerson,
    /// `Next of kin email`, `Vorgesetztenmail`: of someone, and no one here knows who that is.
    Qualified,
    /// `Manager email`: of someone else.
    OfAnother,
}

impl Standing {
    /// Whether it is certainly the people's own address, and the one that they use.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Primary | Self::Plain | Self::Work)
    }
}

impl Column {
    /// Whose addresses it has, if it has any.
    pub fn standing(self) -> Option<Standing> {
        match self {
            Self::Address(standing) => Some(standing),
            Self::FirstName
            | Self::LastName
            | Self::WholeName
            | Self::Name
            | Self::AnyAddress
            | Self::Secret
            | Self::Other => None,
        }
    }

    /// Whether it has names of people, or halves of them.
    pub fn is_name(self) -> bool {
        match self {
            Self::FirstName | Self::LastName | Self::WholeName | Self::Name => true,
            Self::Address(_) | Self::AnyAddress | Self::Secret | Self::Other => false,
        }
    }
}

/// A longer cell names no column.
const LONGEST: usize = 60;

/// In bytes: other words end in so short ones, too, as the name Ismail does.
const SHORT_WORD: usize = 4;

/// More words are a sentence and name no column.
const MOST_WORDS: usize = 6;

/// Columns by their names, folded like the text of a search.
static COLUMNS: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let kinds = [
        (OTHER, Column::Other),
        (ANY_ADDRESS, Column::AnyAddress),
        (SECRET, Column::Secret),
        (LOGIN, Column::Address(Standing::Login)),
        (ALIASES, Column::Address(Standing::Secondary)),
        (NAME, Column::Name),
        (FIRST_NAME, Column::FirstName),
        (LAST_NAME, Column::LastName),
        (WHOLE_NAME, Column::WholeName),
        (ADDRESS, Column::Address(Standing::Plain)),
    ];
    kinds.into_iter().flat_map(|(names, kind)| words_of(names).map(move |name| (name, kind))).collect()
});
static ENDINGS: LazyLock<Vec<String>> =
    LazyLock::new(|| words_of(ADDRESS).filter(|word| word.len() > SHORT_WORD && !word.contains(' ')).collect());
static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let kinds = [
        (BESIDE_ADDRESS, Word::Beside),
        (FIRST_OF_SEVERAL, Word::First),
        (AT_WORK, Word::AtWork),
        (ANOTHER_OF_THE_SAME, Word::Secondary),
        (ANOTHERS, Word::OfAnother),
    ];
    kinds.into_iter().flat_map(|(names, kind)| words_of(names).map(move |name| (name, kind))).collect()
});
static REMARK: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(REMARKS).collect());
static BESIDE_OTHERS: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(BESIDE_ANOTHER).collect());
static ABOUT: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(ABOUT_ADDRESS).collect());
static PERSON: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(PERSONS).collect());

/// What a word beside the one for an address says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Beside,
    First,
    AtWork,
    Secondary,
    OfAnother,
}

pub(super) fn words_of(list: &'static str) -> impl Iterator<Item = String> {
    list.split(',').map(folded)
}

/// Letters only, so that `E-Mail-Adresse 2` is `e mail adresse`.
pub(super) fn folded(text: &str) -> String {
    #[cfg(test)]
    tests::FOLDED.with(|folded| folded.set(folded.get() + text.len()));
    let key = search_key(text);
    let words = key.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What a cell says its column holds, if it says it: in its words, or in those that it has in brackets
/// (`Mail nickname [mail]`).
pub(super) fn column(cell: &str) -> Option<Column> {
    if cell.len() > 2 * LONGEST {
        return None;
    }
    if !cell.contains(char::is_alphabetic) {
        return None;
    }
    let (outside, inside) = brackets(cell, '[', ']');
    let inside = || inside.as_deref().and_then(named);
    let (without_remark, _) = brackets(&outside, '(', ')');
    match named(&outside) {
        Some(known @ Column::Address(Standing::OfPerson | Standing::Qualified)) => inside().or(Some(known)),
        Some(known) => Some(known),
        None => inside().or_else(|| named(&without_remark)),
    }
}

/// A cell without what stands in brackets, and that.
fn brackets(cell: &str, open: char, close: char) -> (String, Option<String>) {
    let Some((before, rest)) = cell.split_once(open) else { return (cell.to_owned(), None) };
    let (inside, after) = rest.split_once(close).unwrap_or((rest, ""));
    (format!("{before} {after}"), Some(inside.to_owned()))
}

fn named(text: &str) -> Option<Column> {
    let name = folded(&apart(text));
    let is_remark = |word: &&str| REMARK.contains(*word);
    let words: Vec<&str> = name.split(' ').filter(|word| !is_remark(word)).collect();
    let name = words.join(" ");
    if let Some(standing) = standing(&name, &words, text) {
        return Some(Column::Address(standing));
    }
    let as_one_word = || if name.contains(' ') { COLUMNS.get(&name.replace(' ', "")) } else { None };
    COLUMNS.get(&name).or_else(as_one_word).copied().or_else(|| name_of_a_person(&words))
}

/// `Employee name`, `Legal first name`: a word for a name, and one for who has it.
fn name_of_a_person(words: &[&str]) -> Option<Column> {
    let rest: Vec<&str> = words.iter().copied().filter(|word| !PERSON.contains(*word)).collect();
    let name = COLUMNS.get(&rest.join(" ")).copied().filter(|_| rest.len() < words.len())?;
    Some(if name == Column::Name { Column::WholeName } else { name }).filter(|name| name.is_name())
}

/// `secondEmail` as two words.
fn apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if before.is_lowercase() && c.is_uppercase() {
            apart.push(' ');
        }
        apart.push(c);
        before = c;
    }
    apart
}

/// `email`, `e mail adresse`, `work email`, `direccion de correo electronico`: one word for it, among those that stand beside
/// and say whose it is. With words that no one here knows it is someone's, and uncertain whose.
fn standing(name: &str, words: &[&str], text: &str) -> Option<Standing> {
    let beside = |word: &&str| WORDS.get(*word).copied();
    let said: Vec<Word> = words.iter().filter_map(beside).collect();
    let has = |word: Word| said.contains(&word);
    let is_of_another = has(Word::OfAnother);
    let is_said =
        |word: &&str| beside(word).is_some() || *word == "s" || is_of_another && BESIDE_OTHERS.contains(*word);
    let rest: Vec<&str> = words.iter().copied().filter(|word| !is_said(word)).collect();
    let has_word = has_address_word(words);
    if is_of_another && (rest.is_empty() || has_word) {
        return Some(Standing::OfAnother);
    }
    if !is_word_for_address(name) && (said.is_empty() || !is_word_for_address(&rest.join(" "))) {
        let is_about = words.iter().any(|word| ABOUT.contains(*word));
        let is_one = (has_word || words.iter().any(|word| ends_in_address(word))) && !is_about;
        let is_of_person = rest.iter().all(|word| PERSON.contains(*word) || has_address_word(&[*word]) || *word == "e");
        let standing = if has_word && is_of_person { Standing::OfPerson } else { Standing::Qualified };
        return (is_one && words.len() <= MOST_WORDS).then_some(standing);
    }
    let number: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let is_later = number.parse::<u32>().is_ok_and(|number| number > 1);
    Some(match () {
        () if has(Word::Secondary) || is_later => Standing::Secondary,
        () if has(Word::First) => Standing::Primary,
        () if has(Word::AtWork) => Standing::Work,
        () => Standing::Plain,
    })
}

fn is_word_for_address(name: &str) -> bool {
    let is_one = |name: &str| COLUMNS.get(name) == Some(&Column::Address(Standing::Plain));
    is_one(name) || (name.contains(' ') && is_one(&name.replace(' ', "")))
}

/// `Vorgesetztenemail`, `上司のメールアドレス`: one word that ends in one for an address. Names of people end in the short ones.
fn ends_in_address(word: &str) -> bool {
    ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending.as_str()))
}

/// Whether one of the words is one for an address, or two of them are (`e mail`).
fn has_address_word(words: &[&str]) -> bool {
    words.iter().any(|word| is_word_for_address(word))
        || words.windows(2).any(|two| is_word_for_address(&two.join(" ")))
}

/// Whether a cell has a word for an address, whatever else it says.
pub(super) fn names_an_address(cell: &str) -> bool {
    let name = if cell.len() > 2 * LONGEST { String::new() } else { folded(&apart(cell)) };
    has_address_word(&name.split(' ').collect::<Vec<_>>())
}

/// Whether a text is what a column of addresses is called.
pub(super) fn is_address(text: &str) -> bool {
    let standing = column(text).and_then(Column::standing);
    standing.is_some_and(|standing| standing.is_own() || standing == Standing::Secondary)
}

/// Whether a text is what a column of addresses is called, whosever they are.
pub(super) fn is_of_addresses(text: &str) -> bool {
    column(text).is_some_and(|column| column.standing().is_some_and(|standing| standing != Standing::Login))
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// How many bytes were folded, which is the most work that is done for one.
        pub static FOLDED: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn a_column_of_addresses_is_known_by_what_it_is_called_in_many_languages() {
        for text in [
            "Email",
            "E-Mail",
            "E-Mail-Adresse",
            "e-mail address",
            "Email Address 1",
            "Work email",
            "E-Mail (dienstlich)",
            "Correo electrónico",
            "Dirección de correo electrónico",
            "Adresse e-mail",
            "Courriel",
            "Indirizzo email",
            "Endereço de e-mail",
            "Adres e-mail",
            "E-postadress",
            "Sähköposti",
            "E-posta adresi",
            "Электронная почта",
            "电子邮件地址",
            "メールアドレス",
            "이메일",
            "البريد الإلكتروني",
        ] {
            assert!(is_address(text), "{text}");
        }
        for text in ["Ismail", "Mail room", "Manager email", "Ana Lopez", "", "1", "Mailand"] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn a_column_of_names_is_known_by_what_it_is_called() {
        assert_eq!(column("Vorname"), Some(Column::FirstName));
        assert_eq!(column("First Name [Required]"), Some(Column::FirstName));
        assert_eq!(column("Last name [surname]"), Some(Column::LastName));
        assert_eq!(column("Nom de famille"), Some(Column::LastName));
        assert_eq!(column("Full Name"), Some(Column::WholeName));
        assert_eq!(column("Name"), Some(Column::Name));
        assert_eq!(column("Legal First Name"), Some(Column::FirstName));
        for text in [
            "Employee Name",
            "Student Name",
            "Customer name",
            "Invitee Name",
            "Preferred name",
            "Worker",
            "Mitarbeitername",
            "Vor-/Nachname",
            "Vor- und Zuname",
            "Name des Mitarbeiters",
        ] {
            assert_eq!(column(text), Some(Column::WholeName), "{text}");
        }
        assert_eq!(column("Name (Original Name)"), Some(Column::Name));
        for text in ["Event Type Name", "Company name", "Manager name", "File name"] {
            assert!(!column(text).is_some_and(Column::is_name), "{text}");
        }
        assert_eq!(column("Adresse"), Some(Column::AnyAddress));
    }

    #[test]
    fn what_a_column_of_addresses_is_to_its_people_is_known_by_its_words() {
        for (text, standing) in [
            ("Email Address [Required]", Standing::Plain),
            ("emailAddress", Standing::Plain),
            ("E-mail 1 - Value", Standing::Plain),
            ("Primary Email", Standing::Primary),
            ("Work Email", Standing::Work),
            ("E-Mail (dienstlich)", Standing::Work),
            ("User principal name [userPrincipalName] Required", Standing::Login),
            ("userPrincipalName", Standing::Login),
            ("Benutzername", Standing::Login),
            ("Recovery Email", Standing::Secondary),
            ("New Primary Email [UPLOAD ONLY]", Standing::Secondary),
            ("Home Secondary Email", Standing::Secondary),
            ("Work Secondary Email", Standing::Secondary),
            ("Personal Email", Standing::Secondary),
            ("Private email", Standing::Secondary),
            ("E-Mail (privat)", Standing::Secondary),
            ("secondEmail", Standing::Secondary),
            ("alternateEmailAddress", Standing::Secondary),
            ("E-mail 2 - Value", Standing::Secondary),
            ("Email ID", Standing::Plain),
            ("PrimarySmtpAddress", Standing::Primary),
            ("User Email", Standing::OfPerson),
            ("Contact email", Standing::OfPerson),
            ("Invitee Email", Standing::OfPerson),
            ("E-Mail Teilnehmer", Standing::OfPerson),
            ("Next of kin email", Standing::Qualified),
            ("Mother's Email", Standing::Qualified),
            ("Vorgesetztenemail", Standing::Qualified),
            ("上司のメールアドレス", Standing::Qualified),
            ("经理邮箱", Standing::Qualified),
            ("상사 이메일", Standing::Qualified),
            ("Line Manager Email", Standing::OfAnother),
            ("Line manager", Standing::OfAnother),
            ("Reviewer", Standing::OfAnother),
            ("Führungskraft", Standing::OfAnother),
            ("Manager Email", Standing::OfAnother),
            ("Manager", Standing::OfAnother),
            ("Manager's e-mail address", Standing::OfAnother),
            ("Manager personal email", Standing::OfAnother),
            ("E-Mail Vorgesetzter", Standing::OfAnother),
        ] {
            assert_eq!(column(text), Some(Column::Address(standing)), "{text}");
        }
        for text in
            ["E-mail 1 - Label", "E-mail 1 - Type", "E-mail Display Name", "Phone 1 - Value", "Password [Required]"]
        {
            assert!(!matches!(column(text), Some(Column::Address(_))), "{text}");
        }
    }
}
