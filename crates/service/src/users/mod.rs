//! Users: one of them looked at, and what all changes of users have in common.

pub mod edit;
pub mod effective_access;
pub mod export;
pub mod impact;
pub mod last_admin;
pub mod list;
pub mod pending;
pub mod rules;
pub mod saved_views;
pub mod sessions;
pub mod status;
pub(crate) mod systems;
pub(crate) mod tags;

use std::slice;
use std::sync::Arc;

use domain::access::role::Role;
use domain::core::failure::Failure;
use domain::core::ids::UserId;
use domain::systems::HeldSystems;
use domain::users::{User, UserStatus};
use mail::Message;
use mail::mails::{NewAdmins, RoleChanged};
use store::Tenant;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Change;
use crate::core::draft::Draft;
pub use crate::invitations::states::StatedInvitation;
use crate::invitations::states::Step;
use crate::users::impact::{Impact, RoleChange};
use crate::users::rules::{Abilities, Target};
use crate::users::systems::shown_systems;
use crate::{invitations, outbox, users};

/// See a user.
pub const GET: domain::access::Need = users::rules::SEE;
/// Change a user; who may only assign systems changes nothing else.
pub const EDIT: domain::access::Need = users::rules::EDIT;

/// A user as a page shows them.
#[derive(Debug, Clone)]
pub struct UserDetail {
    /// The user.
    pub user: User,
    /// The user's role.
    pub role: Arc<Role>,
    /// The systems assigned to the user directly; of these only the caller's own where the caller is limited to them.
    pub systems: HeldSystems,
    /// The pending invitation of a provisioned user, and whether it can be accepted; not for callers who are limited to own systems.
    pub invitation: Option<StatedInvitation>,
    /// What the caller may do, and where not, why.
    pub can: Abilities,
    /// What tells this state of the user from others; of a preview the state that is still stored.
    pub tag: String,
}

/// A user after a change, with what it did.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As they are now.
    pub user: UserDetail,
    /// What the change did to people.
    pub impact: Impact,
}

/// A user.
///
/// # Errors
/// 404 if the user is unknown or not visible to the caller.
pub async fn get(app: &App, caller: &Caller, id: UserId) -> Result<UserDetail, Failure> {
    let mut view = app.view(caller, GET).await?;
    let target = users::rules::find(app, &mut view, caller, id).await?;
    detail(app, &mut view, caller, target).await
}

async fn detail(app: &App, tenant: &mut impl Tenant, caller: &Caller, target: Target) -> Result<UserDetail, Failure> {
    let systems = shown_systems(app, tenant, caller, target.user.id).await?;
    let tag = users::tags::tag(app, caller, &target.user, &systems)?;
    let shown = invitations::states::shown_to(app, tenant, caller, slice::from_ref(&target.user)).await?;
    let invitation = shown.into_values().next();
    let can = users::rules::abilities(app, tenant, caller, &target).await?;
    Ok(UserDetail { user: target.user, role: target.role, systems, invitation, can, tag })
}

/// A user as a plan wants them.
pub(crate) struct Planned {
    /// The user and their role, as they are to be.
    pub(crate) after: Target,
    /// The systems that they are to have directly.
    pub(crate) direct: HeldSystems,
    /// What happens to their invitation.
    pub(crate) invitation: Option<Step>,
    /// What tells the state before from others.
    pub(crate) tag: String,
}

impl Planned {
    /// The user as they are to be shown, also when the caller will not see them anymore then.
    pub(crate) async fn detail(self, draft: &mut Draft<'_>) -> Result<UserDetail, Failure> {
        let (app, caller) = (draft.app(), draft.caller());
        let Self { after, direct, invitation, tag } = self;
        let systems = users::systems::shown(app, caller, direct);
        // The ETag of a preview is that of what is still stored.
        let tag = if caller.dry_run { tag } else { users::tags::tag(app, caller, &after.user, &systems)? };
        let invitation = invitations::states::shown_after(draft, &after.user, invitation).await?;
        let can = users::rules::abilities(app, draft, caller, &after).await?;
        Ok(UserDetail { user: after.user, role: after.role, systems, invitation, can, tag })
    }
}

/// Tells active people of their new role, and the admins of new admins.
pub async fn tell_of_roles(change: &mut Change<'_>, after: &[User], changes: &[RoleChange]) -> Result<(), Failure> {
    let account_name = change.account().name.clone();
    let mut mails = Vec::new();
    let mut new_admins = Vec::new();
    for (user, (old, new)) in after.iter().zip(changes).filter(|(_, (old, new))| old.id != new.id) {
        if user.status == UserStatus::Active {
            let message =
                Message::from(RoleChanged { account_name: account_name.clone(), role_name: new.name.clone() });
            mails.push(change.new_mail(user, &message, None)?);
        }
        if new.levels.is_admin() && !old.levels.is_admin() {
            new_admins.push(user);
        }
    }
    outbox::limits::notify_many(change, mails).await?;
    tell_of_new_admins(change, &new_admins).await
}

/// One mail to each admin, however many new ones there are.
async fn tell_of_new_admins(change: &mut Change<'_>, new_admins: &[&User]) -> Result<(), Failure> {
    const MOST_NAMED: usize = 20;
    if new_admins.is_empty() {
        return Ok(());
    }
    let by_email = change.caller().principal().map(|principal| principal.email.to_string());
    let mut mails = Vec::new();
    for admin in users::last_admin::to_tell(change).await? {
        let others = || new_admins.iter().filter(|user| user.id != admin.id);
        let named: Vec<String> = others().take(MOST_NAMED).map(|user| user.email.to_string()).collect();
        if named.is_empty() {
            continue;
        }
        let message = Message::from(NewAdmins {
            account_name: change.account().name.clone(),
            unnamed: others().count() - named.len(),
            named,
            by_email: by_email.clone(),
        });
        mails.push(change.new_mail(&admin, &message, None)?);
    }
    outbox::limits::notify(change, mails).await
}
