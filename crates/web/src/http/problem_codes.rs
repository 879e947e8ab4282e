//! Every code that an error, a part of one, or the reason of an answer can have: what the API description publishes and what
//! `/problems/{code}` explains, from one table.

use domain::core::words::schema_of_words;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Where a code appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is the `code` of an error.
    Error,
    /// It is the `code` of an entry of `errors`.
    Part,
    /// It is the `code` of a result: of a permission check, of one of many addresses, of what a caller may do.
    Result,
}

/// What a code means and what to do about it.
#[derive(Debug)]
pub struct Explanation {
    pub code: &'static str,
    pub place: Place,
    /// The status of the response, the most frequent one where there are several.
    pub status: u16,
    pub meaning: &'static str,
    pub remedy: &'static str,
}

/// `code Place status "What happened and why." "What to do next."`, in the order of the alphabet.
macro_rules! explanations {
    ($($code:ident $place:ident $status:literal $meaning:literal $remedy:literal)*) => {
        /// Every code with its explanation.
        pub const EXPLANATIONS: &[Explanation] = &[$(Explanation {
            code: stringify!($code),
            place: Place::$place,
            status: $status,
            meaning: $meaning,
            remedy: $remedy,
        }),*];

        /// Every code. A test compares it with the codes in the sources, and every answer of every test is held against it.
        pub const CODES: &[&str] = &[$(stringify!($code)),*];
    };
}

