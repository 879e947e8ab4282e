//! Figures over time.

use std::collections::BTreeMap;

use axum::extract::State;
use domain::users::UserStatus;
use serde::{Deserialize, Serialize};
use service::statistics::{self, DayFigures, Figures, RoleFigures};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Query};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::users::list::TabSeats;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(look))
}

/// Which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FigureParams {
    /// Number of days including today: 1 to 366. Default: 30.
    #[param(minimum = 1, maximum = 366)]
    days: Option<i64>,
}

/// A day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayView {
    /// The date, in UTC.
    #[schema(format = Date)]
    day: String,
    /// Number of users with each status at the end of the day: `provisioned`, `active`, `inactive`, `deleted`.
    users: BTreeMap<String, i64>,
    /// Number of sign-ins by method: `password`, `password_and_factor`, `passkey`, `sso`. Methods without sign-ins are
    /// absent.
    sign_ins: BTreeMap<String, i64>,
}

/// How many users have a role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleFiguresView {
    /// Key of a predefined role or id of a custom one.
    id: String,
    /// The role's name.
    name: String,
    /// Number of users with this role, by status.
    users: BTreeMap<String, i64>,
}

/// Statistics of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresView {
    /// The days, latest last. None before the account was created.
    days: Vec<DayView>,
    /// Every role.
    roles: Vec<RoleFiguresView>,
    /// The seats.
    seats: TabSeats,
}

fn by_word(users: BTreeMap<UserStatus, i64>) -> BTreeMap<String, i64> {
    users.into_iter().map(|(status, users)| (status.to_string(), users)).collect()
}

impl From<DayFigures> for DayView {
    fn from(found: DayFigures) -> Self {
        let sign_ins = found.sign_ins.into_iter().map(|(assurance, times)| (assurance.to_string(), times));
        Self { day: found.day.to_string(), users: by_word(found.users), sign_ins: sign_ins.collect() }
    }
}

impl From<RoleFigures> for RoleFiguresView {
    fn from(found: RoleFigures) -> Self {
        Self { id: found.id.to_string(), name: found.name, users: by_word(found.users) }
    }
}

impl From<Figures> for FiguresView {
    fn from(found: Figures) -> Self {
        Self {
            days: found.days.into_iter().map(DayView::from).collect(),
            roles: found.roles.into_iter().map(RoleFiguresView::from).collect(),
            seats: TabSeats::of(found.seats, found.seat_settings),
        }
    }
}

/// Get the statistics.
///
/// Number of users by status at the end of each day, sign-ins per day, users per role, and seats.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/statistics", operation_id = "get_statistics", tag = "accounts",
    params(InAccount, FigureParams),
    extensions(("x-permission" = json!(statistics::LOOK))),
    responses((status = OK, body = FiguresView)))]
pub async fn look(
    State(site): State<Site>,
    Caller(caller): Caller,
    Query(params): Query<FigureParams>,
) -> Result<Json<FiguresView>, Problem> {
    Ok(Json(statistics::look(&site.app, &caller, params.days).await?.into()))
}
