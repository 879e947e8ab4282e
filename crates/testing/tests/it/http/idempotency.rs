//! `Idempotency-Key`: what is sent again is answered again.

use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use domain::users::UserStatus;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;
use testing::{ADMIN_PASSWORD, Answer, Client, NewPerson, TestApp, both_engines};

#[both_engines]
async fn an_answer_that_a_browser_took_compressed_is_repeated_as_it_was(app: TestApp) {
    let client = app.admin().with_header("idempotency-key", "from-a-browser");
    let wish = json!({ "emails": "ana@example.com; bob@example.com", "role_id": "builder" });
    let first = client.post_as_browser("/users", wish.clone()).await;
    assert_eq!(first, (StatusCode::CREATED, "br".to_owned()));
    let again = client.post("/users", wish).await;
    assert_eq!((again.header("idempotency-replayed"), again.json()["invited"].as_u64()), ("true", Some(2)));
}

#[both_engines]
async fn a_caller_is_what_proves_them_whatever_other_cookies_their_browser_sends(app: TestApp) {
    let client = app.admin().with_header("idempotency-key", "with-cookies");
    let wish = json!({ "name": "Shop", "platform": "web" });
    let first = client.post("/systems", wish.clone()).await.ok(201);
    client.set_cookie("banner", "seen");
    let again = client.post("/systems", wish).await;
    assert_eq!((again.header("idempotency-replayed"), again.ok(201)), ("true", first));
}

#[both_engines]
async fn a_new_password_that_is_sent_many_times_at_once_is_set_once_and_no_answer_says_otherwise(app: TestApp) {
    let client = app.admin().with_header("idempotency-key", "one-wish");
    let wish = json!({ "current_password": ADMIN_PASSWORD, "new_password": "quiet-harbour-lantern-92" });
    for answer in join_all((0..4).map(|_| client.post("/me/password", wish.clone()))).await {
        match (answer.status.as_u16(), answer.text()) {
            (204, _) => {}
            (409, text) if text.contains("idempotency_key_in_use") || text.contains("already_processed") => {}
            other => panic!("{other:?}"),
        }
    }
    client.post("/me/password", wish).await.ok(204);
    assert_eq!(app.events().await.iter().filter(|action| *action == "password.changed").count(), 1);
}

#[both_engines]
async fn an_answer_is_repeated_with_its_etag_whatever_else_was_asked_with_the_key_meanwhile(app: TestApp) {
    let client = app.admin().with_header("idempotency-key", "used-twice");
    let wish = json!({ "name": "Shop", "platform": "web" });
    let first = client.post("/systems", wish.clone()).await;
    let question = json!({ "account": "acme", "user": testing::ADMIN_EMAIL, "permission": "manage_users" });
    assert_eq!(client.post("/check", question).await.ok(200)["allowed"], true);
    client.post("/sign-in/identify", json!({ "email": testing::ADMIN_EMAIL })).await.ok(200);
    let again = client.post("/systems", wish).await;
    assert_eq!((again.header("idempotency-replayed"), again.ok(201)), ("true", first.ok(201)));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert!(!again.header("etag").is_empty());
}

#[both_engines]
async fn a_key_is_free_again_after_a_day_also_where_nothing_was_cleaned_up(app: TestApp) {
    let account = app.acme().await;
    let user = app.add_person(account, NewPerson::new("program@acme.example", "admin")).await;
    let client =
        Client::with_key(app.base(), "acme", &app.key_of(&user).await.0).with_header("idempotency-key", "daily");
    for day in 1..=3 {
        let wish = json!({ "name": format!("System {day}"), "platform": "web" });
        let first = client.post("/systems", wish.clone()).await;
        assert_eq!((first.status.as_u16(), first.header("idempotency-replayed")), (201, ""), "{}", first.text());
        let again = client.post("/systems", wish).await;
        assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, "true"));
        app.pass(Seconds::hours(25));
    }
}

