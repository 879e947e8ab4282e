//! Users who have a rare text, system or group, from the index of trigrams, of grants or of members.

use domain::access::role::RoleId;
use domain::systems::GrantedSystem;
use domain::users::order::UserSortKey;
use domain::users::{User, UserStatus};

use super::{MOST_COUNTED, Selection, UserList, Window};
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
    /// The pending invitations.
    Invitations,
}

impl UserList<'_> {
    /// An index that knows few users among whom all selected ones are; `None` when each knows more than `most`.
    pub(super) async fn source(&mut self, selection: &Selection, most: i64) -> Result<Option<Source>, StoreError> {
        for source in selection.sources() {
            let mut text = SqlText::new("SELECT COUNT(*) FROM (");
            text.bind_ahead(&self.account);
            // Who is found in two ways counts twice: that is cheaper than remembering everyone, and errs on the safe side.
            selection.push_source(&mut text, source, self.tx.engine(), "UNION ALL");
            text.push(" LIMIT ").bind(&(most + 1)).push(") AS candidates");
            if self.tx.sql(text).value::<i64>().await? <= most {
                return Ok(Some(source));
            }
        }
        Ok(None)
    }

    /// Whether an index knows so many users, each counted once.
    pub(super) async fn has_candidates(
        &mut self,
        source: Source,
        selection: &Selection,
        enough: i64,
    ) -> Result<bool, StoreError> {
        let mut text = SqlText::new("SELECT COUNT(*) FROM (");
        text.bind_ahead(&self.account);
        selection.push_certain(&mut text, source, self.tx.engine());
        text.push(" LIMIT ").bind(&enough).push(") AS candidates");
        Ok(self.tx.sql(text).value::<i64>().await? >= enough)
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
            UserSortKey::LastLoginAt => "SELECT u.*, u.last_login_order AS k",
            UserSortKey::CreatedAt => "SELECT u.*, u.created_at AS k",
        });
        text.push(" FROM candidates c JOIN users u ON u.account_id = $1 AND u.id = c.user_id WHERE 1 = 1");
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        push_after(&mut text, window);
        text.push(window.order_by()).push(" LIMIT ").bind(&window.limit());
        self.tx.sql(text).all().await
    }

    /// How many of the candidates are selected; the filter leaves out `excluded` users of the account.
    pub(super) async fn count_among(
        &mut self,
        source: Source,
        selection: &Selection,
        excluded: i64,
    ) -> Result<i64, StoreError> {
        let mut text = self.with_candidates(selection, source);
        if selection.only_source() == Some(source) && selection.asks_status_only() && excluded <= MOST_COUNTED {
            // An index knows those few by their status; every candidate would have to be looked up for it.
            text.push(
                "SELECT COUNT(*) FROM candidates WHERE user_id NOT IN (SELECT id FROM users WHERE account_id = $1",
            );
            text.push(" AND status IN (").bind_all(&selection.excluded_statuses()).push("))");
        } else {
            text.push(
                "SELECT COUNT(*) FROM candidates c JOIN users u ON u.account_id = $1 AND u.id = c.user_id WHERE 1 = 1",
            );
            selection.push_facets(&mut text);
            selection.push_condition(&mut text);
        }
        self.tx.sql(text).value().await
    }

    /// How many of the users who have one of the systems of this selection hold each role.
    pub async fn holders_by_role(&mut self, selection: &Selection) -> Result<Vec<(RoleId, i64)>, StoreError> {
        let mut text = self.with_candidates(selection, Source::Systems);
        text.push("SELECT u.role_id, COUNT(*) FROM candidates c JOIN users u ON u.account_id = $1 AND u.id = c.user_id WHERE 1 = 1");
        selection.push_facets(&mut text);
        text.push(" GROUP BY u.role_id");
        self.tx.sql(text).all().await
    }

    pub(super) fn with_candidates(&self, selection: &Selection, source: Source) -> SqlText {
        let mut text = SqlText::new("WITH candidates AS MATERIALIZED (");
        text.bind_ahead(&self.account);
        selection.push_source(&mut text, source, self.tx.engine(), "UNION");
        text.push(") ");
        text
    }
}

impl Selection {
    /// The source that knows by itself who is looked for: when there is one thing to look for, and an index of it.
    pub(super) fn only_source(&self) -> Option<Source> {
        let asked = [self.filter.needle().is_some(), self.systems.is_some(), !self.filter.group.is_empty()];
        // Of invitations the index knows only about who it is.
        let alone = asked.into_iter().filter(|asked| *asked).count() == 1 && self.filter.invitation.is_empty();
        if alone { self.sources().first().copied() } else { None }
    }

    pub(super) fn sources(&self) -> Vec<Source> {
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
        if !self.filter.invitation.is_empty() {
            sources.push(Source::Invitations);
        }
        sources
    }

