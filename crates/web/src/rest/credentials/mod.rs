//! Passwords: changed, forgotten.

pub(crate) mod own_password;
pub(crate) mod password_resets;

use utoipa_axum::router::OpenApiRouter;

use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().merge(own_password::routes()).merge(password_resets::routes())
}
