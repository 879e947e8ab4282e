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
pub mod api_keys;
mod backup;
mod bulk;
mod bulk_load;
mod clock;
mod columns;
mod config;
mod db;
mod ddl;
mod engine;
mod error;
pub mod event_list;
mod event_sight;
mod event_stretch;
pub mod events;
pub mod failed_sign_ins;
pub mod figures;
mod folder;
pub mod identities;
pub mod installation;
pub mod invitations;
pub mod jobs;
pub mod link_requests;
pub mod links;
mod lock;
pub mod logos;
pub mod mail_queues;
mod migrations;
pub mod outbox;
#[cfg(feature = "testing")]
pub mod plans;
mod query;
mod readers;
pub mod roles;
mod row;
pub mod saved_views;
pub mod session_accounts;
pub mod sessions;
pub mod systems;
mod tenant;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod user_batches;
pub mod user_list;
pub mod users;
mod value;
mod writer;

pub use backup::{settle_sqlite_file, verify_sqlite_file};
pub use bulk_load::DroppedIndexes;
pub use config::{DatabaseConfig, OpenAs, check_postgres_url};
pub use db::Db;
pub use engine::{ChangeListener, Engine, SearchIndex};
pub use error::StoreError;
pub use folder::{Folder, name_beside};
pub use lock::ServerLock;
pub use migrations::{Migration, schema_version};
pub use query::{Sql, SqlText};
pub use row::{FromRow, Row};
pub use tenant::Tenant;
pub use tx::Tx;
pub use value::{Cell, FromValue, ToValue, Value};
