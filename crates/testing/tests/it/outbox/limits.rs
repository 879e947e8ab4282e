//! How much mail one address gets, and that nobody uses up the room of another (L4, I10).

use domain::core::ids::AccountId;
use domain::core::timestamp::Seconds;
use domain::users::UserStatus;
use mail::Smtp;
use mail::sink::SmtpSink;
use serde_json::{Value, json};
use service::core::caller::Caller;
use service::delivery::transport::Transport;
use service::users::pending;
use testing::{ADMIN_EMAIL, Client, NewPerson, TestApp, both_engines};

const ANA: &str = "ana@example.com";

fn invitation() -> Value {
    json!({ "emails": [ANA], "role_id": "builder" })
}

/// The signed-in admin of another account.
async fn elsewhere(app: &TestApp) -> (AccountId, Client) {
    let account = app.new_account("beta").await;
    let admin = app.add_person(account, NewPerson::new("bea@beta.example", "admin")).await;
    (account, app.browser_of("beta", &admin).await)
}

async fn invite(admin: &Client) -> String {
    let answer = admin.post("/users", invitation()).await.ok(201);
    answer["items"][0]["user_id"].as_str().unwrap().to_owned()
}

/// As many mails to one address as the users of an account may cause within an hour: invited and revoked, again and again.
async fn exhaust(admin: &Client) {
    for _ in 0..10 {
        let id = invite(admin).await;
        admin.post(&format!("/users/{id}/revoke"), json!({})).await.ok(204);
    }
    admin.post("/users", invitation()).await.refused(409, "not_all_invited");
}

async fn strangers_ask(app: &TestApp, email: &str) {
    for _ in 0..14 {
        app.forgot(&app.stranger(), email).await;
    }
}

/// When the mails to an address may leave, counted from when they were promised, oldest first.
async fn waits(app: &TestApp, email: &str) -> Vec<i64> {
    let mails = app.outbox().await.into_iter().filter(|mail| mail.recipient.as_str() == email);
    mails.map(|mail| mail.due_at.seconds_since(mail.created_at).try_into().unwrap()).collect()
}

#[both_engines]
async fn l4_what_one_account_sends_to_an_address_stops_no_other_account(app: TestApp) {
    let (_, bea) = elsewhere(&app).await;
    exhaust(app.admin()).await;
    let preview = bea.post("/users?dry_run=true", invitation()).await.ok(200);
    assert_eq!(preview["items"][0]["verdict"], "invited", "nothing of the other account shows (D2)");
    let id = invite(&bea).await;
    bea.post(&format!("/users/{id}/resend"), json!({})).await.ok(200);
    app.stranger().get(&format!("/activations/{}", app.latest_link(ANA).await)).await.ok(200);
}

#[both_engines]
async fn l4_what_the_operator_sends_for_an_account_uses_up_nothing_of_its_room(app: TestApp) {
    let id = invite(app.admin()).await;
    let operator = Caller::operator(app.acme().await);
    for _ in 0..10 {
        pending::resend(&app.app, &operator, id.parse().unwrap()).await.unwrap();
    }
    app.admin().post(&format!("/users/{id}/resend"), json!({})).await.ok(200);
}

#[both_engines]
async fn l4_strangers_who_ask_for_links_stop_no_admin_and_no_other_account(app: TestApp) {
    let ana = app.add_person(app.acme().await, NewPerson::new(ANA, "builder")).await;
    let (_, bea) = elsewhere(&app).await;
    strangers_ask(&app, ANA).await;
    app.admin().post(&format!("/users/{}/reset-password", ana.id), json!({})).await.ok(202);
    let id = invite(&bea).await;
    bea.post(&format!("/users/{id}/resend"), json!({})).await.ok(200);
    // Somebody who has no password yet can be asked for, too.
    app.invite("new@example.com", "builder").await;
    strangers_ask(&app, "new@example.com").await;
    let new = app.admin().get("/users?q=new@example.com").await.ok(200)["items"][0]["id"].clone();
    app.admin().post(&format!("/users/{}/resend", new.as_str().unwrap()), json!({})).await.ok(200);
}

#[both_engines]
async fn l4_admins_stop_nobody_who_asks_for_their_own_link(app: TestApp) {
    let ana = app.add_person(app.acme().await, NewPerson::new(ANA, "builder")).await;
    let reset = format!("/users/{}/reset-password", ana.id);
    for _ in 0..10 {
        app.admin().post(&reset, json!({})).await.ok(202);
    }
    let refused = app.admin().post(&reset, json!({})).await;
    refused.refused(429, "too_many_emails");
    assert_eq!(refused.header("retry-after"), "3600");
    let before = app.mails().await.len();
    app.forgot(&app.stranger(), ANA).await;
    assert_eq!(app.mails().await.len(), before + 1);
    assert_eq!(waits(&app, ANA).await, [0; 11], "and it does not wait behind them");
    app.pass(Seconds::hours(1));
    app.admin().post(&reset, json!({})).await.ok(202);
}

#[both_engines]
async fn l4_a_browser_that_is_known_has_room_of_its_own_whatever_strangers_do(app: TestApp) {
    let ana = app.member(ANA, "builder").await;
    // Strangers use up what they may ask for with her address, and what their source may ask for at all.
    strangers_ask(&app, ANA).await;
    for _ in 0..30 {
        app.stranger().post("/password-resets", json!({ "email": "nobody@example.com" })).await.ok(202);
    }
    app.answer_link_requests().await;
    let before = app.mails().await.len();
    app.forgot(&app.stranger(), ANA).await;
    assert_eq!(app.mails().await.len(), before, "strangers had enough");
    app.forgot(&ana, ANA).await;
    assert_eq!(app.mails().await.len(), before + 1);
    assert_eq!(waits(&app, ANA).await.last(), Some(&0), "it waits for nobody");
    // The browser is known to be hers, not to be anybody else's.
    app.forgot(&ana, ADMIN_EMAIL).await;
    app.forgot(&ana, ADMIN_EMAIL).await;
    assert_eq!(waits(&app, ADMIN_EMAIL).await.len(), 2);
    for _ in 0..12 {
        app.forgot(&ana, ANA).await;
    }
    assert_eq!(app.mails().await.len(), before + 2 + 10, "and it has its limit");
}

