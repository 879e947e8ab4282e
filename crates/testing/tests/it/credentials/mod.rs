//! Passwords.

mod password_resets;
