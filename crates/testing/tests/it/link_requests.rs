//! Asking for a mail with a link: noted by the request, answered by the worker.

use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use domain::users::UserStatus;
use serde_json::{Value, json};
use service::installation::{housekeeping, restoration};
use service::link_requests;
use store::InAccount;
use store::activity::Events;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, NewPerson, TestApp, both_engines};

const NEW_PASSWORD: &str = "battery-horse-correct";

async fn waiting(app: &TestApp) -> i64 {
    let mut tx = app.app.db.read().await.unwrap();
    tx.sql("SELECT COUNT(*) FROM link_requests").value().await.unwrap()
}

/// Asks for a new link in the place of this one, and the worker has answered.
async fn replace(app: &TestApp, token: &str) -> Value {
    let answer = app.stranger().post("/link-requests", json!({ "token": token })).await.ok(202);
    app.answer_link_requests().await;
    answer
}

#[both_engines]
async fn what_was_acknowledged_is_answered_once_by_whichever_server_comes_next(app: TestApp) {
    app.stranger().post("/password-resets", json!({ "email": ADMIN_EMAIL })).await.ok(202);
    assert_eq!((waiting(&app).await, app.mails().await.len(), app.events().await.len()), (1, 0, 0));
    // The server that noted it is gone; two others come at once.
    let (one, two) = (app.another_node().await.app, app.another_node().await.app);
    let (first, second) = tokio::join!(link_requests::answer_all(&one), link_requests::answer_all(&two));
    first.unwrap();
    second.unwrap();
    assert_eq!((waiting(&app).await, app.mails().await), (0, vec![format!("password_reset -> {ADMIN_EMAIL}")]));
    assert_eq!(app.events().await, ["password.reset_requested"], "with one entry");
    let entry = app.admin().get("/events?action=password.reset_requested").await.ok(200);
    assert_eq!(
        (&entry["items"][0]["actor"]["kind"], &entry["items"][0]["ip"]),
        (&json!("system"), &json!("127.0.0.1"))
    );
}

#[both_engines]
async fn the_worker_answers_by_itself(app: TestApp) {
    app.stranger().post("/password-resets", json!({ "email": ADMIN_EMAIL })).await.ok(202);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(worker::run(app.app.clone(), None, stopped));
    while waiting(&app).await > 0 {
        tokio::task::yield_now().await;
    }
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(app.mails().await.len(), 1);
}

#[both_engines]
async fn what_waits_is_bounded_by_source_and_forgotten_after_a_day_and_by_a_restore(app: TestApp) {
    for number in 0..50 {
        let email = format!("p{number}@example.com");
        app.stranger().post("/password-resets", json!({ "email": email })).await.ok(202);
    }
    assert_eq!(waiting(&app).await, 30);
    housekeeping::clean_up(&app.app).await.unwrap();
    assert_eq!(waiting(&app).await, 30);
    app.pass(Seconds::days(1));
    housekeeping::clean_up(&app.app).await.unwrap();
    assert_eq!(waiting(&app).await, 0);
    app.stranger().post("/password-resets", json!({ "email": ADMIN_EMAIL })).await.ok(202);
    restoration::after_restore(&app.app).await.unwrap();
    assert_eq!((waiting(&app).await, app.mails().await.len()), (0, 0));
}

