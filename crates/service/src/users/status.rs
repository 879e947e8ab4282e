//! Where users stand: disable, enable, delete, restore, and the purge of those whose time to be restored is over.

use std::collections::HashSet;

use domain::activity::actions::Action;
use domain::activity::{EventTarget, Origin};
use domain::core::failure::{Failure, stale};
use domain::core::ids::{AccountId, UserId};
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::EndedBy;
use domain::users::{RESTORABLE_FOR, User, UserAct, UserStatus};
use mail::Message;
use mail::mails::AccessEnded;
use serde_json::json;
use store::Tenant;
use store::accounts::KeptCounts;
use store::invitations::Invitations;
use store::sign_in::identities::Identities;
use store::sign_in::sessions::Sessions;
use store::systems::SystemGrants;
use store::users::{Memberships, Users};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_target};
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::invitations::states::{Step, dying, end_died};
use crate::users::impact::{Held, Impact, held};
use crate::users::rules::{MANAGE, Target, need_of};
use crate::users::systems::direct_systems;
use crate::users::{self, Changed, Planned, UserDetail};
use crate::{invitations, outbox};

/// Disable a user.
pub const DISABLE: domain::access::Need = MANAGE;
/// Give a disabled user the access back.
pub const ENABLE: domain::access::Need = MANAGE;
/// Delete a user.
pub const DELETE: domain::access::Need = MANAGE;
/// Undo a deletion.
pub const RESTORE: domain::access::Need = MANAGE;

/// A move from one status to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// End the access, keep the rest (U-29, U-35).
    Disable,
    /// Give it back (U-31).
    Enable,
    /// Delete, restorable for 30 days (U-34).
    Delete,
    /// Undo that.
    Restore,
}

impl Move {
    /// The act that the rules judge.
    pub const fn act(self) -> UserAct {
        match self {
            Self::Disable => UserAct::Disable,
            Self::Enable => UserAct::Enable,
            Self::Delete => UserAct::Delete,
            Self::Restore => UserAct::Restore,
        }
    }

    /// What the activity log says.
    pub const fn event(self) -> Action {
        match self {
            Self::Disable => Action::UserDisabled,
            Self::Enable => Action::UserEnabled,
            Self::Delete => Action::UserDeleted,
            Self::Restore => Action::UserRestored,
        }
    }

    /// Whether it ends the access, so that an admin has to remain.
    pub const fn ends_access(self) -> bool {
        match self {
            Self::Disable | Self::Delete => true,
            Self::Enable | Self::Restore => false,
        }
    }

    fn after(self, user: &User, now: Timestamp) -> User {
        let moved = User { credentials_valid_from: now, version: user.version + 1, ..user.clone() };
        match self {
            Self::Disable => User { status: UserStatus::Inactive, ..moved },
            Self::Enable => User { status: UserStatus::Active, ..moved },
            Self::Delete => User {
                status: UserStatus::Deleted,
                status_before_deletion: Some(user.status),
                deleted_at: Some(now),
                ..moved
            },
            Self::Restore => User {
                status: user.status_before_deletion.unwrap_or(UserStatus::Inactive),
                status_before_deletion: None,
                deleted_at: None,
                ..moved
            },
        }
    }
}

/// Moves one user.
///
/// # Errors
/// 404, 412, 403 by rank, 409 `wrong_status`, `last_admin`, `cannot_target_self`, `seat_limit`, `restore_window_expired`.
pub async fn move_one(app: &App, caller: &Caller, id: UserId, step: Move) -> Result<Changed, Failure> {
    let mut draft = app.draft(caller, need_of(step.act())).await?;
    let target = users::rules::find(app, &mut draft, caller, id).await?;
    let tag = users::tags::check(app, &mut draft, caller, &target.user).await?;
    let ending: &[UserId] = if step.ends_access() { &[id] } else { &[] };
    let last = users::last_admin::last_among(app, &mut draft, ending).await?.contains(&id);
    target.check(caller, step.act(), draft.now(), last)?;
    let plan = plan(&mut draft, step, vec![target.user.clone()]).await?;
    let answer = Changed { user: detail(&mut draft, &plan, target, tag).await?, impact: plan.impact.clone() };
    let Some(mut change) = draft.into_change() else { return Ok(answer) };
    write(&mut change, &plan).await?;
    // One person's access is theirs alone: what is remembered of the others stays.
    change.commit(Entry::new(step.event(), plan.targets()), Touches::People).await?;
    Ok(answer)
}

