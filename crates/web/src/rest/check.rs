//! "May they?", for the vendor's products.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Level;
use domain::access::decision::{Decision, Denial, Ground};
use domain::core::email_address::EmailAddress;
use domain::core::ids::{SystemId, UserId};
use serde::{Deserialize, Deserializer, Serialize};
use service::check::{self, About, Asked};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AnyOfBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Credentials, Json};
use crate::http::problem::Problem;
use crate::http::schemas::one_of;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(check))
}

/// A single check, or a batch of up to 1,000 in `checks`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    /// Id (`acc_…`) or slug of the account.
    #[schema(min_length = 2, max_length = 40)]
    account: String,
    /// Multiple checks. The other fields must be absent.
    #[schema(max_items = 1000)]
    checks: Option<Vec<Check>>,
    /// The user: id (`usr_…`) or email address.
    user: Option<User>,
    /// Key of a permission of the catalog, or `publish` for the permission that the environment requires.
    permission: Option<String>,
    /// The required level: `view`, `limited`, `edit` or `allowed`. If absent, the highest level.
    level: Option<Level>,
    /// Id of the system (`sys_…`). Optional for administrative permissions, which are then checked for the whole account.
    system: Option<SystemId>,
    /// Id or name of an environment of the system.
    environment: Option<String>,
}

/// One check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The user: id (`usr_…`) or email address.
    user: User,
    /// Key of a permission of the catalog, or `publish` for the permission that the environment requires.
    permission: String,
    /// The required level: `view`, `limited`, `edit` or `allowed`. If absent, the highest level.
    level: Option<Level>,
    /// Id of the system (`sys_…`). Optional for administrative permissions, which are then checked for the whole account.
    system: Option<SystemId>,
    /// Id or name of an environment of the system.
    environment: Option<String>,
}

#[derive(Debug)]
struct User(About);

impl PartialSchema for User {
    fn schema() -> RefOr<Schema> {
        AnyOfBuilder::new().item(UserId::schema()).item(EmailAddress::schema()).into()
    }
}

impl ToSchema for User {}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        if let Ok(id) = text.parse() {
            return Ok(Self(About::Id(id)));
        }
        let email = text.parse().map_err(|_| {
            serde::de::Error::custom(
                "This is neither the id of a user (usr_…) nor an email \
             address.",
            )
        })?;
        Ok(Self(About::Email(email)))
    }
}

/// The result of a check.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckResult {
    /// Whether it is allowed.
    allowed: bool,
    /// Stable code of the reason.
    #[schema(schema_with = reasons)]
    reason: &'static str,
    /// The reason as a sentence.
    detail: &'static str,
}

fn reasons() -> Schema {
    let codes = Ground::ALL.iter().map(|ground| ground.word()).chain(Denial::ALL.iter().map(|denial| denial.word()));
    one_of(codes, "Stable code of the reason.")
}

impl From<Decision> for CheckResult {
    fn from(decision: Decision) -> Self {
        Self { allowed: decision.is_allowed(), reason: decision.code(), detail: decision.sentence() }
    }
}

/// The results of a batch, in the order of its checks.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckResults {
    /// One per check.
    results: Vec<CheckResult>,
}

/// The result of a single check or of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Checked {
    /// The result of a single check.
    One(CheckResult),
    /// The results of a batch.
    Many(CheckResults),
}

impl From<Check> for Asked {
    fn from(check: Check) -> Self {
        Self {
            user: check.user.0,
            permission: check.permission,
            level: check.level,
            system: check.system,
            environment: check.environment,
        }
    }
}

impl CheckBody {
    /// The one question; 422 when parts of it are missing.
    fn single(self) -> Result<Asked, Problem> {
        let missing = |field: &str| {
            let detail = format!(
                "The field `{field}` is missing. Send a single check with `user` and `permission`, or several \
                 in `checks`."
            );
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "required", detail).at(format!("/{field}"))
        };
        let user = self.user.ok_or_else(|| missing("user"))?;
        let permission = self.permission.ok_or_else(|| missing("permission"))?;
        let (level, system, environment) = (self.level, self.system, self.environment);
        Ok(Check { user, permission, level, system, environment }.into())
    }

    fn has_single(&self) -> bool {
        self.user.is_some()
            || self.permission.is_some()
            || self.level.is_some()
            || self.system.is_some()
            || self.environment.is_some()
    }
}

fn both() -> Problem {
    let detail = "Send either a single check or a batch. Put all checks into `checks`.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "single_or_batch", detail).at("/checks")
}

/// Check permissions.
///
/// Whether a user may do something, with the reason: a single check, or up to 1,000. Callers can check the users they can
/// see and themselves. Anyone else is `unknown_user`, and a system the caller can't see is `unknown_system`. An API key
/// acts as its owner.
#[utoipa::path(post, path = "/api/v1/check", operation_id = "check", tag = "check", request_body = CheckBody,
    extensions(("x-permission" = json!(check::CHECK)), ("x-question" = json!(true))),
    responses((status = OK, body = Checked), (status = NOT_FOUND)))]
pub async fn check(
    State(site): State<Site>,
    credentials: Credentials,
    Json(mut body): Json<CheckBody>,
) -> Result<Json<Checked>, Problem> {
    let caller = credentials.caller(&site, Some(&body.account)).await?;
    let Some(checks) = body.checks.take() else {
        return Ok(Json(Checked::One(check::check(&site.app, &caller, body.single()?).await?.into())));
    };
    if body.has_single() {
        return Err(both());
    }
    let decisions = check::check_all(&site.app, &caller, checks.into_iter().map(Asked::from).collect()).await?;
    Ok(Json(Checked::Many(CheckResults { results: decisions.into_iter().map(CheckResult::from).collect() })))
}
