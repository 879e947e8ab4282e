//! The tag of a user: what `ETag` says and `If-Match` names.
//!
//! Whoever sees everyone is told the version. It counts what a caller who is limited to own systems must not learn of (that someone got
//! another system, or was signed out), so their tag is made of what they are shown: it changes when that does. Nothing is lost by
//! that: of what they do not see they change nothing.

use domain::core::failure::Failure;
use domain::core::tag;
use domain::systems::HeldSystems;
use domain::users::User;
use store::Tenant;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::visibility::Visibility;
use crate::users;

/// The tag of a user with the systems that the caller is shown.
pub(crate) fn tag(app: &App, caller: &Caller, user: &User, systems: &HeldSystems) -> Result<String, Failure> {
    if Visibility::of(app, caller).shows_everybody() {
        return Ok(tag::tag(user.id, user.version));
    }
    let each: Vec<String> = systems.each.iter().map(ToString::to_string).collect();
    let shown = (
        (user.id, user.email.as_str(), user.name.as_ref().map(|name| name.as_str()), user.role_id.to_string()),
        (user.status.word(), user.login_method.to_string(), systems.all, each),
        [Some(user.created_at), user.activated_at, user.deleted_at].map(|at| at.map(|at| at.to_string())),
    );
    Ok(tag::tag(user.id, app.key.pseudonym("user tag", &serde_json::to_string(&shown)?)))
}

/// Whether the user is as the caller saw them; their tag.
///
/// # Errors
/// 412 when they changed since.
pub(crate) async fn check(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    user: &User,
) -> Result<String, Failure> {
    let systems = users::systems::shown_systems(app, tenant, caller, user.id).await?;
    let tag = tag(app, caller, user, &systems)?;
    caller.check_tag(&tag)?;
    Ok(tag)
}
