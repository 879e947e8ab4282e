//! The views of lists that the people of one account saved.

use domain::core::ids::{AccountId, UserId};
use domain::core::search_text::search_key;
use domain::users::saved_view::{SavedView, SavedViewId};

use crate::db::tenant::of_tenant;
use crate::{StoreError, Tx, record, text_column};

text_column!(SavedViewId);
record!(SavedView { id, name, query, created_at });

/// The saved views of one account.
pub struct SavedViews<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(SavedViews);

impl SavedViews<'_> {
    /// The views of a user, by name.
    pub async fn of_user(&mut self, user: UserId) -> Result<Vec<SavedView>, StoreError> {
        self.tx
            .sql("SELECT * FROM saved_views WHERE account_id = $1 AND user_id = $2 ORDER BY name_key")
            .bind(&self.account)
            .bind(&user)
            .all()
            .await
    }

    /// A view of a user.
    pub async fn find(&mut self, user: UserId, id: SavedViewId) -> Result<Option<SavedView>, StoreError> {
        self.tx
            .sql("SELECT * FROM saved_views WHERE account_id = $1 AND user_id = $2 AND id = $3")
            .bind(&self.account)
            .bind(&user)
            .bind(&id)
            .one()
            .await
    }

    /// Adds a view of a user.
    pub async fn insert(&mut self, user: UserId, view: &SavedView) -> Result<(), StoreError> {
        self.tx
            .sql(
                "INSERT INTO saved_views (account_id, user_id, id, name, name_key, query, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&self.account)
            .bind(&user)
            .bind(&view.id)
            .bind(&view.name)
            .bind(&search_key(&view.name))
            .bind(&view.query)
            .bind(&view.created_at)
            .run()
            .await?;
        Ok(())
    }

    /// Removes a view of a user.
    pub async fn remove(&mut self, user: UserId, id: SavedViewId) -> Result<(), StoreError> {
        self.tx
            .sql("DELETE FROM saved_views WHERE account_id = $1 AND user_id = $2 AND id = $3")
            .bind(&self.account)
            .bind(&user)
            .bind(&id)
            .run()
            .await?;
        Ok(())
    }
}
