use std::future::pending;
use std::io;
use std::time::Duration;

use super::session::{Session, take_time};

/// What a mail server does instead of an answer.
#[derive(Debug, Clone)]
pub enum Misbehaviour {
    /// Keeps the connection and says nothing.
    Silence,
    /// Closes the connection.
    HangUp,
    /// Says this, in bytes of any kind.
    Says(Vec<u8>),
    /// Begins an answer of many lines that never ends.
    Endless,
    /// Writes this again and again, as fast as it can.
    Flood(Vec<u8>),
}

impl Misbehaviour {
    pub(super) async fn act_out(self, session: &mut Session) -> io::Result<()> {
        match self {
            Self::Silence => pending().await,
            Self::HangUp => Err(io::ErrorKind::ConnectionAborted.into()),
            Self::Says(reply) => session.reply(&reply).await,
            Self::Endless => loop {
                session.reply(b"250-and").await?;
                take_time(Duration::from_millis(20)).await;
            },
            Self::Flood(words) => loop {
                session.write(&words).await?;
            },
        }
    }
}
