//! Pages for people that are not the console.

mod links;
mod mailbox;
mod problems;
mod reference;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::problem::Problem;
use crate::site::Site;

/// The pages of this node.
pub fn routes(site: &Site) -> Router<Site> {
    let pages = Router::new()
        .route("/", get(home))
        .route("/pages.css", get(|| std::future::ready(stylesheet())))
        .route("/api/docs", get(|| std::future::ready(reference::page())))
        .route("/problems/{code}", get(problems::page))
        .merge(links::routes());
    if site.settings.mailbox { pages.merge(mailbox::routes()) } else { pages }
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    mailbox: bool,
    url: &'a str,
}

async fn home(State(site): State<Site>) -> Response {
    show(&Home { mailbox: site.settings.mailbox, url: &site.app.settings.public_url })
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

/// Whatever no route knows.
pub async fn fallback(uri: Uri) -> Response {
    let detail = format!("there is nothing at {}; see /api/docs for what there is", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail).into_response()
}
