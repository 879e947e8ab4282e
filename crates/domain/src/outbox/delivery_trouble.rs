//! Why a mail did not leave.

use crate::words;

/// Why a mail did not leave, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryTrouble {
    /// No one answers. It waits, as every mail does, until the operator has mended it.
    ServerUnreachable,
    /// The mail server does not take mail from this installation, or not this one.
    SenderRefused,
    /// The mail server takes this one later.
    Deferred,
    /// The mail server has no such recipient.
    RecipientRefused,
    /// Its link ended before it could leave.
    LinkEnded,
    /// What it says cannot be written as a mail.
    CannotBeComposed,
}

words!(DeliveryTrouble {
    ServerUnreachable = "server_unreachable",
    SenderRefused = "sender_refused",
    Deferred = "deferred",
    RecipientRefused = "recipient_refused",
    LinkEnded = "link_ended",
    CannotBeComposed = "cannot_be_composed",
});
