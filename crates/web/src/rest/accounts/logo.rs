//! The logo of an account.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::accounts::logo::LogoKind;
use domain::core::tag::tag;
use serde::{Deserialize, Serialize};
use service::accounts;
use service::accounts::logo::Logo;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::etag::{etag, is_known};
use crate::http::extract::{Caller, Json, Onlooker, Query, Whole};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(get, set, remove))
}

/// Which image is meant.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LogoParams {
    /// The `tag` of the logo: an answer to an address that names the image may be kept for good, any other is asked for
    /// again.
    tag: Option<String>,
}

/// The bytes of an image. Only for the description of the API.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, min_length = 1)]
#[expect(dead_code, reason = "handlers take and give bytes")]
pub struct ImageFile(Vec<u8>);

/// A logo.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogoView {
    /// By its content.
    kind: LogoKind,
    /// How many bytes it has.
    bytes: usize,
    /// Names this image and no other.
    tag: String,
}

/// The logo of the account.
///
/// As the image that it is, for everybody in the account; 404 where there is none. Like the list of one's own accounts, which shows it,
/// this brings no session into the account.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/logo", operation_id = "get_logo", tag = "accounts",
    params(InAccount, LogoParams), extensions(("x-permission" = json!(accounts::logo::GET))),
    responses((status = OK, content((ImageFile = "image/png"), (ImageFile = "image/webp"), (ImageFile = "image/jpeg"))),
        (status = NOT_MODIFIED)))]
pub async fn get(
    State(site): State<Site>,
    Onlooker(caller): Onlooker,
    Query(params): Query<LogoParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let logo = accounts::logo::get(&site.app, &caller).await?;
    let name = tag(caller.account()?, &logo.tag);
    let kept = kept_by_browsers(&logo, &name, params.tag.as_deref() == Some(&logo.tag));
    Ok(match is_known(&headers, &name) {
        true => (StatusCode::NOT_MODIFIED, kept).into_response(),
        false => (kept, logo.bytes).into_response(),
    })
}

/// By the browser of somebody who may see it, and by nobody in between.
fn kept_by_browsers(logo: &Logo, name: &str, is_named: bool) -> [(HeaderName, HeaderValue); 3] {
    let how = if is_named { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    [
        (header::CACHE_CONTROL, HeaderValue::from_static(how)),
        (header::CONTENT_TYPE, HeaderValue::from_static(logo.kind.media_type())),
        (header::ETAG, etag(name)),
    ]
}

/// Set the logo of the account.
///
/// The body is the image: PNG, WebP or JPEG, known by its content whatever the header says, at most 64 KiB and 2,048 pixels
/// wide or high. 413 for more bytes, 422 for what is no such image.
#[utoipa::path(put, path = "/api/v1/accounts/{account}/logo", operation_id = "set_logo", tag = "accounts",
    params(InAccount, DryRun), extensions(("x-permission" = json!(accounts::logo::CHANGE))),
    request_body(content((ImageFile = "image/png"), (ImageFile = "image/webp"), (ImageFile = "image/jpeg"))),
    responses((status = OK, body = LogoView)))]
pub async fn set(
    State(site): State<Site>,
    Caller(caller): Caller,
    Whole(body): Whole,
) -> Result<Json<LogoView>, Problem> {
    let Logo { kind, tag, bytes } = accounts::logo::set(&site.app, &caller, body.into()).await?;
    Ok(Json(LogoView { kind, bytes: bytes.len(), tag }))
}

/// Remove the logo of the account.
///
/// The console shows the letters of its name again. 404 where there is none.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/logo", operation_id = "remove_logo", tag = "accounts",
    params(InAccount, DryRun), extensions(("x-permission" = json!(accounts::logo::CHANGE))),
    responses((status = NO_CONTENT)))]
pub async fn remove(State(site): State<Site>, Caller(caller): Caller) -> Result<StatusCode, Problem> {
    accounts::logo::remove(&site.app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
