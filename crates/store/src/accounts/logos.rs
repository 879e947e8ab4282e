//! The logo of an account.

use domain::accounts::logo::LogoKind;
use domain::core::ids::AccountId;

use crate::db::tenant::of_tenant;
use crate::{StoreError, Tx, record, text_column};

/// A logo as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// What kind of image it is.
    pub kind: LogoKind,
    /// Names this image and no other; a part of its hash.
    pub tag: String,
    /// The image.
    pub bytes: Vec<u8>,
}

text_column!(LogoKind);
record!(Logo { kind, tag, bytes });

/// The logo of one account.
pub struct Logos<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(Logos);

impl Logos<'_> {
    /// The logo.
    pub async fn find(&mut self) -> Result<Option<Logo>, StoreError> {
        self.tx.sql("SELECT kind, tag, bytes FROM account_logos WHERE account_id = $1").bind(&self.account).one().await
    }

    /// Its tag alone.
    pub async fn tag(&mut self) -> Result<Option<String>, StoreError> {
        let found = self
            .tx
            .sql("SELECT tag FROM account_logos WHERE account_id = $1")
            .bind(&self.account)
            .one::<(String,)>()
            .await?;
        Ok(found.map(|(tag,)| tag))
    }

    /// Keeps a logo in the place of the one before.
    pub async fn put(&mut self, logo: &Logo) -> Result<(), StoreError> {
        self.tx
            .sql(
                "INSERT INTO account_logos (account_id, kind, tag, bytes) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (account_id) DO UPDATE SET kind = excluded.kind, tag = excluded.tag, bytes = excluded.bytes",
            )
            .bind(&self.account)
            .bind(&logo.kind)
            .bind(&logo.tag)
            .bind(&logo.bytes)
            .run()
            .await?;
        Ok(())
    }

    /// Removes the logo.
    pub async fn remove(&mut self) -> Result<(), StoreError> {
        self.tx.sql("DELETE FROM account_logos WHERE account_id = $1").bind(&self.account).run().await?;
        Ok(())
    }
}
