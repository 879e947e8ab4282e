//! Sign-ins that failed, until the worker has told the accounts of them.

use domain::core::email_address::EmailAddress;
use domain::core::ids::AccountId;
use domain::core::timestamp::Timestamp;

use crate::{SqlText, StoreError, Tx, record};

/// A sign-in that failed, for an address that may be no one's.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedSignIn {
    /// The failed sign-in's id.
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

    /// Forgets what failed before then for addresses with which no one is active anywhere: there is no one to tell.
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

    /// Up to which account, in the order of their ids, was told of what failed for an address; `None` where no telling is under way.
    pub async fn told_to(&mut self, address: &EmailAddress) -> Result<Option<AccountId>, StoreError> {
        let found: Option<String> =
            self.0.sql("SELECT MAX(told_to) FROM failed_sign_ins WHERE address = $1").bind(address).value().await?;
        Ok(found.and_then(|account| account.parse().ok()))
    }

    /// Claims an address's failed sign-ins from before `before` that were reported up to account `from`. Moves that mark to `to`, or
    /// deletes them if no account is left.
    pub async fn take(
        &mut self,
        address: &EmailAddress,
        before: Timestamp,
        from: Option<AccountId>,
        to: Option<AccountId>,
    ) -> Result<Vec<FailedSignIn>, StoreError> {
        let mut text = SqlText::new("");
        match to {
            Some(account) => text.push("UPDATE failed_sign_ins SET told_to = ").bind(&account),
            None => text.push("DELETE FROM failed_sign_ins"),
        };
        text.push(" WHERE address = ").bind(address).push(" AND failed_at < ").bind(&before);
        text.push(" AND told_to = ").bind(&from.map_or_else(String::new, |account| account.to_string()));
        text.push(" RETURNING *");
        self.0.sql(text).all().await
    }
}
