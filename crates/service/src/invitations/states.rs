//! Which invitations can still be accepted. What is shown as open is open: a link of it works, and whoever sent it may still give
//! the role.

use std::collections::HashMap;

use domain::access::role::{Role, RoleId};
use domain::core::failure::Failure;
use domain::core::ids::UserId;
use domain::core::responsible::Responsible;
use domain::core::timestamp::Timestamp;
use domain::users::invitation::{InvitationState, may_still_invite, state};
use domain::users::{User, UserStatus};
use store::Tenant;
use store::invitations::{Invitation, Invitations};
use store::users::Users;
use store::users::list::Giving;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Change;
use crate::core::draft::Draft;
use crate::core::roles;
use crate::core::visibility::SEE_PEOPLE;
use crate::invitations::terms::{INVITE, expires_at, new_invitation};

/// An invitation and its state.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The invitation's state.
    pub state: InvitationState,
}

/// Beyond so many invited users no one counts those whose invitation works.
const MOST_COUNTED: i64 = 10_000;

/// Those who answer for invitations, with all roles of the account.
struct Inviters {
    users: HashMap<UserId, User>,
    roles: HashMap<RoleId, Role>,
}

impl Inviters {
    async fn of<'i>(
        app: &App,
        tenant: &mut impl Tenant,
        labels: impl Iterator<Item = &'i str>,
    ) -> Result<Self, Failure> {
        let mut ids: Vec<UserId> = labels.filter_map(|by| by.parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        let users = Users::of(tenant).find_all(&ids).await?.into_iter().map(|user| (user.id, user)).collect();
        let roles = roles::all(app, tenant).await?.into_iter().map(|role| (role.id.clone(), role)).collect();
        Ok(Self { users, roles })
    }

    /// Whether whoever is behind `by` answers for an invitation to `role`. The operator always does.
    fn answer(&self, by: &str, role: &RoleId) -> bool {
        let Some(role) = self.roles.get(role) else { return false };
        let inviter = match by.parse() {
            Ok(Responsible::Operator) => return true,
            Ok(Responsible::User(id)) => self.users.get(&id),
            Ok(Responsible::Identity(_) | Responsible::System) | Err(_) => None,
        };
        inviter.is_some_and(|inviter| {
            let levels = self.roles.get(&inviter.role_id).map(|role| &role.levels);
            levels.is_some_and(|levels| may_still_invite(INVITE, inviter, levels, role))
        })
    }
}

/// The pending invitations of those of `users` who are provisioned, and where each stands.
pub(crate) async fn of_users(
    app: &App,
    tenant: &mut impl Tenant,
    users: &[User],
) -> Result<HashMap<UserId, StatedInvitation>, Failure> {
    let invited: Vec<&User> = users.iter().filter(|user| user.status == UserStatus::Provisioned).collect();
    if invited.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<UserId> = invited.iter().map(|user| user.id).collect();
    let pending = Invitations::of(tenant).pending_of(&ids).await?;
    let links: HashMap<UserId, Timestamp> = Invitations::of(tenant).links_until(&ids).await?.into_iter().collect();
    stated(app, tenant, &invited, pending, &links).await
}

/// Where each of these invitations stands, of users with these links.
async fn stated(
    app: &App,
    tenant: &mut impl Tenant,
    invited: &[&User],
    pending: Vec<Invitation>,
    links: &HashMap<UserId, Timestamp>,
) -> Result<HashMap<UserId, StatedInvitation>, Failure> {
    let inviters = Inviters::of(app, tenant, pending.iter().map(|one| one.invited_by.as_str())).await?;
    let (roles, now): (HashMap<UserId, &RoleId>, _) =
        (invited.iter().map(|user| (user.id, &user.role_id)).collect(), app.clock.now());
    let stated = pending.into_iter().map(|invitation| {
        let user = invitation.user_id;
        let is_answered_for = invitation.lost_at.is_none()
            && roles.get(&user).is_some_and(|role| inviters.answer(&invitation.invited_by, role));
        let state = state(invitation.expires_at, links.get(&user).copied(), is_answered_for, now);
        (user, StatedInvitation { invitation, state })
    });
    Ok(stated.collect())
}

/// What a plan does to a user's invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The caller answers for it from now on.
    Answered,
    /// The caller sends it again.
    SentAgain,
}

/// The invitation of a user, who is to be as `after`, as it is to be and as the caller sees it.
pub(crate) async fn shown_after(
    draft: &mut Draft<'_>,
    after: &User,
    step: Option<Step>,
) -> Result<Option<StatedInvitation>, Failure> {
    if after.status != UserStatus::Provisioned || draft.caller().limited_to(SEE_PEOPLE).is_some() {
        return Ok(None);
    }
    let mut pending = Invitations::of(draft).pending_of(&[after.id]).await?.pop();
    let mut links: HashMap<UserId, Timestamp> =
        Invitations::of(draft).links_until(&[after.id]).await?.into_iter().collect();
    match step {
        None => {}
        Some(Step::Answered) => pending = pending.map(|pending| answered(draft, pending)),
        Some(Step::SentAgain) => {
            let sent = pending.map(|pending| sent_again(draft, pending));
            pending = Some(sent.unwrap_or_else(|| new_invitation(draft, after, None)));
            links.insert(after.id, expires_at(draft));
        }
    }
    let stated = stated(draft.app(), draft, &[after], pending.into_iter().collect(), &links).await?;
    Ok(stated.into_values().next())
}

