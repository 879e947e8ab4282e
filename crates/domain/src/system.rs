//! Systems, and why somebody has one.

use crate::ids::{SystemId, UserId};
use crate::role::RoleId;
use crate::timestamp::Timestamp;
use crate::user::words;

/// Where a guided application runs (OM-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// A web application.
    Web,
    /// Its mobile-web sibling.
    MobileWeb,
    /// The desktop or mobile menu.
    Desktop,
}

words!(Platform { Web = "web", MobileWeb = "mobile_web", Desktop = "desktop" });

/// One guided application of an account (OM-2).
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// Its id.
    pub id: SystemId,
    /// Unique in the account while it is not deleted.
    pub name: String,
    /// Where it runs.
    pub platform: Platform,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Counts the changes; the `ETag`.
    pub version: i64,
}

/// Why a grant exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantSource {
    /// An admin gave it.
    Manual,
    /// It came with the invitation.
    Invitation,
    /// A directory pushed it.
    Scim,
    /// It was made at the first sign-in by SSO.
    Jit,
    /// An access request was approved.
    Request,
    /// A file was imported.
    Import,
    /// A partnership brought it.
    Partner,
}

words!(GrantSource {
    Manual = "manual",
    Invitation = "invitation",
    Scim = "scim",
    Jit = "jit",
    Request = "request",
    Import = "import",
    Partner = "partner",
});

/// A user has a system.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemGrant {
    /// Who.
    pub user_id: UserId,
    /// Which.
    pub system_id: SystemId,
    /// Why.
    pub source: GrantSource,
    /// The invitation, integration, request … behind it; empty for an admin's own hand.
    pub source_id: String,
    /// A role for this system alone (decision 19); `None` is the user's role.
    pub role_id: Option<RoleId>,
    /// By whom: id of a user, or `operator`, `system`.
    pub granted_by: String,
    /// Since when it stands here.
    pub granted_at: Timestamp,
    /// Holds from then on.
    pub starts_at: Option<Timestamp>,
    /// Holds until then.
    pub ends_at: Option<Timestamp>,
}
