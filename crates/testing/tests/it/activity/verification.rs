//! What somebody altered in the activity log is found, by us and by anyone with an export.

use domain::activity::{self, Event};
use domain::core::hexadecimal::hexadecimal;
use serde_json::{Value, json};
use service::activity::verification::AccountsVerification;
use service::core::secrets::InstallationKey;
use sha2::{Digest, Sha256};
use store::InAccount;
use store::activity::Events;
use store::activity::list::EventList;
use testing::{NewPerson, TestApp, both_engines};

use crate::people::active;

use super::disable_and_enable;

async fn run(app: &TestApp, statement: &'static str) {
    let mut tx = app.app.db.write().await.unwrap();
    assert!(tx.sql(statement).run().await.unwrap() > 0);
    tx.commit().await.unwrap();
}

/// Number, hash and seal of the latest entry, as the account has them.
async fn head(app: &TestApp) -> (i64, String, String) {
    let mut tx = app.app.db.read().await.unwrap();
    tx.sql("SELECT event_count, event_head, event_seal FROM accounts WHERE slug = 'acme'").one().await.unwrap().unwrap()
}

async fn set_head(app: &TestApp, count: i64, head: &str, seal: &str) {
    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE accounts SET event_count = $1, event_head = $2, event_seal = $3 WHERE slug = 'acme'";
    assert_eq!(tx.sql(text).bind(&count).bind(head).bind(seal).run().await.unwrap(), 1);
    tx.commit().await.unwrap();
}

/// What somebody can do who can write to the database but does not have the key: keeps the first `count` entries, alters
/// them, and writes all hashes anew.
async fn forge(app: &TestApp, count: i64, alter: impl Fn(&mut Event)) {
    let account = app.acme().await;
    let seal = head(app).await.2;
    let mut tx = app.app.db.write().await.unwrap();
    let mut bound = InAccount { tx: &mut tx, account };
    let (mut last, whole) = (String::new(), Events::of(&mut bound).after(0, count).await.unwrap());
    let whole = EventList::of(&mut bound).complete(whole).await.unwrap();
    for mut stored in whole {
        alter(&mut stored.event);
        last = activity::form::hash(&last, &activity::form::bytes(1, account, &stored.event).unwrap());
        let text = "UPDATE events SET reason = $2, hash = $3 WHERE seq = $1";
        tx.sql(text).bind(&stored.event.seq).bind(&stored.event.reason).bind(&last).run().await.unwrap();
    }
    for text in ["DELETE FROM events WHERE seq > $1", "DELETE FROM event_targets WHERE seq > $1"] {
        tx.sql(text).bind(&count).run().await.unwrap();
    }
    tx.commit().await.unwrap();
    set_head(app, count, &last, &seal).await;
}

/// By its entries alone the log would pass.
async fn assert_not_sealed(app: &TestApp, entries: i64) {
    let found = app.admin().get("/events/verify").await.ok(200);
    assert_eq!(
        (&found["ok"], &found["entries"], &found["broken_at"]),
        (&json!(false), &json!(entries), &Value::Null),
        "{found}"
    );
    assert!(found["reason"].as_str().unwrap().contains("without the seal"), "{found}");
}

#[both_engines]
async fn d8_the_log_verifies_until_somebody_alters_it(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    disable_and_enable(&app, &ana).await;
    let found = app.admin().get("/events/verify").await.ok(200);
    let last = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["seq"].clone();
    assert_eq!((&found["ok"], &found["entries"], &found["broken_at"]), (&json!(true), &last, &Value::Null));
    run(&app, "UPDATE event_targets SET after_json = '{\"status\":\"active\"}' WHERE after_json LIKE '%inactive%'")
        .await;
    let found = app.admin().get("/events/verify").await.ok(200);
    assert_eq!((&found["ok"], found["broken_at"].as_i64().unwrap()), (&json!(false), last.as_i64().unwrap() - 1));
    assert!(found["reason"].as_str().unwrap().contains("was changed"));
}

