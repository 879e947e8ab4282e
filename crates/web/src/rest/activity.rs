//! The activity log.

use axum::extract::State;
use axum::response::Response;
use domain::activity::actions::{Action, TargetKind};
use domain::activity::chain::ChainBreak;
use domain::activity::filter::{EventFilter, actions_in};
use domain::activity::{ActorKind, EventTarget};
use domain::core::failure::{Failure, refuse_parts};
use domain::core::ids::EventId;
use domain::core::refusal::Kind;
use domain::core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::activity::export::EventFormat;
use service::activity::verification::{self, LogVerification};
use service::activity::{self, EventDetail, EventPage, EventQuery, ListedEvent};
use utoipa::openapi::Schema;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Path, Query};
use crate::http::file::{FileBytes, file};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::schemas::{ListOf, one_of};
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(verify)).routes(routes!(export)).routes(routes!(get))
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventFilterParams {
    /// Part of the action, the actor's email address, the reason or a target's name, ignoring case and accents.
    #[param(max_length = 200, pattern = "^[^\\u0000]*$")]
    q: Option<String>,
    /// Actions such as `user.disabled`, separated by commas. The `action` of an entry lists all of them.
    #[param(value_type = Option<Actions>, inline)]
    action: Option<String>,
    /// Id of the user or API key that acted.
    #[param(max_length = 200, pattern = "^[^\\u0000]*$")]
    actor: Option<String>,
    /// Id of the target.
    #[param(max_length = 200, pattern = "^[^\\u0000]*$")]
    target: Option<String>,
    /// Start of the range, RFC 3339.
    #[param(inline)]
    from: Option<Timestamp>,
    /// End of the range (exclusive), RFC 3339.
    #[param(inline)]
    to: Option<Timestamp>,
}

// The description takes no type with parameters for a value.
type Actions = ListOf<Action>;

impl EventFilterParams {
    fn read(self) -> Result<EventFilter, Failure> {
        let params = self;
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let actions = actions_in(params.action.as_deref().unwrap_or_default())
            .map_err(|error| refuse_parts(Kind::Invalid, "invalid_parameter", error.detail.clone(), vec![error]))?;
        Ok(EventFilter {
            q: params.q.unwrap_or_default().trim().to_owned(),
            actions,
            actor: given(params.actor),
            target: given(params.target),
            from: params.from,
            to: params.to,
        })
    }
}

/// Which page of the entries, or of the targets of one.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventPageParams {
    /// Page size, 1 to 200. Default: 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next_cursor` or `prev_cursor` of a page of the same list.
    cursor: Option<String>,
}

/// A page of the log, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventPageView {
    /// The entries.
    items: Vec<EventView>,
    /// Cursor of the next page, with older entries. `null` at the end. A page can have fewer entries than requested even if
    /// more follow, because one request searches at most 10,000 entries.
    next_cursor: Option<String>,
    /// Cursor of the previous page, with newer entries.
    prev_cursor: Option<String>,
    /// Number of entries that match the filter.
    total: i64,
    /// `false` if there are more than `total`, which is counted up to 10,000 or among the latest 10,000 entries.
    total_is_exact: bool,
}

/// A log entry.
#[derive(Debug, Serialize, ToSchema)]
struct EventView {
    /// The log entry's id.
    id: String,
    /// Position in the log, starting at 1. `null` for callers who can't see the whole log.
    seq: Option<i64>,
    /// When, RFC 3339.
    at: Timestamp,
    /// What happened.
    #[schema(value_type = Action)]
    action: String,
    /// The actor.
    actor: EventActor,
    /// The first three targets the caller can see.
    targets: Vec<EventTargetView>,
    /// Number of targets the caller can see.
    target_count: i64,
    /// IP address. Empty if the caller can't see the actor.
    ip: String,
    /// The id of the request, also in the server's log.
    request_id: String,
    /// The reason, if the actor gave one.
    reason: String,
}

/// The actor, as they were at that moment.
#[derive(Debug, Serialize, ToSchema)]
struct EventActor {
    /// The kind of actor.
    kind: ActorKind,
    /// Id of the user or API key. Empty for the operator and the server, and for users the caller can't see.
    id: String,
    /// Email address of the user or name of the API key. Empty for users the caller can't see.
    label: String,
    /// Id of the user on whose behalf the actor acted, if different.
    on_behalf_of: Option<String>,
}

