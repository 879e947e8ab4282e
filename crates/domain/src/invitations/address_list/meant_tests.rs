//! No one is invited who was not certainly meant, and no one who was typed is lost or becomes the name of another.

use proptest::prelude::*;

use super::tests::seen;
use super::*;

/// Who is invited, with the names.
fn invited(text: &str) -> Vec<String> {
    seen(text).into_iter().filter(|one| !one.starts_with('?')).collect()
}

#[test]
fn what_may_be_a_mistyped_address_is_a_refusal_of_its_own() {
    for mistyped in [
        "bob(at)x.example",
        "bob [at] x [dot] example",
        "bob at x dot example",
        "Bob.Smith.x.example",
        "Bob.x.example",
        "BOB.X.EXAMPLE",
        "bob\"x.example",
        "bob!x.example",
        "bob#x.example",
        "bob2x.example.com",
        "jörg.x.example.de",
        "bob.例.テスト",
    ] {
        for separator in [", ", "; ", "\t", ",", "、"] {
            for (text, expected) in [
                (format!("ana@x.example{separator}{mistyped}"), vec!["ana@x.example"]),
                (format!("{mistyped}{separator}ana@x.example"), vec!["ana@x.example"]),
                (
                    format!("ana@x.example{separator}{mistyped}{separator}cy@x.example"),
                    vec!["ana@x.example", "cy@x.example"],
                ),
                (format!("Ana Lopez{separator}ana@x.example{separator}{mistyped}"), vec!["Ana Lopez = ana@x.example"]),
            ] {
                let found = seen(&text);
                assert_eq!(invited(&text), expected, "{text}: {found:?}");
                let word = mistyped.split(['"', ' ']).next().unwrap();
                assert!(found.iter().any(|one| one.starts_with('?') && one.contains(word)), "{text}: {found:?}");
            }
        }
    }
    for name in ["Dr.Smith", "J.R.R. Tolkien", "Ana Lopez, M.Sc", "St.John", "Anna", "Prof. Dr. Ana Lopez"] {
        assert!(!decoration::may_be_mistyped(name), "{name}");
    }
    assert_eq!(seen("Ana Lopez\tana@x.example\twww.x.example"), ["Ana Lopez = ana@x.example"]);
}