#[both_engines]
async fn p3_an_admins_link_ends_the_admins_links_before_and_no_other(app: TestApp) {
    let ana = app.add_person(app.acme().await, NewPerson::new(ANA, "builder")).await;
    let (beta, bea) = elsewhere(&app).await;
    let there = app.add_person(beta, NewPerson::new(ANA, "builder")).await;
    app.forgot(&app.stranger(), ANA).await;
    let own = app.latest_link(ANA).await;
    let by = async |admin: &Client, id: String| {
        admin.post(&format!("/users/{id}/reset-password"), json!({})).await.ok(202);
        app.latest_link(ANA).await
    };
    let (theirs, first) = (by(&bea, there.id.to_string()).await, by(app.admin(), ana.id.to_string()).await);
    let second = by(app.admin(), ana.id.to_string()).await;
    app.forgot(&app.stranger(), ANA).await;
    app.stranger().get(&format!("/password-resets/{first}")).await.refused(404, "link_replaced");
    for open in [&own, &theirs, &second] {
        app.stranger().get(&format!("/password-resets/{open}")).await.ok(200);
    }
    app.stranger()
        .post(&format!("/password-resets/{second}"), json!({ "password": "battery-horse-correct" }))
        .await
        .ok(204);
    for used in [&own, &theirs, &second] {
        app.stranger().get(&format!("/password-resets/{used}")).await.refused(404, "link_used");
    }
}

#[both_engines]
async fn d2_l4_no_mail_of_an_account_waits_for_what_others_send_to_its_recipient(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = Transport::smtp(Smtp::new(&sink.config()).unwrap());
    let deliver = async || worker::deliver_due(&app.app, &transport).await.unwrap();
    let (_, bea) = elsewhere(&app).await;
    let id = invite(app.admin()).await;
    assert_eq!(deliver().await, 1);
    for _ in 0..9 {
        app.admin().post(&format!("/users/{id}/resend"), json!({})).await.ok(200);
        assert_eq!(deliver().await, 1);
    }
    strangers_ask(&app, ANA).await;
    assert!(deliver().await > 0);
    let there = invite(&bea).await;
    for _ in 0..9 {
        assert_eq!(deliver().await, 1, "nobody holds up what others have to say, and so tells that they say something");
        bea.post(&format!("/users/{there}/resend"), json!({})).await.ok(200);
    }
    assert_eq!(deliver().await, 1);
    assert_eq!(bea.get("/emails?state=pending").await.ok(200)["items"], json!([]));
    assert_eq!(
        bea.get("/emails").await.ok(200)["items"].as_array().unwrap().len(),
        10,
        "and none of what strangers asked for"
    );
}

#[both_engines]
async fn i10_what_strangers_ask_for_with_one_address_waits_for_its_turn_however_many_accounts_it_is_about(
    app: TestApp,
) {
    for name in ["beta", "gamma", "delta"] {
        let account = app.new_account(name).await;
        app.add_person(account, NewPerson::new(ANA, "builder").who_is(UserStatus::Provisioned)).await;
    }
    for _ in 0..5 {
        app.forgot(&app.stranger(), ANA).await;
    }
    let mut waits = waits(&app, ANA).await;
    waits.sort_unstable();
    assert_eq!((waits.len(), waits[9] == 0, waits[10] > 3_000), (15, true, true), "{waits:?}");
}

#[both_engines]
async fn i10_a_notice_of_ones_own_sign_in_waits_for_nothing_that_others_send(app: TestApp) {
    let ana = app.member(ANA, "builder").await;
    let id = ana.get("/me/accounts").await.ok(200)["items"][0]["user_id"].as_str().unwrap().to_owned();
    for number in 0..14 {
        let role = ["translator", "builder"][number % 2];
        app.admin().patch(&format!("/users/{id}"), json!({ "role_id": role })).await.ok(200);
    }
    // What strangers ask for is about no account either.
    strangers_ask(&app, ANA).await;
    app.signed_in(ANA).await;
    let mails = app.outbox().await;
    let notice = mails.iter().find(|mail| mail.kind == "sign_in_from_new_device").unwrap();
    assert_eq!(notice.due_at, notice.created_at);
    assert_eq!(
        notice.account_id, None,
        "or the account that she used last could read in its list of mails what she does elsewhere"
    );
    assert!(waits(&app, ANA).await.iter().any(|wait| *wait > 3_000), "the others have to wait");
}

#[both_engines]
async fn l4_strangers_use_up_nothing_of_what_an_account_may_send_in_a_day(app: TestApp) {
    app.add_person(app.acme().await, NewPerson::new(ANA, "builder")).await;
    let node = app.node_with(|parts| parts.settings.mail_limits.per_account_day = 1).await;
    let admin = node.client();
    admin.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    strangers_ask(&app, ANA).await;
    let body = |emails: &str| json!({ "emails": emails, "role_id": "builder" });
    admin.post("/users", body("one@example.com")).await.ok(201);
    admin.post("/users", body("two@example.com")).await.refused(409, "not_all_invited");
}
