use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mail_parser::decoders::base64::base64_decode;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;

use super::inbox::{Inbox, Mood};
use super::misbehavior::Misbehavior;
use super::received::ReceivedMail;
use crate::Step;

/// Without SMTPUTF8: most servers have none, and what we send must not need it.
const EHLO: &str = "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 AUTH PLAIN";
const EHLO_IN_THE_CLEAR: &str = "250-sink\r\n250-8BITMIME\r\n250 STARTTLS";

/// A connection, encrypted or not.
trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// Speaks SMTP with one client until it leaves.
pub(super) async fn run(stream: TcpStream, inbox: Arc<Inbox>) -> io::Result<()> {
    let at_once = inbox.tls.as_ref().filter(|tls| tls.at_once);
    let (stream, is_encrypted): (Box<dyn Duplex>, bool) = match at_once {
        Some(tls) => (Box::new(tls.acceptor.accept(stream).await?), true),
        None => (Box::new(stream), inbox.tls.is_none()),
    };
    let stream = Some(BufStream::new(stream));
    let mut session =
        Session { stream, is_encrypted, inbox, helo: String::new(), login: None, from: None, to: Vec::new() };
    session.mood_check().await?;
    if let Some(refusal) = session.refusal(Step::Connect) {
        return session.reply(&refusal).await;
    }
    if let Some(how) = session.misbehavior(Step::Connect, "") {
        return how.act_out(&mut session).await;
    }
    session.reply("220 sink ESMTP").await?;
    while let Some(line) = session.line().await? {
        session.mood_check().await?;
        let line = String::from_utf8_lossy(&line);
        if !session.command(line.trim_end()).await? {
            break;
        }
    }
    Ok(())
}