/// What [`Invitations::answer_for`] makes of an invitation.
fn answered(draft: &Draft<'_>, invitation: Invitation) -> Invitation {
    Invitation { invited_by: draft.caller().label_id(), lost_at: None, ..invitation }
}

/// What [`Invitations::sent_again`] makes of an invitation.
fn sent_again(draft: &Draft<'_>, invitation: Invitation) -> Invitation {
    let sent_count = invitation.sent_count + 1;
    Invitation { sent_count, expires_at: expires_at(draft), ..answered(draft, invitation) }
}

/// The same for whoever looks: who is limited to own systems invites no one, and would learn from it of people beyond them.
pub(crate) async fn shown_to(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    users: &[User],
) -> Result<HashMap<UserId, StatedInvitation>, Failure> {
    match caller.limited_to(SEE_PEOPLE) {
        Some(_) => Ok(HashMap::new()),
        None => of_users(app, tenant, users).await,
    }
}

/// Who may invite to what, by roles: for the list, which asks it of many invitations at once.
pub(crate) async fn giving(app: &App, tenant: &mut impl Tenant) -> Result<Vec<Giving>, Failure> {
    let roles = roles::all(app, tenant).await?;
    let mut giving: Vec<Giving> = Vec::new();
    for holder in roles.iter().filter(|role| INVITE.met_by(&role.levels)) {
        let may_be_given = |role: &&Role| role.levels.within(&holder.levels);
        let given: Vec<RoleId> = roles.iter().filter(may_be_given).map(|role| role.id.clone()).collect();
        match giving.iter_mut().find(|one| one.given == given) {
            Some(same) => same.holders.push(holder.id.clone()),
            None => giving.push(Giving { holders: vec![holder.id.clone()], given }),
        }
    }
    Ok(giving)
}

/// How many pending invitations of the `invited` provisioned users cannot be accepted; `None` where there are too many to count.
pub(crate) async fn count_dead(app: &App, tenant: &mut impl Tenant, invited: i64) -> Result<Option<i64>, Failure> {
    if invited > MOST_COUNTED {
        return Ok(None);
    }
    let counts = Invitations::of(tenant).counts(app.clock.now()).await?;
    let inviters = Inviters::of(app, tenant, counts.iter().map(|count| count.invited_by.as_str())).await?;
    let dead = counts.iter().map(|count| match inviters.answer(&count.invited_by, &count.role_id) {
        true => count.pending - count.with_link,
        false => count.pending,
    });
    Ok(Some(dead.sum()))
}

/// The users whose open invitation dies in a change after which these users are as `after`: one of them answers for it, and cannot
/// anymore. Where the change gives them their role, its caller answers for their own invitations from then on.
pub(crate) async fn dying(draft: &mut Draft<'_>, after: &[User], is_role_given: bool) -> Result<Vec<User>, Failure> {
    let ids: Vec<UserId> = after.iter().map(|user| user.id).collect();
    let answered: Vec<UserId> =
        Invitations::of(draft).pending_by(&ids).await?.into_iter().map(|one| one.user_id).collect();
    let invited = Users::of(draft).find_all(&answered).await?;
    let stated = of_users(draft.app(), draft, &invited).await?;
    if stated.is_empty() {
        return Ok(Vec::new());
    }
    let caller = draft.caller().label_id();
    let labels = stated.values().map(|stated| stated.invitation.invited_by.as_str()).chain([caller.as_str()]);
    let mut inviters = Inviters::of(draft.app(), draft, labels).await?;
    let after: HashMap<UserId, &User> = after.iter().map(|user| (user.id, user)).collect();
    for (id, inviter) in &mut inviters.users {
        if let Some(after) = after.get(id) {
            *inviter = (*after).clone();
        }
    }
    let dies = |user: User| {
        let stated = stated.get(&user.id).filter(|stated| stated.state == InvitationState::Open)?;
        let (then, by) = match after.get(&user.id) {
            Some(then) if is_role_given => ((*then).clone(), &caller),
            Some(then) => ((*then).clone(), &stated.invitation.invited_by),
            None => (user, &stated.invitation.invited_by),
        };
        (then.status == UserStatus::Provisioned && !inviters.answer(by, &then.role_id)).then_some(then)
    };
    Ok(invited.into_iter().filter_map(dies).collect())
}

/// Notes that the invitations of these users, which a plan found to be [`dying`], are dead: from now on, also when the right of whoever
/// answers for them comes back: its holder may have been told.
pub(crate) async fn end_died(change: &mut Change<'_>, died: &[User]) -> Result<(), Failure> {
    let (ids, now): (Vec<UserId>, _) = (died.iter().map(|user| user.id).collect(), change.now());
    Ok(Invitations::of(change).lose(&ids, now).await?)
}
