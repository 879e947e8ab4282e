//! The operations of Portcullis: one function per verb, called by REST, command line, jobs and whatever comes later.
//!
//! An operation starts with `app.change(caller, NEED)` or `app.view(caller, NEED)` and, when it writes, ends with
//! `commit(entry)`: need in, event out, one transaction between.

pub mod accounts;
pub mod app;
pub mod authentication;
pub mod caller;
pub mod change;
pub mod entry;
pub mod failure;
pub mod me;
pub mod passwords;
pub mod principals;
pub mod roles;
pub mod secrets;
pub mod setup;
pub mod sign_in;
pub mod throttle;
pub mod world;
