//! A row of two cells: what stands beside an address is a name, says of whom it is, or says nothing that is known.

use super::tests::seen;

/// Who is invited, with the names.
fn invited(text: &str) -> Vec<String> {
    seen(text).into_iter().filter(|one| !one.starts_with('?')).collect()
}

#[test]
fn a_first_cell_that_is_not_certainly_a_name_invites_nobody() {
    for word in
        ["Manager", "Vorgesetzter", "Responsable", "Line manager", "Removed", "Kündigung", "Next of kin", "lopez"]
    {
        for delimiter in ["\t", ",", "; ", "\t\t"] {
            let line = format!("{word}{delimiter}eve@x.example");
            for text in
                [line.clone(), format!("{line}\nActive{delimiter}bob@x.example"), format!("bob@x.example\n{line}")]
            {
                assert!(!invited(&text).iter().any(|one| one.contains("eve@")), "{text}: {:?}", seen(&text));
                assert!(seen(&text).iter().any(|one| one.contains(word) && one.contains("eve@")), "{text}");
            }
        }
    }
    for word in ["Manager", "Vorgesetzter"] {
        let text = format!("Ana\tana@x.example\n{word}\tboss@x.example\nBob\tbob@x.example");
        assert_eq!(invited(&text), ["Ana = ana@x.example", "Bob = bob@x.example"]);
    }
}

#[test]
fn a_first_cell_that_is_a_name_or_stands_among_names_is_the_name() {
    for (name, address) in [
        ("Ana", "ana@x.example"),
        ("ana", "ana.lopez@x.example"),
        ("Bo", "bo.ek@x.example"),
        ("Jörg", "joerg@x.example"),
        ("Lopez", "a.lopez@x.example"),
        ("Ana Lopez", "p1@x.example"),
        ("Lopez, Ana", "p1@x.example"),
        ("王伟", "p1@x.example"),
        ("Иван", "ivan@x.example"),
    ] {
        assert_eq!(seen(&format!("{name}\t{address}")), [format!("{name} = {address}")]);
    }
    for delimiter in ["\t", ";"] {
        let rows = ["Ana", "Bob", "Cy Poe", "Dan", "Eve", "Flo"].map(|name| {
            let number = name.len();
            format!("{name}{delimiter}p{number}@x.example")
        });
        assert_eq!(invited(&rows.join("\n")).len(), 6, "a whole name is among them: {:?}", seen(&rows.join("\n")));
    }
    assert_eq!(
        invited("Ana\talopez@x.example\nAdam\taek@x.example\nBob\tbek@x.example\nCy\tcdiaz@x.example"),
        ["Ana = alopez@x.example", "Adam = aek@x.example", "Bob = bek@x.example", "Cy = cdiaz@x.example"]
    );
    assert_eq!(invited("Active\tana@x.example\nActive\talan@x.example"), Vec::<String>::new());
    assert_eq!(seen("E-Mail\tana@x.example"), ["ana@x.example"]);
    assert_eq!(seen("E1234\tana@x.example"), ["ana@x.example"]);
    assert_eq!(seen("1\tana@x.example"), ["ana@x.example"]);
    assert_eq!(seen("Sales\tAna Lopez <ana@x.example>"), ["Ana Lopez = ana@x.example"]);
}

#[test]
fn a_word_behind_an_address_is_no_name_unless_it_is_in_it_or_stands_among_names() {
    for (first, second) in [("no", "yes"), ("No", "Yes"), ("nein", "ja"), ("true", "false"), ("Sales", "Sales")] {
        for delimiter in [",", ";", "\t"] {
            let text = format!("eve@x.example{delimiter}{first}\nana@x.example{delimiter}{second}");
            assert_eq!(seen(&text), ["eve@x.example", "ana@x.example"], "{text}");
        }
    }
    for (text, expected) in [
        ("ana@x.example;Ana\np2@x.example;Bob", ["Ana = ana@x.example", "Bob = p2@x.example"]),
        ("p1@x.example\tAna\np2@x.example\tBob Ek", ["Ana = p1@x.example", "Bob Ek = p2@x.example"]),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}
