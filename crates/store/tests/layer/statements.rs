//! Running statements, and what a transaction keeps.

use futures_util::TryStreamExt;
use store::{SqlText, StoreError, values};

use crate::{add, ids, on_both};

#[tokio::test]
async fn what_is_committed_stays_and_what_is_dropped_is_gone() {
    on_both(async |database| {
        let mut kept = database.write().await.expect("a transaction");
        assert_eq!(add(&mut kept, 1).await, Ok(1));
        kept.commit().await.expect("a commit");

        let mut dropped = database.write().await.expect("a transaction");
        assert_eq!(add(&mut dropped, 2).await, Ok(1));
        drop(dropped);

        assert_eq!(ids(&database).await, [1]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_never_sees_what_is_not_committed() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        add(&mut tx, 1).await.expect("an insert");
        assert!(ids(&database).await.is_empty());
        tx.commit().await.expect("a commit");
        assert_eq!(ids(&database).await, [1]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_cannot_write() {
    on_both(async |database| {
        let mut tx = database.read().await.expect("a connection");
        assert!(add(&mut tx, 1).await.is_err());
        drop(tx);
        assert!(ids(&database).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_names_the_same_index_on_both_engines() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        add(&mut tx, 1).await.expect("an insert");
        tx.commit().await.expect("a commit");

        for (insert, index) in [
            ("INSERT INTO things (account_id, id) VALUES ('acc', 1)", "things_pkey"),
            ("INSERT INTO things (account_id, id, name) VALUES ('acc', 2, 'thing 1')", "things_name"),
            (
                "INSERT INTO things (account_id, id, name, active) VALUES ('a', 3, 'x', TRUE), ('b', 3, 'X', TRUE)",
                "things_folded",
            ),
            ("INSERT INTO parts (id, account_id, thing_id) VALUES (1, 'acc', 1), (1, 'acc', 1)", "parts_pkey"),
        ] {
            let mut tx = database.write().await.expect("a transaction");
            let error = tx.sql(insert).run().await.expect_err("a duplicate");
            assert!(error.is_duplicate_of(index), "{error} on {:?}", database.engine());
        }
    })
    .await;
}

#[tokio::test]
async fn a_missing_reference_is_its_own_kind() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        let error = tx.sql("INSERT INTO parts (id, account_id, thing_id) VALUES (1, 'acc', 9)").run().await;
        assert!(matches!(error, Err(StoreError::Reference(_))), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn after_a_failed_statement_nothing_more_is_run_or_committed() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        add(&mut tx, 1).await.expect("an insert");
        add(&mut tx, 1).await.expect_err("a duplicate");
        assert!(matches!(add(&mut tx, 2).await, Err(StoreError::Broken(_))));
        assert!(matches!(tx.commit().await, Err(StoreError::Broken(_))));
        assert!(ids(&database).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_list_with_filters_numbers_its_parameters() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        for id in 1..=5 {
            add(&mut tx, id).await.expect("an insert");
        }
        let mut list = SqlText::new("SELECT id FROM things WHERE account_id = ");
        list.bind("acc");
        list.push(" AND id IN (").bind_all(&[1_i64, 3, 5]).push(")");
        list.push(" AND (name, id) > (").bind_all(&["thing 1"]).push(", ").bind(&1_i64).push(") ORDER BY id LIMIT ");
        list.bind(&10_i64);
        assert_eq!(tx.sql(list).values::<i64>().await, Ok(vec![3, 5]));

        let mut nobody = SqlText::new("SELECT id FROM things WHERE id IN (");
        nobody.bind_all::<i64>(&[]).push(")");
        assert_eq!(tx.sql(nobody).values::<i64>().await, Ok(vec![]));
    })
    .await;
}

#[tokio::test]
async fn a_value_is_the_first_column_of_a_row_there_must_be() {
    on_both(async |database| {
        let mut tx = database.read().await.expect("a connection");
        assert_eq!(tx.sql("SELECT COUNT(*) FROM things").value::<i64>().await, Ok(0));
        assert_eq!(tx.sql("SELECT EXISTS (SELECT 1 FROM things)").value::<bool>().await, Ok(false));
        assert_eq!(tx.sql("SELECT 1").value::<i64>().await, Ok(1));
        assert_eq!(tx.sql("SELECT id FROM things").one::<(i64,)>().await, Ok(None));
        assert!(tx.sql("SELECT id FROM things").value::<i64>().await.is_err());
    })
    .await;
}

#[tokio::test]
async fn many_rows_are_inserted_whatever_their_number() {
    on_both(async |database| {
        for count in [0_i64, 1, 170, 171, 2_000, 5_001] {
            let rows =
                || (0..count).map(|id| values!["acc", id, None::<String>, id * 2, id % 2 == 0, Some(vec![7_u8])]);
            let mut tx = database.write().await.expect("a transaction");
            let insert = "INSERT INTO things (account_id, id, name, size, active, content)";
            let changed = u64::try_from(count).expect("a count");
            assert_eq!(tx.insert_many(insert, "", rows()).await, Ok(changed));
            assert_eq!(tx.insert_many(insert, "ON CONFLICT DO NOTHING", rows()).await, Ok(0));
            let again = "ON CONFLICT (account_id, id) DO UPDATE SET size = excluded.size";
            assert_eq!(tx.insert_many(insert, again, rows()).await, Ok(changed));

            let sums =
                "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT), COUNT(name) FROM things WHERE content = $1";
            let sums = tx.sql(sums).bind(&vec![7_u8]).one::<(i64, i64, i64)>().await;
            assert_eq!(sums, Ok(Some((count, count * (count - 1).max(0), 0))));
        }
    })
    .await;
}

#[tokio::test]
async fn a_column_of_many_rows_has_one_type() {
    on_both(async |database| {
        let rows = [values!["acc", 1_i64, "text"], values!["acc", 2_i64, 7_i64]];
        let mut tx = database.write().await.expect("a transaction");
        assert!(tx.insert_many("INSERT INTO things (account_id, id, name)", "", rows).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_stream_gives_all_rows_in_their_order() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        let rows = (0..3_000_i64).map(|id| values!["acc", id]);
        tx.insert_many("INSERT INTO things (account_id, id)", "", rows).await.expect("the rows");

        let sum = tx.sql("SELECT id FROM things ORDER BY id").stream::<(i64,)>();
        let sum = sum.try_fold(0, async |sum, (id,)| Ok(sum + id)).await;
        assert_eq!(sum, Ok(3_000 * 2_999 / 2));
        tx.commit().await.expect("it was read to its end");

        let mut tx = database.read().await.expect("a connection");
        let mut abandoned = tx.sql("SELECT id FROM things ORDER BY id").stream::<(i64,)>();
        assert_eq!(abandoned.try_next().await, Ok(Some((0,))));
        drop(abandoned);
        assert_eq!(tx.sql("SELECT COUNT(*) FROM things").value::<i64>().await, Ok(3_000));
    })
    .await;
}

#[tokio::test]
async fn a_write_transaction_whose_stream_was_left_open_cannot_be_committed() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        add(&mut tx, 1).await.expect("an insert");
        add(&mut tx, 2).await.expect("an insert");
        let mut stream = tx.sql("SELECT id FROM things").stream::<(i64,)>();
        assert!(stream.try_next().await.is_ok());
        drop(stream);
        assert!(tx.commit().await.is_err());
    })
    .await;
}

#[tokio::test]
async fn statements_are_counted() {
    on_both(async |database| {
        let before = database.statements();
        ids(&database).await;
        assert_eq!(database.statements(), before + 1);
        let tx = database.write().await.expect("a transaction");
        tx.commit().await.expect("a commit");
        assert_eq!(database.statements(), before + 1, "beginning and committing are not statements of a caller");
    })
    .await;
}
