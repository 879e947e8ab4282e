//! A bulk action planned as a whole: every row judged, then what happens to those who change.

use std::sync::Arc;

use domain::access::role::Role;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, Refusal};
use domain::core::ids::UserId;

use crate::bulk;
use crate::bulk::action::{BulkAction, Undo};
use crate::bulk::effect::{self, Effect};
use crate::bulk::judged::Judged;
use crate::bulk::rows::{Row, RowResult, Rows, UnknownRow};
use crate::core::change::Change;
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::roles;
use crate::users::impact::Impact;
use crate::users::systems::check_systems;

/// The result of a bulk action, or its preview.
#[derive(Debug, Clone)]
pub struct Report {
    /// Every row with its result, of those whom the caller may know of.
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

/// What a bulk action comes to.
pub enum Planned {
    /// A row is refused, so nothing happens.
    Refused(Rows, Refusal),
    /// It can be carried out.
    Applies(Box<Plan>),
}

/// A bulk action that no rule refuses.
pub struct Plan {
    event: Action,
    undo: Vec<Undo>,
    rows: Rows,
    effect: Effect,
}

/// Plans a bulk action, for a preview, for a request and for a job: judges every row and, when none is refused or those are to be left
/// out, says what happens to the others. What was `judged` before is not judged again where it holds.
pub async fn plan(
    draft: &mut Draft<'_>,
    action: &BulkAction,
    ids: &[UserId],
    pointer: &str,
    judged: Option<Judged>,
) -> Result<Planned, Failure> {
    let role = check_action(draft, action).await?;
    let rows = bulk::judged::rows(draft, action, role.as_deref(), ids, judged).await?;
    if let Some(refusal) = rows.refusal(action, pointer) {
        return Ok(Planned::Refused(rows, refusal));
    }
    let effect = effect::plan(draft, action, role, &rows).await?;
    let undo = effect::undo(action, &rows);
    Ok(Planned::Applies(Box::new(Plan { event: action.event(), undo, rows, effect })))
}

impl Plan {
    /// Writes what was planned, in few statements however many users there are. Committing it with the entry is left to do.
    pub async fn write(&self, change: &mut Change<'_>) -> Result<Entry, Failure> {
        Ok(Entry::new(self.event, self.effect.write(change).await?))
    }

    /// How many rows change, and how many are as they should be already.
    pub fn counts(&self) -> (usize, usize) {
        let (changed, unchanged, _) = counts(&self.rows.rows);
        (changed, unchanged)
    }

    /// The bulk actions that take it back.
    pub fn undo(&self) -> &[Undo] {
        &self.undo
    }
}

impl From<Plan> for Report {
    fn from(plan: Plan) -> Self {
        let Rows { rows, unknown, .. } = plan.rows;
        Self { rows, unknown, refusal: None, impact: plan.effect.into_impact(), undo: plan.undo }
    }
}

impl From<Planned> for Report {
    /// What a preview shows: also row by row what stands in the way.
    fn from(planned: Planned) -> Self {
        match planned {
            Planned::Applies(plan) => Self::from(*plan),
            Planned::Refused(Rows { rows, unknown, .. }, refusal) => {
                Self { rows, unknown, refusal: Some(refusal), impact: Impact::default(), undo: Vec::new() }
            }
        }
    }
}

/// The role or the systems that the action names must exist and be the caller's to give.
pub async fn check_action(draft: &mut Draft<'_>, action: &BulkAction) -> Result<Option<Arc<Role>>, Failure> {
    action.check_may(draft.caller())?;
    match action {
        BulkAction::SetRole { role_id } => {
            let role = roles::named(draft.app(), draft, role_id, "/role_id").await?;
            roles::check_may_give(draft.caller(), &role)?;
            Ok(Some(Arc::new(role)))
        }
        BulkAction::AddSystems { systems } | BulkAction::RemoveSystems { systems } => {
            check_systems(draft, systems, "/systems").await.map(|()| None)
        }
        BulkAction::Disable
        | BulkAction::Enable
        | BulkAction::Delete
        | BulkAction::Restore
        | BulkAction::Resend { .. } => Ok(None),
    }
}

/// How many rows have which result: changed, unchanged, refused.
pub fn counts(rows: &[Row]) -> (usize, usize, usize) {
    let count = |is: fn(&RowResult) -> bool| rows.iter().filter(|row| is(&row.result)).count();
    (
        count(|result| matches!(result, RowResult::Changes)),
        count(|result| matches!(result, RowResult::Unchanged)),
        count(|result| matches!(result, RowResult::Refused(_))),
    )
}
