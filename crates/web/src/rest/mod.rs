//! The REST API: one file per noun, three hops from a request to a statement.

mod access;
mod account_settings;
mod accounts;
mod activations;
mod bulk;
mod check;
mod events;
mod figures;
mod file;
mod impact;
mod installation;
mod invitations;
mod jobs;
mod link_requests;
mod logo;
mod mails;
mod me;
mod own_password;
mod password_resets;
mod permissions;
mod roles;
mod saved_views;
mod setup;
mod sign_in;
mod systems;
mod user_list;
mod user_sessions;
mod user_status;
mod users;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::openapi::Schema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::etag::etag;
use crate::extract::Json;
use crate::site::Site;

/// All routes below `/api/v1`, with their description.
pub fn routes() -> OpenApiRouter<Site> {
    let mut routes = OpenApiRouter::with_openapi(crate::openapi::base())
        .merge(access::routes())
        .merge(accounts::routes())
        .merge(activations::routes())
        .merge(bulk::routes())
        .merge(check::routes())
        .merge(events::routes())
        .merge(figures::routes())
        .merge(installation::routes())
        .merge(invitations::routes())
        .merge(jobs::routes())
        .merge(link_requests::routes())
        .merge(logo::routes())
        .merge(mails::routes())
        .merge(me::routes())
        .merge(own_password::routes())
        .merge(password_resets::routes())
        .merge(permissions::routes())
        .merge(roles::routes())
        .merge(saved_views::routes())
        .merge(setup::routes())
        .merge(sign_in::routes())
        .merge(systems::routes())
        .merge(user_list::routes())
        .merge(user_sessions::routes())
        .merge(user_status::routes())
        .merge(users::routes());
    crate::openapi::complete(routes.get_openapi_mut());
    routes
}

/// The account in a path, by id or slug.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the Caller extractor; here for the description of the API")]
pub struct InAccount {
    /// Id (`acc_…`) or slug of the account.
    account: String,
}

/// Whether to only preview.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the Caller extractor; here for the description of the API")]
pub struct DryRun {
    /// `true`: answer with what would happen and change nothing.
    dry_run: Option<bool>,
}

/// The schema of a text that is one of these words.
fn one_of(words: impl Iterator<Item = &'static str>, description: &str) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).description(Some(description)).into()
}

/// A list that is given whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    /// The entries.
    pub items: Vec<T>,
}

/// A single thing with its version as `ETag`.
pub struct Tagged<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, etag(&self.0.to_string()))], Json(self.1)).into_response()
    }
}
