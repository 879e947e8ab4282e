//! Accounts as the operator makes and lists them.

use std::iter;

use domain::access::role::RoleId;
use domain::accounts::settings::AccountSettings;
use domain::accounts::{Account, AccountKind};
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, refuse};
use domain::core::label::Label;
use domain::core::person_name::PersonName;
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use domain::invitations::address_list::PastedAddress;
use domain::users::UserStatus;
use serde_json::{Value, json};
use store::accounts::{Accounts, KeptCounts};
use store::{InAccount, OnDuplicate};

use crate::accounts::account_target;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches};
use crate::core::entry::Entry;
use crate::core::key_check;
use crate::installation::setup;
use crate::invitations::{self, GivenSystems, InviteInput};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The account's name.
    pub name: Label,
    /// The URL name. Derived from the name if absent.
    pub slug: Option<Slug>,
    /// Customer or partner.
    pub kind: AccountKind,
    /// Its first admin, who is invited.
    pub admin: EmailAddress,
    /// The user's name.
    pub admin_name: Option<PersonName>,
}

/// An account with the number of its users that are not deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// Its users.
    pub users: i64,
}

/// Makes an account and invites its first admin, who gets a mail: all of it, or nothing.
///
/// # Errors
/// 409 when the slug is taken, or the address cannot be invited.
pub async fn create(app: &App, new: NewAccount) -> Result<Account, Failure> {
    let slug = new.slug.unwrap_or_else(|| Slug::from_name(new.name.as_str()));
    let account = setup::new_account(app, new.name.to_string(), slug, new.kind, AccountSettings::default());
    let mut tx = app.upkeep("the operator makes an account").await?;
    key_check::hold_alone(app, &mut tx).await?;
    setup::insert_account(app, &mut tx, &account).await.on_duplicate(|| {
        refuse(
            Kind::Conflict,
            "slug_taken",
            format!("The account {} already exists. Choose a different --slug.", account.slug),
        )
    })?;
    let caller = Caller::operator(account.id);
    let mut change = Change::over(app, &caller, account.clone(), tx);
    let wish = InviteInput {
        people: vec![PastedAddress { text: new.admin.to_string(), name: None, address: Ok(new.admin) }],
        name: new.admin_name,
        role_id: RoleId::admin(),
        systems: GivenSystems::All,
        note: None,
        skip_invalid: false,
    };
    let people = invitations::invite_in(&mut change, &wish).await?;
    let after = json!({ "name": account.name, "slug": account.slug, "kind": account.kind });
    let targets = iter::once(account_target(&account, Value::Null, after)).chain(people).collect();
    change.commit(Entry::new(Action::AccountCreated, targets), Touches::Account).await?;
    Ok(account)
}

/// All accounts, by slug.
pub async fn list(app: &App) -> Result<Vec<AccountRow>, Failure> {
    let mut tx = app.db.read().await?;
    let mut rows = Vec::new();
    for account in Accounts(&mut tx).list().await? {
        let counts = KeptCounts::of(&mut InAccount { tx: &mut tx, account: account.id }).all().await?;
        let users = counts.iter().filter(|count| count.status != UserStatus::Deleted).map(|count| count.users).sum();
        rows.push(AccountRow { account, users });
    }
    Ok(rows)
}
