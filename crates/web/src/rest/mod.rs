//! The REST API: one folder or file per capability, three hops from a request to a statement.

mod accounts;
pub(crate) mod activity;
mod bulk;
mod check;
pub(crate) mod credentials;
mod installation;
mod invitations;
mod jobs;
mod link_requests;
mod me;
pub(crate) mod outbox;
mod roles;
mod sign_in;
pub(crate) mod statistics;
mod systems;
mod users;

use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::http::site::Site;

/// All routes below `/api/v1`, with their description.
pub fn routes() -> OpenApiRouter<Site> {
    let mut routes = OpenApiRouter::with_openapi(crate::openapi::base())
        .merge(accounts::routes())
        .merge(activity::routes())
        .merge(bulk::routes())
        .merge(check::routes())
        .merge(credentials::routes())
        .merge(installation::routes())
        .merge(invitations::routes())
        .merge(jobs::routes())
        .merge(link_requests::routes())
        .merge(me::routes())
        .merge(outbox::routes())
        .merge(roles::routes())
        .merge(sign_in::routes())
        .merge(statistics::routes())
        .merge(systems::routes())
        .merge(users::routes());
    crate::openapi::complete(routes.get_openapi_mut());
    routes
}

/// The OpenAPI 3.1 description of all routes.
pub fn description() -> OpenApi {
    routes().into_openapi()
}
