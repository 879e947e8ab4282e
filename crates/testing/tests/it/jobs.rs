//! Bulk actions that are too large to wait for.

use std::time::Duration;

use domain::core::failure::Failure;
use domain::core::timestamp::Seconds;
use serde_json::{Value, json};
use service::jobs::Kind;
use store::accounts::Accounts;
use store::jobs::{AllJobs, Jobs};
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, Client, Engine, NewPerson, TestApp, both_engines};

use crate::people::active;

const ROWS: usize = 1_001;

/// Invites more people than one call may change at once.
async fn invited(app: &TestApp) -> Vec<Value> {
    let emails: Vec<String> = (0..ROWS).map(|number| format!("p{number}@crowd.example")).collect();
    let answer = app.admin().post("/users", json!({ "emails": emails, "role_id": "builder" })).await.ok(201);
    answer["items"].as_array().unwrap().iter().map(|item| item["user_id"].clone()).collect()
}

async fn start(client: &Client, ids: &[Value]) -> String {
    let job = client.post("/users/bulk", json!({ "action": "delete", "ids": ids })).await.ok(202);
    assert_eq!((&job["state"], &job["total"], &job["applied"]), (&json!("queued"), &json!(ROWS), &json!(0)));
    format!("/jobs/{}", job["id"].as_str().unwrap())
}

/// The address of a job that was queued.
fn job_of(answer: &Value) -> String {
    format!("/jobs/{}", answer["id"].as_str().unwrap())
}

/// The same for the same people, with another role.
fn with_role(action: &Value, role: &str) -> Value {
    let mut action = action.clone();
    action["role_id"] = json!(role);
    action
}

async fn builders(app: &TestApp) -> Value {
    app.admin().get("/roles/builder").await.ok(200)["users"].clone()
}

/// More people than one call may change at once, in an account, and an admin of it.
async fn crowd(app: &TestApp, slug: &str) -> (Client, Value) {
    let account = match slug {
        "acme" => app.acme().await,
        other => app.new_account(other).await,
    };
    let admin = app.add_person(account, NewPerson::new(&format!("boss@{slug}.example"), "admin")).await;
    let people: Vec<NewPerson> =
        (0..ROWS).map(|number| NewPerson::new(&format!("p{number}@{slug}.example"), "builder")).collect();
    let ids = app.add_people(account, &people).await.into_iter().map(|user| json!(user.id.to_string())).collect();
    (
        app.browser_of(slug, &admin).await,
        json!({ "action": "set_role", "role_id": "analyst", "ids": Value::Array(ids) }),
    )
}

