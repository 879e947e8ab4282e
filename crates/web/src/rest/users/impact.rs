//! What a change does to people: in every preview, and in the answer when it was done.

use domain::access::Grant;
use serde::Serialize;
use service::users::impact::{Affected, Impact, PermissionEffect, SystemEffect};
use utoipa::ToSchema;

/// The impact of a change on users.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImpactView {
    /// Users who lose access, the first 1,000.
    lose_access: Vec<AffectedView>,
    /// Number of users who lose access.
    lose_access_count: u64,
    /// Users who gain access, the first 1,000.
    gain_access: Vec<AffectedView>,
    /// Number of users who gain access.
    gain_access_count: u64,
    /// Users whose pending invitation stops working because its sender may no longer invite, the first 1,000. Another admin
    /// can take over by resending it.
    invitations_lost: Vec<AffectedView>,
    /// Number of pending invitations that stop working for this reason.
    invitations_lost_count: u64,
    /// Number of restored users who are sent a new invitation because they hadn't accepted theirs.
    invitations_sent_count: u64,
    /// Number of them who get no email because too many were already sent. Resend their invitations later.
    invitations_unsent_count: u64,
    /// Number of sessions in this account that stop working.
    sessions_ended: u64,
    /// Number of API keys that are revoked.
    api_keys_ended: u64,
    /// Number of email links that stop working.
    links_ended: u64,
    /// Systems that users lose.
    systems_lost: Vec<SystemEffectView>,
    /// Systems that users gain.
    systems_gained: Vec<SystemEffectView>,
    /// Permissions that users lose.
    permissions_lost: Vec<PermissionEffectView>,
    /// Permissions that users gain.
    permissions_gained: Vec<PermissionEffectView>,
}

/// A user who loses or gains access to the account.
#[derive(Debug, Serialize, ToSchema)]
struct AffectedView {
    /// Id of the user.
    id: String,
    /// The user's email address.
    email: String,
    /// The user's name.
    name: Option<String>,
}

/// A system that users gain or lose.
#[derive(Debug, Serialize, ToSchema)]
struct SystemEffectView {
    /// Id of the system.
    id: String,
    /// The system's name.
    name: String,
    /// Number of users.
    users: u64,
}

/// A permission that users gain or lose.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionEffectView {
    /// Key of the permission.
    key: String,
    /// The permission's name.
    name: String,
    /// The level before.
    #[schema(value_type = Grant)]
    before: String,
    /// The level after.
    #[schema(value_type = Grant)]
    after: String,
    /// Number of users.
    users: u64,
}

impl From<Affected> for AffectedView {
    fn from(affected: Affected) -> Self {
        Self { id: affected.id.to_string(), email: affected.email, name: affected.name }
    }
}

impl From<SystemEffect> for SystemEffectView {
    fn from(effect: SystemEffect) -> Self {
        Self { id: effect.id.to_string(), name: effect.name, users: effect.users }
    }
}

impl From<PermissionEffect> for PermissionEffectView {
    fn from(effect: PermissionEffect) -> Self {
        Self { key: effect.key, name: effect.name, before: effect.before, after: effect.after, users: effect.users }
    }
}

fn views<T, V: From<T>>(list: Vec<T>) -> Vec<V> {
    list.into_iter().map(V::from).collect()
}

impl From<Impact> for ImpactView {
    fn from(impact: Impact) -> Self {
        Self {
            lose_access: views(impact.lose_access),
            lose_access_count: impact.lose_access_count,
            gain_access: views(impact.gain_access),
            gain_access_count: impact.gain_access_count,
            invitations_lost: views(impact.invitations_lost),
            invitations_lost_count: impact.invitations_lost_count,
            invitations_sent_count: impact.invitations_sent_count,
            invitations_unsent_count: impact.invitations_unsent_count,
            sessions_ended: impact.ended.sessions,
            api_keys_ended: impact.ended.api_keys,
            links_ended: impact.ended.links,
            systems_lost: views(impact.systems_lost),
            systems_gained: views(impact.systems_gained),
            permissions_lost: views(impact.permissions_lost),
            permissions_gained: views(impact.permissions_gained),
        }
    }
}
