use proptest::prelude::*;

use super::decoration::{is_clause, may_be_mistyped};
use super::*;
use crate::core::email_address::EmailAddress;

/// What a person would see: the address with its name, or the text in question marks.
pub(super) fn seen(text: &str) -> Vec<String> {
    let show = |piece: &PastedAddress| match (&piece.address, &piece.name) {
        (Ok(address), Some(name)) => format!("{name} = {address}"),
        (Ok(address), None) => address.to_string(),
        (Err(_), _) => format!("?{}?", piece.text),
    };
    parse(text).iter().map(show).collect()
}

#[test]
fn what_comes_after_the_first_pieces_is_not_read() {
    let text = "Lopez, Ana <a@x.example>; b@y.example, Cleo c@z.example ".repeat(5_000);
    let all = parse(&text);
    for most in [0, 1, 2, 3, 4, 10_001] {
        assert_eq!(parse_first(&text, most), all[..most], "{most}");
    }
}

#[test]
fn ed4_every_separator_separates() {
    for text in [
        "a@x.example;b@y.example",
        "a@x.example, b@y.example",
        "a@x.example b@y.example",
        "a@x.example\tb@y.example",
        "a@x.example\nb@y.example",
        "\u{FEFF}a@x.example\r\nb@y.example\r\n",
        " ;, a@x.example ,;\n\n;; b@y.example ;",
        "A@X.example；b@y.example、",
        "<a@x.example><b@y.example>",
        "<a@x.example>, <b@y.example>",
        "\"a@x.example\",\"b@y.example\"",
        "\"a@x.example; b@y.example\"",
        "'a@x.example'; 'b@y.example'",
        "“a@x.example” (b@y.example)",
        "mailto:a@x.example MAILTO:b@y.example?subject=Hi",
        "a@x.example<mailto:a@x.example> b@y.example <B@y.example>",
        "• a@x.example\n- b@y.example.",
        "< a@x.example > b@y.example",
        "<a@x.example; b@y.example",
        "\"a@x.example\"\n<b@y.example>",
        "\"a@x.example b@y.example",
    ] {
        assert_eq!(seen(text), ["a@x.example", "b@y.example"], "{text:?}");
    }
}

#[test]
fn ed4_a_name_belongs_to_the_address_in_brackets() {
    for (text, expected) in [
        ("Ana Lopez <ana@x.example>", "Ana Lopez = ana@x.example"),
        ("Ana<ana@x.example>", "Ana = ana@x.example"),
        ("\"Lopez, Ana\" <ana@x.example>", "Lopez, Ana = ana@x.example"),
        ("Lopez, Ana <ana@x.example>", "Lopez, Ana = ana@x.example"),
        ("\"Lopez, Ana\", ana@x.example", "Lopez, Ana = ana@x.example"),
        ("'Lopez, Ana' <ana@x.example>", "Lopez, Ana = ana@x.example"),
        ("“Lopez, Ana” <ana@x.example>", "Lopez, Ana = ana@x.example"),
        ("\"Lopez; Ana <x>\" <ana@x.example>", "Lopez; Ana <x> = ana@x.example"),
        ("\"Ana \\\"Annie\\\" Lopez\" <ana@x.example>", "Ana \"Annie\" Lopez = ana@x.example"),
        ("Ana (Sales, EMEA) <ana@x.example>", "Ana (Sales, EMEA) = ana@x.example"),
        ("Ana Lopez\t<ana@x.example>", "Ana Lopez = ana@x.example"),
        ("José 山田 <ana@x.example>", "José 山田 = ana@x.example"),
        ("Dr. Ana Lopez <mailto:ana@x.example>", "Dr. Ana Lopez = ana@x.example"),
        ("\"ana@x.example\" <ana@x.example>", "ana@x.example"),
        ("'ana@x.example' <ana@x.example>", "ana@x.example"),
        ("\"\" <ana@x.example>", "ana@x.example"),
    ] {
        assert_eq!(seen(text), [expected], "{text:?}");
    }
}

#[test]
fn ed4_a_mixed_list_as_people_paste_it() {
    let text = "Ana Lopez <ana@x.example>; \"Smith, Bob\" <bob@y.example>, c@z.example d@z.example\r\nDoe, Jane <jane@z.example>;\n\n";
    assert_eq!(
        seen(text),
        [
            "Ana Lopez = ana@x.example",
            "Smith, Bob = bob@y.example",
            "c@z.example",
            "d@z.example",
            "Doe, Jane = jane@z.example"
        ]
    );
}

