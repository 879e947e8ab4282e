use mail::sink::SmtpSink;
use mail::{Encryption, Locale, MailError, Rendered, ReplyTo, SendError, Smtp, SmtpConfig, Step, render};

use crate::dialog::mail;
use crate::{ID, LINK, activation, every_message};

async fn send(smtp: &Smtp) -> Result<(), SendError> {
    smtp.send("bo@acme.example", ID, &mail()).await
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();

    send(&smtp).await.unwrap();

    let [received] = &sink.mails()[..] else { panic!("one mail") };
    assert_eq!(received.to, "bo@acme.example");
    assert_eq!(received.from, "no-reply@portcullis.example");
    assert_eq!(received.message_id, ID);
    assert_eq!(received.subject, mail().subject);
    assert_eq!(received.text.trim_end(), mail().text.trim_end());
    assert_eq!(received.html.replace("\r\n", "\n").trim_end(), mail().html.trim_end());
    assert_eq!(received.link(), Some(LINK));
    assert_eq!(received.login, None);
    assert!(received.raw.contains("\r\nAuto-Submitted: auto-generated\r\n"));
    assert!(received.raw.contains("From: Portcullis <no-reply@portcullis.example>\r\n"));
    assert!(received.raw.contains("multipart/alternative"));
}

#[tokio::test]
async fn every_message_arrives_in_every_script() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    let arabic = "ش".repeat(200);
    let mails: Vec<Rendered> = ["Łódź & Söhne", arabic.as_str(), "👩‍👩‍👧 Familie", ".\r\n.\r\nQUIT"]
        .into_iter()
        .flat_map(every_message)
        .map(|message| render(&message, Locale::De, &ReplyTo::Nobody).unwrap())
        .collect();

    for mail in &mails {
        smtp.send("bo@acme.example", ID, mail).await.unwrap();
    }

    let received = sink.mails();
    assert_eq!(received.len(), mails.len());
    for (got, sent) in received.iter().zip(&mails) {
        assert_eq!(got.subject, sent.subject);
        assert_eq!(got.text.trim_end(), sent.text.trim_end());
        assert!(got.raw.lines().all(|line| line.len() <= 998), "RFC 5322 2.1.1");
    }
}

#[tokio::test]
async fn a_large_mail_arrives_whole() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    let text = format!(".{}\n", "x".repeat(900)).repeat(2_000);

    smtp.send("bo@acme.example", ID, &Rendered { text: text.clone(), ..mail() }).await.unwrap();

    assert!(sink.mails()[0].text.trim_end() == text.trim_end());
}

#[tokio::test]
async fn lines_that_begin_with_a_dot_survive() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    let text = ".\n..two\n.one\nend".to_owned();
    let mail = Rendered { subject: "Dots".to_owned(), html: "<p>x</p>".to_owned(), text: text.clone(), reply_to: None };

    smtp.send("bo@acme.example", ID, &mail).await.unwrap();

    assert_eq!(sink.mails()[0].text.trim_end(), text);
}

#[tokio::test]
async fn a_subject_cannot_add_a_header() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    let subject = "Hello\r\nBcc: victim@evil.example\r\n\r\nbody".to_owned();

    let mail = Rendered { subject, ..mail() };
    smtp.send("bo@acme.example", ID, &mail).await.unwrap();

    let received = &sink.mails()[0];
    assert!(!received.raw.lines().any(|line| line.starts_with("Bcc")), "{}", received.raw);
    assert_eq!(received.text.trim_end(), mail.text.trim_end());
}

#[tokio::test]
async fn the_password_is_used_when_there_is_one() {
    let sink = SmtpSink::start().await.unwrap();
    let config = with_login(sink.config());

    send(&Smtp::new(&config).unwrap()).await.unwrap();

    assert_eq!(sink.mails()[0].login.as_deref(), Some("portcullis:hunter2"));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_wrong_password_is_the_operators_to_mend_and_loses_no_mail() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&with_login(sink.config())).unwrap();

    sink.refuse_with("535 5.7.8 wrong");
    let refused = send(&smtp).await.unwrap_err();
    assert!(!refused.is_permanent(), "{refused}");
    assert!(!refused.to_string().contains("hunter2"));

    sink.accept();
    send(&smtp).await.unwrap();
}

