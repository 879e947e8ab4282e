//! What proves who someone is: passwords and mailed links.

pub(crate) mod breached_passwords;
pub mod link;
pub mod password;