    fn asks_status_only(&self) -> bool {
        self.filter.role.is_empty() && self.filter.login_method.is_empty() && !self.excluded_statuses().is_empty()
    }

    fn excluded_statuses(&self) -> Vec<UserStatus> {
        let admitted = self.filter.statuses();
        UserStatus::ALL.iter().copied().filter(|status| !admitted.contains(status)).collect()
    }

    /// The text as FTS5 reads it: one phrase, whatever is in it.
    fn phrase(&self) -> String {
        format!("\"{}\"", self.filter.needle().unwrap_or_default().replace('"', "\"\""))
    }

    /// All users among whom the selected ones are; `union` says whether each is there only once.
    fn push_source(&self, text: &mut SqlText, source: Source, engine: Engine, union: &'static str) {
        match (source, engine) {
            (Source::Text, Engine::Sqlite) => {
                // CROSS JOIN: the text is looked for once, not again for each row of the account.
                text.push(
                    "SELECT r.user_id FROM user_search s CROSS JOIN user_search_rows r ON r.number = s.rowid \
                     WHERE r.account_id = $1 AND s.rowid > (SELECT n.number * 4294967296 FROM user_search_accounts n \
                     WHERE n.account_id = $1) AND s.rowid < (SELECT (n.number + 1) * 4294967296 FROM user_search_accounts n \
                     WHERE n.account_id = $1) AND s.user_search MATCH ",
                );
                text.bind(&self.phrase());
            }
            (Source::Text, Engine::Postgres) => {
                text.push("SELECT id AS user_id FROM users WHERE account_id = $1 AND search_text");
                text.contains(&self.filter.needle().unwrap_or_default());
            }
            (Source::Systems, Engine::Sqlite | Engine::Postgres) => self.push_holders(text, union),
            (Source::Groups, Engine::Sqlite | Engine::Postgres) => self.push_members(text),
            (Source::Invitations, Engine::Sqlite | Engine::Postgres) => self.push_invited(text),
        }
    }

    /// A subset of the candidates, each once and without materializing all of them: for systems, the users who have the first one
    /// directly.
    fn push_certain(&self, text: &mut SqlText, source: Source, engine: Engine) {
        match source {
            Source::Systems => {
                let systems = self.systems.as_deref().unwrap_or_default();
                text.push("SELECT DISTINCT user_id FROM (");
                self.push_grants(text, &systems.iter().take(1).copied().map(GrantedSystem::One).collect::<Vec<_>>());
                text.push(") AS holders");
            }
            Source::Text | Source::Groups | Source::Invitations => self.push_source(text, source, engine, "UNION"),
        }
    }

    /// Whoever is in one of the groups.
    fn push_members(&self, text: &mut SqlText) {
        text.push("SELECT DISTINCT m.user_id FROM group_members m WHERE m.account_id = $1 AND m.group_id IN (");
        text.bind_all(&self.filter.group).push(")").holds("m", self.now);
    }

    /// Whoever has one of the systems.
    fn push_holders(&self, text: &mut SqlText, union: &'static str) {
        let systems = self.systems.as_deref().unwrap_or_default();
        self.push_grants(text, &GrantedSystem::giving(systems));
        text.push(" ").push(union);
        text.push(
            " SELECT m.user_id FROM group_systems l JOIN group_members m ON m.account_id = l.account_id \
             AND m.group_id = l.group_id WHERE l.account_id = $1 AND l.system_id IN (",
        );
        text.bind_all(systems).push(")").holds("m", self.now).holds("l", self.now);
    }

    /// Whoever has one of these grants.
    fn push_grants(&self, text: &mut SqlText, systems: &[GrantedSystem]) {
        text.push("SELECT g.user_id FROM system_grants g WHERE g.account_id = $1 AND g.system_id IN (")
            .bind_all(systems);
        text.push(")").holds("g", self.now);
    }
}

fn push_after(text: &mut SqlText, window: &Window) {
    let Some(from) = &window.from else { return };
    let ranked = match window.order.by {
        UserSortKey::Email => " AND (u.email, u.id)",
        UserSortKey::Name => " AND (u.sort_name, u.id)",
        UserSortKey::Role => " AND (u.role_id, u.email, u.id)",
        UserSortKey::Status => " AND (u.status, u.email, u.id)",
        UserSortKey::LastLoginAt => " AND (u.last_login_order, u.id)",
        UserSortKey::CreatedAt => " AND (u.created_at, u.id)",
    };
    text.push(ranked).push(window.compare());
    if window.is_ranked() {
        text.bind(&from.rank).push(", ");
    }
    text.bind(&from.key).push(", ").bind(&from.id).push(")");
}
