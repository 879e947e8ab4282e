//! Lists of users: any filter, any order, page by page in both directions, as fast with a million users as with thirty.
//!
//! - Status, role and login method choose *ranges* of an index that has the order; the list merges them. Nothing is skipped.
//! - A text or a system is looked for by *walking* those ranges a little way: what many users have is found soon. Where
//!   that does not fill the page, the *candidates* come from the index of trigrams or of grants.

mod candidates;
mod invitations;
mod ranges;
mod relevance;
mod rows;
mod snapshot;
mod walk;

use domain::core::ids::{AccountId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::GrantedSystem;
use domain::users::filter::UserFilter;
use domain::users::order::{UserOrder, UserSortKey};
use domain::users::{User, UserStatus};

use crate::accounts::UserCount;
use crate::users::sort_name;
use crate::{SearchIndex, SqlText, StoreError, ToValue, Tx, Value};

pub use self::invitations::Giving;
use self::ranges::ranges;

/// Up to here matches are counted (api.md).
pub const COUNTED_UP_TO: i64 = 10_000;

/// How long which way is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// An account with so few users is read, whatever is searched.
    pub small_account: i64,
    /// How many entries of the sort index are looked at per row of the page, at first: what every fifth user has fills
    /// the page so.
    pub looks_per_row: i64,
    /// More candidates than this are not fetched and sorted before the sort index was looked at for longer.
    pub most_candidates: i64,
    /// How many entries that are: who is not found among so many may stand together at the other end.
    pub most_looks: i64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { small_account: 2_000, looks_per_row: 5, most_candidates: 5_000, most_looks: 4_000 }
    }
}

/// Which users.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Text, status, role, login method and groups. Its systems are not looked at: see below.
    pub filter: UserFilter,
    /// Users who have one of these systems; `None` does not ask.
    pub systems: Option<Vec<SystemId>>,
    /// Who may invite to what: asked where the filter says how invitations stand.
    pub giving: Vec<Giving>,
    /// The instant at which they have them.
    pub now: Timestamp,
    /// How text is searched here.
    pub search: SearchIndex,
    /// How long which way is tried.
    pub effort: Effort,
}

impl Selection {
    /// Whether status, role and login method are all that is asked, so that the kept counts know the total.
    pub fn is_counted(&self) -> bool {
        self.systems.is_none()
            && self.filter.group.is_empty()
            && self.filter.invitation.is_empty()
            && self.filter.needle().is_none()
    }

    /// The total by the kept counts.
    pub fn kept_total(&self, counts: &[UserCount]) -> i64 {
        let admitted =
            counts.iter().filter(|count| self.filter.admits(count.status, &count.role_id, &count.login_method));
        admitted.map(|count| count.users).sum()
    }

    fn is_small(&self, counts: &[UserCount]) -> bool {
        all_users(counts) <= self.effort.small_account
    }
}

/// The value of a sort column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// Of a text column.
    Text(String),
    /// Of a time.
    Number(i64),
}

impl ToValue for Key {
    fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => text.to_value(),
            Self::Number(number) => number.to_value(),
        }
    }

    fn null() -> Value {
        String::null()
    }
}

/// A place in an order: just at this user, whether they are still there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Role, status or relevance, where that is the order; empty otherwise.
    pub rank: String,
    /// The value of the sort column.
    pub key: Key,
    /// The user.
    pub id: UserId,
}

impl Position {
    /// The place of a user.
    pub fn of(user: &User, by: UserSortKey) -> Self {
        let email = || Key::Text(user.email.to_string());
        let (rank, key) = match by {
            UserSortKey::Email => (String::new(), email()),
            UserSortKey::Name => (String::new(), Key::Text(sort_name(user))),
            UserSortKey::Role => (user.role_id.to_string(), email()),
            UserSortKey::Status => (user.status.to_string(), email()),
            UserSortKey::LastLoginAt => (String::new(), Key::Number(user.last_login_at.map_or(0, Timestamp::micros))),
            UserSortKey::CreatedAt => (String::new(), Key::Number(user.created_at.micros())),
        };
        Self { rank, key, id: user.id }
    }
}

/// Which piece of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The order of the list.
    pub order: UserOrder,
    /// Where the piece begins, itself excluded; `None` at the end of the list.
    pub from: Option<Position>,
    /// Towards the beginning of the list.
    pub backward: bool,
    /// The most users wanted.
    pub limit: usize,
}

