//! Single-use links; only the hashes of their tokens are stored.

use domain::core::ids::{AccountId, IdentityId, LinkId, UserId};
use domain::core::timestamp::Timestamp;
use domain::credentials::link::{Link, LinkEnd, LinkPurpose};

use crate::{SqlText, StoreError, ToValue, Tx, Value, record, text_column};

text_column!(LinkEnd, LinkPurpose);
record!(Link { id, purpose, account_id, identity_id, user_id, expires_at, by_admin, ended_as });

/// A link about to be stored, with the hash of its token.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// The link.
    pub link: Link,
    /// SHA-256 of its token, hexadecimal.
    pub token_hash: String,
}

/// The links of the installation, found by their token.
pub struct Links<'t>(pub &'t mut Tx);

impl Links<'_> {
    /// Adds links, many at a time.
    pub async fn insert(&mut self, links: &[NewLink], at: Timestamp) -> Result<(), StoreError> {
        self.0
            .insert_many(
                "INSERT INTO links (id, token_hash, purpose, account_id, identity_id, user_id, created_at, expires_at, by_admin)",
                "",
                links.iter().map(|new| row(new, at)),
            )
            .await?;
        Ok(())
    }

    /// The link with this token.
    pub async fn find_by_token(&mut self, token_hash: &str) -> Result<Option<Link>, StoreError> {
        self.0.sql("SELECT * FROM links WHERE token_hash = $1").bind(token_hash).one().await
    }

    /// Uses a link up. False when it was used, replaced or revoked in the meantime (I3).
    pub async fn end(&mut self, id: LinkId, at: Timestamp) -> Result<bool, StoreError> {
        let ended = self
            .0
            .sql("UPDATE links SET ended_at = $2, ended_as = 'used' WHERE id = $1 AND ended_at IS NULL")
            .bind(&id)
            .bind(&at)
            .run()
            .await?;
        Ok(ended == 1)
    }

    /// Ends the open links of these memberships, and says as what. What people asked for themselves, to choose a new password, is no
    /// account's and goes on.
    pub async fn end_of_users(
        &mut self,
        account: AccountId,
        users: &[UserId],
        ended_as: LinkEnd,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("UPDATE links SET ended_at = ");
            text.bind(&at).push(", ended_as = ").bind(&ended_as);
            push_open_of(&mut text, account, chunk);
            self.0.sql(text).run().await?;
        }
        Ok(())
    }

    /// How many links [`Self::end_of_users`] would end.
    pub async fn count_open_of(&mut self, account: AccountId, users: &[UserId]) -> Result<u64, StoreError> {
        let mut open = 0;
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("SELECT COUNT(*) FROM links");
            push_open_of(&mut text, account, chunk);
            open += self.0.sql(text).value::<i64>().await?;
        }
        Ok(u64::try_from(open).unwrap_or_default())
    }

    /// Ends the open links that these people asked for themselves, as far as they are active in no account. The rows of these people
    /// are held, or two accounts that do this at once would each take the other for one where they are active.
    pub async fn end_of_people_active_nowhere(
        &mut self,
        people: &[IdentityId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        for chunk in people.chunks(500) {
            let mut text = SqlText::new("UPDATE links SET ended_as = 'revoked', ended_at = ");
            text.bind(&at).push(" WHERE ended_at IS NULL AND account_id IS NULL AND identity_id IN (").bind_all(chunk);
            text.push(
                ") AND NOT EXISTS (SELECT 1 FROM users u WHERE u.identity_id = links.identity_id AND u.status = 'active') \
                 /* all accounts: whether they are active anywhere */",
            );
            self.0.sql(text).run().await?;
        }
        Ok(())
    }

    /// Ends the open links of a person for one purpose, and says as what.
    pub async fn end_of_identity(
        &mut self,
        identity: IdentityId,
        purpose: LinkPurpose,
        ended_as: LinkEnd,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        self.0
            .sql(
                "UPDATE links SET ended_at = $4, ended_as = $3 \
                 WHERE identity_id = $1 AND purpose = $2 AND ended_at IS NULL",
            )
            .bind(&identity)
            .bind(&purpose)
            .bind(&ended_as)
            .bind(&at)
            .run()
            .await
    }

    /// A newer link takes the place of those for a purpose that this account's admins had mailed to one of its users. Those
    /// that the person asked for, and those of other accounts, are not theirs to end.
    pub async fn replace_by_admin(
        &mut self,
        account: AccountId,
        user: UserId,
        purpose: LinkPurpose,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        self.0
            .sql(
                "UPDATE links SET ended_at = $4, ended_as = 'replaced' \
                 WHERE account_id = $1 AND user_id = $2 AND purpose = $3 AND by_admin AND ended_at IS NULL",
            )
            .bind(&account)
            .bind(&user)
            .bind(&purpose)
            .bind(&at)
            .run()
            .await
    }

    /// Ends every open link of the installation (after a restore, D11).
    pub async fn end_everything(&mut self, at: Timestamp) -> Result<u64, StoreError> {
        self.0.sql("UPDATE links SET ended_at = $1, ended_as = 'revoked' WHERE ended_at IS NULL").bind(&at).run().await
    }

    /// Forgets links that stopped working before then.
    pub async fn remove_dead(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.sql("DELETE FROM links WHERE expires_at < $1").bind(&before).run().await
    }

    /// Ends every open link for one purpose: a newer one, or what it was for, takes their place.
    pub async fn end_of_purpose(&mut self, purpose: LinkPurpose, at: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql("UPDATE links SET ended_at = $2, ended_as = 'replaced' WHERE purpose = $1 AND ended_at IS NULL")
            .bind(&purpose)
            .bind(&at)
            .run()
            .await
    }
}

fn push_open_of(text: &mut SqlText, account: AccountId, users: &[UserId]) {
    text.push(" WHERE ended_at IS NULL AND account_id = ").bind(&account);
    text.push(" AND user_id IN (").bind_all(users).push(")");
}

fn row(new: &NewLink, at: Timestamp) -> [Value; 9] {
    [
        new.link.id.to_value(),
        new.token_hash.to_value(),
        new.link.purpose.to_value(),
        new.link.account_id.to_value(),
        new.link.identity_id.to_value(),
        new.link.user_id.to_value(),
        at.to_value(),
        new.link.expires_at.to_value(),
        new.link.by_admin.to_value(),
    ]
}
