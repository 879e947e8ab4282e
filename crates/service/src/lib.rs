//! The operations of Portcullis: one function per verb, called by REST, command line, jobs and whatever comes later.
//!
//! An operation starts with `app.change(caller, NEED)` or `app.view(caller, NEED)` and, when it writes, ends with
//! `commit(entry)`: need in, event out, one transaction between.

pub mod access;
pub mod account_creation;
pub mod account_effects;
pub mod accounts;
mod activation_mails;
pub mod activations;
pub mod admins;
pub mod app;
pub mod authentication;
pub mod bulk;
pub mod caller;
pub mod change;
pub mod check;
pub mod cursor;
pub mod demo;
pub mod entry;
pub mod events;
pub mod failure;
pub mod feed;
pub mod housekeeping;
pub mod idempotency;
pub mod impact;
pub mod invitations;
pub mod jobs;
pub mod links;
pub mod mail_delivery;
mod mail_room;
pub mod mailbox;
pub mod me;
pub mod new_password;
pub mod own_password;
pub mod password_resets;
pub mod passwords;
pub mod pending_invitations;
pub mod permissions;
pub mod principals;
pub mod recovery;
pub mod restoration;
pub mod roles;
pub mod secrets;
pub mod setup;
pub mod sign_in;
pub mod subjects;
pub mod systems;
pub mod targets;
pub mod throttle;
pub mod totals;
pub mod user_list;
pub mod user_sessions;
pub mod user_status;
pub mod users;
pub mod verification;
pub mod world;
