//! The errors that an operation can answer. They follow from what it takes and whom it is for, so they are said here for all of
//! them; a handler names only what is special to it, such as the 401 of a sign-in. Tests hold every answer against them.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

use super::answer_headers::{RETRY_AFTER, WWW_AUTHENTICATE, carried_everywhere, reference};
use crate::http::problem::Problem;

/// Status, name among the components, meaning.
const ERRORS: [(&str, &str, &str); 15] = [
    ("400", "BadRequest", "The request cannot be read: its JSON, or one of its headers."),
    ("401", "Unauthorized", "There is no valid proof of who is calling; `code` says what is missing."),
    (
        "403",
        "Forbidden",
        "The caller may not do this; `detail` names the missing permission. Or another site made the request, \
         or a page by itself in an account that its person did not use yet.",
    ),
    ("404", "NotFound", "There is no such thing, or it belongs to an account the caller is not in."),
    ("405", "MethodNotAllowed", "This address does not know this method."),
    ("408", "RequestTimeout", "The body came too slowly; nothing was done."),
    ("409", "Conflict", "A rule or the present state is against it; `code` says which."),
    ("412", "PreconditionFailed", "Another version than the one in `If-Match` is current."),
    ("413", "ContentTooLarge", "The body is too large."),
    ("415", "UnsupportedMediaType", "The body is of another media type than this operation takes."),
    ("421", "MisdirectedRequest", "The development mode answers this machine only."),
    ("422", "UnprocessableContent", "Fields or parameters are invalid; `errors` has one entry for each."),
    ("429", "TooManyRequests", "Too often; `Retry-After` says when another try makes sense."),
    ("500", "InternalServerError", "Something is broken on our side; the request id finds the line in the log."),
    (
        "503",
        "ServiceUnavailable",
        "This cannot be answered at the moment; `Retry-After` says when another try makes sense.",
    ),
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
    /// It is not for everybody who is signed in, or only once they came to the account.
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
        b"202" => "Accepted; it is carried out soon.",
        b"204" => "Done; there is nothing to tell.",
        b"304" => "Not modified: the version in `If-None-Match` is current.",
        _ => "Success.",
    }
}
