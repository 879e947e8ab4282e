//! Sessions and remembered browsers of identities.

use domain::ids::{AccountId, IdentityId, SessionId, UserId};
use domain::session::{EndedBy, Session};
use domain::timestamp::Timestamp;

use crate::{SqlText, StoreError, Tx, record};

record!(Session { id, identity_id, created_at, last_active_at, ip, user_agent, assurance, ended_by });

/// A session works when it was made, and used, after these instants.
#[derive(Debug, Clone, Copy)]
pub struct SessionBounds {
    /// Made after.
    pub created: Timestamp,
    /// Used after.
    pub active: Timestamp,
}

/// Signed-in browsers.
pub struct Sessions<'t>(pub &'t mut Tx);

impl Sessions<'_> {
    /// Adds a session that was opened in an account; only the hash of its token is stored.
    pub async fn insert(
        &mut self,
        session: &Session,
        token_hash: &str,
        opened_in: AccountId,
    ) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO sessions (id, token_hash, identity_id, created_at, last_active_at, ip, user_agent, assurance, opened_in) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(&session.id)
            .bind(token_hash)
            .bind(&session.identity_id)
            .bind(&session.created_at)
            .bind(&session.last_active_at)
            .bind(&session.ip)
            .bind(&session.user_agent)
            .bind(&session.assurance)
            .bind(&opened_in)
            .run()
            .await?;
        Ok(())
    }

    /// A session of a person, also one that was ended.
    pub async fn find(&mut self, identity: IdentityId, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.0.sql("SELECT * FROM sessions WHERE identity_id = $1 AND id = $2").bind(&identity).bind(&id).one().await
    }

    /// The session with this token, also one that was ended.
    pub async fn find_by_token(&mut self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        self.0.sql("SELECT * FROM sessions WHERE token_hash = $1").bind(token_hash).one().await
    }

    /// The session with this token, also one that was ended; nobody else changes it until this transaction ends.
    pub async fn hold_by_token(&mut self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        self.0
            .sql("UPDATE sessions SET last_active_at = last_active_at WHERE token_hash = $1 RETURNING *")
            .bind(token_hash)
            .one()
            .await
    }

    /// Ends the live session with this token, whoever it belongs to; says to whom.
    pub async fn end_by_token(&mut self, token_hash: &str, by: EndedBy) -> Result<Option<IdentityId>, StoreError> {
        let ended: Vec<IdentityId> = self
            .0
            .sql("UPDATE sessions SET ended_by = $2 WHERE token_hash = $1 AND ended_by IS NULL RETURNING identity_id")
            .bind(token_hash)
            .bind(&by)
            .values()
            .await?;
        Ok(ended.first().copied())
    }

    /// Ends a person's oldest live sessions, so that at most so many are left; says how many ended.
    pub async fn end_oldest(&mut self, identity: IdentityId, most: u32, by: EndedBy) -> Result<u64, StoreError> {
        self.0
            .sql(
                "UPDATE sessions SET ended_by = $2 WHERE identity_id = $1 AND ended_by IS NULL AND id NOT IN \
                 (SELECT id FROM sessions WHERE identity_id = $1 AND ended_by IS NULL ORDER BY created_at DESC, id DESC LIMIT $3)",
            )
            .bind(&identity)
            .bind(&by)
            .bind(&i64::from(most))
            .run()
            .await
    }

    /// A person's live sessions, latest first.
    pub async fn of_identity(&mut self, identity: IdentityId) -> Result<Vec<Session>, StoreError> {
        self.0
            .sql("SELECT * FROM sessions WHERE identity_id = $1 AND ended_by IS NULL ORDER BY created_at DESC")
            .bind(&identity)
            .all()
            .await
    }

    /// A person's live sessions that were opened in this account, latest first: those that the account may know of.
    pub async fn opened_in(&mut self, account: AccountId, identity: IdentityId) -> Result<Vec<Session>, StoreError> {
        self.0
            .sql(
                "SELECT * FROM sessions WHERE identity_id = $1 AND opened_in = $2 AND ended_by IS NULL \
                 ORDER BY created_at DESC",
            )
            .bind(&identity)
            .bind(&account)
            .all()
            .await
    }

    /// When the live sessions of these users' people were made that were opened in this account.
    pub async fn opening_times(
        &mut self,
        account: AccountId,
        users: &[UserId],
    ) -> Result<Vec<(IdentityId, Timestamp)>, StoreError> {
        let mut found = Vec::new();
        for chunk in users.chunks(500) {
            let mut text = SqlText::new(
                "SELECT s.identity_id, s.created_at FROM users u JOIN sessions s ON s.identity_id = u.identity_id \
                 WHERE u.account_id = ",
            );
            text.bind(&account).push(" AND u.id IN (").bind_all(chunk);
            text.push(") AND s.ended_by IS NULL AND s.opened_in = ").bind(&account);
            found.extend(self.0.sql(text).all::<(IdentityId, Timestamp)>().await?);
        }
        Ok(found)
    }

    /// Ends one live session of a person. False when there is none.
    pub async fn end(&mut self, identity: IdentityId, id: SessionId, by: EndedBy) -> Result<bool, StoreError> {
        let ended = self
            .0
            .sql("UPDATE sessions SET ended_by = $3 WHERE identity_id = $1 AND id = $2 AND ended_by IS NULL")
            .bind(&identity)
            .bind(&id)
            .bind(&by)
            .run()
            .await?;
        Ok(ended == 1)
    }

    /// Ends a person's live sessions, all but `keep`; says how many. Those that time or another sign-in ended before are ended
    /// by this from now on: what was started with one of them must not go on because its first end took nothing back (P9).
    pub async fn end_all(
        &mut self,
        identity: IdentityId,
        keep: Option<SessionId>,
        by: EndedBy,
    ) -> Result<u64, StoreError> {
        let keep = keep.map_or_else(String::new, |id| id.to_string());
        let mut text = SqlText::new("UPDATE sessions SET ended_by = ");
        text.bind(&by).push(" WHERE identity_id = ").bind(&identity).push(" AND id <> ").bind(&keep);
        let mut again = text.clone();
        let harmless: Vec<EndedBy> = EndedBy::ALL.iter().copied().filter(|by| !by.takes_back()).collect();
        again.push(" AND ended_by IN (").bind_all(&harmless).push(")");
        self.0.sql(again).run().await?;
        text.push(" AND ended_by IS NULL");
        self.0.sql(text).run().await
    }

    /// Removes all sessions of a person who is removed.
    pub async fn remove_of(&mut self, identity: IdentityId) -> Result<u64, StoreError> {
        self.0
            .sql(
                "DELETE FROM session_accounts WHERE session_id IN (SELECT id FROM sessions WHERE identity_id = $1) \
                 -- all accounts: the person is removed",
            )
            .bind(&identity)
            .run()
            .await?;
        self.0.sql("DELETE FROM sessions WHERE identity_id = $1").bind(&identity).run().await
    }

    /// Ends the live sessions of these users' people, as far as they are active in no other account.
    pub async fn end_of_people_active_only_in(
        &mut self,
        account: AccountId,
        users: &[UserId],
        by: EndedBy,
    ) -> Result<u64, StoreError> {
        let mut ended = 0;
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("UPDATE sessions SET ended_by = ");
            text.bind(&by)
                .push(" WHERE ended_by IS NULL AND identity_id IN (SELECT identity_id FROM users WHERE account_id = ");
            text.bind(&account).push(" AND id IN (").bind_all(chunk);
            text.push(
                ")) AND NOT EXISTS (SELECT 1 FROM users other WHERE other.identity_id = sessions.identity_id AND other.status = 'active' \
                 AND other.account_id <> ",
            );
            text.bind(&account).push(") /* all accounts: whether they are active elsewhere */");
            ended += self.0.sql(text).run().await?;
        }
        Ok(ended)
    }

    /// How many sessions of active users of this account, of those opened in it, work under the limits of today and not under
    /// those to come, and of how many people. Each limit is the instant before which a session is too old.
    pub async fn count_ended_by(
        &mut self,
        account: AccountId,
        today: SessionBounds,
        to_come: SessionBounds,
    ) -> Result<(i64, i64), StoreError> {
        let counted = self
            .0
            .sql(
                "SELECT COUNT(*), COUNT(DISTINCT user_id) FROM (SELECT u.id AS user_id, s.created_at, \
                 CASE WHEN x.renewed_at > s.last_active_at THEN x.renewed_at ELSE s.last_active_at END AS active_at \
                 FROM users u JOIN sessions s ON s.identity_id = u.identity_id \
                 LEFT JOIN session_accounts x ON x.session_id = s.id AND x.account_id = u.account_id \
                 WHERE u.account_id = $1 AND u.status = 'active' AND s.opened_in = $1 AND s.ended_by IS NULL AND s.created_at >= u.access_from \
                 AND x.lapse IS NULL) AS open \
                 WHERE created_at > $2 AND active_at > $3 AND (created_at <= $4 OR active_at <= $5)",
            )
            .bind(&account)
            .bind(&today.created)
            .bind(&today.active)
            .bind(&to_come.created)
            .bind(&to_come.active)
            .one()
            .await?;
        Ok(counted.unwrap_or_default())
    }

    /// Moves the latest input forward, never back.
    pub async fn touch(&mut self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE sessions SET last_active_at = $2 WHERE id = $1 AND last_active_at < $2 AND ended_by IS NULL")
            .bind(&id)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }

    /// Removes sessions that no account's limits could accept, ended or not.
    pub async fn remove_older(
        &mut self,
        created_before: Timestamp,
        active_before: Timestamp,
    ) -> Result<u64, StoreError> {
        let removed = self
            .0
            .sql(
                "DELETE FROM sessions WHERE created_at < $1 OR (last_active_at < $2 AND NOT EXISTS \
                 (SELECT 1 FROM session_accounts x WHERE x.session_id = sessions.id AND x.renewed_at >= $2)) \
                 -- all accounts: an open page of any of them counts",
            )
            .bind(&created_before)
            .bind(&active_before)
            .run()
            .await?;
        if removed > 0 {
            self.0
                .sql(
                    "DELETE FROM session_accounts WHERE session_id NOT IN (SELECT id FROM sessions) \
                     -- all accounts: what is left of sessions that are gone",
                )
                .run()
                .await?;
        }
        Ok(removed)
    }

    /// Removes every session of the installation (after a restore, D11).
    pub async fn end_everything(&mut self) -> Result<u64, StoreError> {
        self.0.sql("DELETE FROM session_accounts -- all accounts: after a restore").run().await?;
        self.0.sql("DELETE FROM sessions").run().await
    }

    /// Whether this browser signed in as this person before.
    pub async fn knows_device(&mut self, identity: IdentityId, token_hash: &str) -> Result<bool, StoreError> {
        self.0
            .sql("SELECT EXISTS (SELECT 1 FROM devices WHERE identity_id = $1 AND token_hash = $2)")
            .bind(&identity)
            .bind(token_hash)
            .value()
            .await
    }

    /// Whether this browser signed in as anybody before.
    pub async fn is_device(&mut self, token_hash: &str) -> Result<bool, StoreError> {
        self.0.sql("SELECT EXISTS (SELECT 1 FROM devices WHERE token_hash = $1)").bind(token_hash).value().await
    }

    /// Whether any browser signed in as this person before.
    pub async fn knows_any_device(&mut self, identity: IdentityId) -> Result<bool, StoreError> {
        self.0.sql("SELECT EXISTS (SELECT 1 FROM devices WHERE identity_id = $1)").bind(&identity).value().await
    }

    /// Forgets a person's browsers, all but `keep`.
    pub async fn forget_devices(&mut self, identity: IdentityId, keep: &str) -> Result<u64, StoreError> {
        self.0
            .sql("DELETE FROM devices WHERE identity_id = $1 AND token_hash <> $2")
            .bind(&identity)
            .bind(keep)
            .run()
            .await
    }

    /// Forgets browsers that signed in last before then.
    pub async fn forget_old_devices(&mut self, seen_before: Timestamp) -> Result<u64, StoreError> {
        self.0.sql("DELETE FROM devices WHERE seen_at < $1").bind(&seen_before).run().await
    }

    /// Remembers a browser.
    pub async fn remember_device(
        &mut self,
        identity: IdentityId,
        token_hash: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO devices (identity_id, token_hash, created_at, seen_at) VALUES ($1, $2, $3, $3) \
                 ON CONFLICT (identity_id, token_hash) DO UPDATE SET seen_at = excluded.seen_at",
            )
            .bind(&identity)
            .bind(token_hash)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }
}
