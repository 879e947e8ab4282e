//! The ranges of an index that a list merges: in each of them all users pass the filter and stand in the order of the list.

use std::cmp::Ordering;

use domain::access::role::RoleId;
use domain::users::order::UserSortKey;
use domain::users::{LoginMethod, UserStatus};

use super::selection::{Key, Position, Selection, Window};
use crate::SqlText;
use crate::accounts::UserCount;

/// One range.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Range {
    status: UserStatus,
    /// Role and login method; `None` takes them all.
    role: Option<(RoleId, LoginMethod)>,
    /// Where in the range the list goes on; `None` at its beginning.
    from: Option<Position>,
    users: i64,
}

/// The ranges of what a filter admits, in the order of their ranks, those before the window left out, and those after
/// the first `enough` users.
pub(super) fn ranges(selection: &Selection, counts: &[UserCount], window: &Window, enough: i64) -> Vec<Range> {
    let filter = &selection.filter;
    let by = window.order.by;
    let by_role = !filter.role.is_empty() || !filter.login_method.is_empty() || by == UserSortKey::Role;
    let mut ranges: Vec<Range> = match by_role {
        true => counts
            .iter()
            .filter(|count| filter.admits(count.status, &count.role_id, &count.login_method))
            .map(|count| Range {
                status: count.status,
                role: Some((count.role_id.clone(), count.login_method.clone())),
                from: None,
                users: count.users,
            })
            .collect(),
        false => {
            filter.statuses().into_iter().map(|status| Range { status, role: None, from: None, users: 0 }).collect()
        }
    };
    let Some(position) = &window.from else { return first_ranks(ranges, window, enough) };
    ranges.retain_mut(|range| {
        let place = range.rank(by).cmp(&position.rank);
        if place == Ordering::Equal {
            range.from = Some(position.clone());
        }
        place == Ordering::Equal || (place == Ordering::Less) == window.descends()
    });
    first_ranks(ranges, window, enough)
}

/// Sorted by role, the first roles with users enough fill the page: the others need not be merged.
fn first_ranks(mut ranges: Vec<Range>, window: &Window, enough: i64) -> Vec<Range> {
    let by = window.order.by;
    if by != UserSortKey::Role {
        return ranges;
    }
    ranges.sort_by_key(|range| range.rank(by));
    if window.descends() {
        ranges.reverse();
    }
    let (mut whole, mut last) = (0, String::new());
    ranges
        .into_iter()
        .take_while(|range| {
            let goes_on = whole < enough || range.rank(by) == last;
            last = range.rank(by);
            // Of a range that is continued, no one knows how much is left.
            whole += if range.from.is_none() { range.users } else { 0 };
            goes_on
        })
        .collect()
}

impl Range {
    fn rank(&self, by: UserSortKey) -> String {
        match (by, &self.role) {
            (UserSortKey::Status, _) => self.status.to_string(),
            (UserSortKey::Role, Some((role, _))) => role.to_string(),
            (UserSortKey::Role, None)
            | (UserSortKey::Email | UserSortKey::Name | UserSortKey::LastLoginAt | UserSortKey::CreatedAt, _) => {
                String::new()
            }
        }
    }

    /// The users of this range from where the list goes on: `r`, `k`, `id` and the columns of `more`.
    pub(super) fn push(&self, text: &mut SqlText, window: &Window, more: &'static str) {
        text.push(columns(window.order.by)).push(more);
        text.push(" FROM users u WHERE u.account_id = $1 AND u.status = ").bind(&self.status);
        if let Some((role, method)) = &self.role {
            text.push(" AND u.role_id = ").bind(role).push(" AND u.login_method = ").bind(method);
        }
        if let Some(from) = &self.from {
            push_after(text, window, &from.key, from);
        }
    }
}

fn push_after(text: &mut SqlText, window: &Window, key: &Key, from: &Position) {
    text.push(match window.order.by {
        UserSortKey::Email | UserSortKey::Role | UserSortKey::Status => " AND (u.email, u.id)",
        UserSortKey::Name => " AND (u.sort_name, u.id)",
        UserSortKey::LastLoginAt => " AND (u.last_login_order, u.id)",
        UserSortKey::CreatedAt => " AND (u.created_at, u.id)",
    });
    text.push(window.compare()).bind(key).push(", ").bind(&from.id).push(")");
}

const fn columns(by: UserSortKey) -> &'static str {
    match by {
        UserSortKey::Email => "SELECT u.email AS k, u.id",
        UserSortKey::Name => "SELECT u.sort_name AS k, u.id",
        UserSortKey::Role => "SELECT u.role_id AS r, u.email AS k, u.id",
        UserSortKey::Status => "SELECT u.status AS r, u.email AS k, u.id",
        UserSortKey::LastLoginAt => "SELECT u.last_login_order AS k, u.id",
        UserSortKey::CreatedAt => "SELECT u.created_at AS k, u.id",
    }
}
