//! PostgreSQL goes away and comes back.

use std::time::Duration;

use store::testing::TestDatabase;
use store::{DatabaseConfig, Db, Engine, OpenAs, StoreError};

use crate::{SCHEMA, add, ids};

async fn postgres() -> Option<TestDatabase> {
    TestDatabase::all_with(SCHEMA).await.into_iter().find(|database| database.engine() == Engine::Postgres)
}

/// Ends every other connection to this database, as a restart of the server would.
async fn end_connections(database: &TestDatabase) {
    const END: &str = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let other = Db::open_with(database.config(), OpenAs::Tool, SCHEMA).await.expect("another connection");
    let mut tx = other.read().await.expect("a connection");
    assert!(tx.sql(END).value::<i64>().await.expect("a superuser") > 0);
    drop(tx);
    other.close().await;
}

#[tokio::test]
async fn connections_that_were_lost_are_replaced_unnoticed() {
    let Some(database) = postgres().await else { return };
    for _ in 0..3 {
        // Several idle connections, none idle for long enough to be tested.
        let open = futures_util::future::join_all((0..5).map(|_| database.read())).await;
        for tx in open {
            tx.expect("a connection").sql("SELECT 1").run().await.expect("an answer");
        }
        end_connections(&database).await;
        assert!(ids(&database).await.is_empty(), "reading");

        end_connections(&database).await;
        let mut tx = database.write().await.expect("beginning");
        add(&mut tx, 1).await.expect("an insert");
    }
}

#[tokio::test]
async fn a_transaction_that_lost_its_connection_is_unavailable_not_broken() {
    let Some(database) = postgres().await else { return };
    let mut tx = database.write().await.expect("a transaction");
    add(&mut tx, 1).await.expect("an insert");
    end_connections(&database).await;
    let lost = add(&mut tx, 2).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    assert!(tx.commit().await.is_err());
    assert!(ids(&database).await.is_empty());
}

#[tokio::test]
async fn a_statement_and_an_idle_transaction_have_their_time() {
    let Some(database) = postgres().await else { return };
    let config = DatabaseConfig {
        statement_timeout: Duration::from_millis(100),
        idle_in_transaction_timeout: Duration::from_millis(100),
        ..database.config().clone()
    };
    let db = Db::open_with(&config, OpenAs::Tool, SCHEMA).await.expect("it opens again");
    let slow = db.read().await.expect("a connection").sql("SELECT 1 FROM pg_sleep(10)").run().await;
    assert!(matches!(slow, Err(StoreError::TooSlow(_))), "{slow:?}");
    let mut change = db.write().await.expect("a transaction");
    change.sql("SELECT 1 FROM pg_sleep(0.3)").run().await.expect("a change has a time of its own");
    drop(change);

    let mut forgotten = db.write().await.expect("a transaction");
    add(&mut forgotten, 1).await.expect("an insert");
    let mut other = database.read().await.expect("a connection");
    other.sql("SELECT 1 FROM pg_sleep(0.3)").run().await.expect("some time passes");
    let late = add(&mut forgotten, 2).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
}

#[tokio::test]
async fn transactions_that_wait_for_each_other_end_in_a_conflict() {
    let Some(database) = postgres().await else { return };
    let mut tx = database.write().await.expect("a transaction");
    add(&mut tx, 1).await.expect("an insert");
    add(&mut tx, 2).await.expect("an insert");
    tx.commit().await.expect("a commit");

    const TOUCH: &str = "UPDATE things SET size = 1 WHERE account_id = 'acc' AND id = $1";
    let both_have_one = tokio::sync::Barrier::new(2);
    let both = futures_util::future::join_all([(1_i64, 2_i64), (2, 1)].map(async |(mine, yours)| {
        let mut tx = database.write().await?;
        tx.sql(TOUCH).bind(&mine).run().await?;
        both_have_one.wait().await;
        tx.sql(TOUCH).bind(&yours).run().await?;
        tx.commit().await
    }));
    let outcomes = both.await;
    assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
    assert!(outcomes.iter().any(|it| matches!(it, Err(StoreError::Conflict(_)))), "{outcomes:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_in_good_time() {
    let config = DatabaseConfig {
        url: Some("postgres://nobody@127.0.0.1:1/none".to_owned()),
        acquire_timeout: Duration::from_millis(200),
        ..DatabaseConfig::default()
    };
    let refused = Db::open_with(&config, OpenAs::Server, SCHEMA).await.err();
    assert!(matches!(refused, Some(StoreError::Unavailable(_))), "{refused:?}");
}

#[test]
fn a_password_does_not_get_into_the_log() {
    let url = Some("postgres://me:secret@localhost/portcullis".to_owned());
    let config = DatabaseConfig { url, ..DatabaseConfig::default() };
    assert!(!format!("{config:?}").contains("secret"));
}
