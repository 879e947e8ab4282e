//! The list of users: search, filters, sort, pages, totals.

use std::collections::{HashMap, HashSet};

use domain::access::Need;
use domain::access::role::RoleId;
use domain::accounts::seats::{SeatSettings, Seats};
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::{SystemId, UserId};
use domain::systems::{HeldSystems, System};
use domain::users::filter::UserFilter;
use domain::users::invitation::InvitationState;
use domain::users::order::UserOrder;
use domain::users::{User, UserStatus};
use serde::{Deserialize, Serialize};
use store::Tenant;
use store::accounts::{Accounts, KeptCounts, UserCount};
use store::systems::Systems;
use store::users::list::{Effort, Key, Position, Selection, Total, UserList, Window};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::cursor::{self, Seal};
use crate::core::roles;
use crate::core::view::View;
use crate::core::visibility::Visibility;
use crate::{invitations, users};

/// See the list: all users, or those who share a system with the caller.
pub const LIST: Need = users::rules::SEE;

/// How many of a user's systems a row names.
const SYSTEMS_SHOWN: usize = 3;

/// What is asked of the list.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Which users.
    pub filter: UserFilter,
    /// In which order.
    pub order: UserOrder,
    /// No one asked for an order: of those whom a text finds, the best matches come first.
    pub best_first: bool,
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
    /// The names of the user's groups; for a limited caller of those that give own systems.
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

/// The users of a filter that the caller may see; `None` when it can only be no one.
///
/// A caller who is limited to own systems sees the users of these, and never deleted ones.
pub async fn selection(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    filter: &UserFilter,
) -> Result<Option<Selection>, Failure> {
    let visibility = Visibility::of(app, caller);
    let own = visibility.people_of();
    let mut filter = filter.clone();
    if own.is_some() {
        filter.status = filter.statuses().into_iter().filter(|status| *status != UserStatus::Deleted).collect();
        if filter.status.is_empty() {
            return Ok(None);
        }
    }
    if !filter.invitation.is_empty() && caller.limited_to(LIST).is_some() {
        // Whoever is limited to own systems is not told how invitations stand.
        return Ok(None);
    }
    if filter.statuses().is_empty() {
        return Ok(None);
    }
    if let (Some(own), false) = (own, filter.role.is_empty()) {
        // A role that only others hold is like one that is not there, also in how it is looked for.
        let held = held_roles(app, tenant, own).await?;
        filter.role.retain(|role| held.contains(role));
        if filter.role.is_empty() {
            return Ok(None);
        }
    }
    if !filter.group.is_empty() {
        filter.group = visibility.groups(tenant, &filter.group).await?;
        if filter.group.is_empty() {
            return Ok(None);
        }
    }
    let asked = !filter.system.is_empty();
    let systems = match (asked, own) {
        (false, own) => own.map(<[SystemId]>::to_vec),
        (true, own) => {
            let existing: Vec<SystemId> =
                Systems::of(tenant).list().await?.into_iter().map(|system| system.id).collect();
            let reached = |id: &SystemId| existing.contains(id) && own.as_ref().is_none_or(|own| own.contains(id));
            Some(filter.system.iter().copied().filter(reached).collect())
        }
    };
    if systems.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let giving = match filter.invitation.is_empty() {
        true => Vec::new(),
        false => invitations::states::giving(app, tenant).await?,
    };
    Ok(Some(Selection {
        filter,
        systems,
        giving,
        now: app.clock.now(),
        search: app.db.search_index(),
        effort: Effort::default(),
    }))
}

/// The roles of the users who have one of these systems.
async fn held_roles(app: &App, tenant: &mut impl Tenant, systems: &[SystemId]) -> Result<HashSet<RoleId>, Failure> {
    if systems.is_empty() {
        return Ok(HashSet::new());
    }
    let holders = Selection {
        filter: UserFilter::default(),
        systems: Some(systems.to_vec()),
        giving: Vec::new(),
        now: app.clock.now(),
        search: app.db.search_index(),
        effort: Effort::default(),
    };
    let held = UserList::of(tenant).holders_by_role(&holders).await?;
    Ok(held.into_iter().map(|(role, _)| role).collect())
}

