use mail::mails::{Activation, NewAdmins, NoPasswordHere, PasswordChanged, PasswordReset, SignInFromNewDevice};
use mail::{Locale, Message, RenderError, ReplyTo, render};
use serde_json::json;

use crate::{LINK, WHEN, activation, every_message};

const LOCALES: [Locale; 2] = [Locale::En, Locale::De];

#[test]
fn m1_the_invited_person_learns_who_invites_where_to_and_until_when() {
    let mail = render(&activation().into(), Locale::En, &ReplyTo::Nobody).unwrap();

    assert_eq!(mail.subject, "Activate your account at Acme");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("Hello Bo,"));
        assert!(part.contains("Ana Silva (ana@acme.example) invited you to “Acme”."));
        assert!(part.contains("Message from ana@acme.example:"));
        assert!(part.contains("Activate my account"));
        assert!(part.contains("expires on January 8, 2030, 00:00 UTC"));
    }
    assert!(mail.text.contains("> Welcome!\n> See you on Monday.\n\n"));
    assert!(mail.html.contains("Welcome!<br>See you on Monday."));
}

#[test]
fn a_note_arrives_as_it_was_typed() {
    let typed = "Dear Bo,\n\nwelcome!  Bring:\n  - a pass\n\t- a pen\n\n\nAna";
    let message = Activation { personal_note: Some(typed.to_owned()), ..activation() };
    let mail = render(&message.into(), Locale::En, &ReplyTo::Nobody).unwrap();

    let quoted = "> Dear Bo,\n>\n> welcome!  Bring:\n>   - a pass\n>     - a pen\n>\n>\n> Ana\n\n";
    assert!(mail.text.contains(quoted), "{}", mail.text);
    let html = "Dear Bo,<br><br>welcome!\u{A0} Bring:<br>\u{A0} - a pass<br>\u{A0} \u{A0} - a pen<br><br><br>Ana";
    assert!(mail.html.contains(html), "{}", mail.html);
}

#[test]
fn a_long_note_is_not_cut() {
    let typed: Vec<String> = (0..40).map(|number| format!("line {number} of forty")).collect();
    let personal_note = Some(typed.join("\n"));
    let message =
        Activation { inviter_name: None, inviter_email: None, person_name: None, personal_note, ..activation() };
    let mail = render(&message.into(), Locale::En, &ReplyTo::Nobody).unwrap();
    for line in &typed {
        assert!(mail.text.contains(&format!("> {line}\n")) && mail.html.contains(line.as_str()), "{line}");
    }
}

#[test]
fn nobody_is_told_that_they_have_access_before_they_accept() {
    for (message, locale) in every_mail("Acme").filter(|(message, _)| message.kind() == "activation") {
        let mail = render(&message, locale, &ReplyTo::Nobody).unwrap();
        for words in ["access", "Zugriff"] {
            assert!(!mail.text.contains(words) && !mail.html.contains(words), "{}", mail.text);
        }
    }
}

#[test]
fn the_foot_of_a_mail_says_where_answers_go() {
    let reset =
        Message::from(PasswordReset { link: LINK.to_owned(), expires_at: WHEN.to_owned(), requested_by_admin: false });
    let help = ReplyTo::Address("help@example.com".to_owned());
    for (message, reply_to, address) in [
        (activation().into(), &ReplyTo::Nobody, None),
        (activation().into(), &ReplyTo::Inviter, Some("ana@acme.example")),
        (reset.clone(), &ReplyTo::Inviter, None),
        (activation().into(), &help, Some("help@example.com")),
        (reset, &help, Some("help@example.com")),
    ] {
        let mail = render(&message, Locale::En, reply_to).unwrap();
        assert_eq!(mail.reply_to.as_deref(), address);
        let foot = address.map_or("Replies aren’t monitored.".to_owned(), |to| format!("Replies go to {to}."));
        assert!(mail.text.trim_end().ends_with(&foot) && mail.html.contains(&foot), "{}", mail.text);
    }
}

#[test]
fn i9_an_inviter_without_a_verified_address_is_not_named() {
    let message = Message::from(Activation {
        account_name: "Acme".to_owned(),
        inviter_name: Some("Your Bank".to_owned()),
        inviter_email: None,
        person_name: None,
        link: LINK.to_owned(),
        expires_at: WHEN.to_owned(),
        personal_note: None,
    });

    let mail = render(&message, Locale::En, &ReplyTo::Nobody).unwrap();

    assert!(mail.text.starts_with("Hello,\n\nYou have been invited to “Acme”.\n"));
    assert!(!mail.html.contains("Your Bank"));
}

#[test]
fn lg5_the_reset_mail_has_the_known_subject() {
    for requested_by_admin in [true, false] {
        let message =
            Message::from(PasswordReset { link: LINK.to_owned(), expires_at: WHEN.to_owned(), requested_by_admin });
        let mail = render(&message, Locale::En, &ReplyTo::Nobody).unwrap();
        assert_eq!(mail.subject, "Account password reset");
        assert_eq!(mail.text.contains("An admin has asked you"), requested_by_admin);
    }
}

#[test]
fn one_more_new_admin_is_one_person_and_several_are_several() {
    let said = |locale, unnamed| {
        let named = vec!["Ana".to_owned(), "Bo".to_owned()];
        let message = Message::from(NewAdmins { account_name: "Acme".to_owned(), named, unnamed, by_email: None });
        render(&message, locale, &ReplyTo::Nobody).unwrap().text
    };
    assert!(said(Locale::En, 1).contains("Ana, Bo, one other."));
    assert!(said(Locale::En, 2).contains("Ana, Bo, 2 others."));
    assert!(said(Locale::De, 1).contains("Ana, Bo, eine weitere Person."));
    assert!(said(Locale::De, 2).contains("Ana, Bo, 2 weitere."));
}

