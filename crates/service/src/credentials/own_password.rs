//! A person changes their own password, knowing the one they have.

use domain::access::Need;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, NoSuch, refuse, refuse_field};
use domain::core::refusal::Kind;
use domain::credentials::password::{PasswordPolicy, normalize};
use serde_json::json;
use store::Tenant;
use store::sign_in::identities::Identities;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::entry::Entry;
use crate::core::secrets::Token;
use crate::credentials::new_password::{self, Here};
use crate::credentials::person_change::{PersonChange, Place};
use crate::sign_in::throttle::Counters;

/// One's own password.
pub const CHANGE: Need = Need::Oneself;

/// What a new password of the signed-in person must be: the strictest rule of all accounts that they enter with it.
///
/// # Errors
/// 401 without a session.
pub async fn rules(app: &App, caller: &Caller) -> Result<PasswordPolicy, Failure> {
    let identity = caller.person()?.session.identity_id;
    let mut tx = app.db.read().await?;
    new_password::policy_of(&mut tx, identity).await
}

/// Sets a new password for the signed-in person. Every browser but this one, with its `device` token, is signed out and not
/// known anymore, and the person is told by mail (X1).
///
/// # Errors
/// 422 for a wrong current password, or a new one outside the rules; 429 after too many wrong ones.
pub async fn change(
    app: &App,
    caller: &Caller,
    device: Option<&Token>,
    current: &str,
    new: &str,
) -> Result<(), Failure> {
    let session = caller.person()?.session.clone();
    let mut tx = app.db.read().await?;
    let identity = Identities(&mut tx).find(session.identity_id).await?.ok_or(NoSuch("person"))?;
    let known = Identities(&mut tx).password(identity.id).await?;
    let policy = new_password::policy_of(&mut tx, identity.id).await?;
    drop(tx);

    let here = session.id.to_string();
    let counters = Counters::new(app, &identity.email, &caller.origin.ip, Some(&here));
    if !counters.try_password(app, current, known.clone()).await? {
        let detail = "This isn't your current password. Try again, or sign out and use \"Forgot password\".";
        return Err(refuse_field("/current_password", "wrong_password", detail));
    }
    let new = new_password::check(policy, new, &identity.email, "/new_password")?;
    if normalize(current).as_ref() == Some(&new) {
        return Err(refuse_field(
            "/new_password",
            "same_password",
            "This is your current password. Choose a different one.",
        ));
    }
    let hash = app.passwords.hash(new, new_password::salt(app)).await?;

    let mut begun = PersonChange::by(app, caller).await?;
    let change = &mut begun.change;
    if Identities(change.tx()).hold_password(identity.id).await? != known {
        let detail = "Your password was just changed elsewhere. Sign in with the new one.";
        return Err(refuse(Kind::Conflict, "stale", detail));
    }
    new_password::set(change, &identity, &hash, Here { session: Some(session.id), device }).await?;
    counters.succeeded(change.tx()).await?;
    let told = |place: &Place| {
        let before = json!({ "other_sessions": place.sessions_but(Some(session.id)) });
        Entry::new(Action::PasswordChanged, vec![place.target(before, json!({ "other_sessions": 0 }))])
    };
    begun.commit(told, |_| true).await
}
