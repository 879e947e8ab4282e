//! Someone who talks to the server: a browser with its cookies, or a program with a key.

use std::sync::Mutex;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::{contract, secrets};

/// A browser or program. Paths that start with `/api` are used as they are, `/me…` and the like are below `/api/v1`, all
/// others below the client's account.
pub struct Client {
    http: reqwest::Client,
    base: String,
    account: String,
    cookies: Mutex<Vec<(String, String)>>,
    bearer: Option<String>,
    headers: Vec<(String, Vec<u8>)>,
}

const OUTSIDE_ACCOUNTS: &[&str] = &[
    "/me",
    "/setup",
    "/sign-in",
    "/sign-out",
    "/activations",
    "/password-resets",
    "/link-requests",
    "/check",
    "/accounts",
];

impl Client {
    /// A browser that has never been here.
    pub fn new(base: &str, account: &str) -> Self {
        Self {
            http: reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap(),
            base: base.to_owned(),
            account: account.to_owned(),
            cookies: Mutex::default(),
            bearer: None,
            headers: Vec::new(),
        }
    }

    /// A program with an API key.
    pub fn with_key(base: &str, account: &str, key: &str) -> Self {
        Self { bearer: Some(key.to_owned()), ..Self::new(base, account) }
    }

    /// The same browser, with its cookies as they are now, that sends one more header.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        self.with_raw_header(name, value.as_bytes())
    }

    /// The same with a header that need not be text.
    #[must_use]
    pub fn with_raw_header(&self, name: &str, value: &[u8]) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name.to_owned(), value.to_owned()));
        Self {
            headers,
            bearer: self.bearer.clone(),
            cookies: Mutex::new(self.cookies.lock().unwrap().clone()),
            ..Self::new(&self.base, &self.account)
        }
    }

    /// The same browser looking at another account.
    #[must_use]
    pub fn in_account(&self, account: &str) -> Self {
        Self { account: account.to_owned(), ..self.with_header("x-test", "account") }
    }

    /// The same client with what it proves itself by, in the hands of someone else: no cookies, no key.
    #[must_use]
    pub fn without_proof(&self) -> Self {
        Self::new(&self.base, &self.account)
    }

    /// The cookie of this name, as the server set it.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// Sets a cookie, as an attacker or another device would.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|(known, _)| known != name);
        cookies.push((name.to_owned(), value.to_owned()));
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// A page for people; its path is used as it is.
    pub async fn get_page(&self, path: &str) -> Answer {
        let asked =
            self.http.get(format!("{}{path}", self.base)).header(reqwest::header::ACCEPT, "text/html,*/*;q=0.8");
        let response = asked.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { request: format!("GET {path}"), status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    /// GET of an answer that is read later, piece by piece.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Any method, with or without a JSON body.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let builder = self.request(method.clone(), path);
        let builder = match body {
            Some(body) => builder.json(&body),
            None => builder,
        };
        self.finish(method, path, builder).await
    }

    /// A body that is sent as it is.
    pub async fn send_raw(&self, method: Method, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let builder = self.request(method.clone(), path).header("content-type", content_type).body(body.into());
        self.finish(method, path, builder).await
    }

    /// POST as a browser sends it, which takes a compressed answer: the status, and how the answer is encoded.
    pub async fn post_as_browser(&self, path: &str, body: Value) -> (StatusCode, String) {
        let asked = self.request(Method::POST, path).header("accept-encoding", "br").json(&body);
        let response = asked.send().await.unwrap();
        let encoding = response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap());
        (response.status(), encoding.to_owned())
    }

    /// The address that a short path means.
    pub fn path(&self, path: &str) -> String {
        let outside = OUTSIDE_ACCOUNTS.iter().any(|prefix| {
            path == *prefix || path.starts_with(&format!("{prefix}/")) || path.starts_with(&format!("{prefix}?"))
        });
        match path {
            _ if path.starts_with("/api/") || path.starts_with("/dev/") || path == "/" => path.to_owned(),
            _ if outside => format!("/api/v1{path}"),
            _ => format!("/api/v1/accounts/{}{path}", self.account),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut builder = self.http.request(method, format!("{}{}", self.base, self.path(path)));
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            builder = builder.header("cookie", cookies.join("; "));
        }
        if let Some(key) = &self.bearer {
            builder = builder.header("authorization", format!("Bearer {key}"));
        }
        self.headers.iter().fold(builder, |builder, (name, value)| builder.header(name, value.as_slice()))
    }

    async fn finish(&self, method: Method, path: &str, builder: RequestBuilder) -> Answer {
        let response = builder.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all("set-cookie") {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.set_cookie(name, value);
        }
        let body = response.bytes().await.unwrap().to_vec();
        let path = self.path(path);
        contract::check(method.as_str(), &path, status.as_u16(), &headers, &body);
        if path.starts_with("/api/") {
            secrets::assert_none(&format!("the answer to {method} {path}"), &String::from_utf8_lossy(&body));
        }
        Answer { request: format!("{method} {path}"), status, headers, body }
    }
}

/// An answer, already held against the OpenAPI description.
#[derive(Debug, Clone)]
pub struct Answer {
    request: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` when there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Expects this status and gives the body.
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.request, self.text());
        self.json()
    }

    /// Expects a problem with this status and code and gives it.
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.ok(status);
        assert_eq!(problem["code"], code, "{}: {problem:#}", self.request);
        assert!(problem["request_id"].as_str().is_some_and(|id| id.starts_with("req_")), "{problem:#}");
        problem
    }
}
