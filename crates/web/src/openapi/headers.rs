//! What the description says of headers and proofs. It follows from what an operation says of itself, so it is said here for all
//! of them and in no handler; tests hold every answer against it.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Header, HeaderBuilder, HttpMethod, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required, Type,
};

use super::answer_headers::{ETAG, REPLAYED, RESPONSE_HEADERS, carried_everywhere, reference};
use super::errors::{self, Traits};
use crate::http::operations::RECORDED;

const SESSION: &str = "session";
const API_KEY: &str = "api_key";

const IF_MATCH: &str = "If-Match";
const IF_NONE_MATCH: &str = "If-None-Match";
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
const REASON: &str = "Portcullis-Reason";
const BACKGROUND: &str = "Portcullis-Background";

/// One or several entity tags, or any (RFC 9110 §13.1.1).
const TAGS: &str = r#"^(\*|(W/)?"[0-9a-z_]+\.[0-9a-z]+"( *, *(W/)?"[0-9a-z_]+\.[0-9a-z]+")*)$"#;

/// Name, pattern, meaning.
const REQUEST_HEADERS: [(&str, &str, &str); 5] = [
    (
        IF_MATCH,
        TAGS,
        "The `ETag` of the resource to change, or several. If the resource has a different version by \
     now, the answer is 412 `stale`.",
    ),
    (IF_NONE_MATCH, TAGS, "The `ETag` you already have. The answer is 304 while it is current."),
    (
        IDEMPOTENCY_KEY,
        "^[!-~]{1,255}$",
        "1 to 255 visible characters, unique per request. A request repeated with the same key within 24 hours gets \
         the saved response and is not executed again.",
    ),
    (
        REASON,
        r"^[^\u0000-\u001f\u007f-\u009f]{0,500}$",
        "The reason for the request, at most 500 characters of UTF-8. It appears in the activity log.",
    ),
    (
        BACKGROUND,
        r"^\?[01]$",
        "`?1` for an automatic request without user input. It keeps the session alive only if the account enabled \
         `renew_while_open`, and is refused with 403 `account_not_opened` in an account the person hasn't opened \
         since signing in.",
    ),
];

/// What a handler says of its operation beside `x-permission`: it answers with the version of what it shows.
const VERSIONED: &str = "x-versioned";
/// It is asked by POST and changes nothing.
const QUESTION: &str = "x-question";
/// It heeds an idempotency key although it asks for no proof.
const KEYED: &str = "x-keyed";

/// Completes the description of all operations.
pub fn complete(api: &mut OpenApi) {
    errors::add_components(api);
    let components = api.components.get_or_insert_default();
    components
        .parameters
        .extend(REQUEST_HEADERS.map(|(name, pattern, text)| (name.to_owned(), parameter(name, pattern, text).into())));
    components.headers.extend(RESPONSE_HEADERS.map(|(name, text)| (name.to_owned(), header(text).into())));
    components
        .security_schemes
        .extend([(SESSION.to_owned(), session().into()), (API_KEY.to_owned(), api_key().into())]);

    let has_version = |item: &PathItem| item.get.as_ref().is_some_and(answers_with_version);
    let versioned: Vec<String> =
        api.paths.paths.iter().filter(|(_, item)| has_version(item)).map(|(path, _)| path.clone()).collect();
    for (path, item) in &mut api.paths.paths {
        let is_versioned = versioned.iter().any(|one| path == one || is_act_on_user(one, path));
        for (method, operation) in operations(item) {
            complete_one(&method, operation, is_versioned);
        }
    }
}

/// What is done to a user, below the address of the user.
fn is_act_on_user(user: &str, path: &str) -> bool {
    let act = path.strip_prefix(user).and_then(|rest| rest.strip_prefix('/'));
    user.ends_with("/{user}") && act.is_some_and(|act| !act.contains('/'))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let all = [
        (HttpMethod::Get, get),
        (HttpMethod::Put, put),
        (HttpMethod::Post, post),
        (HttpMethod::Delete, delete),
        (HttpMethod::Patch, patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn complete_one(method: &HttpMethod, operation: &mut Operation, is_versioned: bool) {
    let scope = scope(operation);
    let is_public = scope == "public";
    let changes = *method != HttpMethod::Get && !says(operation, QUESTION);
    let is_keyed = *method == HttpMethod::Post && changes && (!is_public || says(operation, KEYED));
    let heeded = [
        (IF_MATCH, changes && is_versioned),
        (IF_NONE_MATCH, operation.responses.responses.contains_key("304")),
        (IDEMPOTENCY_KEY, is_keyed),
        (REASON, (changes || says(operation, RECORDED)) && !is_public),
        (BACKGROUND, !is_public),
    ];
    let parameters = operation.parameters.get_or_insert_default();
    let heeded = heeded.into_iter().filter(|(_, is_heeded)| *is_heeded);
    parameters.extend(heeded.map(|(name, _)| RefOr::Ref(Ref::new(format!("#/components/parameters/{name}")))));
    operation.security = Some(proofs(&scope));

    let has_version = answers_with_version(operation);
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            errors::usual_meaning(status).clone_into(&mut response.description);
        }
        response.headers.extend(carried_everywhere());
        let carried = [(ETAG, has_version), (REPLAYED, is_keyed)];
        response
            .headers
            .extend(carried.into_iter().filter(|(_, is_carried)| *is_carried).map(|(name, _)| reference(name)));
    }
    let traits = Traits {
        is_public,
        is_guarded: matches!(scope.as_str(), "account" | "system" | "member"),
        is_unsafe: *method != HttpMethod::Get,
        changes: (changes || says(operation, RECORDED)) && !is_public,
        reads_headers: !is_public,
    };
    errors::add(operation, &traits);
}

fn scope(operation: &Operation) -> String {
    let need = operation.extensions.as_ref().and_then(|extensions| extensions.get("x-permission"));
    let scope = need.and_then(|need| need.get("scope")).and_then(|scope| scope.as_str());
    scope.unwrap_or_default().to_owned()
}

/// One's own affairs are a person's; all else a program may do too.
fn proofs(scope: &str) -> Vec<SecurityRequirement> {
    let proof = |name: &str| SecurityRequirement::new(name, [""; 0]);
    match scope {
        "public" => Vec::new(),
        "self" => vec![proof(SESSION)],
        _ => vec![proof(SESSION), proof(API_KEY)],
    }
}

/// Whether the answer is a thing with a version, or a file that can be there already.
fn answers_with_version(operation: &Operation) -> bool {
    says(operation, VERSIONED) || operation.responses.responses.contains_key("304")
}

/// Whether the handler says this of its operation.
fn says(operation: &Operation, fact: &str) -> bool {
    operation.extensions.as_ref().is_some_and(|extensions| extensions.contains_key(fact))
}

fn parameter(name: &str, pattern: &str, text: &str) -> Parameter {
    let pattern = (!pattern.is_empty()).then_some(pattern);
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(text))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(pattern)))
        .build()
}

fn header(text: &str) -> Header {
    HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).description(Some(text)).build()
}

fn session() -> SecurityScheme {
    let text = "The cookie set at sign-in. Requests that change something must come from the same origin.";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("__Host-portcullis", text)))
}

fn api_key() -> SecurityScheme {
    let text = "An API key (`pck_…`). It has the permissions of its owner in its account.";
    SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(text)).build())
}
