//! Who calls: by session cookie or API key, in the account that the path names.

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::activity::reason;
use domain::core::tag::is_tag;
use service::core::caller::Proof;
use service::sign_in::authentication;
use service::sign_in::presence::Presence;

use crate::http::etag::Versions;
use crate::http::operations::flag;
use crate::http::problem::Problem;
use crate::http::proof::proof;
use crate::http::site::Site;
use crate::http::{csrf, idempotency, request_id};

/// A caller who is known: 401 without valid proof, 404 for an account they are not in.
#[derive(Debug, Clone)]
pub struct Caller(pub service::core::caller::Caller);

/// The header of a request that a page makes on its own, without input: it does not keep a session alive (SI-3, X5).
const BACKGROUND: &str = "portcullis-background";

/// The parameter by which an operation is only previewed.
const DRY_RUN: &str = "dry_run";

impl FromRequestParts<Site> for Caller {
    /// A refusal of the proof, or what was answered to the caller's idempotency key before.
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let mut caller = known(parts, site).await.map_err(IntoResponse::into_response)?;
        caller.idempotency = idempotency::unused(parts, site).await?;
        Ok(Self(caller))
    }
}

/// The caller, signed in or not: for operations that need a link instead of a session.
#[derive(Debug, Clone)]
pub struct Anybody(pub service::core::caller::Caller);

impl FromRequestParts<Site> for Anybody {
    /// What was answered to the idempotency key before.
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let mut caller = service::core::caller::Caller::nobody(origin_of(parts, site));
        caller.idempotency = idempotency::unused(parts, site).await?;
        Ok(Self(caller))
    }
}

async fn known(parts: &mut Parts, site: &Site) -> Result<service::core::caller::Caller, Problem> {
    let account = account_of(parts, site).await?;
    let credentials = Credentials::of(parts, site)?;
    // What cannot be read is refused before anyone comes to an account with it.
    let (dry_run, if_match, reason) = (dry_run(parts)?, if_match(&parts.headers)?, given_reason(&parts.headers)?);
    let caller = credentials.caller(site, account.as_deref()).await?;
    Ok(service::core::caller::Caller { dry_run, if_match, reason, ..caller })
}

/// A member who asks for what their list of accounts shows, too. It needs no input of theirs, and is none.
#[derive(Debug, Clone)]
pub struct Onlooker(pub service::core::caller::Caller);

impl FromRequestParts<Site> for Onlooker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        let account = account_of(parts, site).await?;
        let credentials = Credentials { presence: Presence::Outside, ..Credentials::of(parts, site)? };
        Ok(Self(credentials.caller(site, account.as_deref()).await?))
    }
}

/// The account that the path names. A path that cannot be read must not pass for one that names none: then a key would
/// open its own account under any address (D6).
async fn account_of(parts: &mut Parts, site: &Site) -> Result<Option<String>, Problem> {
    match <RawPathParams as FromRequestParts<Site>>::from_request_parts(parts, site).await {
        Ok(path) => Ok(path.iter().find(|(name, _)| *name == "account").map(|(_, value)| value.to_owned())),
        Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => Err(super::path::nothing_here()),
        Err(_) => Ok(None),
    }
}

/// The proof that a request carries, for operations whose account is not in the path: 401 without any.
#[derive(Debug, Clone)]
pub struct Credentials {
    proof: Proof,
    origin: domain::activity::Origin,
    presence: Presence,
}

impl FromRequestParts<Site> for Credentials {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        Self::of(parts, site)
    }
}

impl Credentials {
    fn of(parts: &Parts, site: &Site) -> Result<Self, Problem> {
        let proof = proof(&parts.headers).ok_or_else(|| {
            not_signed_in(match parts.headers.contains_key(header::AUTHORIZATION) {
                true => "This isn't an API key. Send Authorization: Bearer pck_….",
                false => "Sign in first, or send an API key.",
            })
        })?;
        let presence = match background(&parts.headers)? {
            // A page of another site that makes the browser ask is no input of the person, and no page of ours that is open.
            _ if !csrf::is_own(site, &parts.headers) => Presence::Foreign,
            _ if is_loaded_by_page(&parts.headers) => Presence::None,
            true => Presence::OpenPage,
            false => Presence::Input,
        };
        Ok(Self { proof, origin: origin_of(parts, site), presence })
    }

