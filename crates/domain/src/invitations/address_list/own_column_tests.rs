//! Tables in which several columns have addresses: no one is invited by one that is not certainly the person's own.

use proptest::prelude::*;

use super::tests::seen;
use super::*;
use crate::core::email_address::EmailAddressError;

fn are_unclear(text: &str) -> bool {
    let read = read(text, None, 1_000);
    let with_address = read.people.iter().filter(|one| one.text.contains('@'));
    with_address.into_iter().all(|one| one.address == Err(EmailAddressError::UnclearColumn)) && read.columns.len() > 1
}

/// The addresses that are invited.
fn invited(text: &str, chosen: Option<usize>) -> Vec<String> {
    read(text, chosen, 1_000).people.into_iter().filter_map(|one| one.address.ok()).map(String::from).collect()
}

/// The same table with other separators.
fn in_every_form(text: &str) -> [String; 3] {
    ["\t", ",", ";"].map(|delimiter| text.replace('\t', delimiter))
}

#[test]
fn a_row_without_an_address_does_not_switch_the_choice_off() {
    for text in [
        "Who\tContact me\tMy boss\nAna\tana@x.example\tboss@x.example\nCarl\t\t\nBob\tbob@x.example\tboss@x.example",
        "Who\tContact me\tMy boss\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example\nTotal: 2",
        "Our team\nWho\tContact me\tMy boss\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example",
        "Our team\t\t\nWho\tContact me\tMy boss\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example",
        "Who\tPerson 1\tReviewer 1\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example",
        "Who\tTeam member's contact\tTeam lead's contact\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example",
        "Who\t\tMy boss\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example",
        "Ana\tana@x.example\tboss@x.example\nCarl\t\t\nBob\tbob@x.example\tboss@x.example",
        "Carl\t\t\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example",
        "Ana\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example\nin all 2",
        "Ana\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example\nCleo\t\tboss@x.example",
        "Please invite:\nAna\tana@x.example\tboss@x.example\nBob\tbob@x.example\tboss@x.example",
    ] {
        for text in in_every_form(text) {
            assert!(are_unclear(&text), "{text}: {:?}", read(&text, None, 100));
            let chosen = read(&text, Some(1), 100);
            assert_eq!(invited(&text, Some(1)), ["ana@x.example", "bob@x.example"], "{text}");
            assert!(chosen.people.iter().all(|one| one.address.is_err() || one.name.is_some()), "{chosen:?}");
        }
    }
    let note = "\t\t\t\"Line one\nask boss7@x.example\"";
    let people = "Ana Po\tana@x.example\tboss@x.example\tnote\nBob Ek\tbob@x.example\tboss2@x.example\tnote\n\tcleo@x.example\t\tnote";
    for notes in 1..5 {
        let text = format!("{people}{}", format!("\n{note}").repeat(notes));
        assert!(are_unclear(&text), "addresses in notes: {:?}", read(&text, None, 100));
    }
    let below = "Bob Ek <bob@x.example>\n\nWho\tContact me\tMy boss\nAna\tana@x.example\tboss@x.example\nCleo\tcleo@x.example\tboss@x.example";
    assert_eq!(invited(below, None), ["bob@x.example"], "below a list, too");
}

#[test]
fn a_table_of_addresses_only_is_no_list() {
    for (text, expected) in [
        ("Email\tLine manager\nl1@x.example\tboss@x.example\nl2@x.example\tboss@x.example", true),
        ("Email\tReviewer\nl1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example", true),
        ("E-Mail\tMentor\nl1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example", true),
        ("E-Mail\tFührungskraft\nl1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example", true),
        ("Email\tHRBP\nl1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example", true),
        ("Email\tZog\nl1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example", true),
        ("Work Email\tLine Manager Email\nl1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example", true),
        ("Erstellt von\tE-Mail\nboss@x.example\tl1@x.example\nboss@x.example\tl2@x.example", true),
        ("Name\tEmail\tVertretung\n\tl1@x.example\tboss@x.example\n\tl2@x.example\tboss@x.example", true),
        ("Invitee Email\tUser Email\nl1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example", false),
        ("l1@x.example\tboss@x.example\nl2@x.example\tboss@x.example", false),
    ] {
        for text in in_every_form(text) {
            let own: &[&str] = if expected { &["l1@x.example", "l2@x.example"] } else { &[] };
            assert_eq!(invited(&text, None), own, "{text}");
            assert!(expected || are_unclear(&text), "{text}");
        }
    }
    let grid = "l1@x.example\tboss@x.example\nl2@x.example\tboss2@x.example\nl3@x.example\tboss3@x.example";
    assert!(are_unclear(grid), "from a spreadsheet");
}

