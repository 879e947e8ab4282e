//! Mails on their way: limits, delivery, what became of them.

pub mod claims;
pub mod delivery;
pub mod history;
pub mod lanes;
pub(crate) mod limits;
pub mod mailbox;
pub mod pace;
