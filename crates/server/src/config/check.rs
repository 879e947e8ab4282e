//! Whether a configuration makes sense.

use std::net::Ipv6Addr;
use std::num::NonZeroU32;
use std::path::Path;

use domain::access::catalog::Catalog;
use domain::core::email_address::EmailAddress;
use mail::{MailError, ReplyTo};
use service::core::app::{MailLimits, Settings};
use service::delivery;
use store::{DatabaseConfig, check_postgres_url, name_beside};
use tracing_subscriber::EnvFilter;
use web::ConnectionLimits;

use super::checked::{Config, Mode};
use super::error::ConfigError;
use super::exposure::{self, Holds};
use super::read::Found;
use super::secret_key;
use super::sections::{self, Database, Limits, Log, Server};

/// Checks what was found. `database_url` is the variable `DATABASE_URL`, which many hosts set.
pub fn check(found: Found, mode: Mode, database_url: Option<String>) -> Result<Config, ConfigError> {
    let Found { sections, file, file_has_key, file_has_secrets } = found;
    let development = mode == Mode::Development;
    let mut warnings = Vec::new();
    if let Some(file) = file.as_deref() {
        check_file(file, file_has_key, file_has_secrets, development, &mut warnings)?;
    }
    let public_url = match mode {
        Mode::Development => development_url(&sections.server)?,
        Mode::Production => public_url(&sections.server, &mut warnings)?,
    };
    let database = database(sections.database, database_url, &mut warnings)?;
    let key_file = database.path.with_file_name("secret.key");
    let (key, unkept_key) =
        secret_key::key(sections.security, development.then_some(key_file.as_path()), &mut warnings)?;
    filter(&sections.log)?;
    let usual = MailLimits::default();
    let mail_limits = MailLimits {
        per_recipient_hour: sections.mail.per_recipient_hour.map_or(usual.per_recipient_hour, i64::from),
        per_account_recipient_hour: sections
            .mail
            .per_account_recipient_hour
            .map_or(usual.per_account_recipient_hour, i64::from),
        per_sender_day: sections.mail.per_sender_day.map_or(usual.per_sender_day, i64::from),
        per_account_day: sections.mail.per_account_day.map_or(usual.per_account_day, i64::from),
    };
    let reply_to = reply_to(sections.mail.reply_to.as_deref())?;
    let smtp = sections.mail.smtp.map(|section| smtp(section, &mut warnings)).transpose()?;
    if smtp.is_none() && !development {
        warnings.push(
            "There is no mail server. Invitations and password resets wait in the outbox until [mail.smtp] is \
             configured."
                .to_owned(),
        );
    }
    Ok(Config {
        listen: sections.server.listen,
        trusted_proxies: sections.server.trusted_proxies,
        requests_per_minute: sections.limits.requests_per_minute,
        connections: connections(&sections.limits)?,
        settings: Settings { public_url, mail_limits, reply_to },
        database,
        smtp,
        key,
        unkept_key,
        catalog: catalog(sections.catalog.path.as_deref())?,
        log: sections.log,
        development,
        file,
        warnings,
    })
}

/// One source must leave room for others.
fn connections(limits: &Limits) -> Result<ConnectionLimits, ConfigError> {
    let connections = limits.connections();
    if connections.per_source < connections.most || connections.most == 1 {
        return Ok(connections);
    }
    let reason = format!("It must not be less than limits.connections, which is {}.", connections.most);
    Err(ConfigError::setting("limits.connections_per_source", &reason))
}

/// The address of the development mode, which no one else reaches.
fn development_url(server: &Server) -> Result<String, ConfigError> {
    if server.public_url.is_some() {
        return Err(ConfigError::setting(
            "server.public_url",
            "Development mode (--dev) always uses the address of this machine. Remove one of the two.",
        ));
    }
    if !server.listen.ip().to_canonical().is_loopback() {
        return Err(ConfigError::setting(
            "server.listen",
            "The mailbox of development mode (--dev) is open to anyone who can reach it, so it listens only on this \
             machine. Remove --dev and set server.public_url to the address people use.",
        ));
    }
    Ok(format!("http://localhost:{}", server.listen.port()))
}

