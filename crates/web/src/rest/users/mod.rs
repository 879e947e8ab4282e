//! One user: look and change.

pub(crate) mod effective_access;
pub(crate) mod impact;
pub(crate) mod list;
pub(crate) mod saved_views;
pub(crate) mod sessions;
pub(crate) mod status;

use std::collections::BTreeMap;

use axum::extract::State;
use domain::access::role::RoleId;
use domain::core::ids::{SystemId, UserId};
use domain::core::person_name::PersonName;
use domain::core::timestamp::Timestamp;
use domain::users::UserStatus;
use domain::users::invitation::InvitationState;
use serde::{Deserialize, Serialize};
use service::users::{self, Changed, StatedInvitation, SystemsWish, UserDetail, UserWish};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Path};
use crate::http::problem::Problem;
use crate::http::problem_codes::ProblemCode;
use crate::http::site::Site;
use crate::rest::users::impact::ImpactView;
use crate::rest::{DryRun, InAccount, Tagged};

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(get, edit))
        .merge(effective_access::routes())
        .merge(list::routes())
        .merge(saved_views::routes())
        .merge(sessions::routes())
        .merge(status::routes())
}

/// A user in a path.
#[derive(Debug, Deserialize)]
pub struct UserItem {
    /// The user.
    pub user: UserId,
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Its id.
    id: String,
    /// The person's address; nobody can change it.
    email: String,
    /// How the account calls the person.
    name: Option<String>,
    /// The one role.
    role: UserRole,
    /// Whether the user has every system of the account, future ones too.
    all_systems: bool,
    /// Ids of the systems assigned directly; for a caller who is limited to own systems only those of them.
    systems: Vec<String>,
    /// How the person signs in: `password` or `sso:…`.
    login_method: String,
    /// Where the user stands.
    status: UserStatus,
    /// When the user was invited or made, RFC 3339.
    created_at: Timestamp,
    /// When the person accepted, RFC 3339.
    activated_at: Option<Timestamp>,
    /// The latest sign-in, RFC 3339.
    last_login_at: Option<Timestamp>,
    /// When the user was deleted, RFC 3339.
    deleted_at: Option<Timestamp>,
    /// The pending invitation of a provisioned user; null where the caller is limited to own systems.
    invitation: Option<UserInvitation>,
    /// What the caller may do with the user, by the name of the act: `edit`, `rename`, `change_role`, `give_all_systems`,
    /// `disable`, `enable`, `delete`, `restore`, `resend`, `withdraw`, `reset_password`.
    can: BTreeMap<String, Ability>,
    /// What the change did to people, or would do; only in the answer to a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<ImpactView>,
}

/// The role of a user.
#[derive(Debug, Serialize, ToSchema)]
struct UserRole {
    /// Key of a predefined role, id of a custom one.
    id: String,
    /// Its name.
    name: String,
}

/// A pending invitation.
#[derive(Debug, Serialize, ToSchema)]
struct UserInvitation {
    /// Whether it can be accepted: `open`, or `expired`, `inviter_lost_right` (whoever sent it may not invite any more),
    /// `link_ended` (by a deletion that was undone, a restored backup or a new secret key). Sending it again makes it `open`.
    state: InvitationState,
    /// Until when the latest link works, RFC 3339.
    expires_at: Timestamp,
    /// How many mails were sent for it.
    sent_count: i64,
    /// By whom: id of a user, or `operator`.
    invited_by: String,
}

/// Whether the caller may do something, and if not, why.
#[derive(Debug, Serialize, ToSchema)]
struct Ability {
    /// Whether.
    allowed: bool,
    /// Stable code of the reason why not.
    #[schema(value_type = Option<ProblemCode>)]
    code: Option<String>,
    /// The reason why not, for people.
    detail: Option<String>,
}

impl From<UserDetail> for UserView {
    fn from(found: UserDetail) -> Self {
        let user = found.user;
        let can = found.can.into_iter().map(|(act, verdict)| {
            let refusal = verdict.err();
            let ability = Ability {
                allowed: refusal.is_none(),
                code: refusal.as_ref().map(|refusal| refusal.code.to_owned()),
                detail: refusal.map(|refusal| refusal.detail),
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

/// What to change of a user; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Refused with `email_immutable`: nobody can change it. Invite the new address instead.
    email: Option<serde_json::Value>,
    /// How the account calls the person.
    name: Option<PersonName>,
    /// Key of a predefined role, id of a custom one; not above the caller's own.
    role_id: Option<RoleId>,
    /// Ids of exactly the systems to assign directly, at most 1,000; ends `all_systems`. For a caller who is limited to own
    /// systems: exactly which of the own ones.
    #[schema(max_items = 1000)]
    systems: Option<Vec<SystemId>>,
    /// Every system of the account, future ones too. Not together with `systems`.
    all_systems: Option<bool>,
}

impl UserChange {
    fn read(self) -> Result<UserWish, Problem> {
        let systems = match (self.systems, self.all_systems) {
            (Some(_), Some(_)) => {
                let detail = "give either `systems` or `all_systems`, not both";
                return Err(Problem::invalid("contradiction", detail).at("/all_systems"));
            }
            (Some(systems), None) if systems.len() > MOST_SYSTEMS => {
                let detail = format!("{} systems are more than {MOST_SYSTEMS}; use `all_systems`", systems.len());
                return Err(Problem::invalid("too_many", detail).at("/systems"));
            }
            (Some(systems), None) => Some(SystemsWish::These(systems)),
            (None, Some(true)) => Some(SystemsWish::All),
            (None, Some(false)) => Some(SystemsWish::NotAll),
            (None, None) => None,
        };
        Ok(UserWish { email: self.email.is_some(), name: self.name, role_id: self.role_id, systems })
    }
}

/// The most systems of one request.
pub const MOST_SYSTEMS: usize = 1_000;

/// A user.
///
/// With what the caller may do with them and, where they may not, why. A caller who is limited to own systems finds only the
/// users of those systems.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/users/{user}", operation_id = "get_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`).")),
    extensions(("x-permission" = json!(users::GET))),
    responses((status = OK, body = UserView)))]
pub async fn get(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Tagged<UserView>, Problem> {
    let found = users::get(&site.app, &caller, item.user).await?;
    Ok(Tagged(found.tag.clone(), found.into()))
}

/// Change a user.
///
/// Name, role, systems. The person is told of a new role, the admins of a new admin. A caller who may only assign people to own
/// systems changes `systems` alone. The last admin who can sign in keeps an admin role.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}/users/{user}", operation_id = "change_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun), request_body = UserChange,
    extensions(("x-permission" = json!(users::EDIT))),
    responses((status = OK, body = UserView)))]
pub async fn edit(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
    Json(body): Json<UserChange>,
) -> Result<Tagged<UserView>, Problem> {
    Ok(changed(users::edit(&site.app, &caller, item.user, body.read()?).await?))
}
