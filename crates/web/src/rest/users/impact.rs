//! What a change does to people: in every preview, and in the answer when it was done.

use domain::access::Grant;
use serde::Serialize;
use service::users::impact::{Affected, Impact, PermissionEffect, SystemEffect};
use utoipa::ToSchema;

/// What a change does to people.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImpactView {
    /// Who cannot get in any more; the first 1,000.
    lose_access: Vec<AffectedView>,
    /// How many cannot get in any more.
    lose_access_count: u64,
    /// Who can get in again; the first 1,000.
    gain_access: Vec<AffectedView>,
    /// How many can get in again.
    gain_access_count: u64,
    /// Whose pending invitation dies because whoever sent it may not invite any more; the first 1,000. Another admin can take
    /// them over by sending them again.
    invitations_lost: Vec<AffectedView>,
    /// How many pending invitations die so.
    invitations_lost_count: u64,
    /// How many people are sent a new invitation: those restored who had not accepted theirs.
    invitations_sent_count: u64,
    /// How many of them get no mail, because too many were sent already: their invitation has to be sent again later.
    invitations_unsent_count: u64,
    /// Sessions that stop working in this account, of those that were opened in it.
    sessions_ended: u64,
    /// API keys that end.
    api_keys_ended: u64,
    /// Mailed links that stop working.
    links_ended: u64,
    /// Systems that people lose.
    systems_lost: Vec<SystemEffectView>,
    /// Systems that people gain.
    systems_gained: Vec<SystemEffectView>,
    /// Permissions of which people have less.
    permissions_lost: Vec<PermissionEffectView>,
    /// Permissions of which people have more.
    permissions_gained: Vec<PermissionEffectView>,
}

/// A person who loses or gains the access to the account.
#[derive(Debug, Serialize, ToSchema)]
struct AffectedView {
    /// Id of the user.
    id: String,
    /// Their address.
    email: String,
    /// Their name.
    name: Option<String>,
}

/// A system that people lose or gain.
#[derive(Debug, Serialize, ToSchema)]
struct SystemEffectView {
    /// Id of the system.
    id: String,
    /// Its name.
    name: String,
    /// How many people.
    users: u64,
}

/// A permission of which people have less or more.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionEffectView {
    /// Key of the permission.
    key: String,
    /// Its name.
    name: String,
    /// The level before.
    #[schema(value_type = Grant)]
    before: String,
    /// The level after.
    #[schema(value_type = Grant)]
    after: String,
    /// How many people.
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
