//! Holds every answer against the OpenAPI description: status declared, body of the declared shape, errors as problems.

use std::sync::LazyLock;

use serde_json::{Value, json};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(web::description()).unwrap());

/// One operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `GET`, `POST` …
    pub method: String,
    /// With `{names}`.
    pub path: String,
    /// Its `operationId`.
    pub id: String,
    /// Its `x-permission`.
    pub permission: Value,
    /// The whole description of it.
    pub description: Value,
}

/// Every operation of the API, from its description; what the matrices are generated from.
pub fn operations() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in DESCRIPTION["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
                permission: operation["x-permission"].clone(),
                description: operation.clone(),
            });
        }
    }
    found
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(p, s)| p == s || (p.starts_with('{') && !s.is_empty()))
}

fn find(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let exact = paths.get(path).and_then(|methods| methods.get(method.to_lowercase()));
    exact.or_else(|| {
        paths
            .iter()
            .filter(|(pattern, _)| matches(pattern, path))
            .find_map(|(_, methods)| methods.get(method.to_lowercase()))
    })
}

/// Panics when an answer is not one that the description allows.
pub fn check(method: &str, path: &str, status: u16, content_type: &str, body: &[u8]) {
    let path = path.split('?').next().unwrap();
    let Some(operation) = find(method, path) else { return };
    let responses = &operation["responses"];
    let declared = [status.to_string(), format!("{}XX", status / 100)];
    let response = declared.iter().find_map(|key| responses.get(key));
    let Some(response) = response else {
        panic!("{method} {path}: status {status} is not declared in the OpenAPI file")
    };
    if status >= 400 {
        assert_eq!(content_type, "application/problem+json", "{method} {path} {status}");
    }
    let content = response.get("content").and_then(|content| content.as_object());
    let Some(content) = content else {
        assert!(
            body.is_empty(),
            "{method} {path} {status}: a body that is not declared: {}",
            String::from_utf8_lossy(body)
        );
        return;
    };
    let schema =
        content.get(content_type.split(';').next().unwrap().trim()).or_else(|| content.values().next()).unwrap();
    if !content_type.contains("json") || content_type.contains("json-lines") || content_type.contains("jsonl") {
        return;
    }
    let value: Value =
        serde_json::from_slice(body).unwrap_or_else(|error| panic!("{method} {path} {status}: no JSON: {error}"));
    let whole = json!({ "$ref": "#/schema", "schema": schema["schema"], "components": DESCRIPTION["components"] });
    let validator = jsonschema::draft202012::options().build(&whole).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{} at {}", error, error.instance_path)).collect();
    assert!(errors.is_empty(), "{method} {path} {status}: not the declared shape: {errors:#?}\n{value:#}");
}
