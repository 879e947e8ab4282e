//! What we say to mail servers of many kinds, and how we understand what they say.

use std::time::Duration;

use mail::{Encryption, Locale, Rendered, ReplyTo, SendError, Smtp, SmtpConfig, render};

use crate::scripted::{Answers, scripted};
use crate::{ID, activation};

const PATIENCE: Duration = Duration::from_secs(8);

/// What someone invited may get.
pub(crate) fn mail() -> Rendered {
    render(&activation().into(), Locale::En, &ReplyTo::Nobody).unwrap()
}

fn with_login(config: SmtpConfig) -> SmtpConfig {
    SmtpConfig { username: Some("ana".to_owned()), password: Some("m\u{fc}ll\r\n".to_owned()), ..config }
}

/// What becomes of a mail, and the commands it took.
async fn send(answers: Answers, change: impl FnOnce(SmtpConfig) -> SmtpConfig) -> (Result<(), SendError>, Vec<String>) {
    send_to("bo@acme.example", &mail(), answers, change).await
}

async fn send_to(
    to: &str,
    mail: &Rendered,
    answers: Answers,
    change: impl FnOnce(SmtpConfig) -> SmtpConfig,
) -> (Result<(), SendError>, Vec<String>) {
    let (config, heard) = scripted(answers).await;
    let smtp = Smtp::new(&change(config)).unwrap();
    let sent = tokio::time::timeout(PATIENCE, smtp.send(to, ID, mail)).await.expect("sending ends in time");
    drop(smtp);
    let commands = heard.await.unwrap().split_inclusive("\r\n").map(ToOwned::to_owned).collect();
    (sent, commands)
}

fn reason(sent: Result<(), SendError>) -> String {
    format!("{:?}", sent.unwrap_err())
}

#[tokio::test]
async fn a_server_is_told_of_letters_beyond_ascii_where_it_knows_them() {
    const ALL: Answers = &[("EHLO", b"250-x hello\r\n250-smtputf8\r\n250-8BITMIME\r\n250 AUTH LOGIN PLAIN")];
    let (sent, heard) = send_to("b\u{f6}@acme.example", &mail(), ALL, with_login).await;
    sent.unwrap();
    let expected = [
        "EHLO us.example\r\n",
        "AUTH PLAIN AGFuYQBtw7xsbA0K\r\n",
        "MAIL FROM:<no-reply@portcullis.example> SMTPUTF8 BODY=8BITMIME\r\n",
        "RCPT TO:<b\u{f6}@acme.example>\r\n",
        "DATA\r\n",
    ];
    assert_eq!(heard[..5], expected);
    let (sent, heard) = send_to("b\u{f6}@acme.example", &mail(), &[], |config| config).await;
    assert!(reason(sent).contains("Permanent"));
    assert_eq!(heard[1..], ["QUIT\r\n"]);
    let (sent, heard) = send(ALL, |config| config).await;
    sent.unwrap();
    assert_eq!(heard[1], "MAIL FROM:<no-reply@portcullis.example>\r\n");
}

#[tokio::test]
async fn name_and_password_are_said_as_the_server_asks_for_them() {
    let (sent, heard) = send(
        &[("EHLO", b"250-x\r\n250 AUTH CRAM-MD5 DIGEST-MD5 PLAIN"), ("AUTH", b"334 "), ("AGFu", b"235 ok")],
        with_login,
    )
    .await;
    sent.unwrap();
    assert_eq!(heard[1..3], ["AUTH PLAIN AGFuYQBtw7xsbA0K\r\n", "AGFuYQBtw7xsbA0K\r\n"]);

    const LOGIN: Answers = &[
        ("EHLO", b"250-x\r\n250-AUTH=LOGIN\r\n250 AUTH GSSAPI NTLM CRAM-MD5 LOGIN XOAUTH2"),
        ("AUTH LOGIN", b"334 VXNlcm5hbWU6"),
        ("YW5h", b"334 UGFzc3dvcmQ6"),
        ("bcO8bGwNCg==", b"235 2.7.0 welcome"),
    ];
    let (sent, heard) = send(LOGIN, with_login).await;
    sent.unwrap();
    assert_eq!(heard[1..4], ["AUTH LOGIN\r\n", "YW5h\r\n", "bcO8bGwNCg==\r\n"]);
}

