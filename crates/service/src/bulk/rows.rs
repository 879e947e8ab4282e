//! The result of every row of a bulk action: the same rules as for a single user, asked for all of them together.

use std::collections::{HashMap, HashSet};

use domain::access::role::Role;
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, NoSuch, Refusal};
use domain::core::ids::{SystemId, UserId};
use domain::core::refusal::{FieldError, Kind, Params};
use domain::core::timestamp::Timestamp;
use domain::systems::HeldSystems;
use domain::users::{User, UserError};
use store::Tenant;
use store::systems::SystemGrants;

use crate::bulk::action::BulkAction;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::outbox::limits::Room;
use crate::users;
use crate::users::rules::Target;

/// The most refused rows that one answer names.
pub(crate) const MOST_ERRORS: usize = 1_000;

/// What an action does to one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowResult {
    /// They change.
    Changes,
    /// They are as they should be already.
    Unchanged,
    /// A rule refuses it.
    Refused(Box<Refusal>),
}

/// One row of a bulk action.
#[derive(Debug, Clone)]
pub struct Row {
    /// The user.
    pub target: Target,
    /// What happens, as a sentence.
    pub result: RowResult,
}

/// A row whose id is unknown or not visible to the caller; the two look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownRow {
    /// Its place in the whole list.
    pub place: usize,
    /// What it names.
    pub id: UserId,
}

impl UnknownRow {
    /// The code of its refusal.
    pub const CODE: &str = "not_found";

    /// Why it is refused.
    pub fn detail() -> String {
        NoSuch("user").to_string()
    }
}

/// The rows of a bulk action, in the order in which they were given.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The rows of those whom the caller may know of.
    pub rows: Vec<Row>,
    /// The others.
    pub unknown: Vec<UnknownRow>,
    /// The systems that each user has directly, where the action is about systems.
    pub direct: HashMap<UserId, HeldSystems>,
    /// The place of the first of them in the whole list, where this is a part of one.
    first: usize,
}

/// Judges every row, of which the first stands at the place `first` of the whole list, wherever it stands (T3).
pub async fn judge(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    action: &BulkAction,
    role: Option<&Role>,
    ids: &[UserId],
    first: usize,
) -> Result<Rows, Failure> {
    let now = app.clock.now();
    let found = users::rules::find_all(app, tenant, caller, ids).await?;
    let nobody = found.iter().zip(ids).enumerate().filter(|(_, (target, _))| target.is_none());
    let unknown = nobody.map(|(place, (_, id))| UnknownRow { place: first + place, id: *id }).collect();
    let targets: Vec<Target> = found.into_iter().flatten().collect();
    let losing = losing_admin(action, role, &targets);
    let last = users::last_admin::last_among(app, tenant, &losing).await?;
    let direct = match action.is_about_systems() {
        true => direct_systems(tenant, ids, now).await?,
        false => HashMap::new(),
    };
    let room = match action {
        BulkAction::Resend { .. } => {
            let addresses: Vec<EmailAddress> = targets.iter().map(|target| target.user.email.clone()).collect();
            Room::of(app, tenant, caller, &addresses).await?
        }
        BulkAction::Disable
        | BulkAction::Enable
        | BulkAction::Delete
        | BulkAction::Restore
        | BulkAction::SetRole { .. }
        | BulkAction::AddSystems { .. }
        | BulkAction::RemoveSystems { .. } => Room::default(),
    };
    let mut judge = Judge { caller, action, role, last, direct: &direct, now, room, mails: 0 };
    let rows: Result<Vec<Row>, Failure> = targets.into_iter().map(|target| judge.row(target)).collect();
    Ok(Rows { rows: rows?, unknown, direct, first })
}

fn losing_admin<'t>(
    action: &BulkAction,
    role: Option<&Role>,
    targets: impl IntoIterator<Item = &'t Target>,
) -> Vec<UserId> {
    let losing = targets.into_iter().filter(|target| loses_admin(action, role, target));
    losing.map(|target| target.user.id).collect()
}

fn loses_admin(action: &BulkAction, role: Option<&Role>, target: &Target) -> bool {
    let stays = match action.step() {
        Some(step) => !step.ends_access(),
        None => role.is_none_or(|role| role.levels.is_admin()),
    };
    !stays && target.role.levels.is_admin()
}

async fn direct_systems(
    tenant: &mut impl Tenant,
    ids: &[UserId],
    now: Timestamp,
) -> Result<HashMap<UserId, HeldSystems>, Failure> {
    let mut direct: HashMap<UserId, HeldSystems> = HashMap::new();
    for grant in SystemGrants::of(tenant).of_users(ids, now).await? {
        direct.entry(grant.user_id).or_default().extend([grant.system_id]);
    }
    Ok(direct)
}

struct Judge<'a> {
    caller: &'a Caller,
    action: &'a BulkAction,
    role: Option<&'a Role>,
    last: HashSet<UserId>,
    direct: &'a HashMap<UserId, HeldSystems>,
    now: Timestamp,
    room: Room,
    /// How many rows before get a mail, each of which takes room.
    mails: u64,
}

