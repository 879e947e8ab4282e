//! Tables and what else is pasted from other programs.

use proptest::prelude::*;

use super::decoration::{is_clause, may_be_mistyped};
use super::tests::seen;
use super::*;
use crate::core::email_address::EmailAddressError;

#[test]
fn a_row_with_one_address_is_one_person_with_the_name_beside_it() {
    for text in [
        "Ana Lopez\tana@x.example",
        "Ana Lopez, ana@x.example",
        "Ana Lopez; ana@x.example",
        "Ana Lopez، ana@x.example",
        "Ana Lopez؛ ana@x.example",
        "\"Ana Lopez\",\"ana@x.example\"",
        "Ana\tLopez\tana@x.example",
        "1,Ana,Lopez,ana@x.example,+49 30 123",
        "ana@x.example\tAna Lopez",
        "ana@x.example;Ana;Lopez",
        "ana@x.example (Ana Lopez)",
        "<ana@x.example> (Ana Lopez)",
        "ana@x.example(Ana Lopez)",
        "Ana Lopez (ana@x.example)",
        "Ana Lopez ana@x.example",
        "Ana Lopez - ana@x.example",
        "1. Ana Lopez: ana@x.example",
        "Ana Lopez <mailto:ana@x.example|ana@x.example>",
        "<mailto:ana@x.example|Ana Lopez>",
        "[Ana Lopez](mailto:ana@x.example)",
        "Ana Lopez [ana@x.example](mailto:ana@x.example)",
        "Ana Lopez\tana@x.example <mailto:ana@x.example>",
        "To: Ana Lopez <ana@x.example>",
        "An: Ana Lopez <ana@x.example>;",
        "Cc : Ana Lopez <ana@x.example>",
        "> Кому: Ana Lopez <ana@x.example>",
        "Email: Ana Lopez <ana@x.example>",
        "Ana Lopez\tana.lopez\tana@x.example",
    ] {
        assert_eq!(seen(text), ["Ana Lopez = ana@x.example"], "{text:?}");
    }
    for text in [
        "<mailto:ana@x.example|ana@x.example>",
        "[ana@x.example](mailto:ana@x.example)",
        "E-Mail: ana@x.example",
        "To: ana@x.example",
    ] {
        assert_eq!(seen(text), ["ana@x.example"], "{text:?}");
    }
    assert_eq!(seen("Lopez, Ana; ana@x.example"), ["Lopez, Ana = ana@x.example"]);
    assert_eq!(seen("Lopez, Ana\tana@x.example"), ["Lopez, Ana = ana@x.example"]);
    assert_eq!(seen("\"Smith \"\"Bob\"\" R\",b@x.example"), ["Smith \"Bob\" R = b@x.example"]);
}

#[test]
fn a_number_or_a_bullet_in_front_of_a_line_is_no_part_of_the_name() {
    for text in [
        "2) Ana Lopez <ana@x.example>",
        "12. Ana Lopez <ana@x.example>",
        "• Ana Lopez <ana@x.example>",
        "- Ana Lopez <ana@x.example>",
        "* Ana Lopez (ana@x.example)",
        "\u{2013}\u{A0}[Ana Lopez](mailto:ana@x.example)",
    ] {
        assert_eq!(seen(text), ["Ana Lopez = ana@x.example"], "{text:?}");
    }
    for name in ["3M Ana", "2)", "-Ana", "4. 5."] {
        assert_eq!(seen(&format!("{name} <ana@x.example>")), [format!("{name} = ana@x.example")], "{name:?}");
    }
}

#[test]
fn whom_the_subject_of_an_email_names_is_not_invited() {
    for subject in
        ["Subject: Lunch with eve@x.example", "> Betreff: AW: eve@x.example, bob@x.example", "件名：eve@x.example"]
    {
        let text = format!("To: Ana <ana@x.example>\n{subject}\nCc: b@x.example");
        let line = subject.trim_start_matches(['>', ' ']);
        let found = seen(&text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[1].starts_with('?') && found[1].contains(line), "{found:?}");
        assert_eq!((found[0].as_str(), found[2].as_str()), ("Ana = ana@x.example", "b@x.example"));
    }
}

#[test]
fn what_stands_in_angle_brackets_is_one_piece_and_invites_nobody_else() {
    for text in [
        "Fred <fred space@corp.example>",
        "Fred <fred@corp.example, space@corp.example>",
        "<fred@corp.example; space@corp.example>",
        "Fred <fred@corp.example space@corp.example>",
    ] {
        assert_eq!(seen(text), [format!("?{text}?")], "{text:?}");
    }
    assert_eq!(
        seen("Ana <a@x.example>, Fred <fred space@corp.example>, b@x.example"),
        ["Ana = a@x.example", "?Fred <fred space@corp.example>?", "b@x.example"]
    );
}

