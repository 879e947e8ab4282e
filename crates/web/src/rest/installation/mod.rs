//! What people who are not signed in may know about the installation.

pub(crate) mod setup;

use axum::extract::State;
use serde::Serialize;
use service::demo;
use service::demo::account::PASSWORD;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::Json;
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(look)).merge(setup::routes())
}

/// What anyone can know about the installation without signing in.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationView {
    /// Whether there is an account. If not, the server's output contains the setup link.
    is_set_up: bool,
    /// Whether the server runs in development mode, which shows emails at `/dev/mail` instead of sending them.
    is_development: bool,
    /// Demo users of development mode, if its demo account exists.
    demo: Option<DemoView>,
}

/// The demo account of development mode. Its password is printed on the terminal and protects nothing.
#[derive(Debug, Serialize, ToSchema)]
struct DemoView {
    /// The password of all its users.
    password: String,
    /// One user for each role.
    people: Vec<DemoPersonView>,
}

/// A demo user to sign in as.
#[derive(Debug, Serialize, ToSchema)]
struct DemoPersonView {
    /// The user's email address.
    email: String,
    /// The name of the user's role.
    role: String,
}

/// Get the installation.
///
/// Whether it is set up and, in development mode, the demo users to sign in as.
#[utoipa::path(get, path = "/api/v1/installation", operation_id = "get_installation", tag = "setup",
    extensions(("x-permission" = json!(service::installation::setup::SET_UP))),
    responses((status = OK, body = InstallationView)))]
pub async fn look(State(site): State<Site>) -> Result<Json<InstallationView>, Problem> {
    let is_development = site.settings.is_development;
    let people = if is_development { demo::people_if_there(&site.app).await? } else { None };
    Ok(Json(InstallationView {
        is_set_up: service::installation::setup::is_done(&site.app).await?,
        is_development,
        demo: people.map(|people| DemoView {
            password: PASSWORD.to_owned(),
            people: people.into_iter().map(|one| DemoPersonView { email: one.email, role: one.role }).collect(),
        }),
    }))
}
