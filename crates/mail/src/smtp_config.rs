use std::fmt;
use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::Deserialize;

/// How to reach the mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Name or address of the mail server; its certificate must be for this name.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// Certificates of authorities in PEM, believed in addition to those of the system.
    pub ca_file: Option<PathBuf>,
    /// The user name for the server; without it there is no sign-in. Needs `password`.
    pub username: Option<String>,
    /// The password of `username`.
    pub password: Option<String>,
    /// The sender, such as `Portcullis <no-reply@example.com>`.
    pub from: String,
    /// How this machine introduces itself (EHLO): a host name or an IP address; its own name when absent.
    pub helo_name: Option<String>,
    /// The most mails within a minute; as many as there are when absent.
    pub per_minute: Option<NonZeroU32>,
    /// How long everything up to the content of a mail may take before it counts as failed.
    pub timeout_seconds: u32,
}

/// How the connection to the mail server is protected. There is no "if possible": it is, or the mail is not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// Not at all; for a relay on the same machine or in a closed network.
    None,
    /// Begins in the clear and must become TLS before anything is said.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .field("ca_file", &self.ca_file)
            .field("username", &self.username)
            .field("password", &self.password.as_ref().map(|_| "[redacted]"))
            .field("from", &self.from)
            .field("helo_name", &self.helo_name)
            .field("per_minute", &self.per_minute)
            .field("timeout_seconds", &self.timeout_seconds)
            .finish()
    }
}
