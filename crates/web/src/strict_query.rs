//! Refuses query parameters that the operation does not declare in the OpenAPI file (api.md: never ignored).

use std::collections::{HashMap, HashSet};

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::ParameterIn;

use crate::openapi::RECORDED;
use crate::problem::Problem;
use crate::site::Site;

/// What the layers before the handlers know of every operation, by method and path.
#[derive(Debug, Default)]
pub struct Operations {
    /// The query parameters that it declares.
    parameters: HashMap<(String, String), HashSet<String>>,
    /// Those that leave an entry in the activity log though they only read.
    recorded: HashSet<String>,
}

impl Operations {
    /// Read from the OpenAPI description of the same routes.
    pub fn of(api: &OpenApi) -> Self {
        let mut operations = Self::default();
        let text = serde_json::to_value(api).unwrap_or_default();
        let paths = text.get("paths").and_then(|paths| paths.as_object().cloned()).unwrap_or_default();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().cloned().unwrap_or_default() {
                operations.parameters.insert((method.to_uppercase(), path.clone()), query_names(&operation));
                if method == "get" && operation.get(RECORDED).is_some() {
                    operations.recorded.insert(path.clone());
                }
            }
        }
        operations
    }

    /// Whether a request that only reads leaves an entry in the activity log. HEAD runs the handler of GET.
    pub fn is_recorded(&self, site: &Site, request: &Request) -> bool {
        matches!(*request.method(), Method::GET | Method::HEAD) && self.recorded.contains(path_of(site, request))
    }
}

/// The path of the operation as the description has it.
fn path_of<'r>(site: &Site, request: &'r Request) -> &'r str {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    path.strip_prefix(site.path_prefix()).unwrap_or(path)
}

fn query_names(operation: &serde_json::Value) -> HashSet<String> {
    let place = serde_json::to_value(ParameterIn::Query).unwrap_or_default();
    let parameters = operation.get("parameters").and_then(|list| list.as_array().cloned()).unwrap_or_default();
    parameters
        .iter()
        .filter(|parameter| parameter.get("in") == Some(&place))
        .filter_map(|parameter| parameter.get("name")?.as_str().map(str::to_owned))
        .collect()
}

/// Refuses the first parameter that is not declared or is given twice (422).
pub fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let Some(query) = request.uri().query() else { return Ok(()) };
    let operation = (request.method().to_string(), path_of(site, request).to_owned());
    let Some(declared) = site.operations.parameters.get(&operation) else {
        return Ok(());
    };
    let mut seen = HashSet::new();
    for name in query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split('=').next().unwrap_or_default())
    {
        if !declared.contains(name) {
            return Err(refusal(
                name,
                "unknown_parameter",
                "is not a parameter of this operation; see /api/docs for those it has",
            ));
        }
        if !seen.insert(name.to_owned()) {
            return Err(refusal(
                name,
                "repeated_parameter",
                "is given twice; give it once, with several values separated by commas",
            ));
        }
    }
    Ok(())
}

fn refusal(name: &str, code: &str, why: &str) -> Problem {
    let name: String = name.chars().take(60).collect();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, format!("`{name}` {why}")).at(name)
}
