//! An identity: a person's sign-in, one in the whole installation (P1, decision 4).

use crate::core::email_address::EmailAddress;
use crate::core::ids::{AccountId, IdentityId};
use crate::core::locale::Locale;
use crate::core::person_name::PersonName;
use crate::core::timestamp::Timestamp;

/// A person who can be a user of several accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The identity's id.
    pub id: IdentityId,
    /// The email address the person signs in with.
    pub email: EmailAddress,
    /// The person's name.
    pub name: Option<PersonName>,
    /// The language of mails and pages, as a BCP 47 tag.
    pub locale: String,
    /// The account that the person came with, by which a partner is recognized. It may only have invited them: what they do is
    /// none of its business.
    pub home_account_id: AccountId,
    /// When the person proved to read the mailbox; `None` before the first link was used.
    pub email_verified_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes; the `ETag`.
    pub version: i64,
}

impl Identity {
    /// Someone who comes with this account, of whom nothing but their address is known.
    pub fn new(id: IdentityId, email: EmailAddress, home_account_id: AccountId, now: Timestamp) -> Self {
        Self {
            id,
            email,
            name: None,
            locale: Locale::English.to_string(),
            home_account_id,
            email_verified_at: None,
            created_at: now,
            version: 1,
        }
    }
}