explanations! {
    access_changed Error 403 "Your own access was changed while the request was processed." "Reload and try again."
    access_ended Error 401 "An admin ended your access, so you were signed out." "If that is a mistake, contact an admin of the account."
    account_not_opened Error 403
        "You haven't opened this account since you signed in, and automatic requests don't count."
        "Send the first request to the account on behalf of the person, without `Portcullis-Background`."
    all_systems Error 403
        "Only callers who manage users in the whole account can assign or remove all systems."
        "Assign individual systems, or ask someone who manages users in the whole account."
    already_invited Result 200 "The person is already invited." "Resend the invitation instead."
    already_processed Error 409
        "The request with this `Idempotency-Key` was processed, but its response was lost or contains a secret."
        "Check the result instead of sending the request again."
    already_user Result 200 "The person is already a member of the account." "Edit their profile instead."
    ambiguous_column Part 422
        "The pasted table has several columns with addresses, and it isn't clear which one has each person's own."
        "Choose one of `address_columns` with `address_column`."
    api_key_invalid Error 401 "The API key is unknown, expired or revoked." "Use a valid API key."
    body_incomplete Error 400 "The connection ended before the whole body arrived." "Send the request again."
    body_too_large Error 413 "The body has more bytes than this operation accepts." "Split the request."
    body_too_slow Error 408
        "The body of the request arrived too slowly, so the request was stopped. Nothing was changed."
        "Send it again over a faster connection, or split it."
    breached Part 422
        "The password, or one very much like it, appeared in a data breach."
        "Choose a different one, for example four random words."
    cannot_target_self Error 409 "Admins can't do this to themselves, so that they don't lock themselves out." "Ask another admin."
    conflicting_fields Error 422 "The request contains fields that exclude each other." "Send only one of them."
    contains_email Part 422 "The password is based on the person's email address." "Choose one that isn't."
    control_characters Part 422 "The text contains control characters." "Remove them. Line breaks and tabs are allowed."
    credential_revoked Error 403
        "The session or API key that started the background job is no longer valid, so nothing was changed."
        "Sign in or use a valid API key, and start the job again."
    cross_site Error 403 "A page of another site made this request." "Send it from a page of this server."
    deleted_user Result 200 "The person was a user of the account and was deleted." "Restore the user instead."
    development_host_not_allowed Error 421
        "The server runs in development mode, which answers only this machine under its own name."
        "Open it on `localhost`, or set `server.public_url` and start it without `--dev`."
    development_proxy_not_allowed Error 403
        "The server runs in development mode, which doesn't accept requests that came through a proxy."
        "Set `server.public_url` and start it without `--dev`."
    duplicate Result 200 "The address is already listed above." "Remove it."
    duplicate_id Error 422 "The list contains an id twice." "List each user once."
    email_immutable Error 409 "A user's email address can't be changed." "Invite the new address and delete this user."
    empty_selection Error 422 "The request selects no users." "Select at least one user."
    environment_required Part 422 "The permission depends on the environment, but the request names none." "Name the environment."
    field_not_allowed Part 422 "The field isn't allowed in this state, for example a password from someone who has one." "Remove it."
    field_not_applicable Error 422 "The field belongs to a different action." "Remove it."
    filter_not_allowed Error 409
        "The JSON Lines export is for verifying the activity log and always contains every entry."
        "Remove the filter, or export as CSV."
    has_all_systems Error 409
        "The user has access to all systems, so a single one can't be removed."
        "Assign individual systems first."
    idempotency_key_in_use Error 409 "A request with this `Idempotency-Key` has just been processed." "Send it again to get the response."
    idempotency_key_reused Error 409 "The `Idempotency-Key` was used for a different request." "Use a new key for each request."
    idle_timeout_too_long Part 422 "The idle timeout is longer than the maximum session length." "Choose a shorter idle timeout."
    ids_or_filter Error 422 "The request must select users either by `ids` or by `filter`." "Send exactly one of them."
    internal Error 500 "Something went wrong on the server." "Give the operator the `request_id`."
    invalid_credentials Error 401
        "The email address or password is wrong, or there is no access for this address."
        "Check both, or request a password reset."
    invalid_cursor Error 422 "The cursor doesn't match the list, its filter or its order." "Start again without a cursor."
    invalid_date_range Part 422 "The end of the range, `to`, is before its start, `from`." "Swap them."
    invalid_email Part 422 "The text isn't a valid email address. `reason` in `params` says why." "Correct the address."
    invalid_filter Error 422 "The filter isn't valid." "Correct the parts listed in `errors`."
    invalid_header Error 422 "A header of the request isn't valid." "Correct the header that `detail` names."
    invalid_image Error 422 "The body isn't a PNG, WebP or JPEG image." "Save the image in one of these formats."
    invalid_parameter Part 422 "A parameter of the request has a value that isn't valid." "Correct the parameter that `pointer` names."
    invalid_query Part 422 "The text isn't a valid query string." "Send the query string of the list of users."
    invalid_settings Error 422 "Some settings aren't valid, so nothing was changed." "Correct the settings listed in `errors`."
    invalid_value Part 422 "The value doesn't have the expected type or format." "Correct the field that `pointer` names."
    invited Result 200 "The person is invited." "There is nothing to do."
    job_abandoned Error 409
        "Every worker that ran the background job stopped before the end. Nothing was changed."
        "Give the operator the id of the job."
    job_not_queued Error 409 "The background job has already started or ended." "Only queued jobs can be canceled."
    job_starter_lost_access Error 403
        "The user who started the background job no longer has access to the account, so nothing was changed."
        "Start the job again as a different user."
    job_unreadable Error 422 "The background job can't be read." "Start it again."
    last_admin Error 409
        "An account must keep at least one active admin who can sign in."
        "Make someone else an admin first."
    level_too_low Result 200 "The role includes the permission only at a lower level." "Assign a different role."
    link_expired Error 404 "The link has expired." "Request a new one."
    link_invalid Error 404
        "The link was never valid, was for a different purpose, or was copied incompletely."
        "Check that you copied all of it, or request a new one."
    link_inviter_unauthorized Error 404
        "The person who sent the invitation is no longer allowed to invite to its role."
        "Ask an admin of the account for a new invitation."
    link_replaced Error 404 "The link was replaced by a newer one." "Use the link in the latest email, or request a new one."
    link_revoked Error 404 "The link was revoked." "Ask an admin of the account."
    link_used Error 404 "The link was already used, and each link works only once." "Sign in, or request a new one."
    logo_dimensions_too_large Error 422 "The image is wider or higher than allowed." "Make it smaller."
    logo_too_large Error 413 "The image has more bytes than allowed." "Make it smaller. A few hundred pixels are enough."
    malformed_json Error 400 "The body isn't valid JSON." "Correct the place that `detail` names."
    method_not_allowed Error 405 "This URL doesn't support the method." "See the API reference for the methods it supports."
    mixed_statuses Error 409
        "The selection includes users whose status doesn't allow this, so nothing was changed."
        "Remove the users listed in `errors` from the selection."
    name_needs_single_address Part 422
        "`name` is allowed only with a single address."
        "Write several people as `Ana Lopez <ana@example.com>`."
    no_addresses Part 422 "The request contains no email addresses." "Send at least one."
    no_password Error 409 "The user signs in with SSO and has no password." "Reset the password at their identity provider."
    no_seat_available Result 409 "No seat is available for the person." "Free a seat, or have the seat limit raised."
    not_all_invited Error 409
        "Some addresses can't be invited, so no invitations were sent."
        "Correct the addresses listed in `errors`, or send the list with `skip_invalid`."
    not_found Error 404
        "The resource doesn't exist, or you can't see it."
        "Check the URL. The resource may have been removed or may belong to an account you aren't in."
    out_of_range Part 422 "The value is smaller or larger than allowed." "Choose a value from `min` to `max` of `params`."
    outcome_unknown Error 503
        "The connection to the database was lost, so it isn't known whether the change was saved."
        "Check before you repeat it, or send it again with the same `Idempotency-Key`."
    own_system Result 200 "Allowed by the role, and the user has access to the system." "There is nothing to do."
    own_systems_only Result 200 "The role allows this only in the user's own systems." "Name the system in the check."
    password_changed Error 401 "The password was changed, so this session ended." "Sign in with the new password, or reset it."
    password_rejected Error 422 "The password doesn't meet the requirements." "Choose a different one. `errors` has each reason."
    permission_missing Error 403 "Your role doesn't include the permission that `detail` names." "Ask an admin of the account."
    query_too_slow Error 503
        "The search takes longer than a request may."
        "Narrow it down, for example with a shorter date range, one system, or a longer search text."
    rate_limited Error 429 "There were too many requests within a minute." "Wait as long as `Retry-After` says."
    repeated_parameter Part 422 "A query parameter was given more than once." "Give it once, with values separated by commas."
    required Part 422 "A required field is missing." "Send the field that `pointer` names."
    restore_window_expired Error 409 "The user was deleted more than 30 days ago." "Invite the address again."
    role_exceeds_own Error 403
        "The role includes more than your own role."
        "Ask someone with at least the same permissions."
    same_password Part 422 "The new password is the current one." "Choose a different one."
    seat_limit Error 409
        "The account has fewer seats available than the request needs."
        "Disable users, revoke invitations, or have the seat limit raised."
    secret_key_mismatch Error 409 "The configured secret key isn't the one of this installation." "Configure the installation's own key."
    secret_key_replaced Error 409 "Someone else just replaced the secret key of the installation." "Configure the current key."
    secret_key_unchanged Error 409 "The installation already uses the configured secret key." "Configure the new key first."
    selection_too_large Error 413 "The request selects more users than allowed." "Send several requests."
    session_expired Error 401 "The session expired due to inactivity or because it reached its maximum length." "Sign in again."
    sign_in_required Error 401 "The request isn't authenticated." "Sign in, or send an API key."
    signed_in_again Error 401 "Someone signed in again in the same browser, which ended this session." "Sign in again."
    signed_out Error 401 "The person signed out, here or in another browser." "Sign in again."
    signed_out_by_admin Error 401 "An admin signed the person out." "Sign in again."
    single_or_batch Part 422 "The request contains both a single check and a batch." "Put all checks into `checks`."
    slug_taken Error 409 "Another account already uses this URL name." "Choose a different one."
    stale Error 412
        "Someone else changed the resource after you loaded it."
        "Load it again, check the differences and repeat your change."
    system_access_only Error 403
        "Your role can only assign systems to users."
        "Ask someone who manages users in the whole account."
    system_name_taken Error 409 "The account already has a system with this name." "Choose a different name."
    system_not_assigned Result 200 "The user doesn't have access to the system." "Assign it directly or through a group."
    system_not_own Error 403
        "You can assign only your own systems."
        "Ask someone who manages users in the whole account."
    system_required Result 200 "The permission applies per system, but the check names none." "Name the system."
    timed_out Error 503
        "The request took too long and was stopped."
        "If it changes something, check whether that happened before you send it again."
    too_few_special_characters Part 422 "The password has fewer special characters than required." "Use at least `min`, such as ! # ? or a space."
    too_long Part 422 "The value is longer than allowed." "Use at most `max` characters or values."
    too_many_addresses Error 413 "The list has more addresses than one request can invite." "Split the list."
    too_many_checks Error 413 "The batch has more checks than allowed." "Split the batch."
    too_many_concurrent_requests Error 429
        "Several requests from you or your account are still being processed."
        "Wait for one to finish, and as long as `Retry-After` says."
    too_many_emails Result 429
        "Too many emails were sent recently, to this address or by you or your account."
        "Try again later."
    too_many_failed_sign_ins Error 429 "There were too many failed sign-ins." "Wait as long as `Retry-After` says, or request a password reset."
    too_many_grants Error 413
        "The request would assign more individual systems than allowed."
        "Send several requests, or assign all systems."
    too_many_jobs Error 429 "Too many background jobs of the account are queued." "Wait until one starts, or cancel one."
    too_many_lines Part 422 "The text has more lines than allowed." "Combine some of them."
    too_many_sessions Error 401 "The person signed in in too many browsers, so their oldest session was ended." "Sign in again."
    too_many_systems Error 422 "The request names more systems than allowed." "Send several requests, or assign all systems."
    too_many_views Error 409 "The person has the maximum number of saved views." "Delete one."
    too_short Part 422 "The password is shorter than required." "Use at least `min` characters."
    unavailable Error 503 "The service is temporarily unavailable. Nothing was changed." "Try again after the seconds in `Retry-After`."
    unknown_environment Result 200 "The system doesn't have this environment." "Check the id or name of the environment."
    unknown_field Part 422 "The body contains a field that this operation doesn't have." "Remove the field that `pointer` names."
    unknown_level Part 422 "The permission doesn't have this level." "Use one of the levels in the list of permissions."
    unknown_parameter Part 422 "The URL contains a parameter that this operation doesn't have." "Remove the parameter that `pointer` names."
    unknown_permission Part 422 "The catalog has no such permission." "Use a key of the list of permissions."
    unknown_role Error 422 "The account has no such role." "Choose one from the list of roles."
    unknown_system Part 422 "The account has no such system, or you can't see it." "Choose one from the list of systems."
    unknown_user Result 200 "The account has no such user, or you can't see them." "Check the id or email address."
    unsupported_media_type Error 415 "The operation doesn't accept the media type of the body." "Send the `Content-Type` that the API reference names."
    user_deleted Result 200 "The user is deleted." "Restore the user first."
    user_exceeds_own Error 403
        "The role of the user includes more than your own role."
        "Ask someone with at least the same permissions."
    user_inactive Result 200 "The user is inactive." "Enable the user first."
    user_provisioned Result 200 "The user was invited but hasn't activated yet." "Wait for the user to activate, or resend the invitation."
    view_name_taken Error 409 "You already have a view with this name." "Choose a different name, or delete that view first."
    whole_account Result 200 "Allowed by the role, in the whole account." "There is nothing to do."
    wrong_environment Part 422 "Publishing to this environment needs a different permission." "Use the permission that `detail` names."
    wrong_password Part 422 "The current password is wrong." "Try again, or request a password reset."
    wrong_status Error 409 "The status of the user doesn't allow this." "Check the status. `detail` names the one that is required."
}

/// A code in the description of the API, which names every one; `/problems/{code}` explains it.
pub struct ProblemCode;

impl PartialSchema for ProblemCode {
    fn schema() -> RefOr<Schema> {
        schema_of_words(CODES.iter().copied())
    }
}

impl ToSchema for ProblemCode {}

/// What this code means; nothing where it is none.
pub fn explanation_of(code: &str) -> Option<&'static Explanation> {
    EXPLANATIONS.iter().find(|explanation| explanation.code == code)
}