#[both_engines]
async fn requests_with_one_key_at_once_are_done_once_and_none_is_refused_for_what_another_did(app: TestApp) {
    let invite = json!({ "emails": "ana@example.com", "role_id": "builder" });
    let system = json!({ "name": "Shop", "platform": "web" });
    let view = json!({ "name": "Mine", "query": "q=a" });
    for (path, wish) in [("/users", invite), ("/systems", system), ("/views", view)] {
        let client = app.admin().with_header("idempotency-key", path);
        let answers = join_all((0..6).map(|_| client.post(path, wish.clone()))).await;
        let is_new = |answer: &&Answer| answer.status == 201 && answer.header("idempotency-replayed").is_empty();
        assert_eq!(answers.iter().filter(is_new).count(), 1, "{path}");
        for answer in &answers {
            let told = ["idempotency_key_in_use", "already_processed"];
            let is_told = answer.status == 201 || told.map(Into::into).contains(&answer.json()["code"]);
            assert!(is_told, "{path}: {}", answer.text());
        }
    }
    let spaced = app.admin().with_header("idempotency-key", "a b");
    spaced.post("/systems", json!({ "name": "Other", "platform": "web" })).await.refused(400, "invalid_header");
}

#[both_engines]
async fn what_was_done_is_told_also_where_the_answer_cannot_be_kept(app: TestApp) {
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("CREATE UNIQUE INDEX only_one_answer_is_kept ON idempotency_keys (status)").run().await.unwrap();
    tx.commit().await.unwrap();
    let make = async |name: &str| {
        app.admin()
            .with_header("idempotency-key", name)
            .post("/systems", json!({ "name": name, "platform": "web" }))
            .await
    };
    make("First").await.ok(201);
    make("Second").await.ok(201);
    make("Second").await.refused(409, "already_processed");
}

#[both_engines]
async fn d7_an_answer_that_shows_a_secret_is_kept_nowhere(app: TestApp) {
    let marked: Vec<String> = testing::operations()
        .into_iter()
        .filter(|one| one.description["x-shows-secret"] == true)
        .map(|one| one.id)
        .collect();
    let mut expected =
        ["activate", "complete_setup", "reset_password", "sign_in_with_password"].map(str::to_owned).to_vec();
    expected.sort();
    let mut found = marked;
    found.sort();
    assert_eq!(found, expected, "a new one has its place here, and an answer that is not kept");
    let kept = async || {
        let mut tx = app.app.db.read().await.unwrap();
        tx.sql("SELECT COUNT(*) FROM idempotency_keys WHERE status IS NOT NULL").value::<i64>().await.unwrap()
    };
    let keyed = app.stranger().with_header("idempotency-key", "secret");
    keyed.post("/sign-in/password", json!({ "email": testing::ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
    let account = app.acme().await;
    let new = NewPerson::new("new@acme.example", "builder").who_is(UserStatus::Provisioned);
    let new = app.add_person(account, new).await;
    let link = app.link_of(&new, LinkPurpose::Activation).await;
    keyed.post(&format!("/activations/{link}"), json!({ "name": "New", "password": ADMIN_PASSWORD })).await.ok(200);
    let link = app.link_of(&new, LinkPurpose::PasswordReset).await;
    keyed.post(&format!("/password-resets/{link}"), json!({ "password": "battery-horse-correct" })).await.ok(204);
    assert_eq!(kept().await, 0);
    let keyed = app.admin().with_header("idempotency-key", "no-secret");
    keyed.post("/systems", json!({ "name": "Shop", "platform": "web" })).await.ok(201);
    assert_eq!(kept().await, 1);
}

#[both_engines]
async fn an_invitation_whose_answer_was_lost_is_not_called_a_dead_link(app: TestApp) {
    let account = app.acme().await;
    let new = NewPerson::new("new@acme.example", "builder").who_is(UserStatus::Provisioned);
    let link = app.link_of(&app.add_person(account, new).await, LinkPurpose::Activation).await;
    let accept = async |key: &str, name: &str| {
        let body = json!({ "name": name, "password": ADMIN_PASSWORD });
        // Whoever lost the answer has no cookie of it.
        app.stranger().with_header("idempotency-key", key).post(&format!("/activations/{link}"), body).await
    };
    accept("mine", "New").await.ok(200);
    accept("mine", "New").await.refused(409, "already_processed");
    accept("mine", "Other").await.refused(409, "idempotency_key_reused");
    accept("another", "New").await.refused(404, "link_used");
}
