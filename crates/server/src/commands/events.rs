//! `portcullis events`.

use clap::Subcommand;
use domain::slug::Slug;
use service::verification;
use store::OpenAs;

use crate::complaint::FOUND_WRONG;
use crate::config::Config;
use crate::{Complaint, wiring};

/// About the activity log.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// Walk the hash chain of every account's log, or of one, and say where it breaks
    Verify {
        /// Only the account of this slug
        #[arg(long, value_name = "SLUG")]
        account: Option<Slug>,
    },
}

/// Does it.
pub async fn run(config: &Config, command: EventsCommand) -> Result<(), Complaint> {
    let EventsCommand::Verify { account } = command;
    let app = wiring::app(config, OpenAs::Tool).await?;
    let verdicts = verification::verify(&app, account.as_ref()).await?;
    app.db.close().await;
    let mut broken = 0;
    for verdict in &verdicts {
        match &verdict.broken {
            None => println!("{}: {} entries, whole", verdict.slug, verdict.entries),
            Some(reason) => {
                broken += 1;
                println!("{}: BROKEN after {} entries: {reason}", verdict.slug, verdict.entries);
            }
        }
    }
    if broken > 0 {
        let text = format!("the log of {broken} accounts is not whole: compare with a backup or an export");
        return Err(Complaint::new(FOUND_WRONG, text));
    }
    Ok(())
}
