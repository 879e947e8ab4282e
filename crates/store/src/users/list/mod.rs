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
mod selection;
mod snapshot;
mod walk;

use domain::core::ids::{AccountId, UserId};
use domain::systems::GrantedSystem;
use domain::users::{User, UserStatus};

use self::ranges::ranges;
use self::selection::all_users;
pub use self::selection::{Effort, Giving, Key, Position, Selection, Window};
use crate::accounts::UserCount;
use crate::db::tenant::of_tenant;
use crate::{SqlText, StoreError, Tx};

/// Up to here matches are counted (decision 12).
pub const COUNTED_UP_TO: i64 = 10_000;

/// A counted total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// How many; at most [`COUNTED_UP_TO`] when it was counted.
    pub users: i64,
    /// Whether the number is exact or a lower bound.
    pub is_exact: bool,
}

/// With more candidates than these, counting goes through everyone instead: enough are found soon.
const MOST_COUNTED: i64 = 50_000;

/// The list of one account's users.
pub struct UserList<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(UserList);

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

    /// Text, system, group and invitation as conditions on `u`, applied to rows read from the sort index. `|| ''` and `OFFSET 0` keep
    /// PostgreSQL from using the trigram index, which spans accounts, and from reading every grant first.
    fn push_condition(&self, text: &mut SqlText) {
        if let Some(needle) = self.filter.needle() {
            text.push(" AND u.search_text || ''").contains(&needle);
        }
        if let Some(systems) = &self.systems {
            text.push(
                " AND (EXISTS (SELECT 1 FROM system_grants g WHERE g.account_id = $1 AND g.user_id = u.id AND g.system_id IN (",
            );
            text.bind_all(&GrantedSystem::giving(systems)).push(")").holds("g", self.now);
            text.push(
                " LIMIT 1 OFFSET 0) OR EXISTS (SELECT 1 FROM group_members m JOIN group_systems l ON l.account_id = m.account_id \
                 AND l.group_id = m.group_id WHERE m.account_id = $1 AND m.user_id = u.id AND l.system_id IN (",
            );
            text.bind_all(systems).push(")").holds("m", self.now).holds("l", self.now).push(" LIMIT 1 OFFSET 0))");
        }
        if !self.filter.group.is_empty() {
            text.push(" AND EXISTS (SELECT 1 FROM group_members m WHERE m.account_id = $1 AND m.user_id = u.id AND m.group_id IN (");
            text.bind_all(&self.filter.group).push(")").holds("m", self.now).push(" LIMIT 1 OFFSET 0)");
        }
        self.push_invitation(text);
    }
}
