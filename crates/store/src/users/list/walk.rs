//! Walking the ranges in the order of the list.

use domain::users::User;

use super::ranges::{Range, ranges};
use super::{COUNTED_UP_TO, Selection, UserList, Window};
use crate::accounts::UserCount;
use crate::{Engine, SqlText, StoreError};

impl UserList<'_> {
    /// The users of the ranges, whoever they are.
    pub(super) async fn walk(&mut self, ranges: &[Range], window: &Window) -> Result<Vec<User>, StoreError> {
        self.walk_where(None, ranges, window).await
    }

    /// The selected users, however far one has to go: whoever is looked for may be behind everyone else.
    pub(super) async fn walk_on(
        &mut self,
        selection: &Selection,
        counts: &[UserCount],
        window: &Window,
    ) -> Result<Vec<User>, StoreError> {
        self.walk_where(Some(selection), &ranges(selection, counts, window, i64::MAX), window).await
    }

    async fn walk_where(
        &mut self,
        condition: Option<&Selection>,
        ranges: &[Range],
        window: &Window,
    ) -> Result<Vec<User>, StoreError> {
        if ranges.is_empty() {
            return Ok(Vec::new());
        }
        let mut text = SqlText::new("SELECT u.* FROM (");
        text.bind_ahead(&self.account);
        self.push_ranges(&mut text, ranges, window, &Walk { more: "", condition, limit: window.limit() });
        text.push(") AS p JOIN users u ON u.account_id = $1 AND u.id = p.id");
        text.push(window.page_order());
        self.tx.sql(text).all().await
    }

    /// The selected users among the first `looks` entries of the ranges.
    pub(super) async fn walk_some(
        &mut self,
        selection: &Selection,
        ranges: &[Range],
        window: &Window,
        looks: i64,
    ) -> Result<Vec<User>, StoreError> {
        if ranges.is_empty() {
            return Ok(Vec::new());
        }
        let more = match selection.filter.needle() {
            Some(_) => ", u.search_text",
            None => "",
        };
        let mut text = SqlText::new("SELECT u.* FROM (SELECT u.* FROM (");
        text.bind_ahead(&self.account);
        self.push_ranges(&mut text, ranges, window, &Walk { more, condition: None, limit: looks });
        text.push(") AS u WHERE 1 = 1");
        selection.push_condition(&mut text);
        text.push(window.order_by()).push(" LIMIT ").bind(&window.limit());
        text.push(") AS p JOIN users u ON u.account_id = $1 AND u.id = p.id");
        text.push(window.page_order());
        self.tx.sql(text).all().await
    }

    /// How many entries the ranges have together, counted up to `most`.
    pub(super) async fn entries(&mut self, ranges: &[Range], window: &Window, most: i64) -> Result<i64, StoreError> {
        if ranges.is_empty() {
            return Ok(0);
        }
        let mut text = SqlText::new("SELECT COUNT(*) FROM (");
        text.bind_ahead(&self.account);
        self.push_ranges(&mut text, ranges, window, &Walk { more: "", condition: None, limit: most });
        text.push(") AS p");
        self.tx.sql(text).value().await
    }

    /// Counts the selected users, up to one more than [`COUNTED_UP_TO`].
    pub(super) async fn count(&mut self, selection: &Selection) -> Result<i64, StoreError> {
        let mut text = SqlText::new("SELECT COUNT(*) FROM (SELECT 1 FROM users u WHERE u.account_id = ");
        text.bind(&self.account);
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        text.push(" LIMIT ").bind(&(COUNTED_UP_TO + 1)).push(") AS found");
        self.tx.sql(text).value().await
    }

    /// The first entries of all ranges together. SQLite merges ranges by itself as far as they are read; PostgreSQL does so
    /// when each says its order and limit.
    fn push_ranges(&self, text: &mut SqlText, ranges: &[Range], window: &Window, walk: &Walk<'_>) {
        let says_order = self.tx.engine() == Engine::Postgres && ranges.len() > 1;
        for (place, range) in ranges.iter().enumerate() {
            if place > 0 {
                text.push(" UNION ALL ");
            }
            if says_order {
                text.push("SELECT * FROM (");
            }
            range.push(text, window, walk.more);
            if let Some(selection) = walk.condition {
                selection.push_condition(text);
            }
            if says_order {
                text.push(window.order_by()).push(" LIMIT ").bind(&walk.limit).push(") AS a");
            }
        }
        text.push(window.order_by()).push(" LIMIT ").bind(&walk.limit);
    }
}

/// How far and for what the ranges are walked.
struct Walk<'w> {
    /// Columns wanted beside the order.
    more: &'static str,
    condition: Option<&'w Selection>,
    limit: i64,
}

impl Window {
    /// The order of the page itself.
    const fn page_order(&self) -> &'static str {
        match (self.is_ranked(), self.descends()) {
            (false, false) => " ORDER BY p.k, p.id",
            (false, true) => " ORDER BY p.k DESC, p.id DESC",
            (true, false) => " ORDER BY p.r, p.k, p.id",
            (true, true) => " ORDER BY p.r DESC, p.k DESC, p.id DESC",
        }
    }
}