#[both_engines]
async fn d8_texts_for_the_search_that_somebody_alters_are_found(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    for (table, column) in
        [("events", "search_text"), ("events", "actor_search_text"), ("event_targets", "search_text")]
    {
        disable_and_enable(&app, &ana).await;
        let last = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["seq"].as_i64().unwrap();
        let alter = async |text: &str| {
            let statement = format!("UPDATE {table} SET {column} = {text} WHERE seq = {last}").leak();
            run(&app, statement).await;
        };
        alter(&format!("'hidden ' || {column}")).await;
        let found = app.admin().get("/events/verify").await.ok(200);
        assert_eq!((&found["ok"], found["broken_at"].as_i64()), (&json!(false), Some(last)), "{table}.{column}");
        assert!(found["reason"].as_str().unwrap().contains("search text"), "{found}");
        alter(&format!("SUBSTR({column}, 8)")).await;
        assert_eq!(app.admin().get("/events/verify").await.ok(200)["ok"], true);
    }
}

#[both_engines]
async fn d8_accounts_that_were_removed_or_added_from_outside_are_missed(app: TestApp) {
    for slug in ["beta", "gamma"] {
        app.add_person(app.new_account(slug).await, NewPerson::new(&format!("ana@{slug}.example"), "admin")).await;
    }
    let verdict = async || service::activity::verification::check_accounts(&app.app).await.unwrap();
    assert_eq!(verdict().await, AccountsVerification { missing: Vec::new(), are_sealed: true });
    let gamma = service::sign_in::authentication::resolve(&app.app, "gamma").await.unwrap();
    run(&app, "UPDATE accounts SET id = 'acc_' || SUBSTR(id, 5, 25) || '0' WHERE slug = 'gamma' AND id NOT LIKE '%0'")
        .await;
    assert_eq!(
        verdict().await,
        AccountsVerification { missing: vec![gamma.to_string()], are_sealed: false },
        "another one in its place"
    );
    run(&app, "DELETE FROM accounts WHERE slug = 'gamma'").await;
    assert_eq!(verdict().await, AccountsVerification { missing: vec![gamma.to_string()], are_sealed: false });
    run(&app, "DELETE FROM events WHERE account_id NOT IN (SELECT id FROM accounts)").await;
    assert_eq!(
        verdict().await,
        AccountsVerification { missing: Vec::new(), are_sealed: false },
        "its log is gone as well"
    );
    app.new_account("delta").await;
    assert!(!verdict().await.are_sealed, "a new account does not heal it");
}

#[both_engines]
async fn d8_entries_cut_off_at_the_end_are_missed(app: TestApp) {
    run(&app, "DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)").await;
    let found = app.admin().get("/events/verify").await.ok(200);
    assert_eq!(found["ok"], false);
    assert!(found["reason"].as_str().unwrap().contains("were written"), "{found}");
}

#[both_engines]
async fn d8_a_log_that_was_cut_or_rewritten_without_the_key_is_found_and_stays_found(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    disable_and_enable(&app, &ana).await;
    let count = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["seq"].as_i64().unwrap();
    let honest = head(&app).await;
    // Cut, with everything put right that needs no key.
    forge(&app, count - 2, |_| {}).await;
    assert_not_sealed(&app, count - 2).await;
    // The server itself does not heal it by going on.
    disable_and_enable(&app, &ana).await;
    assert_not_sealed(&app, count).await;
    // Rewritten from the first entry on.
    forge(&app, count, |event| event.reason.push_str("as ordered by Ada")).await;
    assert_not_sealed(&app, count).await;
    let (_, _, seal) = honest;
    set_head(&app, count, &head(&app).await.1, &seal).await;
    assert_not_sealed(&app, count).await;
}

#[both_engines]
async fn d8_the_seal_of_another_account_or_another_key_is_none(app: TestApp) {
    let (own, key) = (head(&app).await, InstallationKey::new(&[8; 32]));
    let account = app.acme().await;
    let other = app.new_account("other").await;
    for seal in [key.seal(account, own.0, &own.1), app.app.key.seal(other, own.0, &own.1), String::new()] {
        set_head(&app, own.0, &own.1, &seal).await;
        assert_not_sealed(&app, own.0).await;
    }
    set_head(&app, own.0, &own.1, &own.2).await;
    assert_eq!(app.admin().get("/events/verify").await.ok(200)["ok"], true);
}

