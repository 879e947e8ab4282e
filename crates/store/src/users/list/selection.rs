//! What is asked of the list: which users, in which order, from where on.

use domain::access::role::RoleId;
use domain::core::ids::{SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::users::User;
use domain::users::filter::UserFilter;
use domain::users::order::{UserOrder, UserSortKey};

use crate::accounts::UserCount;
use crate::users::sort_name;
use crate::{SearchIndex, ToValue, Value};

/// Whoever holds one of these roles may invite to one of those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Giving {
    /// The roles of the inviters.
    pub holders: Vec<RoleId>,
    /// The roles that they may give.
    pub given: Vec<RoleId>,
}

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
    /// How many index entries that longer search reads at most: beyond this, the matches may all be at the far end of the order.
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

    pub(super) fn is_small(&self, counts: &[UserCount]) -> bool {
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
    pub(super) const fn descends(&self) -> bool {
        self.order.descending != self.backward
    }

    pub(super) fn limit(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX)
    }

    /// Whether role or status comes before the sort column.
    pub(super) const fn is_ranked(&self) -> bool {
        matches!(self.order.by, UserSortKey::Role | UserSortKey::Status)
    }

    /// The parts of the order, for `ORDER BY`; `r` is there when the order has a rank.
    pub(super) const fn order_by(&self) -> &'static str {
        match (self.is_ranked(), self.descends()) {
            (false, false) => " ORDER BY k, id",
            (false, true) => " ORDER BY k DESC, id DESC",
            (true, false) => " ORDER BY r, k, id",
            (true, true) => " ORDER BY r DESC, k DESC, id DESC",
        }
    }

    pub(super) const fn compare(&self) -> &'static str {
        if self.descends() { " < (" } else { " > (" }
    }
}

pub(super) fn all_users(counts: &[UserCount]) -> i64 {
    counts.iter().map(|count| count.users).sum()
}
