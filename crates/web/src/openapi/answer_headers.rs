//! The headers of answers, each described once and referred to.

use std::collections::BTreeMap;

use utoipa::openapi::{Header, Ref, RefOr};

pub(super) const ETAG: &str = "ETag";
pub(super) const REPLAYED: &str = "Idempotency-Replayed";
pub(super) const RETRY_AFTER: &str = "Retry-After";
pub(super) const WWW_AUTHENTICATE: &str = "WWW-Authenticate";
const EVERYWHERE: [&str; 3] = ["X-Request-Id", "RateLimit", "RateLimit-Policy"];

pub(super) const RESPONSE_HEADERS: [(&str, &str); 7] = [
    ("X-Request-Id", "The id of the request. It appears in the server log, the activity log and every error."),
    ("RateLimit", "Requests left (`r`) and seconds until more are available (`t`)."),
    ("RateLimit-Policy", "Requests per caller (`q`) within a window of seconds (`w`)."),
    (ETAG, "The resource and its version, for `If-Match` and `If-None-Match`. Every resource has its own."),
    (REPLAYED, "`true` if this is the saved response of an earlier request."),
    (RETRY_AFTER, "With 429 and 503: seconds to wait before trying again."),
    (WWW_AUTHENTICATE, "With 401: how to authenticate."),
];

/// The headers that every answer carries, as references to their descriptions.
pub(super) fn carried_everywhere() -> BTreeMap<String, RefOr<Header>> {
    EVERYWHERE.into_iter().map(reference).collect()
}

/// A header of an answer, by reference to its description.
pub(super) fn reference(name: &str) -> (String, RefOr<Header>) {
    (name.to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))))
}
