//! The console: a single-page application, built into the binary.
//!
//! Its files carry a hash in their name, so they are kept by browsers for good; the page itself is asked for every time. Where
//! the console was not built (`console/dist` holds nothing), a plain page says so.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::http::etag::{etag, is_known};
use crate::http::problem::Problem;
use crate::http::site::Site;

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
struct Built;

/// A year: browsers take nothing longer.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// What is answered by programs only: an unknown address there is a problem, not a page.
const FOR_PROGRAMS: &[&str] = &["/api", "/scim", "/saml", "/oauth2", "/.well-known", "/dev", "/assets", "/metrics"];

/// A file of the console.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("assets/{name}");
    match Built::get(&path) {
        Some(file) => file_response(&path, file, &headers, FOR_GOOD),
        None => unknown(&format!("/{path}")),
    }
}

/// The icon of the window.
pub async fn icon(headers: HeaderMap) -> Response {
    Built::get("icon.svg").map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |file| file_response("icon.svg", file, &headers, "public, max-age=86400"),
    )
}

/// Whatever no route knows: the console, which has addresses of its own, or a problem.
pub async fn fallback(State(site): State<Site>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let is_page = matches!(method, Method::GET | Method::HEAD)
        && (uri.path() == "/" || takes_page(&headers, uri.path()))
        && !is_for_programs(uri.path());
    if !is_page {
        return unknown(uri.path());
    }
    // The addresses that mailed links open hold a secret.
    ([(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"))], page(&site, &headers)).into_response()
}

/// Whether a path belongs to the API, also if its case, encoding or leading slashes differ: a program that misspells an address should
/// get a problem, not a page.
fn is_for_programs(path: &str) -> bool {
    let path = path.to_ascii_lowercase().replace("%2f", "/");
    let path = format!("/{}", path.trim_start_matches('/'));
    FOR_PROGRAMS.iter().any(|prefix| is_below(&path, prefix))
}

/// Whether the client accepts a page. One that accepts anything does, except for the name of a file: a missing picture is not a page.
fn takes_page(headers: &HeaderMap, path: &str) -> bool {
    let takes = |kind| accepts(headers, header::ACCEPT, kind);
    let takes_anything = !headers.contains_key(header::ACCEPT) || takes("*/*") || takes("text/*");
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    takes("text/html") || (takes_anything && !is_file)
}

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn page(site: &Site, headers: &HeaderMap) -> Response {
    let Some(file) = Built::get("index.html") else { return not_built(site) };
    let hash = hash_of(&file);
    if is_known(headers, &hash) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    // Relative addresses would be resolved against the address of the page, which may be any depth below the prefix.
    let prefix = site.app.settings.path_prefix();
    let text = String::from_utf8_lossy(&file.data).replace("\"./", &format!("\"{prefix}/"));
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")), (header::ETAG, etag(&hash))], Html(text))
        .into_response()
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    mailbox: bool,
}

fn not_built(site: &Site) -> Response {
    super::page::show(&Home { mailbox: site.settings.is_development })
}

fn file_response(path: &str, file: EmbeddedFile, headers: &HeaderMap, kept: &'static str) -> Response {
    let hash = hash_of(&file);
    if is_known(headers, &hash) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let kind = HeaderValue::from_str(file.metadata.mimetype())
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let always = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
        (header::ETAG, etag(&hash)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    // Compressed once, when the console was built, and better than there is time for in a request.
    let small = Built::get(&format!("{path}.br")).filter(|_| accepts(headers, header::ACCEPT_ENCODING, "br"));
    match small {
        Some(small) => (always, [(header::CONTENT_ENCODING, "br")], small.data).into_response(),
        None => (always, file.data).into_response(),
    }
}

fn hash_of(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

fn accepts(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(word));
        is_it && !parts.any(is_refusal)
    })
}

/// `q=0`: anything but this.
fn is_refusal(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|weight| weight.trim().parse() == Ok(0.0_f32))
}

fn unknown(path: &str) -> Response {
    let detail = format!("There is nothing at {path}. The reference at /api/docs lists all operations.");
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail).into_response()
}
