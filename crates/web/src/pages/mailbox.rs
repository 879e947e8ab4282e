//! `/dev/mail`: every mail that would have been sent. Only there in development mode without a mail server.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::core::ids::OutboxId;
use serde::Deserialize;
use service::delivery::mailbox::{self, MailboxMail};

use super::page::show;
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::site::Site;

/// A mail's own page may do nothing but be read and be left by its links.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; sandbox allow-popups allow-top-navigation-by-user-activation";

pub fn routes() -> Router<Site> {
    Router::new().route("/dev/mail", get(list)).route("/dev/mail/{mail}", get(one))
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct Mailbox {
    mails: Vec<Mail>,
    total: i64,
    number: i64,
    pages: i64,
}

/// Which page.
#[derive(Debug, Deserialize)]
struct MailboxQuery {
    /// From 1, which is the newest.
    page: Option<i64>,
}

struct Mail {
    id: String,
    recipient: String,
    at: String,
    subject: String,
    pieces: Vec<Piece>,
    link_ended: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    is_link: bool,
}

#[derive(Debug, Deserialize)]
pub struct MailItem {
    mail: OutboxId,
}

async fn list(State(site): State<Site>, Query(query): Query<MailboxQuery>) -> Result<Response, Problem> {
    let number = query.page.unwrap_or(1).max(1);
    let page = mailbox::page(&site.app, number).await?;
    let pages = page.total.max(1).unsigned_abs().div_ceil(mailbox::PAGE.unsigned_abs()).cast_signed();
    Ok(show(&Mailbox { mails: page.mails.into_iter().map(Mail::from).collect(), total: page.total, number, pages }))
}

async fn one(State(site): State<Site>, Path(item): Path<MailItem>) -> Result<Response, Problem> {
    let mail = mailbox::find(&site.app, item.mail).await?;
    let html = mail.rendered.map(|rendered| rendered.html).unwrap_or_default();
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL_POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((headers, Html(html)).into_response())
}

impl From<MailboxMail> for Mail {
    fn from(mail: MailboxMail) -> Self {
        let (subject, text) = match mail.rendered {
            Some(rendered) => (rendered.subject, rendered.text),
            None => ("(This email can't be displayed. See the server log.)".to_owned(), String::new()),
        };
        Self {
            id: mail.id.to_string(),
            recipient: mail.recipient,
            at: mail.at.to_string(),
            subject,
            pieces: pieces(&text),
            link_ended: mail.link_ended,
        }
    }
}

/// The text with its addresses set apart.
fn pieces(text: &str) -> Vec<Piece> {
    let words = text.split_inclusive(char::is_whitespace);
    let mut pieces: Vec<Piece> = Vec::new();
    for word in words {
        let address = word.trim_end();
        if address.starts_with("http://") || address.starts_with("https://") {
            pieces.push(Piece { text: address.to_owned(), is_link: true });
            push_text(&mut pieces, word.strip_prefix(address).unwrap_or_default());
        } else {
            push_text(&mut pieces, word);
        }
    }
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(last) if !last.is_link => last.text.push_str(text),
        Some(_) | None => pieces.push(Piece { text: text.to_owned(), is_link: false }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_mail_become_links_and_nothing_is_lost() {
        let found = pieces("Open\nhttps://a.example/x\nor not. javascript:alert(1)");
        let links: Vec<_> = found.iter().filter(|piece| piece.is_link).map(|piece| piece.text.as_str()).collect();
        assert_eq!(links, ["https://a.example/x"]);
        let whole: String = found.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(whole, "Open\nhttps://a.example/x\nor not. javascript:alert(1)");
    }
}
