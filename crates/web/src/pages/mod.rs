//! Pages for people: the console, and the few that are not part of it.

mod console;
mod mailbox;
mod page;
mod problems;
mod prose;
mod reference;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

use crate::http::request_id;
use crate::http::site::Site;

pub use console::fallback;

/// The pages of this node.
pub fn routes(site: &Site) -> Router<Site> {
    let pages = Router::new()
        .route("/assets/{name}", get(console::asset))
        .route("/icon.svg", get(console::icon))
        // What browsers ask for where an answer cannot name an icon, as one that is no page.
        .route("/favicon.ico", get(console::icon))
        // Where password managers look for the page on which a password is changed (W3C, A Well-Known URL for Changing Passwords).
        .route("/.well-known/change-password", get(|| std::future::ready(change_password())))
        .route("/pages.css", get(|| std::future::ready(stylesheet())))
        .route("/api/docs", get(|| std::future::ready(reference::page())))
        .route("/problems", get(|| std::future::ready(Redirect::permanent("problems/"))))
        .route("/problems/", get(problems::index))
        .route("/problems/{code}", get(problems::page));
    if site.settings.is_development { pages.merge(mailbox::routes()) } else { pages }
}

fn change_password() -> impl IntoResponse {
    Redirect::to(&format!("{}/profile", request_id::path_prefix()))
}

fn stylesheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/pages.css"))
}
