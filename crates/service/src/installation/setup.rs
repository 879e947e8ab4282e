//! The first minutes of an installation: its key, its one-time setup link, its first account.

use domain::access::Need;
use domain::access::role::RoleId;
use domain::accounts::settings::AccountSettings;
use domain::accounts::{Account, AccountKind, SlugTaken};
use domain::activity::Origin;
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, refuse};
use domain::core::ids::LinkId;
use domain::core::label::Label;
use domain::core::locale::Locale;
use domain::core::person_name::PersonName;
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::credentials::link::{DeadLink, Link, LinkPurpose};
use domain::sign_in::identity::Identity;
use domain::sign_in::session::Assurance;
use domain::systems::GrantedSystem;
use domain::users::{User, UserStatus};
use serde_json::{Value, json};
use store::accounts::Accounts;
use store::credentials::links::{Links, NewLink};
use store::installation::Installation;
use store::sign_in::identities::Identities;
use store::systems::SystemGrants;
use store::users::Users;
use store::{OnDuplicate, StoreError, Tenant, Tx};

use crate::accounts::account_target;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_actor, user_target};
use crate::core::entry::Entry;
use crate::core::key_check;
use crate::core::secrets::Token;
use crate::credentials::new_password;
use crate::sign_in::{self, Browser, SignedIn, entering};

/// Anyone with the link may set up.
pub const SET_UP: Need = Need::Public;

/// How long the setup link works.
pub const SETUP_LINK_LIFETIME: Seconds = Seconds::hours(24);

/// What the first person says about themselves and their company.
#[derive(Debug, Clone)]
pub struct FirstAdmin {
    /// Name of the first account.
    pub account_name: Label,
    /// The URL name. Derived from the name if absent.
    pub slug: Option<Slug>,
    /// Email address of the first admin.
    pub email: EmailAddress,
    /// The user's name.
    pub name: PersonName,
    /// Their password.
    pub password: String,
    /// The language of their page, which becomes theirs; English when absent.
    pub locale: Option<Locale>,
}

/// Notes the installation's key with the first start and refuses another one later: with a second key the links of the
/// first would silently stop working.
///
/// # Errors
/// A sentence for the operator when the key is not the installation's.
pub async fn claim_key(app: &App) -> Result<(), Failure> {
    let fingerprint = app.key.fingerprint();
    let mut tx = app.upkeep("the installation's key is claimed").await?;
    let known = Installation(&mut tx).claim_key(&fingerprint, &app.key.seal_accounts(&[]), app.clock.now()).await?;
    tx.commit().await?;
    if known == fingerprint {
        return Ok(());
    }
    Err(refuse(
        Kind::Conflict,
        "secret_key_mismatch",
        format!(
            "This database belongs to an installation with the secret key {known}, but the configured key is \
             {fingerprint}. Start with the installation's own key. If it is lost, run `portcullis replace-key` to \
             switch to the configured one."
        ),
    ))
}

/// Whether there is an account.
pub async fn is_done(app: &App) -> Result<bool, Failure> {
    let mut tx = app.db.read().await?;
    Ok(Accounts(&mut tx).count().await? > 0)
}

/// A new one-time setup link as long as there is no account, else `None`. An earlier one stops working.
pub async fn link(app: &App) -> Result<Option<String>, Failure> {
    let mut tx = app.upkeep("a setup link is made").await?;
    key_check::hold(app, &mut tx).await?;
    if Accounts(&mut tx).count().await? > 0 {
        return Ok(None);
    }
    let now = app.clock.now();
    let link = Link {
        id: app.new_id::<LinkId>(),
        purpose: LinkPurpose::Setup,
        account_id: None,
        identity_id: None,
        user_id: None,
        expires_at: now.plus(SETUP_LINK_LIFETIME),
        by_admin: false,
        ended_as: None,
    };
    let token = app.link_token(link.id);
    let mut links = Links(&mut tx);
    links.end_of_purpose(LinkPurpose::Setup, now).await?;
    links.insert(&[NewLink { link, token_hash: token.hash() }], now).await?;
    tx.commit().await?;
    Ok(Some(app.link_address(LinkPurpose::Setup, &token)))
}

