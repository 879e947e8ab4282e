//! What differs between the accounts that one session opens: when it entered each, what each saw of it last, and where something
//! ended it alone.

use domain::core::ids::{AccountId, IdentityId, SessionId, UserId};
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::{Assurance, EndedBy, Lapse};

use crate::sign_in::sessions::harmless;
use crate::{SqlText, StoreError, Tx, record};

/// A session in one account.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionAccount {
    /// The session.
    pub session_id: SessionId,
    /// The account.
    pub account_id: AccountId,
    /// When it was first used in the account; `None`: the account knows nothing of it.
    pub entered_at: Option<Timestamp>,
    /// The latest input of the person in the account, or open page of it that counted as input.
    pub active_at: Option<Timestamp>,
    /// What ended the session in this account.
    pub lapse: Option<Lapse>,
}

record!(SessionAccount { session_id, account_id, entered_at, active_at, lapse });

/// A live session as the account knows it that it entered. When the person signed in, and what they did since elsewhere, is not in
/// it: that is not the account's to know (D2).
#[derive(Debug, Clone, PartialEq)]
pub struct EnteredSession {
    /// The session's id.
    pub id: SessionId,
    /// When it was first used in the account.
    pub entered_at: Timestamp,
    /// From where.
    pub entered_ip: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// What was proved at the sign-in.
    pub assurance: Assurance,
    /// The latest input of the person in the account, or open page of it that counted as input.
    pub active_at: Timestamp,
}

record!(EnteredSession { id, entered_at, entered_ip, user_agent, assurance, active_at });

/// Restricts sessions `s` to those that account `x` considers open: they entered it, have not lapsed there, and were not ended on
/// purpose. A session that timed out elsewhere, or was replaced by another sign-in in the same browser, still counts as open: the account
/// must not learn about activity outside it (D2).
fn taken_for_open(text: &mut SqlText, now: Timestamp) -> &mut SqlText {
    text.push(" AND x.entered_at IS NOT NULL AND (x.lapse IS NULL OR x.lapsed_at > ").bind(&now);
    text.push(") AND (s.ended_by IS NULL OR s.ended_by IN (").bind_all(&harmless()).push("))")
}

/// A session works, as far as the account may know, when it entered it, and was used there, after these instants.
#[derive(Debug, Clone, Copy)]
pub struct SessionBounds {
    /// Entered after.
    pub entered: Timestamp,
    /// Used after.
    pub active: Timestamp,
}

/// Sessions in their accounts.
pub struct SessionAccounts<'t>(pub &'t mut Tx);

