//! The list of users: search, filters, sort, pages, totals.

use std::collections::HashMap;

use domain::access::Need;
use domain::account::{AccountSettings, Seats};
use domain::ids::{SystemId, UserId};
use domain::invitation::InvitationState;
use domain::role::RoleId;
use domain::system::{HeldSystems, System};
use domain::user::{User, UserStatus};
use domain::user_filter::UserFilter;
use domain::user_order::UserOrder;
use serde::{Deserialize, Serialize};
use store::Tenant;
use store::accounts::{Accounts, UserCount};
use store::user_list::{Effort, Key, Position, Selection, Total, Window};

use crate::app::{App, View};
use crate::caller::Caller;
use crate::failure::{Failure, NoSuch};
use crate::{cursor, invitation_states, roles, targets};

/// See the list: all users, or those who share a system with the caller.
pub const LIST: Need = targets::SEE;

/// How many of a user's systems a row names.
const SYSTEMS_SHOWN: usize = 3;

/// What is asked of the list.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Which users.
    pub filter: UserFilter,
    /// In which order.
    pub order: UserOrder,
    /// How many; [`cursor::DEFAULT_LIMIT`] when absent.
    pub limit: Option<i64>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A row of the list.
#[derive(Debug, Clone)]
pub struct ListedUser {
    /// The user.
    pub user: User,
    /// The name of the role.
    pub role_name: String,
    /// The first systems by name, directly or by a group; of a limited caller's own only.
    pub systems: Vec<(SystemId, String)>,
    /// How many systems there are.
    pub system_count: usize,
    /// Whether the user was given every system of the account, future ones too.
    pub all_systems: bool,
    /// The names of the user's groups.
    pub groups: Vec<String>,
    /// Where the pending invitation of a provisioned user stands; not for callers who are limited to own systems.
    pub invitation: Option<InvitationState>,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct UserPage {
    /// The rows.
    pub items: Vec<ListedUser>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the previous page.
    pub previous: Option<String>,
    /// How many users pass the filter.
    pub total: Total,
}

/// A place of a cursor: towards the beginning or not, and the position.
#[derive(Serialize, Deserialize)]
struct Place(bool, String, KeyText, UserId);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum KeyText {
    Number(i64),
    Text(String),
}

/// The users of a filter that the caller may see; `None` when it can only be nobody.
///
/// A caller who is limited to own systems sees the users of these, and never deleted ones.
pub async fn selection(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    filter: &UserFilter,
) -> Result<Option<Selection>, Failure> {
    let own = caller.limited_to(LIST);
    let mut filter = filter.clone();
    if own.is_some() {
        filter.status = filter.statuses().into_iter().filter(|status| *status != UserStatus::Deleted).collect();
        if filter.status.is_empty() {
            return Ok(None);
        }
    }
    let asked = !filter.system.is_empty();
    let systems = match (asked, own) {
        (false, own) => own,
        (true, own) => {
            let existing: Vec<SystemId> = tenant.systems().list().await?.into_iter().map(|system| system.id).collect();
            let reached = |id: &SystemId| existing.contains(id) && own.as_ref().is_none_or(|own| own.contains(id));
            Some(filter.system.iter().copied().filter(reached).collect())
        }
    };
    if systems.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    Ok(Some(Selection {
        filter,
        systems,
        now: app.world.now(),
        search: app.db.search_index(),
        effort: Effort::default(),
    }))
}

/// A page of the list.
///
/// # Errors
/// 422 for a limit out of range or a cursor of another list.
pub async fn list(app: &App, caller: &Caller, query: &ListQuery) -> Result<UserPage, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let limit = cursor::limit(query.limit)?;
    let seal = cursor::seal(&(view.account(), query.order.to_string(), &query.filter));
    let place = query.cursor.as_ref().map(|text| cursor::read::<Place>(&seal, text)).transpose()?;
    let Some(selection) = selection(app, &mut view, caller, &query.filter).await? else {
        let total = Total { users: 0, is_exact: true };
        return Ok(UserPage { items: Vec::new(), next: None, previous: None, total });
    };
    let counts = view.user_counts().all().await?;
    let total = total(app, &mut view, &selection, &counts).await?;
    let window = window(query.order, limit, place);
    let (users, more) = view.user_list().page(&selection, &counts, &window).await?;
    let (next, previous) = neighbours(&seal, &window, &users, more);
    let items = rows(app, &mut view, caller, users).await?;
    Ok(UserPage { items, next, previous, total })
}

fn window(order: UserOrder, limit: usize, place: Option<Place>) -> Window {
    let (backward, from) = match place {
        None => (false, None),
        Some(Place(backward, rank, KeyText::Text(key), id)) => {
            (backward, Some(Position { rank, key: Key::Text(key), id }))
        }
        Some(Place(backward, rank, KeyText::Number(key), id)) => {
            (backward, Some(Position { rank, key: Key::Number(key), id }))
        }
    };
    Window { order, from, backward, limit }
}

