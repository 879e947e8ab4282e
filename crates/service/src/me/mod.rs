//! What people do with their own identity: look, rename, change the password, see their accounts.

pub mod sessions;

use domain::access::Need;
use domain::access::role::Role;
use domain::accounts::Account;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, NoSuch};
use domain::core::locale::Locale;
use domain::core::person_name::PersonName;
use domain::core::tag::tag;
use domain::sign_in::identity::Identity;
use domain::sign_in::session::{SessionPolicy, SessionUse};
use domain::users::{User, UserStatus};
use serde_json::{Value, json};
use store::accounts::Accounts;
use store::accounts::logos::Logos;
use store::sign_in::identities::Identities;
use store::sign_in::session_accounts::SessionAccounts;
use store::users::Memberships;
use store::{InAccount, Tenant};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::entry::{Entry, difference};
use crate::core::roles;
use crate::credentials::person_change::{PersonDraft, Place};

/// One's own things.
pub const NEED: Need = Need::Oneself;

/// The signed-in person, from the hot path: no statement while the session is remembered.
///
/// # Errors
/// 401 without a session.
pub fn get(caller: &Caller) -> Result<&Identity, Failure> {
    Ok(&caller.person()?.identity)
}

/// What a person changes about themselves; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// The new name.
    pub name: Option<PersonName>,
    /// The new language.
    pub locale: Option<Locale>,
}

/// Changes one's own name or language. Where both are as they were already, nothing is written.
///
/// # Errors
/// 412 for a stale `If-Match`.
pub async fn change(app: &App, caller: &Caller, wish: ProfileChange) -> Result<Identity, Failure> {
    let mut begun = PersonDraft::by(app, caller).await?;
    let before =
        Identities(begun.draft.tx()).find(caller.person()?.session.identity_id).await?.ok_or(NoSuch("person"))?;
    caller.check_tag(&tag(before.id, before.version))?;
    let locale = wish.locale.map_or_else(|| before.locale.clone(), |locale| locale.to_string());
    let after = Identity {
        name: wish.name.or_else(|| before.name.clone()),
        locale,
        // The ETag of a preview is that of what is still stored.
        version: before.version + i64::from(!caller.dry_run),
        ..before.clone()
    };
    if (&after.name, &after.locale) == (&before.name, &before.locale) {
        return Ok(before);
    }
    let Some(mut begun) = begun.into_change() else { return Ok(after) };
    Identities(begun.change.tx()).update_profile(after.id, after.name.as_ref(), &after.locale).await?;
    let shown = |identity: &Identity| json!({ "name": identity.name, "locale": identity.locale });
    // What it was before, and what stays as it is, may be what they are called elsewhere (D2).
    let (_, changed) = difference(&shown(&before), &shown(&after));
    let told = |place: &Place| {
        let target = place.target(Value::Null, changed.clone());
        Entry::new(Action::IdentityChanged, vec![target])
    };
    begun.commit(told, |_| true).await?;
    Ok(after)
}

/// An account in which a person is an active user.
#[derive(Debug)]
pub struct Membership {
    /// The account.
    pub account: Account,
    /// The person's user there.
    pub user: User,
    /// What they are there.
    pub role: Role,
    /// The tag of the account's logo.
    pub logo: Option<String>,
    /// Whether the session of the request no longer opens the account, which then asks for a new sign-in.
    pub needs_sign_in: bool,
}

/// The accounts in which a person is an active user, by name, with what they may do there.
pub async fn accounts(app: &App, caller: &Caller) -> Result<Vec<Membership>, Failure> {
    let session = &caller.person()?.session;
    let (identity, now) = (session.identity_id, app.clock.now());
    let mut tx = app.db.read().await?;
    let mut found = Vec::new();
    let known = SessionAccounts(&mut tx).of_session(session.id).await?;
    for user in Memberships(&mut tx).of_identity(identity).await? {
        if user.status == UserStatus::Active
            && let Some(account) = Accounts(&mut tx).find(user.account_id).await?
        {
            let mut bound = InAccount { tx: &mut tx, account: account.id };
            let role = roles::find(app, &mut bound, &user.role_id).await?.ok_or(NoSuch("role"))?;
            let logo = Logos::of(&mut bound).tag().await?;
            let lapsed = known.iter().find(|known| known.account_id == account.id).and_then(|known| known.lapse);
            let policy = SessionPolicy {
                limits: account.settings.sessions,
                credentials_valid_from: user.credentials_valid_from,
            };
            // What a rest before this request ended is known.
            let used = SessionUse { created_at: session.created_at, last_active_at: now, lapsed };
            let needs_sign_in = policy.check(&used, now).is_err();
            found.push(Membership { account, user, role, logo, needs_sign_in });
        }
    }
    found.sort_by(|a, b| a.account.name.cmp(&b.account.name));
    Ok(found)
}