fn public_url(server: &Server, warnings: &mut Vec<String>) -> Result<String, ConfigError> {
    let Some(url) = &server.public_url else {
        return Err(ConfigError::setting(
            "server.public_url",
            "It is missing. To try Portcullis on this machine, add --dev to the command. To run it for others, set \
             the address they use in portcullis.toml (`portcullis config example` prints one) or as \
             PORTCULLIS__SERVER__PUBLIC_URL.",
        ));
    };
    let wrong = |reason: &str| ConfigError::setting("server.public_url", reason);
    let (scheme, rest) = url
        .trim_end_matches('/')
        .split_once("://")
        .ok_or_else(|| wrong("It must be the full address people use, such as https://admin.example.com."))?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "https" | "http") {
        return Err(wrong("It must start with https:// (or http:// for testing)."));
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let in_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    if !host.chars().all(in_host) || !is_host(host) || !path.chars().all(in_path) || rest.contains("//") {
        return Err(wrong(
            "It must be a host name with an optional port and an optional path of letters, digits, hyphens and \
             underscores, such as https://example.com/admin.",
        ));
    }
    if scheme == "http" && !is_this_machine(host) {
        warnings.push(format!(
            "server.public_url is {url}. Over http, browsers don't stay signed in and anyone on the network can read \
             the traffic. Use https."
        ));
    }
    Ok(format!("{}{}", origin(&scheme, host), rest.strip_prefix(host).unwrap_or_default()))
}

/// How browsers write the beginning of an address (`Origin`, RFC 6454): in small letters, without a port that goes without saying.
fn origin(scheme: &str, host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(usual).unwrap_or(&host);
    format!("{scheme}://{}", host.strip_suffix('.').unwrap_or(host))
}

fn filter(log: &Log) -> Result<(), ConfigError> {
    if log.filter.is_empty() {
        let reason = "The setting is empty. Use for example \"info\", or \"off\" for no log.";
        return Err(ConfigError::setting("log.filter", reason));
    }
    let read = EnvFilter::try_new(&log.filter);
    read.map(drop).map_err(|error| {
        let reason = format!("{error}. Use for example \"info\" or \"info,store=debug\".");
        ConfigError::setting("log.filter", &reason)
    })
}

/// A name or an address, perhaps with a port.
fn is_host(text: &str) -> bool {
    if let Some((address, port)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    name.strip_suffix('.').unwrap_or(name).split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name.parse().is_ok_and(|address: std::net::Ipv4Addr| address.is_loopback())
}

/// The file of the configuration: with the secret key in it, it has to be as private as that.
fn check_file(
    file: &Path,
    has_key: bool,
    has_secrets: bool,
    development: bool,
    warnings: &mut Vec<String>,
) -> Result<(), ConfigError> {
    if has_key {
        return secret_key::check_exposure(file, development, warnings);
    }
    let holds = if has_secrets { Holds::Secrets } else { Holds::Settings };
    warnings.extend(exposure::of(file, holds).map(|told| format!("{}: {told}", file.display())));
    Ok(())
}

/// The folder of a SQLite file and what lies in it.
fn check_data(file: &Path, warnings: &mut Vec<String>) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let log = file.with_file_name(name_beside(file, "-wal"));
    for place in [folder, file, &log] {
        warnings.extend(exposure::of(place, Holds::Data).map(|told| format!("{}: {told}", place.display())));
    }
}

