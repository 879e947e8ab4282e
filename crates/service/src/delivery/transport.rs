//! Where mails go, and what this process remembers of it.

use std::num::NonZeroU32;

use mail::{SendError, Smtp};

use crate::delivery::lanes::MailLanes;
use crate::delivery::pace::MailPace;

/// Where mails go.
pub(crate) enum Destination {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Nowhere: people read them on the mailbox page of the development mode.
    Mailbox,
}

/// The way on which mails leave. One for all lanes of a process, as it remembers what they share.
pub struct Transport {
    pub(crate) destination: Destination,
    pub(crate) lanes: MailLanes,
    pub(crate) pace: MailPace,
}

impl Transport {
    /// To a mail server.
    pub fn smtp(smtp: Smtp) -> Self {
        Self::to(Destination::Smtp(Box::new(smtp)))
    }

    /// Nowhere: people read them on the mailbox page of the development mode.
    pub fn mailbox() -> Self {
        Self::to(Destination::Mailbox)
    }

    fn to(destination: Destination) -> Self {
        Self { destination, lanes: MailLanes::default(), pace: MailPace::default() }
    }

    /// Whether mails leave here only for the mailbox page.
    pub fn is_mailbox(&self) -> bool {
        matches!(self.destination, Destination::Mailbox)
    }

    pub(crate) fn per_minute(&self) -> Option<NonZeroU32> {
        match &self.destination {
            Destination::Smtp(smtp) => smtp.per_minute(),
            Destination::Mailbox => None,
        }
    }

    /// Notes what came of a mail of this queue. Whether the server is away although it answered at first: it broke off at the mails
    /// of several queues in a row.
    pub(crate) fn note_answer(&self, queue: &str, sent: &Result<(), SendError>) -> bool {
        match sent {
            Err(SendError::BrokenOff(_)) => return self.lanes.broke_off(queue),
            Ok(()) | Err(SendError::Permanent(_) | SendError::Transient(_) | SendError::Refused(_)) => {
                self.lanes.answered();
            }
            Err(SendError::SenderRefused(_) | SendError::Unreachable(_)) => {}
        }
        false
    }
}
