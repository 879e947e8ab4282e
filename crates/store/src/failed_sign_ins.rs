//! Sign-ins that failed, until the worker has told the accounts of them.

use domain::email_address::EmailAddress;
use domain::timestamp::Timestamp;

use crate::{StoreError, Tx, record};

/// A sign-in that failed, for an address that may be nobody's.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedSignIn {
    /// Its id.
    pub id: String,
    /// The address that was typed.
    pub address: EmailAddress,
    /// Where it came from.
    pub ip: String,
    /// The request.
    pub request: String,
    /// When.
    pub failed_at: Timestamp,
}

record!(FailedSignIn { id, address, ip, request, failed_at });

/// The failed sign-ins of the installation.
pub struct FailedSignIns<'t>(pub &'t mut Tx);

impl FailedSignIns<'_> {
    /// Notes one.
    pub async fn insert(&mut self, failed: &FailedSignIn) -> Result<(), StoreError> {
        self.0
            .sql("INSERT INTO failed_sign_ins (id, address, ip, request, failed_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&failed.id)
            .bind(&failed.address)
            .bind(&failed.ip)
            .bind(&failed.request)
            .bind(&failed.failed_at)
            .run()
            .await?;
        Ok(())
    }

    /// Forgets what failed before then for addresses with which nobody is active anywhere: there is nobody to tell.
    pub async fn forget_strangers(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql(
                "DELETE FROM failed_sign_ins WHERE failed_at < $1 AND NOT EXISTS (SELECT 1 FROM identities i \
                 JOIN users u ON u.identity_id = i.id WHERE i.email = failed_sign_ins.address AND u.status = 'active') \
                 -- all accounts: whoever is active in one is told",
            )
            .bind(&before)
            .run()
            .await
    }

    /// Up to `limit` addresses behind `after` that failed before then, in order.
    pub async fn addresses(
        &mut self,
        after: &str,
        before: Timestamp,
        limit: i64,
    ) -> Result<Vec<EmailAddress>, StoreError> {
        self.0
            .sql(
                "SELECT DISTINCT address FROM failed_sign_ins WHERE address > $1 AND failed_at < $2 \
                 ORDER BY address LIMIT $3",
            )
            .bind(after)
            .bind(&before)
            .bind(&limit)
            .values()
            .await
    }

    /// Takes what failed for an address before then; nobody else gets it.
    pub async fn take(&mut self, address: &EmailAddress, before: Timestamp) -> Result<Vec<FailedSignIn>, StoreError> {
        self.0
            .sql("DELETE FROM failed_sign_ins WHERE address = $1 AND failed_at < $2 RETURNING *")
            .bind(address)
            .bind(&before)
            .all()
            .await
    }
}
