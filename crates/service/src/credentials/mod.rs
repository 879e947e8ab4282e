//! Passwords: chosen, changed, forgotten.

pub mod new_password;
pub mod own_password;
pub mod password_resets;
pub(crate) mod person_change;
