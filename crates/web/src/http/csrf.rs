//! What changes or records something with a session cookie must come from our own pages (X5): the browser says so by itself.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use domain::core::refusal::params;
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
    Err(cross_site(site, request.headers()))
}

/// Browsers that see that we are not served over https say only where their page was opened. That may as well be ours at another
/// address, as of someone who came past the proxy: then it is not the person who can mend it.
fn cross_site(site: &Site, headers: &HeaderMap) -> Problem {
    let public_url = &site.app.settings.public_url;
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let Some(origin) = origin.filter(|origin| origin.contains("://") && !headers.contains_key("sec-fetch-site")) else {
        return Problem::new(StatusCode::FORBIDDEN, "cross_site", CROSS_SITE);
    };
    site.other_origin.call_once(|| {
        tracing::warn!(
            %origin,
            %public_url,
            "A page at {origin} sent a request that is accepted only from {public_url}. If people open this server at that address, \
             redirect them to the other one, or set server.public_url to it. This is logged once."
        );
    });
    let detail = format!("Changes are accepted only from pages at {public_url}. Open that address and try again.");
    let mut problem = Problem::new(StatusCode::FORBIDDEN, "cross_site", detail);
    problem.params = params([("reason", "address".into()), ("address", public_url.as_str().into())]);
    problem
}

/// Whether a request comes from our own pages, an address that someone typed, or a program: `Sec-Fetch-Site` where the browser
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
