//! `/problems/{code}`: what the `type` of an error points at.

use axum::response::Response;
use serde::Deserialize;

use askama::Template;

use super::show;
use crate::extract::Path;
use crate::problem::Problem;

#[derive(Debug, Deserialize)]
pub struct ProblemItem {
    code: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    code: String,
}

/// The same page for every code: what happened, why and what to do next stands in the answer itself.
pub async fn page(Path(item): Path<ProblemItem>) -> Result<Response, Problem> {
    let plain = item.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let code = if plain && item.code.len() <= 64 { item.code } else { "unknown".to_owned() };
    Ok(show(&Page { code }))
}
