//! People of a test: invited, activated and signed in by the doors that everyone uses.

use domain::core::ids::AccountId;
use domain::credentials::link::LinkPurpose;
use mail::{Locale, Message, ReplyTo};
use serde_json::{Value, json};
use store::InAccount;
use store::accounts::Accounts;
use store::activity::Events;
use store::outbox::{Outbox, OutboxMail};

use crate::app::{ADMIN_PASSWORD, PUBLIC_URL, TestApp};
use crate::client::Client;

impl TestApp {
    /// Invites someone by the first admin: `{id, email, role_id, status}` of the new user.
    pub async fn invite(&self, email: &str, role: &str) -> Value {
        let answer = self.admin().post("/users", json!({ "emails": [email], "role_id": role })).await.ok(201);
        let id = answer["items"][0]["user_id"].clone();
        json!({ "id": id, "email": answer["items"][0]["email"], "role_id": role, "status": "provisioned" })
    }

    /// Someone who was invited, followed the link of the mail, set the password of all test people, and is signed in.
    pub async fn member(&self, email: &str, role: &str) -> Client {
        self.invite(email, role).await;
        self.activated(email).await
    }

    /// Someone who was invited before: follows the link of the latest mail, and is signed in.
    pub async fn activated(&self, email: &str) -> Client {
        let (client, token) = (self.stranger(), self.latest_link(email).await);
        let name = format!("Person {}", email.split('@').next().unwrap());
        client
            .post(&format!("/activations/{token}"), json!({ "name": name, "password": ADMIN_PASSWORD }))
            .await
            .ok(200);
        client
    }

    /// Someone says in this browser that they forgot the password of an address, and the worker has answered.
    pub async fn forgot(&self, browser: &Client, email: &str) {
        browser.post("/password-resets", json!({ "email": email })).await.ok(202);
        self.answer_link_requests().await;
    }

    /// What the worker does every second: answers everyone who asked for a link.
    pub async fn answer_link_requests(&self) {
        service::link_requests::answer_all(&self.app).await.unwrap();
    }

    /// The token of the link in the latest mail with a link to this address, as a person finds it in the text of the mail.
    pub async fn latest_link(&self, email: &str) -> String {
        let mail = self
            .outbox()
            .await
            .into_iter()
            .rev()
            .find(|mail| mail.recipient.as_str() == email && mail.link_id.is_some());
        let text = self.text_of(&mail.unwrap_or_else(|| panic!("no mail with a link to {email}")));
        let line =
            text.lines().find(|line| line.starts_with(PUBLIC_URL)).unwrap_or_else(|| panic!("no link in {text}"));
        line.rsplit('/').next().unwrap().to_owned()
    }

    /// The text of a mail, made as the worker makes it.
    pub fn text_of(&self, mail: &OutboxMail) -> String {
        let message: Message = serde_json::from_str(&mail.message).unwrap();
        let purpose = match &message {
            Message::PasswordReset(_) => LinkPurpose::PasswordReset,
            _ => LinkPurpose::Activation,
        };
        let message = match mail.link_id {
            Some(id) => message.with_link(self.app.link_address(purpose, &self.app.link_token(id))),
            None => message,
        };
        mail::render(&message, Locale::En, &ReplyTo::Nobody).unwrap().text
    }

    /// Every mail that was promised, oldest first, those of one change by recipient.
    pub async fn outbox(&self) -> Vec<OutboxMail> {
        let mut tx = self.app.db.read().await.unwrap();
        let mut mails = Outbox(&mut tx).latest(100_000).await.unwrap();
        mails.sort_by(|a, b| (a.created_at, &a.recipient).cmp(&(b.created_at, &b.recipient)));
        mails
    }

    /// Every mail that was promised, oldest first, as `kind -> recipient`.
    pub async fn mails(&self) -> Vec<String> {
        self.outbox().await.iter().map(|mail| format!("{} -> {}", mail.kind, mail.recipient)).collect()
    }

    /// The account `acme`.
    pub async fn account_id(&self) -> AccountId {
        let mut tx = self.app.db.read().await.unwrap();
        Accounts(&mut tx).find_by_slug(&"acme".parse().unwrap()).await.unwrap().unwrap().id
    }

    /// What the activity log of `acme` tells, oldest first, without what happened before the test began.
    pub async fn events(&self) -> Vec<String> {
        let account = self.account_id().await;
        let mut tx = self.app.db.read().await.unwrap();
        let mut bound = InAccount { tx: &mut tx, account };
        let entries = Events::of(&mut bound).after(1, 100_000).await.unwrap();
        entries.into_iter().map(|entry| entry.event.action).collect()
    }
}
