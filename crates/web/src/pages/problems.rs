//! `/problems/{code}`: what the `type` of an error points at.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::page::show;
use crate::http::extract::Path;
use crate::http::problem_codes::is_known;

#[derive(Debug, Deserialize)]
pub struct ProblemItem {
    code: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    code: String,
}

#[derive(Template)]
#[template(path = "no_problem.html")]
struct NoPage;

/// The same page for every code: what happened, why and what to do next stands in the answer itself. 404 for what is no code.
pub async fn page(Path(item): Path<ProblemItem>) -> Response {
    if is_known(&item.code) {
        show(&Page { code: item.code })
    } else {
        (StatusCode::NOT_FOUND, show(&NoPage)).into_response()
    }
}
