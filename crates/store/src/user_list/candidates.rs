//! Users who have a rare text, system or group, from the index of trigrams, of grants or of members.

use domain::user::User;
use domain::user_order::UserSortKey;

use super::{Selection, UserList, Window};
use crate::{Engine, SearchIndex, SqlText, StoreError};

/// Shorter texts have no trigram.
const SHORTEST_TEXT: usize = 3;

/// Where candidates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The index of trigrams.
    Text,
    /// The grants, by system.
    Systems,
    /// The members, by group.
    Groups,
}

impl UserList<'_> {
    /// An index that knows few users among whom all selected ones are; `None` when there are too many.
    pub(super) async fn source(&mut self, selection: &Selection) -> Result<Option<Source>, StoreError> {
        for source in selection.sources() {
            if self.count_candidates(source, selection, selection.effort.most_candidates + 1).await?
                <= selection.effort.most_candidates
            {
                return Ok(Some(source));
            }
        }
        Ok(None)
    }

    /// The selected users of a window, by way of the candidates.
    pub(super) async fn among(
        &mut self,
        source: Source,
        selection: &Selection,
        window: &Window,
    ) -> Result<Vec<User>, StoreError> {
        let mut text = self.with_candidates(selection, source);
        text.push(match window.order.by {
            UserSortKey::Email => "SELECT u.*, u.email AS k",
            UserSortKey::Name => "SELECT u.*, u.sort_name AS k",
            UserSortKey::Role => "SELECT u.*, u.role_id AS r, u.email AS k",
            UserSortKey::Status => "SELECT u.*, u.status AS r, u.email AS k",
            UserSortKey::LastLoginAt => "SELECT u.*, COALESCE(u.last_login_at, 0) AS k",
            UserSortKey::CreatedAt => "SELECT u.*, u.created_at AS k",
        });
        text.push(" FROM candidates c JOIN users u ON u.account_id = $1 AND u.id = c.user_id WHERE 1 = 1");
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        push_after(&mut text, window);
        text.push(window.order_by()).push(" LIMIT ").bind(&window.limit());
        self.tx.sql(text).all().await
    }

    /// How many of the candidates are selected.
    pub(super) async fn count_among(&mut self, source: Source, selection: &Selection) -> Result<i64, StoreError> {
        let mut text = self.with_candidates(selection, source);
        text.push(
            "SELECT COUNT(*) FROM candidates c JOIN users u ON u.account_id = $1 AND u.id = c.user_id WHERE 1 = 1",
        );
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        self.tx.sql(text).value().await
    }

    /// How many candidates there are, counted up to `most`.
    pub(super) async fn count_candidates(
        &mut self,
        source: Source,
        selection: &Selection,
        most: i64,
    ) -> Result<i64, StoreError> {
        let mut text = self.some_candidates(selection, source, most);
        text.push("SELECT COUNT(*) FROM candidates");
        self.tx.sql(text).value().await
    }

    fn with_candidates(&self, selection: &Selection, source: Source) -> SqlText {
        self.some_candidates(selection, source, selection.effort.most_candidates + 1)
    }

    fn some_candidates(&self, selection: &Selection, source: Source, most: i64) -> SqlText {
        let mut text = SqlText::new("WITH candidates AS MATERIALIZED (");
        text.bind_ahead(&self.account);
        match (source, self.tx.engine()) {
            (Source::Text, Engine::Sqlite) => {
                text.push(
                    "SELECT r.user_id FROM user_search s JOIN user_search_rows r ON r.number = s.rowid \
                     WHERE r.account_id = $1 AND s.rowid > (SELECT n.number * 4294967296 FROM user_search_accounts n \
                     WHERE n.account_id = $1) AND s.rowid < (SELECT (n.number + 1) * 4294967296 FROM user_search_accounts n \
                     WHERE n.account_id = $1) AND s.user_search MATCH ",
                );
                text.bind(&selection.phrase());
            }
            (Source::Text, Engine::Postgres) => {
                text.push("SELECT id AS user_id FROM users WHERE account_id = $1 AND search_text LIKE ");
                text.bind(&selection.pattern().unwrap_or_default()).push(" ESCAPE '\\'");
            }
            (Source::Systems, Engine::Sqlite | Engine::Postgres) => selection.push_holders(&mut text),
            (Source::Groups, Engine::Sqlite | Engine::Postgres) => selection.push_members(&mut text),
        }
        text.push(" LIMIT ").bind(&most).push(") ");
        text
    }
}

impl Selection {
    /// The source that knows by itself who is looked for: when there is one thing to look for, and an index of it.
    pub(super) fn only_source(&self) -> Option<Source> {
        let asked = [self.filter.needle().is_some(), self.systems.is_some(), !self.filter.group.is_empty()];
        let alone = asked.into_iter().filter(|asked| *asked).count() == 1;
        if alone { self.sources().first().copied() } else { None }
    }

    fn sources(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        let length = self.filter.needle().map_or(0, |needle| needle.chars().count());
        if self.search == SearchIndex::Trigram && length >= SHORTEST_TEXT {
            sources.push(Source::Text);
        }
        if self.systems.is_some() {
            sources.push(Source::Systems);
        }
        if !self.filter.group.is_empty() {
            sources.push(Source::Groups);
        }
        sources
    }

    /// The text as FTS5 reads it: one phrase, whatever is in it.
    fn phrase(&self) -> String {
        format!("\"{}\"", self.filter.needle().unwrap_or_default().replace('"', "\"\""))
    }

    /// Whoever is in one of the groups.
    fn push_members(&self, text: &mut SqlText) {
        text.push("SELECT DISTINCT m.user_id FROM group_members m WHERE m.account_id = $1 AND m.group_id IN (");
        text.bind_all(&self.filter.group).push(")");
        self.push_membership_times(text);
    }

    /// Whoever has one of the systems.
    fn push_holders(&self, text: &mut SqlText) {
        let systems = self.systems.as_deref().unwrap_or_default();
        text.push("SELECT user_id FROM system_grants WHERE account_id = $1 AND system_id IN (").bind_all(systems);
        text.push(") AND COALESCE(starts_at, 0) <= ").bind(&self.now);
        text.push(" AND COALESCE(ends_at, 9223372036854775807) > ").bind(&self.now);
        text.push(
            " UNION SELECT m.user_id FROM group_systems l JOIN group_members m ON m.account_id = l.account_id \
             AND m.group_id = l.group_id WHERE l.account_id = $1 AND l.system_id IN (",
        );
        text.bind_all(systems).push(")");
        self.push_group_times(text);
        text.push(" UNION SELECT id AS user_id FROM users WHERE account_id = $1 AND all_systems");
    }
}

fn push_after(text: &mut SqlText, window: &Window) {
    let Some(from) = &window.from else { return };
    let ranked = match window.order.by {
        UserSortKey::Email => " AND (u.email, u.id)",
        UserSortKey::Name => " AND (u.sort_name, u.id)",
        UserSortKey::Role => " AND (u.role_id, u.email, u.id)",
        UserSortKey::Status => " AND (u.status, u.email, u.id)",
        UserSortKey::LastLoginAt => " AND (COALESCE(u.last_login_at, 0), u.id)",
        UserSortKey::CreatedAt => " AND (u.created_at, u.id)",
    };
    text.push(ranked).push(window.compare());
    if window.is_ranked() {
        text.bind(&from.rank).push(", ");
    }
    text.bind(&from.key).push(", ").bind(&from.id).push(")");
}
