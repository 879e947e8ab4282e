//! The command line.

mod accounts;
mod backup;
mod demo;
mod events;
mod mail;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use rustix::fs::Mode as FileMode;
use service::installation::key_replacement::{self, Replaced};
use store::{Db, OpenAs};

use crate::cli_error::FAILED;
use crate::config::{Config, EXAMPLE, Mode};
use crate::{CliError, serve, wiring};

/// Self-hosted admin center: manage users, roles and access, with a verifiable activity log.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, about)]
pub struct Portcullis {
    /// The configuration file [default: portcullis.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Development mode, to try things out on this machine: a demo account, and a page with the emails instead of a mail server
    #[arg(long, global = true)]
    dev: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default)
    Serve,
    /// Migrate the database schema and exit
    Migrate,
    /// Manage accounts
    #[command(subcommand)]
    Account(accounts::AccountCommand),
    /// Recover access for a user
    #[command(subcommand)]
    User(accounts::UserCommand),
    /// The mail server
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The activity log
    #[command(subcommand)]
    Events(events::EventsCommand),
    /// Back up the SQLite database, even while the server is running
    Backup(BackupFile),
    /// Restore the SQLite database from a backup; everyone has to sign in again
    Restore(BackupFile),
    /// End all sessions, links and API keys after restoring PostgreSQL from a backup
    AfterRestore,
    /// Switch the installation to the configured secret key, if the old one was lost or leaked. Unused email links stop working,
    /// and servers still running with the old key stop
    ReplaceKey(ReplaceKey),
    /// Create an account with demo data
    Demo(demo::DemoCommand),
    /// Print the OpenAPI description of the API
    Openapi,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the configuration and report errors
    Check,
    /// Print an example with every setting and its default
    Example,
}

#[derive(Debug, Args)]
struct ReplaceKey {
    /// A file with the old key, if there is one: with it the seals of the activity logs are checked before they get new ones
    #[arg(long, value_name = "FILE")]
    old_key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct BackupFile {
    /// The file of the backup
    file: PathBuf,
}

/// Runs what was asked for and says how it ended.
pub fn run(asked: Portcullis) -> ExitCode {
    // Whatever a library makes is for us alone, too: files of SQLite, for example.
    rustix::process::umask(FileMode::RWXG.union(FileMode::RWXO));
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::from)
        .and_then(|runtime| runtime.block_on(carry_out(asked)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => complaint.tell(),
    }
}

async fn carry_out(asked: Portcullis) -> Result<(), CliError> {
    let mode = if asked.dev { Mode::Development } else { Mode::Production };
    let load = || Config::load(asked.config.as_deref(), mode);
    match asked.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(load()?).await,
        Command::Migrate => migrate(load()?).await,
        Command::Account(command) => accounts::account(&load()?, command).await,
        Command::User(command) => accounts::user(&load()?, command).await,
        Command::Mail(command) => mail::run(&Config::check(asked.config.as_deref(), mode)?, command).await,
        Command::Config(ConfigCommand::Check) => {
            check(&Config::check(asked.config.as_deref(), mode)?);
            Ok(())
        }
        Command::Config(ConfigCommand::Example) => {
            print!("{EXAMPLE}");
            Ok(())
        }
        Command::Events(command) => events::run(&load()?, command).await,
        Command::Backup(BackupFile { file }) => backup::backup(&load()?, &file).await,
        Command::Restore(BackupFile { file }) => backup::restore(&load()?, &file).await,
        Command::AfterRestore => backup::after_restore(&load()?).await,
        Command::ReplaceKey(ReplaceKey { old_key_file }) => replace_key(load()?, old_key_file).await,
        Command::Demo(command) => demo::run(&load()?, command).await,
        Command::Openapi => openapi(),
    }
}

/// As a server, so that it happens once and not beside another one.
async fn migrate(config: Config) -> Result<(), CliError> {
    let db = Db::open(&config.database, OpenAs::Server).await?;
    db.close().await;
    println!("The schema is up to date.");
    Ok(())
}

/// As a server, because one that runs has the old key in memory. Those on PostgreSQL notice and stop.
async fn replace_key(config: Config, old_key_file: Option<PathBuf>) -> Result<(), CliError> {
    let old = old_key_file.as_deref().map(Config::read_key).transpose()?;
    let app = wiring::app_with_any_key(&config, &config.database, OpenAs::Maintenance).await?;
    let Replaced { links, broken_logs, accounts_are_wrong } = key_replacement::replace_key(&app, old.as_ref()).await?;
    app.db.close().await;
    println!("The installation now uses the configured key. {links} open links ended. Resend invitations.");
    for (slug, broken) in broken_logs {
        println!("The log of {slug} isn't intact. A broken chain isn't sealed with the new key: {broken}");
    }
    if accounts_are_wrong {
        println!(
            "An account was removed or added from outside, so the list of accounts wasn't sealed with the new \
         key."
        );
    }
    Ok(())
}

fn check(config: &Config) {
    let from = config.file.as_ref().map_or_else(|| "no file".to_owned(), |file| file.display().to_string());
    let mode = if config.development { "development mode" } else { "production" };
    for warning in &config.warnings {
        println!("warning: {warning}");
    }
    println!(
        "The configuration is valid ({from}; {mode}; links start with {}; {}; {}).",
        config.settings.public_url,
        config.database.place(),
        config
            .smtp
            .as_ref()
            .map_or_else(|| "no mail server".to_owned(), |smtp| format!("mail server {}:{}", smtp.host, smtp.port))
    );
}

fn openapi() -> Result<(), CliError> {
    let text = web::description().to_pretty_json().map_err(|error| CliError::new(FAILED, error.to_string()))?;
    println!("{text}");
    Ok(())
}
