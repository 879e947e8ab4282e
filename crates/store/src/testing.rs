//! Databases for tests: each test its own, copied from a migrated template, gone afterwards.
#![expect(clippy::expect_used, reason = "a test without its database can only fail")]

use std::collections::HashMap;
use std::ops::Deref;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Executor};
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::db::clock;
use crate::db::migrations::{self, Migration};
use crate::db::query::trusted;
use crate::{DatabaseConfig, Db, OpenAs};

/// The address of a PostgreSQL server on which tests may create databases. Without it they run on SQLite only.
pub const URL_VARIABLE: &str = "PORTCULLIS_TEST_DATABASE_URL";

/// What a test that was killed has left behind is removed by a later run.
const LEFT_BEHIND_AFTER: i64 = 3_600_000_000;

/// A database of one test, opened. It derefs to its [`Db`].
pub struct TestDatabase {
    db: Db,
    config: DatabaseConfig,
    _remains: Remains,
}

/// What is removed at the end.
enum Remains {
    Directory { _directory: TempDir },
    Database { server: Box<PgConnectOptions>, name: String },
}

impl TestDatabase {
    /// A SQLite file.
    pub async fn sqlite() -> Self {
        Self::sqlite_with(migrations::ALL, |_| {}).await
    }

    /// A PostgreSQL database, when there is a server for tests.
    pub async fn postgres() -> Option<Self> {
        Self::postgres_with(migrations::ALL).await
    }

    /// One for each engine there is.
    pub async fn all() -> Vec<Self> {
        Self::all_with(migrations::ALL).await
    }

    /// One for each engine there is, with a schema of the test's own.
    pub async fn all_with(schema: &[Migration]) -> Vec<Self> {
        let mut databases = vec![Self::sqlite_with(schema, |_| {}).await];
        databases.extend(Self::postgres_with(schema).await);
        databases
    }

    /// A SQLite file with a schema and a configuration of the test's own.
    pub async fn sqlite_with(schema: &[Migration], adjust: impl FnOnce(&mut DatabaseConfig)) -> Self {
        static TEMPLATES: Mutex<Option<HashMap<u64, Vec<u8>>>> = Mutex::const_new(None);
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut config = DatabaseConfig { path: directory.path().join("portcullis.db"), ..quick() };
        adjust(&mut config);
        let mut templates = TEMPLATES.lock().await;
        let templates = templates.get_or_insert_default();
        let template = match templates.entry(fingerprint(schema)) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(sqlite_template(&config.path, schema).await)
            }
        };
        std::fs::write(&config.path, template).expect("a copy of the template");
        let db = Db::open_with(&config, OpenAs::Server, schema).await.expect("the copied template opens");
        Self { db, config, _remains: Remains::Directory { _directory: directory } }
    }

    async fn postgres_with(schema: &[Migration]) -> Option<Self> {
        let server = postgres_server()?;
        let template = postgres_template(&server, schema).await;
        let (name, remains) = new_postgres(&server, &template).await;
        let config = DatabaseConfig { url: Some(address(&server, &name)), max_connections: Some(8), ..quick() };
        let db = Db::open_with(&config, OpenAs::Server, schema).await.expect("the copied template opens");
        Some(Self { db, config, _remains: remains })
    }

    /// The open database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// How it was opened, to open it once more.
    pub fn config(&self) -> &DatabaseConfig {
        &self.config
    }
}

impl Deref for TestDatabase {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        if let Self::Database { server, name } = self {
            let (server, name) = (server.clone(), std::mem::take(name));
            // A thread, as one cannot wait in a drop; joined, so that nothing is left when the test program ends.
            let drop_database = move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(execute(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            };
            let _ = std::thread::spawn(drop_database).join();
        }
    }
}

/// A PostgreSQL database that holds what a dump says and was not opened yet.
pub struct LoadedDatabase {
    /// Its address.
    pub url: String,
    _remains: Remains,
}