    /// The caller, in the account of this id or slug: 401 when the proof does not hold, 404 for an account they are not in.
    pub async fn caller(self, site: &Site, account: Option<&str>) -> Result<service::core::caller::Caller, Problem> {
        let (app, origin) = (&site.app, self.origin);
        let caller = match (&self.proof, account) {
            (Proof::ApiKey(key), account) => authentication::program(app, key, account, origin).await?,
            (Proof::Session(token), Some(account)) => {
                authentication::member(app, token, account, origin, self.presence).await?
            }
            (Proof::Session(token), None) => authentication::person(app, token, origin, self.presence).await?,
        };
        site.limiter.holds(&self.proof);
        Ok(caller)
    }
}

/// Whether a page shows what is asked for, such as an image: its browser loads that by itself, whenever it likes. What a script
/// asks for, a program, and an address that someone opened or saves are other things.
fn is_loaded_by_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-dest") {
        Some(shown_as) => !matches!(shown_as, "empty" | "document"),
        // A browser that does not say so names what it can show.
        None => text("accept").is_some_and(|kinds| ["image/", "text/css"].iter().any(|kind| kinds.starts_with(kind))),
    }
}

fn not_signed_in(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in_required", detail)
}

/// The origin of a request without a caller.
#[derive(Debug, Clone)]
pub struct Origin(pub domain::activity::Origin);

impl FromRequestParts<Site> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        Ok(Self(origin_of(parts, site)))
    }
}

fn origin_of(parts: &Parts, site: &Site) -> domain::activity::Origin {
    domain::activity::Origin {
        ip: site.proxies.source_text(&parts.headers, &parts.extensions),
        session: String::new(),
        request: request_id::current(),
    }
}

/// A flag without a value, or with another than true and false, is refused: it must not pass for none.
fn dry_run(parts: &Parts) -> Result<bool, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    let is_meant = |pair: &&str| pair.split('=').next() == Some(DRY_RUN);
    let asked = query.split('&').find(is_meant);
    asked.map_or(Ok(false), |pair| flag(DRY_RUN, pair.split_once('=').map(|(_, value)| value)))
}

fn if_match(headers: &HeaderMap) -> Result<Option<Vec<String>>, Problem> {
    match Versions::of(headers, &header::IF_MATCH) {
        None | Some(Versions::Any) => Ok(None),
        Some(Versions::Named(tags)) if tags.iter().any(|tag| is_tag(tag)) => Ok(Some(tags)),
        Some(Versions::Named(_)) => Err(unknown_tag()),
    }
}

fn unknown_tag() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "stale",
        "This ETag isn't valid. Load the resource again and send the ETag that comes with it.",
    )
}

/// A boolean of RFC 9651, once: what is neither yes nor no must not pass for one of them.
fn background(headers: &HeaderMap) -> Result<bool, Problem> {
    let mut values = headers.get_all(BACKGROUND).iter().map(HeaderValue::as_bytes);
    match (values.next(), values.next()) {
        (None | Some(b"?0"), None) => Ok(false),
        (Some(b"?1"), None) => Ok(true),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_header",
            "The header Portcullis-Background must be ?1 for an automatic request, and ?0 or absent otherwise.",
        )),
    }
}

fn given_reason(headers: &HeaderMap) -> Result<String, Problem> {
    let Some(value) = headers.get("portcullis-reason") else { return Ok(String::new()) };
    let text = std::str::from_utf8(value.as_bytes()).ok();
    text.and_then(|text| reason::parse(text).ok()).ok_or_else(|| {
        let detail = format!(
            "The header Portcullis-Reason must be UTF-8 text of at most {} characters, without control characters and \
             invisible ones.",
            reason::LONGEST
        );
        Problem::new(StatusCode::BAD_REQUEST, "invalid_header", detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn si3_a_request_is_in_the_background_only_where_it_says_so_in_one_way() {
        let said = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(BACKGROUND, HeaderValue::from_str(value).unwrap());
            }
            background(&headers).ok()
        };
        assert_eq!((said(&[]), said(&["?0"]), said(&["?1"])), (Some(false), Some(false), Some(true)));
        for values in [&["1"][..], &["true"], &["false"], &[""], &["?1", "?0"], &["?1, ?1"]] {
            assert_eq!(said(values), None, "{values:?}");
        }
    }
}
