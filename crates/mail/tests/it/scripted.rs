//! A mail server that says what a test gives it to say.

use mail::{Encryption, SmtpConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What to say to whatever begins so. The greeting answers the empty word, and the end of a mail answers a dot.
pub(crate) type Answers = &'static [(&'static str, &'static [u8])];

/// What a server says that is given nothing else.
const USUAL: Answers = &[
    ("", b"220 x"),
    ("EHLO", b"250 x"),
    ("AUTH", b"235 ok"),
    ("DATA", b"354 go on"),
    ("QUIT", b"221 bye"),
    (".", b"250 kept"),
];

/// A server for one connection; when that is over, everything that came over it.
pub(crate) async fn scripted(answers: Answers) -> (SmtpConfig, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: listener.local_addr().unwrap().port(),
        encryption: Encryption::None,
        ca_file: None,
        username: None,
        password: None,
        from: "no-reply@portcullis.example".to_owned(),
        helo_name: Some("us.example".to_owned()),
        per_minute: None,
        timeout_seconds: 2,
    };
    let serve = async move { converse(listener.accept().await.unwrap().0, answers).await };
    (config, tokio::spawn(serve))
}

async fn converse(mut stream: TcpStream, answers: Answers) -> String {
    stream.set_nodelay(true).unwrap();
    let (mut heard, mut unanswered, mut is_mail) = (Vec::new(), Vec::new(), false);
    if !say(&mut stream, answer(answers, b"")).await {
        return String::new();
    }
    loop {
        let before = heard.len();
        if stream.read_buf(&mut heard).await.unwrap_or(0) == 0 {
            return String::from_utf8(heard).unwrap_or_default();
        }
        unanswered.extend_from_slice(&heard[before..]);
        let is_handshake = unanswered.first() == Some(&0x16);
        if !is_handshake && !unanswered.ends_with(if is_mail { b"\r\n.\r\n" } else { b"\r\n" }) {
            continue;
        }
        let said = answer(answers, if is_mail { b"." } else { &unanswered });
        is_mail = !is_mail && unanswered.starts_with(b"DATA") && said.starts_with(b"354");
        unanswered.clear();
        if !say(&mut stream, said).await {
            return String::from_utf8(heard).unwrap_or_default();
        }
    }
}

fn answer(answers: Answers, to: &[u8]) -> &'static [u8] {
    let fits =
        |(begin, _): &&(&str, &'static [u8])| to.starts_with(begin.as_bytes()) && (to.is_empty() == begin.is_empty());
    answers.iter().chain(USUAL).find(fits).map_or(b"250 ok", |(_, said)| said)
}

/// Byte by byte: a slow server may cut what it says anywhere. False when nobody listens any more.
async fn say(stream: &mut TcpStream, words: &[u8]) -> bool {
    for byte in [words, b"\r\n"].concat() {
        if stream.write_all(&[byte]).await.is_err() {
            return false;
        }
        tokio::task::yield_now().await;
    }
    true
}
