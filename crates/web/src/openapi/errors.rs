//! The errors that an operation can answer. They follow from what it takes and whom it is for, so they are said here for all of
//! them; a handler names only what is special to it, such as the 401 of a sign-in. Tests hold every answer against them.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

use super::answer_headers::{RETRY_AFTER, WWW_AUTHENTICATE, carried_everywhere, reference};
use crate::http::problem::Problem;

/// Status, name among the components, meaning.
const ERRORS: [(&str, &str, &str); 15] = [
    ("400", "BadRequest", "The request can't be read: its JSON or a header is malformed."),
    ("401", "Unauthorized", "The caller isn't authenticated. `code` says what is missing."),
    (
        "403",
        "Forbidden",
        "The caller isn't allowed to do this. `detail` names the missing permission. Also returned if another site \
         made the request, or for an automatic request in an account the person hasn't opened yet.",
    ),
    ("404", "NotFound", "Not found, or it belongs to an account the caller isn't in."),
    ("405", "MethodNotAllowed", "This method isn't allowed here."),
    ("408", "RequestTimeout", "The body arrived too slowly. Nothing was done."),
    ("409", "Conflict", "A rule or the current state doesn't allow this. `code` says which."),
    ("412", "PreconditionFailed", "The version in `If-Match` is outdated."),
    ("413", "ContentTooLarge", "The body is too large."),
    ("415", "UnsupportedMediaType", "This operation doesn't accept the media type of the body."),
    ("421", "MisdirectedRequest", "Development mode answers only this machine."),
    ("422", "UnprocessableContent", "Fields or parameters aren't valid. `errors` has one entry for each."),
    ("429", "TooManyRequests", "Too many requests. `Retry-After` says when to try again."),
    ("500", "InternalServerError", "Something went wrong on our side. The request id identifies it in the server log."),
    ("503", "ServiceUnavailable", "Temporarily unavailable. `Retry-After` says when to try again."),
];

/// Puts every kind of error among the components.
pub(super) fn add_components(api: &mut OpenApi) {
    let components = api.components.get_or_insert_default();
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (status, name, meaning) in ERRORS {
        components.responses.insert(name.to_owned(), RefOr::T(error(status, meaning)));
    }
}

fn error(status: &str, meaning: &str) -> Response {
    let body = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
    let mut response = ResponseBuilder::new().description(meaning).content("application/problem+json", body).build();
    response.headers = carried_everywhere();
    match status {
        "401" => response.headers.extend([reference(WWW_AUTHENTICATE)]),
        "429" | "503" => response.headers.extend([reference(RETRY_AFTER)]),
        _ => {}
    }
    response
}

/// What an operation is like, as far as its errors follow from it.
pub(super) struct Traits {
    /// It asks for no proof.
    pub is_public: bool,
    /// It is not for everyone who is signed in, or only once they came to the account.
    pub is_guarded: bool,
    /// Its method is not safe: another site may not have it sent.
    pub is_unsafe: bool,
    /// It changes something in an account, if only its activity log.
    pub changes: bool,
    /// It reads a header that can be unreadable.
    pub reads_headers: bool,
}

/// Adds to an operation the errors that it can answer.
pub(super) fn add(operation: &mut Operation, traits: &Traits) {
    let has_body = operation.request_body.is_some();
    let names_something = operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == utoipa::openapi::path::ParameterIn::Path,
        RefOr::Ref(_) => false,
    });
    let possible = [
        ("400", has_body || traits.reads_headers),
        ("401", !traits.is_public),
        ("403", traits.is_guarded || traits.is_unsafe),
        ("404", names_something),
        ("408", has_body),
        ("409", traits.changes),
        // Also where `If-Match` is not heeded: one that cannot be read is a condition that does not hold.
        ("412", traits.reads_headers),
        ("413", has_body),
        ("415", has_body),
        ("422", true),
        ("429", true),
        ("500", true),
        ("503", true),
    ];
    let possible = possible.into_iter().filter(|(_, is_possible)| *is_possible).map(|(status, _)| status.to_owned());
    let special = operation.responses.responses.keys().filter(|status| is_error(status)).cloned();
    let statuses: Vec<String> = possible.chain(special).collect();
    for status in statuses {
        let Some((_, name, _)) = ERRORS.iter().find(|(known, ..)| *known == status) else { continue };
        operation.responses.responses.insert(status, RefOr::Ref(Ref::from_response_name(*name)));
    }
}

/// Whether a status is one of an error.
pub(super) fn is_error(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

/// What an answer that is no error means, where its handler says no more.
pub(super) const fn usual_meaning(status: &str) -> &'static str {
    match status.as_bytes() {
        b"201" => "Created.",
        b"202" => "Accepted. It will be processed soon.",
        b"204" => "Done. The response has no body.",
        b"304" => "Not modified. The version in `If-None-Match` is current.",
        _ => "Success.",
    }
}
