//! Holds every answer against the OpenAPI description: status declared, body of the declared shape, errors as problems.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use domain::access::catalog::Catalog;
use domain::access::{Level, Levels, Need, OWN_PERMISSIONS, Permission};
use reqwest::header::HeaderMap;
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

impl Operation {
    /// Who may call it, read back from its `x-permission`.
    pub fn need(&self) -> Need {
        let of = |name: &str| self.permission[name].as_str();
        match of("scope").unwrap_or_else(|| panic!("{}: no x-permission", self.id)) {
            "public" => Need::Public,
            "self" => Need::Oneself,
            "member" => Need::Member,
            scope => {
                let (key, level) = (of("permission").unwrap(), of("level").unwrap());
                assert!(OWN_PERMISSIONS.contains(&key), "{}: no permission {key}", self.id);
                let permission: Permission = CATALOG.permission(key).unwrap().permission;
                let level: Level = level.parse().unwrap();
                match scope {
                    "account" => Need::Account(permission, level),
                    "system" => Need::Systems(permission, level),
                    other => panic!("{}: no scope {other}", self.id),
                }
            }
        }
    }

    /// Whether it is called by anyone, signed in or not.
    pub fn is_public(&self) -> bool {
        self.need() == Need::Public
    }

    /// Whether it can be previewed.
    pub fn has_dry_run(&self) -> bool {
        self.parameters("query").any(|name| name == "dry_run")
    }

