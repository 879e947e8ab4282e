//! The one router: API, pages, health, with the layers around them.

use std::sync::{Arc, Once};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::core::app::App;
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::Server;

use crate::http::client_address::Proxies;
use crate::http::connections::Connection;
use crate::http::connections::gate::Gate;
use crate::http::edge;
use crate::http::operations::Operations;
use crate::http::problem::Problem;
use crate::http::rate_limit::RateLimiter;
use crate::http::request_id::RequestIds;
use crate::http::site::{Shared, Site, WebSettings};
use crate::{pages, rest};

/// All routes with their layers, and what they share.
pub fn mount(app: App, settings: WebSettings) -> (Router, Site) {
    let (api, mut description) = rest::routes().split_for_parts();
    // Below the path of the public address, where it has one.
    if !app.settings.path_prefix().is_empty() {
        description.servers = Some(vec![Server::new(app.settings.path_prefix())]);
    }
    let site = Site::new(Shared {
        request_ids: RequestIds::new(&*app.random),
        limiter: RateLimiter::new(settings.requests_per_minute),
        operations: Operations::of(&description, app.settings.path_prefix()),
        app,
        proxies: Proxies::new(settings.trusted_proxies.clone()),
        other_origin: Once::new(),
        settings,
    });
    let document: Arc<str> = description.to_json().unwrap_or_default().into();
    let layers = ServiceBuilder::new()
        // Outermost: an answer that is remembered for its Idempotency-Key is remembered as it is, not compressed.
        .layer(CompressionLayer::new())
        // Only a mark that whoever reads the body heeds: before the first that does.
        .layer(DefaultBodyLimit::max(crate::MAX_BODY_BYTES))
        .layer(from_fn_with_state(site.clone(), edge::layer))
        .layer(CatchPanicLayer::custom(|_| broken()));
    let router = api
        .route(
            "/api/openapi.json",
            get(move || std::future::ready(([(header::CONTENT_TYPE, "application/json")], document.to_string()))),
        )
        .merge(pages::routes(&site))
        .route("/healthz", get(|| std::future::ready("ok")))
        .route("/readyz", get(ready))
        .fallback(pages::fallback)
        .method_not_allowed_fallback(|| std::future::ready(method_not_allowed()))
        .layer(layers)
        .with_state(site.clone());
    (below_prefix(router, site.app.settings.path_prefix()), site)
}

/// The same routes below the path of the public address as well: a proxy in front may take it off or leave it on.
fn below_prefix(router: Router, prefix: &str) -> Router {
    if prefix.is_empty() { router } else { Router::new().nest_service(prefix, router.clone()).fallback_service(router) }
}

/// Serves within the limits of the site until `stop` resolves, then lets the requests under way finish.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    site: Site,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let gate = Gate::new(listener, site.settings.connections, site.settings.trusted_proxies.clone());
    axum::serve(gate, router.into_make_service_with_connect_info::<Connection>()).with_graceful_shutdown(stop).await
}

async fn ready(State(site): State<Site>) -> Response {
    match site.app.db.check_schema().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let detail = "The database is unreachable or its schema doesn't match this server. The server log has the \
             reason.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(2).into_response()
        }
    }
}

fn broken() -> Response {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong on our side. Give the operator the request id.",
    )
    .into_response()
}

fn method_not_allowed() -> Response {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This method isn't allowed here. The reference at /api/docs lists all operations.",
    )
    .into_response()
}
