//! The whole product under test: a real server over real HTTP, on SQLite and on PostgreSQL, with a clock that tests move.
//!
//! ```ignore
//! #[both_engines]
//! async fn u16_an_invited_person_is_provisioned_and_gets_a_mail(app: TestApp) {
//!     let user = app.admin().post("/users", json!({"emails": "ana@example.com", "role_id": "builder"})).await.ok(201);
//! }
//! ```

mod app;
mod chance;
mod client;
mod contract;
mod ground;
mod guests;
mod people;
mod recipes;
pub mod schema;
pub mod secrets;
mod snapshot;
pub mod stopwatch;
mod world;

/// An image that can be a logo; every [`Ground`] has it.
pub const LOGO: &[u8] = include_bytes!("../images/logo.png");

/// Another one.
pub const ANOTHER_LOGO: &[u8] = include_bytes!("../images/another.png");

pub use app::{ADMIN_EMAIL, ADMIN_PASSWORD, Node, TestApp};
pub use chance::Chance;
pub use client::{Answer, Client};
pub use contract::{Operation, access_matrix, operations};
pub use ground::{Actor, Ground, Request, fresh, placeholders, unknown_like};
pub use people::NewPerson;
pub use recipes::{Recipe, recipes};
pub use snapshot::Snapshot;
pub use store::Engine;
pub use testing_macros::both_engines;
pub use world::TestWorld;
