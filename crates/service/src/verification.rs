//! Walking the hash chains of the activity logs, for the operator.

use domain::account::Account;
use domain::event::{Chain, ChainBreak};
use domain::refusal::Kind;
use domain::slug::Slug;
use store::Tenant;
use store::accounts::Accounts;
use store::events::StoredEvent;

use crate::app::App;
use crate::authentication::InAccount;
use crate::failure::{Failure, refuse};

/// What was found in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The account.
    pub slug: Slug,
    /// Entries that follow each other without a break.
    pub entries: i64,
    /// Where and how the chain breaks.
    pub broken: Option<ChainBreak>,
}

/// Walks the log of every account, or of one.
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
        verdicts.push(verify_one(app, account).await?);
    }
    Ok(verdicts)
}

async fn verify_one(app: &App, account: &Account) -> Result<Verdict, Failure> {
    let mut chain = Chain::default();
    let broken = walk(app, account, &mut chain).await?.err();
    Ok(Verdict { slug: account.slug.clone(), entries: chain.len(), broken })
}

/// Up to the end that the account had when it was listed: more may follow while the server runs.
async fn walk(app: &App, account: &Account, chain: &mut Chain) -> Result<Result<(), ChainBreak>, Failure> {
    const PAGE: i64 = 500;
    let mut tx = app.db.read().await?;
    let mut bound = InAccount { tx: &mut tx, account: account.id };
    while chain.len() < account.event_count {
        let page = bound.events().after(chain.len(), PAGE.min(account.event_count - chain.len())).await?;
        if page.is_empty() {
            break;
        }
        for stored in page {
            let (event, hash) = whole(&mut bound, stored).await?;
            if let Err(broken) = chain.follow(&event, &hash) {
                return Ok(Err(broken));
            }
        }
    }
    Ok(chain.finish(account.event_count, &account.event_head))
}

async fn whole(bound: &mut InAccount<'_>, stored: StoredEvent) -> Result<(domain::event::Event, String), Failure> {
    let StoredEvent { mut event, target_count: _, hash } = stored;
    event.targets = bound.events().targets(event.seq, 0, i64::MAX).await?;
    Ok((event, hash))
}
