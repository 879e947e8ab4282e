//! What is done beside the requests.

use domain::core::timestamp::Seconds;
use domain::sign_in::session::EndedBy;
use domain::users::UserStatus;
use serde_json::json;
use service::core::feed::FeedReader;
use service::core::generations::Topic;
use service::installation::housekeeping;
use store::activity::Events;
use store::installation::Installation;
use store::sign_in::identities::Identities;
use store::sign_in::sessions::Sessions;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, Client, Engine, NewPerson, Node, TestApp, both_engines};

async fn entries(app: &TestApp, action: &str) -> Vec<(String, String)> {
    let account = service::sign_in::authentication::resolve(&app.app, "acme").await.unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = store::InAccount { tx: &mut tx, account };
    let mut found = Vec::new();
    for stored in Events::of(&mut bound).after(0, 1_000).await.unwrap() {
        if stored.event.action == action {
            for target in Events::of(&mut bound).targets(stored.event.seq, 0, 10).await.unwrap() {
                found.push((target.label, target.after));
            }
        }
    }
    found
}

/// How many mails an account can read of.
async fn mails_of(app: &TestApp, account: domain::core::ids::AccountId) -> i64 {
    let mut tx = app.app.db.read().await.unwrap();
    tx.sql("SELECT COUNT(*) FROM outbox WHERE account_id = $1").bind(&account).value().await.unwrap()
}

/// Another node that remembers the admin's browser, which looks at it there, and follows the feed from before that on.
async fn node_that_remembers(app: &TestApp) -> (Node, FeedReader, Client) {
    let node = app.another_node().await;
    let reader = FeedReader::start(&node.app).await.unwrap();
    let there = node.client();
    there.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    there.get("/roles").await.ok(200);
    (node, reader, there)
}

/// Puts more into the feed than is kept of it.
async fn overflow_feed(app: &TestApp) {
    let mut tx = app.app.db.write().await.unwrap();
    let text = "INSERT INTO change_feed (topic) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10100) SELECT 'slugs' FROM n";
    tx.sql(text).run().await.unwrap();
    tx.commit().await.unwrap();
}

/// On SQLite nothing is written while something is on its way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x1_a_node_that_is_far_behind_still_learns_of_what_was_on_its_way_when_it_caught_up() {
    let Some(app) = TestApp::start(Engine::Postgres).await else { return };
    let (node, mut reader, there) = node_that_remembers(&app).await;
    let mut late = app.app.db.write().await.unwrap();
    let admin = Identities(&mut late).find_by_email(&ADMIN_EMAIL.parse().unwrap()).await.unwrap().unwrap();
    Sessions(&mut late).end_all(admin.id, None, EndedBy::Oneself).await.unwrap();
    Installation(&mut late).publish(&[Topic::Identity(admin.id).to_string()]).await.unwrap();
    overflow_feed(&app).await;
    reader.read(&node.app).await.unwrap();
    there.get("/roles").await.ok(200);
    late.commit().await.unwrap();
    reader.read(&node.app).await.unwrap();
    there.get("/roles").await.refused(401, "signed_out");
}

#[both_engines]
async fn failed_sign_ins_become_one_entry_per_person_and_minute_and_unknown_addresses_leave_no_trace(app: TestApp) {
    let stranger = app.stranger();
    for email in [ADMIN_EMAIL, "nobody@nowhere.example", ADMIN_EMAIL] {
        stranger
            .post("/sign-in/password", json!({ "email": email, "password": "wrong-password!" }))
            .await
            .refused(401, "invalid_credentials");
    }
    assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 0, "the minute is not over");
    app.pass(Seconds::minutes(1));
    assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 1);
    assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 0);
    let found = entries(&app, "sign_in.failed").await;
    assert_eq!(found.len(), 1);
    assert!(
        found[0].0.contains(ADMIN_EMAIL) && found[0].1.contains("\"failed\":2") && found[0].1.contains("127.0.0.1"),
        "{found:?}"
    );
    let mut tx = app.app.db.read().await.unwrap();
    assert_eq!(tx.sql("SELECT COUNT(*) FROM failed_sign_ins").value::<i64>().await.unwrap(), 0);
}