#[test]
fn who_has_no_address_in_a_list_is_not_the_name_of_the_neighbor() {
    for (text, expected) in [
        ("ana@x.example; Bob Smith", vec!["ana@x.example", "?Bob Smith?"]),
        ("ana@x.example, Bob Smith", vec!["ana@x.example", "?Bob Smith?"]),
        ("ana@x.example; Smith, Bob", vec!["ana@x.example", "?Smith?", "?Bob?"]),
        ("Ana Lopez; ana@x.example; Bob Smith", vec!["Ana Lopez = ana@x.example", "?Bob Smith?"]),
        ("Bob Smith; Ana Lopez; ana@x.example", vec!["?Bob Smith?", "Ana Lopez = ana@x.example"]),
        ("Ana Lopez ana@x.example Bob Smith", vec!["Ana Lopez = ana@x.example", "?Bob Smith?"]),
        ("Ana Lopez; ana@x.example", vec!["Ana Lopez = ana@x.example"]),
        ("Ana Lopez, ana@x.example", vec!["Ana Lopez = ana@x.example"]),
        ("ana@x.example; Ana Lopez", vec!["Ana Lopez = ana@x.example"]),
        ("ana@x.example, Lopez, Ana", vec!["Lopez Ana = ana@x.example"]),
        (
            "Ana Lopez, 2026-01-05 15:00, dat@x.example, Bob.x.example",
            vec!["Ana Lopez = dat@x.example", "?Bob.x.example?"],
        ),
        ("Ana Lopez, 2026-01-05 15:00, dat@x.example", vec!["Ana Lopez = dat@x.example"]),
        ("Ana;Lopez;p1@x.example;Sales;12", vec!["Ana Lopez = p1@x.example", "?Sales?"]),
        ("Ana Lopez, Head of Sales, ana@x.example", vec!["?Head of Sales?", "Ana Lopez = ana@x.example"]),
        // Rows of the same shape are a table: what else stands in them is about their person.
        (
            "Ana;Lopez;p1@x.example;Sales;Berlin\nBob;Ek;p2@x.example;Sales;Bonn",
            vec!["Ana Lopez = p1@x.example", "Bob Ek = p2@x.example"],
        ),
        ("p1@x.example; Ana Lopez\np2@x.example; Bob Ek", vec!["Ana Lopez = p1@x.example", "Bob Ek = p2@x.example"]),
        (
            "Ana Lopez, Head of Sales, ana@x.example\nBob Ek, CTO, b.ek@x.example",
            vec!["Ana Lopez = ana@x.example", "Bob Ek = b.ek@x.example"],
        ),
        ("p1@x.example\tAna Lopez", vec!["Ana Lopez = p1@x.example"]),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn a_line_with_a_label_invites_only_recipients_and_own_addresses() {
    for label in [
        "Manager",
        "Manager email",
        "Vorgesetzter",
        "Im Auftrag von",
        "Requested by",
        "Next of kin",
        "Subject",
        "Sujet ",
        "Subiect",
        "Θέμα",
        "主題",
        "件名",
        "Zadeva",
        "Tema",
        "Re",
        "Fwd",
        "AW",
        "**Betreff",
        "| Subject",
        "> Subject",
        "Subject\u{A0}",
        "UID",
        "Attachments",
        "mailing list",
        "Message-ID",
        "X-Original-To",
        "Recovery email",
        "userPrincipalName",
        "ORGANIZER;CN=Boss",
        "RELATED;TYPE=boss",
        "Subject: to",
        "To: Re",
        "Ana Lopez",
        "Team Lead",
    ] {
        for value in [
            "boss@x.example",
            "about boss@x.example",
            "Boss <boss@x.example>",
            "<boss@x.example>",
            "mailto:boss@x.example",
        ] {
            for space in [" ", "", "\t"] {
                let text = format!("Email: amy@x.example\n{label}:{space}{value}\nTo: Ana <ana@x.example>");
                let found = seen(&text);
                assert_eq!(invited(&text), ["amy@x.example", "Ana = ana@x.example"], "{text}: {found:?}");
                let last = label.trim_start_matches("To: ").trim_start_matches(['>', '|', '*', ' ']);
                let word = last.split([':', ';', ' ', '\u{A0}']).next().unwrap();
                let is_told = |one: &String| one.contains("boss@x.example") && one.contains(word);
                assert!(found.iter().any(is_told), "the refusal names the label: {text}: {found:?}");
            }
        }
    }
}

#[test]
fn a_line_with_a_known_label_or_the_persons_own_name_is_read() {
    for (text, expected) in [
        ("Ana Lopez: ana@x.example", "Ana Lopez = ana@x.example"),
        ("1. Ana Lopez: a.lopez@x.example", "Ana Lopez = a.lopez@x.example"),
        ("Kopie (CC): Cy <cy@x.example>", "Cy = cy@x.example"),
        ("Copie à : Cy <cy@x.example>", "Cy = cy@x.example"),
        ("收件人：王伟 <wei@x.example>", "王伟 = wei@x.example"),
        (": ana@x.example", "ana@x.example"),
        ("EMAIL;TYPE=WORK:ana@x.example", "ana@x.example"),
        ("EMAIL;TYPE=INTERNET;TYPE=WORK:ana@x.example", "ana@x.example"),
        ("item1.EMAIL;type=INTERNET;type=pref:ana@x.example", "ana@x.example"),
        ("Ana Lopez [mailto:ana@x.example]", "Ana Lopez = ana@x.example"),
        ("An: Ana Lopez [mailto:ana@x.example]", "Ana Lopez = ana@x.example"),
        ("1 Ana Lopez <ana@x.example>", "Ana Lopez = ana@x.example"),
        ("(2) Ana Lopez <ana@x.example>", "Ana Lopez = ana@x.example"),
        ("3 - Ana Lopez <ana@x.example>", "Ana Lopez = ana@x.example"),
        ("12:30 ana@x.example", "ana@x.example"),
    ] {
        assert_eq!(invited(text), [expected], "{text}: {:?}", seen(text));
    }
    let block = "Name: Ana Lopez, Email: ana@x.example";
    assert_eq!(invited(block), ["ana@x.example"]);
    assert_eq!(invited("- name: Ana\n  email: ana@x.example\n  manager: boss@x.example"), ["ana@x.example"]);
    assert_eq!(invited("Team:\n  ana@x.example\n  bob@x.example"), ["ana@x.example", "bob@x.example"]);
    assert_eq!(
        invited("To: Ana <ana@x.example> Sujet : eve@x.example, bob@x.example Cc: cy@x.example"),
        ["Ana = ana@x.example"]
    );
}

#[test]
fn the_beginning_of_an_email_in_rows_invites_its_recipients_only() {
    let shown = "Message ID\t<CAKx12@mail.gmail.example>\nCreated at:\tMon, Jan 5, 2026 at 3:00 PM (Delivered after 2 seconds)\n\
                 From:\tBob <bob@x.example>\nTo:\tAna <ana@x.example>\nSubject:\tLunch with eve@x.example";
    assert_eq!(invited(shown), ["Ana = ana@x.example"]);
    assert_eq!(invited("Message ID\t<CAKx12@mail.gmail.example>\nTo:\tAna <ana@x.example>"), ["Ana = ana@x.example"]);
    assert!(invited("Subject\tLunch with eve@x.example").is_empty());
    assert!(invited("References:\n <a@mail.x.example>\nSubject:\n lunch with eve@x.example").len() < 2);
    assert!(invited("Date: Mon\nReferences:\n <a@mail.x.example>\n\t<b@mail.x.example>").is_empty());
}

#[test]
fn an_address_that_was_cut_by_the_end_of_a_line_invites_nobody() {
    for text in [
        "ATTENDEE;CN=Ana:mailto:ana.lo\r\n pez@x.example\r\nEND:VEVENT",
        "mailto:ana.lo\r\n pez@x.example",
        "ana.lo\n pez@x.example",
        "ana.lo=\npez@x.example",
        "EMAIL:ana.lo=\r\npez@x.example",
        "ana@x.exam=\nple",
        "mailto:ana@x.exam\r\n ple",
        "Subject: Lunch\n with eve@x.example",
    ] {
        assert!(invited(text).is_empty(), "{text:?}: {:?}", seen(text));
        assert!(seen(text).iter().any(|one| one.contains('@')), "{text:?}");
    }
    assert_eq!(invited("ana@x.example\n bob@x.example"), ["ana@x.example", "bob@x.example"]);
    assert_eq!(invited("mailto:ana@x.example\n mailto:bob@x.example"), ["ana@x.example", "bob@x.example"]);
}

#[test]
fn a_sentence_invites_nobody() {
    for text in [
        "Please ask boss@x.example before you invite anybody",
        "Questions? Contact hr@x.example",
        "Exported by admin@x.example on 2026-01-01",
        "Your message to ana@x.example could not be delivered. Contact postmaster@mx.example",
        "I am out of office. In urgent cases contact deputy@x.example",
        "\"Generated By: admin@x.example 1/1/2026 3:00 PM\"",
    ] {
        assert!(invited(text).is_empty(), "{text}: {:?}", seen(text));
        let table = format!("{text}\nName;Email\nAna;ana@x.example\nBob;bob@x.example\n{text}");
        assert_eq!(invited(&table), ["Ana = ana@x.example", "Bob = bob@x.example"], "{text}");
        assert_eq!(seen(&table).len(), 4, "{text}");
    }
}

/// The columns among which someone has to choose.
fn offered(text: &str) -> Vec<usize> {
    read(text, None, 1_000).columns.into_iter().map(|column| column.column).collect()
}

#[test]
fn a_column_that_is_not_known_as_the_own_one_is_chosen_or_nobody_is_invited() {
    for header in [
        "上司のメールアドレス",
        "经理邮箱",
        "상사 이메일",
        "Vorgesetztenmail",
        "Chefmail",
        "Requested by",
        "Betreuer",
        "Next of kin email",
        "Mother's Email",
        "Zog",
    ] {
        for delimiter in ["\t", ",", ";"] {
            let rows = format!("Ana Lopez{delimiter}boss@x.example\nBob Ek{delimiter}boss2@x.example");
            let text = format!("Name{delimiter}{header}\n{rows}");
            assert!(invited(&text).is_empty(), "{text}: {:?}", seen(&text));
            assert_eq!(offered(&text), [1], "{text}");
            let chosen = read(&text, Some(1), 100).people;
            assert!(chosen.len() == 2 && chosen.iter().all(|one| one.address.is_ok() && one.name.is_some()));
        }
    }
    for text in [
        "Imię\tNazwisko\tAdres\nAna\tLopez\tana@x.example\nBob\tEk\tbob@x.example",
        "Zog\tBlub\tKwak\nAna\tLopez\tana@x.example\nBob\tEk\tbob@x.example",
    ] {
        assert!(invited(text).is_empty());
        let chosen = read(text, Some(2), 100).people;
        assert!(chosen.len() == 2 && chosen.iter().all(|one| one.address.is_ok() && one.name.is_some()), "{chosen:?}");
    }
    for header in ["Manager email", "E-Mail Vorgesetzter", "Next of kin email", "上司のメールアドレス"] {
        let text = format!("{header}\nboss1@x.example\nboss2@x.example");
        assert!(invited(&text).is_empty() && seen(&text).len() == 2, "{text}: {:?}", seen(&text));
    }
    assert!(invited(r#"[{"manager_email":"boss1@x.example"},{"manager_email":"boss2@x.example"}]"#).is_empty());
    let chosen = read("Next of kin email\nana@x.example", Some(0), 10);
    assert!(chosen.people.iter().all(|one| one.address.is_ok()) && chosen.columns.len() == 1, "{chosen:?}");
    let late: String = (0..45).map(|n| format!("P{n};;b{n}@x.example\n")).collect();
    assert!(invited(&format!("Name;Wohin;Wen\n{late}")).is_empty());
}

#[test]
fn one_address_more_than_in_the_rows_above_is_unclear() {
    for delimiter in ["\t", ";", ","] {
        let row = |n: usize| format!("Ann Lopez{delimiter}p{n}@x.example{delimiter}Sales\n");
        let rows: String = (0..45).map(row).collect();
        let last = format!("Zed Poe{delimiter}zed@x.example{delimiter}boss@x.example");
        let text = format!("{rows}{last}");
        assert_eq!(invited(&text).len(), 45, "{:?}", seen(&text).last());
        assert_eq!(seen(&text).last(), Some(&format!("?{last}?")));
        assert_eq!(offered(&text), [1, 2]);
        let chosen = read(&text, Some(1), 100).people;
        assert!(chosen.len() == 46 && chosen.iter().all(|one| one.address.is_ok() && one.name.is_some()));
    }
    assert_eq!(seen("Cy Poe\tcy@x.example\tboss@x.example"), ["?Cy Poe\tcy@x.example\tboss@x.example?"]);
    assert_eq!(offered("Cy Poe\tcy@x.example\tboss@x.example"), [1, 2]);
    assert!(
        !seen("Ana Lopez\tana@x.example\nCy Poe\tcy@x.example\tboss@x.example").contains(&"boss@x.example".to_owned())
    );
}

#[test]
fn a_quoted_note_that_is_too_long_invites_nobody_in_it() {
    let note: String = (0..45).map(|n| format!("h{n}@x.example\n")).collect();
    let text = format!("Name;Email;Note\nAna;ana@x.example;\"{note}\"\nBob;bob@x.example;\nCy;cy@x.example;");
    assert_eq!(invited(&text), ["Ana = ana@x.example", "Bob = bob@x.example", "Cy = cy@x.example"]);
    assert!(seen(&text).len() > 45, "they are told");
}

#[test]
fn names_are_written_as_their_languages_do_and_without_what_is_no_name() {
    for (text, expected) in [
        ("姓\t名\tメールアドレス\n山田\t太郎\ttaro@x.example", "山田 太郎 = taro@x.example"),
        ("名,姓,邮箱\n伟,王,wei@x.example", "王 伟 = wei@x.example"),
        ("성\t이름\t이메일\n김\t철수\tkim@x.example", "김 철수 = kim@x.example"),
        ("성\t이름\t이메일\n김\t김철수\tkim@x.example", "김철수 = kim@x.example"),
        ("Vezetéknév;Keresztnév;E-mail\nNagy;Anna;anna@x.example", "Nagy Anna = anna@x.example"),
        ("Nachname;Vorname;E-Mail\nLopez;Ana;ana@x.example", "Ana Lopez = ana@x.example"),
        ("Ana Lopez | Head of Sales | ana@x.example", "Ana Lopez = ana@x.example"),
        ("\"Ana Lopez, ana@x.example", "Ana Lopez = ana@x.example"),
        ("Ana Lopez (ext.), ana@x.example", "Ana Lopez = ana@x.example"),
        ("on behalf of Ana Lopez <ana@x.example>", "Ana Lopez = ana@x.example"),
        ("Im Auftrag von Ana Lopez <ana@x.example>", "Ana Lopez = ana@x.example"),
        ("\u{200F}<ana@x.example>\u{200E}", "ana@x.example"),
    ] {
        assert_eq!(seen(text), [expected], "{text}");
    }
}

/// How the console writes someone who was refused for what stood around them (`invite.notMeant`), to have the text read again.
#[test]
fn whoever_is_written_back_as_not_invited_is_not() {
    for label in ["Not invited:", "Nicht eingeladen:"] {
        for text in [
            "boss@x.example",
            "Ana\tboss@x.example",
            "Ana <boss@x.example>; \"b@x.example\"",
            "To: boss@x.example",
            "Ana Lopez, boss@x.example, x",
        ] {
            let line = format!("{label} {text}");
            for all in
                [line.clone(), format!("Bob <bob@x.example>\n{line}\n{line}"), format!("bob@x.example\tBob\n{line}")]
            {
                let found = invited(&all);
                assert!(found.iter().all(|one| one.starts_with("Bob")), "{all}: {found:?}");
                assert!(seen(&all).iter().any(|one| one.contains("boss@x.example")), "{all}");
            }
        }
    }
}

proptest! {
    /// Whatever stands before a colon: no one is invited behind what is no word for a recipient.
    #[test]
    fn whoever_is_behind_an_unknown_label_is_not_invited(
        label in "[A-Za-zÄ件Θ][a-zé-]{2,9}( [A-Za-z][a-z]{2,9}){0,3}", before in "(> |\\* |- |)", words in "([a-z]{2,6} ){0,2}", end in "(| Cc: c@x.example|; b@x.example)",
    ) {
        prop_assume!(labels::label(&label) == labels::Label::Unknown);
        let text = format!("{before}{label}: {words}q0@x.example{end}");
        prop_assert!(invited(&text).is_empty(), "{text}: {:?}", seen(&text));
        prop_assert!(seen(&text).iter().any(|one| one.contains("q0@x.example")));
    }

    /// Every word of a list that is no address is shown, or is in a name that stands in front of its address.
    #[test]
    fn nothing_that_was_typed_in_a_list_is_lost(
        entries in proptest::collection::vec(("[A-Z][a-z]{2,6}( [A-Z][a-z]{2,6})?", 0..3u8), 1..6), separator in "(; |, |;|,)",
    ) {
        let entry = |(at, (name, kind)): (usize, &(String, u8))| match kind {
            0 => name.clone(),
            1 => format!("zz{at}@x.example"),
            _ => format!("{name} <zz{at}@x.example>"),
        };
        let line = entries.iter().enumerate().map(entry).collect::<Vec<_>>().join(&separator);
        let found = parse(&line);
        for (name, _) in entries.iter().filter(|(_, kind)| *kind != 1) {
            let is_named = |read: &String| name.split(' ').all(|word| read.contains(word));
            let is_told = found.iter().any(|one| match &one.name {
                Some(read) => is_named(read),
                None => one.address.is_err() && one.text.contains(name.as_str()),
            });
            prop_assert!(is_told, "{name} of {line}: {found:?}");
        }
    }
}
