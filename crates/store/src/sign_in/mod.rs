//! Identities, their sessions, and what was tried with them.

pub mod failed_sign_ins;
pub mod identities;
pub mod session_accounts;
pub mod sessions;
