//! Lines of emails, lists as people write them, and texts of programs.

use super::tests::seen;

#[test]
fn what_programs_write_for_each_other_addresses_nobody() {
    for field in [
        "Message-ID: <abc.123@mail.x.example>",
        "References: <a@mail.x.example> <b@mail.x.example>",
        "References: <a@mail.x.example>\n <b@mail.x.example>\n\t<c@mail.x.example>",
        "In-Reply-To: <abc@mail.x.example>",
        "Return-Path: <bounce@x.example>",
        "List-Unsubscribe: <mailto:leave@lists.x.example>",
        "X-Original-To: someone@x.example",
        "Delivered-To: someone@x.example",
        "Authentication-Results: mx.x.example; spf=pass smtp.mailfrom=a@x.example",
        "Received: from a.example by b.example for <someone@x.example>; Mon, 2 Jan 2026 15:00:00 +0000",
    ] {
        let text = format!("From: Bob <bob@x.example>\n{field}\nTo: Ana <ana@x.example>");
        let invited: Vec<String> = seen(&text).into_iter().filter(|one| !one.starts_with('?')).collect();
        assert_eq!(invited, ["Ana = ana@x.example"], "{field:?}: {:?}", seen(&text));
        assert_eq!(seen(&text).len(), 2 + field.lines().count(), "each is told: {field}");
    }
    for sender in ["From: Ana <ana@x.example>", "Reply-To: Ana <ana@x.example>", "Absender: ana@x.example"] {
        assert_eq!(seen(sender), [format!("?{sender}?")]);
    }
    assert_eq!(seen("2026-01-02: ana@x.example").last().unwrap(), "ana@x.example");
}

#[test]
fn a_label_is_taken_off_each_entry_of_a_line() {
    for (text, expected) in [
        ("To: a@x.example; Cc: b@x.example", vec!["a@x.example", "b@x.example"]),
        ("To: a@x.example, Cc: b@x.example", vec!["a@x.example", "b@x.example"]),
        ("To: a@x.example Cc: b@x.example", vec!["a@x.example", "b@x.example"]),
        ("To: Ana <a@x.example> Cc: Bob <b@x.example>", vec!["Ana = a@x.example", "Bob = b@x.example"]),
        ("An: Ana <a@x.example>; Kopie: Bob <b@x.example>", vec!["Ana = a@x.example", "Bob = b@x.example"]),
        ("Organizer: Boss <a@x.example>", vec!["Boss = a@x.example"]),
        ("Required: Ana <a@x.example>; Optional: b@x.example", vec!["Ana = a@x.example", "b@x.example"]),
        (
            "To: a@x.example Subject: Lunch with eve@x.example",
            vec!["a@x.example", "?Subject: Lunch with eve@x.example?"],
        ),
        ("\"To: Ana\" <a@x.example>", vec!["To: Ana = a@x.example"]),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn the_author_of_an_email_that_is_answered_is_seen_and_not_invited() {
    for text in [
        "On Mon, Jan 2, 2026 at 3:00 PM Ana Lopez <ana@x.example> wrote:",
        "> On 2 Jan 2026, at 15:00, Ana Lopez <ana@x.example> wrote:",
        "On Jan 2, 2026, Ana Lopez <ana@x.example> wrote:",
        "On Mon, Jan 2, 2026 at 3:00 PM Ana Lopez <ana@x.example>",
        "Am Mo., 2. Jan. 2026 um 15:00 Uhr schrieb Ana Lopez <ana@x.example>:",
        "El vie, 2 ene 2026 a las 15:00, Ana Lopez (<ana@x.example>) escribió:",
        "Le lun. 2 janv. 2026 à 15:00, Ana Lopez <ana@x.example> a écrit :",
    ] {
        assert_eq!(seen(text), [format!("?{text}?")]);
    }
    let unnamed = "On Jan 2, 2026 at 3:00 PM <ana@x.example> wrote:";
    assert_eq!(seen(unnamed), [format!("?{unnamed}?")]);
    let both = "On Jan 2, 2026 at 3:00 PM Ana <ana@x.example> wrote: ask bob@x.example";
    assert!(seen(both).iter().any(|one| one.contains("bob@x.example")), "{:?}", seen(both));
}

#[test]
fn a_name_stands_behind_a_bullet_and_behind_a_dash() {
    for bullet in ["☐", "☑", "✓", "→", "●", "- [ ]", "- [x]", "1. •", "✉\u{FE0F}"] {
        assert_eq!(seen(&format!("{bullet} Ana <ana@x.example>")), ["Ana = ana@x.example"], "{bullet}");
    }
    for (text, expected) in [
        (
            "ana@x.example - Ana Lopez; bob@x.example - Bob Ek",
            vec!["Ana Lopez = ana@x.example", "Bob Ek = bob@x.example"],
        ),
        ("ana@x.example – Ana Lopez, bob@x.example — Bob", vec!["Ana Lopez = ana@x.example", "Bob = bob@x.example"]),
        ("<ana@x.example> - Ana Lopez; bob@x.example", vec!["Ana Lopez = ana@x.example", "bob@x.example"]),
        ("ana@x.example - bob@x.example", vec!["ana@x.example", "bob@x.example"]),
        ("Ana <ana@x.example> - Bob <bob@x.example>", vec!["Ana = ana@x.example", "Bob = bob@x.example"]),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn the_own_export_is_read_again_with_every_name() {
    let header = "\u{FEFF}\"id\",\"email\",\"name\",\"role\",\"status\",\"systems\"";
    for name in ["@Cy", "a@b", "boss@x.example", "=x", "'=x", "''=x", "\"Bob\"", "O'Hara", "- Ana"] {
        let cell = crate::core::csv_guard::guard(name).replace('"', "\"\"");
        let text = format!("{header}\r\n\"1\",\"ana@x.example\",\"{cell}\",\"Builder\",\"active\",\"Shop; a@b\"\r\n");
        assert_eq!(seen(&text), [format!("{name} = ana@x.example")], "{text}");
    }
    assert_eq!(seen("Name;Email\n@Cy;ana@x.example"), ["@Cy = ana@x.example"]);
}