#[test]
fn a_column_of_nobody_knows_whom_is_not_taken_for_another() {
    for text in [
        "Event Type Name,Invitee Name,Invitee First Name,Invitee Last Name,Invitee Email,User Email\n\
         Demo,Ana Lopez,Ana,Lopez,ana@x.example,boss@x.example\nDemo,Bob Ek,Bob,Ek,bob@x.example,boss@x.example",
        "Student Name,Student Email,Contact Email\nAna Lopez,ana@x.example,boss@x.example\nBob Ek,bob@x.example,boss@x.example",
        "Learner,Learner Email,User Email\nAna Lopez,ana@x.example,boss@x.example\nBob Ek,bob@x.example,boss@x.example",
        "Name;E-Mail Teilnehmer;E-Mail Kontakt\nAna Lopez;ana@x.example;boss@x.example\nBob Ek;bob@x.example;boss@x.example",
        "Name;Work email;Zog\nAna Lopez;ana@x.example;boss@x.example\nBob Ek;bob@x.example;boss@x.example",
        "Name;Work email;Zog\nAna Lopez;;boss@x.example\nBob Ek;;boss@x.example",
    ] {
        assert!(are_unclear(text), "{text}: {:?}", read(text, None, 100));
        let columns = read(text, None, 100).columns;
        let own = columns[0].column;
        if !text.contains(";;") {
            let found = read(text, Some(own), 100).people;
            let found: Vec<_> = found.iter().map(|one| (one.name.as_deref().unwrap(), one.address.is_ok())).collect();
            assert_eq!(found, [("Ana Lopez", true), ("Bob Ek", true)], "{text}");
        }
    }
    for (text, expected) in [
        ("Name,Email,Contact Email\nAna,ana@x.example,boss@x.example", vec!["Ana = ana@x.example"]),
        ("Learner Name,Learner Email\nAna,ana@x.example", vec!["Ana = ana@x.example"]),
        ("Name,Notes\nAna,ask boss@x.example\nBob,", vec!["?Ana,ask boss@x.example?", "?Bob?"]),
        ("Name,Address\nAna,ana@x.example\nBob,bob@x.example", vec!["Ana = ana@x.example", "Bob = bob@x.example"]),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn a_quoted_cell_of_several_lines_is_a_part_of_its_row() {
    for text in [
        "Name\tEmail\tComments\nAna\tana@x.example\t\"Line one\ncontact boss@x.example\"\nBob\tbob@x.example\t",
        "Name\tEmail\tComments\nAna\tana@x.example\t\"Vertretung:\n\nCarl <boss@x.example>\nor boss2@x.example\"\nBob\tbob@x.example\t",
        "Name\tComments\tEmail\nAna\t\"one\n2\n3\n4\n5\n6\n7\n8\n9\n10 \"\"boss@x.example\"\"\n11\"\tana@x.example\nBob\t\tbob@x.example",
    ] {
        for text in in_every_form(text) {
            assert_eq!(invited(&text, None), ["ana@x.example", "bob@x.example"], "{text}");
        }
    }
    let open = "Name,Email,Comments\nAna,ana@x.example,\"Line one\nBob,bob@x.example,\"two\"\nCleo,cleo@x.example,";
    assert_eq!(invited(open, None), ["ana@x.example", "bob@x.example", "cleo@x.example"], "nobody is hidden by a mark");
}

#[test]
fn names_of_known_tables_are_kept() {
    for (header, row) in [
        ("Employee Name,Email", "Ana Lopez,ana@x.example"),
        ("Student Name,Grade,Email", "Ana Lopez,7,ana@x.example"),
        ("Customer name;E-Mail", "Ana Lopez;ana@x.example"),
        ("Preferred name,Legal First Name,Legal Last Name,Email", "Ana Lopez,Anastasia,Lopez,ana@x.example"),
        ("Preferred name,Legal First Name,Legal Last Name,Email", ",Ana,Lopez,ana@x.example"),
        ("User id,User name,email", "712020,Ana Lopez,ana@x.example"),
        ("Name (Original Name),User Email,Total Duration (Minutes)", "Ana Lopez,ana@x.example,12"),
        ("Worker,Email", "Ana Lopez,ana@x.example"),
        ("Mitarbeitername;E-Mail", "Ana Lopez;ana@x.example"),
        ("Vor-/Nachname;E-Mail", "Ana Lopez;ana@x.example"),
        ("Vor- und Zuname;E-Mail", "Ana Lopez;ana@x.example"),
        ("Zog;E-Mail", "Ana Lopez;ana@x.example"),
        ("Manager Name,Name,Email", "Big Boss,Ana Lopez,ana@x.example"),
    ] {
        assert_eq!(seen(&format!("{header}\n{row}")), ["Ana Lopez = ana@x.example"], "{header}");
    }
    assert_eq!(seen("Department,Email\nSales,ana@x.example"), ["ana@x.example"]);
}

#[test]
fn addresses_as_exchange_writes_them_are_read() {
    for row in [
        "Ana Lopez,ana@x.example,\"SMTP:ana@x.example,smtp:alias@x.example\"",
        "Ana Lopez,ana@x.example,{SMTP:ana@x.example}",
        "Ana Lopez,SMTP:ana@x.example,smtp:alias@x.example",
    ] {
        let text = format!("DisplayName,PrimarySmtpAddress,EmailAddresses\n{row}");
        assert_eq!(seen(&text), ["Ana Lopez = ana@x.example"], "{text}");
    }
    for addresses in [
        "\"smtp:alias@x.example,SMTP:ana@x.example\"",
        "smtp:alias@x.example SMTP:ana@x.example",
        "SMTP:ana@x.example+smtp:alias@x.example",
        "smtp:ana@x.example",
    ] {
        let text = format!("DisplayName,EmailAddresses\nAna Lopez,{addresses}");
        assert_eq!(invited(&text, None), ["ana@x.example"], "{text}");
    }
    assert_eq!(seen("smtp:ana@x.example"), ["ana@x.example"]);
}

#[test]
fn a_second_table_and_a_table_of_markdown_have_headers_too() {
    for (text, expected) in [
        (
            "Name\tEmail\nAna\tana@x.example\nManager\tManager email\nBoss\tboss@x.example",
            vec!["Ana = ana@x.example", "?Boss\tboss@x.example?"],
        ),
        (
            "Name\tEmail\nAna\tana@x.example\n\nStudent\tStudent email\nBob\tbob@x.example",
            vec!["Ana = ana@x.example", "Bob = bob@x.example"],
        ),
        ("Manager\tManager email\nBoss\tboss@x.example", vec!["?Boss\tboss@x.example?"]),
        (
            "| Name | Email | Manager |\n|---|:---:|---|\n| Ana Lopez | ana@x.example | boss@x.example |\n| Bob | | boss@x.example |",
            vec!["Ana Lopez = ana@x.example", "?| Bob | | boss@x.example |?"],
        ),
        (
            " name | email | manager \n------+-------+---------\n Ana Lopez | ana@x.example | boss@x.example\n(1 row)",
            vec!["Ana Lopez = ana@x.example", "?(1 row)?"],
        ),
        (
            "Name;Email\nAna;ana@x.example\nMail room;\nBob;bob@x.example",
            vec!["Ana = ana@x.example", "?Mail room?", "Bob = bob@x.example"],
        ),
        (
            "Name;Email\nAna;ana@x.example\nBob;E-Mail folgt\nCleo;c@x.example",
            vec!["Ana = ana@x.example", "?Bob;E-Mail folgt?", "Cleo = c@x.example"],
        ),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
    assert!(are_unclear("| Who | Contact | Zog |\n| --- | --- | --- |\n| Ana | ana@x.example | boss@x.example |"));
}

#[test]
fn a_row_whose_cells_are_not_where_they_belong_is_unclear() {
    for row in [
        "Ana,boss@x.example",
        "ana@x.example,boss@x.example",
        "Lopez, Ana,,boss@x.example",
        "Ana,ana@x.example,,boss@x.example",
    ] {
        let text = format!("Name,Email,Manager email\n{row}");
        let found = parse(&text);
        assert!(found.len() == 1 && found[0].address == Err(EmailAddressError::UnclearColumn), "{row}: {found:?}");
    }
    for (text, expected) in [
        ("Name;Email;Phone\nBob;bob@x.example", vec!["Bob = bob@x.example"]),
        ("Vorname;Name;Email\nBob;bob@x.example", vec!["Bob = bob@x.example"]),
        ("Name;Email\nAna;ana@x.example;b@x.example", vec!["?Ana;ana@x.example;b@x.example?"]),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn what_has_no_at_sign_is_refused_for_that() {
    for text in ["Zog\tBlub", "Total: 2", "Ana Lopez", "Name\tPhone\nAna\t12"] {
        assert!(parse(text).iter().all(|one| one.address == Err(EmailAddressError::MissingAt)), "{:?}", parse(text));
    }
    let refused = |text: &str| parse(text)[0].address.clone();
    assert_eq!(
        refused("Email,Name\n,Bob\nana@x.example,Ana"),
        Err(EmailAddressError::Empty),
        "nothing stands there at all"
    );
    assert_eq!(refused("Email,Name\nbob,Bob\nana@x.example,Ana"), Err(EmailAddressError::MissingAt));
}

/// What a column of the people's own addresses, of others, and of neither may be called.
const OWN: [&str; 14] = [
    "Email",
    "E-Mail",
    "Work Email",
    "Primary email",
    "Mail",
    "Kontakt",
    "Invitee Email",
    "Zog",
    "Contact me",
    "User",
    "Login",
    "Personal email",
    "E-Mail Teilnehmer",
    "Address",
];
const OTHERS: [&str; 14] = [
    "Manager email",
    "Line manager",
    "Reviewer 1",
    "Mentor",
    "HRBP",
    "Team member's boss",
    "User Email",
    "Contact Email",
    "My boss",
    "Vertretung",
    "Blub",
    "Recovery email",
    "Created by",
    "Email 2",
];
const REST: [&str; 8] = ["Notes", "Department", "Phone", "Kwak", "Team 1", "Comments", "Date", "Status"];
const NAMES: [&str; 6] = ["Name", "Who", "Employee Name", "Full name", "Worker", "Nome"];

#[derive(Debug, Clone)]
struct Generated {
    text: String,
    own: usize,
    names: Vec<String>,
}

fn a_table() -> impl Strategy<Value = Generated> {
    let row = (any::<bool>(), 0..8u8, 0..6u8);
    (
        (0..15usize, 0..15usize, 0..9usize, 0..7usize),
        Just(vec!["name", "own", "other", "rest"]).prop_shuffle(),
        proptest::collection::vec(row, 2..9),
        prop_oneof![Just("\t"), Just(","), Just(";"), Just(" | ")],
        (0..4u8, any::<bool>(), any::<bool>()),
    )
        .prop_map(|(words, order, rows, delimiter, (top, has_header, has_total))| {
            generated(words, &order, &rows, delimiter, top, has_header, has_total)
        })
}

fn generated(
    (own, other, rest, name): (usize, usize, usize, usize),
    order: &[&str],
    rows: &[(bool, u8, u8)],
    delimiter: &str,
    top: u8,
    has_header: bool,
    has_total: bool,
) -> Generated {
    let is_bar = delimiter == " | ";
    let line = |of: &dyn Fn(&str) -> String| {
        let line = order.iter().map(|key| of(key)).collect::<Vec<_>>().join(delimiter);
        if is_bar { format!("| {line} |") } else { line }
    };
    let word = |list: &[&str], at: usize| list.get(at).copied().unwrap_or("Wort").to_owned();
    let mut lines: Vec<String> = match top {
        0 => vec!["Our team".to_owned()],
        1 => vec!["Team list".to_owned(), "as of today".to_owned()],
        _ => Vec::new(),
    };
    if has_header || is_bar {
        lines.push(line(&|key| match key {
            "own" => word(&OWN, own),
            "other" => word(&OTHERS, other),
            "name" => word(&NAMES, name),
            _ => word(&REST, rest),
        }));
    }
    if is_bar {
        lines.push(line(&|_| "---".to_owned()));
    }
    let mut names = Vec::new();
    for (number, (has_name, gap, note)) in rows.iter().enumerate() {
        let person = format!("Per{} Son", char::from(b'a' + u8::try_from(number).unwrap()));
        // Someone has both, or nothing would tell a table from a list.
        let gap = if number < 2 { 0 } else { *gap };
        lines.push(line(&|key| match key {
            "own" if gap == 1 || gap == 2 => String::new(),
            "own" => format!("own{number}@x.example"),
            "other" if gap == 2 || gap == 3 => String::new(),
            "other" => format!("boss{}@x.example", number % 2),
            "name" if !has_name && number > 1 => String::new(),
            "name" => person.clone(),
            _ if is_bar => "note".to_owned(),
            _ => match note {
                0 => "\"quoted, text; here\"".to_owned(),
                1 if has_header || number > 0 => "\"Line one\nask boss7@x.example\"".to_owned(),
                2 => "\"see \"\"this\"\"\"".to_owned(),
                _ => "note".to_owned(),
            },
        }));
        names.push(if *has_name || number < 2 { person } else { String::new() });
    }
    if has_total {
        lines.push(format!("Total: {}", rows.len()));
    }
    Generated { text: lines.join("\n"), own: order.iter().position(|key| *key == "own").unwrap(), names }
}

proptest! {
    /// Whatever the columns are called, and whatever else is in the table.
    #[test]
    fn nobody_of_another_column_is_invited_without_a_choice(table in a_table()) {
        for address in invited(&table.text, None) {
            prop_assert!(address.starts_with("own"), "{address} of\n{}\n{:?}", table.text, read(&table.text, None, 100));
        }
    }

    #[test]
    fn whoever_is_in_the_chosen_column_is_invited_with_the_name(table in a_table()) {
        let before = read(&table.text, None, 1_000);
        let Some(chosen) = before.columns.iter().find(|column| column.column == table.own) else { return Ok(()) };
        let after = read(&table.text, Some(chosen.column), 1_000);
        for (number, name) in table.names.iter().enumerate() {
            let address = format!("own{number}@x.example");
            if !table.text.contains(&address) { continue }
            let found = after.people.iter().find(|one| one.address.as_ref().is_ok_and(|read| read.as_str() == address));
            let found = found.ok_or_else(|| TestCaseError::fail(format!("{address} of\n{}\n{after:?}", table.text)))?;
            prop_assert!(name.is_empty() || found.name.as_deref() == Some(name), "{found:?} of\n{}", table.text);
        }
        prop_assert!(invited(&table.text, Some(chosen.column)).iter().all(|address| address.starts_with("own")));
    }

    #[test]
    fn every_row_with_an_address_is_invited_or_refused(table in a_table()) {
        let found = read(&table.text, None, 1_000).people;
        for number in 0..table.names.len() {
            let address = format!("own{number}@x.example");
            let is_told = |one: &&PastedAddress| match &one.address {
                Ok(read) => read.as_str() == address,
                Err(_) => one.text.contains(&address),
            };
            let count = found.iter().filter(is_told).count();
            prop_assert_eq!(count, usize::from(table.text.contains(&address)), "{} of\n{}\n{:?}", address, table.text, found);
        }
    }
}
