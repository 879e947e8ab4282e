//! What differs between the accounts that one session opens: where its limits ended it, and where an open page counted as input.

use domain::ids::{AccountId, IdentityId, SessionId};
use domain::session::Lapse;
use domain::timestamp::Timestamp;

use crate::{StoreError, Tx, record};

/// A session in one account.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionAccount {
    /// The session.
    pub session_id: SessionId,
    /// The account.
    pub account_id: AccountId,
    /// When an open page of the account last counted as input.
    pub renewed_at: Option<Timestamp>,
    /// What limit of the account ended the session there.
    pub lapse: Option<Lapse>,
}

record!(SessionAccount { session_id, account_id, renewed_at, lapse });

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

    /// What is known of a person's sessions in one account.
    pub async fn of_identity(
        &mut self,
        account: AccountId,
        identity: IdentityId,
    ) -> Result<Vec<SessionAccount>, StoreError> {
        self.0
            .sql(
                "SELECT * FROM session_accounts WHERE account_id = $1 \
                 AND session_id IN (SELECT id FROM sessions WHERE identity_id = $2 AND ended_by IS NULL)",
            )
            .bind(&account)
            .bind(&identity)
            .all()
            .await
    }

    /// Whether a session is live and no limit of the account ended it there.
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

    /// Moves what an open page of the account counts for forward, never back, and not where the session ended.
    pub async fn renew(&mut self, account: AccountId, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO session_accounts (session_id, account_id, renewed_at) \
                 SELECT id, $1, $3 FROM sessions WHERE id = $2 AND ended_by IS NULL \
                 ON CONFLICT (session_id, account_id) DO UPDATE SET renewed_at = excluded.renewed_at \
                 WHERE session_accounts.lapse IS NULL AND COALESCE(session_accounts.renewed_at, 0) < excluded.renewed_at",
            )
            .bind(&account)
            .bind(&session)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }

    /// Ends a session in an account, for good.
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
                 WHERE session_accounts.lapse IS NULL",
            )
            .bind(&account)
            .bind(&session)
            .bind(&lapse)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }
}
