//! A user as the API shows them.

use std::collections::BTreeMap;

use domain::core::ids::{SystemId, UserId};
use domain::core::refusal::Params;
use domain::core::timestamp::Timestamp;
use domain::users::UserStatus;
use domain::users::invitation::InvitationState;
use serde::{Deserialize, Serialize};
use service::users::StatedInvitation;
use service::users::{Changed, UserDetail};
use utoipa::ToSchema;

use crate::http::answers::Tagged;
use crate::http::problem_codes::ProblemCode;
use crate::rest::users::impact::ImpactView;

/// A user in a path.
#[derive(Debug, Deserialize)]
pub struct UserItem {
    /// The user.
    pub user: UserId,
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// The user's id.
    id: String,
    /// The user's email address. It can't be changed.
    email: String,
    /// The user's name in the account.
    name: Option<String>,
    /// The user's role.
    role: UserRole,
    /// Whether the user has access to all systems of the account, including future ones.
    all_systems: bool,
    /// Ids of the systems assigned directly. For callers limited to their own systems, only those.
    systems: Vec<String>,
    /// The login method: `password` or `sso:…`.
    login_method: String,
    /// The user's status.
    status: UserStatus,
    /// When the user was invited or created, RFC 3339.
    created_at: Timestamp,
    /// When the user accepted the invitation, RFC 3339.
    activated_at: Option<Timestamp>,
    /// The last sign-in, RFC 3339.
    last_login_at: Option<Timestamp>,
    /// When the user was deleted, RFC 3339.
    deleted_at: Option<Timestamp>,
    /// The pending invitation of a provisioned user. `null` for callers limited to their own systems.
    invitation: Option<UserInvitation>,
    /// What the caller may do with the user, by action: `edit`, `rename`, `change_role`, `give_all_systems`, `disable`,
    /// `enable`, `delete`, `restore`, `resend`, `revoke`, `reset_password`.
    can: BTreeMap<String, Ability>,
    /// The impact of the change on users. Only in the response to a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<ImpactView>,
}

/// The role of a user.
#[derive(Debug, Serialize, ToSchema)]
struct UserRole {
    /// Key of a predefined role or id of a custom one.
    id: String,
    /// The role's name.
    name: String,
}

/// A pending invitation.
#[derive(Debug, Serialize, ToSchema)]
struct UserInvitation {
    /// Whether it can be accepted: `open`, `expired`, `inviter_unauthorized` (its sender may no longer invite) or
    /// `link_ended` (by a deletion that was undone, a restored backup or a new secret key). Resending it makes it `open`.
    state: InvitationState,
    /// When the latest link expires, RFC 3339.
    expires_at: Timestamp,
    /// Number of emails sent for it.
    sent_count: i64,
    /// Who invited: id of a user, or `operator`.
    invited_by: String,
}

/// Whether the caller may do something and, if not, why.
#[derive(Debug, Serialize, ToSchema)]
struct Ability {
    /// Whether it is allowed.
    allowed: bool,
    /// Stable code of the reason, if not allowed.
    #[schema(value_type = Option<ProblemCode>)]
    code: Option<String>,
    /// The reason as a sentence, if not allowed.
    detail: Option<String>,
    /// The values in `detail`, by name; `reason` chooses between sentences of one code. Absent where there are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Params,
}

impl From<UserDetail> for UserView {
    fn from(found: UserDetail) -> Self {
        let user = found.user;
        let can = found.can.into_iter().map(|(act, verdict)| {
            let refusal = verdict.err();
            let ability = Ability {
                allowed: refusal.is_none(),
                code: refusal.as_ref().map(|refusal| refusal.code.to_owned()),
                detail: refusal.as_ref().map(|refusal| refusal.detail.clone()),
                params: refusal.map(|refusal| refusal.params).unwrap_or_default(),
            };
            (act.to_owned(), ability)
        });
        Self {
            can: can.collect(),
            id: user.id.to_string(),
            email: user.email.to_string(),
            name: user.name.map(String::from),
            role: UserRole { id: found.role.id.to_string(), name: found.role.name.clone() },
            all_systems: found.systems.all,
            systems: found.systems.each.iter().map(SystemId::to_string).collect(),
            login_method: user.login_method.to_string(),
            status: user.status,
            created_at: user.created_at,
            activated_at: user.activated_at,
            last_login_at: user.last_login_at,
            deleted_at: user.deleted_at,
            invitation: found.invitation.map(|StatedInvitation { invitation, state }| UserInvitation {
                state,
                expires_at: invitation.expires_at,
                sent_count: invitation.sent_count,
                invited_by: invitation.invited_by,
            }),
            impact: None,
        }
    }
}

/// The answer to a change of a user.
pub fn changed(changed: Changed) -> Tagged<UserView> {
    let tag = changed.user.tag.clone();
    Tagged(tag, UserView { impact: Some(changed.impact.into()), ..changed.user.into() })
}
