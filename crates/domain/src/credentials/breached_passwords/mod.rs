//! The passwords every attacker tries first, and the small changes people make to them.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Sorted prefixes of SHA-256; the README beside it says how it was made.
static HASHES: &[u8] = include_bytes!("hashes.bin");
const HASH_LENGTH: usize = 8;

/// So many characters around a listed password add nothing, whatever they are: attackers try them all.
const SHORT_PADDING: usize = 6;
/// Around a longer listed password may be so many more than it has itself.
const LONGER_PADDING: usize = 2;

/// Whether `password` is a commonly breached one, or a small change of one (U-18, P4).
///
/// The rule: cut digits and special characters off its ends, undo look-alikes (`p@ssw0rd`), and drop what separates the
/// letters (`p.a.s.s`) if it is the same character everywhere. It is refused when what is left is listed, or is one listed
/// word repeated, and what was cut off is guessable: at most six characters, or at most two more than are left, or no
/// digits at all, or digits that are listed themselves (`123456789`).
///
/// Words are never looked up one by one, so a sentence of common words passes. Of random passwords of ten characters it
/// refuses fewer than one in two thousand, of twelve fewer than one in ten thousand.
pub(crate) fn is_variant_of_breached(password: &str) -> bool {
    let folded = fold(password);
    cores(&folded).any(|core| {
        let mut readings = readings(core);
        readings.any(|known| {
            is_guessable_padding(&folded, core, known.len()) && (is_listed(&known) || repeats_listed(&known))
        })
    })
}

/// The form in which passwords are compared: NFKC and lower-case.
pub(crate) fn fold(password: &str) -> String {
    password.nfkc().flat_map(char::to_lowercase).collect()
}

/// The text with the digits and signs that stand for letters (`p@55w0rd`) replaced; `one` is what a 1 stands for.
pub(crate) fn undo_look_alikes(folded: &str, one: char) -> String {
    folded.chars().map(|c| look_alike(c, one)).collect()
}

fn look_alike(c: char, one: char) -> char {
    match c {
        '1' | '!' | '|' => one,
        '0' => 'o',
        '2' => 'z',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '6' | '9' => 'g',
        '7' | '+' => 't',
        '8' => 'b',
        _ => c,
    }
}

/// What is left of a password when its ends are cut off. The last two keep ends that stand for letters, as in `$ecret`.
fn cores(folded: &str) -> impl Iterator<Item = &str> {
    let not_letter = |c: char| !c.is_alphabetic();
    let not_alphanumeric = |c: char| !c.is_alphanumeric();
    [
        folded.trim_matches(not_alphanumeric),
        folded.trim_matches(not_letter),
        folded.trim_end_matches(not_letter),
        folded.trim_start_matches(not_letter).trim_end_matches(not_alphanumeric),
    ]
    .into_iter()
    .filter(|core| !core.is_empty())
}

fn readings(core: &str) -> impl Iterator<Item = String> {
    let readings = [core.to_owned(), undo_look_alikes(core, 'i'), undo_look_alikes(core, 'l')];
    readings.into_iter().filter_map(|reading| without_separator(&reading))
}

/// None when several different characters separate the letters: that is how random passwords look.
fn without_separator(reading: &str) -> Option<String> {
    let mut separators = reading.chars().filter(|c| !c.is_alphanumeric());
    let separator = separators.next();
    let is_uniform = separators.all(|c| Some(c) == separator);
    is_uniform.then(|| reading.chars().filter(|c| c.is_alphanumeric()).collect())
}

fn is_guessable_padding(folded: &str, core: &str, known_length: usize) -> bool {
    let Some((before, after)) = folded.split_once(core) else { return false };
    let padding = || before.chars().chain(after.chars());
    let digits: String = padding().filter(|c| c.is_numeric()).collect();
    padding().count() <= SHORT_PADDING.max(known_length + LONGER_PADDING) || digits.is_empty() || is_listed(&digits)
}

/// `abcabcabc`, `passwordpassword`, `aaaaaaaaaa`: as well known as what they repeat.
fn repeats_listed(text: &str) -> bool {
    (1..=text.len() / 2)
        .filter(|length| text.len().is_multiple_of(*length))
        .filter_map(|length| text.get(..length))
        .filter(|unit| unit.repeat(text.len() / unit.len()) == text)
        .any(|unit| unit.len() <= 2 || is_listed(unit))
}

fn is_listed(key: &str) -> bool {
    let (hashes, _) = HASHES.as_chunks::<HASH_LENGTH>();
    let digest = Sha256::digest(key.as_bytes());
    digest.first_chunk::<HASH_LENGTH>().is_some_and(|hash| hashes.binary_search(hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_sorted_and_small() {
        let (hashes, rest) = HASHES.as_chunks::<HASH_LENGTH>();
        assert!(rest.is_empty() && hashes.is_sorted() && hashes.len() > 50_000 && HASHES.len() < 600_000);
        assert!(is_listed("password") && is_listed("qwertyuiop") && !is_listed("portcullisbench"));
    }

    #[test]
    fn small_changes_of_listed_passwords_are_found() {
        for password in [
            "password",
            "Password123!",
            "Qwertyuiop1!",
            "P@ssw0rd2024!",
            "$ecret12345!",
            "4dm1n!!2024",
            "1loveyou!!",
            "We1come2024#",
            "!!Summer2025",
            "Summer-2025-!",
            "Password20242025!!",
            "1234567890!",
            "123-456-7890",
            "iloveyou123456789!",
            "password!@#$%^&*()_+",
            "p.a.s.s.w.o.r.d.1",
            "password password!",
            "aaaaaaaaaa!",
            "!!!!abcabcabcabc",
            "Ｐassword123！",
            "1q2w3e4r5t!",
            "letmein!!!!",
            "Liverpool1!",
        ] {
            assert!(is_variant_of_breached(password), "{password}");
        }
    }

    #[test]
    fn what_is_hard_to_guess_is_not_found() {
        for password in [
            "",
            "!!!!!!!!!!",
            "correct horse battery staple!",
            "correct-horse-battery-staple",
            "Password Summer Dragon Monkey!",
            "my dog eats 7 green lamps",
            "kX9$mq2!Lw7z",
            "love8273645091!",
            "!7#9$4love%82^63",
            "Tr0ub4dor&3xylem",
            "größe-über-alles-9",
            "пароль-очень-длинный-7",
            "V7#kd92Lq!",
        ] {
            assert!(!is_variant_of_breached(password), "{password}");
        }
    }

    #[test]
    fn random_passwords_are_hardly_ever_taken_for_listed_ones() {
        let alphabet: Vec<char> =
            "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!#$%&*+-=?@".chars().collect();
        let mut state = 42_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            alphabet[usize::try_from(state >> 33).unwrap() % alphabet.len()]
        };
        let refused =
            (0..2_000).filter(|_| is_variant_of_breached(&(0..12).map(|_| random()).collect::<String>())).count();
        assert_eq!(refused, 0);
    }
}
