//! What can go wrong: with the settings, with a text, with one mail.

use std::path::PathBuf;

use tokio_rustls::rustls;

/// Why the mail settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The mail server has no usable name.
    #[error(
        "`host` must be only the name or IP address of the mail server, such as `mail.example.com`. Set its port with \
         `port`."
    )]
    Host,
    /// Nothing listens there.
    #[error("`port` must be between 1 and 65535, such as 587.")]
    Port,
    /// The sender is no mailbox.
    #[error("`from` must be an address such as `Portcullis <no-reply@example.com>`.")]
    From,
    /// Few servers take mail from such a sender, and few people could answer.
    #[error("`from` must have only ASCII characters before the @, such as `no-reply@example.com`.")]
    FromBeyondAscii,
    /// Only one half of the credentials is there.
    #[error("`username` and `password` must be given together.")]
    HalfCredentials,
    /// TLS cannot be set up.
    #[error("TLS can't be set up: {0}")]
    Tls(rustls::Error),
    /// The file of certificates cannot be used.
    #[error("`ca_file` {} can't be used: {reason}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The name for EHLO is none.
    #[error("`helo_name` must be a host name such as `portcullis.example.com`, or an IP address.")]
    HeloName,
}

/// Why one mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// This mail will never be accepted; sending it again is useless.
    #[error("The email was rejected permanently: {0}")]
    Permanent(String),
    /// The server does not take this mail now, but may later.
    #[error("The email can't be sent right now: {0}")]
    Transient(String),
    /// The server does not take mail from us: a wrong password, a sender that is not ours, as much sent as may be. The
    /// operator has to do something, then every mail can go.
    #[error("The mail server accepts no email from this installation: {0}")]
    SenderRefused(String),
    /// The server does not take this mail from us, for what it says or whom it is to: a content filter, relaying denied. It
    /// may take others.
    #[error("The mail server rejected this email: {0}")]
    Refused(String),
    /// The server took the sender and then fell silent, hung up or closed down at this mail, which may have arrived. It may take
    /// others.
    #[error("The mail server closed the connection during this email: {0}")]
    BrokenOff(String),
    /// No mail can be sent at the moment: no connection, no answer.
    #[error("The mail server is unreachable: {0}")]
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
    #[error("The link of this email isn't a complete http or https address.")]
    Link,
    /// A layout failed.
    #[error("The email couldn't be rendered.")]
    Layout(#[from] askama::Error),
}
