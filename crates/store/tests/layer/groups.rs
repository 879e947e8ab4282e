//! Transactions that share a commit, and transactions that are abandoned.

use std::time::Duration;

use store::testing::TestDatabase;
use store::{DatabaseConfig, Db, StoreError};
use tokio::task::yield_now;

use crate::{SCHEMA, add, ids, on_both, sqlite};

/// A SQLite database whose groups end only when nobody waits.
async fn patient() -> TestDatabase {
    impatient(|config| config.longest_group = Duration::from_secs(60)).await
}

async fn impatient(adjust: impl FnOnce(&mut DatabaseConfig)) -> TestDatabase {
    TestDatabase::sqlite_with(SCHEMA, adjust).await
}

/// Lets every other task run as far as it can.
async fn others() {
    for _ in 0..100 {
        yield_now().await;
    }
}

/// What a member of a group does.
#[derive(Clone, Copy)]
enum Member {
    /// Adds this thing and commits.
    Adds(i64),
    /// Adds this thing, then meets a duplicate.
    Fails(i64),
    /// Adds this thing and changes its mind.
    Drops(i64),
    /// Runs this statement and commits.
    Runs(&'static str),
}

async fn take_part(db: Db, member: Member) -> Result<(), StoreError> {
    let mut tx = db.write().await?;
    match member {
        Member::Adds(id) => add(&mut tx, id).await?,
        Member::Runs(statement) => tx.sql(statement).run().await?,
        Member::Drops(id) => return add(&mut tx, id).await.map(|_| ()),
        Member::Fails(id) => {
            add(&mut tx, id).await?;
            add(&mut tx, id).await?
        }
    };
    tx.commit().await
}

/// Lets `members` line up behind an open transaction, so that they share its group.
async fn group(db: &Db, members: &[Member]) -> Vec<Result<(), StoreError>> {
    let first = db.write().await.expect("a transaction");
    let mut tasks = Vec::new();
    for member in members {
        tasks.push(tokio::spawn(take_part(db.clone(), *member)));
        others().await;
    }
    let mut outcomes = vec![first.commit().await];
    for task in tasks {
        outcomes.push(task.await.expect("a member that does not panic"));
    }
    outcomes
}

#[tokio::test]
async fn a_member_that_fails_leaves_the_others_alone() {
    let db = patient().await;
    use Member::{Adds, Drops, Fails};
    let outcomes = group(&db, &[Adds(1), Fails(2), Adds(3), Drops(4), Drops(5), Adds(6), Fails(7)]).await;

    let failed: Vec<bool> = outcomes.iter().map(Result::is_err).collect();
    assert_eq!(failed, [false, false, true, false, false, false, false, true]);
    assert_eq!(ids(&db).await, [1, 3, 6]);
}

#[tokio::test]
async fn a_group_of_which_nothing_is_kept_is_rolled_back() {
    let db = patient().await;
    let mut tx = db.write().await.expect("a transaction");
    add(&mut tx, 1).await.expect("an insert");
    drop(tx);
    assert!(ids(&db).await.is_empty());
    assert_eq!(group(&db, &[Member::Adds(1)]).await, [Ok(()), Ok(())]);
}

#[tokio::test]
async fn a_commit_that_fails_is_told_to_every_member() {
    let db = patient().await;
    let late = "CREATE TABLE late (thing BIGINT REFERENCES parts (id) DEFERRABLE INITIALLY DEFERRED)";
    take_part(db.clone(), Member::Runs(late)).await.expect("a table whose violations show at the commit");

    use Member::{Adds, Drops, Runs};
    let outcomes = group(&db, &[Adds(1), Runs("INSERT INTO late VALUES (9)"), Drops(2), Adds(3)]).await;

    for (member, outcome) in outcomes.iter().enumerate() {
        let told = matches!(outcome, Err(StoreError::Unavailable(_)));
        assert_eq!(told, member != 3, "member {member} was told {outcome:?}");
    }
    assert!(ids(&db).await.is_empty());
    assert_eq!(group(&db, &[Adds(4)]).await, [Ok(()), Ok(())], "the next group is well");
}

#[tokio::test]
async fn when_the_disk_is_full_nothing_of_the_group_is_acknowledged() {
    let db = patient().await;
    // SQLite gives up the whole transaction by itself when a page cannot be had.
    take_part(db.clone(), Member::Runs("PRAGMA max_page_count = 1")).await.expect("no more pages than there are");

    use Member::{Adds, Runs};
    let large = "INSERT INTO things (account_id, id, content) VALUES ('acc', 2, zeroblob(1000000))";
    let outcomes = group(&db, &[Adds(1), Runs(large), Adds(3)]).await;

    for (member, outcome) in outcomes.iter().enumerate() {
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "member {member} was told {outcome:?}");
    }
    assert!(ids(&db).await.is_empty());
    take_part(db.clone(), Member::Runs("PRAGMA max_page_count = 100000")).await.expect("space again");
    assert_eq!(group(&db, &[Adds(4)]).await, [Ok(()), Ok(())], "the next group is well");
}