impl Window {
    /// Whether the index is read from its end.
    const fn descends(&self) -> bool {
        self.order.descending != self.backward
    }

    fn limit(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX)
    }

    /// Whether role or status comes before the sort column.
    const fn is_ranked(&self) -> bool {
        matches!(self.order.by, UserSortKey::Role | UserSortKey::Status)
    }

    /// The parts of the order, for `ORDER BY`; `r` is there when the order has a rank.
    const fn order_by(&self) -> &'static str {
        match (self.is_ranked(), self.descends()) {
            (false, false) => " ORDER BY k, id",
            (false, true) => " ORDER BY k DESC, id DESC",
            (true, false) => " ORDER BY r, k, id",
            (true, true) => " ORDER BY r DESC, k DESC, id DESC",
        }
    }

    const fn compare(&self) -> &'static str {
        if self.descends() { " < (" } else { " > (" }
    }
}

/// A counted total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// How many; at most [`COUNTED_UP_TO`] when it was counted.
    pub users: i64,
    /// Whether there are exactly so many, or more.
    pub is_exact: bool,
}

/// With more candidates than these, counting goes through everybody instead: enough are found soon.
const MOST_COUNTED: i64 = 50_000;

fn all_users(counts: &[UserCount]) -> i64 {
    counts.iter().map(|count| count.users).sum()
}

/// The list of one account's users.
pub struct UserList<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

impl UserList<'_> {
    /// The users of a window, in the order of the list, and whether more follow in the direction of reading.
    pub async fn page(
        &mut self,
        selection: &Selection,
        counts: &[UserCount],
        window: &Window,
    ) -> Result<(Vec<User>, bool), StoreError> {
        let one_more = Window { limit: window.limit + 1, ..window.clone() };
        let mut users = match selection.is_counted() {
            true => self.walk(&ranges(selection, counts, &one_more, one_more.limit()), &one_more).await?,
            false => self.search(selection, counts, &one_more).await?,
        };
        let more = users.len() > window.limit;
        users.truncate(window.limit);
        if window.backward {
            users.reverse();
        }
        Ok((users, more))
    }

    async fn search(
        &mut self,
        selection: &Selection,
        counts: &[UserCount],
        window: &Window,
    ) -> Result<Vec<User>, StoreError> {
        if selection.is_small(counts) {
            return self.walk_on(selection, counts, window).await;
        }
        let Effort { looks_per_row, most_looks, most_candidates, .. } = selection.effort;
        if let Some(users) =
            self.glance(selection, counts, window, looks_per_row.saturating_mul(window.limit())).await?
        {
            return Ok(users);
        }
        if let Some(source) = self.source(selection, most_candidates).await? {
            return self.among(source, selection, window).await;
        }
        if let Some(users) = self.glance(selection, counts, window, most_looks).await? {
            return Ok(users);
        }
        match selection.sources().first() {
            Some(source) => self.among(*source, selection, window).await,
            None => self.walk_on(selection, counts, window).await,
        }
    }

    /// The users of a window where so many looks at the sort index are enough to find them.
    async fn glance(
        &mut self,
        selection: &Selection,
        counts: &[UserCount],
        window: &Window,
        looks: i64,
    ) -> Result<Option<Vec<User>>, StoreError> {
        let first = ranges(selection, counts, window, looks);
        let users = self.walk_some(selection, &first, window, looks).await?;
        let is_enough = users.len() >= window.limit || self.entries(&first, window, looks).await? < looks;
        Ok(is_enough.then_some(users))
    }

    /// How many users there are, counted when the kept counts do not know it.
    pub async fn total(&mut self, selection: &Selection, counts: &[UserCount]) -> Result<Total, StoreError> {
        if selection.is_counted() {
            return Ok(Total { users: selection.kept_total(counts), is_exact: true });
        }
        let users = match selection.is_small(counts) {
            true => self.count(selection).await?,
            false => self.count_many(selection, counts).await?,
        };
        Ok(Total { users: users.min(COUNTED_UP_TO), is_exact: users <= COUNTED_UP_TO })
    }

    async fn count_many(&mut self, selection: &Selection, counts: &[UserCount]) -> Result<i64, StoreError> {
        // So many have the text or system that enough are left when all are taken off whom the filter does not admit.
        let admitted = selection.kept_total(counts);
        let enough = (all_users(counts) - admitted).saturating_add(COUNTED_UP_TO + 1);
        if let Some(source) = selection.only_source()
            && enough <= MOST_COUNTED
            && self.has_candidates(source, selection, enough).await?
        {
            return Ok(COUNTED_UP_TO + 1);
        }
        match self.source(selection, MOST_COUNTED).await? {
            Some(source) => self.count_among(source, selection, all_users(counts) - admitted).await,
            None => self.count(selection).await,
        }
    }

    /// Users in the order of their ids, after one: for bulk actions that read everything piece by piece.
    pub async fn after(
        &mut self,
        selection: &Selection,
        after: Option<UserId>,
        limit: i64,
    ) -> Result<Vec<User>, StoreError> {
        let mut text = SqlText::new("SELECT u.* FROM users u WHERE u.account_id = ");
        text.bind(&self.account);
        if let Some(after) = after {
            text.push(" AND u.id > ").bind(&after);
        }
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        text.push(" ORDER BY u.id LIMIT ").bind(&limit);
        self.tx.sql(text).all().await
    }
}

