//! What people ask for without any proof: a mail with a link. Kept until the worker has looked whose address or link it is.

use domain::core::email_address::EmailAddress;
use domain::core::timestamp::Timestamp;

use crate::{StoreError, Tx, record};

/// Someone asked for a mail with a link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkRequest {
    /// The request's id.
    pub id: String,
    /// The address that was typed, which may be no one's; absent where an old link was named.
    pub address: Option<EmailAddress>,
    /// SHA-256 of the token of the old link, which may be none; absent where an address was typed.
    pub link_hash: Option<String>,
    /// SHA-256 of the token by which the browser is recognized; empty where it has none.
    pub device_hash: String,
    /// Where it came from.
    pub ip: String,
    /// The request.
    pub request: String,
    /// When.
    pub requested_at: Timestamp,
}

record!(LinkRequest { id, address, link_hash, device_hash, ip, request, requested_at });

/// The requests of the installation that no one answered yet.
pub struct LinkRequests<'t>(pub &'t mut Tx);

impl LinkRequests<'_> {
    /// Notes one.
    pub async fn insert(&mut self, request: &LinkRequest) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO link_requests (id, address, link_hash, device_hash, ip, request, requested_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&request.id)
            .bind(&request.address)
            .bind(&request.link_hash)
            .bind(&request.device_hash)
            .bind(&request.ip)
            .bind(&request.request)
            .bind(&request.requested_at)
            .run()
            .await?;
        Ok(())
    }

    /// Up to `limit` of them, oldest first, behind the one that was made then and has this id.
    pub async fn after(&mut self, at: Timestamp, id: &str, limit: i64) -> Result<Vec<LinkRequest>, StoreError> {
        self.0
            .sql(
                "SELECT * FROM link_requests WHERE (requested_at, id) > ($1, $2) \
                 ORDER BY requested_at, id LIMIT $3",
            )
            .bind(&at)
            .bind(id)
            .bind(&limit)
            .all()
            .await
    }

    /// Takes one, to answer it in this transaction. False when someone else did.
    pub async fn take(&mut self, id: &str) -> Result<bool, StoreError> {
        Ok(self.0.sql("DELETE FROM link_requests WHERE id = $1").bind(id).run().await? == 1)
    }

    /// Forgets what was asked for before then.
    pub async fn remove_older(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.sql("DELETE FROM link_requests WHERE requested_at < $1").bind(&before).run().await
    }
}
