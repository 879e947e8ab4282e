//! The activity log.

use axum::extract::State;
use axum::response::Response;
use domain::activity::actions::ACTIONS;
use domain::activity::chain::ChainBreak;
use domain::activity::filter::EventFilter;
use domain::activity::{ActorKind, EventTarget};
use domain::core::ids::EventId;
use domain::core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::activity::export::EventFormat;
use service::activity::verification::{self, Verdict};
use service::activity::{self, EventDetail, EventPage, EventQuery, ListedEvent};
use utoipa::openapi::Schema;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Path, Query};
use crate::http::file::{FileBytes, file};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::schemas::one_of;
use crate::http::site::Site;

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(verify)).routes(routes!(export)).routes(routes!(get))
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventFilterParams {
    /// Part of the action, the actor's address, the reason or a target's name, whatever its case and accents.
    q: Option<String>,
    /// What happened, like `user.disabled`; several separated by commas. The `action` of an entry lists them all.
    action: Option<String>,
    /// Id of the user or key who acted.
    actor: Option<String>,
    /// Id of what was changed.
    target: Option<String>,
    /// Not earlier, RFC 3339.
    #[param(inline)]
    from: Option<Timestamp>,
    /// Earlier, RFC 3339.
    #[param(inline)]
    to: Option<Timestamp>,
}

impl From<EventFilterParams> for EventFilter {
    fn from(params: EventFilterParams) -> Self {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let actions = params.action.as_deref().unwrap_or_default().split(',').map(str::trim);
        Self {
            q: params.q.unwrap_or_default().trim().to_owned(),
            actions: actions.filter(|action| !action.is_empty()).map(str::to_owned).collect(),
            actor: given(params.actor),
            target: given(params.target),
            from: params.from,
            to: params.to,
        }
    }
}

/// Which page of the entries, or of the targets of one.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventPageParams {
    /// How many, 1 to 200; 50 when absent.
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
    /// Cursor of the next page, with older entries; null at the end. A page may have fewer entries than asked for and go on
    /// all the same: one request looks through 10,000 entries at most.
    next_cursor: Option<String>,
    /// Cursor of the previous page, with newer entries.
    prev_cursor: Option<String>,
    /// How many entries pass the filter.
    total: i64,
    /// False: there are more than `total`, which was counted up to 10,000, or among the latest 10,000 entries.
    total_is_exact: bool,
}

/// An entry of the log.
#[derive(Debug, Serialize, ToSchema)]
struct EventView {
    /// Its id.
    id: String,
    /// Its place in the log, from 1; null for callers who do not see the whole log.
    seq: Option<i64>,
    /// When, RFC 3339.
    at: Timestamp,
    #[schema(schema_with = action)]
    action: String,
    /// Who did it.
    actor: EventActor,
    /// The first three things it was done to, of those that the caller may see.
    targets: Vec<EventTargetView>,
    /// To how many things it was done, of those that the caller may see.
    target_count: i64,
    /// From where; empty where the caller may not see who did it.
    ip: String,
    /// The id of the request, also in the server's log.
    request_id: String,
    /// Why, where the actor said so.
    reason: String,
}

/// Who acted, as they were at that moment.
#[derive(Debug, Serialize, ToSchema)]
struct EventActor {
    /// What kind of actor.
    kind: ActorKind,
    /// Id of the user or key; empty for operator and server, and for people whom the caller may not see.
    id: String,
    /// Address of the person, name of the key; empty for people whom the caller may not see.
    label: String,
    /// On whose behalf, where that is somebody else: id of a user.
    on_behalf_of: Option<String>,
}

/// What something was done to.
#[derive(Debug, Serialize, ToSchema)]
struct EventTargetView {
    /// `user`, `account`, `system` …
    kind: String,
    /// Its id.
    id: String,
    /// How people know it.
    label: String,
}

fn action() -> Schema {
    one_of(ACTIONS.iter().copied(), "What happened.")
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
/// Newest entries first. Whoever may read the log of the account and see its people reads all of it. Others see what they did
/// themselves and what happened to their systems, and of people what happened to those whom they see: a System Manager to the
/// users of the own systems. Filters and text find only what is shown.
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
    let query = EventQuery { filter: filter.into(), limit: page.limit, cursor: page.cursor };
    Ok(Json(activity::list(&site.app, &caller, &query).await?.into()))
}

/// An entry in a path.
#[derive(Debug, Deserialize)]
pub struct EventItem {
    event: EventId,
}

/// An entry with what changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventDetailView {
    /// Its id.
    id: String,
    /// Its place in the log, from 1; null for callers who do not see the whole log.
    seq: Option<i64>,
    /// When, RFC 3339.
    at: Timestamp,
    #[schema(schema_with = action)]
    action: String,
    /// Who did it.
    actor: EventActor,
    /// From where; empty where the caller may not see who did it.
    ip: String,
    /// The session, empty without one, and where the caller may not see who did it.
    session: String,
    /// The id of the request, also in the server's log.
    request_id: String,
    /// Why, where the actor said so.
    reason: String,
    /// The hash that chains it to the entry before; null for callers who do not see the whole log.
    hash: Option<String>,
    /// To how many things it was done, of those that the caller may see.
    target_count: i64,
    /// A page of these things, with what changed of them.
    targets: Vec<EventChange>,
    /// Cursor of the next targets; null at the end.
    next_cursor: Option<String>,
}

/// What changed of something.
#[derive(Debug, Serialize, ToSchema)]
struct EventChange {
    /// `user`, `account`, `system` …
    kind: String,
    /// Its id.
    id: String,
    /// How people know it.
    label: String,
    /// The changed fields before; null when it is new.
    before: Value,
    /// The changed fields after; null when it is gone.
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

/// An entry of the activity log.
///
/// With before and after of everything it changed, page by page. Callers who do not see everybody and every system are shown the
/// part that is about whom and what they see.
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

/// What following the chain found.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationView {
    /// Whether the log is whole and its end has the seal of the installation's secret key. Then nobody without the key has
    /// altered, added or removed an entry, except by putting an earlier state of the whole log back; whoever has noted
    /// `entries` and `head` of an earlier time finds that, too.
    ok: bool,
    /// How many entries were followed.
    entries: i64,
    /// The hash of the latest entry. Note it with `entries` somewhere else: in a later export the entry of that number must
    /// have this hash.
    head: String,
    /// The place where the chain is broken; null where it is whole, or where only its seal is wrong.
    broken_at: Option<i64>,
    /// What is wrong.
    reason: Option<String>,
}

impl From<Verdict> for VerificationView {
    fn from(found: Verdict) -> Self {
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
/// Follows the chain of hashes from the first entry to the latest, and checks the seal of the installation's secret key at its
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
        "`csv` (as when absent): a table with one row per target; `before` and `after` as JSON. `jsonl`: one object per line, \
         `{\"hash\": …, \"entry\": …}`, from which the chain can be verified; it has all entries and takes no filter.",
    )
}

/// Export the activity log.
///
/// Oldest entry first, and the export itself is the last one. `jsonl` is for verifying: on each line `hash` is the SHA-256
/// of the hash on the line before (nothing on the first line), a line feed, and the bytes of `entry` as they stand there. An
/// entry begins with its `format`, which says how it is to be read (1), and names the `account`; its `seq` is the number of
/// the line. This shows that the lines belong together and that none is missing between them. That they are the log of this
/// installation, only the installation itself can tell, as only it has the key (see `verify`).
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
    Ok(file(&site, kind, activity::export::export(&site.app, &caller, format, &filter.into()).await?))
}
