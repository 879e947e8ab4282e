//! Mails on their way: limits, delivery, what became of them.

pub mod history;
pub(crate) mod limits;