#[tokio::test]
async fn a_busy_server_is_asked_again_later() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();

    sink.refuse_with("451 4.7.1 greylisted, come back");
    let refused = send(&smtp).await.unwrap_err();
    assert!(matches!(&refused, SendError::Transient(reason) if reason.contains("greylisted")), "{refused}");
    assert!(sink.mails().is_empty());

    sink.accept();
    send(&smtp).await.unwrap();
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn an_unknown_mailbox_is_permanent() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();

    sink.refuse_with("550-5.1.1 no such\r\n550 5.1.1 user");
    let refused = send(&smtp).await.unwrap_err();

    assert!(matches!(&refused, SendError::Permanent(reason) if reason.contains("no such")), "{refused}");
    assert!(!refused.to_string().contains('\n'));
}

#[tokio::test]
async fn a_server_that_is_away_is_found_again_on_its_return() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    send(&smtp).await.unwrap();

    sink.stop().await;
    assert!(!send(&smtp).await.unwrap_err().is_permanent());

    sink.restart().await.unwrap();
    send(&smtp).await.unwrap();
    assert_eq!(sink.mails().len(), 2);
}

#[tokio::test]
async fn a_dropped_connection_is_transient() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    send(&smtp).await.unwrap();

    sink.drop_connections();
    assert!(!send(&smtp).await.unwrap_err().is_permanent());
}

#[tokio::test]
async fn a_silent_server_costs_no_more_than_the_timeout() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&SmtpConfig { timeout_seconds: 1, ..sink.config() }).unwrap();

    send(&smtp).await.unwrap();
    sink.fall_silent();
    let refused = send(&smtp).await.unwrap_err();
    assert!(refused.to_string().contains("No answer within 1 seconds."), "{refused}");

    sink.accept();
    send(&smtp).await.unwrap();
    assert_eq!(sink.mails().len(), 2, "the abandoned connection is not used again");
}

#[tokio::test]
async fn a_server_that_looks_at_a_mail_for_long_is_not_sent_it_twice() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&SmtpConfig { timeout_seconds: 1, ..sink.config() }).unwrap();

    sink.answer_after(std::time::Duration::from_millis(2_500));
    send(&smtp).await.unwrap();

    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn one_connection_carries_many_mails() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    for _ in 0..10 {
        send(&smtp).await.unwrap();
    }
    assert_eq!((sink.mails().len(), sink.connections()), (10, 1));
}

#[tokio::test]
async fn many_mails_at_once_all_arrive() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = std::sync::Arc::new(Smtp::new(&sink.config()).unwrap());
    let mut sending = tokio::task::JoinSet::new();
    for number in 0..20 {
        let smtp = std::sync::Arc::clone(&smtp);
        sending.spawn(async move {
            let to = format!("p{number}@acme.example");
            smtp.send(&to, &format!("<{number}@id.example.com>"), &mail()).await
        });
    }
    assert!(sending.join_all().await.into_iter().all(|sent| sent.is_ok()));
    assert_eq!(sink.wait_for(20).await.len(), 20);
}

#[tokio::test]
async fn i7_only_one_plain_address_is_a_recipient() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    for to in ["a@acme.example, b@evil.example", "A <a@acme.example>", "a@acme.example\r\nRCPT TO:<b@x>", ""] {
        let refused = smtp.send(to, ID, &mail()).await.unwrap_err();
        assert!(refused.is_permanent(), "{to}");
    }
    for id in ["<a@b>\r\nBcc: x", "a@b", "<a b@c>", "<@>"] {
        assert!(smtp.send("a@acme.example", id, &mail()).await.unwrap_err().is_permanent(), "{id}");
    }
    assert!(sink.mails().is_empty());
}

#[test]
fn settings_are_checked_before_anything_is_sent() {
    let config = SmtpConfig {
        host: "mail.example.com".to_owned(),
        port: 587,
        encryption: Encryption::Starttls,
        ca_file: None,
        username: None,
        password: None,
        from: "no-reply@example.com".to_owned(),
        helo_name: None,
        per_minute: None,
        timeout_seconds: 20,
    };
    assert!(Smtp::new(&config).is_ok());

    let half = SmtpConfig { username: Some("x".to_owned()), ..config.clone() };
    assert!(matches!(Smtp::new(&half), Err(MailError::HalfCredentials)));
    for name in ["", "a b", "evil\r\nMAIL", "-x.example", "x..example"] {
        let named = SmtpConfig { helo_name: Some(name.to_owned()), ..config.clone() };
        assert!(matches!(Smtp::new(&named), Err(MailError::HeloName)), "{name}");
    }
    let missing = SmtpConfig { ca_file: Some("/nowhere/ca.pem".into()), ..config.clone() };
    assert!(matches!(Smtp::new(&missing), Err(MailError::CaFile { .. })));
    let sender = SmtpConfig { from: "Portcullis".to_owned(), ..config };
    assert!(matches!(Smtp::new(&sender), Err(MailError::From)));
}

