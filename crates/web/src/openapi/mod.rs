//! The description of the API, made from the handlers themselves.

mod answer_headers;
mod errors;
mod headers;

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Portcullis",
        description = "Who is in an account, what they may do, in which systems, and the proof of it.\n\n\
            Sign in with a session cookie or send `Authorization: Bearer` with an API key. Every operation says in `x-permission` whom it \
            is for. Errors are `application/problem+json` (RFC 9457) with a stable `code` and a `request_id`. Unknown fields and parameters \
            are refused. 401 says what is missing: `sign_in_required` (no proof), `api_key_invalid`, `session_expired` (idle for too long, too \
            old, unknown), and, to whoever holds the token of a session that was ended, by what: `access_ended` (by an admin), \
            `signed_out_by_admin`, `signed_out` (by the person, here or in another browser), `password_changed`, \
            `signed_in_again` (somebody signed in with the same browser), `too_many_sessions` (the oldest of more than 20 in the account). A session that \
            expired in one account stays so there until the person signs in again, and opens the others. \
            `?dry_run=true` answers with the preview and changes nothing.\n\n\
            `Idempotency-Key` is honoured for 24 hours on every POST that changes something for somebody who is signed in or sends an \
            API key, and where an invitation is accepted: what was done is answered again and not done again, with 409 `already_done` \
            where the answer was lost or shows a secret (`x-shows-secret`). The others do not heed it: `POST /check` and the preview of a mail change \
            nothing, a link works once, and to sign in or to ask for a link again does no harm.\n\n\
            Accounts, their logos, systems, users and `/me` carry an `ETag`; send it as `If-Match` to change only what you saw. Other things \
            have none and do not heed it.",
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
