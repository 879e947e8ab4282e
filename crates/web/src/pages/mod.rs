//! Pages for people that are not the console.

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::problem::Problem;
use crate::site::Site;

/// The pages of this node.
pub fn routes(_site: &Site) -> Router<Site> {
    Router::new().route("/", get(|| std::future::ready(Html(include_str!("home.html")))))
}

/// Whatever no route knows.
pub async fn fallback(uri: Uri) -> Response {
    let detail = format!("there is nothing at {}; see /api/docs for what there is", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail).into_response()
}
