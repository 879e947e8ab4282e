//! A body: JSON, read strictly, or as it was sent.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::core::refusal::FieldError;
use domain::core::strict_json::{self, JsonError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::http::problem::Problem;
use crate::http::site::Site;

/// A JSON body, in and out.
///
/// Malformed: 400 with the position. An unknown field or a wrong type: 422 with its pointer. Not JSON at all: 415.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Problem> {
        json_of(request, site, &[JSON]).await.map(Self)
    }
}

/// The body of a JSON merge patch (RFC 7396), under its own type or as plain JSON. Refused like [`Json`].
#[derive(Debug, Clone, Copy)]
pub struct JsonPatch<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for JsonPatch<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Problem> {
        json_of(request, site, &[JSON, MERGE_PATCH]).await.map(Self)
    }
}

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

async fn json_of<T: DeserializeOwned>(request: Request, site: &Site, kinds: &[&str]) -> Result<T, Problem> {
    if !kinds.iter().any(|kind| is_of(&request, kind)) {
        let detail = format!("The body must be JSON. Send it with the header Content-Type: {}.", kinds.join(" or "));
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    let Whole(bytes) = Whole::from_request(request, site).await?;
    parsed(&bytes)
}

/// A body as it was sent, whatever it is.
#[derive(Debug, Clone)]
pub struct Whole(pub Bytes);

impl FromRequest<Site> for Whole {
    type Rejection = Problem;

    async fn from_request(mut request: Request, site: &Site) -> Result<Self, Problem> {
        let limit = request.extensions().get::<BodyLimit>().copied().unwrap_or(BodyLimit(crate::MAX_BODY_BYTES));
        DefaultBodyLimit::max(limit.0).apply(&mut request);
        Bytes::from_request(request, site).await.map(Self).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => limit.exceeded(),
            _ => Problem::new(
                StatusCode::BAD_REQUEST,
                "body_incomplete",
                "The body is incomplete. Send the request \
             again.",
            ),
        })
    }
}

/// How many bytes the body of a request may have.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit(pub usize);

impl BodyLimit {
    /// Refuses a body that is announced as too large before anyone says that it may come (`Expect: 100-continue`).
    ///
    /// # Errors
    /// 413.
    pub fn check_announced(self, headers: &HeaderMap) -> Result<(), Problem> {
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let is_too_large = length.is_some_and(|length: usize| length > self.0);
        if is_too_large && headers.contains_key(header::EXPECT) { Err(self.exceeded()) } else { Ok(()) }
    }

    fn exceeded(self) -> Problem {
        let detail = format!("The body has more than {} bytes. Split the request.", self.0);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    }
}

fn is_of(request: &Request, kind: &str) -> bool {
    let content_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().is_some_and(|given| given.trim().eq_ignore_ascii_case(kind))
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    strict_json::parse(bytes).map_err(|error| match error {
        JsonError::Malformed(error) => {
            Problem::new(StatusCode::BAD_REQUEST, "malformed_json", format!("The body isn't valid JSON: {error}."))
        }
        JsonError::Misfit(FieldError { pointer, code, detail, .. }) => Problem::invalid(&code, detail).at(pointer),
    })
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