async fn detail(draft: &mut Draft<'_>, plan: &Plan, before: Target, tag: String) -> Result<UserDetail, Failure> {
    let user = plan.after.first().cloned().unwrap_or(before.user);
    let direct = direct_systems(draft, draft.app(), user.id).await?;
    let invitation = plan.is_invited_again(&user).then_some(Step::SentAgain);
    Planned { after: Target { user, role: before.role }, direct, invitation, tag }.detail(draft).await
}

/// A move of users whom the rules permit to be moved, one or ten thousand, with all that comes of it.
pub(crate) struct Plan {
    step: Move,
    before: Vec<User>,
    after: Vec<User>,
    /// Whose invitation ends because the user who answers for it no longer can.
    died: Vec<User>,
    /// Who is invited again.
    invited: Vec<User>,
    /// What it does to people.
    pub(crate) impact: Impact,
}

impl Plan {
    fn is_invited_again(&self, user: &User) -> bool {
        self.invited.iter().any(|invited| invited.id == user.id)
    }

    /// The users with what changes of them, for the activity log.
    pub(crate) fn targets(&self) -> Vec<EventTarget> {
        let invited: HashSet<UserId> = self.invited.iter().map(|user| user.id).collect();
        let users = self.before.iter().zip(&self.after);
        users.map(|(before, after)| target(before, after, invited.contains(&after.id))).collect()
    }
}

/// Plans to move these users, whom the rules permit to be moved.
///
/// # Errors
/// 409 `seat_limit`.
pub(crate) async fn plan(draft: &mut Draft<'_>, step: Move, before: Vec<User>) -> Result<Plan, Failure> {
    let now = draft.now();
    let after: Vec<User> = before.iter().map(|user| step.after(user, now)).collect();
    check_seats(draft, &before, &after).await?;
    let active = |users: &[User]| -> Vec<User> {
        users.iter().filter(|user| user.status == UserStatus::Active).cloned().collect()
    };
    let mut plan = Plan { step, before, after, died: Vec::new(), invited: Vec::new(), impact: Impact::default() };
    if step.ends_access() {
        let lose = active(&plan.before);
        plan.died = dying(draft, &plan.after, false).await?;
        plan.impact.ended = draft.revocable(&plan.before).await?;
        let had = held(draft, &lose, now).await?;
        plan.impact.compare_systems(draft, &had, &Held::default()).await?;
        plan.impact.loses_access(&lose);
        plan.impact.loses_invitations(&plan.died);
    } else {
        let gain = active(&plan.after);
        let has = held(draft, &gain, now).await?;
        plan.impact.compare_systems(draft, &Held::default(), &has).await?;
        plan.impact.gains_access(&gain);
    }
    if step == Move::Restore {
        plan_invitations(draft, &mut plan).await?;
    }
    Ok(plan)
}

/// Whoever was invited before the deletion is invited again: their link ended with it. Whoever had too many mails is not refused
/// the restore for that; their invitation is shown as what it is, without a link that works.
async fn plan_invitations(draft: &mut Draft<'_>, plan: &mut Plan) -> Result<(), Failure> {
    let provisioned = plan.after.iter().filter(|user| user.status == UserStatus::Provisioned);
    let wanted: Vec<User> = provisioned.cloned().collect();
    plan.invited = outbox::limits::reachable(draft, &wanted).await?;
    plan.impact.invitations_sent_count = u64::try_from(plan.invited.len()).unwrap_or_default();
    plan.impact.invitations_unsent_count = u64::try_from(wanted.len() - plan.invited.len()).unwrap_or_default();
    Ok(())
}

/// Moves the users in the same few statements, however many there are. The one place where a status changes by an admin's hand.
pub(crate) async fn write(change: &mut Change<'_>, plan: &Plan) -> Result<(), Failure> {
    write_status(change, plan.step, &plan.before).await?;
    plan.before.iter().zip(&plan.after).for_each(|(before, after)| change.book(before, after));
    if plan.step.ends_access() {
        change.revoke(&plan.before, EndedBy::AccessEnded).await?;
        end_died(change, &plan.died).await?;
    }
    if plan.step == Move::Delete {
        let lost: Vec<&User> = plan.before.iter().filter(|user| user.status == UserStatus::Active).collect();
        tell_of_the_end(change, &lost).await?;
    }
    invitations::renewal::send_anew(change, &plan.invited).await.map(drop)
}