/// A page of the list.
///
/// # Errors
/// 422 for a limit out of range or a cursor of another list.
pub async fn list(app: &App, caller: &Caller, query: &ListQuery) -> Result<UserPage, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let limit = cursor::limit(query.limit)?;
    let seal = Seal::new(&app.key, &(view.account(), query.order.to_string(), query.best_first, &query.filter));
    let place = query.cursor.as_ref().map(|text| seal.read::<Place>(text)).transpose()?;
    let Some(selection) = selection(app, &mut view, caller, &query.filter).await? else {
        let total = Total { users: 0, is_exact: true };
        return Ok(UserPage { items: Vec::new(), next: None, previous: None, total });
    };
    let counts = KeptCounts::of(&mut view).all().await?;
    let total = total(app, &mut view, &selection, &counts).await?;
    let window = window(query.order, limit, place);
    let goes_on_by_relevance = window.from.as_ref().is_none_or(|from| !from.rank.is_empty());
    let best = match query.best_first && goes_on_by_relevance {
        true => UserList::of(&mut view).best(&selection, &counts, &window).await?,
        false => None,
    };
    let needle = selection.filter.needle().filter(|_| best.is_some());
    let (users, more) = match best {
        Some(best) => best,
        None => UserList::of(&mut view).page(&selection, &counts, &window).await?,
    };
    let place = |user: &User| match &needle {
        Some(needle) => Position::by_relevance(user, needle),
        None => Position::of(user, window.order.by),
    };
    let (next, previous) = neighbors(&seal, &window, &users, more, place);
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
fn neighbors(
    seal: &Seal<'_>,
    window: &Window,
    users: &[User],
    more: bool,
    place: impl Fn(&User) -> Position,
) -> (Option<String>, Option<String>) {
    let at = |user: Option<&User>, backward| {
        let position = user.map(&place).or_else(|| window.from.clone())?;
        let key = match position.key {
            Key::Text(text) => KeyText::Text(text),
            Key::Number(number) => KeyText::Number(number),
        };
        Some(seal.write(&Place(backward, position.rank, key, position.id)))
    };
    let came = window.from.is_some();
    let next = if window.backward { came } else { more };
    let previous = if window.backward { more } else { came };
    (next.then(|| at(users.last(), false)).flatten(), previous.then(|| at(users.first(), true)).flatten())
}

async fn total(app: &App, view: &mut View, selection: &Selection, counts: &[UserCount]) -> Result<Total, Failure> {
    if selection.is_counted() {
        return Ok(UserList::of(view).total(selection, counts).await?);
    }
    let account = view.account();
    let mark = cursor::mark(&(&selection.filter, &selection.systems));
    let version = Accounts(view.tx()).version(account).await?.ok_or(NoSuch("account"))?;
    let now = selection.now;
    if let Some(total) = app.totals().get(account, &mark, version, now) {
        return Ok(total);
    }
    let total = UserList::of(view).total(selection, counts).await?;
    app.totals().keep(account, &mark, version, now, total);
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
    let all: Vec<System> = Systems::of(view).list().await?;
    let visibility = Visibility::of(app, caller);
    let own = visibility.people_of();
    let is_shown = |id: &SystemId| own.is_none_or(|own| own.contains(id));
    let mut held: HashMap<UserId, HeldSystems> = HashMap::new();
    for (user, system) in UserList::of(view).systems_of(&ids, app.clock.now()).await? {
        held.entry(user).or_default().extend([system]);
    }
    let mut groups: HashMap<UserId, Vec<String>> = HashMap::new();
    for (user, group) in UserList::of(view).groups_of(&ids, own, app.clock.now()).await? {
        groups.entry(user).or_default().push(group);
    }
    let invitations = invitations::states::shown_to(app, view, caller, &users).await?;
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
    pub seats: Option<(Seats, SeatSettings)>,
    /// How many pending invitations cannot be accepted; not for callers who are limited to own systems, and not where there are too
    /// many to look at them all.
    pub dead_invitations: Option<i64>,
}

/// The number of users of every status (U-2, U-7), and the seats.
pub async fn counts(app: &App, caller: &Caller) -> Result<UserCounts, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let counts = KeptCounts::of(&mut view).all().await?;
    let mut by_status = Vec::new();
    for status in UserStatus::ALL.iter().copied() {
        let filter = UserFilter { status: vec![status], ..UserFilter::default() };
        let total = match selection(app, &mut view, caller, &filter).await? {
            Some(selection) => total(app, &mut view, &selection, &counts).await?,
            None => Total { users: 0, is_exact: true },
        };
        by_status.push((status, total));
    }
    if !Visibility::of(app, caller).shows_everybody() {
        return Ok(UserCounts { by_status, seats: None, dead_invitations: None });
    }
    let (id, seats) = (view.account(), KeptCounts::of(&mut view).seats().await?);
    let account = Accounts(view.tx()).find(id).await?.ok_or(NoSuch("account"))?;
    let invited =
        by_status.iter().filter(|(status, _)| *status == UserStatus::Provisioned).map(|(_, total)| total.users);
    let dead_invitations = invitations::states::count_dead(app, &mut view, invited.sum()).await?;
    Ok(UserCounts { by_status, seats: Some((seats, account.settings.seats)), dead_invitations })
}
