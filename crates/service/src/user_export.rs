//! The list of users as a file, written while it is read (U-36).

use domain::ids::AccountId;
use domain::timestamp::Timestamp;
use domain::user_order::UserOrder;
use domain::words;
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use store::Tenant;
use store::user_list::{Position, Selection, Window};

use crate::app::App;
use crate::caller::Caller;
use crate::entry::Entry;
use crate::export_file::{self, ExportedFile, csv_head, csv_row};
use crate::failure::Failure;
use crate::user_list::{self, LIST, ListQuery, ListedUser};

/// Take the list away as a file: what one may see.
pub const EXPORT: domain::access::Need = LIST;

/// Users that are read at once.
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
    change.leaves_account_untouched();
    let selection = user_list::selection(app, &mut change, caller, &query.filter).await?;
    let (account, name) = (change.account().id, change.account().name.clone());
    let file_name = export_file::name("users", change.account(), change.now(), format.word());
    let what = json!({ "format": format.word(), "filter": query.filter, "sort": query.order.to_string() });
    let target = Entry::target("account", &account, &name, Value::Null, what);
    change.commit(Entry::new("users.exported", vec![target])).await?;
    let state = State {
        app: app.clone(),
        caller: caller.clone(),
        account,
        format,
        selection,
        order: query.order,
        from: None,
        begun: false,
    };
    Ok(ExportedFile { name: file_name, stream: stream::try_unfold(state, piece).boxed() })
}

struct State {
    app: App,
    caller: Caller,
    account: AccountId,
    format: UserFormat,
    /// `None` when nothing is left.
    selection: Option<Selection>,
    order: UserOrder,
    from: Option<Position>,
    begun: bool,
}

async fn piece(mut state: State) -> Result<Option<(Vec<u8>, State)>, Failure> {
    let mut bytes = Vec::new();
    let is_first = !state.begun;
    if is_first {
        state.begun = true;
        match state.format {
            UserFormat::Csv => bytes.extend(csv_head(&HEADINGS)?),
            UserFormat::Json => bytes.push(b'['),
        }
    } else if state.selection.is_none() {
        return Ok(None);
    }
    let rows = next_rows(&mut state).await?;
    for (place, row) in rows.iter().enumerate() {
        match state.format {
            UserFormat::Csv => bytes.extend(csv_row(cells(row))?),
            UserFormat::Json => {
                bytes.extend_from_slice(if is_first && place == 0 { b"\n" } else { b",\n" });
                bytes.extend(serde_json::to_vec(&object(row))?);
            }
        }
    }
    if state.selection.is_none() && state.format == UserFormat::Json {
        bytes.extend_from_slice(b"\n]\n");
    }
    Ok(Some((bytes, state)))
}

async fn next_rows(state: &mut State) -> Result<Vec<ListedUser>, Failure> {
    let Some(selection) = state.selection.take() else { return Ok(Vec::new()) };
    let mut view = state.app.view_of(state.account).await?;
    let counts = view.user_counts().all().await?;
    let window = Window { order: state.order, from: state.from.take(), backward: false, limit: PIECE };
    let (users, more) = view.user_list().page(&selection, &counts, &window).await?;
    state.from = users.last().map(|user| Position::of(user, state.order.by));
    if more {
        state.selection = Some(selection);
    }
    user_list::rows(&state.app, &mut view, &state.caller, users).await
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
