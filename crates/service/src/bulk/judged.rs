//! Rows that were judged before the account was held. SQLite has one writer, so everyone who writes waits while it is; judging is reading.
//!
//! Under the lock the results are what they were where no one changed the account since, which its version tells: it counts every change. Two
//! things are not the account's alone, or not a row's: room for mails, which is always judged under the lock, and who is the last admin,
//! which is asked there once more of all rows together.

use domain::access::role::Role;
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::UserId;
use store::Tenant;
use store::accounts::Accounts;

use crate::bulk::action::BulkAction;
use crate::bulk::rows::{self, Rows};
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::draft::Draft;
use crate::core::roles;
use crate::core::view::View;
use crate::users;

/// Rows with their results, and the version of the account before the first of them was judged.
#[derive(Debug, Clone)]
pub struct Judged {
    version: i64,
    rows: Rows,
}

impl Judged {
    /// No rows yet. Whatever is read of the account behind this is what it is under the lock, where no one changed it.
    pub async fn none(view: &mut View) -> Result<Self, Failure> {
        let (tx, account) = view.bound();
        let account = Accounts(tx).find(account).await?.ok_or(NoSuch("account"))?;
        Ok(Self { version: account.version, rows: Rows::default() })
    }

    /// Judges the rows behind those that there are, and gives them to be added.
    pub async fn next(
        &self,
        app: &App,
        view: &mut View,
        caller: &Caller,
        action: &BulkAction,
        ids: &[UserId],
    ) -> Result<Rows, Failure> {
        let role = match action {
            BulkAction::SetRole { role_id } => roles::find(app, view, role_id).await?,
            BulkAction::Disable
            | BulkAction::Enable
            | BulkAction::Delete
            | BulkAction::Restore
            | BulkAction::Resend { .. }
            | BulkAction::AddSystems { .. }
            | BulkAction::RemoveSystems { .. } => None,
        };
        rows::judge(app, view, caller, action, role.as_ref(), ids, self.rows.len()).await
    }

    /// Adds rows.
    pub fn add(&mut self, rows: Rows) {
        self.rows.append(rows);
    }

    /// Whether the account is unchanged since then.
    pub(crate) fn is_current(&self, draft: &Draft<'_>) -> bool {
        // Holding the account has counted it up.
        self.version + 1 == draft.account().version
    }

    /// The rows, where they would be judged alike now.
    async fn hold(
        self,
        draft: &mut Draft<'_>,
        action: &BulkAction,
        role: Option<&Role>,
    ) -> Result<Option<Rows>, Failure> {
        if matches!(action, BulkAction::Resend { .. }) || !self.is_current(draft) {
            return Ok(None);
        }
        let losing = self.rows.losing_admin(action, role);
        let last = users::last_admin::last_among(draft.app(), draft, &losing).await?;
        Ok(last.is_empty().then_some(self.rows))
    }
}

/// The result of every row under the lock: as it was judged before, where it holds, and else anew.
pub(crate) async fn rows(
    draft: &mut Draft<'_>,
    action: &BulkAction,
    role: Option<&Role>,
    ids: &[UserId],
    judged: Option<Judged>,
) -> Result<Rows, Failure> {
    if let Some(judged) = judged
        && let Some(rows) = judged.hold(draft, action, role).await?
    {
        return Ok(rows);
    }
    let (app, caller) = (draft.app(), draft.caller());
    rows::judge(app, draft, caller, action, role, ids, 0).await
}
