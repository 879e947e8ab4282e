//! What every request goes through before a handler and after it.

pub(crate) mod answers;
pub(crate) mod client_address;
pub(crate) mod connections;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod development;
pub(crate) mod edge;
pub(crate) mod etag;
pub(crate) mod extract;
pub(crate) mod file;
pub(crate) mod headers;
pub(crate) mod idempotency;
pub(crate) mod operations;
pub(crate) mod parameters;
pub(crate) mod problem;
pub(crate) mod problem_codes;
pub(crate) mod proof;
pub(crate) mod rate_limit;
pub(crate) mod request_id;
pub(crate) mod schemas;
pub(crate) mod site;
pub(crate) mod unread;
