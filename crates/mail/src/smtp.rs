use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};

use crate::{Encryption, Rendered, SmtpConfig};

const MOST_IDLE: usize = 4;
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);
const LONGEST_REASON: usize = 300;

/// Why the mail settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender is no mailbox.
    #[error("`from` must be an address such as `Portcullis <no-reply@example.com>`")]
    From(#[from] lettre::address::AddressError),
    /// Only one half of the credentials is there.
    #[error("`username` and `password` must be given together")]
    HalfCredentials,
    /// TLS cannot be set up for this host.
    #[error("TLS cannot be set up for this `host`")]
    Tls(#[from] lettre::transport::smtp::Error),
}

/// Why one mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// This mail will never be accepted; sending it again is useless.
    #[error("the mail was refused for good: {0}")]
    Permanent(String),
    /// The server does not take this mail now, but may later.
    #[error("the mail could not be sent now: {0}")]
    Transient(String),
    /// No mail can be sent at the moment: no connection, a wrong password, no answer.
    #[error("the mail server cannot be reached or does not let us in: {0}")]
    Unreachable(String),
}

impl SendError {
    /// Whether sending again is useless.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Permanent(_))
    }

    /// The connection or the sign-in failed. That is no fault of this mail, whatever the code.
    fn unreachable(error: lettre::transport::smtp::Error) -> Self {
        Self::Unreachable(reason(&error))
    }

    /// The server answered this mail with no.
    fn refused(error: lettre::transport::smtp::Error) -> Self {
        if asks_for_sign_in(&error) {
            Self::Unreachable(reason(&error))
        } else if error.is_permanent() || error.is_client() {
            Self::Permanent(reason(&error))
        } else if error.is_transient() {
            Self::Transient(reason(&error))
        } else {
            Self::Unreachable(reason(&error))
        }
    }
}

/// Sends mail through one server and keeps a few connections open.
///
/// lettre's own pool is not used: it takes back a connection whose sending was cancelled half-way, and the next mail
/// would then go on inside the last one. Here a connection returns only after the server accepted its mail.
pub struct Smtp {
    host: String,
    port: u16,
    tls: Option<TlsParameters>,
    encryption: Encryption,
    credentials: Option<Credentials>,
    from: Mailbox,
    timeout: Duration,
    hello_name: ClientId,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Smtp {
    /// Checks the settings; connects only when the first mail is sent.
    pub fn new(config: &SmtpConfig) -> Result<Self, MailError> {
        let credentials = credentials(config)?;
        if credentials.is_some() && config.encryption == Encryption::None {
            tracing::warn!(host = config.host, "the password of the mail server is sent without encryption");
        }
        let tls = match config.encryption {
            Encryption::None => None,
            Encryption::Starttls | Encryption::Tls => Some(TlsParameters::new(config.host.clone())?),
        };
        Ok(Self {
            host: config.host.clone(),
            port: config.port,
            tls,
            encryption: config.encryption,
            credentials,
            from: config.from.parse()?,
            timeout: Duration::from_secs(config.timeout_seconds.into()),
            hello_name: ClientId::default(),
            idle: Mutex::default(),
        })
    }

    /// Sends one mail to one address. `message_id` is the whole header, `<outbox id@host>`: the same one for every
    /// attempt, so that a mail sent twice can be recognised.
    pub async fn send(&self, to: &str, message_id: &str, rendered: &Rendered) -> Result<(), SendError> {
        let mail = self.compose(to, message_id, rendered)?;
        let sending = self.deliver(mail.envelope(), mail.formatted());
        tokio::time::timeout(self.timeout, sending).await.unwrap_or_else(|_| {
            let seconds = self.timeout.as_secs();
            Err(SendError::Unreachable(format!("no answer within {seconds} seconds")))
        })
    }

    fn compose(&self, to: &str, message_id: &str, rendered: &Rendered) -> Result<Message, SendError> {
        let to: Address = to.parse().map_err(|_| permanent("the recipient is no mail address"))?;
        if !is_message_id(message_id) {
            return Err(permanent("the message id is not of the form <id@host>"));
        }
        let parts = MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(rendered.subject.clone())
            .message_id(Some(message_id.to_owned()))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("X-Auto-Response-Suppress", "All"))
            .multipart(parts)
            .map_err(|error| SendError::Permanent(error.to_string()))
    }

    async fn deliver(&self, envelope: &Envelope, mail: Vec<u8>) -> Result<(), SendError> {
        let mut connection = self.connection().await?;
        connection.send(envelope, &mail).await.map_err(SendError::refused)?;
        self.keep(connection);
        Ok(())
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, SendError> {
        while let Some(mut connection) = self.take_idle() {
            let alive = tokio::time::timeout(SIGN_OF_LIFE, connection.test_connected());
            if alive.await.unwrap_or(false) {
                return Ok(connection);
            }
        }
        self.connect().await.map_err(SendError::unreachable)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let server = (self.host.as_str(), self.port);
        let wrapper = self.tls.clone().filter(|_| self.encryption == Encryption::Tls);
        let upgrade = self.tls.clone().filter(|_| self.encryption == Encryption::Starttls);

        let hello = &self.hello_name;
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), hello, wrapper, None).await?;
        if let Some(tls) = upgrade {
            connection.starttls(tls, hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
    }
}

fn credentials(config: &SmtpConfig) -> Result<Option<Credentials>, MailError> {
    match (&config.username, &config.password) {
        (Some(username), Some(password)) => Ok(Some(Credentials::new(username.clone(), password.clone()))),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(MailError::HalfCredentials),
    }
}

fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let Some((id, host)) = inner.and_then(|inner| inner.split_once('@')) else { return false };
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_graphic() && !"<>@\"(),;:\\".contains(c));
    text.len() <= 250 && is_word(id) && is_word(host)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// 530, 534, 535, 538: the operator has to mend the credentials, then the mail can go.
fn asks_for_sign_in(error: &lettre::transport::smtp::Error) -> bool {
    let code = error.status().map(u16::from);
    matches!(code, Some(530 | 534 | 535 | 538))
}

fn permanent(reason: &str) -> SendError {
    SendError::Permanent(reason.to_owned())
}

/// What happened, in one short line: the server's own words must not forge lines of the log.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    let flat = |c: char| if c.is_control() { ' ' } else { c };
    error.to_string().chars().map(flat).take(LONGEST_REASON).collect()
}
