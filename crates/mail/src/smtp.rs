use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};

use crate::conversation::{Failed, Listener, announce, hand_over};
use crate::{Encryption, Rendered, SmtpConfig, Step};

const MOST_IDLE: usize = 4;
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

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
    /// The file of certificates cannot be used.
    #[error("`ca_file` {} cannot be used: {reason}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The name for EHLO is none.
    #[error("`helo_name` must be a host name such as `portcullis.example.com`, or an IP address")]
    HeloName,
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
    /// The server does not take mail from us: a wrong password, a sender that is not ours, as much sent as may be. The
    /// operator has to do something, then every mail can go.
    #[error("the mail server does not take mail from us: {0}")]
    SenderRefused(String),
    /// The server does not take this mail from us, for what it says or whom it is to: a content filter, relaying denied. It
    /// may take others.
    #[error("the mail server does not take this mail from us: {0}")]
    Refused(String),
    /// No mail can be sent at the moment: no connection, no answer.
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(String),
}

impl SendError {
    /// Whether sending again is useless.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Permanent(_))
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
    per_minute: Option<NonZeroU32>,
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
            Encryption::Starttls | Encryption::Tls => Some(tls(config)?),
        };
        Ok(Self {
            host: config.host.clone(),
            port: config.port,
            tls,
            encryption: config.encryption,
            credentials,
            from: config.from.parse()?,
            per_minute: config.per_minute,
            timeout: Duration::from_secs(config.timeout_seconds.into()),
            hello_name: hello_name(config.helo_name.as_deref())?,
            idle: Mutex::default(),
        })
    }

    /// The most mails that may leave within a minute.
    pub fn per_minute(&self) -> Option<NonZeroU32> {
        self.per_minute
    }

    /// Sends one mail to one address. Everything up to its content has the configured time; then the server may take ten
    /// minutes. `message_id` is the whole header, `<outbox id@host>`: the same one for every
    /// attempt, so that a mail sent twice can be recognised.
    pub async fn send(&self, to: &str, message_id: &str, rendered: &Rendered) -> Result<(), SendError> {
        let sent = async {
            let mail = self.compose(to, message_id, rendered)?;
            let content = mail.formatted();
            let mut connection = self
                .in_time(async {
                    let mut connection = self.connection().await?;
                    announce(&mut connection, mail.envelope(), &content, &mut |_, _| {}).await?;
                    Ok(connection)
                })
                .await?;
            hand_over(&mut connection, &content, &mut |_, _| {}).await?;
            self.keep(connection);
            Ok(())
        };
        sent.await.map_err(|failed: Failed| failed.error)
    }

    /// Sends one mail over a connection of its own and tells of every step that succeeded.
    ///
    /// # Errors
    /// The step that did not.
    pub async fn try_out(
        &self,
        to: &str,
        message_id: &str,
        rendered: &Rendered,
        tell: &mut (dyn FnMut(Step, &str) + Send),
    ) -> Result<(), Failed> {
        let mail = self.compose(to, message_id, rendered)?;
        let content = mail.formatted();
        let mut connection = self
            .in_time(async {
                let mut connection = self.connect(tell).await?;
                announce(&mut connection, mail.envelope(), &content, tell).await?;
                Ok(connection)
            })
            .await?;
        hand_over(&mut connection, &content, tell).await
    }

    async fn in_time<T>(&self, steps: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
        tokio::time::timeout(self.timeout, steps).await.unwrap_or_else(|_| {
            let reason = format!("no answer within {} seconds", self.timeout.as_secs());
            Err(Failed { step: None, error: SendError::Unreachable(reason) })
        })
    }

    fn compose(&self, to: &str, message_id: &str, rendered: &Rendered) -> Result<Message, Failed> {
        let permanent = |reason: &str| Failed::permanent(Step::Recipient, reason);
        let to: Address = to.parse().map_err(|_| permanent("the recipient is no mail address"))?;
        if !is_message_id(message_id) {
            return Err(permanent("the message id is not of the form <id@host>"));
        }
        let parts = MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone());
        let mut message = Message::builder().from(self.from.clone());
        if let Some(address) = rendered.reply_to.as_ref().and_then(|address| address.parse::<Address>().ok()) {
            message = message.reply_to(Mailbox::new(None, address));
        }
        message
            .to(Mailbox::new(None, to))
            .subject(rendered.subject.clone())
            .message_id(Some(message_id.to_owned()))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("X-Auto-Response-Suppress", "All"))
            .multipart(parts)
            .map_err(|error| permanent(&error.to_string()))
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, Failed> {
        while let Some(mut connection) = self.take_idle() {
            let alive = tokio::time::timeout(SIGN_OF_LIFE, connection.test_connected());
            if alive.await.unwrap_or(false) {
                return Ok(connection);
            }
        }
        self.connect(&mut |_, _| {}).await
    }

    async fn connect(&self, tell: Listener<'_>) -> Result<AsyncSmtpConnection, Failed> {
        let server = (self.host.as_str(), self.port);
        let wrapper = self.tls.clone().filter(|_| self.encryption == Encryption::Tls);
        let upgrade = self.tls.clone().filter(|_| self.encryption == Encryption::Starttls);

        let hello = &self.hello_name;
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), hello, wrapper, None)
            .await
            .map_err(|error| Failed::at(Step::Connect, &error))?;
        tell(Step::Connect, connection.server_info().name());
        if let Some(tls) = upgrade {
            connection.starttls(tls, hello).await.map_err(|error| Failed::at(Step::Encrypt, &error))?;
            tell(Step::Encrypt, "");
        }
        if let Some(credentials) = &self.credentials {
            let answer = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            answer.map_err(|error| Failed::at(Step::SignIn, &error))?;
            tell(Step::SignIn, "");
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

/// Believes the authorities of the system, or, where it has none (a bare container), those that Mozilla believes; and those of
/// the `ca_file` in any case.
fn tls(config: &SmtpConfig) -> Result<TlsParameters, MailError> {
    let has_own = !rustls_native_certs::load_native_certs().certs.is_empty();
    let store = if has_own { CertificateStore::Default } else { CertificateStore::WebpkiRoots };
    let parameters = TlsParameters::builder(config.host.clone()).certificate_store(store);
    let parameters = match &config.ca_file {
        Some(path) => parameters.add_root_certificate(authorities(path)?),
        None => parameters,
    };
    let built = parameters.build();
    match (&config.ca_file, built) {
        (_, Ok(parameters)) => Ok(parameters),
        (Some(path), Err(error)) if error.is_tls() => Err(unusable(path, "it holds a certificate that cannot be read")),
        (_, Err(error)) => Err(error.into()),
    }
}

fn authorities(path: &Path) -> Result<Certificate, MailError> {
    let text = std::fs::read(path).map_err(|error| unusable(path, &error.to_string()))?;
    let begins = b"-----BEGIN CERTIFICATE-----";
    if !text.windows(begins.len()).any(|part| part == begins) {
        return Err(unusable(path, "it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"));
    }
    Certificate::from_pem(&text).map_err(|_| unusable(path, "its certificates cannot be read"))
}

fn unusable(path: &Path, reason: &str) -> MailError {
    MailError::CaFile { path: path.to_owned(), reason: reason.to_owned() }
}

fn hello_name(name: Option<&str>) -> Result<ClientId, MailError> {
    let Some(name) = name else { return Ok(ClientId::default()) };
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Ok(ClientId::Ipv4(address)),
        Ok(IpAddr::V6(address)) => Ok(ClientId::Ipv6(address)),
        Err(_) if is_host_name(name) => Ok(ClientId::Domain(name.to_owned())),
        Err(_) => Err(MailError::HeloName),
    }
}

fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}
