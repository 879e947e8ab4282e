//! What can go wrong: with the settings, with a text, with one mail.

use std::path::PathBuf;

use tokio_rustls::rustls;

/// Why the mail settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The mail server has no usable name.
    #[error(
        "`host` must be the name or the IP address of the mail server alone, such as `mail.example.com`; its port is `port`"
    )]
    Host,
    /// Nothing listens there.
    #[error("`port` must be between 1 and 65535, such as 587")]
    Port,
    /// The sender is no mailbox.
    #[error("`from` must be an address such as `Portcullis <no-reply@example.com>`")]
    From,
    /// Few servers take mail from such a sender, and few people could answer.
    #[error("`from` must have no letters beyond ASCII before its @, such as `no-reply@example.com`")]
    FromBeyondAscii,
    /// Only one half of the credentials is there.
    #[error("`username` and `password` must be given together")]
    HalfCredentials,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(rustls::Error),
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
    /// The server took the sender and then fell silent, hung up or closed down at this mail, which may have arrived. It may take
    /// others.
    #[error("the mail server broke off at this mail: {0}")]
    BrokenOff(String),
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

/// Why a message could not become a mail.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The link is no web address; it is not repeated here, as it may be a secret.
    #[error("the link of this mail is not a complete http or https address")]
    Link,
    /// A layout failed.
    #[error("the mail could not be laid out")]
    Layout(#[from] askama::Error),
}
