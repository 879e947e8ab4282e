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

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(check))
}

/// One question, or a batch of up to 1,000 in `checks`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    /// Id (`acc_…`) or slug of the account.
    #[schema(min_length = 2, max_length = 40)]
    account: String,
    /// Several questions; then the fields below are absent.
    #[schema(max_items = 1000)]
    checks: Option<Vec<Check>>,
    /// Whom it is about: id (`usr_…`) or e-mail.
    user: Option<User>,
    /// Key of a permission of the catalog, or `publish` for the permission that the environment needs.
    permission: Option<String>,
    /// How much of it: `view`, `limited`, `edit` or `allowed`. Absent: all of it.
    level: Option<Level>,
    /// Id of the system (`sys_…`). Administrative permissions can be asked for without one: then for the whole account.
    system: Option<SystemId>,
    /// Id or name of an environment of the system.
    environment: Option<String>,
}

/// One question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Whom it is about: id (`usr_…`) or e-mail.
    user: User,
    /// Key of a permission of the catalog, or `publish` for the permission that the environment needs.
    permission: String,
    /// How much of it: `view`, `limited`, `edit` or `allowed`. Absent: all of it.
    level: Option<Level>,
    /// Id of the system (`sys_…`). Administrative permissions can be asked for without one: then for the whole account.
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

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// Whether they may.
    allowed: bool,
    /// Stable code of the reason.
    #[schema(schema_with = reasons)]
    reason: &'static str,
    /// The reason in a sentence.
    detail: &'static str,
}

fn reasons() -> Schema {
    let codes = Ground::ALL.iter().map(|ground| ground.word()).chain(Denial::ALL.iter().map(|denial| denial.word()));
    one_of(codes, "Stable code of the reason.")
}

impl From<Decision> for Verdict {
    fn from(decision: Decision) -> Self {
        Self { allowed: decision.is_allowed(), reason: decision.code(), detail: decision.sentence() }
    }
}

/// The answers of a batch, in the order of its questions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdicts {
    /// One per question.
    results: Vec<Verdict>,
}

/// The answer to one question, or to a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Checked {
    /// To one question.
    One(Verdict),
    /// To a batch.
    Many(Verdicts),
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

/// May they?
///
/// Whether a user may do something, and why or why not: one question, or up to 1,000. Members who see people may ask about
/// them, the others about themselves; anybody else is answered with `unknown_user`, and a system that the caller may not see with
/// `unknown_system`. A program asks as the owner of its key.
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
    Ok(Json(Checked::Many(Verdicts { results: decisions.into_iter().map(Verdict::from).collect() })))
}
