//! The invitations of one account.

use domain::access::role::RoleId;
use domain::core::ids::{AccountId, InvitationId, UserId};
use domain::core::timestamp::Timestamp;

use crate::db::tenant::of_tenant;
use crate::{SqlText, StoreError, ToValue, Tx, Value, record};

/// An invitation as a stored object; its links come and go.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// The invitation's id.
    pub id: InvitationId,
    /// Who is invited.
    pub user_id: UserId,
    /// By whom: id of a user, or `operator`.
    pub invited_by: String,
    /// What they said in the mail, as long as the invitation is pending.
    pub note: Option<String>,
    /// How many mails were promised for it.
    pub sent_count: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the latest mail was promised.
    pub last_sent_at: Timestamp,
    /// When whoever answers for it last sent it; what the invited person asks for themselves does not count.
    pub given_at: Timestamp,
    /// Until when the latest link works.
    pub expires_at: Timestamp,
    /// When whoever answers for it lost the right to.
    pub lost_at: Option<Timestamp>,
}

record!(Invitation {
    id,
    user_id,
    invited_by,
    note,
    sent_count,
    created_at,
    last_sent_at,
    given_at,
    expires_at,
    lost_at
});

/// How many pending invitations to one role someone answers for.
#[derive(Debug, Clone, PartialEq)]
pub struct InvitationCount {
    /// By whom: id of a user, or `operator`.
    pub invited_by: String,
    /// The role.
    pub role_id: RoleId,
    /// How many there are.
    pub pending: i64,
    /// How many of them have a link that works, and an inviter who did not lose the right since.
    pub with_link: i64,
}

record!(InvitationCount { invited_by, role_id, pending, with_link });

/// The invitations of one account.
pub struct Invitations<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(Invitations);

