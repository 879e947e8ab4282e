//! The same change to many users: all of them or none, with a verdict per row (decision 7, U-28 to U-31).

pub(crate) mod apply;
pub mod verdicts;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::Need;
use domain::access::role::{Role, RoleId};
use domain::core::failure::{Failure, Refusal, refuse, refuse_field, refuse_parts};
use domain::core::ids::{SystemId, UserId};
use domain::core::refusal::{FieldError, Kind, Params};
use domain::jobs::Job;
use domain::users::filter::UserFilter;
use domain::users::{User, UserAct};
use store::Tenant;

use crate::bulk::verdicts::{MOST_ERRORS, Row, Rows, UnknownRow, Verdict};
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Change;
use crate::core::entry::Entry;
use crate::core::roles;
use crate::users::impact::Impact;
use crate::users::rules::EDIT;
use crate::users::status::Move;
use crate::users::{self, check_systems};
use crate::{bulk, jobs};

/// Change many users; who may only assign systems adds and removes own systems.
pub const NEED: Need = users::rules::EDIT;
/// More rows than this become a job.
pub const AT_ONCE: usize = 1_000;
/// The most users in one call, named or meant by a filter: whatever was done in one call can be taken back in one.
pub const MOST_ROWS: usize = 100_000;

/// What to do to all of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum BulkAction {
    /// End the access, keep the rest.
    Disable,
    /// Give it back.
    Enable,
    /// Delete, restorable for 30 days.
    Delete,
    /// Undo a deletion.
    Restore,
    /// Send the activation mail again.
    Resend {
        /// To those to whom it can be sent, and leave the others, instead of all or nothing.
        #[serde(default)]
        skip_refused: bool,
    },
    /// Give a role.
    SetRole {
        /// Which.
        role_id: RoleId,
    },
    /// Assign systems.
    AddSystems {
        /// Which.
        systems: Vec<SystemId>,
    },
    /// Take systems away.
    RemoveSystems {
        /// Which.
        systems: Vec<SystemId>,
    },
}

impl BulkAction {
    /// The act that the rules judge.
    pub const fn act(&self) -> UserAct {
        match self {
            Self::Disable => UserAct::Disable,
            Self::Enable => UserAct::Enable,
            Self::Delete => UserAct::Delete,
            Self::Restore => UserAct::Restore,
            Self::Resend { .. } => UserAct::Resend,
            Self::SetRole { .. } | Self::AddSystems { .. } | Self::RemoveSystems { .. } => UserAct::Edit,
        }
    }

    /// The move between statuses that it is, if it is one.
    pub const fn step(&self) -> Option<Move> {
        match self {
            Self::Disable => Some(Move::Disable),
            Self::Enable => Some(Move::Enable),
            Self::Delete => Some(Move::Delete),
            Self::Restore => Some(Move::Restore),
            Self::Resend { .. } | Self::SetRole { .. } | Self::AddSystems { .. } | Self::RemoveSystems { .. } => None,
        }
    }

    /// Whether it adds or removes systems.
    pub const fn is_about_systems(&self) -> bool {
        matches!(self, Self::AddSystems { .. } | Self::RemoveSystems { .. })
    }

    /// Whether rows that are refused are left out instead of refusing the whole.
    pub const fn skips_refused(&self) -> bool {
        matches!(self, Self::Resend { skip_refused: true })
    }

    fn check_may(&self, caller: &Caller) -> Result<(), Failure> {
        if self.is_about_systems() { caller.check(EDIT) } else { users::rules::check_manages(caller) }
    }

    const fn event(&self) -> &'static str {
        match self {
            Self::Disable => Move::Disable.event(),
            Self::Enable => Move::Enable.event(),
            Self::Delete => Move::Delete.event(),
            Self::Restore => Move::Restore.event(),
            Self::Resend { .. } => "invitation.resent",
            Self::SetRole { .. } | Self::AddSystems { .. } | Self::RemoveSystems { .. } => "user.changed",
        }
    }
}

/// Whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// These.
    Ids(Vec<UserId>),
    /// Everybody whom the list shows with this filter.
    Filter(UserFilter),
}

/// A bulk action that takes back what one did: it can be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Undo {
    /// What to do.
    #[serde(flatten)]
    pub action: BulkAction,
    /// To whom.
    pub ids: Vec<UserId>,
}

/// What came of a bulk action, or would.
#[derive(Debug, Clone)]
pub struct Report {
    /// Every row with its verdict, of those whom the caller may know of.
    pub rows: Vec<Row>,
    /// The others; only in a preview.
    pub unknown: Vec<UnknownRow>,
    /// Why nothing would change; only in a preview.
    pub refusal: Option<Refusal>,
    /// What it does to people.
    pub impact: Impact,
    /// How to take it back; several where people were different before.
    pub undo: Vec<Undo>,
}

