//! Why a step of the conversation went wrong.

use std::io;

/// What a server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    /// All lines as one.
    pub(crate) text: String,
}

/// Why a step went wrong.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server said no.
    Refused(Answer),
    /// There is no connection, or no more, or what comes over it is no SMTP.
    Broken(String),
    /// The server cannot do what we need.
    Unable(&'static str),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Broken(format!("The connection was lost: {error}"))
    }
}
