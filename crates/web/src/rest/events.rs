//! The activity log.

use utoipa_axum::router::OpenApiRouter;

use crate::site::Site;

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
}
