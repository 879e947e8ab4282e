//! Invitations that are sent again: as good as new ones, for which the caller answers.

use std::collections::{HashMap, HashSet};

use domain::core::failure::Failure;
use domain::core::ids::UserId;
use domain::credentials::link::LinkEnd;
use domain::users::User;
use store::Tenant;
use store::credentials::links::Links;
use store::invitations::{Invitation, Invitations};
use store::outbox::Outbox;

use crate::core::change::Change;
use crate::invitations::mails::{Notes, promise_activations};
use crate::invitations::terms::{expires_at, new_invitation};

/// Makes the invitations of provisioned users new ones of the caller, with new links, and promises the mails. Gives how often each
/// had been sent before.
pub(crate) async fn send_anew(change: &mut Change<'_>, users: &[User]) -> Result<HashMap<UserId, i64>, Failure> {
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let pending = renew(change, users).await?;
    let by = change.caller().label_id();
    let sent = pending.iter().map(|one| (one.user_id, one.sent_count)).collect();
    // No one is made to say what someone else wrote.
    let own = pending.into_iter().filter(|one| one.invited_by == by);
    let notes = Notes::Own(own.filter_map(|one| Some((one.user_id, one.note?))).collect());
    promise_activations(change, users, &notes).await?;
    Ok(sent)
}

/// Makes the invitations of provisioned users as good as new ones, for which the caller answers: their links end, and the mails
/// with them that did not leave. Making new links is left to do. Gives the invitations as they were.
pub(crate) async fn renew(change: &mut Change<'_>, users: &[User]) -> Result<Vec<Invitation>, Failure> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let pending = Invitations::of(change).pending_of(&ids).await?;
    let (now, account, by) = (change.now(), change.account().id, change.caller().label_id());
    let expires_at = expires_at(change);
    Links(change.tx()).end_of_users(account, &ids, LinkEnd::Replaced, now).await?;
    Outbox(change.tx()).cancel_links_of(account, &ids, now).await?;
    Invitations::of(change).sent_again(&ids, &by, now, expires_at).await?;
    let have_one: HashSet<UserId> = pending.iter().map(|one| one.user_id).collect();
    let without = users.iter().filter(|user| !have_one.contains(&user.id));
    let invitations: Vec<_> = without.map(|user| new_invitation(change, user, None)).collect();
    Invitations::of(change).insert(&invitations).await?;
    Ok(pending)
}