pub(super) struct Session {
    /// Absent only while it becomes encrypted.
    stream: Option<BufStream<Box<dyn Duplex>>>,
    /// Or need not become so.
    is_encrypted: bool,
    inbox: Arc<Inbox>,
    helo: String,
    login: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

impl Session {
    /// Answers one command; false when it was the last.
    async fn command(&mut self, line: &str) -> io::Result<bool> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                rest.clone_into(&mut self.helo);
                self.reply(if self.is_encrypted { EHLO } else { EHLO_IN_THE_CLEAR }).await?;
            }
            "STARTTLS" if !self.is_encrypted => self.encrypt().await?,
            "HELO" | "NOOP" => self.reply("250 OK").await?,
            "AUTH" => self.sign_in(rest).await?,
            "MAIL" => self.begin(rest).await?,
            "RCPT" => self.recipient(rest).await?,
            "DATA" => self.data().await?,
            "RSET" => {
                self.reset();
                self.reply("250 OK").await?;
            }
            "QUIT" if self.inbox.hears_no_goodbye.load(Ordering::Relaxed) => pending().await,
            "QUIT" => {
                self.reply("221 bye").await?;
                return Ok(false);
            }
            _ => self.reply("502 5.5.1 command not known").await?,
        }
        Ok(true)
    }

    async fn encrypt(&mut self) -> io::Result<()> {
        if let Some(refusal) = self.refusal(Step::Encrypt) {
            return self.reply(&refusal).await;
        }
        match self.misbehavior(Step::Encrypt, "") {
            Some(how) => how.act_out(self).await?,
            None => self.reply("220 2.0.0 go ahead").await?,
        }
        let stream = self.stream.take().ok_or(io::ErrorKind::NotConnected)?.into_inner();
        let inbox = Arc::clone(&self.inbox);
        let tls = inbox.tls.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        self.stream = Some(BufStream::new(Box::new(tls.acceptor.accept(stream).await?)));
        self.is_encrypted = true;
        Ok(())
    }

    async fn sign_in(&mut self, rest: &str) -> io::Result<()> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        if !mechanism.eq_ignore_ascii_case("PLAIN") {
            return self.reply("504 5.5.4 only PLAIN").await;
        }
        let mut proof = initial.as_bytes().to_vec();
        if proof.is_empty() {
            self.reply("334 ").await?;
            proof = self.line().await?.unwrap_or_default();
        }
        if let Some(refusal) = self.refusal(Step::SignIn) {
            return self.reply(&refusal).await;
        }
        match login(proof.trim_ascii_end()) {
            Some(login) => {
                self.login = Some(login);
                self.reply("235 2.7.0 welcome").await
            }
            None => self.reply("501 5.5.2 cannot read that").await,
        }
    }

    async fn begin(&mut self, rest: &str) -> io::Result<()> {
        self.reset();
        if let Some(refusal) = self.refusal(Step::Sender) {
            return self.reply(&refusal).await;
        }
        if let Some(how) = self.misbehavior(Step::Sender, "") {
            return how.act_out(self).await;
        }
        self.from = Some(address(rest));
        self.reply("250 2.1.0 OK").await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        if self.from.is_none() {
            return self.reply("503 5.5.1 MAIL first").await;
        }
        if let Some(refusal) = self.refusal(Step::Recipient) {
            return self.reply(&refusal).await;
        }
        let to = address(rest);
        if let Some(how) = self.misbehavior(Step::Recipient, &to) {
            return how.act_out(self).await;
        }
        self.to.push(to);
        self.reply("250 2.1.5 OK").await
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.to.is_empty() {
            return self.reply("554 5.5.1 no recipients").await;
        }
        self.reply("354 go ahead").await?;
        let raw = self.content().await?;
        if let Some(refusal) = self.refusal(Step::Content) {
            self.reset();
            return self.reply(&refusal).await;
        }
        if let Some(how) = self.misbehavior(Step::Content, &self.to.concat()) {
            self.reset();
            return how.act_out(self).await;
        }
        let (helo, from) = (self.helo.clone(), self.from.clone().unwrap_or_default());
        let mail = ReceivedMail::parse(helo, from, &self.to, self.login.clone(), &raw);
        self.reset();
        let mood = self.inbox.mood();
        if let Mood::Censoring(words, reply) = &mood
            && mail.text.contains(words)
        {
            return self.reply(reply).await;
        }
        self.inbox.keep(mail);
        if let Mood::Slow(time) = mood {
            take_time(time).await;
        }
        self.reply("250 2.0.0 kept").await
    }

    /// Everything up to the lone dot, without the dots that were added to protect lines (RFC 5321 4.5.2).
    async fn content(&mut self) -> io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        loop {
            let line = self.line().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if line.trim_ascii_end() == b"." {
                return Ok(raw);
            }
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn refusal(&self, step: Step) -> Option<String> {
        match self.inbox.mood() {
            Mood::Refusing(at, reply) => (at == step).then_some(reply),
            Mood::Accepting
            | Mood::Censoring(..)
            | Mood::Slow(_)
            | Mood::Misbehaving(..)
            | Mood::Dropping
            | Mood::Silent => None,
        }
    }

    fn misbehavior(&self, step: Step, to: &str) -> Option<Misbehavior> {
        match self.inbox.mood() {
            Mood::Misbehaving(at, words, how) => (at == step && to.contains(&words)).then_some(how),
            Mood::Accepting
            | Mood::Refusing(..)
            | Mood::Censoring(..)
            | Mood::Slow(_)
            | Mood::Dropping
            | Mood::Silent => None,
        }
    }

    async fn mood_check(&self) -> io::Result<()> {
        match self.inbox.mood() {
            Mood::Accepting | Mood::Refusing(..) | Mood::Censoring(..) | Mood::Slow(_) | Mood::Misbehaving(..) => {
                Ok(())
            }
            Mood::Dropping => Err(io::ErrorKind::ConnectionAborted.into()),
            Mood::Silent => pending().await,
        }
    }

    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let read = self.stream()?.read_until(b'\n', &mut line).await?;
        Ok((read > 0).then_some(line))
    }

    pub(super) async fn reply(&mut self, reply: impl AsRef<[u8]>) -> io::Result<()> {
        // At once: two small packets would wait for each other (Nagle, delayed ACK).
        self.write(&[reply.as_ref(), b"\r\n"].concat()).await
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream()?;
        stream.write_all(bytes).await?;
        stream.flush().await
    }

    fn stream(&mut self) -> io::Result<&mut BufStream<Box<dyn Duplex>>> {
        Ok(self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?)
    }
}

impl Misbehavior {
    async fn act_out(self, session: &mut Session) -> io::Result<()> {
        match self {
            Self::Silence => pending().await,
            Self::HangUp => Err(io::ErrorKind::ConnectionAborted.into()),
            Self::Says(reply) => session.reply(&reply).await,
            Self::Endless => loop {
                session.reply(b"250-and").await?;
                take_time(Duration::from_millis(20)).await;
            },
            Self::Flood(words) => loop {
                session.write(&words).await?;
            },
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a slow server is slow by the clock")]
async fn take_time(time: Duration) {
    tokio::time::sleep(time).await;
}

/// `FROM:<ana@example.com> BODY=8BITMIME` is about `ana@example.com`.
fn address(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(address, _)| address.to_owned())
}

/// `\0username\0password`, in base64, as `username:password`.
fn login(proof: &[u8]) -> Option<String> {
    let text = String::from_utf8(base64_decode(proof)?).ok()?;
    let mut parts = text.split('\0').skip(1);
    Some(format!("{}:{}", parts.next()?, parts.next()?))
}
