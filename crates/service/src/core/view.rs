//! A read in one account: it starts with a need, and when it is the caller's turn.

use domain::access::Need;
use domain::core::failure::Failure;
use domain::core::ids::AccountId;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::turns::Turn;

impl App {
    /// Starts a read in the caller's account, when it is the caller's turn. Within one, no other is started.
    pub async fn view(&self, caller: &Caller, need: Need) -> Result<View, Failure> {
        caller.check(need)?;
        let turn = self.turn(caller).await?;
        Ok(View { account: caller.account()?, tx: self.db.read().await?, _turn: turn })
    }

    /// Goes on with a read whose caller was checked when it began: with the next piece of a file, when it is their turn.
    pub(crate) async fn next_view(&self, caller: &Caller) -> Result<View, Failure> {
        let turn = self.reads().wait(caller).await?;
        Ok(View { account: caller.account()?, tx: self.db.read().await?, _turn: turn })
    }

    /// Waits until the caller may read. For reads of several transactions; [`App::view`] does it by itself.
    pub(crate) async fn turn(&self, caller: &Caller) -> Result<Turn, Failure> {
        self.reads().take(caller).await
    }
}

/// A read in one account.
pub struct View {
    account: AccountId,
    tx: Tx,
    _turn: Turn,
}

impl Tenant for View {
    fn bound(&mut self) -> (&mut Tx, AccountId) {
        (&mut self.tx, self.account)
    }
}

impl View {
    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }
}
