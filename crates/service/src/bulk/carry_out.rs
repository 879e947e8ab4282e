//! A bulk action carried out in one change: every row judged, then all of them written in few statements.

use std::sync::Arc;

use domain::access::role::Role;
use domain::core::failure::{Failure, Refusal};
use domain::core::ids::UserId;
use domain::users::User;

use crate::bulk;
use crate::bulk::action::{BulkAction, Undo};
use crate::bulk::judged::Judged;
use crate::bulk::verdicts::{Row, Rows, UnknownRow, Verdict};
use crate::core::change::Change;
use crate::core::entry::Entry;
use crate::core::roles;
use crate::users::impact::Impact;
use crate::users::systems::check_systems;

/// The result of a bulk action, or its preview.
#[derive(Debug, Clone)]
pub struct Report {
    /// Every row with its verdict, of those whom the caller may know of.
    pub rows: Vec<Row>,
    /// The others; only in a preview.
    pub unknown: Vec<UnknownRow>,
    /// Why nothing would change; only in a preview.
    pub refusal: Option<Refusal>,
    /// The impact on users.
    pub impact: Impact,
    /// How to take it back; several where people were different before.
    pub undo: Vec<Undo>,
}

/// What an attempt to carry out came to.
pub enum Outcome {
    /// A row is refused, so nothing happened.
    Refused(Rows, Refusal),
    /// Everything is written; committing it is left to do.
    Applied(Box<Report>, Entry),
}

/// The bulk action itself, for a request and for a job: judges every row and, when none is refused or those are to be left out,
/// changes them all in few statements. What was `judged` before is not judged again where it holds. Commits nothing.
pub async fn carry_out(
    change: &mut Change<'_>,
    action: &BulkAction,
    ids: &[UserId],
    pointer: &str,
    judged: Option<Judged>,
) -> Result<Outcome, Failure> {
    let role = check_action(change, action).await?;
    let rows = bulk::judged::rows(change, action, role.as_deref(), ids, judged).await?;
    if let Some(refusal) = rows.refusal(action, pointer) {
        return Ok(Outcome::Refused(rows, refusal));
    }
    let users: Vec<User> = rows.changing().into_iter().map(|target| target.user.clone()).collect();
    let applied = bulk::apply::apply(change, action, role, &rows, &users).await?;
    let undo = bulk::apply::undo(action, &rows);
    let report = Report { rows: rows.rows, unknown: rows.unknown, refusal: None, impact: applied.impact, undo };
    Ok(Outcome::Applied(Box::new(report), Entry::new(action.event(), applied.targets)))
}

/// The role or the systems that the action names must exist and be the caller's to give.
pub async fn check_action(change: &mut Change<'_>, action: &BulkAction) -> Result<Option<Arc<Role>>, Failure> {
    action.check_may(change.caller())?;
    match action {
        BulkAction::SetRole { role_id } => {
            let role = roles::named(change.app(), change, role_id, "/role_id").await?;
            roles::check_may_give(change.caller(), &role)?;
            Ok(Some(Arc::new(role)))
        }
        BulkAction::AddSystems { systems } | BulkAction::RemoveSystems { systems } => {
            check_systems(change, systems, "/systems").await.map(|()| None)
        }
        BulkAction::Disable
        | BulkAction::Enable
        | BulkAction::Delete
        | BulkAction::Restore
        | BulkAction::Resend { .. } => Ok(None),
    }
}

/// How many rows have which verdict: changed, unchanged, refused.
pub fn counts(rows: &[Row]) -> (usize, usize, usize) {
    let count = |is: fn(&Verdict) -> bool| rows.iter().filter(|row| is(&row.verdict)).count();
    (
        count(|verdict| matches!(verdict, Verdict::Changes)),
        count(|verdict| matches!(verdict, Verdict::Unchanged)),
        count(|verdict| matches!(verdict, Verdict::Refused(_))),
    )
}
