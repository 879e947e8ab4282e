//! The activity log: list and details.

pub mod export;
pub mod verification;

use domain::access::{Level, Need, Permission};
use domain::activity::EventTarget;
use domain::activity::filter::EventFilter;
use domain::core::failure::{Failure, NoSuch, refuse_parts};
use domain::core::ids::EventId;
use domain::core::refusal::Kind;
use serde::{Deserialize, Serialize};
use store::Tenant;
use store::accounts::Accounts;
pub use store::activity::StoredEvent;
use store::activity::list::EventList;
use store::activity::list::{EventSelection, EventWindow, LogVisibility};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::cursor::{self, Seal};
use crate::core::view::View;
use crate::core::visibility::{READ_LOG, Visibility};

/// Read the log: all of it, or what happened to own systems and to the people one sees.
pub const LIST: Need = READ_LOG;
/// Take the log away as a file, and verify it: only who may read all of it.
pub const EXPORT: Need = Need::account(Permission::ACTIVITY_LOG, Level::Allowed);

/// How many targets a row of the list names.
const TARGETS_SHOWN: i64 = 3;
/// Entries of the chain that are followed at once.
pub(crate) const CHAIN_PIECE: i64 = 200;

pub(crate) fn selection(filter: &EventFilter, sight: Option<LogVisibility>) -> Result<EventSelection, Failure> {
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
    /// The entry; its targets are the first ones that the caller may see, and counted are those.
    pub stored: StoredEvent,
    /// Whether the caller sees the whole log, and so the place of the entry in it.
    pub shows_place: bool,
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

/// A place of a cursor: from older to newer entries or not, and the entry. Not its number, which would tell how many there are
/// that the reader does not see.
#[derive(Serialize, Deserialize)]
struct Place(bool, EventId);

/// A page of the log.
///
/// Of a caller who does not see all of it, filters and text are held against what they are shown: a hidden target or actor is
/// found by nothing. Total and pages are exact among the latest 10,000 entries of the account; that a page goes on although it
/// is not full is the one thing that tells of more.
///
/// # Errors
/// 422 for a limit out of range or a cursor of another list.
pub async fn list(app: &App, caller: &Caller, query: &EventQuery) -> Result<EventPage, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let limit = i64::try_from(cursor::limit(query.limit)?).unwrap_or(i64::MAX);
    let selection = selection(&query.filter, Visibility::of_log(app, caller))?;
    let seal = Seal::new(&app.key, &(view.account(), "events", &query.filter));
    let place = query.cursor.as_ref().map(|text| seal.read::<Place>(text)).transpose()?;
    let window = window(&mut view, place, limit).await?;
    let (piece, (total, total_is_exact)) = if selection.is_everything() {
        let account = view.account();
        let total = Accounts(view.tx()).find(account).await?.ok_or(NoSuch("account"))?.event_count;
        (EventList::of(&mut view).page(&selection, &window).await?, (total, true))
    } else if window.from.is_none() {
        EventList::of(&mut view).newest(&selection, limit).await?
    } else {
        (EventList::of(&mut view).page(&selection, &window).await?, EventList::of(&mut view).total(&selection).await?)
    };
    let events = with_first_targets(&mut view, piece.events, selection.sight.as_ref()).await?;
    let ends = (events.first().map(|stored| stored.event.seq), events.last().map(|stored| stored.event.seq));
    // Where the reader came from there was something, so there is a way back; a search may stop before its page is full.
    let came = window.from;
    let (next, previous) = match window.backward {
        false => (piece.more, came.map(|came| ends.0.unwrap_or(came))),
        true => (came.map(|came| ends.1.unwrap_or(came)), piece.more),
    };
    let next = cursor_at(&mut view, &seal, false, next, &events).await?;
    let previous = cursor_at(&mut view, &seal, true, previous, &events).await?;
    let shows_place = selection.sight.is_none();
    let items = events.into_iter().map(|stored| ListedEvent { stored, shows_place }).collect();
    Ok(EventPage { items, next, previous, total, total_is_exact })
}

async fn window(view: &mut View, place: Option<Place>, limit: i64) -> Result<EventWindow, Failure> {
    let Some(Place(backward, id)) = place else { return Ok(EventWindow { from: None, backward: false, limit }) };
    let from = EventList::of(view).place_of(id).await?.ok_or_else(cursor::broken)?;
    Ok(EventWindow { from: Some(from), backward, limit })
}

async fn cursor_at(
    view: &mut View,
    seal: &Seal<'_>,
    backward: bool,
    seq: Option<i64>,
    events: &[StoredEvent],
) -> Result<Option<String>, Failure> {
    let Some(seq) = seq else { return Ok(None) };
    let id = match events.iter().find(|stored| stored.event.seq == seq) {
        Some(stored) => Some(stored.event.id),
        None => EventList::of(view).id_at(seq).await?,
    };
    Ok(id.map(|id| seal.write(&Place(backward, id))))
}

/// Completes entries with the first of their targets that the reader sees, and with how many these are.
async fn with_first_targets(
    view: &mut View,
    mut events: Vec<StoredEvent>,
    sight: Option<&LogVisibility>,
) -> Result<Vec<StoredEvent>, Failure> {
    let Some(sight) = sight else {
        for found in EventList::of(view).first_targets(&events, TARGETS_SHOWN).await? {
            if let Some(stored) = events.iter_mut().find(|stored| stored.event.seq == found.seq) {
                stored.event.targets.push(found.target);
            }
        }
        return Ok(events);
    };
    events.iter_mut().for_each(|stored| stored.target_count = 0);
    for found in EventList::of(view).first_seen_targets(&events, sight, TARGETS_SHOWN).await? {
        if let Some(stored) = events.iter_mut().find(|stored| stored.event.seq == found.seq) {
            stored.target_count = found.seen;
            stored.event.targets.push(found.target);
        }
    }
    Ok(events)
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
    /// Whether the caller sees the whole log, and so the entry's place and hash in it.
    pub shows_place: bool,
}

/// An entry, with before and after of what it changed.
///
/// A caller who does not see everyone and every system is shown the targets they see, of before and after what is about their
/// systems, and who acted only where they see that person.
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
    let skipped = from.map(|text| seal.read::<i64>(text)).transpose()?.unwrap_or(0).max(0);
    let sight = Visibility::of_log(app, caller);
    let mut stored = EventList::of(&mut view).find(id, sight.as_ref()).await?.ok_or(NoSuch("event"))?;
    let seq = stored.event.seq;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut targets = EventList::of(&mut view).targets(seq, skipped, one_more, sight.as_ref()).await?;
    let more = cursor::cut(&mut targets, limit);
    if let Some(sight) = &sight {
        stored.target_count = EventList::of(&mut view).count_seen_targets(seq, sight).await?;
        targets.iter_mut().for_each(|target| redact(target, sight));
    }
    let next = skipped.saturating_add(one_more - 1);
    let next = more.then(|| seal.write(&next));
    Ok(EventDetail { stored, targets, next, shows_place: sight.is_none() })
}

fn redact(target: &mut EventTarget, sight: &LogVisibility) {
    let shows_system = |id| sight.systems.as_ref().is_none_or(|own| own.contains(&id));
    target.redact(shows_system, |id| sight.sees_actors || id == sight.user);
}
