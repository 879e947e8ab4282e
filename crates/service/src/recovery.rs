//! Break-glass: the operator lets an admin back in who cannot sign in any more.

use domain::email_address::EmailAddress;
use domain::link::LinkPurpose;
use domain::refusal::Kind;
use domain::slug::Slug;
use domain::timestamp::Seconds;
use domain::user::UserStatus;
use serde_json::json;
use store::Tenant;
use store::accounts::Accounts;

use crate::app::App;
use crate::caller::Caller;
use crate::change::user_target;
use crate::entry::Entry;
use crate::failure::{Failure, refuse};

/// How long a recovery link works.
pub const RECOVERY_LINK_LIFETIME: Seconds = Seconds::hours(1);

/// A one-time link with which an active user chooses a new password. Only the operator can ask for it, and the account's
/// log says so.
///
/// # Errors
/// There is no such account or no active user with this address in it.
pub async fn link(app: &App, account: &Slug, email: &EmailAddress) -> Result<String, Failure> {
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find_by_slug(account).await?.ok_or_else(|| no_account(account))?;
    drop(tx);
    let caller = Caller::operator(account.id);
    let mut change = app.change_in(&caller, account.id).await?;
    let user = change.users().find_by_email(email).await?;
    let user = user.filter(|user| user.status == UserStatus::Active).ok_or_else(|| no_user(email))?;
    let now = change.now();
    change.links().end_of_identity(user.identity_id, LinkPurpose::Recovery, now).await?;
    let link = change.new_link(LinkPurpose::Recovery, &user, RECOVERY_LINK_LIFETIME);
    let address = app.link_address(LinkPurpose::Recovery, &app.link_token(link.link.id));
    change.links().insert(std::slice::from_ref(&link), now).await?;
    change.leaves_account_untouched();
    let after = json!({ "recovery_link_until": link.link.expires_at });
    let target = user_target(&user, serde_json::Value::Null, after);
    change.commit(Entry::new("user.recovery_link_made", vec![target])).await?;
    Ok(address)
}

fn no_account(slug: &Slug) -> Failure {
    refuse(Kind::Unknown, "not_found", format!("there is no account {slug}; `portcullis account list` shows them"))
}

fn no_user(email: &EmailAddress) -> Failure {
    let detail = format!("there is no active user {email} in this account; name somebody who can sign in there");
    refuse(Kind::Unknown, "not_found", detail)
}