#[tokio::test]
async fn a_sign_in_that_goes_wrong_is_told_as_such_and_tried_once() {
    const NO_SIGN_IN: &[(Answers, &str)] = &[
        (
            &[("EHLO", b"250-x\r\n250 AUTH CRAM-MD5 PLAIN LOGIN"), ("AUTH", b"535 5.7.8 wrong password")],
            "535 5.7.8 wrong password",
        ),
        (&[("EHLO", b"250-x\r\n250 AUTH PLAIN LOGIN"), ("AUTH", b"454 4.7.0 too many attempts")], "454 4.7.0 too many"),
        (
            &[("EHLO", b"250-x\r\n250 AUTH LOGIN"), ("AUTH", b"334 VXNlcm5hbWU6"), ("YW5h", b"535 5.7.139 disabled")],
            "535 5.7.139 disabled",
        ),
        (&[("EHLO", b"250-x\r\n250 AUTH CRAM-MD5 SCRAM-SHA-256")], "none of our sign-in methods"),
        (&[("EHLO", b"250 x")], "none of our sign-in methods"),
    ];
    for (answers, told) in NO_SIGN_IN {
        let (sent, heard) = send(answers, with_login).await;
        let reason = reason(sent);
        assert!(reason.starts_with("SenderRefused") && reason.contains(told), "{reason}");
        assert!(heard.iter().filter(|line| line.starts_with("AUTH")).count() <= 1, "{heard:?}");
    }
    const NO_SIGN_IN_NOW: &[(Answers, &str)] = &[
        (&[("EHLO", b"250-x\r\n250 AUTH LOGIN"), ("AUTH", b"334 UElOOg==")], "isn't valid: 334 UElOOg=="),
        (&[("EHLO", b"250-x\r\n250 AUTH LOGIN"), ("AUTH", b"334 \xff\xff")], "isn't valid: 334 \u{ff}"),
        (&[("EHLO", b"250-x\r\n250 AUTH PLAIN"), ("A", b"334 again")], "334 again"),
        (&[("EHLO", b"250-x\r\n250 AUTH PLAIN"), ("AUTH", b"250 ok")], "250 ok"),
        (&[("EHLO", b"250-x\r\n250 AUTH PLAIN"), ("AUTH", b"421 4.3.2 closing")], "421 4.3.2 closing"),
    ];
    for (answers, told) in NO_SIGN_IN_NOW {
        let reason = reason(send(answers, with_login).await.0);
        assert!(reason.starts_with("Unreachable") && reason.contains(told), "{reason}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_know_ehlo_is_greeted_as_of_old() {
    for unknown in [b"502 5.5.2 not implemented".as_slice(), b"500 what?"] {
        let answers: Answers = Box::leak(Box::new([("EHLO", unknown)]));
        let (sent, heard) = send(answers, |config| config).await;
        sent.unwrap();
        assert_eq!(heard[..2], ["EHLO us.example\r\n", "HELO us.example\r\n"]);
    }
    let (sent, heard) = send(&[("EHLO", b"550 5.7.1 go away")], |config| config).await;
    assert!(reason(sent).contains("go away") && !heard.iter().any(|line| line.starts_with("HELO")), "{heard:?}");
}

/// As Exchange, Postfix, Exim, Gmail, and one that knows nothing.
#[tokio::test]
async fn what_servers_say_they_can_is_understood() {
    const SERVERS: &[Answers] = &[
        &[(
            "EHLO",
            b"250-mail.contoso.com Hello [192.0.2.7]\r\n250-SIZE 37748736\r\n250-PIPELINING\r\n250-DSN\r\n\
            250-ENHANCEDSTATUSCODES\r\n250-STARTTLS\r\n250-X-ANONYMOUSTLS\r\n250-AUTH NTLM PLAIN\r\n\
            250-X-EXPS GSSAPI NTLM\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250 XRDST",
        )],
        &[(
            "EHLO",
            b"250-mail.example.com\r\n250-SIZE\r\n250-VRFY\r\n250-ETRN\r\n250-AUTH PLAIN LOGIN\r\n250-AUTH=PLAIN LOGIN\r\n\
            250-SMTPUTF8\r\n250-LIMITS RCPTMAX=20\r\n250 CHUNKING",
        )],
        &[("EHLO", b"250-x Hello us.example [192.0.2.7]\r\n250-FUTURERELEASE 1 x\r\n250-\r\n250-auth plain\r\n250 HELP")],
        &[("EHLO", b"250-smtp.gmail.com at your service\n250-AUTH LOGIN PLAIN XOAUTH2 OAUTHBEARER\n250-\xe4\n250 SMTPUTF8")],
    ];
    for answers in SERVERS {
        let (sent, heard) = send(answers, with_login).await;
        sent.unwrap();
        assert_eq!(heard[1], "AUTH PLAIN AGFuYQBtw7xsbA0K\r\n");
    }
    let (sent, _) = send(&[("EHLO", b"250 ")], |config| config).await;
    sent.unwrap();
}

#[tokio::test]
async fn what_a_server_says_is_told_word_for_word() {
    const SAID: &[(Answers, &str)] = &[
        (&[("RCPT", b"550 5.7.708 Service unavailable, traffic from this IP")], "550 5.7.708 Service"),
        (&[("RCPT", b"550-5.1.1 No such\r\n550-5.1.1\r\n550 5.1.1 user")], "550 5.1.1 No such 5.1.1 5.1.1 user"),
        (&[("RCPT", b"550 sorry, no mailbox here (#5.1.1)")], "no mailbox here (#5.1.1)"),
        (&[("RCPT", b"550 5.1.1 Empf\xe4nger unbekannt")], "Empf\u{e4}nger unbekannt"),
        (&[("RCPT", b"550 5.1.1 Empf\xc3\xa4nger unbekannt")], "Empf\u{e4}nger unbekannt"),
        (&[("RCPT", b"550")], "550"),
        (&[("EHLO", b"550-5.7.1 Go\r\n550 5.7.1 away")], "550 5.7.1 Go 5.7.1 away"),
        (&[("", b"554-No\r\n554 SMTP service here")], "554 No SMTP service here"),
    ];
    for (answers, told) in SAID {
        let reason = reason(send(answers, |config| config).await.0);
        assert!(reason.contains(told), "{reason}");
    }
}

#[tokio::test]
async fn what_a_server_says_is_one_short_line_and_turns_no_terminal() {
    const COLORED: Answers = &[
        ("EHLO", b"250-\x1b[31mevil\r\n250 x"),
        ("MAIL", b"250-\x1b[2J\r\n250 \xc2\x9b31m\x07"),
        (".", b"550-5.7.1 \x1b[2J\r\n550 5.7.1 \x9b31m"),
    ];
    let (config, _) = scripted(COLORED).await;
    let mut told = Vec::new();
    let smtp = Smtp::new(&config).unwrap();
    let failed = smtp.try_out("bo@acme.example", ID, &mail(), &mut |_, said| told.push(said.to_owned())).await;
    told.push(failed.unwrap_err().error.to_string());
    assert_eq!(told.len(), 4, "connection, sender, recipient, content");
    assert!(!told.concat().contains(char::is_control), "{told:?}");
}

#[tokio::test]
async fn what_is_no_answer_is_none_whatever_it_says() {
    const NONE: &[(Answers, &str)] = &[
        (&[("RCPT", b"650 5.1.1 unknown user")], "out of order: 650"),
        (&[("RCPT", b"150 5.1.1 unknown user")], "out of order: 150"),
        (&[("RCPT", b"000 5.1.1 unknown user")], "out of order: 0 "),
        (&[("RCPT", b"354 5.1.1 unknown user")], "out of order: 354"),
        (&[("RCPT", b"HTTP/1.1 550 unknown user")], "isn't valid: H"),
        (&[("RCPT", b"550=5.1.1 unknown user")], "isn't valid: 550="),
        (&[("DATA", b"250 unknown user")], "out of order: 250"),
        (&[("DATA", b"334 unknown user")], "out of order: 334"),
        (&[(".", b"354 unknown user")], "out of order: 354"),
    ];
    for (answers, told) in NONE {
        let (sent, heard) = send(answers, |config| config).await;
        let reason = reason(sent);
        assert!(reason.starts_with("BrokenOff") && reason.contains(told), "{reason}");
        let is_mail_said = heard.iter().any(|line| line.starts_with("From:"));
        assert_eq!(is_mail_said, answers[0].0 == ".", "no mail among commands");
    }
}

/// Somebody in between can write what is not encrypted. What comes later than the answer is no TLS; what comes with it, see `encryption`.
#[tokio::test]
async fn what_is_said_in_the_clear_after_starttls_ends_the_conversation() {
    const LATER: Answers = &[
        ("EHLO", b"250-x\r\n250 STARTTLS"),
        ("STARTTLS", b"220 go on"),
        ("\u{16}", b"250-x\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 kept"),
    ];
    let encrypted = |config| SmtpConfig { encryption: Encryption::Starttls, ..with_login(config) };
    let reason = reason(send(LATER, encrypted).await.0);
    assert!(reason.starts_with("Unreachable") && reason.contains("no TLS"), "{reason}");
}

/// Whatever a mail says, and whatever a server takes for the end of a line.
#[tokio::test]
async fn nothing_in_a_mail_ends_it() {
    let long = format!("{}\n.\n{}", "x".repeat(2_000), "\u{e4}".repeat(2_000));
    for text in
        ["", ".", "a\n.\nb", ".\r\n..x\r\n\r\n", "a\n\r.\r\nb\r.\r", "a\r.\rQUIT\r", "\u{e4}\r.\r\n.\n\r\r", &long]
    {
        let mail = Rendered {
            subject: text.to_owned(),
            text: text.to_owned(),
            html: format!("<p>{text}</p>{text}"),
            reply_to: None,
        };
        let (sent, heard) = send_to("bo@acme.example", &mail, &[], |config| config).await;
        sent.unwrap();
        let heard = heard.concat();
        let (_, content) = heard.split_once("DATA\r\n").unwrap();
        let rest = content.replace("\r\n", "");
        assert!(!rest.contains(['\r', '\n']), "every line ends with CRLF: {content:?}");
        let lines: Vec<&str> = content.split("\r\n").collect();
        let [said @ .., last, ".", ""] = &lines[..] else { panic!("an end: {content:?}") };
        assert!(last.ends_with("--"), "no line between the mail and its end: {content:?}");
        assert!(said.iter().all(|line| !line.starts_with('.') || line.starts_with("..")), "{content:?}");
    }
}
