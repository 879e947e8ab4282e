//! The rules of Portcullis as pure functions of values: types, permissions, the catalog, what may follow what.
//!
//! No I/O, no async, no clock: `now` is an argument like any other.

pub mod access;
pub mod accounts;
pub mod activity;
pub mod core;
pub mod credentials;
pub mod invitations;
pub mod jobs;
pub mod outbox;
pub mod sign_in;
pub mod systems;
pub mod users;
