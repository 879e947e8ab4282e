//! Text folded for searching, and the invisible characters in it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::core::email_address::EmailAddress;
use crate::core::invisible::is_invisible;
use crate::core::person_name::PersonName;
use crate::words;

/// The folded form of a name or an e-mail address that substring searches compare (U-29 lists, N-36).
///
/// Both the stored text and what the person types go through this, so that "lukasz" finds "Łukasz" and "strasse" finds
/// "Straße" on either database: neither folds anything but ASCII the same way.
pub fn search_key(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_invisible(*c))
        .flat_map(|c| base_letters(c).unwrap_or([Some(c), None]))
        .flatten()
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The folded text in which a person is found: the name, and the address as it is stored and as people type it.
pub fn person_search_key(name: Option<&PersonName>, email: &EmailAddress) -> String {
    let name = name.map_or("", |name| name.as_str());
    search_key(&format!("{name} {}", both_forms(email.as_str())))
}

/// The folded form of a text of the activity log, which may be an address.
pub fn label_search_key(label: &str) -> String {
    search_key(&both_forms(label))
}

/// `ana@xn--bcher-kva.example ana@bücher.example`, also for `Ana <ana@xn--bcher-kva.example>`; any other text as it is.
fn both_forms(text: &str) -> String {
    let enclosed = || text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    let address = if text.contains("xn--") { EmailAddress::parse(enclosed().unwrap_or(text)).ok() } else { None };
    address.map_or_else(|| text.to_owned(), |address| format!("{text} {}", address.unicode()))
}

/// How well a folded text has what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relevance {
    /// As a whole word, or before an at-sign.
    Word,
    /// At the beginning of a word.
    Start,
    /// Inside of one.
    Inside,
}

words!(Relevance { Word = "0", Start = "1", Inside = "2" });

/// What precedes the beginning of a word.
pub const WORD_BOUNDARIES: [&str; 4] = [" ", ".", "-", "_"];
/// What follows a whole word.
pub const WORD_ENDS: [&str; 2] = [" ", "@"];

impl Relevance {
    /// Of a folded text that contains `needle`. The list of users says the same in SQL.
    pub fn of(text: &str, needle: &str) -> Self {
        let padded = format!(" {text} ");
        if WORD_ENDS.iter().any(|end| padded.contains(&format!(" {needle}{end}"))) {
            Self::Word
        } else if WORD_BOUNDARIES.iter().any(|boundary| padded.contains(&format!("{boundary}{needle}"))) {
            Self::Start
        } else {
            Self::Inside
        }
    }
}

/// What people type for letters that Unicode does not take apart into a base letter and a mark.
fn base_letters(c: char) -> Option<[Option<char>; 2]> {
    match c {
        'ß' => Some([Some('s'), Some('s')]),
        'æ' => Some([Some('a'), Some('e')]),
        'œ' => Some([Some('o'), Some('e')]),
        'þ' => Some([Some('t'), Some('h')]),
        'ø' => Some([Some('o'), None]),
        'đ' | 'ð' => Some([Some('d'), None]),
        'ħ' => Some([Some('h'), None]),
        'ı' => Some([Some('i'), None]),
        'ł' => Some([Some('l'), None]),
        'ς' => Some([Some('σ'), None]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn n36_marks_case_and_width_do_not_matter_to_a_search() {
        for (text, key) in [
            ("Ana LÓPEZ", "ana lopez"),
            ("Łukasz  Żółć", "lukasz zolc"),
            ("Hauptstraße", "hauptstrasse"),
            ("Ｆｕｌｌ Ｗｉｄｔｈ", "full width"),
            ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
            ("Οδυσσεύς", "οδυσσευσ"),
            ("İstanbul", "istanbul"),
            ("Søren Ærø", "soren aero"),
            ("زید", "زید"),
            ("  a\u{200B}b\tc ", "ab c"),
            ("a \u{301} b", "a b"),
            ("\u{301} b", "b"),
            ("", ""),
        ] {
            assert_eq!(search_key(text), key, "{text:?}");
        }
    }

    #[test]
    fn a_part_of_a_name_is_found_in_the_whole() {
        assert!(search_key("José Ángel Núñez").contains(&search_key("angel NU")));
        assert!(search_key("ana.lopez@example.com").contains(&search_key("Lopez@Ex")));
    }

    #[test]
    fn a_person_is_found_by_either_form_of_the_domain() {
        let email = "jorg@bücher.example".parse().unwrap();
        let key = person_search_key(None, &email);
        for typed in ["bücher", "jorg@Bücher.example", "xn--bcher", "jorg@xn--bcher-kva.example"] {
            assert!(key.contains(&search_key(typed)), "{typed} in {key}");
        }
        assert_eq!(
            person_search_key(Some(&"Ána".parse().unwrap()), &"a@b.example".parse().unwrap()),
            "ana a@b.example"
        );
        assert_eq!(label_search_key("a@xn--bcher-kva.example"), "a@xn--bcher-kva.example a@bucher.example");
        let named = "ana lopez <a@xn--bcher-kva.example> a@bucher.example";
        assert_eq!(label_search_key("Ana Lopez <a@xn--bcher-kva.example>"), named);
        assert_eq!(label_search_key("Zeiterfassung Süd"), "zeiterfassung sud");
    }

    #[test]
    fn a_whole_word_is_better_than_its_beginning_and_that_better_than_the_inside() {
        for (text, relevance) in [
            ("lena berg a@x.example", Relevance::Word),
            ("anna lena a@x.example", Relevance::Word),
            ("b lena@x.example", Relevance::Word),
            ("lenard a@x.example", Relevance::Start),
            ("b m.lena@x.example", Relevance::Start),
            ("b a@lena.example", Relevance::Inside),
            ("elena a@x.example", Relevance::Inside),
        ] {
            assert_eq!(Relevance::of(text, "lena"), relevance, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC*") {
            let key = search_key(&text);
            prop_assert_eq!(search_key(&key), key);
        }
    }
}
