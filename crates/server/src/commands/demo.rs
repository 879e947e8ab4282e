//! `portcullis demo`.

use clap::Args;
use service::demo;
use store::OpenAs;

use crate::cli_error::MISUSED;
use crate::config::Config;
use crate::{CliError, wiring};

/// What to make.
#[derive(Debug, Args)]
pub struct DemoCommand {
    /// Create the account "large" with this many users, instead of "demo" with 30. Indexes are dropped during the load, so
    /// don't run it beside a server in use
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    users: Option<u32>,
    /// Allow this outside development mode, although the demo passwords are public
    #[arg(long)]
    in_production: bool,
}

/// Makes it.
pub async fn run(config: &Config, command: DemoCommand) -> Result<(), CliError> {
    if !config.development && !command.in_production {
        let text = "The password of the demo users is public, and one of them is an admin. To add them to this \
         installation anyway, use --in-production.";
        return Err(CliError::new(MISUSED, text));
    }
    let app = wiring::app(config, OpenAs::Founder).await?;
    let (slug, people) = match command.users {
        None => (demo::account::SLUG, demo::create(&app).await?),
        Some(users) => {
            (demo::account::LARGE_SLUG, vec![demo::fill(&app, users, |done| eprint!("\r{done} people")).await?])
        }
    };
    if command.users.is_some() {
        eprintln!();
    }
    app.db.close().await;
    println!("Created the account {slug}. Sign in with the password {}.", demo::account::PASSWORD);
    for person in people {
        println!("  {:<28} {}", person.email, person.role);
    }
    Ok(())
}