impl Judge<'_> {
    fn row(&mut self, target: Target) -> Result<Row, Failure> {
        let result = match self.changes(&target) {
            Ok(true) => RowResult::Changes,
            Ok(false) => RowResult::Unchanged,
            Err(Failure::Refused(refusal)) => RowResult::Refused(refusal),
            Err(
                failure @ (Failure::Unavailable(_) | Failure::TooSlow(_) | Failure::Uncertain(_) | Failure::Broken(_)),
            ) => {
                return Err(failure);
            }
        };
        Ok(Row { target, result })
    }

    fn changes(&mut self, target: &Target) -> Result<bool, Failure> {
        let user = &target.user;
        let is_last = self.last.contains(&user.id);
        target.check(self.caller, self.action.act(), self.now, is_last)?;
        match self.action {
            BulkAction::Disable | BulkAction::Enable | BulkAction::Delete | BulkAction::Restore => Ok(true),
            BulkAction::Resend { .. } => {
                if let Some(refusal) = self.room.refusal(&user.email, self.mails) {
                    return Err(Failure::Refused(Box::new(refusal)));
                }
                self.mails += 1;
                Ok(true)
            }
            BulkAction::SetRole { .. } if is_last => Err(UserError::LastAdmin.into()),
            BulkAction::SetRole { .. } => Ok(self.role.is_some_and(|role| role.id != target.role.id)),
            BulkAction::AddSystems { systems } => {
                Ok(!self.has_all(user) && systems.iter().any(|system| !self.has(user, system)))
            }
            BulkAction::RemoveSystems { .. } if self.has_all(user) => Err(UserError::HasAllSystems.into()),
            BulkAction::RemoveSystems { systems } => Ok(systems.iter().any(|system| self.has(user, system))),
        }
    }

    fn has(&self, user: &User, system: &SystemId) -> bool {
        self.direct.get(&user.id).is_some_and(|direct| direct.each.contains(system))
    }

    fn has_all(&self, user: &User) -> bool {
        self.direct.get(&user.id).is_some_and(|direct| direct.all)
    }
}

impl Rows {
    /// How many rows there are, known or not.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() + self.unknown.len()
    }

    /// Adds the rows behind these.
    pub(crate) fn append(&mut self, next: Self) {
        self.rows.extend(next.rows);
        self.unknown.extend(next.unknown);
        self.direct.extend(next.direct);
    }

    /// Those of them who would no longer be admins.
    pub(crate) fn losing_admin(&self, action: &BulkAction, role: Option<&Role>) -> Vec<UserId> {
        losing_admin(action, role, self.rows.iter().map(|row| &row.target))
    }

    /// The users who change.
    pub fn changing(&self) -> Vec<&Target> {
        self.rows.iter().filter(|row| row.result == RowResult::Changes).map(|row| &row.target).collect()
    }

    fn refusals(&self) -> impl Iterator<Item = (usize, &Row, &Refusal)> {
        self.rows.iter().enumerate().filter_map(|(place, row)| match &row.result {
            RowResult::Refused(refusal) => Some((place, row, refusal.as_ref())),
            RowResult::Changes | RowResult::Unchanged => None,
        })
    }

    /// Why the whole is refused, when a row is and not merely left out: first that someone is not there, then what the caller may not,
    /// then that the statuses are mixed (U-30), else what the first refused row says. Every such row is named, below `pointer`.
    pub fn refusal(&self, action: &BulkAction, pointer: &str) -> Option<Refusal> {
        if !self.unknown.is_empty() {
            let errors = self.unknown.iter().take(MOST_ERRORS).map(|row| FieldError {
                pointer: format!("{pointer}/{}", row.place),
                code: UnknownRow::CODE.to_owned(),
                detail: UnknownRow::detail(),
                params: Params::new(),
            });
            return Some(Refusal::new(Kind::Unknown, UnknownRow::CODE, UnknownRow::detail(), errors.collect()));
        }
        if action.skips_refused() && self.rows.iter().any(|row| row.result == RowResult::Changes) {
            return None;
        }
        let (_, _, foremost) = self.refusals().min_by_key(|(place, _, refusal)| {
            let order = match (refusal.kind, refusal.code) {
                (Kind::Forbidden, _) => 0,
                (_, "wrong_status") => 1,
                _ => 2,
            };
            (order, *place)
        })?;
        let all_alike = self.refusals().count() == self.rows.len();
        let mixed = foremost.code == "wrong_status" && !all_alike;
        let (kind, code, why) = match mixed {
            true => (Kind::Conflict, "mixed_statuses", UserError::MixedStatuses.to_string()),
            false => (foremost.kind, foremost.code, format!("Nothing was changed. {}", foremost.detail)),
        };
        let errors = self.refusals().take(MOST_ERRORS).map(|(place, row, refusal)| FieldError {
            pointer: format!("{pointer}/{}", self.first + place),
            code: refusal.code.to_owned(),
            detail: format!("User {} ({}): {}", row.target.user.email, row.target.user.id, refusal.detail),
            params: refusal.params.clone(),
        });
        let retry_after = foremost.retry_after.filter(|_| !mixed);
        let params = if mixed { Params::new() } else { foremost.params.clone() };
        Some(Refusal { retry_after, params, ..Refusal::new(kind, code, why, errors.collect()) })
    }
}
