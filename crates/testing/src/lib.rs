//! The whole product under test: a real server over real HTTP, on SQLite and on PostgreSQL, with a clock that tests move.
//!
//! ```ignore
//! on_both_engines! {
//!     async fn u16_an_invited_person_is_provisioned_and_gets_a_mail(app: TestApp) {
//!         let user = app.admin().post("/users", json!({"emails": "ana@example.com", "role_id": "builder"})).await.ok(201);
//!     }
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
pub use world::TestWorld;

/// Runs a test on SQLite and on PostgreSQL: one function becomes a module with `sqlite` and `postgres` in it.
///
/// The PostgreSQL one is skipped when `PORTCULLIS_TEST_DATABASE_URL` is not set; `make test` sets it.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {$(
        mod $name {
            #[expect(unused_imports, reason = "not every test uses everything of its module")]
            use super::*;
            $(#[$attribute])*
            async fn check($app: $crate::TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                check($crate::TestApp::start($crate::Engine::Sqlite).await.unwrap()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(app) = $crate::TestApp::start($crate::Engine::Postgres).await {
                    check(app).await;
                }
            }
        }
    )*};
}