#[test]
fn what_is_no_address_is_shown_and_never_swallowed() {
    for (text, expected) in [
        ("ana", vec!["?ana?"]),
        ("ana a@x.example", vec!["?ana?", "a@x.example"]),
        ("ana; a@x.example; b@y.example", vec!["?ana?", "a@x.example", "b@y.example"]),
        ("ana.x.example, Bob <b@y.example>", vec!["?ana.x.example?", "Bob = b@y.example"]),
        ("one, two, Three <c@y.example>; d@z.example", vec!["?one?", "two, Three = c@y.example", "d@z.example"]),
        ("Ana\n<a@x.example>", vec!["?Ana?", "a@x.example"]),
        ("Ana <ana>", vec!["?Ana <ana>?"]),
        ("Ana <>", vec!["?Ana <>?"]),
        ("a@x", vec!["?a@x?"]),
        ("a@@x.example", vec!["?a@@x.example?"]),
        ("a＠x.example", vec!["?a＠x.example?"]),
        ("\"a b\"@x.example c@x.example", vec!["?\"a b\"@x.example?", "c@x.example"]),
        // Which of the two is meant?
        ("a@x.example <b@y.example>", vec!["?a@x.example <b@y.example>?"]),
        ("\"b@y.example\" <a@x.example>", vec!["?\"b@y.example\" <a@x.example>?"]),
    ] {
        assert_eq!(seen(text), expected, "{text:?}");
    }
    assert!(parse(" ;,\t\"\" <> '' - • \u{FEFF}\r\n").is_empty());
    assert!(parse("").is_empty());
}

#[test]
fn the_text_is_kept_as_typed_but_not_without_end() {
    let pieces = parse(" Ana  Lopez <ANA@x.example> ;");
    assert_eq!(pieces.first().unwrap().text, "Ana  Lopez <ANA@x.example>");
    let pieces = parse(&"é".repeat(100_000));
    assert_eq!(pieces.first().unwrap().text.chars().count(), 320);
}

#[test]
fn u11_ten_thousand_people_are_read_in_order() {
    let text: String = (0..10_000).map(|n| format!("\"Last{n}, First\" <user{n}@x{n}.example>;\r\n")).collect();
    let pieces = parse(&text);
    assert_eq!(pieces.len(), 10_000);
    for (n, piece) in pieces.iter().enumerate() {
        assert_eq!(piece.name, Some(format!("Last{n}, First")));
        assert_eq!(piece.address.as_ref().unwrap().as_str(), format!("user{n}@x{n}.example"));
    }
}

fn address() -> impl Strategy<Value = String> {
    "[a-z0-9'+_{=-][a-z0-9.'+_{=-]{0,8}[a-z0-9]@[a-z0-9]{1,8}\\.[a-z]{2,5}"
        .prop_filter("a valid address", |text| EmailAddress::parse(text).is_ok())
}

/// Neither a clause nor what may be another address.
fn a_name() -> impl Strategy<Value = String> {
    "[A-ZÄ山][a-zé.-]{0,8}( [A-ZÄ山][a-zé]{0,8}){0,2}"
        .prop_filter("a name", |name| !is_clause(name) && !may_be_mistyped(name))
}

fn separator_between() -> impl Strategy<Value = String> {
    "[;, \t\r\n\u{A0}；，、]{1,4}"
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "([a@<>\";,. \t\n\\\\'＠é\u{FEFF}]|mailto:|.){0,60}") {
        for piece in parse(&text) {
            prop_assert!(piece.text.chars().count() <= 320);
            prop_assert!(!piece.text.trim().is_empty());
        }
    }

    #[test]
    fn ed4_addresses_come_back_whatever_separates_them(
        list in proptest::collection::vec((address(), separator_between(), 0..6), 0..20),
    ) {
        let decorated = |address: &str, way: &i32| match way {
            // Behind a semicolon: beside another address, one in brackets contradicts it.
            0 => format!(";<{address}>"),
            1 => format!("\"{address}\";"),
            2 => format!("mailto:{address}"),
            3 => format!("'{address}'"),
            _ => address.to_owned(),
        };
        let text: String = list.iter().map(|(address, separator, way)| decorated(address, way) + separator).collect();
        let found: Vec<_> = parse(&text).into_iter().map(|piece| piece.address.map(String::from)).collect();
        let expected: Vec<_> = list.iter().map(|(address, _, _)| Ok(address.clone())).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn ed4_names_survive(
        list in proptest::collection::vec((a_name(), "(, [A-Z][a-z]{1,8})?".prop_filter("no clause", |last| !is_clause(last)), address(), "[;\n]|, "), 1..10),
    ) {
        let quoted = |(first, last, address, separator): &(String, String, String, String)| match last.as_str() {
            "" => format!("{first} <{address}>{separator}"),
            _ => format!("\"{first}{last}\" <{address}>{separator}"),
        };
        let text: String = list.iter().map(quoted).collect();
        let found: Vec<_> = parse(&text).into_iter().map(|piece| (piece.name, piece.address.map(String::from))).collect();
        let expected: Vec<_> = list.iter().map(|(first, last, address, _)| (Some(format!("{first}{last}")), Ok(address.clone()))).collect();
        prop_assert_eq!(found, expected);
    }
}
