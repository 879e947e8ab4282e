//! What is bound to one account: every handle here carries the account into its statements.

use domain::core::ids::AccountId;

use crate::Tx;
use crate::accounts::UserCounts;
use crate::accounts::logos::Logos;
use crate::activity::Events;
use crate::activity::list::EventList;
use crate::api_keys::ApiKeys;
use crate::invitations::Invitations;
use crate::jobs::Jobs;
use crate::roles::Roles;
use crate::statistics::Figures;
use crate::systems::{SystemGrants, Systems};
use crate::users::Users;
use crate::users::list::UserList;
use crate::users::saved_views::SavedViews;

/// A transaction or read that belongs to one account.
pub trait Tenant {
    /// The transaction and the account it is about.
    fn bound(&mut self) -> (&mut Tx, AccountId);

    /// Its users.
    fn users(&mut self) -> Users<'_> {
        let (tx, account) = self.bound();
        Users { tx, account }
    }

    /// The list of its users.
    fn user_list(&mut self) -> UserList<'_> {
        let (tx, account) = self.bound();
        UserList { tx, account }
    }

    /// The kept counts of its users.
    fn user_counts(&mut self) -> UserCounts<'_> {
        let (tx, account) = self.bound();
        UserCounts { tx, account }
    }

    /// Its figures by day.
    fn figures(&mut self) -> Figures<'_> {
        let (tx, account) = self.bound();
        Figures { tx, account }
    }

    /// The views that its people saved.
    fn saved_views(&mut self) -> SavedViews<'_> {
        let (tx, account) = self.bound();
        SavedViews { tx, account }
    }

    /// Its custom roles.
    fn roles(&mut self) -> Roles<'_> {
        let (tx, account) = self.bound();
        Roles { tx, account }
    }

    /// Its systems.
    fn systems(&mut self) -> Systems<'_> {
        let (tx, account) = self.bound();
        Systems { tx, account }
    }

    /// Who has which systems.
    fn system_grants(&mut self) -> SystemGrants<'_> {
        let (tx, account) = self.bound();
        SystemGrants { tx, account }
    }

    /// Its invitations.
    fn invitations(&mut self) -> Invitations<'_> {
        let (tx, account) = self.bound();
        Invitations { tx, account }
    }

    /// Its API keys.
    fn api_keys(&mut self) -> ApiKeys<'_> {
        let (tx, account) = self.bound();
        ApiKeys { tx, account }
    }

    /// Its jobs.
    fn jobs(&mut self) -> Jobs<'_> {
        let (tx, account) = self.bound();
        Jobs { tx, account }
    }

    /// Its logo.
    fn logos(&mut self) -> Logos<'_> {
        let (tx, account) = self.bound();
        Logos { tx, account }
    }

    /// Its activity log, as it is read.
    fn event_list(&mut self) -> EventList<'_> {
        let (tx, account) = self.bound();
        EventList { tx, account }
    }

    /// Its activity log.
    fn events(&mut self) -> Events<'_> {
        let (tx, account) = self.bound();
        Events { tx, account }
    }
}

/// A transaction seen from one account, where the account comes from a secret and not from a path.
pub struct InAccount<'t> {
    /// The transaction.
    pub tx: &'t mut Tx,
    /// The account.
    pub account: AccountId,
}

impl Tenant for InAccount<'_> {
    fn bound(&mut self) -> (&mut Tx, AccountId) {
        (self.tx, self.account)
    }
}
