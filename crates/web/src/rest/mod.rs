//! The REST API: one file per noun, three hops from a request to a statement.

mod accounts;
pub(crate) mod activity;
mod bulk;
mod check;
pub(crate) mod credentials;
mod file;
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

use std::marker::PhantomData;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::http::etag::etag;
use crate::http::extract::Json;
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

/// The account in a path, by id or slug.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the Caller extractor; here for the description of the API")]
pub struct InAccount {
    /// Id (`acc_…`) or slug of the account.
    #[param(min_length = 2, max_length = 40, pattern = "^[a-z0-9_-]*$")]
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
fn one_of(words: impl Iterator<Item = impl Into<serde_json::Value>>, description: &str) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).description(Some(description)).into()
}

/// Several values of a kind as one text, separated by commas; empty is none. Only for the description of the API.
struct ListOf<T>(PhantomData<T>);

impl<T: PartialSchema> PartialSchema for ListOf<T> {
    fn schema() -> RefOr<Schema> {
        let one = match T::schema() {
            RefOr::T(Schema::Object(object)) => pattern_of(&object),
            RefOr::T(_) | RefOr::Ref(_) => None,
        };
        let list = one.map(|one| format!("^(({one})( *, *({one}))*)?$"));
        RefOr::T(ObjectBuilder::new().schema_type(Type::String).pattern(list).into())
    }
}

impl<T: PartialSchema> ToSchema for ListOf<T> {}

/// What a text of this schema looks like, without the marks of its beginning and its end.
fn pattern_of(text: &Object) -> Option<String> {
    let words = text.enum_values.as_ref().map(|words| {
        let words: Vec<&str> = words.iter().filter_map(serde_json::Value::as_str).collect();
        words.join("|")
    });
    words.or_else(|| Some(text.pattern.as_ref()?.trim_start_matches('^').trim_end_matches('$').to_owned()))
}

/// A list that is given whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    /// The entries.
    pub items: Vec<T>,
}

/// A single thing with its version as `ETag`.
pub struct Tagged<T>(pub String, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, etag(&self.0))], Json(self.1)).into_response()
    }
}
