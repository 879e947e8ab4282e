use mail::{Locale, Rendered, ReplyTo, render};
use proptest::prelude::*;

use crate::{LINK, every_message};

fn rendered(text: &str) -> Vec<Rendered> {
    let messages = every_message(text);
    [Locale::En, Locale::De]
        .into_iter()
        .flat_map(|locale| messages.iter().map(move |message| render(message, locale, &ReplyTo::Nobody).unwrap()))
        .collect()
}

/// Nothing but our own link is anything a mail client would make a link of.
fn assert_harmless(mail: &Rendered) {
    assert!(!mail.subject.contains(char::is_control), "{:?}", mail.subject);
    let plain = mail.text.replace(LINK, "");
    for word in plain.split_whitespace().chain(mail.subject.split_whitespace()) {
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        assert!(!inner.contains(['.', '@', '\u{3002}']), "{word:?} in\n{plain}");
        assert!(!word.contains("//") && !word.contains("\\\\"), "{word:?} in\n{plain}");
    }
    for tag in mail.html.split("href=\"").skip(1) {
        let link = tag.split('"').next().unwrap();
        assert_eq!(link.replace("&#38;", "&").replace("&amp;", "&"), LINK);
    }
    let hidden = ['\u{202A}', '\u{202B}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{200B}', '\u{0}'];
    for part in [&mail.subject, &mail.text, &mail.html] {
        assert!(!part.contains(hidden), "{part}");
    }
}

#[test]
fn d3_markup_is_shown_and_never_works() {
    for mail in rendered("<img src=x onerror=alert(1)>\"'</td><script>&lt;b&gt;{{ 7*7 }}") {
        assert_harmless(&mail);
        for tag in ["<img", "<script", "&lt;b&gt;", "\"'<"] {
            assert!(!mail.html.contains(tag), "{tag}");
        }
        assert!(!mail.html.contains("49"));
    }
}

#[test]
fn i9_web_addresses_in_names_are_no_links() {
    for text in [
        "https://evil.com/login",
        "Free money at evil.com now",
        "www.evil.com",
        "help@evil.com",
        "mailto:help@evil.com",
        "\\\\evil.com\\share",
        "evil。com",
        "ev\u{AD}il\u{200B}.\u{2060}com",
        "HTTP://EVIL.COM",
    ] {
        for mail in rendered(text) {
            // An address of the plain form is shown as it is where an address is expected.
            if text != "help@evil.com" {
                assert_harmless(&mail);
            }
            for part in [&mail.subject, &mail.text, &mail.html] {
                assert!(!part.to_lowercase().contains("//evil"), "{part}");
                assert!(!part.to_lowercase().contains(" evil.com"), "{part}");
            }
        }
    }
}

/// Names of things and people are free text, so every name that a mail can show has to be harmless there (I9).
#[test]
fn i9_names_that_are_domains_are_shown_and_link_nowhere() {
    for name in ["Booking.com", "ASP.NET portal", "Draw.io", "shop.example.com", "St.John/Smith"] {
        let mails = rendered(name);
        for mail in &mails {
            assert_harmless(mail);
        }
        let shown = name.replace('.', ".\u{200A}");
        assert!(mails.iter().any(|mail| mail.subject.contains(&shown) && mail.text.contains(&shown)), "{name}");
    }
}

#[test]
fn i9_line_breaks_in_names_add_no_header_and_no_paragraph() {
    for text in
        ["Ana\r\nBcc: victim\r\n\r\nhello", "Ana\nBcc: victim", "Ana\u{2028}Bcc: victim", "Ana\u{85}Bcc: victim"]
    {
        for mail in rendered(text) {
            assert_harmless(&mail);
            assert!(!mail.text.lines().any(|line| line.starts_with("Bcc")), "{}", mail.text);
        }
    }
}

#[test]
fn turned_text_stays_within_its_name() {
    for mail in rendered("Ana \u{202E}moc.live\u{202C} \u{2067}x\u{200B}") {
        assert_harmless(&mail);
    }
    for mail in rendered("شركة") {
        assert_eq!(mail.text.matches('\u{2068}').count(), mail.text.matches('\u{2069}').count());
    }
}

#[test]
fn long_names_are_cut() {
    let arabic = "ش".repeat(200);
    for mail in rendered(&arabic) {
        assert_harmless(&mail);
        assert!(mail.subject.chars().count() < 150);
        assert!(!mail.subject.contains(&arabic));
    }
}

#[test]
fn emoji_arrive_whole() {
    let family = "👩‍👩‍👧‍👦 Familie 🏳️‍🌈";
    for mail in rendered(family).into_iter().filter(|mail| mail.text.contains("Familie")) {
        assert_harmless(&mail);
        assert!(mail.text.contains(family) && mail.html.contains(family));
    }
}

proptest! {
    #[test]
    fn whatever_someone_writes_is_harmless(text in "(?s).{0,60}[.:@/\\\\a-z<>\"']{0,20}.{0,60}") {
        prop_assume!(!text.contains('@'));
        for mail in rendered(&text) {
            assert_harmless(&mail);
        }
    }
}
