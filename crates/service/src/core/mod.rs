//! What every operation stands on: the one door to the database, who calls, what a failure is.

pub mod app;
pub mod caller;
pub mod change;
pub mod cursor;
pub mod entry;
pub(crate) mod every_account;
pub mod feed;
pub(crate) mod heavy_turns;
pub mod idempotency;
pub(crate) mod job_credentials;
pub(crate) mod key_check;
pub mod live_session;
pub(crate) mod log_entry;
pub mod membership;
pub mod passwords;
pub mod principal;
pub mod principals;
pub mod roles;
pub mod secrets;
pub mod subject;
pub(crate) mod tally;
pub mod totals;
pub(crate) mod turns;
pub mod view;
pub mod visibility;
pub mod world;
