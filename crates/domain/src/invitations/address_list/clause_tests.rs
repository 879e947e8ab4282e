//! What stands beside an address and says that its person is not meant, and what a list in a table or an object says of whom.

use super::tests::seen;
use super::*;

/// Who is invited, with the names.
fn invited(text: &str) -> Vec<String> {
    seen(text).into_iter().filter(|one| !one.starts_with('?')).collect()
}

#[test]
fn whoever_stands_beside_words_that_say_no_name_is_seen_and_not_invited() {
    for text in [
        "NOT eve@x.example",
        "Do not invite Eve <eve@x.example>",
        "Please don't invite <eve@x.example>",
        "Nicht Eva <eve@x.example>",
        "bob@x.example not eve@x.example",
        "Bob <bob@x.example>, assistant of Boss <boss@x.example>",
        "Ana <ana@x.example> works for Eve <eve@x.example>",
        "'ana@x.example via Docs' <noreply@docs.example>",
        "old@x.example -> new@x.example",
        "old@x.example → new@x.example",
        "~~eve@x.example~~",
        "~~Eve <eve@x.example>~~",
        "-- me@x.example",
        "# eve@x.example",
        "manager = boss@x.example",
        "[ana@x.example](mailto:eve@x.example)",
        "ana@x.example <eve@x.example>",
        "Ana <ana@x.example> (do not invite)",
        "Message-Id:\n <abc@mail.example>",
        "References:\n\t<abc@mail.example>\n\t<abd@mail.example>",
    ] {
        let found = seen(text);
        assert_eq!(invited(text), Vec::<String>::new(), "{text}");
        let at_signs = found.iter().map(|one| one.matches('@').count()).sum::<usize>();
        assert_eq!(at_signs, text.matches('@').count(), "{text}: {found:?}");
    }
    for (text, expected) in [
        ("Anna van der Berg <anna@x.example>", "Anna van der Berg = anna@x.example"),
        ("Jan Pieter deVries <jan@x.example>", "Jan Pieter deVries = jan@x.example"),
        ("Maria della Rovere <maria@x.example>", "Maria della Rovere = maria@x.example"),
        ("Sales team <sales@x.example>", "Sales team = sales@x.example"),
        ("ana lopez diaz <ana@x.example>", "ana lopez diaz = ana@x.example"),
        ("[ana@x.example](mailto:ana@x.example)", "ana@x.example"),
        ("Team:\n  ana@x.example", "ana@x.example"),
        ("- ana@x.example", "ana@x.example"),
    ] {
        assert_eq!(invited(text), [expected], "{text}");
    }
    assert_eq!(seen("mailto:ana@x.example?cc=eve@x.example"), ["?mailto:ana@x.example?cc=eve@x.example?"]);
}

#[test]
fn a_list_in_an_object_that_is_somebody_says_something_of_them_and_invites_nobody() {
    for text in [
        r#"{"email": "ana@x.example", "managers": [{"email": "boss@x.example"}]}"#,
        r#"[{"email": "ana@x.example", "managers": [{"email": "boss@x.example"}]}]"#,
        "{\"name\": \"Ana\", \"managers\": [{\"email\": \"boss@x.example\"}]}\n{\"name\": \"Bob\", \"managers\": []}",
        r#"{"userName": "ana@x.example", "emails": [{"value": "ana@home.example", "type": "home"}]}"#,
        r#"{"displayName": "Ana", "emails": [{"value": "ana@home.example", "type": "home"}]}"#,
    ] {
        assert_eq!(invited(text), Vec::<String>::new(), "{text}");
        assert!(!seen(text).is_empty(), "{text}");
    }
    let listed = r#"{"total": 1, "users": [{"name": "Ana", "email": "ana@x.example"}]}"#;
    assert_eq!(seen(listed), ["Ana = ana@x.example"]);
}

#[test]
fn a_choice_is_made_for_one_table_and_a_list_below_it_is_no_row() {
    let table = "Ana,ana@c.example,boss@c.example\nBob,bob@c.example,boss@c.example\n";
    let chosen = |text: &str| -> Vec<String> {
        let read = read(text, Some(1), usize::MAX);
        let invited = read.people.into_iter().filter(|person| person.address.is_ok());
        invited.map(|person| person.address.map(String::from).unwrap_or_default()).collect()
    };
    assert_eq!(chosen(table), ["ana@c.example", "bob@c.example"]);
    for list in [
        "carl@c.example, dana@c.example, eve@c.example",
        "To: carl@c.example, dana@c.example, eve@c.example",
        "To: Carl <carl@c.example>, Dana <dana@c.example>, Eve <eve@c.example>",
    ] {
        let text = format!("{table}{list}");
        assert_eq!(chosen(&text), ["ana@c.example", "bob@c.example"], "{list}");
        let people = read(&text, Some(1), usize::MAX).people;
        let seen: String = people.iter().map(|person| person.text.as_str()).collect();
        assert!(["carl@", "dana@", "eve@"].iter().all(|one| seen.contains(one)), "{list}: {seen}");

        let with_header = format!("Name,Email,Manager\nAna,ana@c.example,boss@c.example\n{list}");
        assert_eq!(chosen(&with_header), ["ana@c.example"], "{list}");
    }
    let other = format!(
        "{table}\nName;Contact;Approver\nCarl;boss2@c.example;carl@c.example\nDan;boss2@c.example;dan@c.example"
    );
    assert_eq!(chosen(&other), ["ana@c.example", "bob@c.example"]);
}
