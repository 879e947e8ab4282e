//! The systems that a user has directly, and those that may be given to one.

use std::collections::BTreeSet;

use domain::core::failure::{Failure, refuse_parts};
use domain::core::ids::{SystemId, UserId};
use domain::core::refusal::{FieldError, Kind, Params};
use domain::systems::HeldSystems;
use store::Tenant;
use store::systems::{SystemGrants, Systems};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::draft::Draft;
use crate::core::visibility::Visibility;
use crate::users::rules::EDIT;

/// The systems assigned to a user directly, as far as the caller may know.
pub(crate) async fn shown_systems(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    id: UserId,
) -> Result<HeldSystems, Failure> {
    Ok(shown(app, caller, direct_systems(tenant, app, id).await?))
}

/// Those of these systems, which are assigned to a user directly, that the caller may know.
pub(crate) fn shown(app: &App, caller: &Caller, mut systems: HeldSystems) -> HeldSystems {
    let visibility = Visibility::of(app, caller);
    systems.each.retain(|system| visibility.people_of().is_none_or(|own| own.contains(system)));
    systems
}

pub(crate) async fn direct_systems(tenant: &mut impl Tenant, app: &App, id: UserId) -> Result<HeldSystems, Failure> {
    let grants = SystemGrants::of(tenant).of_users(&[id], app.clock.now()).await?;
    Ok(grants.into_iter().map(|grant| grant.system_id).collect())
}

/// Refuses systems that do not exist in the account or that the caller may not know of, alike, and systems that a caller who is
/// limited to own ones sees and does not have.
///
/// # Errors
/// 422, one entry per system below `pointer`; 403.
pub async fn check_systems(draft: &mut Draft<'_>, wanted: &[SystemId], pointer: &str) -> Result<(), Failure> {
    let own = draft.caller().limited_to(EDIT);
    let known: BTreeSet<SystemId> = Systems::of(draft).list().await?.into_iter().map(|system| system.id).collect();
    let errors_of = |code: &str, detail: &str, bad: &dyn Fn(&SystemId) -> bool| -> Vec<FieldError> {
        let rows = wanted.iter().enumerate().filter(|(_, system)| bad(system));
        rows.map(|(place, _)| FieldError {
            pointer: format!("{pointer}/{place}"),
            code: code.to_owned(),
            detail: detail.to_owned(),
            params: Params::new(),
        })
        .collect()
    };
    let visibility = Visibility::of(draft.app(), draft.caller());
    let detail = "This system doesn't exist in this account. Choose from the list of systems.";
    let is_unknown = |system: &SystemId| !known.contains(system) || !visibility.shows_system(*system);
    let unknown = errors_of("unknown_system", detail, &is_unknown);
    if !unknown.is_empty() {
        return Err(refuse_parts(Kind::Invalid, "unknown_system", detail, unknown));
    }
    let detail = "You can assign only your own systems. Ask someone who manages users in the whole account.";
    let foreign = errors_of("system_not_own", detail, &|system| own.as_ref().is_some_and(|own| !own.contains(system)));
    if foreign.is_empty() { Ok(()) } else { Err(refuse_parts(Kind::Forbidden, "system_not_own", detail, foreign)) }
}