#[both_engines]
async fn u17_who_was_invited_and_forgot_a_password_they_never_had_gets_the_invitation_again(app: TestApp) {
    let wish = json!({ "emails": "ana@example.com", "role_id": "builder", "message": "See you in Madrid" });
    let id = app.admin().post("/users", wish).await.ok(201)["items"][0]["user_id"].as_str().unwrap().to_owned();
    let mailed = app.latest_link("ana@example.com").await;
    app.pass(Seconds::days(6));
    app.forgot(&app.stranger(), "ana@example.com").await;
    assert_eq!(app.mails().await, ["activation -> ana@example.com"; 2]);
    let mail = app.outbox().await.pop().unwrap();
    let text = app.text_of(&mail);
    assert!(text.contains(ADMIN_EMAIL) && !text.contains("Madrid"), "by whom, and no word of theirs twice: {text}");
    let again = app.latest_link("ana@example.com").await;
    let open = async |token: &str| app.stranger().get(&format!("/activations/{token}")).await;
    open(&mailed).await.ok(200);
    app.pass(Seconds::days(2));
    open(&mailed).await.refused(404, "link_expired");
    app.signed_in(ADMIN_EMAIL).await.get(&format!("/users/{id}")).await.ok(200);
    assert_eq!(app.events().await[..2], ["user.invited", "invitation.resent"]);

    open(&again).await.ok(200);
    app.activated("ana@example.com").await.get("/me").await.ok(200);
    open(&again).await.refused(404, "link_used");
    open(&mailed).await.refused(404, "link_used");
}

#[both_engines]
async fn u17_an_expired_link_gets_its_holder_a_new_one(app: TestApp) {
    app.invite("ana@example.com", "builder").await;
    let old = app.latest_link("ana@example.com").await;
    app.pass(Seconds::days(8));
    app.stranger().get(&format!("/activations/{old}")).await.refused(404, "link_expired");
    replace(&app, &old).await;
    assert_eq!(app.mails().await.len(), 2);
    app.activated("ana@example.com").await.get("/me").await.ok(200);

    app.forgot(&app.stranger(), ADMIN_EMAIL).await;
    let old = app.latest_link(ADMIN_EMAIL).await;
    app.pass(Seconds::hours(8));
    app.stranger().get(&format!("/password-resets/{old}")).await.refused(404, "link_expired");
    replace(&app, &old).await;
    let new = app.latest_link(ADMIN_EMAIL).await;
    app.stranger().post(&format!("/password-resets/{new}"), json!({ "password": NEW_PASSWORD })).await.ok(204);
}

#[both_engines]
async fn d2_every_link_gets_the_same_answer_and_only_those_that_can_be_replaced_a_mail(app: TestApp) {
    let account = app.acme().await;
    let used = {
        app.invite("used@example.com", "builder").await;
        let token = app.latest_link("used@example.com").await;
        app.activated("used@example.com").await;
        token
    };
    let revoked = {
        let id = app.invite("gone@example.com", "builder").await["id"].as_str().unwrap().to_owned();
        let token = app.latest_link("gone@example.com").await;
        app.admin().post(&format!("/users/{id}/revoke"), json!({})).await.ok(204);
        token
    };
    let inactive =
        app.add_person(account, NewPerson::new("off@example.com", "builder").who_is(UserStatus::Inactive)).await;
    let inactive = app.link_of(&inactive, LinkPurpose::PasswordReset).await;
    let active = app.add_person(account, NewPerson::new("on@example.com", "builder")).await;
    let recovery = app.link_of(&active, LinkPurpose::Recovery).await;
    let alive = app.link_of(&active, LinkPurpose::PasswordReset).await;
    let none = format!("pcl_{}", "A".repeat(43));
    let before = app.mails().await.len();
    let first = replace(&app, &none).await;
    for token in [used.as_str(), &revoked, &inactive, &recovery, "x", ""] {
        assert_eq!(replace(&app, token).await, first, "{token}");
    }
    assert_eq!(app.mails().await.len(), before);
    assert_eq!(replace(&app, &alive).await, first);
    assert_eq!(app.mails().await[before..], ["password_reset -> on@example.com"]);
    app.stranger().post("/link-requests", json!({ "token": ["x"] })).await.refused(422, "invalid_value");
}

#[both_engines]
async fn r5_no_invitation_comes_back_that_nobody_answers_for(app: TestApp) {
    let account = app.acme().await;
    let helper = app.add_person(account, NewPerson::new("helper@example.com", "admin")).await;
    let browser = app.browser_of("acme", &helper).await;
    browser.post("/users", json!({ "emails": ["ana@example.com"], "role_id": "builder" })).await.ok(201);
    let link = app.latest_link("ana@example.com").await;
    app.admin().patch(&format!("/users/{}", helper.id), json!({ "role_id": "builder" })).await.ok(200);
    let before = app.mails().await.len();
    app.forgot(&app.stranger(), "ana@example.com").await;
    replace(&app, &link).await;
    assert_eq!((app.mails().await.len(), waiting(&app).await), (before, 0));
}

