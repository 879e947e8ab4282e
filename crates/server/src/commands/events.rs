//! `portcullis events`.

use clap::Subcommand;
use domain::core::slug::Slug;
use service::activity::verification;
use store::OpenAs;

use crate::cli_error::FOUND_WRONG;
use crate::config::Config;
use crate::{CliError, wiring};

/// About the activity log.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// Verify the hash chain and the seal of every account's activity log, or of one account's
    Verify {
        /// Verify only the account with this URL name
        #[arg(long, value_name = "SLUG")]
        account: Option<Slug>,
    },
}

/// What a whole and sealed log shows, and what not.
const PROVES: &str = "Intact and sealed: no one without this installation's secret key changed, added or removed an \
 entry or an account with its log. Anyone who can write to the database can still restore an earlier state of an \
 entire log. To detect that too, note the number and head of today's last entry elsewhere and look them up in a \
 later export.";

/// Runs the command.
pub async fn run(config: &Config, command: EventsCommand) -> Result<(), CliError> {
    let EventsCommand::Verify { account } = command;
    let app = wiring::app(config, OpenAs::Tool).await?;
    let logs = verification::verify(&app, account.as_ref()).await?;
    let accounts = verification::check_accounts(&app).await?;
    app.db.close().await;
    let mut broken = 0;
    for log in &logs {
        match &log.broken {
            None => {
                println!("{}: {} entries, intact and sealed, head {}", log.slug, log.entries, log.head);
            }
            Some(reason) => {
                broken += 1;
                println!("{}: BROKEN after {} entries: {reason}", log.slug, log.entries);
            }
        }
    }
    for id in &accounts.missing {
        println!("{id}: BROKEN: The log has entries, but the account is gone. It was removed from outside.");
    }
    if !accounts.are_sealed {
        println!(
            "BROKEN: The accounts aren't the ones this installation created. One was removed or added from outside, \
             with its log."
        );
    }
    if logs.is_empty() && accounts.missing.is_empty() && accounts.are_sealed {
        println!("There is no account yet, so there is no log.");
        return Ok(());
    }
    if broken == 0 && accounts.missing.is_empty() && accounts.are_sealed {
        println!("{PROVES}");
        return Ok(());
    }
    let text = match broken {
        0 => "Some logs are missing. Compare the accounts with a backup.".to_owned(),
        _ => format!("The logs of {broken} accounts aren't intact. Compare them with a backup or an export."),
    };
    Err(CliError::new(FOUND_WRONG, text))
}
