//! What changes or records something with a session cookie must come from our own pages (X5): the browser says so by itself.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use service::sign_in::entering::CROSS_SITE;

use crate::http::problem::Problem;
use crate::http::site::Site;

/// Refuses a request that a foreign page made a browser send, where it changes something or leaves an entry in the activity log
/// (403): every unsafe one, and those that only read where the description says that they are recorded.
pub fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let by_key = request.headers().contains_key(header::AUTHORIZATION);
    if (safe && !site.operations.is_recorded(request)) || by_key || is_own(site, request.headers()) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "cross_site", CROSS_SITE))
}

/// Whether a request comes from our own pages, an address that somebody typed, or a program: `Sec-Fetch-Site` where the browser
/// sends it, else `Origin`; a program sends neither.
pub fn is_own(site: &Site, headers: &HeaderMap) -> bool {
    let public_url = &site.app.settings.public_url;
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => public_url == origin || public_url.starts_with(&format!("{origin}/")),
        (None, None) => true,
    }
}
