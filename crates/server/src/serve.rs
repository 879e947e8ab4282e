//! The server: opens everything, says where it is, serves until it is told to stop, and finishes what is under way.

use std::time::Duration;

use mail::Smtp;
use service::core::app::App;
use service::delivery::transport::Transport;
use service::demo::account::DemoPerson;
use service::installation::setup;
use service::{delivery, demo, jobs};
use store::{Engine, OpenAs};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use web::{ConnectionLimits, WebSettings};

use crate::cli_error::{FAILED, MISUSED};
use crate::config::Config;
use crate::{CliError, descriptors, telemetry, wiring};

/// Connections to the database that are opened at most, where the configuration does not say.
const USUAL_DATABASE_CONNECTIONS: u32 = 16;

/// Requests and mails under way may take so long after the signal to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// Told at the end of a server that was not started again after `portcullis replace-key`.
const KEY_LOST: &str = "The secret key of the installation was replaced, but this server was started with the old \
 one, so it stopped. Configure the new key here too and start it again.";

/// Serves until SIGTERM or SIGINT, or until the installation has another secret key than this server.
///
/// # Errors
/// Why it could not start, or broke, or has no right key anymore.
pub async fn serve(config: Config) -> Result<(), CliError> {
    telemetry::start(&config.log);
    let (tell, stop) = watch::channel(false);
    stop_by_signal(tell.clone())?;
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        let what =
            format!("Can't listen on {}. Stop the program that uses it, or change server.listen.", config.listen);
        CliError::from(error).while_doing(what)
    })?;
    let connections = connections(&config);
    let app = wiring::app(&config, OpenAs::Server).await?;
    let first_steps = prepare(&app, &config).await?;
    let transport = transport(&config)?;
    let port = listener.local_addr()?.port();
    let settings = WebSettings {
        is_development: transport.as_ref().is_some_and(Transport::is_mailbox),
        development_port: config.development.then_some(port),
        trusted_proxies: config.trusted_proxies.clone(),
        requests_per_minute: config.requests_per_minute,
        request_timeout: web::REQUEST_TIMEOUT,
        connections,
        streams: web::StreamLimits::default(),
    };
    let (router, site) = web::mount(app.clone(), settings);
    let worker = tokio::spawn(worker::run(app.clone(), transport, stop.clone()));
    let serving = tokio::spawn(web::serve(listener, router, site, stopped(stop.clone())));
    welcome(&app, &config, first_steps);

    let end = tokio::select! {
        () = stopped(stop) => Ok(()),
        () = app.key_lost() => Err(CliError::new(FAILED, KEY_LOST)),
    };
    // No one listening any more is fine.
    let _ = tell.send(true);
    let finish = async {
        let served = serving.await;
        let _ = worker.await;
        served
    };
    match tokio::time::timeout(DRAIN, finish).await {
        Ok(Ok(served)) => served?,
        Ok(Err(broken)) => tracing::error!(error = %broken, "The server failed."),
        Err(_) => tracing::warn!("Some requests took too long and were stopped."),
    }
    app.db.close().await;
    tracing::info!("stopped");
    end
}

/// The limits of connections that leave descriptors for the database.
fn connections(config: &Config) -> ConnectionLimits {
    let (wanted, files) = (config.connections, descriptors::raise());
    let database = config.database.max_connections.unwrap_or(USUAL_DATABASE_CONNECTIONS);
    let fitting = descriptors::fit(wanted, files, usize::try_from(database).unwrap_or(usize::MAX));
    if fitting.most < wanted.most {
        tracing::warn!(
            files,
            wanted = wanted.most,
            connections = fitting.most,
            "The limit of open files is too low for the configured connections. Raise it (LimitNOFILE, ulimit -n) or \
             lower limits.connections."
        );
    }
    fitting
}

/// Says stop at SIGTERM or SIGINT. Made first of all, so that no signal is lost.
fn stop_by_signal(tell: watch::Sender<bool>) -> Result<(), CliError> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("Stopping. Requests in progress are finished, new ones aren't accepted.");
        // No one listening any more is fine.
        let _ = tell.send(true);
    });
    Ok(())
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// What someone at the terminal can begin with.
enum FirstSteps {
    /// The one-time link that makes the first account.
    SetUp(String),
    /// Sign in as one of these.
    Demo(Vec<DemoPerson>),
    /// There are accounts: they know.
    Nothing,
}

/// What must be done before the first request.
async fn prepare(app: &App, config: &Config) -> Result<FirstSteps, CliError> {
    if app.db.engine() == Engine::Sqlite {
        let (mails, jobs) = (delivery::release_claims(app).await?, jobs::release_claims(app).await?);
        if mails + jobs > 0 {
            tracing::info!(mails, jobs, "What the previous server had claimed is available again.");
        }
    }
    if config.development {
        return Ok(demo::create_if_fresh(app).await?.map_or(FirstSteps::Nothing, FirstSteps::Demo));
    }
    Ok(setup::link(app).await?.map_or(FirstSteps::Nothing, FirstSteps::SetUp))
}

fn transport(config: &Config) -> Result<Option<Transport>, CliError> {
    match &config.smtp {
        Some(smtp) => {
            let smtp = Smtp::new(smtp).map_err(|error| CliError::new(MISUSED, format!("mail.smtp: {error}")))?;
            Ok(Some(Transport::smtp(smtp)))
        }
        None => Ok(config.development.then(Transport::mailbox)),
    }
}

/// Says where everything is. What only the operator may see goes to standard output, never to the log; a service manager
/// may keep both.
fn welcome(app: &App, config: &Config, first_steps: FirstSteps) {
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let url = &config.settings.public_url;
    if config.development {
        println!("\nPortcullis is running in development mode, for testing on this machine only.\n");
        println!("  Open      {url}");
        if config.smtp.is_none() {
            println!("  Mailbox   {url}/dev/mail      every email that would have been sent");
        }
        println!("  API       {url}/api/docs");
        println!("  Database  {}\n", place(app, config));
    }
    match first_steps {
        FirstSteps::SetUp(link) => {
            println!("There is no account yet. Open this link within 24 hours to create the first one:\n\n  {link}\n");
        }
        FirstSteps::Demo(people) => {
            println!("  Sign in to the account {} with the password {}", demo::account::SLUG, demo::account::PASSWORD);
            people.iter().for_each(|person| println!("    {:<28} {}", person.email, person.role));
            println!();
        }
        FirstSteps::Nothing => {}
    }
    tracing::info!(listen = %config.listen, %url, database = %place(app, config), "ready");
}

fn place(app: &App, config: &Config) -> String {
    match app.db.engine() {
        Engine::Sqlite => config.database.path.display().to_string(),
        Engine::Postgres => "PostgreSQL".to_owned(),
    }
}
