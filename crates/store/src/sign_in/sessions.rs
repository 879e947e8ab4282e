//! Sessions and remembered browsers of identities.

use domain::core::email_address::EmailAddress;
use domain::core::ids::{AccountId, IdentityId, SessionId, UserId};
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::{Assurance, EndedBy, Lapse, Session};

use crate::{Engine, SqlText, StoreError, Tx, record, text_column};

text_column!(Assurance, EndedBy, Lapse);
record!(Session { id, identity_id, created_at, last_active_at, ip, user_agent, assurance, ended_by });

/// The reasons for ending a session that do not revoke anything else.
pub(crate) fn harmless() -> Vec<EndedBy> {
    EndedBy::ALL.iter().copied().filter(|by| !by.takes_back()).collect()
}

/// Signed-in browsers.
pub struct Sessions<'t>(pub &'t mut Tx);

impl Sessions<'_> {
    /// Adds a session, which entered no account yet; only the hashes of its token and of its browser's are stored.
    pub async fn insert(&mut self, session: &Session, token_hash: &str, device_hash: &str) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO sessions (id, token_hash, identity_id, created_at, last_active_at, ip, user_agent, assurance, device_hash) \
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
            .bind(device_hash)
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

    /// The session with this token, also one that was ended; no one else changes it until this transaction ends.
    pub async fn hold_by_token(&mut self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        self.0
            .sql("UPDATE sessions SET last_active_at = last_active_at WHERE token_hash = $1 RETURNING *")
            .bind(token_hash)
            .one()
            .await
    }

    /// Holds these sessions until this transaction ends, in the order of their ids: before what is known of them in accounts, as whoever
    /// holds one by its token does.
    pub async fn hold(&mut self, sessions: &[SessionId]) -> Result<(), StoreError> {
        // SQLite has one writer.
        if self.0.engine() == Engine::Postgres {
            let mut text = SqlText::new("SELECT id FROM sessions WHERE id IN (");
            text.bind_all(sessions).push(") ORDER BY id FOR UPDATE");
            self.0.sql(text).values::<SessionId>().await?;
        }
        Ok(())
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

    /// Ends those of these live sessions that are open in no account which they entered.
    pub async fn end_open_nowhere(&mut self, sessions: &[SessionId], by: EndedBy) -> Result<u64, StoreError> {
        let mut text = SqlText::new("UPDATE sessions SET ended_by = ");
        text.bind(&by).push(" WHERE ended_by IS NULL AND id IN (").bind_all(sessions);
        text.push(
            ") AND NOT EXISTS (SELECT 1 FROM session_accounts x WHERE x.session_id = sessions.id AND x.entered_at IS NOT NULL \
             AND x.lapse IS NULL) -- all accounts: whether one that it entered accepts it",
        );
        self.0.sql(text).run().await
    }

    /// A person's live sessions, latest first.
    pub async fn of_identity(&mut self, identity: IdentityId) -> Result<Vec<Session>, StoreError> {
        self.0
            .sql("SELECT * FROM sessions WHERE identity_id = $1 AND ended_by IS NULL ORDER BY created_at DESC")
            .bind(&identity)
            .all()
            .await
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
        again.push(" AND ended_by IN (").bind_all(&harmless()).push(")");
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

    /// Ends the live sessions of these users' people, as far as they are active in no other account. The rows of these people are
    /// held, or two accounts that do this at once would each take the other for one where they are active.
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

    /// Removes sessions that no account's limits could accept, by what it knows of them, ended or not.
    pub async fn remove_older(
        &mut self,
        created_before: Timestamp,
        active_before: Timestamp,
    ) -> Result<u64, StoreError> {
        let removed = self
            .0
            .sql(
                "DELETE FROM sessions WHERE (created_at < $1 AND NOT EXISTS \
                 (SELECT 1 FROM session_accounts x WHERE x.session_id = sessions.id AND x.entered_at >= $1)) \
                 OR (last_active_at < $2 AND NOT EXISTS \
                 (SELECT 1 FROM session_accounts x WHERE x.session_id = sessions.id AND x.active_at >= $2)) \
                 -- all accounts: any of them may still count it from when it came there, or by an open page",
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

    /// Who signed in with this browser before; of several the one with this address, or else the first by id.
    pub async fn person_of_device(
        &mut self,
        token_hash: &str,
        address: Option<&EmailAddress>,
    ) -> Result<Option<IdentityId>, StoreError> {
        let text = "SELECT COALESCE(\
                    (SELECT identities.id FROM identities JOIN devices ON devices.identity_id = identities.id \
                     WHERE identities.email = $2 AND devices.token_hash = $1), \
                    (SELECT MIN(identity_id) FROM devices WHERE token_hash = $1))";
        self.0.sql(text).bind(token_hash).bind(&address).value().await
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
