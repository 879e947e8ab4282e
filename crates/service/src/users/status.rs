//! Where users stand: disable, enable, delete, restore, and the purge of those whose time to be restored is over.

use std::collections::HashSet;

use domain::activity::EventTarget;
use domain::activity::actions::Action;
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
use crate::core::entry::Entry;
use crate::users::impact::{Held, Impact, held};
use crate::users::rules::{MANAGE, need_of};
use crate::users::{self, Changed};
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
        let moved = User { access_from: now, version: user.version + 1, ..user.clone() };
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
/// 404, 412, 403 by rank, 409 `wrong_status`, `last_admin`, `oneself`, `seat_limit`, `restore_too_late`.
pub async fn move_one(app: &App, caller: &Caller, id: UserId, step: Move) -> Result<Changed, Failure> {
    let mut change = app.change(caller, need_of(step.act())).await?;
    let target = users::rules::find(app, &mut change, caller, id).await?;
    let tag = users::tags::check(app, &mut change, caller, &target.user).await?;
    let ending: &[UserId] = if step.ends_access() { &[id] } else { &[] };
    let last = users::last_admin::last_among(app, &mut change, ending).await?.contains(&id);
    target.check(caller, step.act(), change.now(), last)?;
    let applied = apply(&mut change, step, std::slice::from_ref(&target.user)).await?;
    let user = users::detail_of(&mut change, id, tag).await?;
    // One person's access is theirs alone: what is remembered of the others stays.
    change.commit(Entry::new(step.event(), applied.targets), Touches::People).await?;
    Ok(Changed { user, impact: applied.impact })
}

/// What a change of users came to.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The users with what changed of them, for the activity log.
    pub targets: Vec<EventTarget>,
    /// What it does to people.
    pub impact: Impact,
}

/// Moves users whom the rules permit to be moved: one or ten thousand, in the same few statements. The one place where a
/// status changes by an admin's hand.
pub async fn apply(change: &mut Change<'_>, step: Move, users: &[User]) -> Result<Applied, Failure> {
    let now = change.now();
    let after: Vec<User> = users.iter().map(|user| step.after(user, now)).collect();
    check_seats(change, users, &after).await?;
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let invited = if step.ends_access() { invitations::states::open_by(change, &ids).await? } else { Vec::new() };
    write(change, step, users).await?;
    users.iter().zip(&after).for_each(|(before, after)| change.book(before, after));
    let mut impact = Impact::default();
    let lose: Vec<User> = users.iter().filter(|user| user.status == UserStatus::Active).cloned().collect();
    let gain: Vec<User> = after.iter().filter(|user| user.status == UserStatus::Active).cloned().collect();
    if step.ends_access() {
        impact.ended = change.revoke(users, EndedBy::AccessEnded).await?;
        let had = held(change, &lose, now).await?;
        impact.compare_systems(change, &had, &Held::default()).await?;
        impact.loses_access(&lose);
        impact.loses_invitations(&invitations::states::end_died(change, &invited).await?);
    } else {
        let has = held(change, &gain, now).await?;
        impact.compare_systems(change, &Held::default(), &has).await?;
        impact.gains_access(&gain);
    }
    if step == Move::Delete {
        tell_of_the_end(change, &lose).await?;
    }
    let sent = if step == Move::Restore { invite_again(change, &after, &mut impact).await? } else { HashSet::new() };
    let target = |(before, after): (&User, &User)| target(before, after, sent.contains(&after.id));
    Ok(Applied { targets: users.iter().zip(&after).map(target).collect(), impact })
}

/// Whoever was invited before the deletion is invited again: their link ended with it. Whoever had too many mails is not refused
/// the restore for that; their invitation is shown as what it is, without a link that works.
async fn invite_again(
    change: &mut Change<'_>,
    after: &[User],
    impact: &mut Impact,
) -> Result<HashSet<UserId>, Failure> {
    let invited: Vec<User> = after.iter().filter(|user| user.status == UserStatus::Provisioned).cloned().collect();
    let reachable = outbox::limits::reachable(change, &invited).await?;
    invitations::renewal::send_anew(change, &reachable).await?;
    impact.invitations_sent_count = u64::try_from(reachable.len()).unwrap_or_default();
    impact.invitations_unsent_count = u64::try_from(invited.len() - reachable.len()).unwrap_or_default();
    Ok(reachable.iter().map(|user| user.id).collect())
}

async fn write(change: &mut Change<'_>, step: Move, users: &[User]) -> Result<(), Failure> {
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
async fn check_seats(change: &mut Change<'_>, before: &[User], after: &[User]) -> Result<(), Failure> {
    let rule = change.account().settings.seats;
    let takes = |user: &User| rule.counted_from.by(user.status);
    let wanted = before.iter().zip(after).filter(|(before, after)| !takes(before) && takes(after)).count();
    if wanted > 0 {
        let seats = KeptCounts::of(change).seats().await?;
        rule.check_room(seats, u64::try_from(wanted).unwrap_or(u64::MAX))?;
    }
    Ok(())
}

async fn tell_of_the_end(change: &mut Change<'_>, users: &[User]) -> Result<(), Failure> {
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
/// identities where no account needs them any more. Says how many; the worker calls it until there are none.
pub async fn purge(app: &App, limit: i64) -> Result<u64, Failure> {
    let deleted_before = app.world.now().minus(RESTORABLE_FOR);
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
    let caller = Caller::system(account);
    let mut change = app.change_in(&caller, account).await?;
    let now = change.now();
    // Read again under the lock: somebody may have been restored a moment ago.
    let is_due = |user: &User| {
        user.status == UserStatus::Deleted && user.deleted_at.is_some_and(|at| now >= at.plus(RESTORABLE_FOR))
    };
    let mut users: Vec<User> = Users::of(&mut change).find_all(ids).await?.into_iter().filter(is_due).collect();
    // In the order in which everybody holds the rows of several people.
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

/// Removes a user for good with all that is kept of them but the events, and the person where no account needs them any more.
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
