//! A body: JSON, read strictly, or as it was sent.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::strict_json::Strict;
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
        if !is_json(&request) {
            let detail = "the body must be JSON, with the header Content-Type: application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let Whole(bytes) = Whole::from_request(request, site).await?;
        parse(&bytes).map(Json)
    }
}

/// A body as it was sent, whatever it is.
#[derive(Debug, Clone)]
pub struct Whole(pub Bytes);

impl FromRequest<Site> for Whole {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Problem> {
        Bytes::from_request(request, site).await.map(Self).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => body_too_large(),
            _ => Problem::new(StatusCode::BAD_REQUEST, "unreadable_body", "the body broke off; send the request again"),
        })
    }
}

/// A body of more than there may be (413).
pub fn body_too_large() -> Problem {
    let detail = format!("the body has more than {} bytes; split the request", crate::MAX_BODY_BYTES);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

fn is_json(request: &Request) -> bool {
    let content_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: Strict = serde_path_to_error::deserialize(&mut deserializer).map_err(located)?;
    deserializer.end().map_err(|error| refused(&error, String::new()))?;
    serde_path_to_error::deserialize(value).map_err(located)
}

fn located(error: serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let pointer = pointer_of(error.path());
    refused(&error.into_inner(), pointer)
}

fn refused(error: &serde_json::Error, pointer: String) -> Problem {
    if !error.is_data() {
        let detail = format!("the body is not JSON: {error}");
        return Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail);
    }
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default().to_owned();
    let unknown = reason.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    match unknown {
        Some(field) if pointer.ends_with(&format!("/{field}")) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_field", reason).at(pointer)
        }
        Some(field) => {
            let pointer = format!("{pointer}/{field}");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_field", reason).at(pointer)
        }
        None => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_value", reason).at(pointer),
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