fn database(
    section: Database,
    database_url: Option<String>,
    warnings: &mut Vec<String>,
) -> Result<DatabaseConfig, ConfigError> {
    let url = section.url.map(sections::Secret);
    let configured = secret_key::secret("database.url", url, section.url_file.as_ref(), warnings)?;
    if configured.as_ref().is_some_and(|url| !is_postgres(url)) {
        return Err(ConfigError::setting(
            "database.url",
            "It must start with postgres://. Without it, a SQLite file is used.",
        ));
    }
    let (url, place) = match (configured, &section.path) {
        (Some(_), Some(_)) => {
            return Err(ConfigError::setting("database", "Give either url (PostgreSQL) or path (SQLite), not both."));
        }
        (Some(url), None) => (Some(url), "database.url"),
        (None, Some(_)) => (None, "database.path"),
        (None, None) => (from_environment(database_url, warnings)?, "variable DATABASE_URL"),
    };
    url.as_deref()
        .map_or(Ok(()), check_postgres_url)
        .map_err(|error| ConfigError::setting(place, &error.to_string()))?;
    let usual = DatabaseConfig::default();
    let path = section.path.unwrap_or(usual.path);
    if path.as_os_str().is_empty() {
        return Err(ConfigError::setting(
            "database.path",
            "The setting is empty. Name the file, or remove the setting.",
        ));
    }
    if url.is_none() {
        check_data(&path, warnings);
    }
    Ok(DatabaseConfig {
        url,
        path,
        max_connections: section.connections.map(NonZeroU32::get),
        ..DatabaseConfig::default()
    })
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// What many hosts set, for whatever program. One that was meant for us, but is misspelled or has
/// lost its value, must not become a SQLite file.
fn from_environment(url: Option<String>, warnings: &mut Vec<String>) -> Result<Option<String>, ConfigError> {
    let Some(url) = url else { return Ok(None) };
    if url.is_empty() {
        let reason = "The variable is empty. Set it to the address of the database, or unset it to use a SQLite file.";
        return Err(ConfigError::variable("DATABASE_URL", reason));
    }
    if is_postgres(&url) {
        return Ok(Some(url));
    }
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    if scheme.starts_with("post") || scheme.starts_with("pg") {
        let reason = "it starts with postgres:// or postgresql://; to use a SQLite file, set database.path";
        return Err(ConfigError::variable("DATABASE_URL", reason));
    }
    warnings.push(
        "The variable DATABASE_URL isn't for PostgreSQL and is ignored. The database is a SQLite file.".to_owned(),
    );
    Ok(None)
}

fn reply_to(wanted: Option<&str>) -> Result<ReplyTo, ConfigError> {
    match wanted {
        None | Some("none") => Ok(ReplyTo::Nobody),
        Some("inviter") => Ok(ReplyTo::Inviter),
        Some(address) => match EmailAddress::parse(address) {
            Ok(address) => Ok(ReplyTo::Address(address.to_string())),
            Err(error) => {
                let reason = format!(
                    "It must be \"none\", \"inviter\", or an address such as help@example.com. \
                 {error}"
                );
                Err(ConfigError::setting("mail.reply_to", &reason))
            }
        },
    }
}

fn smtp(section: sections::Smtp, warnings: &mut Vec<String>) -> Result<mail::SmtpConfig, ConfigError> {
    // A mail belongs to who sends it for so long, of which a minute is for the rest of the work; whoever needs longer sends it twice.
    let after_content = u32::try_from(mail::FINAL_DOT.as_secs()).unwrap_or(u32::MAX);
    let longest = delivery::LEASE.0.saturating_sub(after_content).saturating_sub(60);
    if section.timeout_seconds.is_some_and(|seconds| !(1..=longest).contains(&seconds)) {
        let reason = format!("It must be between 1 and {longest} seconds.");
        return Err(ConfigError::setting("mail.smtp.timeout_seconds", &reason));
    }
    let mut section = section;
    let (password, file) = (section.password.take(), section.password_file.as_ref());
    let password = secret_key::secret("mail.smtp.password", password, file, warnings)?;
    let config = section.complete(password);
    mail::Smtp::new(&config).map_err(|error| ConfigError::setting(place_of(&error), &error.to_string()))?;
    Ok(config)
}

fn place_of(error: &MailError) -> &'static str {
    match error {
        MailError::Host => "mail.smtp.host",
        MailError::Port => "mail.smtp.port",
        MailError::From | MailError::FromBeyondAscii => "mail.smtp.from",
        MailError::CaFile { .. } => "mail.smtp.ca_file",
        MailError::HeloName => "mail.smtp.helo_name",
        MailError::HalfCredentials | MailError::Tls(_) => "mail.smtp",
    }
}

fn catalog(path: Option<&Path>) -> Result<Catalog, ConfigError> {
    let Some(path) = path else {
        return Catalog::shipped().map_err(|error| ConfigError::setting("the shipped catalog", &error.to_string()));
    };
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, None, &error))?;
    Catalog::parse(&text).map_err(|error| ConfigError::file(path, Some(error.line), &error.reason))
}
