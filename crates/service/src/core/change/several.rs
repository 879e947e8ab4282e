//! A change in several accounts: one transaction with an entry in the log of each. What the operator does to all of them, and what
//! concerns one person wherever they are active, is done and told everywhere or nowhere.

use domain::accounts::Account;
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::AccountId;
use store::Tx;
use store::accounts::Accounts;

use super::Change;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Touches;
use crate::core::entry::Entry;
use crate::core::log_entry;

impl<'a> Change<'a> {
    /// A change of all these accounts that concerns one person alone, so that what is remembered of the accounts stays. It begins in
    /// the first of them. The rows of all are held from the beginning, in the order of their ids and before anything else is: so
    /// neither two of these changes nor one of them and a change of a single account wait for each other in a circle.
    ///
    /// # Errors
    /// 404 where one of them is not there, or none is named.
    pub(crate) async fn over_all(
        app: &'a App,
        caller: &'a Caller,
        mut tx: Tx,
        mut ids: Vec<AccountId>,
    ) -> Result<(Self, Vec<Account>), Failure> {
        ids.sort_unstable();
        ids.dedup();
        let mut accounts = Vec::with_capacity(ids.len());
        for id in ids {
            accounts.push(Accounts(&mut tx).lock(id).await?.ok_or(NoSuch("account"))?);
        }
        let first = accounts.first().cloned().ok_or(NoSuch("account"))?;
        let mut change = Self::over(app, caller, first, tx);
        change.use_idempotency_key().await?;
        change.touches = Touches::People;
        Ok((change, accounts))
    }

    /// Goes on in another account that the transaction holds.
    pub(crate) async fn go_on_in(mut self, account: Account) -> Result<Self, Failure> {
        self.write_tally().await?;
        Ok(Self { account, ..self })
    }

    /// Ends a change of several accounts with the entry of each, which are told at most once.
    ///
    /// # Errors
    /// 409 when the idempotency key was used meanwhile; the database's own troubles. Then nothing is written anywhere.
    pub(crate) async fn commit_in_all(mut self, mut entries: Vec<(Account, Entry)>) -> Result<(), Failure> {
        let (account, last) = entries.pop().ok_or(NoSuch("account"))?;
        if self.caller.dry_run {
            return Ok(());
        }
        for (account, entry) in entries {
            self = self.go_on_in(account).await?;
            self.tell(entry).await?;
        }
        self.go_on_in(account).await?.commit(last, Touches::People).await
    }

    /// Writes its entry and gives the transaction on, to a change of the next account. Whoever has it last commits it, and makes
    /// everybody forget everything.
    pub(crate) async fn hand_on(mut self, entry: Entry) -> Result<Tx, Failure> {
        self.touches = Touches::People;
        self.write(entry).await?;
        Ok(self.tx)
    }

    /// Writes what it counted in its account, and its entry there.
    pub(super) async fn tell(&mut self, entry: Entry) -> Result<(), Failure> {
        self.write_tally().await?;
        log_entry::write(self, entry).await
    }

    async fn write_tally(&mut self) -> Result<(), Failure> {
        let now = self.now;
        Ok(std::mem::take(&mut self.tally).write(self, now).await?)
    }
}
