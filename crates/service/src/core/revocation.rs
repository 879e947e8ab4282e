//! Ending what people could still use to get into an account (P9): counted in a plan, ended in its change.

use std::collections::HashMap;

use domain::core::failure::Failure;
use domain::core::ids::{IdentityId, UserId};
use domain::core::timestamp::Timestamp;
use domain::credentials::link::LinkEnd;
use domain::sign_in::session::EndedBy;
use domain::users::User;
use store::Tenant;
use store::api_keys::ApiKeys;
use store::credentials::links::Links;
use store::outbox::Outbox;
use store::sign_in::identities::Identities;
use store::sign_in::session_accounts::SessionAccounts;
use store::sign_in::sessions::Sessions;

use crate::core::change::Change;
use crate::core::draft::Draft;

/// What [`Change::revoke`] ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Revoked {
    /// Sessions that entered this account and do not work here anymore. Whether they ended altogether would tell who is active
    /// elsewhere (D2).
    pub sessions: u64,
    /// API keys.
    pub api_keys: u64,
    /// Links that were mailed and not used.
    pub links: u64,
}

impl Draft<'_> {
    /// What [`Change::revoke`] would end.
    pub async fn revocable(&mut self, users: &[User]) -> Result<Revoked, Failure> {
        let (account, now) = (self.account().id, self.now());
        let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
        let api_keys = ApiKeys::of(self).count_open_of(&ids).await?;
        let links = Links(self.tx()).count_open_of(account, &ids).await?;
        let access_from: HashMap<IdentityId, Timestamp> =
            users.iter().map(|user| (user.identity_id, user.credentials_valid_from)).collect();
        let works = |person: &IdentityId, since: &Timestamp| access_from.get(person).is_some_and(|from| since >= from);
        let opened = SessionAccounts(self.tx()).entering_times(account, &ids, now).await?;
        let sessions = opened.iter().filter(|(person, since)| works(person, since)).count();
        Ok(Revoked { sessions: u64::try_from(sessions).unwrap_or(u64::MAX), api_keys, links })
    }
}

impl Change<'_> {
    /// Ends what these users could still use to get into this account, in this transaction (P9): API keys, links
    /// and mails with links that did not leave; sessions made before now stop working here, and end altogether for people
    /// who are active nowhere else, where whoever holds one is told `by` what. What people asked for themselves to choose a new
    /// password ends where they are active nowhere anymore. Every operation that takes access away calls
    /// this and nothing else.
    pub async fn revoke(&mut self, users: &[User], by: EndedBy) -> Result<(), Failure> {
        let (account, now) = (self.account().id, self.now());
        let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
        let people: Vec<IdentityId> = users.iter().map(|user| user.identity_id).collect();
        // Before anything else of theirs, and before it is asked whether they are active elsewhere.
        Identities(self.tx()).hold(&people).await?;
        ApiKeys::of(self).end_of_users(&ids, now).await?;
        Links(self.tx()).end_of_users(account, &ids, LinkEnd::Revoked, now).await?;
        Sessions(self.tx()).end_of_people_active_only_in(account, &ids, by).await?;
        Links(self.tx()).end_of_people_active_nowhere(&people, now).await?;
        Outbox(self.tx()).cancel_dead_links_of(&people, now).await?;
        for user in users {
            self.touch_identity(user.identity_id);
        }
        Ok(())
    }
}
