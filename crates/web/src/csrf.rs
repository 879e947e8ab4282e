//! Unsafe requests with a session cookie must come from our own pages (X5): the browser says so by itself.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};

use crate::problem::Problem;
use crate::site::Site;

/// Refuses an unsafe request that a foreign page made a browser send (403).
pub fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let by_key = request.headers().contains_key(header::AUTHORIZATION);
    if safe || by_key || is_own(request.headers(), &site.app.settings.public_url) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "this request was made by another site; open the page here and try again",
    ))
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin`; a program sends neither.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => public_url == origin || public_url.starts_with(&format!("{origin}/")),
        (None, None) => true,
    }
}
