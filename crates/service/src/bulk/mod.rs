//! The same change to many users: all of them or none, with a result per row (P7, U-28 to U-31).

pub mod action;
pub(crate) mod effect;
pub mod job;
pub mod judged;
pub mod plan;
pub mod rows;

use std::collections::BTreeSet;

use domain::core::failure::{Failure, refuse, refuse_field, refuse_parts};
use domain::core::ids::UserId;
use domain::core::refusal::{FieldError, Kind, Params};
use domain::jobs::Job;
use domain::users::filter::UserFilter;
use store::Tenant;
use store::users::list::UserList;

use crate::bulk::action::{BulkAction, NEED};
use crate::bulk::judged::Judged;
use crate::bulk::plan::{Planned, Report, check_action};
use crate::bulk::rows::MOST_ERRORS;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Touches, only_previewed};
use crate::core::draft::Draft;
use crate::{bulk, jobs, users};

/// More rows than this become a job.
pub const AT_ONCE: usize = 1_000;
/// The most users in one call, named or meant by a filter: whatever was done in one call can be taken back in one.
pub const MOST_ROWS: usize = 100_000;

/// Selection it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These.
    Ids(Vec<UserId>),
    /// Everyone whom the list shows with this filter.
    Filter(UserFilter),
}

/// The answer to a bulk action.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It is done, or was previewed.
    Done(Box<Report>),
    /// It is too much to wait for.
    Queued(Box<Job>),
}

/// Applies one action to many users, immediately or as a job.
///
/// # Errors
/// 404 if any id is unknown or not visible to the caller; 409 or 403 with one entry per refused row; 413 for too many;
/// 422 for a role or system that does not exist; 429 where too many jobs wait. Whatever it is, nothing was changed.
pub async fn run(app: &App, caller: &Caller, action: BulkAction, whom: Selection) -> Result<Answer, Failure> {
    action.check_may(caller)?;
    if let Selection::Ids(ids) = &whom {
        check_named(ids)?;
    }
    let pointer = match &whom {
        Selection::Ids(_) => "/ids",
        Selection::Filter(_) => "/rows",
    };
    let ahead = look_ahead(app, caller, &action, &whom).await?;
    let mut draft = app.draft(caller, NEED).await?;
    let (ids, judged) = match (whom, ahead) {
        (_, Some((ids, judged))) if judged.is_current(&draft) => (ids, Some(judged)),
        (Selection::Ids(ids), _) => (ids, None),
        (Selection::Filter(filter), _) => (meant(app, &mut draft, caller, &filter).await?, None),
    };
    if ids.len() > AT_ONCE && !caller.dry_run {
        return queue(draft, action, ids, pointer, judged).await;
    }
    let planned = plan::plan(&mut draft, &action, &ids, pointer, judged).await?;
    let Some(mut change) = draft.into_change() else { return Ok(Answer::Done(Box::new(planned.into()))) };
    match planned {
        Planned::Refused(_, refusal) => Err(Failure::Refused(Box::new(refusal))),
        Planned::Applies(plan) => {
            let entry = plan.write(&mut change).await?;
            change.commit(entry, Touches::Account).await?;
            Ok(Answer::Done(Box::new((*plan).into())))
        }
    }
}

/// Queues it, where no row is refused.
async fn queue(
    mut draft: Draft<'_>,
    action: BulkAction,
    ids: Vec<UserId>,
    pointer: &str,
    judged: Option<Judged>,
) -> Result<Answer, Failure> {
    jobs::check_room(&mut draft).await?;
    let role = check_action(&mut draft, &action).await?;
    let rows = bulk::judged::rows(&mut draft, &action, role.as_deref(), &ids, judged).await?;
    if let Some(refusal) = rows.refusal(&action, pointer) {
        return Err(Failure::Refused(Box::new(refusal)));
    }
    let change = draft.into_change().ok_or_else(only_previewed)?;
    Ok(Answer::Queued(Box::new(bulk::job::queue(change, action, ids).await?)))
}

/// Evaluates a future background job before locking the account, so that it can be refused early. `None` if it runs immediately, or if
/// the early check fails or takes too long: the check under the lock then reports why.
async fn look_ahead(
    app: &App,
    caller: &Caller,
    action: &BulkAction,
    whom: &Selection,
) -> Result<Option<(Vec<UserId>, Judged)>, Failure> {
    let is_small = matches!(whom, Selection::Ids(ids) if ids.len() <= AT_ONCE);
    if caller.dry_run || is_small {
        return Ok(None);
    }
    let looked = async {
        let mut view = app.view(caller, NEED).await?;
        let mut judged = Judged::none(&mut view).await?;
        let ids = match whom {
            Selection::Ids(ids) => ids.clone(),
            Selection::Filter(filter) => meant(app, &mut view, caller, filter).await?,
        };
        let rows = judged.next(app, &mut view, caller, action, &ids).await?;
        judged.add(rows);
        Ok((ids, judged))
    };
    match looked.await {
        Ok(looked) => Ok(Some(looked)),
        Err(Failure::Refused(_) | Failure::TooSlow(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The users whom a filter means, as many as the list shows the caller.
///
/// # Errors
/// 413 for more than [`MOST_ROWS`]; 422 for an empty selection.
async fn meant(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    filter: &UserFilter,
) -> Result<Vec<UserId>, Failure> {
    const PIECE: i64 = 5_000;
    let mut ids: Vec<UserId> = Vec::new();
    if let Some(selection) = users::list::selection(app, tenant, caller, filter).await? {
        loop {
            let piece = UserList::of(tenant).after(&selection, ids.last().copied(), PIECE).await?;
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
    refuse_field(pointer, "empty_selection", "No users are selected. Select at least one.")
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
            code: "duplicate_id".to_owned(),
            detail: format!("The id {id} is already in the list."),
            params: Params::new(),
        })
        .collect();
    if doubled.is_empty() {
        return Ok(());
    }
    Err(refuse_parts(Kind::Invalid, "duplicate_id", "The list contains an id twice. List each user once.", doubled))
}

fn too_many(found: usize) -> Failure {
    let detail = format!(
        "{found} or more users are selected, but one request can change at most {MOST_ROWS}. Send \
     several requests."
    );
    refuse(Kind::TooLarge, "selection_too_large", detail)
}
