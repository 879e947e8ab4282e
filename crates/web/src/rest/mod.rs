//! The REST API: one file per noun, three hops from a request to a statement.

mod me;
mod roles;
mod setup;
mod sign_in;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::Json;
use crate::site::Site;

/// All routes below `/api/v1`, with their description.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(crate::openapi::base())
        .routes(routes!(setup::look, setup::set_up))
        .routes(routes!(sign_in::identify))
        .routes(routes!(sign_in::with_password))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(me::get, me::change))
        .routes(routes!(me::accounts))
        .routes(routes!(me::sessions, me::end_all_sessions))
        .routes(routes!(me::end_session))
        .routes(routes!(roles::list))
        .routes(routes!(roles::get))
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
        let mut response = Json(self.1).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}
