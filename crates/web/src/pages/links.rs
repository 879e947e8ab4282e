//! The pages that mailed links open, until the console has them: what this link is and the call that uses it.
//!
//! Looking uses nothing up (I12), and every link that does not work gets the same page (decision 17).

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::link::{DeadLink, LinkPurpose};
use serde::Deserialize;
use service::links;
use service::secrets::{LINK_PREFIX, Token};

use super::show;
use crate::extract::Path;
use crate::problem::Problem;
use crate::site::Site;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/setup/{token}", get(setup))
        .route("/activate/{token}", get(activate))
        .route("/reset-password/{token}", get(reset_password))
        .route("/sign-in", get(sign_in))
}

#[derive(Debug, Deserialize)]
pub struct LinkItem {
    token: String,
}

#[derive(Template)]
#[template(path = "link.html")]
struct Page {
    title: &'static str,
    sentences: Vec<String>,
    call: Option<String>,
}

async fn setup(State(site): State<Site>, Path(item): Path<LinkItem>) -> Result<Response, Problem> {
    page(&site, &item, &[LinkPurpose::Setup], "Set up this installation", |url, token| {
        let sentence = "This one-time link makes the first account and its first admin. On a command line:";
        let body = r#"{"token": "TOKEN", "account_name": "Example Inc.", "email": "you@example.com", "name": "Your Name", "password": "…"}"#;
        (sentence, post(&format!("{url}/api/v1/setup"), &body.replace("TOKEN", token)))
    })
    .await
}

async fn activate(State(site): State<Site>, Path(item): Path<LinkItem>) -> Result<Response, Problem> {
    page(&site, &item, &[LinkPurpose::Activation], "You are invited", |url, token| {
        let sentence = "Choose a name and a password with at least 10 characters, one of them special, and you are in. On a command line:";
        let body = r#"{"name": "Your Name", "password": "…"}"#;
        (sentence, post(&format!("{url}/api/v1/activations/{token}"), body))
    })
    .await
}

async fn reset_password(State(site): State<Site>, Path(item): Path<LinkItem>) -> Result<Response, Problem> {
    let purposes = [LinkPurpose::PasswordReset, LinkPurpose::Recovery];
    page(&site, &item, &purposes, "Choose a new password", |url, token| {
        let sentence = "Choose a password with at least 10 characters, one of them special. On a command line:";
        (sentence, post(&format!("{url}/api/v1/password-resets/{token}"), r#"{"password": "…"}"#))
    })
    .await
}

async fn sign_in(State(site): State<Site>) -> Response {
    let url = &site.app.settings.public_url;
    let body = r#"{"email": "you@example.com", "password": "…"}"#;
    show(&Page {
        title: "Sign in",
        sentences: vec!["The console comes with a later version. On a command line:".to_owned()],
        call: Some(post(&format!("{url}/api/v1/sign-in/password"), body)),
    })
}

fn post(address: &str, body: &str) -> String {
    format!("curl -c cookies -H 'content-type: application/json' {address} \\\n  -d '{body}'")
}

async fn page(
    site: &Site,
    item: &LinkItem,
    purposes: &[LinkPurpose],
    title: &'static str,
    how: impl FnOnce(&str, &str) -> (&'static str, String),
) -> Result<Response, Problem> {
    let token = Token::read(LINK_PREFIX, &item.token);
    let works = match &token {
        Some(token) => links::check(&site.app, token, purposes).await,
        None => Err(DeadLink.into()),
    };
    let mut response = match (works, token) {
        (Ok(()), Some(token)) => {
            let (sentence, call) = how(&site.app.settings.public_url, token.reveal());
            show(&Page { title, sentences: vec![sentence.to_owned()], call: Some(call) })
        }
        (Err(service::failure::Failure::Refused(_)), _) | (_, None) => dead(),
        (Err(failure), Some(_)) => return Err(failure.into()),
    };
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The one page for every link that does not work.
fn dead() -> Response {
    let page = Page {
        title: "This link does not work",
        sentences: vec![
            "It may have been used, replaced by a newer one, withdrawn, or it is too old.".to_owned(),
            "Ask whoever invited you for a new one, or ask for a new password yourself. If you have an account already, sign in.".to_owned(),
        ],
        call: None,
    };
    (StatusCode::NOT_FOUND, show(&page)).into_response()
}
