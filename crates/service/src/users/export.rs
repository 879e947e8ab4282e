//! The list of users as a file, written while it is read (U-36).
//!
//! Who is in the file, and in which order, is read at once, when the export begins: whatever changes while the file is written,
//! no one is in it twice, and no one is missing who matched the filter all the time. Only the ids are kept, sixteen bytes for each
//! user; what stands in a row is read piece by piece. Whoever ceases to match the filter before their row is written is left out.

use domain::activity::actions::{Action, TargetKind};
use domain::core::failure::Failure;
use domain::core::ids::UserId;
use domain::core::timestamp::Timestamp;
use domain::words;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use store::users::list::{Selection, UserList};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Touches;
use crate::core::entry::Entry;
use crate::export_file::{self, ExportedFile, csv_head, csv_row, watched};
use crate::users;
use crate::users::list::{LIST, ListQuery, ListedUser};

/// Take the list away as a file: what one may see.
pub const EXPORT: domain::access::Need = LIST;

/// Users read per step.
const PIECE: usize = 500;

/// How the file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UserFormat {
    /// A table for spreadsheets; what looks like a formula begins with a single quote.
    #[default]
    Csv,
    /// An array of objects.
    Json,
}

words!(UserFormat { Csv = "csv", Json = "json" });

/// Writes the users of a filter to a file, in the order of the list. Taking personal data away is recorded.
pub async fn export(
    app: &App,
    caller: &Caller,
    format: UserFormat,
    query: &ListQuery,
) -> Result<ExportedFile, Failure> {
    let mut change = app.change(caller, EXPORT).await?;
    let selection = users::list::selection(app, &mut change, caller, &query.filter).await?;
    let (account, name) = (change.account().id, change.account().name.clone());
    let file_name = export_file::name("users", change.account(), change.now(), format.word());
    let what = json!({ "format": format.word(), "filter": query.filter, "sort": query.order.to_string() });
    let target = Entry::target(TargetKind::Account, &account, &name, Value::Null, what);
    change.commit(Entry::new(Action::UsersExported, vec![target]), Touches::People).await?;
    let ids = match &selection {
        Some(selection) => UserList::of(&mut app.next_view(caller).await?).ids(selection, query.order).await?,
        None => Vec::new(),
    };
    let ids = ids.into_iter();
    let state =
        State { app: app.clone(), caller: caller.clone(), format, selection, ids, begun: false, has_rows: false };
    let pieces = stream::try_unfold(state, piece).boxed();
    Ok(ExportedFile { name: file_name, stream: watched(app, caller, EXPORT, pieces) })
}

struct State {
    app: App,
    caller: Caller,
    format: UserFormat,
    /// `None` when there is no one to look for.
    selection: Option<Selection>,
    /// Whose rows are not written yet, in the order of the file.
    ids: std::vec::IntoIter<UserId>,
    begun: bool,
    has_rows: bool,
}

async fn piece(mut state: State) -> Result<Option<(Vec<u8>, State)>, Failure> {
    let mut bytes = Vec::new();
    if !state.begun {
        match state.format {
            UserFormat::Csv => bytes.extend(csv_head(&HEADINGS)?),
            UserFormat::Json => bytes.push(b'['),
        }
    } else if state.ids.len() == 0 {
        return Ok(None);
    }
    for row in next_rows(&mut state).await? {
        match state.format {
            UserFormat::Csv => bytes.extend(csv_row(cells(&row))?),
            UserFormat::Json => {
                bytes.extend_from_slice(if state.has_rows { b",\n" } else { b"\n" });
                bytes.extend(serde_json::to_vec(&object(&row))?);
            }
        }
        state.has_rows = true;
    }
    state.begun = true;
    if state.ids.len() == 0 && state.format == UserFormat::Json {
        bytes.extend_from_slice(b"\n]\n");
    }
    Ok(Some((bytes, state)))
}

async fn next_rows(state: &mut State) -> Result<Vec<ListedUser>, Failure> {
    let Some(selection) = &state.selection else { return Ok(Vec::new()) };
    let ids: Vec<UserId> = state.ids.by_ref().take(PIECE).collect();
    let mut view = state.app.next_view(&state.caller).await?;
    let users = UserList::of(&mut view).those_of(selection, &ids).await?;
    users::list::rows(&state.app, &mut view, &state.caller, users).await
}

const HEADINGS: [&str; 11] = [
    "id",
    "email",
    "name",
    "role",
    "status",
    "systems",
    "all_systems",
    "groups",
    "login_method",
    "last_login_at (UTC)",
    "created_at (UTC)",
];

fn cells(row: &ListedUser) -> Vec<String> {
    let user = &row.user;
    let systems: Vec<&str> = row.systems.iter().map(|(_, name)| name.as_str()).collect();
    vec![
        user.id.to_string(),
        user.email.to_string(),
        user.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        row.role_name.clone(),
        user.status.to_string(),
        systems.join("; "),
        row.all_systems.to_string(),
        row.groups.join("; "),
        user.login_method.to_string(),
        user.last_login_at.map(Timestamp::for_spreadsheet).unwrap_or_default(),
        user.created_at.for_spreadsheet(),
    ]
}

fn object(row: &ListedUser) -> Value {
    let user = &row.user;
    let systems: Vec<Value> = row.systems.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    json!({
        "id": user.id,
        "email": user.email.to_string(),
        "name": user.name.as_ref().map(ToString::to_string),
        "role": { "id": user.role_id, "name": row.role_name },
        "status": user.status,
        "systems": systems,
        "all_systems": row.all_systems,
        "groups": row.groups,
        "login_method": user.login_method,
        "last_login_at": user.last_login_at,
        "created_at": user.created_at,
    })
}
