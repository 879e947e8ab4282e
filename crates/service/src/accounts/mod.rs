//! Accounts: their name, address and own rules.

pub mod effects;
pub mod logo;

use domain::access::{Level, Need, Permission};
use domain::accounts::seats::Seats;
use domain::accounts::settings::{AccountSettings, AccountSettingsPatch};
use domain::accounts::{Account, SlugTaken};
use domain::activity::EventTarget;
use domain::activity::actions::{Action, TargetKind};
use domain::core::failure::{Failure, NoSuch, refuse_parts};
use domain::core::label::Label;
use domain::core::refusal::{FieldError, Kind};
use domain::core::slug::Slug;
use domain::core::tag::tag;
use serde_json::{Value, json};
use store::accounts::{Accounts, KeptCounts};
use store::{OnDuplicate, Tenant};

use crate::accounts::effects::{Effect, effects_of};
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Touches;
use crate::core::entry::{Entry, difference};

/// See the settings of the account.
pub const GET: Need = Need::account(Permission::SECURITY, Level::View);
/// Change name, address and settings of the account.
pub const CHANGE: Need = Need::account(Permission::SECURITY, Level::Edit);

/// The account with its settings and the seats as they are taken.
pub async fn get(app: &App, caller: &Caller) -> Result<(Account, Seats), Failure> {
    let mut view = app.view(caller, GET).await?;
    let id = view.account();
    let seats = KeptCounts::of(&mut view).seats().await?;
    let account = Accounts(view.tx()).find(id).await?.ok_or(NoSuch("account"))?;
    Ok((account, seats))
}

/// What to change about an account; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct AccountPatch {
    /// The new name.
    pub name: Option<Label>,
    /// The new name in addresses.
    pub slug: Option<Slug>,
    /// The new settings.
    pub settings: AccountSettingsPatch,
}

impl AccountPatch {
    fn applied_to(self, before: &Account) -> Result<Account, Failure> {
        let settings = patched(&before.settings, &self.settings)?;
        Ok(Account {
            name: self.name.map_or_else(|| before.name.clone(), String::from),
            slug: self.slug.unwrap_or_else(|| before.slug.clone()),
            settings,
            ..before.clone()
        })
    }
}

/// An account after a change (or a preview of one), its seats, and whom the change touches.
#[derive(Debug, Clone)]
pub struct ChangedAccount {
    /// The account as it is now, or would be.
    pub account: Account,
    /// Its seats.
    pub seats: Seats,
    /// Whom it touches, and how.
    pub effects: Vec<Effect>,
}

/// Changes name, address or settings. Where everything is as it was already, nothing is written.
///
/// # Errors
/// 422 naming a setting that doesn't exist or that has the wrong type, and every one outside its range; 409 for an address that another account has; 412 for a stale `If-Match`.
pub async fn change(app: &App, caller: &Caller, patch: AccountPatch) -> Result<ChangedAccount, Failure> {
    let mut draft = app.draft(caller, CHANGE).await?;
    let before = draft.account().clone();
    caller.check_tag(&tag(before.id, before.settings_version))?;
    let after = patch.applied_to(&before)?;
    let taken = || SlugTaken(after.slug.clone());
    if before.slug != after.slug && Accounts(draft.tx()).find_by_slug(&after.slug).await?.is_some() {
        return Err(taken().into());
    }
    let seats = KeptCounts::of(&mut draft).seats().await?;
    let (was, is) = difference(&shown(&before), &shown(&after));
    if was == is {
        return Ok(ChangedAccount { account: after, seats, effects: Vec::new() });
    }
    let effects = effects_of(&mut draft, &before, &after, seats).await?;
    // The ETag of a preview is that of what is still stored.
    let version = after.settings_version + i64::from(!caller.dry_run);
    let answer = ChangedAccount { account: Account { settings_version: version, ..after.clone() }, seats, effects };
    let Some(mut change) = draft.into_change() else { return Ok(answer) };
    // Another account may take the name at this moment.
    Accounts(change.tx()).update(after.id, &after.name, &after.slug, &after.settings).await.on_duplicate(taken)?;
    if before.slug != after.slug {
        change.touch_slugs();
    }
    change.commit(Entry::new(Action::AccountChanged, vec![account_target(&after, was, is)]), Touches::Account).await?;
    Ok(answer)
}

/// The settings after the change, or what of it cannot be.
fn patched(before: &AccountSettings, patch: &AccountSettingsPatch) -> Result<AccountSettings, Failure> {
    let after = patch.applied_to(before).map_err(|error| refused(vec![error]))?;
    let errors = after.check();
    if errors.is_empty() { Ok(after) } else { Err(refused(errors)) }
}

fn refused(errors: Vec<FieldError>) -> Failure {
    let detail = "Some settings aren't valid, so nothing was changed. `errors` has the reason for each.";
    let errors = errors.into_iter().map(|error| error.below("/settings")).collect();
    refuse_parts(Kind::Invalid, "invalid_settings", detail, errors)
}

fn shown(account: &Account) -> Value {
    json!({ "name": account.name, "slug": account.slug, "settings": account.settings })
}

/// An account as a target of an entry.
pub fn account_target(account: &Account, before: Value, after: Value) -> EventTarget {
    Entry::target(TargetKind::Account, &account.id, &account.name, before, after)
}
