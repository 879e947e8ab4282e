//! The operations of Portcullis: one function per verb, called by REST, command line, jobs and whatever comes later.
//!
//! An operation starts with `app.change(caller, NEED)` or `app.view(caller, NEED)` and, when it writes, ends with
//! `commit(entry, touches)`: need in, event out, one transaction between.

pub mod accounts;
pub mod activity;
pub mod bulk;
pub mod check;
pub mod core;
pub mod credentials;
pub mod delivery;
pub mod demo;
pub mod export_file;
pub mod installation;
pub mod invitations;
pub mod jobs;
pub mod link_requests;
pub mod me;
pub mod outbox;
pub mod roles;
pub mod sign_in;
pub mod statistics;
pub mod systems;
pub mod users;

/// Every kind of work that a job may be. A capability that has a new one adds it here.
pub const JOB_KINDS: [jobs::Kind; 1] = [bulk::job::KIND];
