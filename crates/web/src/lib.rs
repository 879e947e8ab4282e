//! HTTP: routes, views, the one form of errors, cookies, limits and headers. No rule and no statement lives here.

mod client_address;
mod connections;
mod cookies;
mod csrf;
mod development;
mod edge;
mod etag;
mod extract;
mod headers;
mod idempotency;
mod openapi;
mod pages;
mod problem;
mod problem_codes;
mod rate_limit;
mod request_id;
mod rest;
mod router;
mod site;
mod strict_query;
mod unread;

pub use client_address::{NoRange, ProxyRange};
pub use connections::ConnectionLimits;
pub use openapi::description;
pub use problem::{Problem, ProblemPart};
pub use problem_codes::CODES;
pub use rate_limit::RateLimiter;
pub use router::{mount, serve};
pub use site::{Site, StreamLimits, WebSettings};

/// How long a request may take; a job or a second page is the way for what takes longer.
pub const REQUEST_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

/// The largest request body: 10,000 addresses with names fit several times.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