#[both_engines]
async fn d8_entries_that_no_change_has_written_are_found_wherever_they_stand(app: TestApp) {
    let (count, ..) = head(&app).await;
    run(&app, "INSERT INTO events (account_id, seq, format, id, at, action, actor_kind, actor_id, actor_label, on_behalf_of, ip, session, request, \
             reason, target_count, hash) SELECT account_id, seq + 5, format, 'evt_00000000000000000000000000', at, action, actor_kind, actor_id, actor_label, \
             on_behalf_of, ip, session, request, reason, target_count, hash FROM events WHERE seq = (SELECT event_count FROM accounts)").await;
    let mut place = count + 5;
    for seq in [place, 0] {
        let mut tx = app.app.db.write().await.unwrap();
        tx.sql("UPDATE events SET seq = $2 WHERE seq = $1").bind(&place).bind(&seq).run().await.unwrap();
        tx.commit().await.unwrap();
        place = seq;
        let found = app.admin().get("/events/verify").await.ok(200);
        assert_eq!((&found["ok"], &found["broken_at"]), (&json!(false), &json!(seq)), "{found}");
        assert!(found["reason"].as_str().unwrap().contains("added"), "{found}");
    }
}

#[both_engines]
async fn d8_what_stands_beside_an_entry_is_as_fixed_as_the_entry(app: TestApp) {
    for (statement, back, reason) in [
        (
            "UPDATE events SET target_count = 7 WHERE seq = 1",
            "UPDATE events SET target_count = (SELECT COUNT(*) FROM event_targets t WHERE t.seq = 1) WHERE seq = 1",
            "was changed",
        ),
        ("UPDATE events SET format = 2 WHERE seq = 1", "UPDATE events SET format = 1 WHERE seq = 1", "format 2"),
        ("UPDATE events SET id = 'evt_00000000000000000000000000' WHERE seq = 1", "", "was changed"),
    ] {
        run(&app, statement).await;
        let found = app.admin().get("/events/verify").await.ok(200);
        assert_eq!((&found["ok"], &found["broken_at"]), (&json!(false), &json!(1)), "{statement}");
        assert!(found["reason"].as_str().unwrap().contains(reason), "{found}");
        if !back.is_empty() {
            run(&app, back).await;
            assert_eq!(app.admin().get("/events/verify").await.ok(200)["ok"], true);
        }
    }
}

#[both_engines]
async fn n26_an_exported_log_is_verified_with_nothing_but_sha256(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    disable_and_enable(&app, &ana).await;
    let answer = app.admin().get("/events/export?format=jsonl").await;
    answer.ok(200);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"events-acme-2030-01-01.jsonl\"");
    let (mut previous, account) = (String::new(), app.acme().await.to_string());
    for (number, line) in (1..).zip(answer.text().lines()) {
        // {"hash":"<64 digits>","entry":<the entry>}
        let (hash, entry) = (&line[9..73], &line[83..line.len() - 1]);
        assert_eq!(hexadecimal(&Sha256::digest(format!("{previous}\n{entry}"))), hash);
        let read: Value = serde_json::from_str(entry).unwrap();
        assert_eq!((&read["format"], &read["account"], &read["seq"]), (&json!(1), &json!(account), &json!(number)));
        assert!(entry.starts_with("{\"format\":1,"), "it says first how it is to be read");
        previous = hash.to_owned();
    }
    assert_eq!(
        app.admin().get("/events/verify").await.ok(200)["head"],
        previous,
        "the export is the last entry itself"
    );
    assert_eq!(app.events().await.last().unwrap(), "events.exported");
    app.admin().get("/events/export?format=jsonl&q=ana").await.refused(409, "filter_not_allowed");
}
