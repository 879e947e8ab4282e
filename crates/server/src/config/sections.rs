//! What can be configured: one struct per section. A field here has a line in `portcullis.example.toml`, which a test checks.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use mail::SmtpConfig;
use serde::Deserialize;
use web::{ConnectionLimits, ProxyRange};

/// The example of a configuration, with every setting and its default.
pub const EXAMPLE: &str = include_str!("../../portcullis.example.toml");

/// Everything, as it was written; checked by [`super::check`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sections {
    /// How people and programs reach the server.
    pub server: Server,
    /// Where everything is kept.
    pub database: Database,
    /// How mail leaves.
    pub mail: Mail,
    /// The installation's secret.
    pub security: Security,
    /// Permissions and predefined roles.
    pub catalog: Catalog,
    /// What the server tells about itself.
    pub log: Log,
    /// What one caller may take.
    pub limits: Limits,
}

/// `[server]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that people type.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ProxyRange>,
}

impl Default for Server {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), public_url: None, trusted_proxies: Vec::new() }
    }
}

/// `[database]`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// Address of PostgreSQL.
    pub url: Option<String>,
    /// A file that holds the address.
    pub url_file: Option<PathBuf>,
    /// The SQLite file.
    pub path: Option<PathBuf>,
    /// Most connections.
    pub connections: Option<NonZeroU32>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("path", &self.path).finish_non_exhaustive()
    }
}

/// `[mail]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The mail server.
    pub smtp: Option<Smtp>,
    /// Most mails to one address within an hour, those of each account apart; more wait.
    pub per_recipient_hour: Option<u32>,
    /// Most mails to one address within an hour by all users of one account; more are refused.
    pub per_account_recipient_hour: Option<u32>,
    /// Most mails caused by one user within a day.
    pub per_sender_day: Option<u32>,
    /// Most mails caused by all users of one account within a day.
    pub per_account_day: Option<u32>,
    /// Where answers go: `none`, `inviter`, or an address.
    pub reply_to: Option<String>,
}

/// `[mail.smtp]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Name or address of the mail server.
    pub host: String,
    /// The server's port.
    pub port: Option<u16>,
    /// `starttls`, `tls` or `none`.
    #[serde(default)]
    pub encryption: mail::Encryption,
    /// Who signs in there.
    pub username: Option<String>,
    /// With this password.
    pub password: Option<Secret>,
    /// Or the one in this file.
    pub password_file: Option<PathBuf>,
    /// Certificates of authorities in PEM, believed in addition to those of the system.
    pub ca_file: Option<PathBuf>,
    /// The sender.
    pub from: String,
    /// How this machine introduces itself.
    pub helo_name: Option<String>,
    /// Most mails within a minute.
    pub per_minute: Option<NonZeroU32>,
    /// How long everything up to the content of a mail may take.
    pub timeout_seconds: Option<u32>,
}

impl Smtp {
    /// As the mail crate takes it.
    pub(super) fn complete(self, password: Option<String>) -> SmtpConfig {
        const TIMEOUT_SECONDS: u32 = 20;
        let port = self.port.unwrap_or(match self.encryption {
            mail::Encryption::None => 25,
            mail::Encryption::Starttls => 587,
            mail::Encryption::Tls => 465,
        });
        SmtpConfig {
            host: self.host,
            port,
            encryption: self.encryption,
            ca_file: self.ca_file,
            username: self.username,
            password,
            from: self.from,
            helo_name: self.helo_name,
            per_minute: self.per_minute,
            timeout_seconds: self.timeout_seconds.unwrap_or(TIMEOUT_SECONDS),
        }
    }
}

/// `[security]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// 32 random bytes, base64 or hexadecimal.
    pub secret_key: Option<Secret>,
    /// A file that holds them.
    pub secret_key_file: Option<PathBuf>,
}

/// `[catalog]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Catalog {
    /// A catalog of one's own.
    pub path: Option<PathBuf>,
}

/// `[log]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// Which lines appear.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Auto, filter: "info".to_owned() }
    }
}

/// How lines of the log look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// Text.
    Text,
    /// One JSON object per line.
    Json,
}

/// `[limits]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests that one caller may make per minute.
    pub requests_per_minute: NonZeroU32,
    /// Connections at once.
    pub connections: Option<NonZeroU32>,
    /// Connections of one source network at once.
    pub connections_per_source: Option<NonZeroU32>,
    /// How long the head of a request may take.
    pub header_timeout_seconds: Option<NonZeroU32>,
    /// How long a connection may be silent after a request.
    pub keep_alive_timeout_seconds: Option<NonZeroU32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: NonZeroU32::new(600).unwrap_or(NonZeroU32::MIN),
            connections: None,
            connections_per_source: None,
            header_timeout_seconds: None,
            keep_alive_timeout_seconds: None,
        }
    }
}

impl Limits {
    /// As the web crate takes them.
    pub(super) fn connections(&self) -> ConnectionLimits {
        let usual = ConnectionLimits::default();
        let number = |set: Option<NonZeroU32>, usual| {
            set.map_or(usual, |number| usize::try_from(number.get()).unwrap_or(usize::MAX))
        };
        let seconds =
            |set: Option<NonZeroU32>, usual| set.map_or(usual, |seconds| Duration::from_secs(seconds.get().into()));
        ConnectionLimits {
            most: number(self.connections, usual.most),
            per_source: number(self.connections_per_source, usual.per_source),
            head: seconds(self.header_timeout_seconds, usual.head),
            idle: seconds(self.keep_alive_timeout_seconds, usual.idle),
        }
    }
}

/// A text that is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}