#[test]
fn several_people_on_a_line_keep_their_names() {
    for (text, expected) in [
        ("Ana Lopez, ana@x.example, Bob, bob@y.example", vec!["Ana Lopez = ana@x.example", "Bob = bob@y.example"]),
        ("Ana Lopez ana@x.example; Bob b@y.example", vec!["Ana Lopez = ana@x.example", "Bob = b@y.example"]),
        ("ana@x.example (Ana), bob@y.example (Bob)", vec!["Ana = ana@x.example", "Bob = bob@y.example"]),
        ("To: Ana <a@x.example>, b@y.example", vec!["Ana = a@x.example", "b@y.example"]),
        ("Ana\ta@x.example\tb@y.example", vec!["?Ana\ta@x.example\tb@y.example?"]),
        ("a@x.example, b@y.example c@z.example", vec!["a@x.example", "b@y.example", "c@z.example"]),
        ("please add Ana a@x.example", vec!["?please add Ana a@x.example?"]),
    ] {
        assert_eq!(seen(text), expected, "{text:?}");
    }
}

#[test]
fn a_header_says_where_the_address_and_the_name_are() {
    for (header, row, expected) in [
        ("Vorname\tNachname\tE-Mail", "Ana\tLopez\tana@x.example", "Ana Lopez = ana@x.example"),
        ("Name;Vorname;E-Mail-Adresse;Ort", "Lopez;Ana;ana@x.example;Berlin", "Ana Lopez = ana@x.example"),
        ("Nombre,Apellidos,Correo electrónico", "Ana,Lopez,ana@x.example", "Ana Lopez = ana@x.example"),
        ("Department,Name,Email", "Sales,Ana Lopez,ana@x.example", "Ana Lopez = ana@x.example"),
        ("Email;Full Name;Manager email", "ana@x.example;Ana Lopez;boss@x.example", "Ana Lopez = ana@x.example"),
        ("\"Email\",\"Name\"", "\"ana@x.example\",\"Lopez, Ana\"", "Lopez, Ana = ana@x.example"),
        ("邮箱\t姓名", "ana@x.example\t王小明", "王小明 = ana@x.example"),
        ("Email,Department", "ana@x.example,Sales", "ana@x.example"),
        ("Email", "ana@x.example", "ana@x.example"),
        ("id,email,name,role", "'=1,ana@x.example,'=Ana,Builder", "=Ana = ana@x.example"),
    ] {
        let found = seen(&format!("\u{FEFF}{header}\r\n{row}\r\n"));
        assert!(found.iter().all(|one| one == expected) && !found.is_empty(), "{header:?}: {found:?}");
    }
}

#[test]
fn no_row_is_lost() {
    for (text, expected) in [
        ("Name;Email\nAna;ana@x.example\nBob;\n", vec!["Ana = ana@x.example", "?Bob?"]),
        ("Name;Email\nAna;ana.x.example\n", vec!["?Ana;ana.x.example?"]),
        (
            "Name;Email\nAna;ana@x.example;b@y.example\nc@z.example",
            // Two addresses for one name: no one knows which one is Ana's.
            vec!["?Ana;ana@x.example;b@y.example?", "c@z.example"],
        ),
        ("Email;Name\nAna;ana@x.example", vec!["Ana = ana@x.example"]),
        (
            "Bob\tSmith\tbob.example\nAna\tLopez\tana@x.example\nAna\tLopez\tana@x.example",
            vec!["?Bob\tSmith\tbob.example?", "Ana Lopez = ana@x.example", "Ana Lopez = ana@x.example"],
        ),
        (
            "Bob\tSmith\t\nAna\tLopez\tana@x.example\nAna\tLopez\tana@x.example",
            vec!["?Bob\tSmith?", "Ana Lopez = ana@x.example", "Ana Lopez = ana@x.example"],
        ),
        (
            "Name,Email,Address\nAna,ana@x.example,\"Street 1\nBerlin\"\nBob,bob@x.example,",
            vec!["Ana = ana@x.example", "Bob = bob@x.example"],
        ),
        ("\"Ana\nb@y.example;\nc@z.example", vec!["?\"Ana?", "b@y.example", "c@z.example"]),
        ("Ana\nBob", vec!["?Ana?", "?Bob?"]),
    ] {
        assert_eq!(seen(text), expected, "{text:?}");
    }
}

#[test]
fn punctuation_and_symbols_around_an_address_are_taken_off() {
    for around in [
        "{}،",
        "{}»",
        "«{}»",
        "{}•",
        "•{}",
        "{}—",
        "{}®",
        "{}™",
        "{}.",
        "({}).",
        "*{}*",
        "**{}**",
        "`{}`",
        "{}!",
        "„{}“",
        "{}/",
        "{}✉️",
        "{}²",
        "【{}】",
        "mailto:{}?subject=x",
    ] {
        let text = around.replace("{}", "ana@example.com");
        assert_eq!(seen(&text), ["ana@example.com"], "{text}");
    }
    for cut in [
        "…@example.com",
        "ana@exam…",
        "ana@example…",
        "ana@example.com...",
        "ana@exam™ple.com",
        "ana™@example.com",
        "ana@b@example.com",
    ] {
        assert_eq!(seen(cut), [format!("?{cut}?")], "{cut}");
    }
}

