//! The people behind the addresses that are invited.

use std::collections::HashMap;

use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::sign_in::identity::Identity;
use store::Tenant;
use store::sign_in::identities::Identities;

use crate::core::change::Change;

/// The person behind each address; someone unknown becomes known. As many statements whoever is known (D2). In the order of addresses, so that two accounts that
/// invite the same people at once wait for each other instead of standing in each other's way.
pub(super) async fn identities_of(
    change: &mut Change<'_>,
    mut addresses: Vec<EmailAddress>,
) -> Result<HashMap<EmailAddress, Identity>, Failure> {
    addresses.sort_unstable();
    let mut found = by_address(Identities(change.tx()).hold_all_by_email(&addresses).await?);
    let mut new: Vec<Identity> = addresses.iter().map(|address| change.new_identity(address.clone())).collect();
    let added = Identities(change.tx()).insert_absent(&new).await?;
    new.retain(|identity| !found.contains_key(&identity.email));
    if added < u64::try_from(new.len()).unwrap_or(u64::MAX) {
        return Ok(by_address(Identities(change.tx()).hold_all_by_email(&addresses).await?));
    }
    found.extend(by_address(new));
    Ok(found)
}

fn by_address(identities: Vec<Identity>) -> HashMap<EmailAddress, Identity> {
    identities.into_iter().map(|identity| (identity.email.clone(), identity)).collect()
}
