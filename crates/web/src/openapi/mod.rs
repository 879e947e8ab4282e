//! The description of the API, made from the handlers themselves.

mod answer_headers;
mod errors;
mod headers;

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Portcullis",
        description = "Manages who is in an account, what they may do and in which systems, and records every change.\n\n\
            Sign in with a session cookie, or send an API key as `Authorization: Bearer`. `x-permission` of each \
            operation says who may call it. A 401 says what is missing: `sign_in_required` (not authenticated), `api_key_invalid`, or \
            `session_expired` (idle for too long, too old or unknown). The holder of a session's token is also told why it was ended: \
            `access_ended` or `signed_out_by_admin` (by an admin), `signed_out` (by the person, here or in another browser), \
            `password_changed`, `signed_in_again` (someone signed in with the same browser), or `too_many_sessions` (the oldest of more \
            than 20 in the account). A session that expired in one account stays expired there until the person signs in again, but \
            still works in the others.\n\n\
            Errors are `application/problem+json` (RFC 9457) with a stable `code` and a `request_id`. Their `type` is the \
            URL of a page about the code; `/problems` lists all codes. Unknown fields and parameters are refused.\n\n\
            `?dry_run=true` returns a preview and changes nothing.\n\n\
            `Idempotency-Key` works for 24 hours on every POST that changes something for a signed-in person or an \
            API key, and when an invitation is accepted. A repeated request gets the saved response and isn't executed again, or 409 \
            `already_processed` if the response was lost or contains a secret (`x-shows-secret`). The other POST operations ignore it: \
            `POST /check` and previews change nothing, a link works only once, and repeating a sign-in or a request for a link is \
            harmless.\n\n\
            Where an answer has an `ETag`, send it as `If-Match` to change only the version you saw. Operations that don't list \
            `If-Match` ignore it.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/")),
)]
struct Base;

/// What the description starts from.
pub(crate) fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

pub(crate) use headers::complete;
