//! Identities and their credentials. They belong to persons, not to accounts.

use domain::core::email_address::EmailAddress;
use domain::core::ids::IdentityId;
use domain::core::person_name::PersonName;
use domain::core::timestamp::Timestamp;
use domain::sign_in::identity::Identity;

use crate::{Engine, SqlText, StoreError, ToValue, Tx, Value, record};

record!(Identity { id, email, name, locale, home_account_id, email_verified_at, created_at, version });

/// What a password typed for an address is checked against.
#[derive(Debug, Clone)]
pub struct PasswordCheck {
    /// Whose address it is.
    pub identity: Option<IdentityId>,
    /// The hash of their password, if they have one.
    pub hash: Option<String>,
    /// Whether the browser signed in as this person before.
    pub knows_device: bool,
}

/// The people of the installation.
pub struct Identities<'t>(pub &'t mut Tx);

impl Identities<'_> {
    /// Adds people, many at a time.
    pub async fn insert(&mut self, identities: &[Identity]) -> Result<(), StoreError> {
        self.0
            .insert_many(
                "INSERT INTO identities (id, email, name, locale, home_account_id, email_verified_at, created_at, version)",
                "",
                identities.iter().map(row),
            )
            .await?;
        Ok(())
    }

    /// Adds people whose address is unknown, many at a time; one that someone else added at this moment stays as it is.
    /// Says how many were added.
    pub async fn insert_absent(&mut self, identities: &[Identity]) -> Result<u64, StoreError> {
        self.0
            .insert_many(
                "INSERT INTO identities (id, email, name, locale, home_account_id, email_verified_at, created_at, version)",
                "ON CONFLICT (email) DO NOTHING",
                identities.iter().map(row),
            )
            .await
    }

    /// A person by id.
    pub async fn find(&mut self, id: IdentityId) -> Result<Option<Identity>, StoreError> {
        self.0.sql("SELECT * FROM identities WHERE id = $1").bind(&id).one().await
    }

    /// A person by address.
    pub async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<Identity>, StoreError> {
        self.0.sql("SELECT * FROM identities WHERE email = $1").bind(email).one().await
    }

    /// What a password for this address is checked against, in a browser with this device token. One row whether the address is known or
    /// not, and nothing more of the person: all that is read before the password was right takes the same time for everyone (D2).
    pub async fn password_check(
        &mut self,
        email: &EmailAddress,
        device_hash: &str,
    ) -> Result<PasswordCheck, StoreError> {
        let found: Option<(Option<IdentityId>, Option<String>, bool)> = self
            .0
            .sql(
                "SELECT person.id, credentials.secret, \
                 EXISTS (SELECT 1 FROM devices WHERE devices.identity_id = person.id AND devices.token_hash = $2) \
                 FROM (SELECT (SELECT id FROM identities WHERE email = $1) AS id) AS person \
                 LEFT JOIN credentials ON credentials.identity_id = person.id AND credentials.kind = 'password'",
            )
            .bind(email)
            .bind(device_hash)
            .one()
            .await?;
        let (identity, hash, knows_device) = found.unwrap_or_default();
        Ok(PasswordCheck { identity, hash, knows_device })
    }

    /// Those of `emails` that are known already. None of them is removed before the end of this transaction, so that a
    /// membership can be added to each.
    pub async fn hold_all_by_email(&mut self, emails: &[EmailAddress]) -> Result<Vec<Identity>, StoreError> {
        let mut found = Vec::new();
        for chunk in emails.chunks(500) {
            let mut text = SqlText::new("SELECT * FROM identities WHERE email IN (");
            text.bind_all(chunk).push(") ORDER BY id");
            if self.0.engine() == Engine::Postgres {
                text.push(" FOR SHARE");
            }
            found.extend(self.0.sql(text).all::<Identity>().await?);
        }
        Ok(found)
    }

    /// Holds the rows of these people until this transaction ends, always in the order of their ids. What is decided over all accounts
    /// of a person, and so not under the lock of one, is decided by one transaction at a time: what another one did to them in its
    /// account is seen by the statements after this one.
    pub async fn hold(&mut self, people: &[IdentityId]) -> Result<(), StoreError> {
        // SQLite has one writer.
        if self.0.engine() != Engine::Postgres {
            return Ok(());
        }
        let mut ids = people.to_vec();
        ids.sort_unstable();
        ids.dedup();
        for chunk in ids.chunks(500) {
            let mut text = SqlText::new("SELECT id FROM identities WHERE id IN (");
            text.bind_all(chunk).push(") ORDER BY id FOR UPDATE");
            self.0.sql(text).values::<IdentityId>().await?;
        }
        Ok(())
    }

    /// The person read their mailbox.
    pub async fn verify_email(&mut self, id: IdentityId, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql(
                "UPDATE identities SET email_verified_at = COALESCE(email_verified_at, $2), version = version + 1 \
                 WHERE id = $1",
            )
            .bind(&id)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }

    /// Writes what people say about themselves.
    pub async fn update_profile(
        &mut self,
        id: IdentityId,
        name: Option<&PersonName>,
        locale: &str,
    ) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE identities SET name = $2, locale = $3, version = version + 1 WHERE id = $1")
            .bind(&id)
            .bind(&name)
            .bind(locale)
            .run()
            .await?;
        Ok(())
    }

    /// Removes a person who is a user of no account. As many statements when they stay (D2).
    pub async fn delete_unused(&mut self, id: IdentityId) -> Result<bool, StoreError> {
        // Takes the row first: who adds a membership at this moment holds it, and the next statement sees that membership.
        self.0.sql("UPDATE identities SET version = version WHERE id = $1").bind(&id).run().await?;
        let removed = self
            .0
            .sql("DELETE FROM identities WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE users.identity_id = $1) \
                 -- all accounts: a person may be a user elsewhere")
            .bind(&id)
            .run()
            .await?;
        let gone = if removed == 1 { id.to_string() } else { String::new() };
        self.0.sql("DELETE FROM credentials WHERE identity_id = $1").bind(&gone).run().await?;
        self.0.sql("DELETE FROM devices WHERE identity_id = $1").bind(&gone).run().await?;
        Ok(removed == 1)
    }

    /// The hash of the password, if the person has one.
    pub async fn password(&mut self, id: IdentityId) -> Result<Option<String>, StoreError> {
        self.password_by(id, "").await
    }

    /// The same, and no one changes it before the end of this transaction.
    pub async fn hold_password(&mut self, id: IdentityId) -> Result<Option<String>, StoreError> {
        let hold = if self.0.engine() == Engine::Postgres { " FOR UPDATE" } else { "" };
        self.password_by(id, hold).await
    }

    async fn password_by(&mut self, id: IdentityId, hold: &'static str) -> Result<Option<String>, StoreError> {
        let mut text = SqlText::new("SELECT secret FROM credentials WHERE kind = 'password' AND identity_id = ");
        text.bind(&id).push(hold);
        let found: Option<(String,)> = self.0.sql(text).one().await?;
        Ok(found.map(|(secret,)| secret))
    }

    /// Sets the password's hash.
    pub async fn set_password(&mut self, id: IdentityId, hash: &str, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO credentials (identity_id, kind, id, secret, created_at, changed_at) VALUES ($1, 'password', '', $2, $3, $3) \
                 ON CONFLICT (identity_id, kind, id) DO UPDATE SET secret = excluded.secret, changed_at = excluded.changed_at",
            )
            .bind(&id)
            .bind(hash)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }
}

fn row(identity: &Identity) -> [Value; 8] {
    [
        identity.id.to_value(),
        identity.email.to_value(),
        identity.name.to_value(),
        identity.locale.to_value(),
        identity.home_account_id.to_value(),
        identity.email_verified_at.to_value(),
        identity.created_at.to_value(),
        identity.version.to_value(),
    ]
}
