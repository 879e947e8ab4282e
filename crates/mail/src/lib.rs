//! The mails Portcullis sends: what they say ([`Message`]), how they look ([`render`]) and how they leave ([`Smtp`]).
//!
//! This crate knows nothing of the database or of our rules. Names and addresses in a [`Message`] may have been chosen
//! by an attacker; [`render`] makes them harmless. Links must come from the configured base address.

mod certificates;
mod connection;
mod conversation;
mod defuse;
mod device;
mod error;
mod letter;
pub mod mails;
mod refusal;
mod render;
mod sender;
#[cfg(feature = "sink")]
pub mod sink;
mod smtp;
mod smtp_config;
mod tls;
mod trouble;
mod wire;
mod words;

pub use conversation::{FINAL_DOT, Failed};
pub use error::{MailError, RenderError, SendError};
pub use mails::{Message, ReplyTo};
pub use refusal::Step;
pub use render::{Rendered, render};
pub use smtp::Smtp;
pub use smtp_config::{Encryption, SmtpConfig};
pub use words::Locale;
