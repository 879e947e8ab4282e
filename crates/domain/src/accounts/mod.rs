//! An account and its settings.

pub mod branding;
pub mod logo;
pub mod seats;
pub mod settings;

use crate::accounts::settings::AccountSettings;
use crate::core::ids::AccountId;
use crate::core::refusal::{Kind, Rule};
use crate::core::slug::Slug;
use crate::core::timestamp::Timestamp;
use crate::words;

/// What kind of company an account belongs to (P15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// A customer of the vendor.
    Customer,
    /// An agency that works for customers.
    Partner,
}

words!(AccountKind { Customer = "customer", Partner = "partner" });

/// A customer tenant (OM-1).
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The URL name of the account.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// Customer or partner.
    pub kind: AccountKind,
    /// The settings of the account.
    pub settings: AccountSettings,
    /// Counts the changes of name, slug and settings; the `ETag`.
    pub settings_version: i64,
    /// Counts the changes of anything in the account.
    pub version: i64,
    /// Number of entries of its activity log.
    pub event_count: i64,
    /// Hash of the latest entry, hexadecimal; empty before the first.
    pub event_head: String,
    /// Proof that number and hash were written by who has the installation's key (decision 7), hexadecimal.
    pub event_seal: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Someone else has the name in addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Another account already uses the URL name {0}. Choose a different one.")]
pub struct SlugTaken(pub Slug);

impl Rule for SlugTaken {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Conflict, "slug_taken")
    }

    fn field(&self) -> Option<&'static str> {
        Some("/slug")
    }
}