impl Invitations<'_> {
    /// Adds pending invitations, many at a time.
    pub async fn insert(&mut self, invitations: &[Invitation]) -> Result<(), StoreError> {
        let account = self.account;
        self.tx
            .insert_many(
                "INSERT INTO invitations (account_id, id, user_id, invited_by, note, state, sent_count, created_at, last_sent_at, given_at, expires_at)",
                "",
                invitations.iter().map(|invitation| row(account, invitation)),
            )
            .await?;
        Ok(())
    }

    /// The pending invitations of these users.
    pub async fn pending_of(&mut self, users: &[UserId]) -> Result<Vec<Invitation>, StoreError> {
        let mut found = Vec::new();
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("SELECT * FROM invitations WHERE account_id = ");
            text.bind(&self.account).push(" AND state = 'pending' AND user_id IN (").bind_all(chunk).push(")");
            found.extend(self.tx.sql(text).all::<Invitation>().await?);
        }
        Ok(found)
    }

    /// The pending invitations that these users answer for.
    pub async fn pending_by(&mut self, inviters: &[UserId]) -> Result<Vec<Invitation>, StoreError> {
        let mut found = Vec::new();
        for chunk in inviters.chunks(500) {
            let mut text = SqlText::new("SELECT * FROM invitations WHERE account_id = ");
            text.bind(&self.account).push(" AND state = 'pending' AND invited_by IN (").bind_all(chunk).push(")");
            found.extend(self.tx.sql(text).all::<Invitation>().await?);
        }
        Ok(found)
    }

    /// Until when the latest activation link of each of these users works that was not ended.
    pub async fn links_until(&mut self, users: &[UserId]) -> Result<Vec<(UserId, Timestamp)>, StoreError> {
        let mut found = Vec::new();
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("SELECT user_id, MAX(expires_at) AS until FROM links WHERE account_id = ");
            text.bind(&self.account).push(" AND purpose = 'activation' AND ended_at IS NULL AND user_id IN (");
            text.bind_all(chunk).push(") GROUP BY user_id");
            found.extend(self.tx.sql(text).all::<(UserId, Timestamp)>().await?);
        }
        Ok(found)
    }

    /// The pending invitations of provisioned users by who answers for them and by the role they are to: how many there are, and
    /// how many have a link that works at `now`.
    pub async fn counts(&mut self, now: Timestamp) -> Result<Vec<InvitationCount>, StoreError> {
        let text = "SELECT i.invited_by, u.role_id, COUNT(*) AS pending, SUM(CASE WHEN i.lost_at IS NULL AND EXISTS (SELECT 1 FROM links l \
             WHERE l.account_id = $1 AND l.user_id = u.id AND l.purpose = 'activation' AND l.ended_at IS NULL \
             AND l.expires_at > $2) THEN 1 ELSE 0 END) AS with_link FROM users u \
             JOIN invitations i ON i.account_id = u.account_id AND i.user_id = u.id AND i.state = 'pending' \
             WHERE u.account_id = $1 AND u.status = 'provisioned' GROUP BY i.invited_by, u.role_id";
        self.tx.sql(text).bind(&self.account).bind(&now).all().await
    }

    /// Notes that another mail was promised for these users' pending invitations, and who answers for them now. What
    /// someone else said in the first one is theirs, and is forgotten.
    pub async fn sent_again(
        &mut self,
        users: &[UserId],
        by: &str,
        at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        for chunk in users.chunks(500) {
            let mut text =
                SqlText::new("UPDATE invitations SET sent_count = sent_count + 1, note = CASE WHEN invited_by = ");
            text.bind(by)
                .push(" THEN note END, invited_by = ")
                .bind(by)
                .push(", lost_at = NULL, last_sent_at = ")
                .bind(&at)
                .push(", given_at = ")
                .bind(&at)
                .push(", expires_at = ")
                .bind(&expires_at);
            text.push(" WHERE account_id = ").bind(&self.account).push(" AND state = 'pending' AND user_id IN (");
            text.bind_all(chunk).push(")");
            self.tx.sql(text).run().await?;
        }
        Ok(())
    }

    /// Notes that another mail was promised for a user's pending invitation because someone asked for it: no one else answers for
    /// it now, and whoever does gave it no later than before.
    pub async fn asked_for(&mut self, user: UserId, at: Timestamp, expires_at: Timestamp) -> Result<(), StoreError> {
        self.tx
            .sql(
                "UPDATE invitations SET sent_count = sent_count + 1, last_sent_at = $3, expires_at = $4 \
                 WHERE account_id = $1 AND user_id = $2 AND state = 'pending'",
            )
            .bind(&self.account)
            .bind(&user)
            .bind(&at)
            .bind(&expires_at)
            .run()
            .await?;
        Ok(())
    }

    /// Notes who answers for these users' pending invitations from now on.
    pub async fn answer_for(&mut self, users: &[UserId], by: &str) -> Result<(), StoreError> {
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("UPDATE invitations SET note = CASE WHEN invited_by = ");
            text.bind(by)
                .push(" THEN note END, lost_at = NULL, invited_by = ")
                .bind(by)
                .push(" WHERE account_id = ")
                .bind(&self.account);
            text.push(" AND state = 'pending' AND user_id IN (").bind_all(chunk).push(")");
            self.tx.sql(text).run().await?;
        }
        Ok(())
    }

    /// Whoever answers for these users' pending invitations lost the right to. They stay dead when the right comes back (R5).
    pub async fn lose(&mut self, users: &[UserId], at: Timestamp) -> Result<(), StoreError> {
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("UPDATE invitations SET lost_at = ");
            text.bind(&at).push(" WHERE account_id = ").bind(&self.account);
            text.push(" AND state = 'pending' AND lost_at IS NULL AND user_id IN (").bind_all(chunk).push(")");
            self.tx.sql(text).run().await?;
        }
        Ok(())
    }

    /// Ends the pending invitation of a user; `state` is `accepted` or `revoked`. False when there is none.
    pub async fn end(&mut self, user: UserId, state: &str) -> Result<bool, StoreError> {
        let ended = self
            .tx
            .sql("UPDATE invitations SET state = $3, note = NULL WHERE account_id = $1 AND user_id = $2 AND state = 'pending'")
            .bind(&self.account)
            .bind(&user)
            .bind(state)
            .run()
            .await?;
        Ok(ended == 1)
    }

    /// Removes what is known of a user who is purged.
    pub async fn remove_of(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.tx
            .sql("DELETE FROM invitations WHERE account_id = $1 AND user_id = $2")
            .bind(&self.account)
            .bind(&user)
            .run()
            .await
    }
}

fn row(account: AccountId, invitation: &Invitation) -> [Value; 11] {
    [
        account.to_value(),
        invitation.id.to_value(),
        invitation.user_id.to_value(),
        invitation.invited_by.to_value(),
        invitation.note.to_value(),
        "pending".to_value(),
        invitation.sent_count.to_value(),
        invitation.created_at.to_value(),
        invitation.last_sent_at.to_value(),
        invitation.given_at.to_value(),
        invitation.expires_at.to_value(),
    ]
}