#[test]
fn lg6_who_signs_in_by_sso_is_told_so() {
    let message = Message::from(NoPasswordHere { account_name: "Acme".to_owned(), sign_in_link: LINK.to_owned() });
    let mail = render(&message, Locale::En, &ReplyTo::Nobody).unwrap();
    assert!(mail.text.contains("You sign in to “Acme” with your organization’s single sign-on."));
    assert!(mail.text.contains(LINK));
}

#[test]
fn m7_a_new_device_is_described() {
    let message = Message::from(SignInFromNewDevice {
        at: WHEN.to_owned(),
        ip: "2001:db8::1".to_owned(),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0".to_owned(),
        link: LINK.to_owned(),
    });
    let mail = render(&message, Locale::En, &ReplyTo::Nobody).unwrap();
    let facts = "When: January 8, 2030, 00:00 UTC\nIP address: 2001:db8::1\nDevice: Firefox, Linux\n\n";
    assert!(mail.text.contains(facts), "{}", mail.text);
}

#[test]
fn german_is_chosen_by_its_tag() {
    let mail = render(&activation().into(), Locale::from_tag("de-AT"), &ReplyTo::Nobody).unwrap();
    assert_eq!(mail.subject, "Aktivieren Sie Ihr Konto bei Acme");
    assert!(mail.html.contains("<html lang=\"de\""));
    assert!(mail.text.contains("läuft am 8. Januar 2030, 00:00 UTC ab"));
    assert_eq!(Locale::from_tag("fr"), Locale::En);
}

#[test]
fn both_parts_say_the_same() {
    for (message, locale) in every_mail("Acme") {
        let mail = render(&message, locale, &ReplyTo::Nobody).unwrap();
        let html = words_of(&mail.html);
        for line in mail.text.lines().map(|line| line.trim_start_matches('>').trim_start().trim_end_matches(':')) {
            let line = line.split(": ").last().unwrap();
            assert!(line == "-- " || html.contains(line.trim()), "{line:?} is missing in\n{html}");
        }
    }
}

#[test]
fn text_parts_are_tidy() {
    for (message, locale) in every_mail("Acme") {
        let text = render(&message, locale, &ReplyTo::Nobody).unwrap().text;
        assert!(!text.contains("\n\n\n") && !text.starts_with('\n'), "{text}");
        assert!(text.contains("\n\n-- \n"), "{text}");
    }
}

#[test]
fn html_can_be_read_by_everyone() {
    for (message, locale) in every_mail("Acme") {
        let html = render(&message, locale, &ReplyTo::Nobody).unwrap().html;
        assert!(html.contains(if locale == Locale::En { "<html lang=\"en\"" } else { "<html lang=\"de\"" }));
        assert_eq!(html.matches("<h1").count(), 1);
        assert_eq!(html.matches("<table").count(), html.matches("role=\"presentation\"").count());
        assert!(html.contains("<title>") && html.contains("display:none"), "title and preheader");
        let links = html.matches("href=").count();
        assert!(links == 0 || links == 2, "one button, and its link as text");
    }
}

#[test]
fn every_color_has_a_dark_twin() {
    for (message, locale) in every_mail("Acme") {
        let html = render(&message, locale, &ReplyTo::Nobody).unwrap().html;
        assert!(html.contains("@media (prefers-color-scheme: dark)"));
        assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
        let colored = html.lines().filter(|line| line.contains("color:#") && !line.contains("#1a56db; word-break"));
        for line in colored {
            assert!(line.contains("class=") || line.contains("bgcolor=\"#1a56db\""), "{line}");
        }
    }
}

#[test]
fn only_complete_web_addresses_become_links() {
    for link in ["javascript:alert(1)", "/activate", "https://id.example.com/\r\nBcc: x@evil.com", "https://a\"b"] {
        let message = Message::from(PasswordChanged { changed_at: WHEN.to_owned(), link: link.to_owned() });
        let refused = render(&message, Locale::En, &ReplyTo::Nobody).unwrap_err();
        assert!(matches!(refused, RenderError::Link));
        assert!(!format!("{refused} {refused:?}").contains("activate"));
    }
}

#[test]
fn i5_neither_message_nor_mail_shows_its_link_in_a_log() {
    for (message, locale) in every_mail("Acme") {
        let mail = render(&message, locale, &ReplyTo::Nobody).unwrap();
        let logged = format!("{message:?} {mail:?}");
        assert!(!logged.contains("s3cret"), "{logged}");
        assert!(logged.contains(message.kind()));
    }
}

#[test]
fn every_kind_of_mail_is_named() {
    let mut found: Vec<&str> = every_message("x").iter().map(Message::kind).collect();
    found.dedup();
    assert_eq!(found, Message::KINDS);
}

#[test]
fn messages_survive_the_outbox() {
    for message in every_message("Acme") {
        let stored = serde_json::to_value(&message).unwrap();
        assert_eq!(stored["kind"], message.kind());
        assert!(serde_json::from_value::<Message>(stored).unwrap() == message);
    }
    let short = json!({ "kind": "activation", "account_name": "Acme", "link": LINK, "expires_at": WHEN });
    assert!(serde_json::from_value::<Message>(short).is_ok(), "what may be missing may be left out");
}

fn every_mail(text: &str) -> impl Iterator<Item = (Message, Locale)> {
    every_message(text).into_iter().flat_map(|message| LOCALES.map(|locale| (message.clone(), locale)))
}

/// The page without its tags, with its entities resolved.
fn words_of(html: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => words.push(c),
            _ => {}
        }
    }
    words.replace("&#38;", "&").replace("&amp;", "&").replace("&#39;", "'")
}