#[both_engines]
async fn what_a_person_does_is_told_where_they_are_active_and_not_where_they_are_only_invited(app: TestApp) {
    let beta = app.new_account("beta").await;
    // Invited here first, and never came.
    app.invite("ana@example.com", "builder").await;
    app.add_person(beta, NewPerson::new("bea@example.com", "admin")).await;
    let bea = app.signed_in("bea@example.com").await.in_account("beta");
    bea.post("/users", json!({ "emails": ["ana@example.com"], "role_id": "builder" })).await.ok(201);
    let (acme, here) = (app.acme().await, app.events().await);
    let (invited, mails) = (app.mails().await.len(), mails_of(&app, acme).await);
    let ana = app.activated("ana@example.com").await;
    assert_eq!(invited, 2);

    ana.patch("/me", json!({ "locale": "de" })).await.ok(200);
    ana.post("/me/password", json!({ "current_password": ADMIN_PASSWORD, "new_password": "battery-horse-correct" }))
        .await
        .ok(204);
    app.stranger()
        .post("/sign-in/password", json!({ "email": "ana@example.com", "password": "wrong-password!" }))
        .await
        .refused(401, "invalid_credentials");
    app.pass(Seconds::minutes(2));
    assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 1);
    ana.delete("/me/sessions").await.ok(200);
    assert_eq!((app.events().await, mails_of(&app, acme).await), (here, mails), "not where she is only invited");
    let there = bea.get("/events?limit=5").await.ok(200);
    let actions: Vec<_> =
        there["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["session.all_ended", "sign_in.failed", "password.changed", "identity.changed", "user.activated"]
    );
}

#[both_engines]
async fn failed_sign_ins_are_told_to_every_account_that_can_take_them_and_none_is_kept_for_nobody(app: TestApp) {
    let (alpha, beta) = (app.new_account("alpha").await, app.new_account("beta").await);
    let account_of = |number: usize| if number == 0 { alpha } else { beta };
    for number in 0..3 {
        app.add_person(account_of(number), NewPerson::new(&format!("p{number}@example.com"), "builder")).await;
    }
    app.add_person(beta, NewPerson::new("off@example.com", "builder").who_is(UserStatus::Inactive)).await;
    for email in ["p0@example.com", "nobody@example.com", "off@example.com", "p1@example.com", "p2@example.com"] {
        app.stranger()
            .post("/sign-in/password", json!({ "email": email, "password": "wrong-password!" }))
            .await
            .refused(401, "invalid_credentials");
    }
    app.pass(Seconds::minutes(2));
    let run = async |statement: &'static str| {
        let mut tx = app.app.db.write().await.unwrap();
        tx.sql(statement).run().await.unwrap();
        tx.commit().await.unwrap();
    };
    // The log of one account takes no entry.
    run("UPDATE accounts SET event_count = -1 WHERE slug = 'alpha'").await;
    run("INSERT INTO events (account_id, seq, format, id, at, action, actor_kind, actor_id, actor_label, ip, session, request, reason, target_count, hash) \
             SELECT id, 0, 1, 'x', 0, 'x', 'system', '', '', '', '', '', '', 0, '' FROM accounts WHERE slug = 'alpha'").await;
    assert!(housekeeping::report_failed_sign_ins(&app.app).await.is_err());
    let mut tx = app.app.db.read().await.unwrap();
    let left: Vec<String> = tx.sql("SELECT address FROM failed_sign_ins").values().await.unwrap();
    assert_eq!(left, ["p0@example.com"]);
}

#[both_engines]
async fn failed_sign_ins_are_told_to_a_few_accounts_at_a_time_until_each_knows(app: TestApp) {
    let mut accounts = Vec::new();
    for number in 0..45 {
        let account = app.new_account(&format!("many{number}")).await;
        app.add_person(account, NewPerson::new("multi@example.com", "builder")).await;
        accounts.push(account);
    }
    let fail = async || {
        let wrong = json!({ "email": "multi@example.com", "password": "wrong-password!" });
        app.stranger().post("/sign-in/password", wrong).await.refused(401, "invalid_credentials");
        app.pass(Seconds::minutes(2));
    };
    let told = async || {
        let mut tx = app.app.db.read().await.unwrap();
        let statement = "SELECT COUNT(*) FROM event_targets t JOIN events e ON e.account_id = t.account_id AND e.seq = t.seq \
                 WHERE e.action = 'sign_in.failed' AND e.account_id = $1 AND t.after_json LIKE $2";
        let mut each = Vec::new();
        for account in &accounts {
            let mut counts = Vec::new();
            for failed in ["%\"failed\":1,%", "%\"failed\":2,%"] {
                counts.push(tx.sql(statement).bind(account).bind(failed).value::<i64>().await.unwrap());
            }
            each.push((counts[0], counts[1]));
        }
        each
    };
    fail().await;
    assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 1);
    let first = told().await.iter().filter(|told| **told == (1, 0)).count();
    assert_eq!(first, 20, "whoever fails can fill so many logs at a time");
    // What fails meanwhile is told once each of them knows of the first.
    fail().await;
    fail().await;
    for expected in [(40, 0), (45, 0), (45, 20), (45, 40), (45, 45), (45, 45)] {
        housekeeping::report_failed_sign_ins(&app.app).await.unwrap();
        let told = told().await;
        assert!(told.iter().all(|(one, two)| *one < 2 && *two < 2), "{told:?}");
        let count = |of: fn(&(i64, i64)) -> i64| told.iter().map(of).sum::<i64>();
        assert_eq!((count(|told| told.0), count(|told| told.1)), expected);
    }
    let mut tx = app.app.db.read().await.unwrap();
    assert_eq!(tx.sql("SELECT COUNT(*) FROM failed_sign_ins").value::<i64>().await.unwrap(), 0);
}