impl Selection {
    /// Status, role and login method as conditions on `u`.
    fn push_facets(&self, text: &mut SqlText) {
        let statuses = self.filter.statuses();
        if statuses.len() < UserStatus::ALL.len() {
            text.push(" AND u.status IN (").bind_all(&statuses).push(")");
        }
        if !self.filter.role.is_empty() {
            text.push(" AND u.role_id IN (").bind_all(&self.filter.role).push(")");
        }
        if !self.filter.login_method.is_empty() {
            text.push(" AND u.login_method IN (").bind_all(&self.filter.login_method).push(")");
        }
    }

    /// Text, systems, groups and invitations as conditions on `u`, which needs `id` and `search_text` only. They are asked of the rows that
    /// an index of the order gives: PostgreSQL must not think of the index of trigrams, which knows all accounts (`|| ''`), nor
    /// of reading every grant beforehand (`OFFSET 0`).
    fn push_condition(&self, text: &mut SqlText) {
        if let Some(needle) = self.filter.needle() {
            text.push(" AND u.search_text || ''").contains(&needle);
        }
        if let Some(systems) = &self.systems {
            text.push(
                " AND (EXISTS (SELECT 1 FROM system_grants g WHERE g.account_id = $1 AND g.user_id = u.id AND g.system_id IN (",
            );
            text.bind_all(&GrantedSystem::giving(systems)).push(") AND COALESCE(g.starts_at, 0) <= ").bind(&self.now);
            text.push(" AND COALESCE(g.ends_at, 9223372036854775807) > ").bind(&self.now);
            text.push(
                " LIMIT 1 OFFSET 0) OR EXISTS (SELECT 1 FROM group_members m JOIN group_systems l ON l.account_id = m.account_id \
                 AND l.group_id = m.group_id WHERE m.account_id = $1 AND m.user_id = u.id AND l.system_id IN (",
            );
            text.bind_all(systems).push(")");
            self.push_group_times(text);
            text.push(" LIMIT 1 OFFSET 0))");
        }
        if !self.filter.group.is_empty() {
            text.push(" AND EXISTS (SELECT 1 FROM group_members m WHERE m.account_id = $1 AND m.user_id = u.id AND m.group_id IN (");
            text.bind_all(&self.filter.group).push(")");
            self.push_membership_times(text);
            text.push(" LIMIT 1 OFFSET 0)");
        }
        self.push_invitation(text);
    }

    /// Membership `m` holds now.
    fn push_membership_times(&self, text: &mut SqlText) {
        text.push(" AND COALESCE(m.starts_at, 0) <= ").bind(&self.now);
        text.push(" AND COALESCE(m.ends_at, 9223372036854775807) > ").bind(&self.now);
    }

    /// Membership `m` and link `l` hold now.
    fn push_group_times(&self, text: &mut SqlText) {
        self.push_membership_times(text);
        text.push(" AND COALESCE(l.starts_at, 0) <= ").bind(&self.now);
        text.push(" AND COALESCE(l.ends_at, 9223372036854775807) > ").bind(&self.now);
    }
}
