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

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(get, set, remove))
}

/// Which image is meant.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LogoParams {
    /// The `tag` of the logo. A response to a URL with a tag can be cached permanently, any other must be revalidated.
    tag: Option<String>,
}

/// The bytes of an image. Only for the API description.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, min_length = 1)]
#[expect(dead_code, reason = "handlers take and give bytes")]
pub struct ImageFile(Vec<u8>);

/// A logo.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogoView {
    /// The format, detected from the content.
    kind: LogoKind,
    /// Size in bytes.
    bytes: usize,
    /// Identifies this exact image.
    tag: String,
}

/// Get the logo.
///
/// Returns the image. For all users of the account. 404 if there is no logo. Like the list of one's accounts, which shows
/// it, this doesn't count as opening the account.
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

/// In the browser of someone who may see it, and in no cache in between.
fn kept_by_browsers(logo: &Logo, name: &str, is_named: bool) -> [(HeaderName, HeaderValue); 3] {
    let how = if is_named { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    [
        (header::CACHE_CONTROL, HeaderValue::from_static(how)),
        (header::CONTENT_TYPE, HeaderValue::from_static(logo.kind.media_type())),
        (header::ETAG, etag(name)),
    ]
}

/// Replace the logo.
///
/// The body is the image: PNG, WebP or JPEG, detected from its content, at most 64 KiB and 2,048 pixels wide or high. 413
/// if it is too large, 422 if it isn't a supported image.
#[utoipa::path(put, path = "/api/v1/accounts/{account}/logo", operation_id = "update_logo", tag = "accounts",
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

/// Delete the logo.
///
/// The console then shows the initials of the account. 404 if there is no logo.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/logo", operation_id = "delete_logo", tag = "accounts",
    params(InAccount, DryRun), extensions(("x-permission" = json!(accounts::logo::CHANGE))),
    responses((status = NO_CONTENT)))]
pub async fn remove(State(site): State<Site>, Caller(caller): Caller) -> Result<StatusCode, Problem> {
    accounts::logo::remove(&site.app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
