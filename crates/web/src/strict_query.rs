//! Refuses query parameters that the operation does not declare in the OpenAPI file (api.md: never ignored).

use std::collections::{HashMap, HashSet};

use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::ParameterIn;

use crate::problem::Problem;
use crate::site::Site;

/// The query parameters of every operation, by method and path.
#[derive(Debug, Default)]
pub struct DeclaredParameters(HashMap<(String, String), HashSet<String>>);

impl DeclaredParameters {
    /// Read from the OpenAPI description of the same routes.
    pub fn of(api: &OpenApi) -> Self {
        let mut declared = HashMap::new();
        let text = serde_json::to_value(api).unwrap_or_default();
        let paths = text.get("paths").and_then(|paths| paths.as_object().cloned()).unwrap_or_default();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().cloned().unwrap_or_default() {
                declared.insert((method.to_uppercase(), path.clone()), query_names(&operation));
            }
        }
        Self(declared)
    }
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

/// The method and path by which the OpenAPI file describes the operation of a request.
pub fn operation_of(site: &Site, request: &Request) -> (String, String) {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    let path = path.strip_prefix(site.path_prefix()).unwrap_or(path);
    (request.method().to_string(), path.to_owned())
}

/// Refuses the first parameter that is not declared or is given twice (422).
pub fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let Some(query) = request.uri().query() else { return Ok(()) };
    let Some(declared) = site.parameters.0.get(&operation_of(site, request)) else {
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
