//! The activity log as a file, written while it is read.

use domain::activity::actions::{Action, TargetKind};
use domain::activity::filter::EventFilter;
use domain::activity::{EventTarget, form};
use domain::core::failure::{Failure, refuse};
use domain::core::ids::AccountId;
use domain::core::refusal::Kind;
use domain::words;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use store::activity::StoredEvent;
use store::activity::list::EventList;
use store::activity::list::{EventSelection, EventWindow};

use crate::activity::{self, CHAIN_PIECE, EXPORT};
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Touches;
use crate::core::entry::Entry;
use crate::export_file::{self, ExportedFile, csv_head, csv_row, watched};

/// How the file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EventFormat {
    /// A table with one row per target; `before` and `after` as JSON.
    #[default]
    Csv,
    /// One object per line, `{"hash": …, "entry": …}`, from which the chain can be verified.
    JsonLines,
}

words!(EventFormat { Csv = "csv", JsonLines = "jsonl" });

/// Writes the log to a file, oldest entry first. Taking it away is itself recorded.
///
/// A line of `JsonLines` is `{"hash":"<64 digits>","entry":<the entry>}`: the hash is the SHA-256 of the hash on the line
/// before (nothing on the first), a line feed, and the bytes of the entry, which has its format in it.
///
/// # Errors
/// 409 for filtered JSON lines, which could not be verified.
pub async fn export(
    app: &App,
    caller: &Caller,
    format: EventFormat,
    filter: &EventFilter,
) -> Result<ExportedFile, Failure> {
    if format == EventFormat::JsonLines && *filter != EventFilter::default() {
        return Err(refuse(
            Kind::Conflict,
            "filter_not_allowed",
            "The JSON Lines export is for verifying the log and always contains every entry. Remove the filter, or \
             export as CSV.",
        ));
    }
    let selection = activity::selection(filter, None)?;
    let change = app.change(caller, EXPORT).await?;
    let (account, last) = (change.account().id, change.account().event_count + 1);
    let name = change.account().name.clone();
    let file_name = export_file::name("events", change.account(), change.now(), format.word());
    let target = Entry::target(
        TargetKind::Account,
        &account,
        &name,
        Value::Null,
        json!({ "format": format.word(), "filter": filter }),
    );
    change.commit(Entry::new(Action::EventsExported, vec![target]), Touches::People).await?;
    let state = State { app: app.clone(), caller: caller.clone(), account, format, selection, seq: 0, last };
    let head = match format {
        EventFormat::Csv => csv_head(&HEADINGS)?,
        EventFormat::JsonLines => Vec::new(),
    };
    let pieces = stream::once(async { Ok(head) }).chain(stream::try_unfold(state, piece)).boxed();
    Ok(ExportedFile { name: file_name, stream: watched(app, caller, EXPORT, pieces) })
}

struct State {
    app: App,
    caller: Caller,
    account: AccountId,
    format: EventFormat,
    selection: EventSelection,
    seq: i64,
    last: i64,
}

async fn piece(mut state: State) -> Result<Option<(Vec<u8>, State)>, Failure> {
    let mut bound = state.app.next_view(&state.caller).await?;
    let window = EventWindow { from: Some(state.seq), backward: true, limit: CHAIN_PIECE };
    let mut found = EventList::of(&mut bound).page(&state.selection, &window).await?;
    found.events.retain(|stored| stored.event.seq <= state.last);
    // From the oldest on, so that the first ones are completed.
    found.events.reverse();
    if found.events.is_empty() {
        // A search may have to look further before it finds anything.
        let Some(more) = found.more.filter(|more| *more < state.last) else { return Ok(None) };
        state.seq = more;
        return Ok(Some((Vec::new(), state)));
    }
    let mut bytes = Vec::new();
    for stored in EventList::of(&mut bound).complete(found.events).await? {
        state.seq = stored.event.seq;
        match state.format {
            EventFormat::Csv => csv_rows(&stored, &mut bytes)?,
            EventFormat::JsonLines => json_line(state.account, &stored, &mut bytes)?,
        }
    }
    Ok(Some((bytes, state)))
}

fn json_line(account: AccountId, stored: &StoredEvent, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    bytes.extend_from_slice(format!("{{\"hash\":\"{}\",\"entry\":", stored.hash).as_bytes());
    bytes.extend(form::bytes(stored.format, account, &stored.event)?);
    bytes.extend_from_slice(b"}\n");
    Ok(())
}

const HEADINGS: [&str; 17] = [
    "seq",
    "id",
    "at (UTC)",
    "action",
    "actor_kind",
    "actor_id",
    "actor",
    "on_behalf_of",
    "ip",
    "request_id",
    "reason",
    "target_kind",
    "target_id",
    "target",
    "before",
    "after",
    "hash",
];

fn csv_rows(stored: &StoredEvent, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    let nothing = EventTarget {
        kind: String::new(),
        id: String::new(),
        label: String::new(),
        before: String::new(),
        after: String::new(),
    };
    let event = &stored.event;
    let targets = if event.targets.is_empty() { std::slice::from_ref(&nothing) } else { event.targets.as_slice() };
    for target in targets {
        bytes.extend(csv_row(vec![
            event.seq.to_string(),
            event.id.to_string(),
            event.at.for_spreadsheet(),
            event.action.clone(),
            event.actor.kind.to_string(),
            event.actor.id.clone(),
            event.actor.label.clone(),
            event.actor.on_behalf_of.clone().unwrap_or_default(),
            event.origin.ip.clone(),
            event.origin.request.clone(),
            event.reason.clone(),
            target.kind.clone(),
            target.id.clone(),
            target.label.clone(),
            target.before.clone(),
            target.after.clone(),
            stored.hash.clone(),
        ])?);
    }
    Ok(())
}