#[test]
fn a_table_of_two_hundred_people_has_two_hundred_rows() {
    let rows: String = (0..202).map(|n| format!("\"Last{n}\";\"First\";\"u{n}@x.example\";\"Sales\"\r\n")).collect();
    let found = seen(&format!("Nachname;Vorname;E-Mail;Abteilung\r\n{}", rows.replace("Last1\"", "Last\"")));
    assert_eq!(found.len(), 202);
    assert!(found.iter().all(|one| one.starts_with("First Last")), "{found:?}");
}

/// How the console writes a person whom it read, to have it read again.
fn written(name: &str, address: &str) -> String {
    format!("\"{}\" <{address}>", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn a_name() -> impl Strategy<Value = String> {
    "[A-ZÄ山][a-zé]{1,8}( [A-ZÄ山][a-zé]{1,8}){0,2}".prop_filter("no word of a header", |name| {
        name.split(' ').all(|word| header_words::column(word).is_none() && !labels::is_label(word))
    })
}

proptest! {
    #[test]
    fn generated_tables_come_back_row_by_row(
        people in proptest::collection::vec((a_name(), a_name(), "[a-z]{1,9}", any::<bool>()), 1..12),
        delimiter in "[\t;,]", quoted in any::<bool>(), order in Just(vec!["first", "last", "email", "id"]).prop_shuffle(),
        words in 0usize..3, ends in "(\n|\r\n|\r)",
    ) {
        let header = |key: &str| match (key, words) {
            ("first", 0) => "First name", ("first", 1) => "Vorname", ("first", _) => "Prénom",
            ("last", 0) => "Last name", ("last", 1) => "Nachname", ("last", _) => "Nom",
            ("email", 0) => "Email", ("email", 1) => "E-Mail-Adresse", ("email", _) => "Courriel",
            _ => "ID",
        };
        let cell = |text: &str| if quoted { format!("\"{text}\"") } else { text.to_owned() };
        let line = |of: &dyn Fn(&str) -> String| order.iter().map(|key| cell(&of(key))).collect::<Vec<_>>().join(&delimiter);
        let mut lines = vec![line(&|key| header(key).to_owned())];
        let mut expected = Vec::new();
        for (number, (first, last, local, has_address)) in people.iter().enumerate() {
            lines.push(line(&|key| match key {
                "first" => first.clone(),
                "last" => last.clone(),
                "email" if *has_address => format!("{local}{number}@x.example"),
                "email" => String::new(),
                _ => number.to_string(),
            }));
            expected.push(has_address.then(|| (Some(format!("{first} {last}")), format!("{local}{number}@x.example"))));
        }
        let found = parse(&lines.join(&ends));
        let found: Vec<_> = found.into_iter().map(|row| row.address.ok().map(|address| (row.name, address.to_string()))).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_person_who_is_written_back_is_read_again(name in "\\PC{1,40}", number in 0..9) {
        let address = format!("p{number}@x.example");
        if let Ok(name) = crate::core::person_name::PersonName::parse(&name) {
            let found = parse(&written(name.as_str(), &address));
            prop_assert_eq!(found.len(), 1, "{:?}", found);
            let read = found[0].address.as_ref().map(ToString::to_string);
            // A name that is another address, or may be, contradicts the one behind it.
            if !has_at_sign(name.as_str()) && !may_be_mistyped(name.as_str()) {
                let is_refused = is_clause(name.as_str());
                prop_assert_eq!(read, if is_refused { Err(&EmailAddressError::OfAnother) } else { Ok(address) });
            }
        }
    }

    /// Whatever surrounds them (but for quotation marks, which make a name of an address), every address is invited or refused, and no one else is invited.
    #[test]
    fn nobody_is_lost_and_no_stranger_invited(
        parts in proptest::collection::vec(("[ ,;\t\n'()<>\\[\\]:|•A-Z]{0,6}", "[a-z]{2,6}", "[ ,;\t\n'()<>\\[\\]:|•A-Z]{0,6}"), 1..8),
    ) {
        let addresses: Vec<String> = (0..).zip(&parts).map(|(n, (_, local, _))| format!("{local}{n}@x.example")).collect();
        let text: String = parts.iter().zip(&addresses).map(|((before, _, after), address)| format!("{before} {address} {after}")).collect();
        let found = parse(&text);
        for address in &addresses {
            let rows = found.iter().filter(|row| match &row.address {
                Ok(read) => read.as_str() == address,
                Err(_) => row.text.contains(address.as_str()),
            });
            prop_assert_eq!(rows.count(), 1, "{} in {:?}: {:?}", address, text, found);
        }
        for row in &found {
            if let Ok(read) = &row.address {
                prop_assert!(addresses.iter().any(|address| address == read.as_str()), "{:?} in {:?}", row, text);
            }
        }
    }
}
