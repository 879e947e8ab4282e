//! Everyone of a list at one instant, for files that take longer to write than a list stays the same.

use std::collections::HashMap;

use domain::core::ids::UserId;
use domain::users::User;
use domain::users::order::{UserOrder, UserSortKey};
use futures_util::TryStreamExt;

use super::{Selection, UserList};
use crate::{SqlText, StoreError};

impl UserList<'_> {
    /// The ids of all selected users in the order of the list, as they were at one instant.
    pub async fn ids(&mut self, selection: &Selection, order: UserOrder) -> Result<Vec<UserId>, StoreError> {
        let mut text = SqlText::new("SELECT u.id FROM users u WHERE u.account_id = ");
        text.bind(&self.account);
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        text.push(match (order.by, order.descending) {
            (UserSortKey::Email, false) => " ORDER BY u.email, u.id",
            (UserSortKey::Email, true) => " ORDER BY u.email DESC, u.id DESC",
            (UserSortKey::Name, false) => " ORDER BY u.sort_name, u.id",
            (UserSortKey::Name, true) => " ORDER BY u.sort_name DESC, u.id DESC",
            (UserSortKey::Role, false) => " ORDER BY u.role_id, u.email, u.id",
            (UserSortKey::Role, true) => " ORDER BY u.role_id DESC, u.email DESC, u.id DESC",
            (UserSortKey::Status, false) => " ORDER BY u.status, u.email, u.id",
            (UserSortKey::Status, true) => " ORDER BY u.status DESC, u.email DESC, u.id DESC",
            (UserSortKey::LastLoginAt, false) => " ORDER BY u.last_login_order, u.id",
            (UserSortKey::LastLoginAt, true) => " ORDER BY u.last_login_order DESC, u.id DESC",
            (UserSortKey::CreatedAt, false) => " ORDER BY u.created_at, u.id",
            (UserSortKey::CreatedAt, true) => " ORDER BY u.created_at DESC, u.id DESC",
        });
        let mut rows = self.tx.sql(text).stream::<(UserId,)>();
        let mut ids = Vec::new();
        while let Some((id,)) = rows.try_next().await? {
            ids.push(id);
        }
        Ok(ids)
    }

    /// Those of `ids` who are selected now, in the order of `ids`.
    pub async fn those_of(&mut self, selection: &Selection, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        let mut text = SqlText::new("SELECT u.* FROM users u WHERE u.account_id = ");
        text.bind(&self.account).push(" AND u.id IN (").bind_all(ids).push(")");
        selection.push_facets(&mut text);
        selection.push_condition(&mut text);
        let mut found: HashMap<UserId, User> =
            self.tx.sql(text).all::<User>().await?.into_iter().map(|user| (user.id, user)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}
