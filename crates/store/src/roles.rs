//! The custom roles of one account; predefined ones are in the catalog.

use domain::access::role::RoleId;
use domain::core::ids::AccountId;
use domain::core::timestamp::Timestamp;

use crate::db::tenant::of_tenant;
use crate::{StoreError, Tx, record};

/// A custom role as it is stored: its levels as the JSON object of the catalog's keys.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRole {
    /// The role's id.
    pub id: RoleId,
    /// Unique in the account.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `{"content": "edit", …}`.
    pub levels: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

record!(StoredRole { id, name, description, levels, created_at, version });

/// The custom roles of one account.
pub struct Roles<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(Roles);

impl Roles<'_> {
    /// A custom role.
    pub async fn find(&mut self, id: &RoleId) -> Result<Option<StoredRole>, StoreError> {
        self.tx.sql("SELECT * FROM roles WHERE account_id = $1 AND id = $2").bind(&self.account).bind(id).one().await
    }

    /// All custom roles, by name.
    pub async fn list(&mut self) -> Result<Vec<StoredRole>, StoreError> {
        self.tx.sql("SELECT * FROM roles WHERE account_id = $1 ORDER BY name_key").bind(&self.account).all().await
    }
}
