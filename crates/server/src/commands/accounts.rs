//! `portcullis account` and `portcullis user`.

use clap::{Args, Subcommand};
use domain::accounts::AccountKind;
use domain::core::email_address::EmailAddress;
use domain::core::label::Label;
use domain::core::person_name::PersonName;
use domain::core::slug::Slug;
use service::installation::account_creation::{self, NewAccount};
use service::installation::recovery;
use store::OpenAs;

use crate::config::Config;
use crate::{CliError, wiring};

/// About accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account and invite its first admin
    Create(Create),
    /// List the accounts
    List,
}

/// A new account.
#[derive(Debug, Args)]
pub struct Create {
    /// Its name
    name: Label,
    /// Email address of its first admin
    #[arg(long, value_name = "EMAIL")]
    admin: EmailAddress,
    /// Name of its first admin
    #[arg(long, value_name = "NAME")]
    admin_name: Option<PersonName>,
    /// URL name of the account [default: derived from the name]
    #[arg(long)]
    slug: Option<Slug>,
    /// An agency that works for customers
    #[arg(long)]
    partner: bool,
}

/// About people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Print a one-time link for a user who lost access or never accepted their invitation. Recorded in the account's activity log
    Recover {
        /// Email address of the user
        email: EmailAddress,
        /// The account in which they are active or invited
        #[arg(long, value_name = "SLUG")]
        account: Slug,
    },
}

/// Does what was asked about accounts; works beside a running server.
pub async fn account(config: &Config, command: AccountCommand) -> Result<(), CliError> {
    // An installation may begin with its first account.
    let who = if matches!(command, AccountCommand::Create(_)) { OpenAs::Founder } else { OpenAs::Tool };
    let app = wiring::app(config, who).await?;
    match command {
        AccountCommand::Create(create) => {
            let kind = if create.partner { AccountKind::Partner } else { AccountKind::Customer };
            let new = NewAccount {
                name: create.name,
                slug: create.slug,
                kind,
                admin: create.admin,
                admin_name: create.admin_name,
            };
            let made = account_creation::create(&app, new).await?;
            println!("Created the account {} ({}). Its first admin was invited.", made.slug, made.id);
        }
        AccountCommand::List => {
            for row in account_creation::list(&app).await? {
                let account = row.account;
                println!("{:<24} {:<9} {:>8} users  {}", account.slug, account.kind, row.users, account.name);
            }
        }
    }
    app.db.close().await;
    Ok(())
}

/// Does what was asked about people; works beside a running server.
pub async fn user(config: &Config, command: UserCommand) -> Result<(), CliError> {
    let UserCommand::Recover { email, account } = command;
    let app = wiring::app(config, OpenAs::Tool).await?;
    let link = recovery::link(&app, &account, &email).await?;
    app.db.close().await;
    let (address, until) = (link.address, link.expires_at);
    println!(
        "Give this link to {email} through a channel that no one else can read. It works once, until {until}:\n\n  \
         {address}"
    );
    Ok(())
}