    /// Its query parameters that are true or false.
    pub fn flags(&self) -> Vec<String> {
        let list = self.description["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let is_flag = |parameter: &&Value| {
            parameter["in"] == "query" && parameter["schema"]["type"].to_string().contains("boolean")
        };
        list.iter().filter(is_flag).map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Whether it says that it heeds a header.
    pub fn heeds(&self, header: &str) -> bool {
        let place = format!("#/components/parameters/{header}");
        let list = self.description["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        list.iter().any(|parameter| parameter["$ref"] == place)
    }

    /// Whether it reads a list.
    pub fn is_list(&self) -> bool {
        let content = &self.description["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
        let place = content.as_str().and_then(|place| place.strip_prefix('#'));
        place
            .and_then(|place| DESCRIPTION.pointer(place))
            .is_some_and(|schema| self.method == "GET" && schema["properties"]["items"].is_object())
    }

    /// A body that fits its description; null where it takes none.
    pub fn body(&self) -> Value {
        let content = &self.description["requestBody"]["content"];
        if content.is_null() {
            return Value::Null;
        }
        let described = find(&self.method, &self.path).unwrap();
        let schema = resolved(&described["requestBody"]["content"]["application/json"]["schema"]);
        let fields = schema["properties"].as_object().unwrap_or_else(|| panic!("{}: say in recipes.rs how", self.id));
        let body = fields.iter().filter_map(|(name, field)| Some((name.clone(), fitting(field)?))).collect();
        let body = Value::Object(body);
        let missing =
            schema["required"].as_array().into_iter().flatten().find(|name| body[name.as_str().unwrap()].is_null());
        assert_eq!(missing, None, "{}: a field without an example; say in recipes.rs what may stand there", self.id);
        body
    }

    /// Its parameters in this place (`path`, `query`).
    pub fn parameters<'a>(&'a self, place: &'a str) -> impl Iterator<Item = &'a str> {
        let list = self.description["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        list.iter().filter(move |parameter| parameter["in"] == place).filter_map(|parameter| parameter["name"].as_str())
    }
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::shipped().unwrap());

/// Who may call what, as the file `access-matrix.txt` has it: one line per operation, one column per predefined role.
pub fn access_matrix() -> String {
    let mut text = String::from(
        "# Which role may call which operation. Generated from the OpenAPI description and the catalog; do not edit.\n\
         # To write it anew: UPDATE_FILES=1 cargo nextest run -p testing access_matrix\n\
         # yes: in the whole account   own: on own systems   -: no\n\n",
    );
    let mut operations = operations();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let width = operations.iter().map(|operation| operation.id.len()).max().unwrap_or_default();
    let roles = CATALOG.roles();
    let names: Vec<&str> = roles.iter().map(|role| role.id.as_str()).collect();
    text.push_str(&format!("{:width$}  {}\n", "", names.join("  ")));
    for operation in &operations {
        let cells: Vec<String> = roles
            .iter()
            .map(|role| format!("{:1$}", cell(operation.need(), &role.levels), role.id.as_str().len()))
            .collect();
        text.push_str(format!("{:width$}  {}", operation.id, cells.join("  ")).trim_end());
        text.push('\n');
    }
    text
}

fn cell(need: Need, levels: &Levels) -> &'static str {
    let own_only = match need {
        Need::Systems(permission, level) => !Need::Account(permission, level).met_by(levels),
        Need::Public | Need::Oneself | Need::Member | Need::Account(..) => false,
    };
    match (need.met_by(levels), own_only) {
        (false, _) => "-",
        (true, true) => "own",
        (true, false) => "yes",
    }
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
    // A path that is described by itself is none of a pattern, whatever the method.
    let methods = paths
        .get(path)
        .or_else(|| paths.iter().find(|(pattern, _)| matches(pattern, path)).map(|(_, methods)| methods));
    methods.and_then(|methods| methods.get(method.to_lowercase()))
}

/// Built once per schema: that costs more than all else in a test.
fn validator(schema: &Value) -> Arc<jsonschema::Validator> {
    static BUILT: LazyLock<Mutex<HashMap<String, Arc<jsonschema::Validator>>>> = LazyLock::new(Mutex::default);
    let mut built = BUILT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let build = || {
        let whole = json!({ "$ref": "#/schema", "schema": schema, "components": DESCRIPTION["components"] });
        Arc::new(jsonschema::draft202012::options().build(&whole).unwrap())
    };
    Arc::clone(built.entry(schema.to_string()).or_insert_with(build))
}

/// A header that the description knows is declared for the answer that has it; what every such answer has, is there.
fn check_headers(what: &str, response: &Value, headers: &HeaderMap) {
    let sometimes = ["Retry-After", "WWW-Authenticate", "Idempotency-Replayed"];
    for name in DESCRIPTION["components"]["headers"].as_object().unwrap().keys() {
        let (declared, there) = (response["headers"][name].is_object(), headers.contains_key(name.as_str()));
        assert!(declared || !there, "{what}: the header {name} is not declared");
        assert!(there || !declared || sometimes.contains(&name.as_str()), "{what}: the header {name} is missing");
    }
}

/// What a reference within the description leads to, or the thing itself.
fn resolved(part: &'static Value) -> &'static Value {
    let place = part["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
    place.map_or(part, |place| DESCRIPTION.pointer(place).unwrap_or_else(|| panic!("{place} leads nowhere")))
}

/// A value of a schema: a text of its own where any will do, else the first word or example.
fn fitting(schema: &'static Value) -> Option<Value> {
    let schema = resolved(schema);
    if let Some(kinds) = schema["oneOf"].as_array() {
        return kinds.iter().find_map(fitting);
    }
    let takes_any = schema["type"].to_string().contains("string") && schema["format"].is_null();
    if takes_any && validator(schema).is_valid(&json!("new1")) {
        return Some(json!("{fresh}"));
    }
    [&schema["enum"][0], &schema["examples"][0], &schema["example"]].into_iter().find(|value| !value.is_null()).cloned()
}

/// The code of an error, and of each part of one, is in the list of those that `/problems/{code}` knows, and what it says begins with a
/// capital and ends with a full stop.
fn check_problem(what: &str, body: &[u8]) {
    let problem: Value = serde_json::from_slice(body).unwrap_or_default();
    let parts = problem["errors"].as_array().map_or(&[][..], Vec::as_slice);
    for part in parts.iter().chain([&problem]) {
        let (code, detail) = (part["code"].as_str().unwrap_or_default(), part["detail"].as_str().unwrap_or_default());
        assert!(web::CODES.contains(&code), "{what}: {code} is missing in web::CODES");
        let begins_well = !detail.starts_with(|first: char| first.is_lowercase());
        assert!(begins_well && detail.ends_with('.'), "{what}: not a sentence: {detail}");
    }
}

/// Panics when an answer is not one that the description allows.
pub fn check(method: &str, path: &str, status: u16, headers: &HeaderMap, body: &[u8]) {
    let content_type = headers.get("content-type").map_or("", |value| value.to_str().unwrap());
    let path = path.split('?').next().unwrap();
    let Some(operation) = find(method, path) else { return };
    let responses = &operation["responses"];
    let response = responses.get(status.to_string()).map(resolved);
    let Some(response) = response else {
        panic!("{method} {path}: status {status} is not declared in the OpenAPI file")
    };
    check_headers(&format!("{method} {path} {status}"), response, headers);
    for cookie in headers.get_all("set-cookie") {
        let is_secret = crate::secrets::find(cookie.to_str().unwrap()).is_some();
        let is_marked = operation["x-shows-secret"] == true;
        assert!(!is_secret || is_marked, "{method} {path}: shows a secret and does not say so (x-shows-secret)");
    }
    if status >= 400 {
        assert_eq!(content_type, "application/problem+json", "{method} {path} {status}");
        check_problem(&format!("{method} {path} {status}"), body);
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
    let validator = validator(&schema["schema"]);
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{} at {}", error, error.instance_path)).collect();
    assert!(errors.is_empty(), "{method} {path} {status}: not the declared shape: {errors:#?}\n{value:#}");
}