/// The answer to a bulk action.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It is done, or was previewed.
    Done(Box<Report>),
    /// It is too much to wait for.
    Queued(Box<Job>),
}

/// Does the same to many users, at once or as a job.
///
/// # Errors
/// 404 when one of the ids is nobody whom the caller may know of; 409 or 403 with one entry per refused row; 413 for too many;
/// 422 for a role or system that does not exist. Whatever it is, nothing was changed.
pub async fn run(app: &App, caller: &Caller, action: BulkAction, whom: Whom) -> Result<Answer, Failure> {
    action.check_may(caller)?;
    if let Whom::Ids(ids) = &whom {
        check_named(ids)?;
    }
    let mut change = app.change(caller, NEED).await?;
    let (ids, pointer) = match whom {
        Whom::Ids(ids) => (ids, "/ids"),
        Whom::Filter(filter) => (meant(&mut change, &filter).await?, "/rows"),
    };
    if ids.len() > AT_ONCE && !caller.dry_run {
        let role = check_action(&mut change, &action).await?;
        let rows = bulk::verdicts::judge(app, &mut change, caller, &action, role.as_deref(), &ids, 0).await?;
        if let Some(refusal) = rows.refusal(&action, pointer) {
            return Err(Failure::Refused(Box::new(refusal)));
        }
        return Ok(Answer::Queued(Box::new(jobs::queue_bulk(change, action, ids).await?)));
    }
    match carry_out(&mut change, &action, &ids, pointer).await? {
        Outcome::Refused(_, refusal) if !caller.dry_run => Err(Failure::Refused(Box::new(refusal))),
        // A preview shows row by row what stands in the way.
        Outcome::Refused(rows, refusal) => Ok(Answer::Done(Box::new(Report {
            rows: rows.rows,
            unknown: rows.unknown,
            refusal: Some(refusal),
            impact: Impact::default(),
            undo: Vec::new(),
        }))),
        Outcome::Applied(report, entry) => {
            change.commit(entry).await?;
            Ok(Answer::Done(report))
        }
    }
}

/// The users whom a filter means, as many as the list shows the caller.
///
/// # Errors
/// 413 for more than [`MOST_ROWS`]; 422 for nobody.
async fn meant(change: &mut Change<'_>, filter: &UserFilter) -> Result<Vec<UserId>, Failure> {
    const PIECE: i64 = 5_000;
    let (app, caller) = (change.app(), change.caller());
    let mut ids: Vec<UserId> = Vec::new();
    if let Some(selection) = users::list::selection(app, change, caller, filter).await? {
        loop {
            let piece = change.user_list().after(&selection, ids.last().copied(), PIECE).await?;
            if piece.is_empty() {
                break;
            }
            ids.extend(piece.into_iter().map(|user| user.id));
            if ids.len() > MOST_ROWS {
                return Err(too_many(ids.len()));
            }
        }
    }
    if ids.is_empty() { Err(nobody("/filter")) } else { Ok(ids) }
}

fn nobody(pointer: &str) -> Failure {
    refuse_field(pointer, "nobody", "this means nobody, so there is nothing to change; choose at least one user")
}

fn check_named(ids: &[UserId]) -> Result<(), Failure> {
    if ids.is_empty() {
        return Err(nobody("/ids"));
    }
    if ids.len() > MOST_ROWS {
        return Err(too_many(ids.len()));
    }
    let mut seen = BTreeSet::new();
    let doubled: Vec<FieldError> = ids
        .iter()
        .enumerate()
        .filter(|(_, id)| !seen.insert(**id))
        .take(MOST_ERRORS)
        .map(|(place, id)| FieldError {
            pointer: format!("/ids/{place}"),
            code: "doubled".to_owned(),
            detail: format!("{id} is in the list already"),
            params: Params::new(),
        })
        .collect();
    if doubled.is_empty() {
        return Ok(());
    }
    Err(refuse_parts(Kind::Invalid, "doubled", "the list names somebody twice; name everybody once", doubled))
}

fn too_many(found: usize) -> Failure {
    let detail = format!("{found} users or more are over the {MOST_ROWS} that one call may change; make several calls");
    refuse(Kind::TooLarge, "too_many_rows", detail)
}

/// What an attempt to carry out came to.
pub enum Outcome {
    /// A row is refused, so nothing happened.
    Refused(Rows, Refusal),
    /// Everything is written; committing it is left to do.
    Applied(Box<Report>, Entry),
}

/// The bulk action itself, for a request and for a job: judges every row and, when none is refused or those are to be left out,
/// changes them all in few statements. Commits nothing.
pub async fn carry_out(
    change: &mut Change<'_>,
    action: &BulkAction,
    ids: &[UserId],
    pointer: &str,
) -> Result<Outcome, Failure> {
    let role = check_action(change, action).await?;
    let (app, caller) = (change.app(), change.caller());
    let rows = bulk::verdicts::judge(app, change, caller, action, role.as_deref(), ids, 0).await?;
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
