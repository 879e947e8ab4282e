//! The id of the request that is being answered: in the log, in every answer, in every event.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use service::core::random::Random;
use tracing::Span;

tokio::task_local! {
    static CURRENT: Current;
}

/// What a problem says of the request that it answers.
struct Current {
    id: String,
    path_prefix: String,
}

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request that is being answered; empty outside of one.
pub fn current() -> String {
    CURRENT.try_with(|current| current.id.clone()).unwrap_or_default()
}

/// The path of the public address, below which the client finds the pages about problems.
pub fn path_prefix() -> String {
    CURRENT.try_with(|current| current.path_prefix.clone()).unwrap_or_default()
}

/// Ids of our own: what a client sends is not trusted with a place in the log. They need not be secret, only different on every
/// node and after every start: a number by chance for this start, and a count.
pub struct RequestIds {
    start: u64,
    next: AtomicU64,
}

impl RequestIds {
    /// The ids of a node that starts now.
    pub fn new(random: &dyn Random) -> Self {
        let (start, _) = random.uuid().as_u64_pair();
        Self { start, next: AtomicU64::new(0) }
    }

    /// The next one.
    pub fn next(&self) -> String {
        format!("req_{:016x}{:08x}", self.start, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// What the lines of the log say about the request that they belong to.
pub fn span(id: &str, request: &Request) -> Span {
    tracing::info_span!("request", %id, method = %request.method(), path = %loggable(request.uri().path()))
}

/// Answers with this as the current id.
pub fn scope<T>(id: &str, path_prefix: &str, answer: impl Future<Output = T>) -> impl Future<Output = T> {
    let current = Current { id: id.to_owned(), path_prefix: path_prefix.to_owned() };
    CURRENT.scope(current, answer)
}

/// Tells the caller.
pub fn tell(headers: &mut HeaderMap, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HEADER, value);
    }
}

/// A path without what may be a secret: tokens of links stand in paths (D7).
fn loggable(path: &str) -> String {
    let is_secret = |part: &str| part.contains('%') || (part.starts_with("pc") && part.contains('_'));
    path.split('/').map(|part| if is_secret(part) { "…" } else { part }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d7_tokens_in_paths_are_not_logged_however_they_are_written() {
        assert_eq!(loggable("/api/v1/activations/pcl_abc"), "/api/v1/activations/…");
        assert_eq!(loggable("/activate/%70cl_abc"), "/activate/…");
        assert_eq!(loggable("/api/v1/accounts/acme/users/usr_1"), "/api/v1/accounts/acme/users/usr_1");
    }
}