#[both_engines]
async fn d2_who_is_active_in_one_account_and_invited_to_others_gets_whatever_gets_them_in(app: TestApp) {
    let (beta, gamma) = (app.new_account("beta").await, app.new_account("gamma").await);
    let kinds = async |from: usize| {
        let mut kinds: Vec<String> = app.outbox().await[from..].iter().map(|mail| mail.kind.clone()).collect();
        kinds.sort();
        kinds
    };
    let told = async |account: domain::core::ids::AccountId| {
        let mut tx = app.app.db.read().await.unwrap();
        let entries = Events::of(&mut InAccount { tx: &mut tx, account }).after(0, 1_000).await.unwrap();
        entries
            .into_iter()
            .map(|entry| entry.event.action)
            .filter(|action| action != "account.demo_filled")
            .collect::<Vec<_>>()
    };
    let invited = NewPerson::new("ana@example.com", "builder").who_is(UserStatus::Provisioned);
    app.add_person(gamma, invited.clone()).await;
    app.invite("ana@example.com", "builder").await;
    let invitation = app.latest_link("ana@example.com").await;
    app.forgot(&app.stranger(), "ana@example.com").await;
    assert_eq!(kinds(1).await, ["activation"; 2], "one for each invitation");
    let alone = (app.events().await, told(gamma).await);
    assert_eq!(
        alone,
        (vec!["user.invited".to_owned(), "invitation.resent".to_owned()], vec!["invitation.resent".to_owned()])
    );
    app.add_person(beta, NewPerson::new("ana@example.com", "builder")).await;
    app.forgot(&app.stranger(), "ana@example.com").await;
    assert_eq!(kinds(3).await, ["activation", "activation", "password_reset"]);
    assert_eq!(
        (app.events().await.len(), told(gamma).await.len(), told(beta).await),
        (3, 2, vec!["password.reset_requested".to_owned()])
    );
    replace(&app, &invitation).await;
    assert_eq!(kinds(6).await, ["activation"], "the link of an invitation stands for that one");
    assert_eq!((app.events().await.len(), told(gamma).await.len(), told(beta).await.len()), (4, 2, 1));
    // What was asked for is no mail of an account: when it leaves depends on what else was.
    let shown = app.admin().get("/emails").await.ok(200);
    assert_eq!(shown["items"].as_array().unwrap().len(), 1);
}

#[both_engines]
async fn d2_i10_how_often_an_invitation_is_mailed_anew_depends_on_no_other_account(app: TestApp) {
    let (beta, gamma) = (app.new_account("beta").await, app.new_account("gamma").await);
    app.add_person(beta, NewPerson::new("ana@example.com", "builder")).await;
    app.add_person(gamma, NewPerson::new("ana@example.com", "builder").who_is(UserStatus::Provisioned)).await;
    app.forgot(&app.stranger(), "ana@example.com").await;
    for email in ["ana@example.com", "new@example.com"] {
        app.invite(email, "builder").await;
        for _ in 0..12 {
            app.forgot(&app.stranger(), email).await;
        }
        let user = app.admin().get(&format!("/users?q={email}")).await.ok(200)["items"][0]["id"].clone();
        let user = app.admin().get(&format!("/users/{}", user.as_str().unwrap())).await.ok(200);
        assert_eq!(user["invitation"]["sent_count"], 11, "{email}");
    }
}

