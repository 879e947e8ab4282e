//! What stands beside an address and says that its person is not meant.

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
    for link in
        ["mailto:ana@x.example?cc=eve@x.example", "mailto:ana@x.example?cc=eve%40x.example", "mailto:ana?cc=eve%40x"]
    {
        assert_eq!(seen(link), [format!("?{link}?")]);
        assert_eq!(seen(&format!("Ana <{link}>")), [format!("?Ana <{link}>?")]);
    }
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
    let headless = "ana@x.example;x;boss@x.example\nbob@x.example;y;boss@x.example\n\n";
    let first = |text: &str| -> Vec<String> {
        let read = read(text, Some(0), usize::MAX).people;
        assert!(["carl@", "dora@"].iter().all(|one| read.iter().any(|row| row.text.contains(one))), "{text}: {read:?}");
        read.into_iter().filter_map(|person| person.address.ok()).map(String::from).collect()
    };
    for other in [
        "carl@v.example,x,dora@x.example\ncarl2@v.example,w,di@x.example",
        "carl@v.example;x;dora@x.example;q\ncarl2@v.example;w;di@x.example;q",
        "Contacts of the suppliers\ncarl@v.example,x,dora@x.example,q\ncarl2@v.example,w,di@x.example,q",
        "Contacts of the suppliers\ncarl@v.example;x;dora@x.example\ncarl2@v.example;w;di@x.example",
    ] {
        assert_eq!(first(&format!("{headless}{other}")), ["ana@x.example", "bob@x.example"], "{other}");
    }
}

#[test]
fn an_arrow_of_any_kind_says_that_one_address_is_replaced() {
    for arrow in ["→", "⟶", "➜", "➔", "➡️", "←", "⇐", "⟹", "🡒", "->", "-->", "=>", "~>", ">>>", ">>", "–>", "<-", "<=="]
    {
        for space in if arrow.starts_with('<') { [" ", "  "] } else { [" ", ""] } {
            let text = format!("old@x.example{space}{arrow}{space}new@x.example");
            assert_eq!(invited(&text), Vec::<String>::new(), "{text}: {:?}", seen(&text));
            assert!(["old@", "new@"].iter().all(|one| seen(&text).iter().any(|seen| seen.contains(one))), "{text}");
        }
        if !arrow.starts_with('<') {
            let text = format!("<old@x.example> {arrow} <new@x.example>");
            assert_eq!(invited(&text), Vec::<String>::new(), "{text}: {:?}", seen(&text));
        }
    }
    for text in ["<a@x.example>-<b@x.example>", "<a@x.example><b@x.example>", "a@x.example - b@x.example"] {
        assert_eq!(invited(text).len(), 2, "{text}: {:?}", seen(text));
    }
}

#[test]
fn words_in_brackets_behind_an_address_are_its_name_or_a_remark_that_refuses_it() {
    for remark in ["left the company", "has left", "already gone", "gone", "Left the company", "see bob.x.example"] {
        for text in [format!("ana@x.example ({remark})"), format!("Ana <ana@x.example> ({remark})")] {
            assert_eq!(seen(&text), [format!("?{text}?")]);
            let list = format!("bob@x.example, {text}, cy@x.example");
            assert_eq!(invited(&list), ["bob@x.example", "cy@x.example"], "{list}");
        }
    }
    for (text, expected) in [
        ("ana@x.example (Ana Lopez)", "Ana Lopez = ana@x.example"),
        ("ana.lopez@x.example (ana lopez)", "ana lopez = ana.lopez@x.example"),
        ("ana@x.example (王伟)", "王伟 = ana@x.example"),
        ("ana@x.example (2)", "ana@x.example"),
        ("Ana <ana@x.example> (Sales)", "Ana = ana@x.example"),
    ] {
        assert_eq!(seen(text), [expected]);
    }
}

#[test]
fn a_comment_and_what_is_below_the_mark_of_a_signature_address_nobody() {
    for text in [
        "# eve@x.example",
        " # eve@x.example",
        "> # eve@x.example",
        "- # eve@x.example",
        "• #eve@x.example",
        "\"# eve@x.example\"",
        "// eve@x.example",
        "  // Eve <eve@x.example>",
        "--\neve@x.example",
        "> --\n> Ana\n> eve@x.example",
        "-- \nBoss\neve@x.example",
    ] {
        let text = format!("ana@x.example\n{text}");
        assert_eq!(invited(&text), ["ana@x.example"], "{text}");
        assert!(seen(&text).iter().any(|one| one.contains("eve@x.example")), "{text}");
    }
    assert_eq!(invited("\"#1 Ana\" <ana@x.example>"), ["#1 Ana = ana@x.example"]);
    assert_eq!(invited("ana@x.example\n---\n- bob@x.example"), ["ana@x.example", "bob@x.example"]);
}

#[test]
fn a_name_that_may_be_another_address_contradicts_the_one_behind_it() {
    for text in [
        "ana(at)x.example <eve@x.example>",
        "\"fred space@corp.example\" <eve@x.example>",
        "ana[at]x.example <eve@x.example>",
        "ana.lopez.x.example <eve@x.example>",
        "\"ana at x dot example\" <eve@x.example>",
        "[ana(at)x.example](mailto:eve@x.example)",
        "[ana.x.example](mailto:eve@x.example)",
        "<mailto:eve@x.example|ana(at)x.example>",
    ] {
        assert_eq!(seen(text), [format!("?{text}?")]);
    }
    for (text, expected) in [
        ("ana.lopez <ana.lopez@x.example>", "ana.lopez = ana.lopez@x.example"),
        ("Ana.Lopez <al@x.example>", "Ana.Lopez = al@x.example"),
        ("x.example <team@x.example>", "x.example = team@x.example"),
        ("[Ana Lopez](mailto:eve@x.example)", "Ana Lopez = eve@x.example"),
    ] {
        assert_eq!(seen(text), [expected]);
    }
}
