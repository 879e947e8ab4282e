//! The activity log: list and details.

use domain::access::{Level, Need, Permission};
use domain::event::EventTarget;
use domain::event_filter::EventFilter;
use domain::ids::EventId;
use domain::refusal::Kind;
use serde::{Deserialize, Serialize};
use store::Tenant;
use store::accounts::Accounts;
use store::event_list::{EventSelection, EventWindow, Sight};
pub use store::events::StoredEvent;

use crate::app::App;
use crate::caller::Caller;
use crate::cursor::{self, Seal};
use crate::failure::{Failure, NoSuch, refuse_parts};

/// Read the log: all of it, or what happened to own systems and their users.
pub const LIST: Need = Need::systems(Permission::ACTIVITY_LOG, Level::View);
/// Take the log away as a file, and verify it: only who may read all of it.
pub const EXPORT: Need = Need::account(Permission::ACTIVITY_LOG, Level::Allowed);

/// How many targets a row of the list names.
const TARGETS_SHOWN: i64 = 3;
/// Entries of the chain that are followed at once.
pub(crate) const CHAIN_PIECE: i64 = 200;

pub(crate) fn selection(filter: &EventFilter, sight: Option<Sight>) -> Result<EventSelection, Failure> {
    filter
        .check()
        .map_err(|error| refuse_parts(Kind::Invalid, "invalid_parameter", error.detail.clone(), vec![error]))?;
    Ok(EventSelection { filter: filter.clone(), sight })
}

/// What is asked of the list.
#[derive(Debug, Clone, Default)]
pub struct EventQuery {
    /// Which entries.
    pub filter: EventFilter,
    /// How many; [`cursor::DEFAULT_LIMIT`] when absent.
    pub limit: Option<i64>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A row of the list: the entry with its first targets.
#[derive(Debug, Clone)]
pub struct ListedEvent {
    /// The entry; its targets are the first ones that the caller may see.
    pub stored: StoredEvent,
}

/// A page of the log, newest first.
#[derive(Debug, Clone)]
pub struct EventPage {
    /// The rows.
    pub items: Vec<ListedEvent>,
    /// Cursor of the next page: older entries.
    pub next: Option<String>,
    /// Cursor of the previous page: newer entries.
    pub previous: Option<String>,
    /// How many entries there are.
    pub total: i64,
    /// Whether `total` is all.
    pub total_is_exact: bool,
}

#[derive(Serialize, Deserialize)]
struct Place(bool, i64);

fn sight(app: &App, caller: &Caller) -> Option<Sight> {
    let systems = caller.limited_to(LIST)?;
    let user = caller.principal()?.user_id;
    Some(Sight { user, systems, now: app.world.now() })
}

/// A page of the log.
///
/// # Errors
/// 422 for a limit out of range or a cursor of another list.
pub async fn list(app: &App, caller: &Caller, query: &EventQuery) -> Result<EventPage, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let limit = i64::try_from(cursor::limit(query.limit)?).unwrap_or(i64::MAX);
    let selection = selection(&query.filter, sight(app, caller))?;
    let seal = Seal::new(&app.key, &(view.account(), "events", &query.filter));
    let place = query.cursor.as_ref().map(|text| seal.read::<Place>(text)).transpose()?;
    let window = EventWindow {
        from: place.as_ref().map(|place| place.1),
        backward: place.as_ref().is_some_and(|place| place.0),
        limit,
    };
    let piece = view.event_list().page(&selection, &window).await?;
    let (total, total_is_exact) = if selection.is_everything() {
        let account = view.account();
        (Accounts(view.tx()).find(account).await?.ok_or(NoSuch("account"))?.event_count, true)
    } else {
        view.event_list().total(&selection).await?
    };
    let mut events = piece.events;
    let ends = (events.first().map(|stored| stored.event.seq), events.last().map(|stored| stored.event.seq));
    for found in view.event_list().first_targets(&events, selection.sight.as_ref(), TARGETS_SHOWN).await? {
        if let Some(stored) = events.iter_mut().find(|stored| stored.event.seq == found.seq) {
            stored.event.targets.push(found.target);
        }
    }
    let write = |backward, seq| seal.write(&Place(backward, seq));
    // Where the reader came from there was something, so there is a way back; a search may stop before its page is full.
    let came = window.from;
    let (next, previous) = match window.backward {
        false => (piece.more, came.map(|came| ends.0.unwrap_or(came))),
        true => (came.map(|came| ends.1.unwrap_or(came)), piece.more),
    };
    Ok(EventPage {
        items: events.into_iter().map(|stored| ListedEvent { stored }).collect(),
        next: next.map(|seq| write(false, seq)),
        previous: previous.map(|seq| write(true, seq)),
        total,
        total_is_exact,
    })
}

/// An entry with a page of its targets.
#[derive(Debug, Clone)]
pub struct EventDetail {
    /// The entry.
    pub stored: StoredEvent,
    /// Targets with what changed of them.
    pub targets: Vec<EventTarget>,
    /// Cursor of the next targets.
    pub next: Option<String>,
}

/// An entry, with before and after of what it changed.
///
/// # Errors
/// 404 for an entry that is not there, or of which the caller may see nothing.
pub async fn get(
    app: &App,
    caller: &Caller,
    id: EventId,
    limit: Option<i64>,
    from: Option<&str>,
) -> Result<EventDetail, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let limit = cursor::limit(limit)?;
    let seal = Seal::new(&app.key, &(view.account(), id));
    let place = from.map(|text| seal.read::<i64>(text)).transpose()?.unwrap_or(0);
    let stored = view.events().find(id).await?.ok_or(NoSuch("event"))?;
    let sight = sight(app, caller);
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut placed = view.event_list().targets(stored.event.seq, place, wanted, sight.as_ref()).await?;
    let is_own = sight.as_ref().is_none_or(|sight| stored.event.actor.id == sight.user.to_string());
    if placed.is_empty() && place == 0 && !is_own {
        return Err(NoSuch("event").into());
    }
    let next = placed.get(limit).map(|(place, _)| seal.write(place));
    placed.truncate(limit);
    Ok(EventDetail { stored, targets: placed.into_iter().map(|(_, target)| target).collect(), next })
}
