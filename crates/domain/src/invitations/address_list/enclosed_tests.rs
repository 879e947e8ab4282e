//! No one vanishes behind a header, and a typo invites no stranger.

use proptest::prelude::*;

use super::tests::seen;
use super::*;

#[test]
fn what_is_no_row_of_the_table_is_a_record_of_its_own() {
    let list = ["bob@x.example", "eva@x.example", "pat@x.example"];
    for (table, below, expected) in [
        ("Name,Email\nAna Lopez,ana@x.example", "bob@x.example, eva@x.example, pat@x.example", list.to_vec()),
        ("Name;Email\nAna Lopez;ana@x.example", "bob@x.example; eva@x.example; pat@x.example", list.to_vec()),
        (
            "Name;Email\nAna Lopez;ana@x.example",
            "Carla Diaz; Dan Ito <dan@x.example>; Eve Poe",
            vec!["?Carla Diaz?", "Dan Ito = dan@x.example", "?Eve Poe?"],
        ),
        ("Name;Email\nAna Lopez;ana@x.example", "Bob;bob@x.example;Sales", vec!["Bob = bob@x.example"]),
        ("Name;Email\nAna Lopez;ana@x.example", "Bob;bob@x.example;", vec!["Bob = bob@x.example"]),
    ] {
        let mut all = vec!["Ana Lopez = ana@x.example"];
        all.extend(expected);
        assert_eq!(seen(&format!("{table}\n{below}")), all, "{below:?}");
    }
}

