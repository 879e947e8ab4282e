//! A change in several accounts: one transaction with an entry in the log of each. What the operator does to all of them, and what
//! concerns one person wherever they are active, is done and told everywhere or nowhere.

use domain::accounts::Account;
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::AccountId;
use store::Tx;

use super::Change;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Touches;
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::log_entry;

impl<'a> Change<'a> {
    /// A change of all these accounts that concerns one person alone, so that what is remembered of the accounts stays. See
    /// [`Draft::over_all`].
    ///
    /// # Errors
    /// 404 where one of them is not there, or none is named.
    pub(crate) async fn over_all(
        app: &'a App,
        caller: &'a Caller,
        tx: Tx,
        ids: Vec<AccountId>,
    ) -> Result<(Self, Vec<Account>), Failure> {
        let (draft, accounts) = Draft::over_all(app, caller, tx, ids).await?;
        Ok((draft.into_change().ok_or_else(super::only_previewed)?, accounts))
    }

    /// Goes on in another account that the transaction holds.
    pub(crate) async fn go_on_in(mut self, account: Account) -> Result<Self, Failure> {
        self.write_tally().await?;
        self.turn_to(account);
        Ok(self)
    }

    /// Ends a change of several accounts with the entry of each, which are told at most once.
    ///
    /// # Errors
    /// 409 when the idempotency key was used meanwhile; the database's own troubles. Then nothing is written anywhere.
    pub(crate) async fn commit_in_all(mut self, mut entries: Vec<(Account, Entry)>) -> Result<(), Failure> {
        let (account, last) = entries.pop().ok_or(NoSuch("account"))?;
        for (account, entry) in entries {
            self = self.go_on_in(account).await?;
            self.tell(entry).await?;
        }
        self.go_on_in(account).await?.commit(last, Touches::People).await
    }

    /// Writes its entry and gives the transaction on, to a change of the next account. Whoever has it last commits it, and makes
    /// everyone forget everything.
    pub(crate) async fn hand_on(mut self, entry: Entry) -> Result<Tx, Failure> {
        self.touches = Touches::People;
        self.write(entry).await?;
        Ok(self.draft.into_tx())
    }

    /// Writes what it counted in its account, and its entry there.
    pub(super) async fn tell(&mut self, entry: Entry) -> Result<(), Failure> {
        self.write_tally().await?;
        log_entry::write(self, entry).await
    }

    async fn write_tally(&mut self) -> Result<(), Failure> {
        let now = self.now();
        Ok(std::mem::take(&mut self.tally).write(self, now).await?)
    }
}
