//! The activity log: list, details, export, verify.

mod reach;

use domain::activity::actions::Action;
use domain::activity::{self, Event};
use domain::core::hexadecimal::hexadecimal;
use serde_json::{Value, json};
use service::activity::verification::AccountsVerification;
use service::core::secrets::InstallationKey;
use sha2::{Digest, Sha256};
use store::InAccount;
use store::activity::Events;
use store::activity::list::EventList;
use testing::{ADMIN_EMAIL, NewPerson, TestApp, both_engines};

use crate::people::{active, assigned, first_admin, system};

fn actions(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect()
}

async fn disable_and_enable(app: &TestApp, user: &str) {
    app.admin()
        .with_header("portcullis-reason", "spring cleaning")
        .post(&format!("/users/{user}/disable"), json!({}))
        .await
        .ok(200);
    app.admin().post(&format!("/users/{user}/enable"), json!({})).await.ok(200);
}

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
async fn al3_newest_first_with_who_what_when_from_where_and_why(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    disable_and_enable(&app, &ana).await;
    let page = app.admin().get("/events").await.ok(200);
    assert_eq!(actions(&page)[..2], ["user.enabled", "user.disabled"]);
    let event = &page["items"][1];
    assert_eq!((&event["actor"]["label"], &event["reason"]), (&json!(ADMIN_EMAIL), &json!("spring cleaning")));
    assert_eq!(event["targets"][0]["id"], json!(ana));
    assert_eq!((&event["target_count"], &event["ip"]), (&json!(1), &json!("127.0.0.1")));
    assert_eq!(page["total"], page["items"][0]["seq"]);
    let detail = app.admin().get(&format!("/events/{}", event["id"].as_str().unwrap())).await.ok(200);
    assert_eq!(detail["targets"][0]["before"]["status"], "active");
    assert_eq!(detail["targets"][0]["after"]["status"], "inactive");
    app.admin().get("/events/evt_00000000000000000000000000").await.refused(404, "not_found");
}

#[both_engines]
async fn al2_filters_by_text_action_actor_target_and_time(app: TestApp) {
    let (ana, bob) = (
        active(&app, "ana@acme.example", "builder").await.to_string(),
        active(&app, "bob@acme.example", "builder").await.to_string(),
    );
    disable_and_enable(&app, &ana).await;
    let middle = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["at"].clone();
    disable_and_enable(&app, &bob).await;
    let admin = first_admin(&app).await;
    let count =
        async |query: &str| app.admin().get(&format!("/events?{query}")).await.ok(200)["total"].as_i64().unwrap();
    assert_eq!(count(&format!("target={ana}&action=user.disabled,user.enabled")).await, 2);
    assert_eq!(count("action=user.disabled").await, 2);
    assert_eq!(count(&format!("actor={admin}&action=user.disabled")).await, 2);
    assert_eq!(count("actor=nobody").await, 0);
    assert_eq!(count("q=SPRING").await, 2);
    assert_eq!(count("q=ana@&action=user.disabled").await, 1);
    assert_eq!(count("q=100%25").await, 0, "the text is no pattern");
    let middle = middle.as_str().unwrap();
    assert_eq!(count(&format!("from={middle}&action=user.disabled,user.enabled")).await, 3);
    assert_eq!(count(&format!("to={middle}&action=user.disabled,user.enabled")).await, 1);
    let words: Vec<&str> = Action::ALL.iter().map(|action| action.word()).collect();
    count(&format!("action={}", words.join(","))).await;
    for wrong in ["from=yesterday", "action=user.vanished", "action=user.disabled,user"] {
        app.admin().get(&format!("/events?{wrong}")).await.refused(422, "invalid_parameter");
    }
    app.admin().get("/events?limit=0").await.refused(422, "out_of_range");
    app.admin().get("/events?cursor=x").await.refused(422, "invalid_cursor");
}

#[both_engines]
async fn al2_a_time_finds_what_was_written_then_also_where_a_clock_was_put_back(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    let before = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["at"].clone();
    disable_and_enable(&app, &ana).await;
    let late = "UPDATE events SET at = at - 2000000 WHERE action = 'user.enabled'";
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql(late).run().await.unwrap();
    tx.commit().await.unwrap();
    let at = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["at"].clone();
    assert!(at.as_str() < before.as_str(), "the latest entry has an earlier time");
    let count =
        async |query: &str| app.admin().get(&format!("/events?{query}")).await.ok(200)["total"].as_i64().unwrap();
    let both = "action=user.disabled,user.enabled";
    assert_eq!(count(&format!("from={}&{both}", at.as_str().unwrap())).await, 2);
    assert_eq!(count(&format!("to={}&{both}", before.as_str().unwrap())).await, 1);
}

