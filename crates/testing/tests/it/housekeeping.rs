//! What is done beside the requests.

use domain::timestamp::Seconds;
use serde_json::json;
use service::feed::FeedReader;
use service::housekeeping;
use store::Tenant;
use testing::{ADMIN_EMAIL, TestApp, on_both_engines};

async fn entries(app: &TestApp, action: &str) -> Vec<(String, String)> {
    let account = service::authentication::resolve(&app.app, "acme").await.unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = service::authentication::InAccount { tx: &mut tx, account };
    let mut found = Vec::new();
    for stored in bound.events().after(0, 1_000).await.unwrap() {
        if stored.event.action == action {
            for target in bound.events().targets(stored.event.seq, 0, 10).await.unwrap() {
                found.push((target.label, target.after));
            }
        }
    }
    found
}

on_both_engines! {
    async fn failed_sign_ins_become_one_entry_per_person_and_minute_and_unknown_addresses_leave_no_trace(app: TestApp) {
        let stranger = app.stranger();
        for email in [ADMIN_EMAIL, "nobody@nowhere.example", ADMIN_EMAIL] {
            stranger.post("/sign-in/password", json!({ "email": email, "password": "wrong-password!" })).await.refused(401, "wrong_credentials");
        }
        assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 0, "the minute is not over");
        app.pass(Seconds::minutes(1));
        assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 1);
        assert_eq!(housekeeping::report_failed_sign_ins(&app.app).await.unwrap(), 0);
        let found = entries(&app, "sign_in.failed").await;
        assert_eq!(found.len(), 1);
        assert!(found[0].0.contains(ADMIN_EMAIL) && found[0].1.contains("\"failed\":2") && found[0].1.contains("127.0.0.1"), "{found:?}");
        let mut tx = app.app.db.read().await.unwrap();
        assert_eq!(tx.sql("SELECT COUNT(*) FROM failed_sign_ins").value::<i64>().await.unwrap(), 0);
    }

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

    async fn one_node_at_a_time_has_a_schedule(app: TestApp) {
        let lease = async |node: &str| housekeeping::take_lease(&app.app, "x", node, Seconds(60)).await.unwrap();
        assert_eq!((lease("a").await, lease("b").await, lease("a").await), (true, false, true));
        app.pass(Seconds(61));
        assert_eq!((lease("b").await, lease("a").await), (true, false));
    }

    async fn cleaning_up_ends_nothing_that_still_works(app: TestApp) {
        housekeeping::clean_up(&app.app).await.unwrap();
        app.admin().get("/roles").await.ok(200);
        app.pass(Seconds::days(91));
        housekeeping::clean_up(&app.app).await.unwrap();
        let mut tx = app.app.db.read().await.unwrap();
        assert_eq!(tx.sql("SELECT COUNT(*) FROM sessions").value::<i64>().await.unwrap(), 0);
    }

    async fn x1_who_follows_the_feed_no_more_answers_nothing_from_memory(app: TestApp) {
        let node = app.another_node().await;
        let there = node.client();
        there.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
        there.get("/roles").await.ok(200);
        app.admin().delete("/me/sessions").await.ok(200);
        there.get("/roles").await.ok(200);
        let (_stop, stopped) = tokio::sync::watch::channel(true);
        worker::run(node.app.clone(), None, stopped).await;
        there.get("/roles").await.refused(401, "signed_out");
    }

    async fn x1_another_node_forgets_when_it_reads_the_feed_and_answers_nothing_from_memory_when_it_cannot(app: TestApp) {
        let node = app.another_node().await;
        let mut reader = FeedReader::start(&node.app).await.unwrap();
        let there = node.client();
        there.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
        there.get("/roles").await.ok(200);
        app.admin().delete("/me/sessions").await.ok(200);
        there.get("/roles").await.ok(200);
        node.app.principals().feed_is_current(false);
        there.get("/roles").await.refused(401, "signed_out");
        node.app.principals().feed_is_current(true);
        assert!(reader.read(&node.app).await.unwrap() > 0);
        there.get("/roles").await.refused(401, "signed_out");
        assert_eq!(reader.read(&node.app).await.unwrap(), 0);
    }
}
