//! Servers that do not behave: whatever they do, a mail ends in time, with what is known of it.

use std::time::Duration;

use mail::sink::{Misbehavior, SmtpSink};
use mail::{Encryption, SendError, Smtp, SmtpConfig, Step};

use crate::ID;
use crate::dialog::mail;

/// Longer than anything here may take: the timeout of the settings is a second, and closing takes two at most.
const PATIENCE: Duration = Duration::from_secs(8);

fn quick(sink: &SmtpSink) -> SmtpConfig {
    SmtpConfig { timeout_seconds: 1, ..sink.config() }
}

async fn send(smtp: &Smtp) -> Result<(), SendError> {
    let mail = mail();
    tokio::time::timeout(PATIENCE, smtp.send("bo@acme.example", ID, &mail)).await.expect("sending ends in time")
}

/// The kind of a refusal, as `Debug` names it.
fn kind(error: &SendError) -> String {
    let text = format!("{error:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_verdict_stands_though_the_server_never_answers_the_goodbye() {
    let sink = SmtpSink::start().await.unwrap();
    sink.ignore_goodbyes();
    for (step, reply, expected) in [
        (Step::Connect, "554 5.7.1 Client host blocked", "SenderRefused"),
        (Step::SignIn, "535 5.7.8 wrong", "SenderRefused"),
        (Step::Sender, "550 5.7.60 not allowed to send as this sender", "SenderRefused"),
        (Step::Recipient, "550 5.1.1 no such user", "Permanent"),
        (Step::Recipient, "450 4.2.0 greylisted", "Transient"),
        (Step::Content, "550 5.7.1 looks like spam", "Refused"),
        (Step::Content, "451 4.3.0 try again", "Transient"),
    ] {
        let password = Some("hunter2".to_owned());
        let config = SmtpConfig { username: Some("portcullis".to_owned()), password, ..quick(&sink) };
        sink.refuse_at(step, reply);
        let refused = send(&Smtp::new(&config).unwrap()).await.unwrap_err();
        assert_eq!(kind(&refused), expected, "{step:?} {refused}");
        assert!(refused.to_string().contains(reply.split_once(' ').unwrap().1), "{refused}");
    }
}

#[tokio::test]
async fn whoever_tries_out_a_server_that_never_answers_the_goodbye_is_told_how_it_went() {
    let sink = SmtpSink::start().await.unwrap();
    sink.ignore_goodbyes();
    let smtp = Smtp::new(&quick(&sink)).unwrap();
    let mail = mail();
    for step in [None, Some(Step::Recipient), Some(Step::Content)] {
        if let Some(step) = step {
            sink.refuse_at(step, "550 5.1.1 no such user");
        }
        let tried = async { smtp.try_out("bo@acme.example", ID, &mail, &mut |_, _| {}).await };
        let outcome = tokio::time::timeout(PATIENCE, tried).await.expect("it ends in time");
        assert_eq!(outcome.map_err(|failed| failed.step), step.map_or(Ok(()), |step| Err(Some(step))));
    }
}

#[tokio::test]
async fn what_breaks_off_after_the_sender_was_accepted_concerns_this_mail_and_before_it_every_one() {
    let sink = SmtpSink::start().await.unwrap();
    let breaks = [
        Misbehavior::Silence,
        Misbehavior::HangUp,
        Misbehavior::Says(b"421 4.3.2 closing".to_vec()),
        Misbehavior::Endless,
    ];
    for (step, expected) in
        [(Step::Connect, "Unreachable"), (Step::Sender, "Unreachable"), (Step::Recipient, "BrokenOff")]
    {
        for how in &breaks {
            sink.misbehave_at(step, "", how.clone());
            let refused = send(&Smtp::new(&quick(&sink)).unwrap()).await.unwrap_err();
            assert_eq!(kind(&refused), expected, "{step:?} {how:?} {refused}");
        }
    }
    for how in [Misbehavior::HangUp, Misbehavior::Says(b"421 4.3.2 closing".to_vec())] {
        sink.misbehave_at(Step::Content, "", how.clone());
        let refused = send(&Smtp::new(&quick(&sink)).unwrap()).await.unwrap_err();
        assert_eq!(kind(&refused), "BrokenOff", "{how:?} {refused}");
    }
    sink.accept();
    send(&Smtp::new(&quick(&sink)).unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_handshake_that_never_comes_ends_in_time() {
    let sink = SmtpSink::start().await.unwrap();
    sink.fall_silent();
    for encryption in [Encryption::Tls, Encryption::Starttls] {
        let smtp = Smtp::new(&SmtpConfig { encryption, ..quick(&sink) }).unwrap();
        assert_eq!(kind(&send(&smtp).await.unwrap_err()), "Unreachable");
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_read_no_further_than_an_answer_may_be_long() {
    let sink = SmtpSink::start().await.unwrap();
    for words in [&b"2"[..], b"250-and\r\n", b"250-\r\n", b"250-1\r\n", b"550-5.1.1\r\n", b"\r"] {
        for step in [Step::Connect, Step::Recipient, Step::Content] {
            sink.misbehave_at(step, "", Misbehavior::Flood(words.repeat(1_000)));
            let config = SmtpConfig { timeout_seconds: 60, ..sink.config() };
            let refused = send(&Smtp::new(&config).unwrap()).await.unwrap_err();
            assert!(["Unreachable", "BrokenOff"].contains(&kind(&refused).as_str()), "{step:?} {refused}");
            assert!(refused.to_string().chars().count() < 400, "{refused}");
        }
    }
}

#[tokio::test]
async fn answers_that_are_no_utf_8_are_answers() {
    let sink = SmtpSink::start().await.unwrap();
    for step in [Step::Sender, Step::Recipient, Step::Content] {
        sink.misbehave_at(step, "", Misbehavior::Says(b"550 5.1.1 Empf\xe4nger unbekannt".to_vec()));
        let refused = send(&Smtp::new(&quick(&sink)).unwrap()).await.unwrap_err();
        let expected = if step == Step::Sender { "SenderRefused" } else { "Permanent" };
        assert_eq!(kind(&refused), expected, "{step:?} {refused}");
        assert!(refused.to_string().contains("nger unbekannt"), "{refused}");
    }
    sink.misbehave_at(Step::Content, "", Misbehavior::Says(b"250-Nachricht\r\n250 f\xfcr Sie angenommen".to_vec()));
    send(&Smtp::new(&quick(&sink)).unwrap()).await.unwrap();
}