#[both_engines]
async fn all_pages_together_are_the_log_in_both_directions(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    for _ in 0..4 {
        disable_and_enable(&app, &ana).await;
    }
    for query in ["limit=200", "limit=200&q=user", "limit=200&action=user.disabled"] {
        let whole = app.admin().get(&format!("/events?{query}")).await.ok(200);
        let query = query.replace("200", "3");
        let mut last = app.admin().get(&format!("/events?{query}")).await.ok(200);
        let mut forward = last["items"].as_array().unwrap().clone();
        while let Some(next) = last["next_cursor"].as_str().map(str::to_owned) {
            last = app.admin().get(&format!("/events?{query}&cursor={next}")).await.ok(200);
            forward.extend(last["items"].as_array().unwrap().clone());
        }
        assert_eq!(forward, *whole["items"].as_array().unwrap(), "{query}");
        let mut backward = last["items"].as_array().unwrap().clone();
        while let Some(previous) = last["prev_cursor"].as_str().map(str::to_owned) {
            last = app.admin().get(&format!("/events?{query}&cursor={previous}")).await.ok(200);
            backward.splice(0..0, last["items"].as_array().unwrap().clone());
        }
        assert_eq!(backward, forward, "{query}");
    }
}

#[both_engines]
async fn who_is_limited_to_own_systems_sees_these_and_their_users_only(app: TestApp) {
    let account = app.acme().await;
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    let role =
        app.add_role(account, "Watcher", json!({ "activity_log": "view (own)", "manage_users": "view (own)" })).await;
    assigned(&app, "sam@acme.example", role.as_str(), &[web]).await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    let eve = assigned(&app, "eve@acme.example", "builder", &[shop]).await.to_string();
    disable_and_enable(&app, &ana).await;
    disable_and_enable(&app, &eve).await;
    let sam = app.signed_in("sam@acme.example").await;
    let page = sam.get("/events?action=user.disabled,user.enabled").await.ok(200);
    assert_eq!((actions(&page).len(), &page["items"][0]["targets"][0]["id"]), (2, &json!(ana)));
    let hidden =
        app.admin().get(&format!("/events?target={eve}&action=user.disabled")).await.ok(200)["items"][0]["id"].clone();
    sam.get(&format!("/events/{}", hidden.as_str().unwrap())).await.refused(404, "not_found");
    sam.get("/events/verify").await.refused(403, "permission_missing");
    sam.get("/events/export").await.refused(403, "permission_missing");
}

#[both_engines]
async fn p21_the_log_alone_shows_what_happened_to_own_systems_and_what_one_did_oneself(app: TestApp) {
    let account = app.acme().await;
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    disable_and_enable(&app, &ana).await;
    for (id, name) in [(web, "Web pages"), (shop, "Shop floor")] {
        app.admin().patch(&format!("/systems/{id}"), json!({ "name": name })).await.ok(200);
    }
    let all = app.admin().get("/events").await.ok(200)["total"].as_i64().unwrap();
    for (number, (levels, sees_all)) in [
        (json!({ "activity_log": "view" }), false),
        (json!({ "activity_log": "view", "manage_users": "view (own)" }), false),
        (json!({ "activity_log": "view", "manage_users": "view" }), true),
        (json!({ "activity_log": "view", "security": "view" }), true),
        (json!({ "activity_log": "allowed" }), true),
    ]
    .into_iter()
    .enumerate()
    {
        let role = app.add_role(account, &format!("Role {number}"), levels.clone()).await;
        let email = format!("p{number}@acme.example");
        assigned(&app, &email, role.as_str(), &[web]).await;
        let reader = app.signed_in(&email).await;
        let renamed = reader.get("/events?action=system.renamed").await.ok(200);
        let people = reader.get(&format!("/events?target={ana}")).await.ok(200)["total"].as_i64().unwrap();
        let whole = reader.get("/events").await.ok(200)["total"].as_i64().unwrap();
        let labels: Vec<_> = renamed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["targets"][0]["label"].as_str().unwrap())
            .collect();
        if sees_all {
            assert_eq!((labels, people), (vec!["Shop floor", "Web pages"], 2), "{levels}");
            assert!(whole > all, "{levels}");
        } else {
            // The renaming and the own sign-in; what was done to Ana, and to the first admin, who has all systems, and that the
            // reader before signed in.
            let (to_ana, shown) = if levels["manage_users"].is_null() { (0, 2) } else { (2, 6) };
            assert_eq!((labels, people, whole), (vec!["Web pages"], to_ana, shown), "{levels}");
            assert_eq!(
                renamed["items"][0]["actor"]["label"], ADMIN_EMAIL,
                "who did it is a part of the log that they may read"
            );
            assert_eq!(
                (&renamed["items"][0]["seq"], reader.get("/events?q=shop").await.ok(200)["total"].as_i64()),
                (&Value::Null, Some(0))
            );
        }
    }
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

#[both_engines]
async fn d1_a_table_of_the_log_has_a_row_per_target_and_no_formula(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    app.admin()
        .with_header("portcullis-reason", "=HYPERLINK(1)")
        .post(&format!("/users/{ana}/disable"), json!({}))
        .await
        .ok(200);
    let answer = app.admin().get(&format!("/events/export?format=csv&action=user.disabled&target={ana}")).await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"events-acme-2030-01-01.csv\"");
    let table = answer.text();
    let table = table.strip_prefix('\u{FEFF}').expect("a byte order mark");
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert!(
        rows[0].starts_with("\"seq\",\"id\",\"at (UTC)\",\"action\"")
            && rows[1].contains("\"2030-01-01 0")
            && rows[1].contains("\"'=HYPERLINK(1)\""),
        "{table}"
    );
}