#[both_engines]
async fn a_large_bulk_action_runs_as_a_job_with_progress_result_and_undo(app: TestApp) {
    let ids = invited(&app).await;
    let preview = app.admin().post("/users/bulk?dry_run=true", json!({ "action": "delete", "ids": ids })).await.ok(200);
    assert_eq!((&preview["changed"], &preview["impact"]["links_ended"]), (&json!(ROWS), &json!(ROWS)));
    let path = start(app.admin(), &ids).await;
    assert_eq!(builders(&app).await, ROWS, "nothing happens before a worker takes it");
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    assert!(!service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    let job = app.admin().get(&path).await.ok(200);
    assert_eq!((&job["state"], &job["checked"], &job["applied"]), (&json!("done"), &json!(ROWS), &json!(ROWS)));
    assert_eq!((&job["result"]["changed"], &job["result"]["undo"][0]["action"]), (&json!(ROWS), &json!("restore")));
    assert_eq!(builders(&app).await, 0);
    assert_eq!(app.events().await[1..], ["job.queued", "user.deleted"]);
    app.admin().delete(&path).await.refused(409, "job_not_queued");
}

#[both_engines]
async fn what_a_worker_had_taken_when_its_server_stopped_is_free_at_the_next_start(app: TestApp) {
    let path = start(app.admin(), &invited(&app).await).await;
    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.unwrap();
    AllJobs(&mut tx).claim(now, now.plus(Seconds::minutes(15))).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(!service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap(), "somebody has it");
    assert_eq!(service::jobs::release_claims(&app.app).await.unwrap(), 1);
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    assert_eq!(app.admin().get(&path).await.ok(200)["state"], "done");
}

#[both_engines]
async fn a_job_whose_worker_died_is_taken_again_and_applied_once(app: TestApp) {
    let path = start(app.admin(), &invited(&app).await).await;
    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.unwrap();
    let dead = AllJobs(&mut tx).claim(now, now.plus(Seconds::minutes(2))).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(!service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap(), "somebody has it");
    app.pass(Seconds::minutes(3));
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    let account = app.acme().await;
    let mut tx = app.app.db.write().await.unwrap();
    let mut bound = store::InAccount { tx: &mut tx, account };
    let late = Jobs::of(&mut bound).end(&dead, domain::jobs::JobState::Done, 0, "{}", now).await.unwrap();
    assert!(!late, "the one who was taken for dead ends nothing");
    drop(tx);
    assert_eq!(app.admin().get(&path).await.ok(200)["state"], "done");
    assert_eq!(app.events().await.iter().filter(|action| *action == "user.deleted").count(), 1);
}

#[both_engines]
async fn what_cannot_be_done_now_is_put_back_and_nothing_of_the_account_overtakes_it(app: TestApp) {
    let kinds = [Kind { name: "bulk", work: |_| Box::pin(async { Err(Failure::Unavailable("away".to_owned())) }) }];
    let (boss, action) = crowd(&app, "acme").await;
    let older = job_of(&boss.post("/users/bulk", action.clone()).await.ok(202));
    assert!(service::jobs::run_next(&app.app, &kinds).await.is_err());
    assert_eq!(boss.get(&older).await.ok(200)["state"], "queued", "at once, and not when its lease is over");

    app.pass(Seconds(1));
    let newer = job_of(&boss.post("/users/bulk", with_role(&action, "publisher")).await.ok(202));
    assert!(!service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap(), "what was asked for later waits");
    app.pass(Seconds::minutes(1));
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    assert_eq!(
        (&boss.get(&older).await.ok(200)["state"], &boss.get(&newer).await.ok(200)["state"]),
        (&json!("done"), &json!("queued"))
    );
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    assert_eq!(boss.get("/roles/publisher").await.ok(200)["users"], ROWS, "the last word is that of the newer one");

    let stuck = job_of(&boss.post("/users/bulk", action).await.ok(202));
    // As often as it takes: nobody gives a job up because others were faster.
    for _ in 0..8 {
        assert!(service::jobs::run_next(&app.app, &kinds).await.is_err());
        app.pass(Seconds::minutes(1));
    }
    assert_eq!(boss.get(&stuck).await.ok(200)["state"], "queued");
    boss.delete(&stuck).await.ok(200);
}

#[both_engines]
async fn what_a_dead_worker_had_is_overtaken_by_nothing_of_its_account_and_stops_no_other(app: TestApp) {
    let ((acme, in_acme), (other, in_other)) = (crowd(&app, "acme").await, crowd(&app, "other").await);
    acme.post("/users/bulk", in_acme.clone()).await.ok(202);
    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.unwrap();
    AllJobs(&mut tx).claim(now, now.plus(Seconds::minutes(2))).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    app.pass(Seconds(1));
    let newer = job_of(&acme.post("/users/bulk", with_role(&in_acme, "publisher")).await.ok(202));
    let foreign = job_of(&other.post("/users/bulk", in_other).await.ok(202));
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    assert_eq!(other.get(&foreign).await.ok(200)["state"], "done");
    assert!(!service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    assert_eq!(acme.get(&newer).await.ok(200)["state"], "queued");
    app.pass(Seconds::minutes(2));
    for _ in 0..2 {
        assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    }
    assert_eq!(acme.get("/roles/publisher").await.ok(200)["users"], ROWS);
}

#[both_engines]
async fn a_worker_that_waits_for_long_is_not_taken_for_dead(app: TestApp) {
    if app.app.db.engine() == Engine::Sqlite {
        return; // It has one server, which frees its jobs when it starts.
    }
    let (boss, action) = crowd(&app, "acme").await;
    let path = job_of(&boss.post("/users/bulk", action).await.ok(202));
    let account = app.acme().await;
    let mut held = app.app.db.write().await.unwrap();
    Accounts(&mut held).lock(account).await.unwrap();
    let worker = tokio::spawn({
        let app = app.app.clone();
        async move { service::jobs::run_next(&app, &service::JOB_KINDS).await.unwrap() }
    });
    let lease = async || -> i64 {
        let mut tx = app.app.db.read().await.unwrap();
        tx.sql("SELECT lease_until FROM jobs WHERE state = 'running' AND progress = total")
            .values::<i64>()
            .await
            .unwrap()
            .pop()
            .unwrap_or(0)
    };
    let grows = async |than: i64| {
        while lease().await <= than {
            tokio::task::yield_now().await;
        }
        lease().await
    };
    let first = tokio::time::timeout(Duration::from_secs(60), grows(0)).await.expect("it waits for the account");
    app.pass(Seconds::minutes(1));
    tokio::time::timeout(Duration::from_secs(60), grows(first)).await.expect("it says that it lives");
    drop(held);
    assert!(worker.await.unwrap());
    assert_eq!(boss.get(&path).await.ok(200)["state"], "done");
}

#[both_engines]
async fn x1_a_job_does_nothing_any_more_when_its_starter_lost_the_right_to_it(app: TestApp) {
    let bob = active(&app, "bob@acme.example", "admin").await;
    let ids = invited(&app).await;
    let browser = app.signed_in("bob@acme.example").await;
    let (demoted, disabled) = (start(&browser, &ids).await, start(&browser, &ids).await);
    app.admin().patch(&format!("/users/{bob}"), json!({ "role_id": "builder" })).await.ok(200);
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    app.admin().post(&format!("/users/{bob}/disable"), json!({})).await.ok(200);
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    let first = app.admin().get(&demoted).await.ok(200);
    assert_eq!((&first["state"], &first["result"]["code"]), (&json!("failed"), &json!("permission_missing")));
    let second = app.admin().get(&disabled).await.ok(200);
    assert_eq!((&second["state"], &second["result"]["code"]), (&json!("failed"), &json!("job_starter_lost_access")));
    assert_eq!(builders(&app).await, ROWS + 1);
}

#[both_engines]
async fn p9_a_job_ends_with_the_session_or_key_that_it_was_started_with(app: TestApp) {
    let acme = app.acme().await;
    let ids = invited(&app).await;
    let bob = app.add_person(acme, NewPerson::new("bob@acme.example", "admin").with_all_systems()).await;
    let code = async |path: &str| {
        assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
        let job = app.admin().get(path).await.ok(200);
        (job["state"].as_str().unwrap().to_owned(), job["result"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let ended = ("failed".to_owned(), "credential_revoked".to_owned());

    let browser = app.signed_in("bob@acme.example").await;
    let path = start(&browser, &ids).await;
    browser.post("/sign-out", json!({})).await.ok(204);
    assert_eq!(code(&path).await, ended, "signed out");

    let path = start(&app.signed_in("bob@acme.example").await, &ids).await;
    let sessions = format!("/users/{}/sessions", bob.id);
    let session = app.admin().get(&sessions).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    app.admin().delete(&format!("{sessions}/{session}")).await.ok(204);
    assert_eq!(code(&path).await, ended, "signed out of the account by an admin");

    let path = start(&app.signed_in("bob@acme.example").await, &ids).await;
    app.admin().post(&format!("/users/{}/disable", bob.id), json!({})).await.ok(200);
    app.admin().post(&format!("/users/{}/enable", bob.id), json!({})).await.ok(200);
    assert_eq!(code(&path).await, ended, "disabled, and enabled again");

    let path = start(&Client::with_key(app.base(), "acme", &app.key_of(&bob).await.0), &ids).await;
    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE api_keys SET ended_at = 1 WHERE account_id = $1";
    tx.sql(text).bind(&acme).run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(code(&path).await, ended, "the key was ended");

    let browser = app.signed_in("bob@acme.example").await;
    let path = start(&browser, &ids).await;
    let sign_in = json!({ "email": "bob@acme.example", "password": ADMIN_PASSWORD });
    browser.post("/sign-in/password", sign_in).await.ok(201);
    app.signed_in("bob@acme.example").await.delete("/me/sessions").await.ok(200);
    assert_eq!(code(&path).await, ended, "replaced, and then signed out everywhere");

    // Another sign-in, or time, takes nothing back.
    let browser = app.signed_in("bob@acme.example").await;
    let path = start(&browser, &ids).await;
    browser.post("/sign-in/password", json!({ "email": "bob@acme.example", "password": ADMIN_PASSWORD })).await.ok(201);
    app.pass(Seconds::days(2));
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    let admin = app.signed_in(ADMIN_EMAIL).await;
    assert_eq!(admin.get(&path).await.ok(200)["state"], "done");
}

#[both_engines]
async fn r2_a_job_may_no_more_than_the_key_that_started_it_and_nobody_unreadable_is_the_operator(app: TestApp) {
    let acme = app.acme().await;
    let ids = invited(&app).await;
    let bob = app.add_person(acme, NewPerson::new("bob@acme.example", "admin").with_all_systems()).await;
    let run = async |path: &str, text: &'static str| {
        let mut tx = app.app.db.write().await.unwrap();
        tx.sql(text).bind(&acme).run().await.unwrap();
        tx.commit().await.unwrap();
        assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
        app.admin().get(path).await.ok(200)["result"]["code"].clone()
    };
    let program = Client::with_key(app.base(), "acme", &app.key_of(&bob).await.0);
    let path = start(&program, &ids).await;
    let narrowed = r#"UPDATE api_keys SET levels = '{"manage_users": "view"}' WHERE account_id = $1"#;
    assert_eq!(run(&path, narrowed).await, "permission_missing");
    for text in [
        "UPDATE jobs SET created_by = '' WHERE account_id = $1 AND state = 'queued'",
        "UPDATE jobs SET created_by = 'root' WHERE account_id = $1 AND state = 'queued'",
        "UPDATE jobs SET created_by = 'operator' WHERE account_id = $1 AND state = 'queued'",
        "UPDATE jobs SET created_by = 'system' WHERE account_id = $1 AND state = 'queued'",
    ] {
        let path = start(app.admin(), &ids).await;
        assert_eq!(run(&path, text).await, "job_starter_lost_access", "{text}");
    }
    assert_eq!(builders(&app).await, ROWS);
}

#[both_engines]
async fn a_row_that_does_not_fit_any_more_fails_the_whole_job_and_is_named(app: TestApp) {
    let ids = invited(&app).await;
    let path = start(app.admin(), &ids).await;
    app.admin().delete(&format!("/users/{}", ids[ROWS - 1].as_str().unwrap())).await.ok(200);
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    let job = app.admin().get(&path).await.ok(200);
    assert_eq!((&job["state"], &job["applied"]), (&json!("failed"), &json!(0)));
    assert_eq!(job["result"]["errors"][0]["pointer"], format!("/ids/{}", ROWS - 1));
    assert!(job["result"]["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{job:#}");
    assert_eq!(app.events().await[1..], ["job.queued", "user.deleted", "job.failed"]);
    let (_, was, is) = crate::accounts::last_event(&app).await;
    assert_eq!(
        (&was["state"], &is["state"], &is["code"]),
        (&json!("running"), &json!("failed"), &job["result"]["code"])
    );
    assert_eq!(is["detail"], job["result"]["detail"]);
    assert_eq!(builders(&app).await, ROWS - 1);
}

#[both_engines]
async fn a_job_names_who_is_gone_by_their_place_in_the_whole_list(app: TestApp) {
    let ids = invited(&app).await;
    let path = start(app.admin(), &ids).await;
    let last = ids.last().unwrap().as_str().unwrap();
    app.admin().post(&format!("/users/{last}/revoke"), json!({})).await.ok(204);
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    let job = app.admin().get(&path).await.ok(200);
    assert_eq!((&job["state"], &job["result"]["code"]), (&json!("failed"), &json!("not_found")));
    assert_eq!(job["result"]["errors"][0]["pointer"], format!("/ids/{}", ROWS - 1));
}

#[both_engines]
async fn a_job_can_be_canceled_until_it_begins_and_is_seen_by_nobody_who_does_not_manage_users(app: TestApp) {
    let path = start(app.admin(), &invited(&app).await).await;
    active(&app, "sam@acme.example", "system_manager").await;
    app.signed_in("sam@acme.example").await.get(&path).await.refused(404, "not_found");
    assert_eq!(app.admin().delete(&path).await.ok(200)["state"], "canceled");
    assert!(!service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    assert_eq!(app.signed_in(ADMIN_EMAIL).await.get(&path).await.ok(200)["state"], "canceled");
}

#[both_engines]
async fn accounts_take_turns_and_in_each_of_them_the_oldest_job_is_first(app: TestApp) {
    let ((acme, in_acme), (other, in_other)) = (crowd(&app, "acme").await, crowd(&app, "other").await);
    let mut started = Vec::new();
    for (client, action) in
        [(&acme, &in_acme), (&acme, &in_acme), (&acme, &in_acme), (&other, &in_other), (&other, &in_other)]
    {
        app.pass(Seconds(1));
        let job = client.post("/users/bulk", action.clone()).await.ok(202);
        started.push((client, format!("/jobs/{}", job["id"].as_str().unwrap())));
    }
    let mut done = Vec::new();
    for _ in 0..started.len() {
        assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
        for (place, (client, path)) in started.iter().enumerate() {
            if !done.contains(&place) && client.get(path).await.ok(200)["state"] == "done" {
                done.push(place);
            }
        }
    }
    assert_eq!(done, [0, 3, 1, 4, 2]);
}

#[both_engines]
async fn twenty_jobs_of_an_account_wait_at_a_time_and_no_other_account_is_refused_for_it(app: TestApp) {
    let ((acme, in_acme), (other, in_other)) = (crowd(&app, "acme").await, crowd(&app, "other").await);
    let mut last = String::new();
    for _ in 0..20 {
        let job = acme.post("/users/bulk", in_acme.clone()).await.ok(202);
        last = format!("/jobs/{}", job["id"].as_str().unwrap());
    }
    let before = app.events().await.len();
    let answer = acme.post("/users/bulk", in_acme.clone()).await;
    answer.refused(429, "too_many_jobs");
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(app.events().await.len(), before, "a refusal leaves nothing behind");
    acme.post("/users/bulk?dry_run=true", in_acme.clone()).await.ok(200);
    other.post("/users/bulk", in_other).await.ok(202);
    acme.delete(&last).await.ok(200);
    acme.post("/users/bulk", in_acme.clone()).await.ok(202);
    acme.post("/users/bulk", in_acme.clone()).await.refused(429, "too_many_jobs");
    assert!(service::jobs::run_next(&app.app, &service::JOB_KINDS).await.unwrap());
    acme.post("/users/bulk", in_acme).await.ok(202);
}