/// The cursors after and before a page. Where the reader came from there was something, so there is a way back.
fn neighbours(seal: &str, window: &Window, users: &[User], more: bool) -> (Option<String>, Option<String>) {
    let at = |user: Option<&User>, backward| {
        let position = user.map(|user| Position::of(user, window.order.by)).or_else(|| window.from.clone())?;
        let key = match position.key {
            Key::Text(text) => KeyText::Text(text),
            Key::Number(number) => KeyText::Number(number),
        };
        Some(cursor::write(seal, &Place(backward, position.rank, key, position.id)))
    };
    let came = window.from.is_some();
    let next = if window.backward { came } else { more };
    let previous = if window.backward { more } else { came };
    (next.then(|| at(users.last(), false)).flatten(), previous.then(|| at(users.first(), true)).flatten())
}

async fn total(app: &App, view: &mut View, selection: &Selection, counts: &[UserCount]) -> Result<Total, Failure> {
    if selection.is_counted() {
        return Ok(view.user_list().total(selection, counts).await?);
    }
    let account = view.account();
    let seal = cursor::seal(&(&selection.filter, &selection.systems));
    let version = Accounts(view.tx()).version(account).await?.ok_or(NoSuch("account"))?;
    let now = selection.now;
    if let Some(total) = app.totals().get(account, &seal, version, now) {
        return Ok(total);
    }
    let total = view.user_list().total(selection, counts).await?;
    app.totals().keep(account, &seal, version, now, total);
    Ok(total)
}

/// Completes users to rows.
pub(crate) async fn rows(
    app: &App,
    view: &mut View,
    caller: &Caller,
    users: Vec<User>,
) -> Result<Vec<ListedUser>, Failure> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let names: HashMap<RoleId, String> =
        roles::all(app, view).await?.into_iter().map(|role| (role.id, role.name)).collect();
    let all: Vec<System> = view.systems().list().await?;
    let own = caller.limited_to(LIST);
    let is_shown = |id: &SystemId| own.as_ref().is_none_or(|own| own.contains(id));
    let mut held: HashMap<UserId, HeldSystems> = HashMap::new();
    for (user, system) in view.user_list().systems_of(&ids, app.world.now()).await? {
        held.entry(user).or_default().extend([system]);
    }
    let mut groups: HashMap<UserId, Vec<String>> = HashMap::new();
    for (user, group) in view.user_list().groups_of(&ids, app.world.now()).await? {
        groups.entry(user).or_default().push(group);
    }
    let invitations = invitation_states::shown_to(app, view, caller, &users).await?;
    let row = |user: User| {
        let held = held.remove(&user.id).unwrap_or_default();
        // In the order of the names, as the list of systems has it.
        let has = |system: &&System| is_shown(&system.id) && (held.all || held.each.contains(&system.id));
        let systems: Vec<(SystemId, String)> =
            all.iter().filter(has).map(|system| (system.id, system.name.clone())).collect();
        ListedUser {
            role_name: names.get(&user.role_id).cloned().unwrap_or_else(|| user.role_id.to_string()),
            system_count: systems.len(),
            all_systems: held.all,
            systems,
            groups: groups.remove(&user.id).unwrap_or_default(),
            invitation: invitations.get(&user.id).map(|stated| stated.state),
            user,
        }
    };
    Ok(users.into_iter().map(row).collect())
}

impl ListedUser {
    /// The systems that a row names.
    pub fn first_systems(&self) -> impl Iterator<Item = &(SystemId, String)> {
        self.systems.iter().take(SYSTEMS_SHOWN)
    }
}

/// What the tabs above the list show.
#[derive(Debug, Clone)]
pub struct UserCounts {
    /// How many users have each status.
    pub by_status: Vec<(UserStatus, Total)>,
    /// The seats with the rules they are counted by; not for callers who are limited to own systems.
    pub seats: Option<(Seats, AccountSettings)>,
    /// How many pending invitations cannot be accepted; not for callers who are limited to own systems, and not where there are too
    /// many to look at them all.
    pub dead_invitations: Option<i64>,
}

/// The number of users of every status (U-2, U-7), and the seats.
pub async fn counts(app: &App, caller: &Caller) -> Result<UserCounts, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let counts = view.user_counts().all().await?;
    let mut by_status = Vec::new();
    for status in UserStatus::ALL.iter().copied() {
        let filter = UserFilter { status: vec![status], ..UserFilter::default() };
        let total = match selection(app, &mut view, caller, &filter).await? {
            Some(selection) => total(app, &mut view, &selection, &counts).await?,
            None => Total { users: 0, is_exact: true },
        };
        by_status.push((status, total));
    }
    if caller.limited_to(LIST).is_some() {
        return Ok(UserCounts { by_status, seats: None, dead_invitations: None });
    }
    let (id, seats) = (view.account(), view.user_counts().seats().await?);
    let account = Accounts(view.tx()).find(id).await?.ok_or(NoSuch("account"))?;
    let invited =
        by_status.iter().filter(|(status, _)| *status == UserStatus::Provisioned).map(|(_, total)| total.users);
    let dead_invitations = invitation_states::count_dead(app, &mut view, invited.sum()).await?;
    Ok(UserCounts { by_status, seats: Some((seats, account.settings)), dead_invitations })
}
