//! What goes in comes out.

use std::fmt;
use std::str::FromStr;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use store::{FromValue, StoreError, ToValue, int_column, record, text_column, values};

use crate::on_both;

#[derive(Debug, Clone, PartialEq)]
struct Slug(String);

impl fmt::Display for Slug {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains(' ') { Err("a slug has no spaces".to_owned()) } else { Ok(Self(text.to_owned())) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Timestamp(i64);

impl From<i64> for Timestamp {
    fn from(micros: i64) -> Self {
        Self(micros)
    }
}

impl From<Timestamp> for i64 {
    fn from(timestamp: Timestamp) -> i64 {
        timestamp.0
    }
}

#[derive(Debug, PartialEq)]
struct Thing {
    account: String,
    name: Option<Slug>,
    size: Option<Timestamp>,
    active: Option<bool>,
    content: Option<Vec<u8>>,
}

text_column!(Slug);
int_column!(Timestamp);
record!(Thing { account: "account_id", name, size, active, content });

const INSERT: &str = "INSERT INTO things (account_id, id, name, size, active, content) VALUES ($1, 1, $2, $3, $4, $5)";

async fn round_trip(database: &store::Db, thing: &Thing) -> Result<Option<Thing>, StoreError> {
    let mut tx = database.write().await?;
    let insert = tx.sql(INSERT).bind(&thing.account).bind(&thing.name).bind(&thing.size);
    insert.bind(&thing.active).bind(&thing.content).run().await?;
    // Rolled back by being dropped.
    tx.sql("SELECT * FROM things WHERE account_id = $1").bind(&thing.account).one().await
}

fn things() -> impl Strategy<Value = Thing> {
    let text = || any::<String>().prop_map(|text| text.replace(['\0', ' '], "_"));
    let name = proptest::option::of(text().prop_map(Slug));
    let size = proptest::option::of(any::<i64>().prop_map(Timestamp));
    (text(), name, size, any::<Option<bool>>(), any::<Option<Vec<u8>>>())
        .prop_map(|(account, name, size, active, content)| Thing { account, name, size, active, content })
}

#[tokio::test]
async fn every_value_comes_back_as_it_was() {
    on_both(async |database| {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for _ in 0..100 {
            let thing = things().new_tree(&mut runner).expect("a thing").current();
            assert_eq!(round_trip(&database, &thing).await, Ok(Some(thing)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_null_of_every_type_is_a_null() {
    on_both(async |database| {
        let nothing = Thing { account: "acc".to_owned(), name: None, size: None, active: None, content: None };
        assert_eq!(round_trip(&database, &nothing).await, Ok(Some(nothing)));

        let mut tx = database.read().await.expect("a connection");
        let same = tx.sql("SELECT COALESCE($1, 'none'), COALESCE($2, 7), COALESCE($3, TRUE)");
        let same = same.bind(&None::<&str>).bind(&None::<i64>).bind(&None::<bool>);
        assert_eq!(same.one().await, Ok(Some(("none".to_owned(), 7_i64, true))));
    })
    .await;
}

#[tokio::test]
async fn a_value_of_another_type_is_refused_with_the_name_of_its_column() {
    on_both(async |database| {
        let mut tx = database.read().await.expect("a connection");

        let wrong = tx.sql("SELECT 'acc' AS account_id, 'a slug' AS name").one::<Thing>().await;
        assert_eq!(wrong, Err(StoreError::Broken("column name: a slug has no spaces".to_owned())));

        let wrong = tx.sql("SELECT 1 AS account_id").one::<Thing>().await;
        assert_eq!(wrong, Err(StoreError::Broken("column account_id: expected text, found an integer".to_owned())));

        let wrong = tx.sql("SELECT 'x', NULL").one::<(String, String)>().await;
        assert_eq!(wrong, Err(StoreError::Broken("column 1: expected text, found NULL".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn a_nul_character_is_refused_before_it_reaches_an_engine() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        let refused = tx.sql("SELECT $1, $2").bind("fine").bind("not\0fine").run().await;
        assert_eq!(refused, Err(StoreError::NulCharacter { parameter: 2 }));

        let rows = [values!["acc", 1_i64, "fine"], values!["acc", 2_i64, "not\0fine"]];
        let refused = tx.insert_many("INSERT INTO things (account_id, id, name)", "", rows).await;
        assert_eq!(refused, Err(StoreError::NulCharacter { parameter: 3 }));
        tx.commit().await.expect("nothing was run, so nothing has failed");
    })
    .await;
}

#[tokio::test]
async fn text_is_ordered_by_its_bytes() {
    on_both(async |database| {
        let mut tx = database.write().await.expect("a transaction");
        for (id, name) in (0_i64..).zip(["b", "a", "B", "é", "_", "Z", "10", "9"]) {
            let insert = tx.sql("INSERT INTO things (account_id, id, name) VALUES ('acc', $1, $2)");
            insert.bind(&id).bind(name).run().await.expect("an insert");
        }
        let names: Vec<String> = tx.sql("SELECT name FROM things ORDER BY name").values().await.expect("the names");
        assert_eq!(names, ["10", "9", "B", "Z", "_", "a", "b", "é"]);
    })
    .await;
}

#[test]
fn an_array_must_have_its_length() {
    let bytes = [1_u8, 2, 3].to_value();
    let store::Value::Bytes(Some(bytes)) = bytes else { panic!("bytes") };
    assert_eq!(<[u8; 3]>::from_value(store::Cell::Bytes(&bytes)), Ok([1, 2, 3]));
    assert_eq!(<[u8; 4]>::from_value(store::Cell::Bytes(&bytes)), Err("expected 4 bytes, found 3".to_owned()));
}
