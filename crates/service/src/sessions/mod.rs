//! From a token to somebody who is signed in, and how long that lasts.

pub mod authentication;
pub mod entering;
pub(crate) mod expiry;
