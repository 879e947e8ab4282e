//! Pages for people: the console, and the few that are not part of it.

mod console;
pub(crate) mod development;
mod mailbox;
mod problems;
mod reference;

use askama::Template;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::http::problem::Problem;
use crate::http::site::Site;

pub use console::fallback;

/// The pages of this node.
pub fn routes(site: &Site) -> Router<Site> {
    let pages = Router::new()
        .route("/assets/{name}", get(console::asset))
        .route("/icon.svg", get(console::icon))
        // What browsers ask for where an answer cannot name an icon, as one that is no page.
        .route("/favicon.ico", get(console::icon))
        .route("/pages.css", get(|| std::future::ready(stylesheet())))
        .route("/api/docs", get(|| std::future::ready(reference::page())))
        .route("/problems/{code}", get(problems::page));
    if site.settings.is_development { pages.merge(mailbox::routes()) } else { pages }
}

fn stylesheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/pages.css"))
}

/// A page as an answer.
fn show(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be laid out");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "this page is broken on our side")
                .into_response()
        }
    }
}
