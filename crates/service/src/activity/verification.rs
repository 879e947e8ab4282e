//! Following the hash chains of activity logs: of one's own account, and of all of them for the operator.

use domain::accounts::Account;
use domain::activity::chain::{Chain, ChainBreak};
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use store::accounts::Accounts;
use store::activity::list::EventList;
use store::activity::{Events, StoredEvent};
use store::installation::Installation;
use store::{InAccount, Tx};

use crate::activity::{CHAIN_PIECE, EXPORT};
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::secrets::InstallationKey;

/// What following an account's log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogVerification {
    /// The account.
    pub slug: Slug,
    /// How many entries follow each other without a break.
    pub entries: i64,
    /// The hash of the latest entry, as the account has it.
    pub head: String,
    /// What is wrong with the log. Where nothing is, it is one that this installation has written: no one without its key
    /// altered, added or removed anything, except by putting an earlier state of the whole log back.
    pub broken: Option<ChainBreak>,
}

/// Follows the log of the caller's account.
///
/// # Errors
/// 403 for who may not read all of it. A broken chain is no failure but the answer.
pub async fn check(app: &App, caller: &Caller) -> Result<LogVerification, Failure> {
    caller.check(EXPORT)?;
    let _turn = app.turn(caller).await?;
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find(caller.account()?).await?.ok_or(NoSuch("account"))?;
    drop(tx);
    judge(app, &account).await
}

/// Follows the log of every account, or of one.
///
/// # Errors
/// There is no such account.
pub async fn verify(app: &App, only: Option<&Slug>) -> Result<Vec<LogVerification>, Failure> {
    let mut tx = app.db.read().await?;
    let accounts = Accounts(&mut tx).list().await?;
    drop(tx);
    let chosen: Vec<&Account> =
        accounts.iter().filter(|account| only.is_none_or(|slug| account.slug == *slug)).collect();
    if let (Some(slug), []) = (only, chosen.as_slice()) {
        let detail = format!("There is no account {slug}. `portcullis account list` lists all accounts.");
        return Err(refuse(Kind::Unknown, "not_found", detail));
    }
    let mut found = Vec::new();
    for account in chosen {
        found.push(judge(app, account).await?);
    }
    Ok(found)
}

/// What the list of accounts tells of logs that are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountsVerification {
    /// Ids of accounts that have a log but no account row.
    pub missing: Vec<String>,
    /// Whether the accounts are those that this installation made, none less and none more.
    pub are_sealed: bool,
}

/// Compares the accounts with the seal over all of them: with an account its whole log can be removed, which the other logs do
/// not tell.
pub async fn check_accounts(app: &App) -> Result<AccountsVerification, Failure> {
    let mut tx = app.db.read().await?;
    // In this order, as an account may be made between the two.
    for _ in 0..3 {
        let seal = Installation(&mut tx).accounts_seal().await?.unwrap_or_default();
        let accounts = Accounts(&mut tx).ids().await?;
        if app.key.has_sealed_accounts(&accounts, &seal) {
            return Ok(AccountsVerification { missing: Accounts(&mut tx).missing().await?, are_sealed: true });
        }
    }
    Ok(AccountsVerification { missing: Accounts(&mut tx).missing().await?, are_sealed: false })
}

async fn judge(app: &App, account: &Account) -> Result<LogVerification, Failure> {
    let mut walk = Walk::of(account);
    walk.follow_with_breaks(app, account).await?;
    let mut tx = app.db.read().await?;
    let broken = walk.finish(&mut tx, account, Some(&app.key)).await?;
    Ok(LogVerification {
        slug: account.slug.clone(),
        entries: walk.chain.len(),
        head: account.event_head.clone(),
        broken,
    })
}

/// A way through the log of an account, which can be gone on with when there are more entries.
pub(crate) struct Walk {
    chain: Chain,
    broken: Option<ChainBreak>,
    /// The first entry whose texts for the search were altered. Whatever else is wrong weighs more.
    found_wrongly: Option<i64>,
}

impl Walk {
    pub(crate) const fn of(account: &Account) -> Self {
        Self { chain: Chain::of(account.id), broken: None, found_wrongly: None }
    }

    /// Up to the entry that was the latest when the account was read: more may follow while the server runs. No connection
    /// is kept from one piece to the next, because a long log takes long.
    pub(crate) async fn follow_with_breaks(&mut self, app: &App, account: &Account) -> Result<(), Failure> {
        loop {
            let mut tx = app.db.read().await?;
            if !self.follow_piece(&mut tx, account).await? {
                return Ok(());
            }
        }
    }

    /// The same in one transaction.
    pub(crate) async fn follow(&mut self, tx: &mut Tx, account: &Account) -> Result<(), Failure> {
        while self.follow_piece(tx, account).await? {}
        Ok(())
    }

    /// False at the end, or where the log is broken.
    async fn follow_piece(&mut self, tx: &mut Tx, account: &Account) -> Result<bool, Failure> {
        let mut bound = InAccount { tx, account: account.id };
        let some = Events::of(&mut bound).after(self.chain.len(), CHAIN_PIECE).await?;
        let some: Vec<StoredEvent> =
            some.into_iter().filter(|stored| stored.event.seq <= account.event_count).collect();
        if some.is_empty() || self.broken.is_some() {
            return Ok(false);
        }
        let some = EventList::of(&mut bound).complete(some).await?;
        for stored in &some {
            if let Err(broken) = follow_one(&mut self.chain, stored) {
                self.broken = Some(broken);
                return Ok(false);
            }
        }
        // The texts that a search compares are in no hash, because they can be made again of what is.
        if self.found_wrongly.is_none() {
            self.found_wrongly = Events::of(&mut bound).found_wrongly(&some).await?;
        }
        Ok(true)
    }

    /// What is wrong, if anything: an entry, the end, something after it, the seal, or the texts for the search. Without a key the
    /// seal is not looked at.
    pub(crate) async fn finish(
        &self,
        tx: &mut Tx,
        account: &Account,
        key: Option<&InstallationKey>,
    ) -> Result<Option<ChainBreak>, Failure> {
        if let Some(broken) = &self.broken {
            return Ok(Some(broken.clone()));
        }
        let (count, head) = (account.event_count, &account.event_head);
        if let Err(broken) = self.chain.finish(count, head) {
            return Ok(Some(broken));
        }
        if let Some(seq) = Events::of(&mut InAccount { tx, account: account.id }).uncounted().await? {
            return Ok(Some(ChainBreak::Added { seq }));
        }
        let is_sealed = key.is_none_or(|key| key.has_sealed(account.id, count, head, &account.event_seal));
        if !is_sealed {
            return Ok(Some(ChainBreak::NotSealed { seq: count }));
        }
        Ok(self.found_wrongly.map(|seq| ChainBreak::FoundWrongly { seq }))
    }
}

/// The number of targets, which lists show, is no part of the entry but of its list of targets.
fn follow_one(chain: &mut Chain, stored: &StoredEvent) -> Result<(), ChainBreak> {
    let seq = stored.event.seq;
    if seq == chain.len() + 1 && i64::try_from(stored.event.targets.len()) != Ok(stored.target_count) {
        return Err(ChainBreak::Altered { seq });
    }
    chain.follow(&stored.event, stored.format, &stored.hash)
}
