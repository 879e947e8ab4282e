//! Where the database is and what it may take.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use crate::StoreError;

/// Which database to open and how patient to be with it.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// `postgres://…`; without it the database is the SQLite file at [`path`](Self::path).
    pub url: Option<String>,
    /// The SQLite file. Its directory is created.
    pub path: PathBuf,
    /// Connections to PostgreSQL (16 unless told), or for reading SQLite (4 unless told; writing has its own).
    pub max_connections: Option<u32>,
    /// How long to wait for a connection.
    pub acquire_timeout: Duration,
    /// How long to wait for the turn to write; SQLite only.
    pub write_timeout: Duration,
    /// The longest a statement that only reads may run.
    pub statement_timeout: Duration,
    /// The longest a statement in a write transaction may run; PostgreSQL only. On SQLite none is cut short.
    pub write_statement_timeout: Duration,
    /// The longest an open write transaction may do nothing. It holds up others, so it is rolled back then.
    pub idle_in_transaction_timeout: Duration,
    /// How long transactions may share a commit before their first one is told; SQLite only.
    pub longest_group: Duration,
    /// Whether a commit must survive a power cut. False is for tests and for filling a database that can be filled again.
    pub durable: bool,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: None,
            path: PathBuf::from("data/portcullis.db"),
            max_connections: None,
            acquire_timeout: Duration::from_secs(5),
            write_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(10),
            write_statement_timeout: Duration::from_secs(30),
            idle_in_transaction_timeout: Duration::from_secs(10),
            longest_group: Duration::from_millis(25),
            durable: true,
        }
    }
}

/// Says where, but not the password in the address.
impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place: &dyn fmt::Debug = if self.url.is_some() { &"PostgreSQL" } else { &self.path };
        out.debug_struct("DatabaseConfig").field("database", place).finish_non_exhaustive()
    }
}

/// Whether PostgreSQL's address at `url` can be read.
///
/// # Errors
/// It cannot. The address has a password in it, so the error does not repeat it.
pub fn check_postgres_url(url: &str) -> Result<(), StoreError> {
    address(url).map(drop)
}

impl DatabaseConfig {
    /// Which database this is, in words, without who opens it and with which password.
    pub fn place(&self) -> String {
        match &self.url {
            None => format!("SQLite in {}", self.path.display()),
            Some(url) => {
                let address = url.split_once("://").map_or("", |(_, rest)| rest);
                let address = address.split(['?', '#']).next().unwrap_or_default();
                let place = address.rsplit_once('@').map_or(address, |(_, place)| place);
                format!("PostgreSQL at {place}")
            }
        }
    }
}

/// Who opens the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenAs {
    /// The server: the only one on a SQLite file. It migrates the schema, and makes the database where there is none.
    Server,
    /// A command in the place of the server. It makes no database, where the configuration leads to the wrong place.
    Maintenance,
    /// A command beside a running server. It makes no database, and leaves the schema alone.
    Tool,
    /// The same, for a command that may begin an installation.
    Founder,
}

impl OpenAs {
    /// Whether a SQLite file may be open in only one server.
    pub(crate) const fn is_alone(self) -> bool {
        matches!(self, Self::Server | Self::Maintenance)
    }

    /// Whether it makes a database where there is none.
    pub(crate) const fn makes_one(self) -> bool {
        matches!(self, Self::Server | Self::Founder)
    }
}

/// What an address says.
pub(crate) fn address(url: &str) -> Result<PgConnectOptions, StoreError> {
    // The driver's error repeats the address, and the address has the password in it.
    PgConnectOptions::from_str(url).map_err(|_| {
        StoreError::broken(
            "The PostgreSQL address isn't valid. Use postgres://user:password@host:5432/database, with special \
             characters in the password percent-encoded, such as %40.",
        )
    })
}