/// Makes the first account and its first admin, who is signed in. The link is used up.
///
/// # Errors
/// 404 for a link that does not work; 422 for a password or name outside the rules.
pub async fn set_up(
    app: &App,
    token: &Token,
    first: FirstAdmin,
    origin: Origin,
    browser: &Browser,
) -> Result<SignedIn, Failure> {
    let settings = AccountSettings::default();
    let password = new_password::check(settings.passwords, &first.password, &first.email, "/password")?;
    find_link(app, token).await?;
    let hash = app.passwords.hash(password, new_password::salt(app)).await?;

    let mut tx = app.upkeep("the first account is made").await?;
    let now = app.clock.now();
    key_check::hold_alone(app, &mut tx).await?;
    let link = open_link(&mut tx, token, now).await?;
    if !Links(&mut tx).end(link.id, now).await? {
        return Err(DeadLink.into());
    }
    let slug = first.slug.unwrap_or_else(|| Slug::from_name(first.account_name.as_str()));
    let account = new_account(app, first.account_name.to_string(), slug, AccountKind::Customer, settings);
    insert_account(app, &mut tx, &account).await.on_duplicate(|| SlugTaken(account.slug.clone()))?;

    let caller = Caller::system(account.id, origin);
    let mut change = Change::over(app, &caller, account.clone(), tx);
    let (identity, user) = first_admin(&change, first.email, first.name, first.locale);
    Identities(change.tx()).insert(std::slice::from_ref(&identity)).await.on_duplicate(|| DeadLink)?;
    Identities(change.tx()).set_password(identity.id, &hash, now).await?;
    add_founder(&mut change, &user).await?;
    let signed_in = sign_in::open_session(&mut change, &identity, browser, Assurance::Password).await?;
    entering::enter(&mut change, &user, &signed_in.session).await?;
    let targets = vec![
        account_target(&account, Value::Null, json!({"name": account.name})),
        user_target(&user, Value::Null, json!({"role_id": user.role_id})),
    ];
    change.commit(Entry::new(Action::AccountCreated, targets).by(user_actor(&user)), Touches::Account).await?;
    Ok(signed_in)
}

/// Whether a setup link works, without using it.
///
/// # Errors
/// 404 when it does not.
pub async fn find_link(app: &App, token: &Token) -> Result<Link, Failure> {
    let mut tx = app.db.read().await?;
    open_link(&mut tx, token, app.clock.now()).await
}

async fn open_link(tx: &mut Tx, token: &Token, now: Timestamp) -> Result<Link, Failure> {
    let link = Links(tx).find_by_token(&token.hash()).await?.ok_or(DeadLink)?;
    link.check(LinkPurpose::Setup, now)?;
    Ok(link)
}

/// Stores a new account. With the first one the installation is set up, however it was made: whoever reads the lines that the
/// server printed at its start is not to make one beside it.
///
/// The seal over all accounts is written anew, unless it was wrong: then someone without the key removed one or added one, and a
/// good seal would hide that.
pub async fn insert_account(app: &App, tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    Installation(tx).hold_alone().await?;
    let known = Accounts(tx).ids().await?;
    let seal = Installation(tx).accounts_seal().await?;
    Accounts(tx).insert(account).await?;
    if seal.is_some_and(|seal| app.key.has_sealed_accounts(&known, &seal)) {
        let accounts = Accounts(tx).ids().await?;
        Installation(tx).set_accounts_seal(&app.key.seal_accounts(&accounts)).await?;
    } else {
        tracing::error!("Someone without the secret key removed or added an account. Run `portcullis events verify`.");
    }
    Links(tx).end_of_purpose(LinkPurpose::Setup, account.created_at).await?;
    Ok(())
}

/// A new account with nothing in it.
pub fn new_account(app: &App, name: String, slug: Slug, kind: AccountKind, settings: AccountSettings) -> Account {
    let id = app.new_id();
    Account {
        id,
        slug,
        name,
        kind,
        settings,
        settings_version: 1,
        version: 1,
        event_count: 0,
        event_head: String::new(),
        event_seal: app.key.seal(id, 0, ""),
        created_at: app.clock.now(),
    }
}

fn first_admin(change: &Change<'_>, email: EmailAddress, name: PersonName, locale: Option<Locale>) -> (Identity, User) {
    let now = change.now();
    let known = change.new_identity(email);
    let identity = Identity {
        locale: locale.map_or_else(|| known.locale.clone(), |locale| locale.to_string()),
        name: Some(name),
        email_verified_at: Some(now),
        ..known
    };
    let user =
        User { status: UserStatus::Active, activated_at: Some(now), ..change.new_user(&identity, RoleId::admin()) };
    (identity, user)
}

/// Stores the one with whom an account begins: they have every system.
pub async fn add_founder(change: &mut Change<'_>, user: &User) -> Result<(), Failure> {
    Users::of(change).insert(std::slice::from_ref(user)).await?;
    let everything = change.new_grant(user.id, GrantedSystem::All);
    SystemGrants::of(change).insert(&[everything]).await?;
    change.count_in(user);
    Ok(())
}
