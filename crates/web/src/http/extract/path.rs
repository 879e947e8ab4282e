//! Path and query parameters.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::core::strict_json::sentence;
use serde::de::DeserializeOwned;

use crate::http::problem::Problem;
use crate::http::site::Site;

/// The answer to a path that names nothing.
pub fn nothing_here() -> Problem {
    let detail = "Not found. It may have been removed, or the address is wrong.";
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail)
}

/// Path parameters. What has not the form of an id is answered like an unknown id (T1).
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Site> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        let found = <axum::extract::Path<T> as FromRequestParts<Site>>::from_request_parts(parts, site).await;
        found.map(|path| Self(path.0)).map_err(|_| nothing_here())
    }
}

impl<T: DeserializeOwned + Send> OptionalFromRequestParts<Site> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Option<Self>, Problem> {
        Ok(<Self as FromRequestParts<Site>>::from_request_parts(parts, site).await.ok())
    }
}

/// Query parameters.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Site> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        let found = <axum::extract::Query<T> as FromRequestParts<Site>>::from_request_parts(parts, site).await;
        found.map(|query| Self(query.0)).map_err(|rejection| {
            let text = rejection.body_text();
            let reason = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            let (name, why) = reason.split_once(": ").filter(|(name, _)| !name.contains(' ')).unwrap_or(("", reason));
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_parameter", sentence(why)).at(name)
        })
    }
}
