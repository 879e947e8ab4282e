//! Identities and their sessions.

pub mod identity;
pub mod session;
