//! What the layers before the handlers know of every operation, by its description.
//!
//! By it they refuse query parameters that the operation does not declare (they are never ignored), and flags that say neither yes
//! nor no: a `?dry_run` that was ignored would carry out what was to be looked at.

use std::collections::{HashMap, HashSet};

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::ParameterIn;

use crate::http::problem::Problem;

/// What marks an operation that only reads and leaves an entry in the activity log all the same. A browser must not be made to ask
/// for it by a foreign page, and it takes a reason.
pub(crate) const RECORDED: &str = "x-recorded";

/// What marks an operation whose answer shows a secret: a cookie, a key. It is kept nowhere.
const SHOWS_SECRET: &str = "x-shows-secret";

/// What the layers before the handlers know of every operation, by method and path.
#[derive(Debug, Default)]
pub struct Operations {
    /// The path below which people reach this installation, which a proxy may have left on.
    path_prefix: String,
    /// The query parameters that it declares; of each, whether it is a flag.
    parameters: HashMap<(String, String), HashMap<String, bool>>,
    /// Those that leave an entry in the activity log though they only read.
    recorded: HashSet<String>,
    /// Those whose answers show a secret.
    secret: HashSet<(String, String)>,
    /// Those for which no one has to prove who they are.
    public: HashSet<(String, String)>,
}

impl Operations {
    /// Read from the OpenAPI description of the same routes.
    pub fn of(api: &OpenApi, path_prefix: &str) -> Self {
        let mut operations = Self { path_prefix: path_prefix.to_owned(), ..Self::default() };
        let text = serde_json::to_value(api).unwrap_or_default();
        let paths = text.get("paths").and_then(|paths| paths.as_object().cloned()).unwrap_or_default();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().cloned().unwrap_or_default() {
                operations.parameters.insert((method.to_uppercase(), path.clone()), query_parameters(&operation));
                if operation.get(SHOWS_SECRET) == Some(&true.into()) {
                    operations.secret.insert((method.to_uppercase(), path.clone()));
                }
                if operation.pointer("/x-permission/scope") == Some(&"public".into()) {
                    operations.public.insert((method.to_uppercase(), path.clone()));
                }
                if method == "get" && operation.get(RECORDED).is_some() {
                    operations.recorded.insert(path.clone());
                }
            }
        }
        operations
    }

    /// Whether a request that only reads leaves an entry in the activity log. HEAD runs the handler of GET.
    pub fn is_recorded(&self, request: &Request) -> bool {
        matches!(*request.method(), Method::GET | Method::HEAD) && self.recorded.contains(self.path_of(request))
    }

    /// Whether the answer to a request shows a secret.
    pub fn shows_secret(&self, request: &Request) -> bool {
        self.secret.contains(&self.operation_of(request))
    }

    /// How many bytes the body of a request may have.
    pub fn most_bytes(&self, request: &Request) -> usize {
        let is_public = self.public.contains(&self.operation_of(request));
        if is_public { crate::MAX_PUBLIC_BODY_BYTES } else { crate::MAX_BODY_BYTES }
    }

    /// Refuses the first parameter that is not declared, is given twice, or is a flag that says neither true nor false (422).
    pub fn check(&self, request: &Request) -> Result<(), Problem> {
        let Some(query) = request.uri().query() else { return Ok(()) };
        let Some(declared) = self.parameters.get(&self.operation_of(request)) else { return Ok(()) };
        let mut seen = HashSet::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
            let Some(is_flag) = declared.get(name) else {
                return Err(refusal(
                    name,
                    "unknown_parameter",
                    "isn't a parameter of this operation. The reference at /api/docs lists its parameters.",
                ));
            };
            if *is_flag {
                flag(name, value)?;
            }
            if !seen.insert(name.to_owned()) {
                return Err(refusal(
                    name,
                    "repeated_parameter",
                    "was given more than once. Give it once, with values separated by commas.",
                ));
            }
        }
        Ok(())
    }

    /// The method and path by which the OpenAPI file describes the operation of a request. HEAD is answered by what answers GET.
    fn operation_of(&self, request: &Request) -> (String, String) {
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        (method.to_string(), self.path_of(request).to_owned())
    }

    /// The path of the operation as the description has it.
    fn path_of<'r>(&self, request: &'r Request) -> &'r str {
        let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
        path.strip_prefix(self.path_prefix.as_str()).unwrap_or(path)
    }
}

fn query_parameters(operation: &serde_json::Value) -> HashMap<String, bool> {
    let place = serde_json::to_value(ParameterIn::Query).unwrap_or_default();
    let parameters = operation.get("parameters").and_then(|list| list.as_array().cloned()).unwrap_or_default();
    parameters
        .iter()
        .filter(|parameter| parameter.get("in") == Some(&place))
        .filter_map(|parameter| Some((parameter.get("name")?.as_str()?.to_owned(), is_flag(parameter))))
        .collect()
}

/// `boolean`, alone or beside `null`.
fn is_flag(parameter: &serde_json::Value) -> bool {
    let boolean = serde_json::Value::from("boolean");
    let kind = parameter.get("schema").and_then(|schema| schema.get("type"));
    kind.is_some_and(|kind| *kind == boolean || kind.as_array().is_some_and(|kinds| kinds.contains(&boolean)))
}

/// What a flag says, as it is written in the address: `true` or `false` and nothing else.
pub fn flag(name: &str, value: Option<&str>) -> Result<bool, Problem> {
    match value {
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) | None => Err(refusal(name, "invalid_parameter", "must be true or false. Nothing was changed.")),
    }
}

fn refusal(name: &str, code: &str, why: &str) -> Problem {
    let name: String = name.chars().take(60).collect();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, format!("The parameter `{name}` {why}")).at(name)
}
