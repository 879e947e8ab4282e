use std::fmt;

use serde::Deserialize;

/// How to reach the mail server.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Name or address of the mail server; its certificate must be for this name.
    pub host: String,
    /// Its port: usually 587 for `starttls` (the default), 465 for `tls`, 25 for `none`.
    #[serde(default = "submission_port")]
    pub port: u16,
    /// How the connection is protected.
    #[serde(default)]
    pub encryption: Encryption,
    /// Who signs in there; without it, nobody does. Needs `password`.
    #[serde(default)]
    pub username: Option<String>,
    /// The password of `username`.
    #[serde(default)]
    pub password: Option<String>,
    /// The sender, such as `Portcullis <no-reply@example.com>`.
    pub from: String,
    /// How long sending one mail may take before it counts as failed.
    #[serde(default = "twenty_seconds")]
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

fn submission_port() -> u16 {
    587
}

fn twenty_seconds() -> u32 {
    20
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .field("username", &self.username)
            .field("password", &self.password.as_ref().map(|_| "[redacted]"))
            .field("from", &self.from)
            .field("timeout_seconds", &self.timeout_seconds)
            .finish()
    }
}