async fn write_status(change: &mut Change<'_>, step: Move, users: &[User]) -> Result<(), Failure> {
    let now = change.now();
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let mut rows = Users::of(change);
    let moved = match step {
        Move::Disable => rows.move_status(&ids, UserStatus::Active, UserStatus::Inactive, now).await?,
        Move::Enable => rows.move_status(&ids, UserStatus::Inactive, UserStatus::Active, now).await?,
        Move::Delete => rows.delete(&ids, now).await?,
        Move::Restore => rows.restore(&ids, now).await?,
    };
    if usize::try_from(moved).is_ok_and(|moved| moved == ids.len()) { Ok(()) } else { Err(stale()) }
}

/// Who comes back takes a seat again (P8).
async fn check_seats(draft: &mut Draft<'_>, before: &[User], after: &[User]) -> Result<(), Failure> {
    let rule = draft.account().settings.seats;
    let takes = |user: &User| rule.counted_from.by(user.status);
    let wanted = before.iter().zip(after).filter(|(before, after)| !takes(before) && takes(after)).count();
    if wanted > 0 {
        let seats = KeptCounts::of(draft).seats().await?;
        rule.check_room(seats, u64::try_from(wanted).unwrap_or(u64::MAX))?;
    }
    Ok(())
}

async fn tell_of_the_end(change: &mut Change<'_>, users: &[&User]) -> Result<(), Failure> {
    let message = Message::from(AccessEnded { account_name: change.account().name.clone() });
    let mails: Result<Vec<_>, Failure> = users.iter().map(|user| change.new_mail(user, &message, None)).collect();
    outbox::limits::notify_many(change, mails?).await
}

fn target(before: &User, after: &User, is_invited_again: bool) -> EventTarget {
    let after = match is_invited_again {
        true => json!({ "status": after.status, "mailed": true }),
        false => json!({ "status": after.status }),
    };
    user_target(before, json!({ "status": before.status }), after)
}

/// Removes up to `limit` users for good who were deleted 30 days ago, with all that is kept of them but the events, and their
/// identities where no account needs them anymore. Says how many; the worker calls it until there are none.
pub async fn purge(app: &App, limit: i64) -> Result<u64, Failure> {
    let deleted_before = app.clock.now().minus(RESTORABLE_FOR);
    let mut tx = app.db.read().await?;
    let due = Memberships(&mut tx).to_purge(deleted_before, limit).await?;
    drop(tx);
    let mut accounts: Vec<AccountId> = due.iter().map(|user| user.account_id).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let mut purged = 0;
    for account in accounts {
        let ids: Vec<UserId> = due.iter().filter(|user| user.account_id == account).map(|user| user.id).collect();
        purged += purge_in(app, account, &ids).await?;
    }
    Ok(purged)
}

async fn purge_in(app: &App, account: AccountId, ids: &[UserId]) -> Result<u64, Failure> {
    let caller = Caller::system(account, Origin::default());
    let mut change = app.change_in(&caller, account).await?;
    let now = change.now();
    // Read again under the lock: someone may have been restored a moment ago.
    let is_due = |user: &User| {
        user.status == UserStatus::Deleted && user.deleted_at.is_some_and(|at| now >= at.plus(RESTORABLE_FOR))
    };
    let mut users: Vec<User> = Users::of(&mut change).find_all(ids).await?.into_iter().filter(is_due).collect();
    // In the order in which everyone holds the rows of several people.
    users.sort_unstable_by_key(|user| user.identity_id);
    if users.is_empty() {
        return Ok(0);
    }
    for user in &users {
        remove(&mut change, user).await?;
    }
    let gone = |user: &User| user_target(user, json!({ "status": user.status }), serde_json::Value::Null);
    let targets = users.iter().map(gone).collect();
    let purged = users.len();
    change.commit(Entry::new(Action::UserPurged, targets), Touches::Account).await?;
    Ok(u64::try_from(purged).unwrap_or(u64::MAX))
}

/// Removes a user for good with all that is kept of them but the events, and the person where no account needs them anymore.
pub(crate) async fn remove(change: &mut Change<'_>, user: &User) -> Result<(), Failure> {
    SystemGrants::of(change).remove_all_of(user.id).await?;
    Invitations::of(change).remove_of(user.id).await?;
    Users::of(change).purge(user.id).await?;
    change.count_out(user);
    change.touch_identity(user.identity_id);
    let nobody = change.new_id();
    let is_gone = Identities(change.tx()).delete_unused(user.identity_id).await?;
    // The same work for whoever stays because they are a user elsewhere, too (D2).
    Sessions(change.tx()).remove_of(if is_gone { user.identity_id } else { nobody }).await?;
    Ok(())
}
