//! Figures over time: how many users stood where, and how often people signed in.
//!
//! The past is counted back from the present: each day keeps by how many the users of a status became more or fewer, so the
//! counts at its end are those of today less what came after. Four statements (account, counts, days, custom roles),
//! whatever the size of the account.

use std::collections::BTreeMap;

use domain::access::role::RoleId;
use domain::access::{Level, Need, Permission};
use domain::accounts::seats::{SeatSettings, Seats};
use domain::core::failure::{Failure, NoSuch, refuse_field};
use domain::core::timestamp::Day;
use domain::sign_in::session::Assurance;
use domain::users::UserStatus;
use store::Tenant;
use store::accounts::{Accounts, KeptCounts, UserCount, seats_of};
use store::statistics::{DailyStatistic, DailyStatistics, Metric};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::roles;

/// See the figures: of the whole account, so only who may see all of its users.
pub const LOOK: Need = Need::account(Permission::USERS, Level::View);

/// So many days when nothing is asked.
pub const DEFAULT_DAYS: i64 = 30;

/// The most days.
pub const MOST_DAYS: i64 = 366;

/// What happened on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayFigures {
    /// The day, in UTC.
    pub day: Day,
    /// How many users had each status at its end.
    pub users: BTreeMap<UserStatus, i64>,
    /// How often people signed in, by what they proved.
    pub sign_ins: Vec<(Assurance, i64)>,
}

/// How many users have a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFigures {
    /// The role.
    pub id: RoleId,
    /// The role's name.
    pub name: String,
    /// Number of users with this role, by status.
    pub users: BTreeMap<UserStatus, i64>,
}

/// The figures of an account.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The days, latest last. None before the account was created.
    pub days: Vec<DayFigures>,
    /// Every role, in the order of the list of roles.
    pub roles: Vec<RoleFigures>,
    /// The seats as they are taken.
    pub seats: Seats,
    /// By which rules.
    pub seat_settings: SeatSettings,
}

/// The figures of the last `days` days, today included.
///
/// # Errors
/// 422 for a number of days out of range.
pub async fn look(app: &App, caller: &Caller, days: Option<i64>) -> Result<Figures, Failure> {
    let mut view = app.view(caller, LOOK).await?;
    let days = days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        let detail = format!("The value {days} isn't allowed. Use 1 to {MOST_DAYS} days.");
        return Err(refuse_field("days", "out_of_range", detail));
    }
    let id = view.account();
    let account = Accounts(view.tx()).find(id).await?.ok_or(NoSuch("account"))?;
    let counts = KeptCounts::of(&mut view).all().await?;
    let today = app.clock.now().day();
    let first = today.plus(1 - days).max(account.created_at.day());
    let kept = DailyStatistics::of(&mut view).since(first).await?;
    let roles = roles::all(app, &mut view).await?;
    let roles = roles.into_iter().map(|role| RoleFigures {
        users: by_status(counts.iter().filter(|count| count.role_id == role.id)),
        id: role.id,
        name: role.name,
    });
    Ok(Figures {
        days: counted_back(by_status(&counts), first, today, &kept),
        roles: roles.collect(),
        seats: seats_of(&counts),
        seat_settings: account.settings.seats,
    })
}

fn by_status<'a>(counts: impl IntoIterator<Item = &'a UserCount>) -> BTreeMap<UserStatus, i64> {
    let mut users: BTreeMap<UserStatus, i64> = UserStatus::ALL.iter().map(|status| (*status, 0)).collect();
    for count in counts {
        *users.entry(count.status).or_default() += count.users;
    }
    users
}

fn counted_back(now: BTreeMap<UserStatus, i64>, first: Day, today: Day, kept: &[DailyStatistic]) -> Vec<DayFigures> {
    let mut users = now;
    let mut days: Vec<Day> = first.up_to(today).collect();
    days.reverse();
    let mut found = Vec::with_capacity(days.len());
    for day in days {
        let at_its_end = users.clone();
        let mut sign_ins = Vec::new();
        for counted in kept.iter().filter(|counted| counted.day == day) {
            match counted.metric {
                Metric::Users(status) => *users.entry(status).or_default() -= counted.amount,
                Metric::SignIns(assurance) => sign_ins.push((assurance, counted.amount)),
            }
        }
        found.push(DayFigures { day, users: at_its_end, sign_ins });
    }
    found.reverse();
    found
}