impl SessionAccounts<'_> {
    /// What is known of a session in single accounts; nothing where nothing differs.
    pub async fn of_session(&mut self, session: SessionId) -> Result<Vec<SessionAccount>, StoreError> {
        self.0
            .sql("SELECT * FROM session_accounts WHERE session_id = $1 -- all accounts: of one session")
            .bind(&session)
            .all()
            .await
    }

    /// Notes that a session is used in an account. False where it had been before.
    pub async fn enter(
        &mut self,
        account: AccountId,
        session: SessionId,
        ip: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let entered = self
            .0
            .sql(
                "INSERT INTO session_accounts (session_id, account_id, entered_at, entered_ip, active_at) \
                 VALUES ($2, $1, $4, $3, $4) ON CONFLICT (session_id, account_id) DO UPDATE SET \
                 entered_at = excluded.entered_at, entered_ip = excluded.entered_ip, active_at = excluded.active_at WHERE session_accounts.entered_at IS NULL",
            )
            .bind(&account)
            .bind(&session)
            .bind(ip)
            .bind(&at)
            .run()
            .await?;
        Ok(entered == 1)
    }

    /// A person's sessions that this account takes for open, the latest first: all that it knows of.
    pub async fn entered(
        &mut self,
        account: AccountId,
        identity: IdentityId,
        now: Timestamp,
    ) -> Result<Vec<EnteredSession>, StoreError> {
        let mut text = SqlText::new(
            "SELECT s.id, s.user_agent, s.assurance, x.entered_at, x.entered_ip, COALESCE(x.active_at, x.entered_at) AS active_at \
             FROM session_accounts x JOIN sessions s ON s.id = x.session_id WHERE x.account_id = ",
        );
        text.bind(&account).push(" AND s.identity_id = ").bind(&identity);
        taken_for_open(&mut text, now).push(" ORDER BY x.entered_at DESC, s.id");
        self.0.sql(text).all().await
    }

    /// A person's sessions with each account that takes them for open.
    pub async fn entered_anywhere(
        &mut self,
        identity: IdentityId,
        now: Timestamp,
    ) -> Result<Vec<(AccountId, SessionId)>, StoreError> {
        let mut text = SqlText::new(
            "SELECT x.account_id, s.id FROM sessions s JOIN session_accounts x ON x.session_id = s.id WHERE s.identity_id = ",
        );
        text.bind(&identity);
        taken_for_open(&mut text, now).push(" -- all accounts: each is told of those that it knows");
        self.0.sql(text).all().await
    }

    /// When the sessions of these users' people entered this account that it takes for open.
    pub async fn entering_times(
        &mut self,
        account: AccountId,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<(IdentityId, Timestamp)>, StoreError> {
        let mut found = Vec::new();
        for chunk in users.chunks(500) {
            let mut text = SqlText::new(
                "SELECT s.identity_id, x.entered_at FROM users u JOIN sessions s ON s.identity_id = u.identity_id \
                 JOIN session_accounts x ON x.session_id = s.id AND x.account_id = u.account_id WHERE u.account_id = ",
            );
            text.bind(&account).push(" AND u.id IN (").bind_all(chunk).push(")");
            taken_for_open(&mut text, now);
            found.extend(self.0.sql(text).all::<(IdentityId, Timestamp)>().await?);
        }
        Ok(found)
    }

    /// Counts the sessions of this account's active users that work under today's limits but not under the new ones, and the users they
    /// belong to. Uses only what the account may know: when a session entered it and its last input here. Each bound is the instant
    /// before which a session is too old.
    pub async fn count_ended_by(
        &mut self,
        account: AccountId,
        today: SessionBounds,
        to_come: SessionBounds,
        now: Timestamp,
    ) -> Result<(i64, i64), StoreError> {
        let mut text = SqlText::new(
            "SELECT COUNT(*), COUNT(DISTINCT user_id) FROM (SELECT u.id AS user_id, x.entered_at, \
             COALESCE(x.active_at, x.entered_at) AS active_at \
             FROM users u JOIN sessions s ON s.identity_id = u.identity_id \
             JOIN session_accounts x ON x.session_id = s.id AND x.account_id = u.account_id WHERE u.account_id = ",
        );
        text.bind(&account).push(" AND u.status = 'active' AND x.entered_at >= u.credentials_valid_from");
        taken_for_open(&mut text, now).push(") AS open WHERE entered_at > ").bind(&today.entered);
        text.push(" AND active_at > ").bind(&today.active).push(" AND (entered_at <= ").bind(&to_come.entered);
        text.push(" OR active_at <= ").bind(&to_come.active).push(")");
        let counted = self.0.sql(text).one().await?;
        Ok(counted.unwrap_or_default())
    }

    /// What ended a session in an account.
    pub async fn lapse_of(&mut self, account: AccountId, session: SessionId) -> Result<Option<Lapse>, StoreError> {
        let found: Option<SessionAccount> = self
            .0
            .sql("SELECT * FROM session_accounts WHERE account_id = $1 AND session_id = $2")
            .bind(&account)
            .bind(&session)
            .one()
            .await?;
        Ok(found.and_then(|found| found.lapse))
    }

    /// Whether a session is live and nothing ended it in the account.
    pub async fn is_open(&mut self, account: AccountId, session: SessionId) -> Result<bool, StoreError> {
        self.0
            .sql(
                "SELECT EXISTS (SELECT 1 FROM sessions s WHERE s.id = $2 AND s.ended_by IS NULL AND NOT EXISTS \
                 (SELECT 1 FROM session_accounts a WHERE a.account_id = $1 AND a.session_id = s.id AND a.lapse IS NOT NULL))",
            )
            .bind(&account)
            .bind(&session)
            .value()
            .await
    }

    /// Moves the latest input in the account forward, never back, and not where the session ended.
    pub async fn touch(&mut self, account: AccountId, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO session_accounts (session_id, account_id, active_at) \
                 SELECT id, $1, $3 FROM sessions WHERE id = $2 AND ended_by IS NULL \
                 ON CONFLICT (session_id, account_id) DO UPDATE SET active_at = excluded.active_at \
                 WHERE session_accounts.lapse IS NULL AND COALESCE(session_accounts.active_at, 0) < excluded.active_at",
            )
            .bind(&account)
            .bind(&session)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }

    /// Ends a session in an account, for good. The account sees it so from `at` on.
    pub async fn lapse(
        &mut self,
        account: AccountId,
        session: SessionId,
        lapse: Lapse,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO session_accounts (session_id, account_id, lapse, lapsed_at) VALUES ($2, $1, $3, $4) \
                 ON CONFLICT (session_id, account_id) DO UPDATE SET lapse = excluded.lapse, lapsed_at = excluded.lapsed_at \
                 WHERE session_accounts.lapse IS NULL OR session_accounts.lapsed_at > excluded.lapsed_at",
            )
            .bind(&account)
            .bind(&session)
            .bind(&lapse)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }

    /// Ends in an account the sessions that another sign-in with the browser of this one ended: it came there in their place.
    pub async fn lapse_replaced(
        &mut self,
        account: AccountId,
        by: SessionId,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        self.0
            .sql(
                "UPDATE session_accounts SET lapse = $4, lapsed_at = $3 WHERE account_id = $1 AND (lapse IS NULL OR lapsed_at > $3) \
                 AND session_id IN (SELECT former.id FROM sessions former JOIN sessions s ON s.device_hash = former.device_hash \
                 WHERE s.id = $2 AND former.ended_by = $5)",
            )
            .bind(&account)
            .bind(&by)
            .bind(&at)
            .bind(&Lapse::Replaced)
            .bind(&EndedBy::Replaced)
            .run()
            .await
    }
}
