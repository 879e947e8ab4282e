//! HTTP: routes, views, the one form of errors, cookies, limits and headers. No rule and no statement lives here.

mod http;
mod openapi;
mod pages;
mod rest;
mod router;

pub use http::client_address::{NoRange, ProxyRange};
pub use http::connections::ConnectionLimits;
pub use http::problem::{Problem, ProblemPart};
pub use http::problem_codes::CODES;
pub use http::rate_limit::RateLimiter;
pub use http::site::{Site, StreamLimits, WebSettings};
pub use rest::description;
pub use router::{mount, serve};

/// How long a request may take; a job or a second page is the way for what takes longer.
pub const REQUEST_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

/// The largest request body: 10,000 addresses with names fit several times.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// The same where no one has to prove who they are: so that strangers fill no memory.
pub const MAX_PUBLIC_BODY_BYTES: usize = 64 * 1024;
