//! A draft: what an operation plans on, before anything is written.
//!
//! A preview and the change that follows it are decided by one and the same code. It reads from a draft, asks the rules of `domain`
//! about what it read, and comes to a plan. For a preview the draft is a connection for reading, which holds up no one; for the change
//! itself it is the transaction that holds the account's row, so that the plan made in it is still true when it is written.
//!
//! Example, `POST …/users/usr_…/disable`:
//!
//! ```ignore
//! let mut draft = app.draft(caller, DISABLE).await?;           // need checked; held, unless this is a preview
//! let plan = plan(&mut draft, id, Move::Disable).await?;        // rules and impact; only reads
//! let Some(mut change) = draft.into_change() else { return Ok(plan.answer) };
//! apply(&mut change, &plan).await?;                             // only writes
//! change.commit(plan.entry, Touches::People).await?;
//! ```

use domain::access::Need;
use domain::accounts::Account;
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::ids::{AccountId, Id};
use domain::core::refusal::Kind;
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::SessionEnded;
use domain::users::UserStatus;
use store::accounts::Accounts;
use store::installation::Installation;
use store::users::Users;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::authority::Authority;
use crate::core::caller::Caller;
use crate::core::membership::principal_of;
use crate::core::turns::Turn;
use crate::core::{idempotency, standing};

/// What an operation plans on: one account, read for a preview and held for a change.
pub struct Draft<'a> {
    app: &'a App,
    caller: &'a Caller,
    account: Account,
    tx: Tx,
    now: Timestamp,
    /// Both a preview and a change wait for their turn: one among the caller's reads, the other among the account's changes.
    _turn: Turn,
}

impl Tenant for Draft<'_> {
    fn bound(&mut self) -> (&mut Tx, AccountId) {
        (&mut self.tx, self.account.id)
    }
}

impl App {
    /// Starts to plan a change in the caller's account: checks the need, and for all but a preview takes the account's row and checks
    /// again that the caller still is who they were.
    pub async fn draft<'a>(&'a self, caller: &'a Caller, need: Need) -> Result<Draft<'a>, Failure> {
        caller.check(need)?;
        let account = caller.account()?;
        if !caller.dry_run {
            return Draft::held(self, caller, account, true).await;
        }
        let turn = self.turn(caller).await?;
        let mut tx = self.db.read().await?;
        let account = row(&mut tx, caller, account).await?;
        Ok(Draft::over(self, caller, account, tx).in_turn(turn))
    }
}

impl<'a> Draft<'a> {
    /// A draft in a transaction that holds the account's row, or for a preview has read it.
    pub(crate) fn over(app: &'a App, caller: &'a Caller, account: Account, tx: Tx) -> Self {
        Self { app, caller, account, tx, now: app.clock.now(), _turn: Turn::new() }
    }

    /// A draft that holds the account, to be written. Where the caller acts by a membership, it must still be theirs.
    pub(crate) async fn held(
        app: &'a App,
        caller: &'a Caller,
        account: AccountId,
        by_membership: bool,
    ) -> Result<Self, Failure> {
        let turn = app.changes().take(caller.actor.responsible, &[account]).await?;
        let mut tx = app.db.write().await?;
        let account = Accounts(&mut tx).lock(account).await?.ok_or(NoSuch("account"))?;
        let mut draft = Self::over(app, caller, account, tx).in_turn(turn);
        if by_membership {
            draft.check_caller_is_unchanged().await?;
        }
        // Before any rule: it would refuse for what the same request has just done.
        draft.use_idempotency_key().await?;
        Ok(draft)
    }

    /// The same with the turn that it waited for.
    pub(crate) fn in_turn(self, turn: Turn) -> Self {
        Self { _turn: turn, ..self }
    }

    /// A draft of a change in all these accounts. It begins in the first of them. The rows of all are held from the beginning, in the
    /// order of their ids and before anything else is: so neither two of these changes nor one of them and a change of a single
    /// account wait for each other in a circle. A preview only reads them.
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
            accounts.push(row(&mut tx, caller, id).await?);
        }
        let first = accounts.first().cloned().ok_or(NoSuch("account"))?;
        let mut draft = Self::over(app, caller, first, tx);
        if !caller.dry_run {
            draft.use_idempotency_key().await?;
        }
        Ok((draft, accounts))
    }

    /// What the caller was checked with may be a moment old. Under the account's lock it must still be true, or an admin
    /// who was just disabled could finish one more act (X1). Where nothing in the account was changed since, what they hold in
    /// it is what it was; what they proved themselves by belongs to no account and is always looked at.
    async fn check_caller_is_unchanged(&mut self) -> Result<(), Failure> {
        let (app, caller, account) = (self.app, self.caller, self.account.clone());
        let Authority::Member(known, basis) = &caller.authority else { return Ok(()) };
        let user = Users::of(self).find(known.user_id).await?.filter(|user| user.status == UserStatus::Active);
        let user = user.ok_or(SessionEnded::Ended)?;
        let is_as_known = known.account_version + 1 == account.version && known.is_valid_at(self.now);
        let owner = match is_as_known {
            true => known.as_ref().clone(),
            false => principal_of(app, self, &account, &user).await?,
        };
        let current = standing::current(app, self, basis, owner).await?;
        if current.still_holds(known) {
            return Ok(());
        }
        Err(refuse(
            Kind::Conflict,
            "access_changed",
            "Your own access was just changed. Reload the page and try again.",
        ))
    }

    /// Notes the caller's idempotency key, so that the same request is not done twice.
    ///
    /// # Errors
    /// 409 when it was used meanwhile.
    pub(crate) async fn use_idempotency_key(&mut self) -> Result<(), Failure> {
        let Some(key) = self.caller.idempotency.as_ref() else { return Ok(()) };
        let (now, since) = (self.now, self.now.minus(idempotency::KEPT_FOR));
        if Installation(&mut self.tx).use_key(&key.caller, &key.key, &key.fingerprint, now, since).await? {
            return Ok(());
        }
        Err(idempotency::in_use())
    }

    /// The application.
    pub fn app(&self) -> &'a App {
        self.app
    }

    /// The caller.
    pub fn caller(&self) -> &'a Caller {
        self.caller
    }

    /// The account, as it was when the draft began.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The instant of this draft and of the change that it becomes; the same for all of it.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A new id.
    pub fn new_id<T: Id>(&self) -> T {
        self.app.new_id()
    }

    /// Goes on in another account that the transaction holds.
    pub(crate) fn turn_to(&mut self, account: Account) {
        self.account = account;
    }

    /// The transaction, for whoever ends it.
    pub(crate) fn into_tx(self) -> Tx {
        self.tx
    }
}

/// The row of an account: held until the end of the change, or only read for a preview.
async fn row(tx: &mut Tx, caller: &Caller, id: AccountId) -> Result<Account, Failure> {
    let found = match caller.dry_run {
        true => Accounts(tx).find(id).await?,
        false => Accounts(tx).lock(id).await?,
    };
    found.ok_or_else(|| NoSuch("account").into())
}
