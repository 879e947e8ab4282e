//! The users of one account.

pub(crate) mod batches;
pub mod list;
pub mod saved_views;

use domain::core::email_address::EmailAddress;
use domain::core::ids::{AccountId, IdentityId, UserId};
use domain::core::search_text::{person_search_key, search_key};
use domain::core::timestamp::Timestamp;
use domain::users::{LoginMethod, User, UserStatus};

use crate::db::tenant::of_tenant;
use crate::{SqlText, StoreError, ToValue, Tx, Value, record, text_column};

text_column!(LoginMethod, UserStatus);
record!(User {
    id,
    account_id,
    identity_id,
    email,
    name,
    role_id,
    status,
    login_method,
    sso_id,
    created_at,
    activated_at,
    last_login_at,
    credentials_valid_from,
    deleted_at,
    status_before_deletion,
    version,
});

/// The users of one account.
pub struct Users<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(Users);

/// The folded text of a user that substring search looks into.
pub fn search_text(user: &User) -> String {
    person_search_key(user.name.as_ref(), &user.email)
}

impl Users<'_> {
    /// Adds users, many at a time. The caller keeps the counts.
    pub async fn insert(&mut self, users: &[User]) -> Result<(), StoreError> {
        self.tx
            .insert_many(
                "INSERT INTO users (account_id, id, identity_id, email, name, sort_name, search_text, role_id, status, login_method, \
                 sso_id, created_at, activated_at, last_login_at, credentials_valid_from, deleted_at, status_before_deletion, version)",
                "",
                users.iter().map(row),
            )
            .await?;
        Ok(())
    }

    /// A user by id.
    pub async fn find(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.tx.sql("SELECT * FROM users WHERE account_id = $1 AND id = $2").bind(&self.account).bind(&id).one().await
    }

    /// The membership of a person.
    pub async fn find_by_identity(&mut self, identity: IdentityId) -> Result<Option<User>, StoreError> {
        self.tx
            .sql("SELECT * FROM users WHERE account_id = $1 AND identity_id = $2")
            .bind(&self.account)
            .bind(&identity)
            .one()
            .await
    }

    /// The user with this address.
    pub async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        self.tx
            .sql("SELECT * FROM users WHERE account_id = $1 AND email = $2")
            .bind(&self.account)
            .bind(email)
            .one()
            .await
    }

    /// Those of `ids` that exist here, in no particular order.
    pub async fn find_all(&mut self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        let mut found = Vec::new();
        for chunk in ids.chunks(500) {
            let mut text = SqlText::new("SELECT * FROM users WHERE account_id = ");
            text.bind(&self.account).push(" AND id IN (").bind_all(chunk).push(")");
            found.extend(self.tx.sql(text).all::<User>().await?);
        }
        Ok(found)
    }

    /// Those of `emails` that are users here, whatever their status.
    pub async fn find_all_by_email(&mut self, emails: &[EmailAddress]) -> Result<Vec<User>, StoreError> {
        let mut found = Vec::new();
        for chunk in emails.chunks(500) {
            let mut text = SqlText::new("SELECT * FROM users WHERE account_id = ");
            text.bind(&self.account).push(" AND email IN (").bind_all(chunk).push(")");
            found.extend(self.tx.sql(text).all::<User>().await?);
        }
        Ok(found)
    }

    /// Notes that a user came in with a new session. Not a change of the user: the version stays.
    pub async fn came_in(&mut self, id: UserId, at: Timestamp) -> Result<(), StoreError> {
        self.tx
            .sql("UPDATE users SET last_login_at = $3 WHERE account_id = $1 AND id = $2")
            .bind(&self.account)
            .bind(&id)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }

    /// Writes a changed user and increments its version. False when it was changed in the meantime.
    pub async fn update(&mut self, user: &User) -> Result<bool, StoreError> {
        let touched = self
            .tx
            .sql(
                "UPDATE users SET name = $4, sort_name = $5, search_text = $6, role_id = $7, status = $8, login_method = $9, sso_id = $10, \
                 activated_at = $11, credentials_valid_from = $12, deleted_at = $13, status_before_deletion = $14, \
                 version = version + 1 WHERE account_id = $1 AND id = $2 AND version = $3",
            )
            .bind(&self.account)
            .bind(&user.id)
            .bind(&user.version)
            .bind(&user.name)
            .bind(&sort_name(user))
            .bind(&search_text(user))
            .bind(&user.role_id)
            .bind(&user.status)
            .bind(&user.login_method)
            .bind(&user.sso_id)
            .bind(&user.activated_at)
            .bind(&user.credentials_valid_from)
            .bind(&user.deleted_at)
            .bind(&user.status_before_deletion)
            .run()
            .await?;
        Ok(touched == 1)
    }

    /// Removes a user for good, with their keys, groups and saved views. Grants and invitations have handles of their own. What was a
    /// link of theirs names no one anymore: it only tells whoever holds it that it was revoked.
    pub async fn purge(&mut self, id: UserId) -> Result<bool, StoreError> {
        for text in [
            "DELETE FROM group_members WHERE account_id = $1 AND user_id = $2",
            "DELETE FROM api_keys WHERE account_id = $1 AND user_id = $2",
            "UPDATE links SET account_id = NULL, identity_id = NULL, user_id = NULL WHERE account_id = $1 AND user_id = $2",
            "DELETE FROM saved_views WHERE account_id = $1 AND user_id = $2",
        ] {
            self.tx.sql(text).bind(&self.account).bind(&id).run().await?;
        }
        let removed = self
            .tx
            .sql("DELETE FROM users WHERE account_id = $1 AND id = $2")
            .bind(&self.account)
            .bind(&id)
            .run()
            .await?;
        Ok(removed == 1)
    }
}

/// The memberships of one person in all accounts: what a sign-in looks at.
pub struct Memberships<'t>(pub &'t mut Tx);

impl Memberships<'_> {
    /// All memberships of a person that are not deleted.
    pub async fn of_identity(&mut self, identity: IdentityId) -> Result<Vec<User>, StoreError> {
        self.0
            .sql("SELECT * FROM users WHERE identity_id = $1 AND status <> 'deleted' ORDER BY account_id -- all accounts: of one person")
            .bind(&identity)
            .all()
            .await
    }

    /// Deleted users whose time to be restored is over, oldest first.
    pub async fn to_purge(&mut self, deleted_before: Timestamp, limit: i64) -> Result<Vec<User>, StoreError> {
        self.0
            .sql(
                "SELECT * FROM users WHERE status = 'deleted' AND deleted_at <= $1 ORDER BY deleted_at LIMIT $2 \
                 -- all accounts: the worker's purge",
            )
            .bind(&deleted_before)
            .bind(&limit)
            .all()
            .await
    }
}

/// The folded name of a user, by which lists sort.
pub fn sort_name(user: &User) -> String {
    user.name.as_ref().map_or_else(String::new, |name| search_key(name.as_str()))
}

fn row(user: &User) -> [Value; 18] {
    [
        user.account_id.to_value(),
        user.id.to_value(),
        user.identity_id.to_value(),
        user.email.to_value(),
        user.name.to_value(),
        sort_name(user).to_value(),
        search_text(user).to_value(),
        user.role_id.to_value(),
        user.status.to_value(),
        user.login_method.to_value(),
        user.sso_id.to_value(),
        user.created_at.to_value(),
        user.activated_at.to_value(),
        user.last_login_at.to_value(),
        user.credentials_valid_from.to_value(),
        user.deleted_at.to_value(),
        user.status_before_deletion.to_value(),
        user.version.to_value(),
    ]
}
