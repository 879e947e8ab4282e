//! `portcullis demo`.

use clap::Args;
use service::demo;
use store::OpenAs;

use crate::config::Config;
use crate::{Complaint, wiring};

/// What to make.
#[derive(Debug, Args)]
pub struct DemoCommand {
    /// Make the account «large» with so many people, instead of «demo» with 30
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    users: Option<u32>,
}

/// Makes it.
pub async fn run(config: &Config, command: DemoCommand) -> Result<(), Complaint> {
    let app = wiring::app(config, OpenAs::Tool).await?;
    let (slug, people) = match command.users {
        None => (demo::SLUG, demo::create(&app).await?),
        Some(users) => (demo::LARGE_SLUG, vec![demo::fill(&app, users, |done| eprint!("\r{done} people")).await?]),
    };
    if command.users.is_some() {
        eprintln!();
    }
    app.db.close().await;
    println!("made the account «{slug}»; sign in with the password {}", demo::PASSWORD);
    for person in people {
        println!("  {:<28} {}", person.email, person.role);
    }
    Ok(())
}
