//! Mails on their way: how many, and what became of them.

pub mod delivery_trouble;
pub mod limits;
