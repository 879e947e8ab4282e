//! By what a request wants to prove who sends it.

use axum::http::{HeaderMap, HeaderValue, header};

use service::core::caller::Proof;
use service::core::secrets::{API_KEY_PREFIX, Token};

use crate::http::cookies;

/// What a request proves itself by, where it has the form of that.
pub fn proof(headers: &HeaderMap) -> Option<Proof> {
    match headers.get(header::AUTHORIZATION) {
        Some(authorization) => api_key(authorization).map(Proof::ApiKey),
        None => cookies::session(headers).map(Proof::Session),
    }
}

/// The API key in an `Authorization` header, where it has the form of one.
fn api_key(authorization: &HeaderValue) -> Option<Token> {
    Token::read(API_KEY_PREFIX, bearer(authorization)?)
}

/// The text by which a request wants to prove who sends it, whatever is in it.
pub fn proof_text(headers: &HeaderMap) -> Option<&str> {
    match headers.get(header::AUTHORIZATION) {
        Some(authorization) => bearer(authorization),
        None => cookies::session_text(headers),
    }
}

fn bearer(authorization: &HeaderValue) -> Option<&str> {
    authorization.to_str().ok()?.strip_prefix("Bearer ")
}
