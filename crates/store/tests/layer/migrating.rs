//! One history of the schema for both engines.

use store::testing::TestDatabase;
use store::{Db, Engine, Migration, OpenAs, SearchIndex, StoreError};

const FIRST: Migration = Migration {
    version: 1,
    name: "people",
    text: "
        -- A comment; with a semicolon.
        CREATE TABLE people (id TEXT PRIMARY KEY, note TEXT NOT NULL DEFAULT 'a ; b', born BIGINT, active BOOLEAN NOT NULL);
        -- sqlite:
        CREATE VIRTUAL TABLE people_search USING fts5 (note, tokenize = 'trigram');
        CREATE TRIGGER people_insert AFTER INSERT ON people BEGIN
            INSERT INTO people_search (rowid, note) VALUES (new.rowid, CASE WHEN new.active THEN new.note ELSE '' END);
            UPDATE people SET born = COALESCE(born, 7) WHERE id = new.id;
        END;
        -- end
        -- postgres:
        CREATE FUNCTION people_born() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.born := COALESCE(NEW.born, 7);
            RETURN NEW;
        END;
        $$;
        CREATE TRIGGER people_born BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION people_born();
        -- end
        -- postgres trigram:
        CREATE INDEX people_search ON people USING gin (note gin_trgm_ops);
        -- end
    ",
};

const SECOND: Migration =
    Migration { version: 2, name: "height", text: "ALTER TABLE people ADD COLUMN height BIGINT NOT NULL DEFAULT 0" };

const BROKEN: Migration =
    Migration { version: 2, name: "broken", text: "CREATE TABLE half (id TEXT); CREATE TABLE half (id TEXT);" };

async fn reopen(database: &TestDatabase, who: OpenAs, schema: &[Migration]) -> Result<Db, StoreError> {
    // The test's own handle has the server's lock of a SQLite file; a copy has not.
    let mut config = database.config().clone();
    if database.engine() == Engine::Sqlite {
        let copy = config.path.with_extension("copy");
        if !copy.exists() {
            database.backup_to(&copy).await?;
        }
        config.path = copy;
    }
    let db = Db::open_with(&config, who, schema).await?;
    Ok(db)
}

#[tokio::test]
async fn one_text_makes_the_same_schema_on_both_engines() {
    for database in TestDatabase::all_with(&[FIRST, SECOND]).await {
        assert_eq!(database.search_index(), SearchIndex::Trigram);
        let mut tx = database.write().await.expect("a transaction");
        tx.sql("INSERT INTO people (id, active) VALUES ('p1', TRUE)").run().await.expect("an insert");
        let person = "SELECT note, born, active, height FROM people";
        let person = tx.sql(person).one::<(String, i64, bool, i64)>().await;
        assert_eq!(person, Ok(Some(("a ; b".to_owned(), 7, true, 0))));
    }
}

#[tokio::test]
async fn what_is_new_is_run_once() {
    for database in TestDatabase::all_with(&[FIRST]).await {
        for _ in 0..2 {
            let db = reopen(&database, OpenAs::Server, &[FIRST, SECOND]).await.expect("it is brought up to date");
            let mut tx = db.read().await.expect("a connection");
            let versions = tx.sql("SELECT version FROM schema_migrations ORDER BY version").values::<i64>().await;
            assert_eq!(versions, Ok(vec![1, 2]));
            drop(tx);
            db.close().await;
        }
    }
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    for database in TestDatabase::all_with(&[FIRST, SECOND]).await {
        for who in [OpenAs::Server, OpenAs::Tool] {
            let refused = reopen(&database, who, &[FIRST]).await.err();
            assert_eq!(refused, Some(StoreError::NewerSchema { found: 2, known: 1 }));
        }
    }
}

#[tokio::test]
async fn a_tool_does_not_migrate_what_a_server_may_be_using() {
    for database in TestDatabase::all_with(&[FIRST]).await {
        let refused = reopen(&database, OpenAs::Tool, &[FIRST, SECOND]).await.err();
        assert_eq!(refused, Some(StoreError::OlderSchema { found: 1, known: 2 }));
    }
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    let edited = Migration { text: "CREATE TABLE others (id TEXT)", ..FIRST };
    for database in TestDatabase::all_with(&[FIRST]).await {
        let refused = reopen(&database, OpenAs::Server, &[edited]).await.err();
        assert_eq!(refused, Some(StoreError::ChangedMigration { version: 1, name: "people".to_owned() }));
    }
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    for database in TestDatabase::all_with(&[FIRST]).await {
        assert!(reopen(&database, OpenAs::Server, &[FIRST, BROKEN]).await.is_err());
        let db = reopen(&database, OpenAs::Server, &[FIRST, SECOND]).await.expect("the corrected one runs");
        let mut tx = db.read().await.expect("a connection");
        assert!(tx.sql("SELECT * FROM half").run().await.is_err());
    }
}

#[tokio::test]
async fn servers_that_start_together_migrate_once() {
    for database in TestDatabase::all_with(&[FIRST]).await {
        if database.engine() == Engine::Sqlite {
            continue; // There is only one.
        }
        let both = [&[FIRST, SECOND]; 4].map(|schema| Db::open_with(database.config(), OpenAs::Server, schema));
        for started in futures_util::future::join_all(both).await {
            started.expect("one migrates, the others wait").close().await;
        }
    }
}

#[tokio::test]
async fn the_real_schema_runs_on_both_engines() {
    for database in TestDatabase::all().await {
        database.ping().await.expect("it answers");
    }
}
