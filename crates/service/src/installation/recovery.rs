//! Break-glass: the operator lets in who cannot sign in anymore, or never could.

use std::slice;

use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, refuse};
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::credentials::link::{LinkEnd, LinkPurpose};
use domain::users::UserStatus;
use serde_json::json;
use store::Tenant;
use store::accounts::Accounts;
use store::credentials::links::Links;
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Touches, user_target};
use crate::core::entry::Entry;
use crate::invitations::renewal::renew;

/// How long a link to a new password works.
pub const RECOVERY_LINK_LIFETIME: Seconds = Seconds::hours(1);

/// A link that works once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryLink {
    /// Its address.
    pub address: String,
    /// When it works no more.
    pub expires_at: Timestamp,
}

/// A one-time link with which an active user chooses a new password, or an invited one accepts the invitation as if it had been
/// sent again: an account whose first admin never came has no one else who could do that. Only the operator can ask for it, and
/// the account's log says so.
///
/// # Errors
/// There is no such account, or no one with this address in it who is active or invited.
pub async fn link(app: &App, account: &Slug, email: &EmailAddress) -> Result<RecoveryLink, Failure> {
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find_by_slug(account).await?.ok_or_else(|| no_account(account))?;
    drop(tx);
    let caller = Caller::operator(account.id);
    let mut change = app.change_in(&caller, account.id).await?;
    let user = Users::of(&mut change).find_by_email(email).await?.ok_or_else(|| no_user(email))?;
    let now = change.now();
    let (purpose, lifetime) = match user.status {
        UserStatus::Active => {
            Links(change.tx()).end_of_identity(user.identity_id, LinkPurpose::Recovery, LinkEnd::Replaced, now).await?;
            (LinkPurpose::Recovery, RECOVERY_LINK_LIFETIME)
        }
        UserStatus::Provisioned => {
            renew(&mut change, slice::from_ref(&user)).await?;
            (LinkPurpose::Activation, change.account().settings.links.activation_seconds)
        }
        UserStatus::Inactive | UserStatus::Deleted => return Err(no_user(email)),
    };
    let link = change.new_link(purpose, &user, lifetime);
    let address = app.link_address(purpose, &app.link_token(link.link.id));
    Links(change.tx()).insert(slice::from_ref(&link), now).await?;
    let expires_at = link.link.expires_at;
    let target = user_target(&user, serde_json::Value::Null, json!({ "recovery_link_until": expires_at }));
    change.commit(Entry::new(Action::UserRecoveryLinkMade, vec![target]), Touches::People).await?;
    Ok(RecoveryLink { address, expires_at })
}

fn no_account(slug: &Slug) -> Failure {
    refuse(
        Kind::Unknown,
        "not_found",
        format!(
            "There is no account {slug}. `portcullis account list` lists all \
     accounts."
        ),
    )
}

fn no_user(email: &EmailAddress) -> Failure {
    let detail = format!(
        "No user with the address {email} is active or invited in this account. Choose a different \
     user."
    );
    refuse(Kind::Unknown, "not_found", detail)
}
