//! The database: migrations and SQL, one file per noun, the same text for SQLite and PostgreSQL.
//!
//! Below the nouns is a thin layer over the driver: [`Db`] is opened once, [`Tx`] runs statements, [`Row`]s become our
//! types through [`FromRow`], and [`StoreError`] says what a caller can act on.
//!
//! ```ignore
//! let mut tx = db.write().await?;
//! tx.sql("UPDATE users SET name = $2 WHERE account_id = $1").bind(&account).bind(&name).run().await?;
//! tx.commit().await?;
//! ```

pub mod accounts;
pub mod activity;
pub mod api_keys;
pub mod credentials;
mod db;
pub mod installation;
pub mod invitations;
pub mod jobs;
pub mod outbox;
pub mod roles;
pub mod sign_in;
pub mod statistics;
pub mod systems;
#[cfg(feature = "testing")]
pub mod testing;
pub mod users;

pub use db::Db;
pub use db::backup::{settle_sqlite_file, verify_sqlite_file};
pub use db::bulk_load::DroppedIndexes;
pub use db::config::{DatabaseConfig, OpenAs, check_postgres_url};
pub use db::engine::{ChangeListener, Engine, SearchIndex};
pub use db::error::{OnDuplicate, StoreError};
pub use db::folder::{Folder, name_beside};
pub use db::lock::ServerLock;
pub use db::migrations::{Migration, schema_version};
pub use db::query::SqlText;
pub use db::row::{FromRow, Row};
pub use db::statement::Sql;
pub use db::tenant::{InAccount, Tenant};
pub use db::tx::Tx;
pub use db::value::{Cell, FromValue, ToValue, Value};
