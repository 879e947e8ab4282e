use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use mail_send::Credentials;

use crate::connection::Connection;
use crate::conversation::{FINAL_DOT, Failed, Listener, announce, hand_over, line};
use crate::error::{MailError, SendError};
use crate::sender::sender;
use crate::tls::Tls;
use crate::{Encryption, Rendered, SmtpConfig, Step};

const MOST_IDLE: usize = 4;
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// What sending may take beyond the time of its steps.
const SPARE: Duration = Duration::from_secs(15);

/// Sends mail through one server and keeps a few connections open.
///
/// lettre writes the mails, and mail-send speaks with the server. A connection is kept only after the server accepted its mail, and
/// whatever the server does, sending ends within [`Smtp::longest`].
pub struct Smtp {
    host: String,
    port: u16,
    tls: Option<Tls>,
    encryption: Encryption,
    credentials: Option<Credentials<String>>,
    from: Mailbox,
    per_minute: Option<NonZeroU32>,
    timeout: Duration,
    hello_name: String,
    idle: Mutex<Vec<Connection>>,
}

impl Smtp {
    /// Checks the settings; connects only when the first mail is sent.
    pub fn new(config: &SmtpConfig) -> Result<Self, MailError> {
        check_server(config)?;
        let credentials = credentials(config)?;
        if credentials.is_some() && config.encryption == Encryption::None {
            tracing::warn!(host = config.host, "The password of the mail server is sent without encryption.");
        }
        let tls = match config.encryption {
            Encryption::None => None,
            Encryption::Starttls | Encryption::Tls => Some(Tls::new(config)?),
        };
        Ok(Self {
            host: config.host.clone(),
            port: config.port,
            tls,
            encryption: config.encryption,
            credentials,
            from: sender(&config.from)?,
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
    /// attempt, so that a mail sent twice can be recognized.
    pub async fn send(&self, to: &str, message_id: &str, rendered: &Rendered) -> Result<(), SendError> {
        let sending = async {
            let mail = self.compose(to, message_id, rendered)?;
            let connection = self.deliver(&mail, true, &mut |_, _| {}).await?;
            self.keep(connection);
            Ok(())
        };
        // Each step has its time. This holds whatever a step may do, now or in a later version: a mail belongs to who sends it for
        // no longer than its lease.
        let sent = tokio::time::timeout(self.longest(), sending).await.unwrap_or_else(|_| {
            let reason = format!("Not finished within {} seconds. It may have arrived.", self.longest().as_secs());
            Err(Failed::silent(Step::Content, reason))
        });
        sent.map_err(|failed: Failed| failed.error)
    }

    /// How long [`Smtp::send`] takes at most, whatever the server does.
    pub fn longest(&self) -> Duration {
        self.timeout + FINAL_DOT + SPARE
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
        self.deliver(&mail, false, tell).await?.leave();
        Ok(())
    }

    /// Gives the connection over which the mail was taken.
    async fn deliver(&self, mail: &Message, may_be_open: bool, tell: Listener<'_>) -> Result<Connection, Failed> {
        let content = mail.formatted();
        let mut at = Step::Connect;
        let steps = async {
            let kept = if may_be_open { self.take_living().await } else { None };
            let mut connection = match kept {
                Some(connection) => connection,
                None => self.connect(&mut at, tell).await?,
            };
            let announced = announce(&mut connection, mail.envelope(), &content, &mut at, tell).await;
            or_leave(connection, announced)
        };
        let in_time = tokio::time::timeout(self.timeout, steps).await;
        let mut connection = in_time.unwrap_or_else(|_| {
            Err(Failed::silent(at, format!("No answer within {} seconds.", self.timeout.as_secs())))
        })?;
        let taken = hand_over(&mut connection, &content, tell).await;
        or_leave(connection, taken)
    }

    fn compose(&self, to: &str, message_id: &str, rendered: &Rendered) -> Result<Message, Failed> {
        let permanent = |reason: &str| Failed::permanent(Step::Recipient, reason);
        let to: Address = to.parse().map_err(|_| permanent("The recipient isn't an email address."))?;
        if !is_message_id(message_id) {
            return Err(permanent("The message id doesn't have the form <id@host>."));
        }
        // lettre ends lines with CRLF and leaves a lone CR, which some servers take for such an end, too.
        let lines = |text: &str| text.replace('\r', "");
        let parts = MultiPart::alternative_plain_html(lines(&rendered.text), lines(&rendered.html));
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

    /// A connection that was kept and still works.
    async fn take_living(&self) -> Option<Connection> {
        while let Some(mut connection) = self.take_idle() {
            let alive = tokio::time::timeout(SIGN_OF_LIFE, connection.command("NOOP")).await;
            if matches!(alive, Ok(Ok(_))) {
                return Some(connection);
            }
        }
        None
    }

    /// A new connection, ready for mails. `at` follows which step is under way.
    async fn connect(&self, at: &mut Step, tell: Listener<'_>) -> Result<Connection, Failed> {
        *at = Step::Connect;
        let at_once = self.tls.as_ref().filter(|_| self.encryption == Encryption::Tls);
        let later = self.tls.as_ref().filter(|_| self.encryption == Encryption::Starttls);
        let opened = Connection::open((self.host.as_str(), self.port), &self.hello_name, at_once).await;
        let mut connection = opened.map_err(|trouble| Failed::at(Step::Connect, trouble))?;
        tell(Step::Connect, &line(connection.name()));
        if let Some(tls) = later {
            *at = Step::Encrypt;
            let encrypted = connection.encrypted(tls, &self.hello_name).await;
            connection = encrypted.map_err(|trouble| Failed::at(Step::Encrypt, trouble))?;
            tell(Step::Encrypt, "");
        }
        if let Some(credentials) = &self.credentials {
            *at = Step::SignIn;
            let signed_in = connection.sign_in(credentials).await.map_err(|trouble| Failed::at(Step::SignIn, trouble));
            connection = or_leave(connection, signed_in)?;
            tell(Step::SignIn, "");
        }
        Ok(connection)
    }

    fn take_idle(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
    }
}

/// Returns the connection if the step succeeded; otherwise leaves it.
fn or_leave(connection: Connection, step: Result<(), Failed>) -> Result<Connection, Failed> {
    match step {
        Ok(()) => Ok(connection),
        Err(failed) => {
            connection.leave();
            Err(failed)
        }
    }
}

fn check_server(config: &SmtpConfig) -> Result<(), MailError> {
    let is_address = config.host.parse::<IpAddr>().is_ok();
    // Names in a closed network may have an underscore.
    let name = config.host.strip_suffix('.').unwrap_or(&config.host).replace('_', "-");
    if !is_address && !is_host_name(&name) {
        return Err(MailError::Host);
    }
    if config.port == 0 { Err(MailError::Port) } else { Ok(()) }
}

fn credentials(config: &SmtpConfig) -> Result<Option<Credentials<String>>, MailError> {
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

/// As it stands in EHLO (RFC 5321 4.1.3).
fn hello_name(name: Option<&str>) -> Result<String, MailError> {
    let Some(name) = name else {
        let own = hostname::get().ok().and_then(|name| name.into_string().ok());
        return Ok(own.filter(|name| is_host_name(name)).unwrap_or_else(|| "[127.0.0.1]".to_owned()));
    };
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Ok(format!("[{address}]")),
        Ok(IpAddr::V6(address)) => Ok(format!("[IPv6:{address}]")),
        Err(_) if is_host_name(name) => Ok(name.to_owned()),
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
