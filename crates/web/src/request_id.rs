//! The id of the request that is being answered: in the log, in every answer, in every event.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::site::Site;

tokio::task_local! {
    static CURRENT: String;
}

/// The header that carries it.
pub const HEADER: &str = "x-request-id";

/// The id of the request that is being answered; empty outside of one.
pub fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Gives every request an id of our own; what a client sends is not trusted with a place in the log.
pub async fn layer(State(site): State<Site>, request: Request, next: Next) -> Response {
    let id = format!("req_{}", site.app.world.new_uuid().simple());
    let span =
        tracing::info_span!("request", id = %id, method = %request.method(), path = %loggable(request.uri().path()));
    let mut response = CURRENT.scope(id.clone(), next.run(request).instrument(span)).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
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
