//! Whom and where a question is about: users and places of an account, remembered like the callers are.

use std::sync::Arc;

use domain::access::decision::Denial;
use domain::core::failure::Failure;
use domain::core::ids::AccountId;
use domain::users::{User, UserStatus};
use store::InAccount;
use store::systems::Systems;
use store::users::Users;

use crate::core::app::App;
use crate::core::generations::DependsOn;
use crate::core::membership::load_principal;
use crate::core::subject::{Places, Subject, SubjectKey};

/// The user behind a key; `None` when there is none in that account.
pub async fn find(app: &App, key: SubjectKey) -> Result<Option<Subject>, Failure> {
    if let Some(subject) = app.principals().subjects.get(&key) {
        return Ok(Some(subject));
    }
    let mut tx = app.db.read().await?;
    let mut bound = InAccount { tx: &mut tx, account: key.account() };
    let Some(found) = user(&mut bound, &key).await? else { return Ok(None) };
    let seen = app.principals().generations_of(DependsOn::Member(found.identity_id, key.account()));
    // Read again after the generation was noted, so that whatever changed in between is seen now or by the generation.
    let Some(found) = user(&mut bound, &key).await? else { return Ok(None) };
    let subject = match denial(found.status) {
        Some(denial) => Subject::NotActive(found.identity_id, denial),
        None => Subject::Active(load_principal(app, &mut tx, found.identity_id, key.account()).await?),
    };
    app.principals().subjects.keep(key, subject.clone(), seen);
    Ok(Some(subject))
}

async fn user(bound: &mut InAccount<'_>, key: &SubjectKey) -> Result<Option<User>, Failure> {
    Ok(match key {
        SubjectKey::Id(_, id) => Users::of(bound).find(*id).await?,
        SubjectKey::Email(_, email) => Users::of(bound).find_by_email(email).await?,
    })
}

/// The systems of an account with their environments.
pub async fn places(app: &App, account: AccountId) -> Result<Arc<Places>, Failure> {
    if let Some(places) = app.principals().places.get(&account) {
        return Ok(places);
    }
    let seen = app.principals().generations_of(DependsOn::Account(account));
    let mut tx = app.db.read().await?;
    let mut bound = InAccount { tx: &mut tx, account };
    let systems = Systems::of(&mut bound).list().await?.into_iter().map(|system| system.id).collect();
    let places = Arc::new(Places::of(systems, Systems::of(&mut bound).environments().await?));
    app.principals().places.keep(account, Arc::clone(&places), seen);
    Ok(places)
}

/// Why a user of this status cannot act; `None` when they can.
pub const fn denial(status: UserStatus) -> Option<Denial> {
    match status {
        UserStatus::Active => None,
        UserStatus::Provisioned => Some(Denial::UserProvisioned),
        UserStatus::Inactive => Some(Denial::UserInactive),
        UserStatus::Deleted => Some(Denial::UserDeleted),
    }
}