#[both_engines]
async fn browsers_are_forgotten_when_they_were_not_seen_for_as_long_as_their_cookie_lasts(app: TestApp) {
    let devices = async || {
        housekeeping::clean_up(&app.app).await.unwrap();
        let mut tx = app.app.db.read().await.unwrap();
        tx.sql("SELECT COUNT(*) FROM devices").value::<i64>().await.unwrap()
    };
    app.pass(Seconds::days(399));
    assert_eq!(devices().await, 1);
    app.pass(Seconds::days(2));
    assert_eq!(devices().await, 0);
}

#[both_engines]
async fn x1_a_node_that_is_further_behind_than_the_feed_reaches_forgets_everything(app: TestApp) {
    let (node, mut reader, there) = node_that_remembers(&app).await;
    app.admin().delete("/me/sessions").await.ok(200);
    overflow_feed(&app).await;
    housekeeping::clean_up(&app.app).await.unwrap();
    reader.read(&node.app).await.unwrap();
    there.get("/roles").await.refused(401, "signed_out");
}

#[both_engines]
async fn input_is_written_behind_and_what_cannot_be_written_is_kept(app: TestApp) {
    app.pass(Seconds::hours(1));
    app.admin().get("/roles").await.ok(200);
    assert_eq!(housekeeping::save_activity(&app.app).await.unwrap(), 1);
    assert_eq!(housekeeping::save_activity(&app.app).await.unwrap(), 0);
    app.pass(Seconds::hours(23));
    // Another node knows of the input only from the database.
    app.second_node().await;
    app.admin().get("/roles").await.ok(200);
}

#[both_engines]
async fn one_node_at_a_time_has_a_schedule(app: TestApp) {
    let lease = async |node: &str| housekeeping::take_lease(&app.app, "x", node, Seconds(60)).await.unwrap();
    assert_eq!((lease("a").await, lease("b").await, lease("a").await), (true, false, true));
    app.pass(Seconds(61));
    assert_eq!((lease("b").await, lease("a").await), (true, false));
}

#[both_engines]
async fn cleaning_up_ends_nothing_that_still_works(app: TestApp) {
    housekeeping::clean_up(&app.app).await.unwrap();
    app.admin().get("/roles").await.ok(200);
    app.pass(Seconds::days(91));
    housekeeping::clean_up(&app.app).await.unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    assert_eq!(tx.sql("SELECT COUNT(*) FROM sessions").value::<i64>().await.unwrap(), 0);
}

#[both_engines]
async fn x1_who_follows_the_feed_no_more_answers_nothing_from_memory(app: TestApp) {
    let (node, _, there) = node_that_remembers(&app).await;
    app.admin().delete("/me/sessions").await.ok(200);
    there.get("/roles").await.ok(200);
    let (_stop, stopped) = tokio::sync::watch::channel(true);
    worker::run(node.app.clone(), None, stopped).await;
    there.get("/roles").await.refused(401, "signed_out");
}

#[both_engines]
async fn x1_another_node_forgets_when_it_reads_the_feed_and_answers_nothing_from_memory_when_it_cannot(app: TestApp) {
    let (node, mut reader, there) = node_that_remembers(&app).await;
    app.admin().delete("/me/sessions").await.ok(200);
    there.get("/roles").await.ok(200);
    node.app.principals().feed_is_current(false);
    there.get("/roles").await.refused(401, "signed_out");
    node.app.principals().feed_is_current(true);
    assert!(reader.read(&node.app).await.unwrap() > 0);
    there.get("/roles").await.refused(401, "signed_out");
    assert_eq!(reader.read(&node.app).await.unwrap(), 0);
}
