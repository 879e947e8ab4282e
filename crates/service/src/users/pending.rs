//! What happens to an invitation until it is accepted: it is sent again, or revoked (U-22, N-10). And the mail by which an
//! admin lets an active person choose a new password (U-23).

use std::slice;

use domain::access::Need;
use domain::activity::EventTarget;
use domain::activity::actions::Action;
use domain::core::failure::Failure;
use domain::core::ids::UserId;
use domain::credentials::link::LinkPurpose;
use domain::sign_in::session::EndedBy;
use domain::users::{User, UserAct};
use serde_json::{Value, json};
use store::Tenant;
use store::credentials::links::Links;
use store::outbox::Outbox;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_target};
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::credentials::password_resets::promise_reset;
use crate::invitations::renewal::send_anew;
use crate::invitations::states::Step;
use crate::invitations::terms::expires_at;
use crate::outbox;
use crate::users::rules::{MANAGE, Target};
use crate::users::systems::direct_systems;
use crate::users::{self, Planned, UserDetail};

/// Send an invitation again, or revoke it.
pub const MANAGE_INVITATIONS: Need = MANAGE;
/// Send a password reset email.
pub const RESET_PASSWORD: Need = MANAGE;

/// Sends the invitation of a provisioned user again, with a new link; the old one ends. Whoever sends it answers for it now.
///
/// # Errors
/// 404, 412, 403 by rank, 409 `wrong_status`, 429 after too many mails.
pub async fn resend(app: &App, caller: &Caller, id: UserId) -> Result<UserDetail, Failure> {
    let mut draft = app.draft(caller, MANAGE_INVITATIONS).await?;
    let (target, tag) = to_treat(&mut draft, id, UserAct::Resend).await?;
    outbox::limits::check(&mut draft, &target.user.email).await?;
    let direct = direct_systems(&mut draft, app, id).await?;
    let user = target.user.clone();
    let detail = Planned { after: target, direct, invitation: Some(Step::SentAgain), tag }.detail(&mut draft).await?;
    let Some(mut change) = draft.into_change() else { return Ok(detail) };
    let targets = resend_many(&mut change, slice::from_ref(&user)).await?;
    change.commit(Entry::new(Action::InvitationResent, targets), Touches::People).await?;
    Ok(detail)
}

/// The user with their tag, if the caller may treat them so.
async fn to_treat(draft: &mut Draft<'_>, id: UserId, act: UserAct) -> Result<(Target, String), Failure> {
    let (app, caller, now) = (draft.app(), draft.caller(), draft.now());
    let target = users::rules::find(app, draft, caller, id).await?;
    let tag = users::tags::check(app, draft, caller, &target.user).await?;
    target.check(caller, act, now, false)?;
    Ok((target, tag))
}

/// Sends the invitations of provisioned users again, one or thousands, in the same few statements; gives what to say of
/// each in the activity log. Whoever calls has looked whether there is room for the mails.
pub async fn resend_many(change: &mut Change<'_>, users: &[User]) -> Result<Vec<EventTarget>, Failure> {
    let sent = send_anew(change, users).await?;
    let expires_at = expires_at(change);
    let target = |user: &User| {
        let before = sent.get(&user.id).copied().unwrap_or_default();
        let after = json!({ "sent_count": before + 1, "expires_at": expires_at });
        user_target(user, json!({ "sent_count": before }), after)
    };
    Ok(users.iter().map(target).collect())
}

/// Revokes an invitation: the link ends, and the user is gone as if they had not been invited. The address can be
/// invited again.
///
/// # Errors
/// 404, 412, 403 by rank, 409 `wrong_status`.
pub async fn revoke(app: &App, caller: &Caller, id: UserId) -> Result<(), Failure> {
    let mut draft = app.draft(caller, MANAGE_INVITATIONS).await?;
    let (Target { user, .. }, _) = to_treat(&mut draft, id, UserAct::Revoke).await?;
    let Some(mut change) = draft.into_change() else { return Ok(()) };
    change.revoke(slice::from_ref(&user), EndedBy::AccessEnded).await?;
    users::status::remove(&mut change, &user).await?;
    let before = json!({ "status": user.status, "role_id": user.role_id });
    change
        .commit(Entry::new(Action::InvitationRevoked, vec![user_target(&user, before, Value::Null)]), Touches::People)
        .await
}

/// Promises an active person a mail with a link to choose a new password. The one they have works until they do. A link that
/// this account's admins had mailed to them before ends; those they asked for themselves stay open (P3).
///
/// # Errors
/// 404, 412, 403 by rank, 409 `wrong_status` or `no_password`, 429 after too many mails.
pub async fn reset_password(app: &App, caller: &Caller, id: UserId) -> Result<(), Failure> {
    let mut draft = app.draft(caller, RESET_PASSWORD).await?;
    let (Target { user, .. }, _) = to_treat(&mut draft, id, UserAct::ResetPassword).await?;
    outbox::limits::check(&mut draft, &user.email).await?;
    let Some(mut change) = draft.into_change() else { return Ok(()) };
    let now = change.now();
    Links(change.tx()).replace_by_admin(user.account_id, user.id, LinkPurpose::PasswordReset, now).await?;
    Outbox(change.tx()).cancel_links_of(user.account_id, &[user.id], now).await?;
    promise_reset(&mut change, &user).await?;
    let target = user_target(&user, json!({}), json!({ "mailed": true }));
    change.commit(Entry::new(Action::PasswordResetRequested, vec![target]), Touches::People).await
}
