//! A mail server for tests: real SMTP on a real socket, and every mail it got.

mod inbox;
mod misbehavior;
mod received;
mod session;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
pub use tokio_rustls::TlsAcceptor;
pub use tokio_rustls::rustls;

use self::inbox::{Inbox, Mood, Tls, lock};
pub use self::misbehavior::Misbehavior;
pub use self::received::ReceivedMail;
use crate::{Encryption, SmtpConfig, Step};

const PATIENCE: Duration = Duration::from_secs(10);

/// A mail server on 127.0.0.1 that keeps what it gets, until it is dropped.
pub struct SmtpSink {
    address: SocketAddr,
    inbox: Arc<Inbox>,
    encryption: Encryption,
    server: Mutex<Option<JoinHandle<()>>>,
}

impl SmtpSink {
    /// Starts on a free port.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(Encryption::None, None).await
    }

    /// Starts on a free port and encrypts: by STARTTLS, or from the first byte.
    pub async fn start_encrypted(encryption: Encryption, acceptor: TlsAcceptor) -> io::Result<Self> {
        let tls = Tls { acceptor, at_once: encryption == Encryption::Tls };
        Self::start_with(encryption, Some(tls)).await
    }

    async fn start_with(encryption: Encryption, tls: Option<Tls>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, inbox) = (listener.local_addr()?, Arc::new(Inbox::new(tls)));
        let sink = Self { address, inbox, encryption, server: Mutex::default() };
        sink.serve(listener);
        Ok(sink)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Settings that send to this server.
    pub fn config(&self) -> SmtpConfig {
        SmtpConfig {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            encryption: self.encryption,
            ca_file: None,
            username: None,
            password: None,
            from: "Portcullis <no-reply@portcullis.example>".to_owned(),
            helo_name: None,
            per_minute: None,
            timeout_seconds: 5,
        }
    }

    /// Every mail so far, oldest first.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        self.inbox.mails.borrow().clone()
    }

    /// Every mail, once there are at least `count`; what there is after ten seconds.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        let mut mails = self.inbox.mails.subscribe();
        let enough = mails.wait_for(|mails| mails.len() >= count);
        // Too few after ten seconds is for the test to say.
        let _ = tokio::time::timeout(PATIENCE, enough).await;
        self.mails()
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.inbox.connections.load(Ordering::Relaxed)
    }

    /// Forgets the mails so far.
    pub fn clear(&self) {
        self.inbox.mails.send_modify(Vec::clear);
    }

    /// From now on answers every recipient with `reply`, such as `550 5.1.1 no such user`; a reply that begins with
    /// `53` answers sign-ins instead.
    pub fn refuse_with(&self, reply: impl Into<String>) {
        let reply = reply.into();
        self.refuse_at(if reply.starts_with("53") { Step::SignIn } else { Step::Recipient }, reply);
    }

    /// From now on answers this step of every conversation with `reply`.
    pub fn refuse_at(&self, step: Step, reply: impl Into<String>) {
        self.inbox.set_mood(Mood::Refusing(step, reply.into()));
    }

    /// From now on answers every mail in whose text `words` stand with `reply`, after its end, and takes the others.
    pub fn refuse_mails_that_say(&self, words: impl Into<String>, reply: impl Into<String>) {
        self.inbox.set_mood(Mood::Censoring(words.into(), reply.into()));
    }

    /// From now on takes every mail, and needs so long to say so.
    pub fn answer_after(&self, time: Duration) {
        self.inbox.set_mood(Mood::Slow(time));
    }

    /// From now on does this at a step: of every conversation, or at the recipients and after the mails with `words` in their
    /// address.
    pub fn misbehave_at(&self, step: Step, words: impl Into<String>, how: Misbehavior) {
        self.inbox.set_mood(Mood::Misbehaving(step, words.into(), how));
    }

    /// From now on never answers QUIT, and keeps the connection open.
    pub fn ignore_goodbyes(&self) {
        self.inbox.hears_no_goodbye.store(true, Ordering::Relaxed);
    }

    /// From now on closes every connection without a word.
    pub fn drop_connections(&self) {
        self.inbox.set_mood(Mood::Dropping);
    }

    /// From now on keeps connections open and never answers.
    pub fn fall_silent(&self) {
        self.inbox.set_mood(Mood::Silent);
    }

    /// Takes mail again.
    pub fn accept(&self) {
        self.inbox.set_mood(Mood::Accepting);
    }

    /// Stops listening and closes every connection; the mails stay.
    pub async fn stop(&self) {
        let server = lock(&self.server).take();
        if let Some(server) = server {
            server.abort();
            // Aborting is what was asked for: there is no other outcome to report.
            let _ = server.await;
        }
    }

    /// Listens again on the same port.
    pub async fn restart(&self) -> io::Result<()> {
        self.stop().await;
        self.serve(TcpListener::bind(self.address).await?);
        Ok(())
    }

    fn serve(&self, listener: TcpListener) {
        let server = tokio::spawn(serve(listener, Arc::clone(&self.inbox)));
        *lock(&self.server) = Some(server);
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        if let Some(server) = lock(&self.server).take() {
            server.abort();
        }
    }
}

/// Sessions end with the server, for the set aborts them when it is dropped.
async fn serve(listener: TcpListener, inbox: Arc<Inbox>) {
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                inbox.connections.fetch_add(1, Ordering::Relaxed);
                sessions.spawn(session::run(stream, Arc::clone(&inbox)));
            }
            Some(_) = sessions.join_next() => {}
            else => return,
        }
    }
}