/// A row of the table's width is a row of the table: the address in the column of names may be anyone's, and is told.
#[test]
fn a_row_of_two_addresses_invites_the_one_in_the_column_of_addresses() {
    for (text, expected) in [
        ("Name,Email\nbob@x.example, eva@x.example", ["eva@x.example", "?bob@x.example?"]),
        ("Name\tEmail\nbob@x.example\teva@x.example", ["eva@x.example", "?bob@x.example?"]),
        ("Email\tName\nbob@x.example\teva@x.example", ["bob@x.example", "?eva@x.example?"]),
        ("Name;Email\nBob <bob@x.example>; Eva <eva@x.example>", ["Eva = eva@x.example", "?Bob <bob@x.example>?"]),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn the_addresses_of_others_are_left_out_only_where_the_header_says_so() {
    for header in [
        "Email 2",
        "Recovery email",
        "Login",
        "Manager email",
        "E-Mail Vorgesetzter",
        "Email (manager)",
        "Supervisor's e-mail address",
    ] {
        let text = format!("Name;Email;{header}\nAna;ana@x.example;boss@x.example\nBob;;boss@x.example");
        assert_eq!(seen(&text), ["Ana = ana@x.example", "?Bob;;boss@x.example?"], "{header}");
    }
    for header in ["Notes", "Mail room"] {
        let found = seen(&format!("Name;Email;{header}\nAna;ana@x.example;boss@x.example"));
        assert_eq!(
            found,
            ["Ana = ana@x.example", "?boss@x.example?"],
            "{header}: nobody is invited by them, and they are told"
        );
    }
}

#[test]
fn a_blank_in_a_cell_a_bracket_or_a_quotation_invites_no_stranger() {
    for text in [
        "Fred Space;fred space@corp.example",
        "Fred Space;Fred space@corp.example",
        "Fred,fred space@corp.example",
        "Fred\tfred space@corp.example",
        "Fred\tfred space@corp.example\tSales",
        "Fred (fred space@corp.example)",
        "Fred (Fred space@corp.example)",
        "Fred [fred space@corp.example]",
        "Fred {fred space@corp.example}",
        "\"fred space@corp.example\"",
        "„fred space@corp.example“",
        "\"Fred\",\"fred space@corp.example\"",
        "Fred,fred@corp.ex ample",
    ] {
        assert_eq!(seen(text), [format!("?{text}?")], "{text:?}");
    }
    for row in ["Fred\tfred space@corp.example", "Fred\tFred space@corp.example", "\tfred space@corp.example"] {
        assert_eq!(seen(&format!("Name\tEmail\n{row}")), [format!("?{}?", row.trim())], "{row:?}");
    }
    assert_eq!(
        seen("a@x.example, fred space@corp.example; Bob (bob b@x.example), c@x.example"),
        ["a@x.example", "?fred space@corp.example?", "?Bob (bob b@x.example)?", "c@x.example"]
    );
}

#[test]
fn lists_and_names_in_an_enclosure_go_on_to_work() {
    for (text, expected) in [
        ("ana@x.example bob@x.example", vec!["ana@x.example", "bob@x.example"]),
        ("Ana Lopez ana@x.example", vec!["Ana Lopez = ana@x.example"]),
        ("Ana Lopez ana@x.example;", vec!["Ana Lopez = ana@x.example"]),
        ("\"Ana Lopez <ana@x.example>\",Sales", vec!["Ana Lopez = ana@x.example", "?Sales?"]),
        ("Lopez, Ana ana@x.example", vec!["?Lopez?", "Ana = ana@x.example"]),
        ("Ana Lopez (E-Mail: ana@x.example)", vec!["ana@x.example"]),
        ("1. ana@x.example, 2. bob@x.example", vec!["ana@x.example", "bob@x.example"]),
        ("(ana@x.example, bob@x.example)", vec!["ana@x.example", "bob@x.example"]),
        ("Ana Lopez; <ana@x.example>", vec!["Ana Lopez = ana@x.example"]),
    ] {
        let found: Vec<_> =
            seen(text).into_iter().filter(|one| !one.starts_with("?1") && !one.starts_with("?2")).collect();
        if text.contains("E-Mail:") {
            assert!(found.iter().all(|one| one.ends_with("ana@x.example")) && found.len() == 1, "{found:?}");
        } else {
            assert_eq!(found, expected, "{text:?}");
        }
    }
    let found = seen("ana@x.example, bob@x.example and eva@x.example");
    assert!(["ana", "bob", "eva"].iter().all(|name| found.contains(&format!("{name}@x.example"))), "{found:?}");
}

#[test]
fn entries_without_an_address_beside_one_in_brackets_are_people_too() {
    let expected = ["?Carla Diaz?", "Dan Ito = dan@x.example", "?Eve Poe?"];
    assert_eq!(seen("Carla Diaz; Dan Ito <dan@x.example>; Eve Poe"), expected);
    assert_eq!(seen("Carla Diaz; Dan Ito (dan@x.example); Eve Poe"), expected);
    assert_eq!(seen("Dan Ito <dan@x.example>; Eve Poe"), expected[1..]);
    assert_eq!(seen("Dan Ito <dan@x.example>, Eve Poe"), expected[1..]);
    assert_eq!(seen("Carla Diaz; Dan Ito <dan@x.example>"), expected[..2]);
}

fn a_line() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        4 => Just("N@x.example".to_owned()),
        1 => Just("Bob <N@x.example>".to_owned()),
        1 => Just("Bob (N@x.example)".to_owned()),
        1 => Just("fred N@x.example".to_owned()),
        1 => Just("Bob [bob N@x.example]".to_owned()),
        1 => Just("\"bob N@x.example\"".to_owned()),
        1 => Just("N@x".to_owned()),
        2 => "[A-Z][a-z]{2,5}",
        1 => Just(String::new()),
    ];
    (proptest::collection::vec(cell, 1..5), "(; |;|,|, |\t| )").prop_map(|(cells, delimiter)| cells.join(&delimiter))
}

proptest! {
    /// Below whatever header: every token with an at-sign is in exactly one piece.
    #[test]
    fn no_address_disappears_without_a_verdict(
        header in "(Name,Email|Name;Email|Email\tName|Vorname;Nachname;E-Mail|Email|Name, Email, Phone|Zog,Blub)",
        lines in proptest::collection::vec(a_line(), 1..6),
    ) {
        let mut text = format!("{header}\n");
        let mut tokens = Vec::new();
        for part in lines.join("\n").split_inclusive("N@") {
            if let Some(before) = part.strip_suffix("N@") {
                let token = format!("p{}q@", tokens.len());
                text.push_str(before);
                text.push_str(&token);
                tokens.push(token);
            } else {
                text.push_str(part);
            }
        }
        let found = parse(&text);
        for token in &tokens {
            let holds = |row: &&PastedAddress| match &row.address {
                Ok(address) => address.as_str().starts_with(token.as_str()),
                Err(_) => row.text.contains(token.as_str()),
            };
            prop_assert_eq!(found.iter().filter(holds).count(), 1, "{} in {:?}: {:?}", token, text, found);
        }
        for row in &found {
            prop_assert!(!row.name.as_deref().is_some_and(|name| name.contains('@')), "{:?} in {:?}", row, text);
        }
    }
}