/// A target of an entry.
#[derive(Debug, Serialize, ToSchema)]
struct EventTargetView {
    /// What kind of thing.
    #[schema(value_type = TargetKind)]
    kind: String,
    /// The target's id.
    id: String,
    /// The name people know it by.
    label: String,
}

impl From<ListedEvent> for EventView {
    fn from(ListedEvent { stored, shows_place }: ListedEvent) -> Self {
        let event = stored.event;
        let target = |target: EventTarget| EventTargetView { kind: target.kind, id: target.id, label: target.label };
        Self {
            id: event.id.to_string(),
            seq: shows_place.then_some(event.seq),
            at: event.at,
            action: event.action,
            actor: EventActor {
                kind: event.actor.kind,
                id: event.actor.id,
                label: event.actor.label,
                on_behalf_of: event.actor.on_behalf_of,
            },
            targets: event.targets.into_iter().map(target).collect(),
            target_count: stored.target_count,
            ip: event.origin.ip,
            request_id: event.origin.request,
            reason: event.reason,
        }
    }
}

impl From<EventPage> for EventPageView {
    fn from(page: EventPage) -> Self {
        Self {
            items: page.items.into_iter().map(EventView::from).collect(),
            next_cursor: page.next,
            prev_cursor: page.previous,
            total: page.total,
            total_is_exact: page.total_is_exact,
        }
    }
}

/// List the activity log.
///
/// Newest entries first. Callers who can read the activity log and see all users see every entry. Others see what they did
/// themselves, what happened to their systems, and what happened to the users they can see. Filters and search only find
/// visible entries.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/events", operation_id = "list_events", tag = "events",
    params(InAccount, EventFilterParams, EventPageParams),
    extensions(("x-permission" = json!(activity::LIST))),
    responses((status = OK, body = EventPageView)))]
pub async fn list(
    State(site): State<Site>,
    Caller(caller): Caller,
    Query(filter): Query<EventFilterParams>,
    Query(page): Query<EventPageParams>,
) -> Result<Json<EventPageView>, Problem> {
    let query = EventQuery { filter: filter.read()?, limit: page.limit, cursor: page.cursor };
    Ok(Json(activity::list(&site.app, &caller, &query).await?.into()))
}

/// An entry in a path.
#[derive(Debug, Deserialize)]
pub struct EventItem {
    event: EventId,
}

/// A log entry with what changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventDetailView {
    /// The log entry's id.
    id: String,
    /// Position in the log, starting at 1. `null` for callers who can't see the whole log.
    seq: Option<i64>,
    /// When, RFC 3339.
    at: Timestamp,
    /// What happened.
    #[schema(value_type = Action)]
    action: String,
    /// The actor.
    actor: EventActor,
    /// IP address. Empty if the caller can't see the actor.
    ip: String,
    /// The session. Empty if there is none or the caller can't see the actor.
    session: String,
    /// The id of the request, also in the server's log.
    request_id: String,
    /// The reason, if the actor gave one.
    reason: String,
    /// The hash that chains the entry to the previous one. `null` for callers who can't see the whole log.
    hash: Option<String>,
    /// Number of targets the caller can see.
    target_count: i64,
    /// A page of the targets, with what changed about them.
    targets: Vec<EventChange>,
    /// Cursor of the next targets. `null` at the end.
    next_cursor: Option<String>,
}

/// What changed about a target.
#[derive(Debug, Serialize, ToSchema)]
struct EventChange {
    /// What kind of thing.
    #[schema(value_type = TargetKind)]
    kind: String,
    /// The target's id.
    id: String,
    /// The name people know it by.
    label: String,
    /// The changed fields before. `null` if the target is new.
    before: Value,
    /// The changed fields after. `null` if the target was removed.
    after: Value,
}

impl From<EventDetail> for EventDetailView {
    fn from(found: EventDetail) -> Self {
        let (session, hash) = (found.stored.event.origin.session.clone(), found.stored.hash.clone());
        let shows_place = found.shows_place;
        let event = EventView::from(ListedEvent { stored: found.stored, shows_place });
        let json = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        let change = |target: EventTarget| EventChange {
            before: json(&target.before),
            after: json(&target.after),
            kind: target.kind,
            id: target.id,
            label: target.label,
        };
        Self {
            id: event.id,
            seq: event.seq,
            at: event.at,
            action: event.action,
            actor: event.actor,
            ip: event.ip,
            session,
            request_id: event.request_id,
            reason: event.reason,
            hash: shows_place.then_some(hash),
            target_count: event.target_count,
            targets: found.targets.into_iter().map(change).collect(),
            next_cursor: found.next,
        }
    }
}

