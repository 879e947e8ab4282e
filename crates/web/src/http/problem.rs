//! The one form of every error (RFC 9457): what happened, why, what to do next, and the id that finds the log line.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::core::failure::{Failure, Refusal};
use domain::core::refusal::{FieldError, Kind, Params};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem_codes::ProblemCode;
use crate::http::request_id;

/// An error.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Stable URL of a page about this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status as text.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, why, what to do next.
    pub detail: String,
    /// Stable code in snake_case.
    #[schema(value_type = ProblemCode)]
    pub code: String,
    /// The values in `detail` by name. Together with the code, they are all that is needed to translate it. Absent if there
    /// are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    pub params: Params,
    /// The id of this request, also in the server's log.
    pub request_id: String,
    /// One entry per refused field or row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemPart>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// One refused field or row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemPart {
    /// JSON pointer (RFC 6901) into the request body, or the name of a query parameter.
    pub pointer: String,
    /// Stable code in snake_case.
    #[schema(value_type = ProblemCode)]
    pub code: String,
    /// What is wrong with it.
    pub detail: String,
    /// The values in `detail` by name. Absent if there are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    pub params: Params,
}

impl From<FieldError> for ProblemPart {
    fn from(error: FieldError) -> Self {
        Self { pointer: error.pointer, code: error.code, detail: error.detail, params: error.params }
    }
}

impl Problem {
    /// A problem with a status, a code and a sentence.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("{}/problems/{code}", request_id::path_prefix()),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            params: Params::new(),
            request_id: request_id::current(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// A value that cannot be (422).
    pub fn invalid(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// The same, about one field.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.errors.push(ProblemPart {
            pointer: pointer.into(),
            code: self.code.clone(),
            detail: self.detail.clone(),
            params: self.params.clone(),
        });
        self
    }

    /// The same, with the seconds after which another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self.params.insert("retry_after", seconds.into());
        self
    }
}

const fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Unknown => StatusCode::NOT_FOUND,
        Kind::SignIn => StatusCode::UNAUTHORIZED,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooOften => StatusCode::TOO_MANY_REQUESTS,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Self::new(status_of(refusal.kind), refusal.code, refusal.detail);
        problem.params = refusal.params;
        problem.errors = refusal.errors.into_iter().map(ProblemPart::from).collect();
        match refusal.retry_after {
            Some(pause) => problem.retry_after(pause.0),
            None => problem,
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::from(*refusal),
            Failure::Unavailable(reason) => {
                tracing::warn!(%reason, "not available");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "The service is temporarily unavailable. Nothing was changed. Try again in a few seconds.",
                )
                .retry_after(2)
            }
            Failure::TooSlow(reason) => {
                tracing::warn!(%reason, "A query takes too long.");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "query_too_slow",
                    "This search takes too long. Narrow it down, for example with a shorter date range, one system, \
                     or a longer search text.",
                )
            }
            Failure::Uncertain(reason) => {
                tracing::error!(%reason, "It isn't known whether a change was saved.");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "outcome_unknown",
                    "The connection to the database was lost, so it isn't known whether this was saved. Check before \
                     you repeat it, or send it again with the same Idempotency-Key.",
                )
                .retry_after(2)
            }
            Failure::Broken(error) => {
                tracing::error!(%error, "A request failed.");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something went wrong on our side. Nothing was changed. Give the operator the request id.",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"portcullis\""));
        }
        response
    }
}