#[tokio::test]
async fn the_turn_to_write_is_not_waited_for_without_end() {
    let server = impatient(|config| config.write_timeout = Duration::from_millis(50)).await;
    let open = server.write().await.expect("a transaction");
    let late = server.write().await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    open.commit().await.expect("the one that was open is not harmed");
    take_part(server.db().clone(), Member::Adds(1)).await.expect("and the next one has its turn");
}

#[tokio::test]
async fn a_transaction_that_does_nothing_is_rolled_back() {
    let idle = Duration::from_millis(100);
    let server = impatient(|config| config.idle_in_transaction_timeout = idle).await;
    let mut forgotten = server.write().await.expect("a transaction");
    add(&mut forgotten, 1).await.expect("an insert");

    take_part(server.db().clone(), Member::Adds(2)).await.expect("it waits until the other has lost its turn");

    assert!(matches!(add(&mut forgotten, 3).await, Err(StoreError::Unavailable(_))));
    assert!(forgotten.commit().await.is_err());
    assert_eq!(ids(&server).await, [2]);
}

#[tokio::test]
async fn a_statement_for_reading_has_its_time() {
    let limit = Duration::from_millis(100);
    let server = impatient(|config| config.statement_timeout = limit).await;
    let mut tx = server.read().await.expect("a connection");
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
    let stopped = tx.sql(endless).value::<i64>().await;
    assert!(matches!(stopped, Err(StoreError::TooSlow(_))), "{stopped:?}");

    // One that is abandoned stops, too, and its connection serves the next.
    for _ in 0..8 {
        let mut tx = server.read().await.expect("a connection");
        let abandoned = tokio::time::timeout(Duration::from_millis(5), tx.sql(endless).value::<i64>()).await;
        assert!(abandoned.is_err());
    }
    server.ping().await.expect("a connection");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_cancellations_loses_neither_the_connection_nor_a_row() {
    on_both(async |database| {
        let mut tasks = Vec::new();
        for id in 0..600_i64 {
            let db = database.db().clone();
            tasks.push(tokio::spawn(async move {
                let mut tx = db.write().await?;
                add(&mut tx, id * 2).await?;
                add(&mut tx, id * 2 + 1).await?;
                tx.commit().await
            }));
            // Some are stopped before they began, some in the middle, some after the end.
            if id % 3 > 0 {
                for _ in 0..(id * 7) % 23 {
                    yield_now().await;
                }
                tasks[(id * 31 % (id + 1)) as usize].abort();
            }
        }
        let mut acknowledged = Vec::new();
        for (id, task) in (0_i64..).zip(tasks) {
            match task.await {
                Ok(outcome) => {
                    outcome.expect("whoever is not stopped succeeds");
                    acknowledged.push(id);
                }
                Err(stopped) => assert!(stopped.is_cancelled()),
            }
        }

        let again = tokio::time::timeout(Duration::from_secs(5), take_part(database.db().clone(), Member::Adds(5_000)));
        again.await.expect("the connection is there").expect("and well");

        let found = ids(&database).await;
        for id in acknowledged {
            assert!(found.contains(&(id * 2)), "thing {id} was acknowledged");
        }
        for id in 0..600 {
            assert_eq!(found.contains(&(id * 2)), found.contains(&(id * 2 + 1)), "thing {id} is there in halves");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_take_turns_while_readers_read() {
    on_both(async |database| {
        let writers = (0..200_i64).map(|id| tokio::spawn(take_part(database.db().clone(), Member::Adds(id))));
        let writers: Vec<_> = writers.collect();
        let mut seen = 0;
        while seen < 200 {
            let now = ids(&database).await.len();
            assert!(now >= seen, "what was committed stays");
            seen = now;
            yield_now().await;
        }
        for writer in writers {
            writer.await.expect("no panic").expect("a commit");
        }
    })
    .await;
}

#[tokio::test]
async fn a_closed_database_says_so() {
    let database = sqlite().await;
    database.close().await;
    assert!(matches!(database.write().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(database.read().await, Err(StoreError::Unavailable(_))));
}
