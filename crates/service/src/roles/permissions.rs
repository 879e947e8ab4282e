//! The catalog of permissions.

use domain::access::Need;
use domain::access::catalog::PermissionEntry;
use domain::core::failure::Failure;

use crate::core::app::App;
use crate::core::caller::Caller;

/// See what can be permitted.
pub const LIST: Need = Need::Member;

/// Everything that can be permitted, the server's own permissions first.
///
/// # Errors
/// 404 outside an account.
pub fn list<'a>(app: &'a App, caller: &Caller) -> Result<&'a [PermissionEntry], Failure> {
    caller.check(LIST)?;
    Ok(app.catalog.permissions())
}
