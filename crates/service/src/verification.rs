//! Following the hash chains of activity logs: of one's own account, and of all of them for the operator.

use domain::account::Account;
use domain::event::{Chain, ChainBreak};
use domain::refusal::Kind;
use domain::slug::Slug;
use store::Tenant;
use store::accounts::Accounts;
use store::events::StoredEvent;

use crate::app::App;
use crate::authentication::InAccount;
use crate::caller::Caller;
use crate::events::{CHAIN_PIECE, EXPORT};
use crate::failure::{Failure, NoSuch, refuse};

/// What following the chain of an account's log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The account.
    pub slug: Slug,
    /// How many entries follow each other without a break.
    pub entries: i64,
    /// The hash of the latest entry, as the account has it.
    pub head: String,
    /// Where and how the chain breaks.
    pub broken: Option<ChainBreak>,
}

/// Follows the log of the caller's account.
///
/// # Errors
/// 403 for who may not read all of it. A broken chain is no failure but the answer.
pub async fn check(app: &App, caller: &Caller) -> Result<Verdict, Failure> {
    caller.check(EXPORT)?;
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find(caller.account()?).await?.ok_or(NoSuch("account"))?;
    drop(tx);
    follow(app, &account).await
}

/// Follows the log of every account, or of one.
///
/// # Errors
/// There is no such account.
pub async fn verify(app: &App, only: Option<&Slug>) -> Result<Vec<Verdict>, Failure> {
    let mut tx = app.db.read().await?;
    let accounts = Accounts(&mut tx).list().await?;
    drop(tx);
    let chosen: Vec<&Account> =
        accounts.iter().filter(|account| only.is_none_or(|slug| account.slug == *slug)).collect();
    if let (Some(slug), []) = (only, chosen.as_slice()) {
        let detail = format!("there is no account {slug}; `portcullis account list` shows them");
        return Err(refuse(Kind::Unknown, "not_found", detail));
    }
    let mut verdicts = Vec::new();
    for account in chosen {
        verdicts.push(follow(app, account).await?);
    }
    Ok(verdicts)
}

async fn follow(app: &App, account: &Account) -> Result<Verdict, Failure> {
    let mut chain = Chain::default();
    let broken = follow_to_the_end(app, account, &mut chain).await?;
    let broken = broken.or_else(|| chain.finish(account.event_count, &account.event_head).err());
    Ok(Verdict { slug: account.slug.clone(), entries: chain.len(), head: account.event_head.clone(), broken })
}

/// Up to the entry that was the latest when the account was read: more may follow while the server runs. No connection is
/// kept from one piece to the next, because a long log takes long.
async fn follow_to_the_end(app: &App, account: &Account, chain: &mut Chain) -> Result<Option<ChainBreak>, Failure> {
    let mut seq = 0;
    loop {
        let mut tx = app.db.read().await?;
        let mut bound = InAccount { tx: &mut tx, account: account.id };
        let some = bound.events().after(seq, CHAIN_PIECE).await?;
        let some: Vec<StoredEvent> =
            some.into_iter().filter(|stored| stored.event.seq <= account.event_count).collect();
        if some.is_empty() {
            return Ok(None);
        }
        let whole = bound.event_list().complete(some).await?;
        drop(tx);
        for stored in whole {
            if let Err(broken) = chain.follow(&stored.event, &stored.hash) {
                return Ok(Some(broken));
            }
            seq = stored.event.seq;
        }
    }
}
