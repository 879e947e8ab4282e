//! The API keys of one account; only the hashes of their secrets are stored.

use domain::core::ids::{AccountId, ApiKeyId, UserId};
use domain::core::timestamp::Timestamp;

use crate::db::tenant::of_tenant;
use crate::{SqlText, StoreError, Tx, record};

/// A key of a program. It acts as the user it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// The account it opens.
    pub account_id: AccountId,
    /// The API key's id.
    pub id: ApiKeyId,
    /// Whose key it is.
    pub user_id: UserId,
    /// How people know it.
    pub name: String,
    /// The most that it may, as the JSON object of the catalog's keys: of what its owner holds, no more than this.
    pub levels: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From this instant on it does not work.
    pub expires_at: Option<Timestamp>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

record!(ApiKey { account_id, id, user_id, name, levels, created_at, expires_at, ended_at });

impl ApiKey {
    /// Whether it was neither ended nor is over.
    pub fn works_at(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// The API keys of the installation, found by their secret.
pub struct AllApiKeys<'t>(pub &'t mut Tx);

impl AllApiKeys<'_> {
    /// The key with this secret.
    pub async fn find_by_secret(&mut self, secret_hash: &str) -> Result<Option<ApiKey>, StoreError> {
        self.0
            .sql("SELECT * FROM api_keys WHERE secret_hash = $1 -- all accounts: the secret names the account")
            .bind(secret_hash)
            .one()
            .await
    }

    /// Ends every key of the installation (after a restore, D11).
    pub async fn end_everything(&mut self, at: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql("UPDATE api_keys SET ended_at = $1 WHERE ended_at IS NULL -- all accounts: after a restore")
            .bind(&at)
            .run()
            .await
    }
}

/// Keys that no one ended, of the users who follow.
const OPEN_OF: &str = " AND ended_at IS NULL AND user_id IN (";

/// The API keys of one account.
pub struct ApiKeys<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(ApiKeys);

impl ApiKeys<'_> {
    /// Adds a key.
    pub async fn insert(&mut self, key: &ApiKey, secret_hash: &str) -> Result<(), StoreError> {
        self.tx
            .sql(
                "INSERT INTO api_keys (account_id, id, user_id, name, secret_hash, levels, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&self.account)
            .bind(&key.id)
            .bind(&key.user_id)
            .bind(&key.name)
            .bind(secret_hash)
            .bind(&key.levels)
            .bind(&key.created_at)
            .bind(&key.expires_at)
            .run()
            .await?;
        Ok(())
    }

    /// A key.
    pub async fn find(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.tx
            .sql("SELECT * FROM api_keys WHERE account_id = $1 AND id = $2")
            .bind(&self.account)
            .bind(&id)
            .one()
            .await
    }

    /// How many keys [`Self::end_of_users`] would end.
    pub async fn count_open_of(&mut self, users: &[UserId]) -> Result<u64, StoreError> {
        let mut open = 0;
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("SELECT COUNT(*) FROM api_keys WHERE account_id = ");
            text.bind(&self.account).push(OPEN_OF).bind_all(chunk).push(")");
            open += self.tx.sql(text).value::<i64>().await?;
        }
        Ok(u64::try_from(open).unwrap_or_default())
    }

    /// Ends the keys of these users.
    pub async fn end_of_users(&mut self, users: &[UserId], at: Timestamp) -> Result<(), StoreError> {
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("UPDATE api_keys SET ended_at = ");
            text.bind(&at).push(" WHERE account_id = ").bind(&self.account);
            text.push(OPEN_OF).bind_all(chunk).push(")");
            self.tx.sql(text).run().await?;
        }
        Ok(())
    }
}