pub(crate) fn with_login(config: SmtpConfig) -> SmtpConfig {
    SmtpConfig { username: Some("portcullis".to_owned()), password: Some("hunter2".to_owned()), ..config }
}

/// What a server says at each step, and what becomes of the mail.
#[tokio::test]
async fn only_what_is_said_of_the_recipient_ends_a_mail() {
    let sink = SmtpSink::start().await.unwrap();
    let (permanent, transient, sender, away) = ("permanent", "transient", "sender", "away");
    let (this_mail, broken_off) = ("this mail", "broken off");
    for (step, reply, expected) in [
        (Step::Connect, "554 5.7.1 Client host blocked", sender),
        (Step::Connect, "421 4.7.0 Try again later", away),
        (Step::SignIn, "535 5.7.8 wrong", sender),
        (Step::Sender, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", sender),
        (Step::Sender, "553 5.1.8 Sender address rejected", sender),
        (Step::Sender, "452 4.3.1 Insufficient system storage", away),
        (Step::Sender, "421 4.3.2 shutting down", away),
        (Step::Recipient, "554 5.7.1 <bo@acme.example>: Relay access denied", this_mail),
        (Step::Recipient, "421 4.3.2 shutting down", broken_off),
        (Step::Recipient, "550-5.1.1 no such\r\n550 5.1.1 user", permanent),
        (Step::Recipient, "552 5.2.2 mailbox full", transient),
        (Step::Recipient, "450 4.2.0 greylisted", transient),
        (Step::Content, "550 5.4.5 Daily user sending limit exceeded", this_mail),
        (Step::Content, "554 Message rejected: Email address is not verified.", this_mail),
        (Step::Content, "554 5.7.1 Spam message rejected", this_mail),
        (Step::Content, "451 4.3.0 try again", transient),
        (Step::Content, "421 4.3.2 shutting down", broken_off),
        (Step::Content, "550 5.1.1 no such user", permanent),
    ] {
        // With a connection of its own: an open one would not be greeted again.
        let smtp = Smtp::new(&with_login(sink.config())).unwrap();
        sink.refuse_at(step, reply);
        let found = match send(&smtp).await.unwrap_err() {
            SendError::Permanent(_) => permanent,
            SendError::Transient(_) => transient,
            SendError::SenderRefused(_) => sender,
            SendError::Refused(_) => this_mail,
            SendError::BrokenOff(_) => broken_off,
            SendError::Unreachable(_) => away,
        };
        assert_eq!(found, expected, "{step:?} {reply}");
        sink.accept();
        send(&smtp).await.unwrap();
    }
}

#[tokio::test]
async fn a_mail_says_where_answers_go_and_the_connection_who_we_are() {
    let sink = SmtpSink::start().await.unwrap();
    for (name, said) in [("portcullis.acme.example", "portcullis.acme.example"), ("192.0.2.7", "[192.0.2.7]")] {
        let smtp = Smtp::new(&SmtpConfig { helo_name: Some(name.to_owned()), ..sink.config() }).unwrap();
        let mail = render(&activation().into(), Locale::En, &ReplyTo::Inviter).unwrap();
        smtp.send("bo@acme.example", ID, &mail).await.unwrap();
        let received = sink.mails().pop().unwrap();
        assert_eq!((received.helo.as_str(), received.reply_to.as_str()), (said, "ana@acme.example"));
    }
    send(&Smtp::new(&sink.config()).unwrap()).await.unwrap();
    assert_eq!(sink.mails().pop().unwrap().reply_to, "");
}

#[tokio::test]
async fn whoever_tries_the_server_out_is_told_of_every_step() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&with_login(sink.config())).unwrap();
    let mut steps = Vec::new();
    smtp.try_out("bo@acme.example", ID, &mail(), &mut |step, _| steps.push(step)).await.unwrap();
    assert_eq!(steps, [Step::Connect, Step::SignIn, Step::Sender, Step::Recipient, Step::Content]);
    for step in steps {
        sink.refuse_at(step, "550 5.7.1 no");
        let failed = smtp.try_out("bo@acme.example", ID, &mail(), &mut |_, _| {}).await.unwrap_err();
        assert_eq!(failed.step, Some(step));
    }
}