impl LoadedDatabase {
    /// Runs the statements of `pg_dump --inserts` in a database of their own, when there is a server for tests.
    pub async fn of_dump(dump: String) -> Option<Self> {
        let server = postgres_server()?;
        let (name, remains) = new_postgres(&server, "template0").await;
        execute(&server.clone().database(&name), dump).await;
        Some(Self { url: address(&server, &name), _remains: remains })
    }
}

fn postgres_server() -> Option<PgConnectOptions> {
    let url = std::env::var(URL_VARIABLE).ok()?;
    Some(PgConnectOptions::from_str(&url).expect("the address of the PostgreSQL server for tests"))
}

async fn new_postgres(server: &PgConnectOptions, template: &str) -> (String, Remains) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("portcullis_test_{}_{}_{number}", clock::utc(), std::process::id());
    execute(server, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    let remains = Remains::Database { server: Box::new(server.clone()), name: name.clone() };
    (name, remains)
}

/// A test's data need not survive anything.
fn quick() -> DatabaseConfig {
    DatabaseConfig { durable: false, ..DatabaseConfig::default() }
}

fn fingerprint(schema: &[Migration]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for migration in schema {
        (migration.version, migration.name, migration.text).hash(&mut hasher);
    }
    hasher.finish()
}

async fn sqlite_template(path: &Path, schema: &[Migration]) -> Vec<u8> {
    let config = DatabaseConfig { path: path.to_owned(), ..quick() };
    let db = Db::open_with(&config, OpenAs::Server, schema).await.expect("the migrations run on SQLite");
    db.close().await;
    drop(db);
    std::fs::read(path).expect("the template")
}

/// The name of the template, which stays on the server: it is made once for each text of the migrations.
async fn postgres_template(server: &PgConnectOptions, schema: &[Migration]) -> String {
    static READY: Mutex<Vec<u64>> = Mutex::const_new(Vec::new());
    let fingerprint = fingerprint(schema);
    let name = format!("portcullis_template_{fingerprint:016x}");
    let mut ready = READY.lock().await;
    if !ready.contains(&fingerprint) {
        make_template(server, &name, schema).await;
        ready.push(fingerprint);
    }
    name
}

async fn make_template(server: &PgConnectOptions, name: &str, schema: &[Migration]) {
    let mut admin = connect(server).await;
    // Other test programs do the same at the same time.
    admin.execute("SELECT pg_advisory_lock(7225839002)").await.expect("the lock on templates");
    remove_left_behind(&mut admin).await;
    let exists = "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)";
    let exists: bool =
        sqlx::query_scalar(exists).bind(name).fetch_one(&mut admin).await.expect("the list of databases");
    if !exists {
        let draft = format!("{name}_draft");
        run(&mut admin, format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await;
        run(&mut admin, format!("CREATE DATABASE {draft} TEMPLATE template0")).await;
        let config = DatabaseConfig { url: Some(address(server, &draft)), ..quick() };
        let db = Db::open_with(&config, OpenAs::Server, schema).await.expect("the migrations run on PostgreSQL");
        db.close().await;
        run(&mut admin, format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    let _ = admin.close().await;
}

async fn remove_left_behind(admin: &mut PgConnection) {
    let names = "SELECT datname::text FROM pg_database WHERE datname LIKE 'portcullis\\_test\\_%'";
    let names: Vec<String> = sqlx::query_scalar(names).fetch_all(&mut *admin).await.expect("the list of databases");
    for name in names {
        let made_at = name.split('_').nth(2).and_then(|made_at| made_at.parse::<i64>().ok());
        if made_at.is_some_and(|made_at| clock::utc() - made_at > LEFT_BEHIND_AFTER) {
            run(admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

fn address(server: &PgConnectOptions, database: &str) -> String {
    server.clone().database(database).to_url_lossy().to_string()
}

async fn connect(server: &PgConnectOptions) -> PgConnection {
    server.connect().await.expect("the PostgreSQL server for tests")
}

async fn execute(server: &PgConnectOptions, statement: String) {
    let mut admin = connect(server).await;
    run(&mut admin, statement).await;
    let _ = admin.close().await;
}

async fn run(admin: &mut PgConnection, statement: String) {
    admin.execute(trusted(statement.into())).await.expect("the server for tests runs it");
}
