//! By what a request wants to prove who sends it.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::http::cookies;

/// The text by which a request wants to prove who sends it, whatever is in it.
pub fn proof_text(headers: &HeaderMap) -> Option<&str> {
    match headers.get(header::AUTHORIZATION) {
        Some(authorization) => bearer(authorization),
        None => cookies::session_text(headers),
    }
}

pub fn bearer(authorization: &HeaderValue) -> Option<&str> {
    authorization.to_str().ok()?.strip_prefix("Bearer ")
}