#[both_engines]
async fn p3_strangers_who_ask_again_and_again_keep_no_invitation_alive_for_ever(app: TestApp) {
    let id = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    let sent = app.app.clock.now();
    let mut admin = app.signed_in(ADMIN_EMAIL).await;
    for _ in 0..9 {
        app.pass(Seconds::days(4));
        app.forgot(&app.stranger(), "ana@example.com").await;
        admin = app.signed_in(ADMIN_EMAIL).await;
    }
    let shown = admin.get(&format!("/users/{id}")).await.ok(200)["invitation"].clone();
    let ends: domain::core::timestamp::Timestamp = shown["expires_at"].as_str().unwrap().parse().unwrap();
    assert!(ends <= sent.plus(Seconds::days(30)) && ends > sent.plus(Seconds::days(29)), "{shown:#}");
    assert_eq!((&shown["state"], &shown["sent_count"]), (&json!("expired"), &json!(8)));
    let mails = app.mails().await.iter().filter(|mail| *mail == "activation -> ana@example.com").count();
    assert_eq!(mails, 8, "after thirty days nothing is mailed");
    admin.post(&format!("/users/{id}/resend"), json!({})).await.ok(200);
    app.pass(Seconds::days(8));
    app.forgot(&app.stranger(), "ana@example.com").await;
    app.activated("ana@example.com").await.get("/me").await.ok(200);
}

#[both_engines]
async fn a_request_that_cannot_be_answered_holds_up_no_other(app: TestApp) {
    let beta = app.new_account("beta").await;
    app.add_person(beta, NewPerson::new("ana@example.com", "builder")).await;
    for email in ["ana@example.com", ADMIN_EMAIL] {
        app.stranger().post("/password-resets", json!({ "email": email })).await.ok(202);
    }
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("DELETE FROM accounts WHERE slug = 'beta'").run().await.unwrap();
    tx.commit().await.unwrap();
    assert!(link_requests::answer_all(&app.app).await.is_err());
    assert_eq!((app.mails().await, waiting(&app).await), (vec![format!("password_reset -> {ADMIN_EMAIL}")], 1));
}

#[both_engines]
async fn i10_whoever_signs_in_with_many_browsers_asks_no_more_for_others_than_with_one(app: TestApp) {
    app.add_person(app.acme().await, NewPerson::new("tina@acme.example", "builder")).await;
    for browser in 0..3 {
        let tina = app.signed_in("tina@acme.example").await;
        for number in 0..15 {
            tina.post("/password-resets", json!({ "email": format!("p{browser}.{number}@acme.example") }))
                .await
                .ok(202);
        }
    }
    assert_eq!(waiting(&app).await, 30);
    app.stranger().post("/password-resets", json!({ "email": ADMIN_EMAIL })).await.ok(202);
    assert_eq!(waiting(&app).await, 31, "and takes nothing from the others at the same address");
}

#[both_engines]
async fn l4_of_two_people_with_one_browser_each_asks_for_their_own_link_however_often_the_other_did(app: TestApp) {
    let (account, browser) = (app.acme().await, app.stranger());
    let people = ["tina@acme.example", "uma@acme.example"];
    for email in people {
        app.add_person(account, NewPerson::new(email, "builder")).await;
        browser.post("/sign-in/password", json!({ "email": email, "password": ADMIN_PASSWORD })).await.ok(201);
    }
    for email in people {
        for _ in 0..40 {
            browser.post("/password-resets", json!({ "email": email })).await.ok(202);
        }
    }
    assert_eq!(waiting(&app).await, 60);
}

#[both_engines]
async fn l4_whoever_has_a_whole_ipv6_site_asks_no_more_than_a_site_may(app: TestApp) {
    let proxy = app.served_behind_proxy().await;
    let ask = async |address: &str| {
        let from = proxy.with_header("x-forwarded-for", address);
        from.post("/password-resets", json!({ "email": "nobody@example.com" })).await.ok(202);
        waiting(&app).await
    };
    assert_eq!(ask("2001:db8:1:1::1").await, 1);
    let mut tx = app.app.db.write().await.unwrap();
    let raised = tx.sql("UPDATE throttles SET count = 149 WHERE key LIKE 'asks-site:%'").run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((raised, ask("2001:db8:1:2::1").await), (1, 2));
    assert_eq!(ask("2001:db8:1:3::1").await, 2, "the site had enough");
    assert_eq!((ask("2001:db8:2:3::1").await, ask("192.0.2.7").await), (3, 4), "others are not touched");
}
