//! The headers of answers, each described once and referred to.

use std::collections::BTreeMap;

use utoipa::openapi::{Header, Ref, RefOr};

pub(super) const ETAG: &str = "ETag";
pub(super) const REPLAYED: &str = "Idempotency-Replayed";
pub(super) const RETRY_AFTER: &str = "Retry-After";
pub(super) const WWW_AUTHENTICATE: &str = "WWW-Authenticate";
const EVERYWHERE: [&str; 3] = ["X-Request-Id", "RateLimit", "RateLimit-Policy"];

pub(super) const RESPONSE_HEADERS: [(&str, &str); 7] = [
    ("X-Request-Id", "The id of the request: in the log, in the activity log and in every problem."),
    ("RateLimit", "Requests left (`r`) and the seconds until there are more (`t`)."),
    ("RateLimit-Policy", "Requests of one caller (`q`) in so many seconds (`w`)."),
    (ETAG, "The thing and its version, for `If-Match` and `If-None-Match`: no tag is that of another thing."),
    (REPLAYED, "`true` where this was done before and is only answered again."),
    (RETRY_AFTER, "With 429 and 503: the seconds after which another try makes sense."),
    (WWW_AUTHENTICATE, "With 401: how to prove who one is."),
];

/// The headers that every answer carries, as references to their descriptions.
pub(super) fn carried_everywhere() -> BTreeMap<String, RefOr<Header>> {
    EVERYWHERE.into_iter().map(reference).collect()
}

/// A header of an answer, by reference to its description.
pub(super) fn reference(name: &str) -> (String, RefOr<Header>) {
    (name.to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))))
}
