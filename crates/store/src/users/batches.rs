//! Changes of many users of one account in few statements. The account's row is held, so nothing else changes them meanwhile;
//! a status moves only from the one that was read, and the row count says whether all did.

use domain::access::role::RoleId;
use domain::core::email_address::EmailAddress;
use domain::core::ids::{SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::GrantedSystem;
use domain::users::UserStatus;

use crate::users::Users;
use crate::{SqlText, StoreError};

const CHUNK: usize = 500;

/// The user `u` signs in with a password, and has one.
const HAS_PASSWORD: &str = " AND u.login_method = 'password' \
     AND EXISTS (SELECT 1 FROM credentials c WHERE c.identity_id = u.identity_id AND c.kind = 'password')";

impl Users<'_> {
    /// Moves users from one status to another; credentials from before `credentials_valid_from` stop working. Says how many moved.
    pub async fn move_status(
        &mut self,
        ids: &[UserId],
        from: UserStatus,
        to: UserStatus,
        credentials_valid_from: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut moved = 0;
        for chunk in ids.chunks(CHUNK) {
            let mut text = SqlText::new("UPDATE users SET version = version + 1, status = ");
            text.bind(&to).push(", credentials_valid_from = ").bind(&credentials_valid_from);
            text.push(" WHERE account_id = ").bind(&self.account).push(" AND status = ").bind(&from);
            text.push(" AND id IN (").bind_all(chunk).push(")");
            moved += self.tx.sql(text).run().await?;
        }
        Ok(moved)
    }

    /// Deletes users softly, noting the status they had. Says how many.
    pub async fn delete(&mut self, ids: &[UserId], at: Timestamp) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for chunk in ids.chunks(CHUNK) {
            let mut text = SqlText::new(
                "UPDATE users SET version = version + 1, status_before_deletion = status, status = 'deleted', deleted_at = ",
            );
            text.bind(&at).push(", credentials_valid_from = ").bind(&at);
            text.push(" WHERE account_id = ").bind(&self.account).push(" AND status <> 'deleted' AND id IN (");
            text.bind_all(chunk).push(")");
            deleted += self.tx.sql(text).run().await?;
        }
        Ok(deleted)
    }

    /// Gives deleted users the status back that they had. Says how many.
    pub async fn restore(&mut self, ids: &[UserId], credentials_valid_from: Timestamp) -> Result<u64, StoreError> {
        let mut restored = 0;
        for chunk in ids.chunks(CHUNK) {
            let mut text = SqlText::new(
                "UPDATE users SET version = version + 1, status = COALESCE(status_before_deletion, 'inactive'), \
                 status_before_deletion = NULL, deleted_at = NULL, credentials_valid_from = ",
            );
            text.bind(&credentials_valid_from).push(" WHERE account_id = ").bind(&self.account);
            text.push(" AND status = 'deleted' AND id IN (").bind_all(chunk).push(")");
            restored += self.tx.sql(text).run().await?;
        }
        Ok(restored)
    }

    /// Gives users another role. Says how many.
    pub async fn set_role(&mut self, ids: &[UserId], role: &RoleId) -> Result<u64, StoreError> {
        let mut changed = 0;
        for chunk in ids.chunks(CHUNK) {
            let mut text = SqlText::new("UPDATE users SET version = version + 1, role_id = ");
            text.bind(role).push(" WHERE account_id = ").bind(&self.account);
            text.push(" AND id IN (").bind_all(chunk).push(")");
            changed += self.tx.sql(text).run().await?;
        }
        Ok(changed)
    }

    /// Counts the versions of users up whose systems changed, and moves the instant from which their credentials work.
    pub async fn touch(
        &mut self,
        ids: &[UserId],
        credentials_valid_from: Option<Timestamp>,
    ) -> Result<u64, StoreError> {
        let mut touched = 0;
        for chunk in ids.chunks(CHUNK) {
            let mut text = SqlText::new("UPDATE users SET version = version + 1, credentials_valid_from = COALESCE(");
            text.bind(&credentials_valid_from)
                .push(", credentials_valid_from) WHERE account_id = ")
                .bind(&self.account);
            text.push(" AND id IN (").bind_all(chunk).push(")");
            touched += self.tx.sql(text).run().await?;
        }
        Ok(touched)
    }

    /// Up to `limit` active users in one of these roles who can sign in with a password of their own.
    pub async fn able_to_sign_in(&mut self, roles: &[RoleId], limit: i64) -> Result<Vec<UserId>, StoreError> {
        let mut text = SqlText::new("SELECT u.id FROM users u WHERE u.account_id = ");
        text.bind(&self.account).push(" AND u.role_id IN (").bind_all(roles);
        text.push(") AND u.status = 'active'").push(HAS_PASSWORD).push(" LIMIT ").bind(&limit);
        self.tx.sql(text).values().await
    }

    /// Whether a user, once active, can sign in with a password of their own.
    pub async fn has_password(&mut self, id: UserId) -> Result<bool, StoreError> {
        let mut text = SqlText::new("SELECT EXISTS (SELECT 1 FROM users u WHERE u.account_id = ");
        text.bind(&self.account).push(" AND u.id = ").bind(&id).push(HAS_PASSWORD).push(")");
        self.tx.sql(text).value().await
    }

    /// Up to `limit` active users in one of these roles.
    pub async fn active_in_roles(
        &mut self,
        roles: &[RoleId],
        limit: i64,
    ) -> Result<Vec<domain::users::User>, StoreError> {
        let mut text = SqlText::new("SELECT * FROM users WHERE account_id = ");
        text.bind(&self.account).push(" AND status = 'active' AND role_id IN (").bind_all(roles);
        text.push(") ORDER BY email LIMIT ").bind(&limit);
        self.tx.sql(text).all().await
    }

    /// Those of `ids` who have one of these systems at `now`, directly or by a group, and are not deleted.
    pub async fn with_any_system(
        &mut self,
        ids: &[UserId],
        systems: &[SystemId],
        now: Timestamp,
    ) -> Result<Vec<UserId>, StoreError> {
        let mut found = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let mut text = SqlText::new("SELECT u.id FROM users u WHERE u.account_id = ");
            text.bind(&self.account).push(" AND u.id IN (").bind_all(chunk).push(")");
            push_holds_any(&mut text, systems, now);
            found.extend(self.tx.sql(text).values::<UserId>().await?);
        }
        Ok(found)
    }

    /// The same of the users with these addresses.
    pub async fn addresses_with_any_system(
        &mut self,
        emails: &[EmailAddress],
        systems: &[SystemId],
        now: Timestamp,
    ) -> Result<Vec<EmailAddress>, StoreError> {
        let mut found = Vec::new();
        for chunk in emails.chunks(CHUNK) {
            let mut text = SqlText::new("SELECT u.email FROM users u WHERE u.account_id = ");
            text.bind(&self.account).push(" AND u.email IN (").bind_all(chunk).push(")");
            push_holds_any(&mut text, systems, now);
            found.extend(self.tx.sql(text).values::<EmailAddress>().await?);
        }
        Ok(found)
    }
}

/// The user `u` is not deleted and has one of these systems.
fn push_holds_any(text: &mut SqlText, systems: &[SystemId], now: Timestamp) {
    text.push(
        " AND u.status <> 'deleted' AND (EXISTS (SELECT 1 FROM system_grants g WHERE g.account_id = u.account_id \
         AND g.user_id = u.id",
    );
    text.holds("g", now).push(" AND g.system_id IN (").bind_all(&GrantedSystem::giving(systems));
    text.push(
        ")) OR EXISTS (SELECT 1 FROM group_members m JOIN group_systems l ON l.account_id = m.account_id \
         AND l.group_id = m.group_id WHERE m.account_id = u.account_id AND m.user_id = u.id",
    );
    text.holds("m", now).holds("l", now).push(" AND l.system_id IN (").bind_all(systems).push(")))");
}