/// Get a log entry.
///
/// Includes before and after of every target, page by page. Callers who can't see all users and systems see only the parts
/// about those they can see.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/events/{event}", operation_id = "get_event", tag = "events",
    params(InAccount, ("event" = inline(EventId), Path, description = "Id of the entry (`evt_…`)."), EventPageParams),
    extensions(("x-permission" = json!(activity::LIST))),
    responses((status = OK, body = EventDetailView)))]
pub async fn get(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<EventItem>,
    Query(page): Query<EventPageParams>,
) -> Result<Json<EventDetailView>, Problem> {
    let found = activity::get(&site.app, &caller, item.event, page.limit, page.cursor.as_deref()).await?;
    Ok(Json(found.into()))
}

/// The result of verifying the activity log.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationView {
    /// Whether the log is intact and sealed with the installation's secret key. Then no one without the key has changed,
    /// added or removed an entry, except by restoring an earlier state of the entire log. To detect that too, note
    /// `entries` and `head` and compare them later.
    ok: bool,
    /// Number of entries verified.
    entries: i64,
    /// The hash of the latest entry. Note it together with `entries` somewhere else: in a later export, the entry with that
    /// number must have this hash.
    head: String,
    /// Where the chain is broken. `null` if it is intact, or if only its seal is wrong.
    broken_at: Option<i64>,
    /// What is wrong.
    reason: Option<String>,
}

impl From<LogVerification> for VerificationView {
    fn from(found: LogVerification) -> Self {
        Self {
            ok: found.broken.is_none(),
            entries: found.entries,
            head: found.head,
            broken_at: found.broken.as_ref().and_then(ChainBreak::place),
            reason: found.broken.map(|broken| broken.to_string()),
        }
    }
}

/// Verify the activity log.
///
/// Follows the hash chain from the first to the latest entry and checks the seal of the installation's secret key at its
/// end.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/events/verify", operation_id = "verify_events", tag = "events",
    params(InAccount),
    extensions(("x-permission" = json!(activity::EXPORT))),
    responses((status = OK, body = VerificationView)))]
pub async fn verify(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<VerificationView>, Problem> {
    Ok(Json(verification::check(&site.app, &caller).await?.into()))
}

/// The form of the file.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventExportParams {
    /// See [`formats`], which describes it.
    #[param(schema_with = formats)]
    format: Option<EventFormat>,
}

fn formats() -> Schema {
    one_of(
        EventFormat::ALL.iter().map(|format| format.word()),
        "`csv` (default): a table with one row per target, with `before` and `after` as JSON. `jsonl`: one object per \
         line, `{\"hash\": …, \"entry\": …}`, for verifying the chain. It contains all entries and accepts no \
         filter.",
    )
}

/// Export the activity log.
///
/// Oldest entry first. The export itself is the last entry. `jsonl` is for verification: on each line, `hash` is the
/// SHA-256 of the hash on the previous line (empty on the first line), a line feed, and the exact bytes of `entry`. An
/// entry starts with its `format` (1) and names the `account`. Its `seq` is the line number. This proves that the lines
/// belong together and that none is missing in between. Only the installation can prove that they are its own log, because
/// only it has the key (see `verify`).
#[utoipa::path(get, path = "/api/v1/accounts/{account}/events/export", operation_id = "export_events", tag = "events",
    params(InAccount, EventExportParams, EventFilterParams),
    extensions(("x-permission" = json!(activity::EXPORT)), ("x-recorded" = json!(true))),
    responses((status = OK, content((FileBytes = "text/csv"), (FileBytes = "application/jsonl")))))]
pub async fn export(
    State(site): State<Site>,
    Caller(caller): Caller,
    Query(filter): Query<EventFilterParams>,
    Query(form): Query<EventExportParams>,
) -> Result<Response, Problem> {
    let format = form.format.unwrap_or_default();
    let kind = match format {
        EventFormat::Csv => "text/csv; charset=utf-8",
        EventFormat::JsonLines => "application/jsonl",
    };
    Ok(file(&site, kind, activity::export::export(&site.app, &caller, format, &filter.read()?).await?))
}
