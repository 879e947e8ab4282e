//! `Idempotency-Key`: a POST that is sent again is answered again, not done again.
//!
//! The key is noted in the transaction of the change itself, so that a crash between commit and answer cannot do it twice.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::core::hexadecimal::hexadecimal;
use http_body_util::BodyExt;
use service::core::caller::IdempotencyKey;
use service::core::idempotency::{self, RememberedAnswer};
use sha2::{Digest, Sha256};

use crate::http::extract::Whole;
use crate::http::problem::Problem;
use crate::http::proof::proof_text;
use crate::http::site::Site;

const HEADER: &str = "idempotency-key";
const LONGEST_KEY: usize = 255;
/// Marks an answer from memory.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The key of a POST that has one.
pub fn key_of(request: &Request) -> Option<HeaderValue> {
    if request.method() == Method::POST { request.headers().get(HEADER).cloned() } else { None }
}

/// Lets a request with a key be done, and remembers what was answered.
pub async fn answer_once(site: &Site, request: Request, next: Next, key: &HeaderValue) -> Result<Response, Problem> {
    let is_right =
        |key: &&str| (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = key.to_str().ok().filter(is_right).ok_or_else(|| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_header",
            format!("The header Idempotency-Key must have 1 to {LONGEST_KEY} visible ASCII characters."),
        )
    })?;
    let shows_secret = site.operations.shows_secret(&request);
    let (parts, body) = request.into_parts();
    let Whole(bytes) = Whole::from_request(Request::from_parts(parts.clone(), body), site).await?;
    let used = IdempotencyKey {
        caller: caller_of(site, &parts),
        key: key.to_owned(),
        fingerprint: hash(site, "request", &[parts.uri.to_string().as_bytes(), &bytes]),
    };
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(used.clone());
    let response = next.run(request).await;
    if shows_secret { Ok(response) } else { remember(site, &used, response).await }
}

/// Returns the request's key for the change to consume, or the remembered response if the key was used before. Runs only after
/// authentication and the membership check, so a response is never replayed to anyone else (X1).
///
/// Asked when the proof was found to hold, and its holder to be in the account: to others nothing is answered, from memory
/// either (X1). What the operation needs besides they had when it was done, and the answer was theirs.
pub async fn unused(parts: &Parts, site: &Site) -> Result<Option<IdempotencyKey>, Response> {
    let Some(key) = parts.extensions.get::<IdempotencyKey>() else { return Ok(None) };
    match idempotency::remembered(&site.app, key).await {
        Ok(None) => Ok(Some(key.clone())),
        Ok(Some(remembered)) => Err(replay(key, remembered).unwrap_or_else(IntoResponse::into_response)),
        Err(failure) => Err(Problem::from(failure).into_response()),
    }
}

fn replay(key: &IdempotencyKey, remembered: RememberedAnswer) -> Result<Response, Problem> {
    if remembered.fingerprint != key.fingerprint {
        let detail = "This Idempotency-Key was used for a different request. Use a new key for each request.";
        return Err(Problem::new(StatusCode::CONFLICT, "idempotency_key_reused", detail));
    }
    match (remembered.status.and_then(|status| u16::try_from(status).ok()), remembered.body) {
        (Some(status), Some(body)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let mut response = (status, body).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            if let Some(etag) = remembered.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
                response.headers_mut().insert(header::ETAG, etag);
            }
            Ok(response)
        }
        _ => {
            let detail = "This request was already processed, but its response was lost. Check the result instead of sending \
                 it again.";
            Err(Problem::new(StatusCode::CONFLICT, "already_processed", detail))
        }
    }
}

/// Only what was done is remembered; a refusal may be different next time. Nor is anything with a cookie, whatever its operation
/// says of itself.
fn is_kept(response: &Response) -> bool {
    let has = |name: &HeaderName| response.headers().contains_key(name);
    response.status().is_success() && !has(&REPLAYED) && !has(&header::SET_COOKIE)
}

async fn remember(site: &Site, key: &IdempotencyKey, response: Response) -> Result<Response, Problem> {
    if !is_kept(&response) {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = body
        .collect()
        .await
        .map_err(|_| {
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "The response was interrupted. Send \
         the request again.",
            )
        })?
        .to_bytes();
    let answer = RememberedAnswer {
        fingerprint: key.fingerprint.clone(),
        status: Some(parts.status.as_u16().into()),
        etag: parts.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned),
        body: Some(String::from_utf8_lossy(&bytes).into_owned()),
    };
    // What was done is done: whoever is waiting hears it, and whoever asks again that the answer was lost.
    if let Err(failure) = idempotency::remember(&site.app, key, &answer).await {
        tracing::warn!(?failure, "The response for an idempotency key couldn't be saved.");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// Keys of different callers never meet. A caller is what they prove themselves by, whatever else their browser sends; callers
/// without proof are told apart by where they are.
fn caller_of(site: &Site, parts: &Parts) -> String {
    match proof_text(&parts.headers) {
        Some(proof) => hash(site, "proof", &[proof.as_bytes()]),
        None => hash(site, "source", &[site.proxies.source_text(&parts.headers, &parts.extensions).as_bytes()]),
    }
}

/// By the installation's key: no one who reads the database may try out what has this hash, as it may have been a password.
fn hash(site: &Site, kind: &str, parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    site.app.key.pseudonym(kind, &hexadecimal(&digest.finalize()))
}
