//! Accepting an invitation.

use domain::core::timestamp::Seconds;
use futures_util::future::join_all;
use serde_json::json;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, NewPerson, TestApp, both_engines};

#[both_engines]
async fn u17_u18_a_new_person_sets_name_and_password_and_is_signed_in(app: TestApp) {
    app.invite("ana@example.com", "builder").await;
    let (ana, token) = (app.stranger(), app.latest_link("ana@example.com").await);
    let path = format!("/activations/{token}");

    let page = ana.get(&path).await.ok(200);
    assert_eq!(
        (&page["account_name"], &page["email"], &page["password_needed"]),
        (&json!("Acme"), &json!("ana@example.com"), &json!(true))
    );
    assert_eq!(page["inviter_email"], ADMIN_EMAIL);
    ana.post(&path, json!({ "password": ADMIN_PASSWORD })).await.refused(422, "required");
    ana.post(&path, json!({ "name": "Ana", "password": "short" })).await.refused(422, "password_rejected");
    let klingon = json!({ "name": "Ana", "password": ADMIN_PASSWORD, "locale": "tlh" });
    ana.post(&path, klingon).await.refused(422, "invalid_value");
    ana.post(&path, json!({ "name": "Ana", "password": ADMIN_PASSWORD, "locale": "de" })).await.ok(200);

    let me = ana.get("/me").await.ok(200);
    assert_eq!((&me["name"], &me["locale"]), (&json!("Ana"), &json!("de")));
    assert_eq!(ana.get("/me/accounts").await.ok(200)["items"][0]["role_id"], "builder");
    assert_eq!(app.events().await, ["user.invited", "user.activated"]);
    app.stranger().get(&path).await.refused(404, "link_used");
    app.stranger().post(&path, json!({ "name": "Eve", "password": ADMIN_PASSWORD })).await.refused(404, "link_used");
    app.signed_in("ana@example.com").await;
}

#[both_engines]
async fn i1_i2_an_expired_unknown_or_foreign_link_is_dead_to_the_instant(app: TestApp) {
    app.invite("ana@example.com", "builder").await;
    let token = app.latest_link("ana@example.com").await;
    app.pass(Seconds(7 * 86_400 - 1));
    app.stranger().get(&format!("/activations/{token}")).await.ok(200);
    app.pass(Seconds(1));
    let said = json!({ "name": "Ana", "password": ADMIN_PASSWORD });
    app.stranger().post(&format!("/activations/{token}"), said.clone()).await.refused(404, "link_expired");
    for wrong in ["x", "pcl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        app.stranger().post(&format!("/activations/{wrong}"), said.clone()).await.refused(404, "link_invalid");
    }
}

#[both_engines]
async fn decision_1_whoever_has_a_password_keeps_it_and_is_not_signed_in_by_the_link(app: TestApp) {
    let other = app.new_account("other").await;
    app.add_person(other, NewPerson::new("ana@example.com", "admin")).await;
    app.invite("ana@example.com", "builder").await;
    assert_eq!(app.mails().await, ["activation -> ana@example.com"]);
    let (browser, token) = (app.stranger(), app.latest_link("ana@example.com").await);
    let path = format!("/activations/{token}");
    assert_eq!(browser.get(&path).await.ok(200)["password_needed"], false);
    browser.post(&path, json!({ "password": "battery-horse-correct" })).await.refused(422, "field_not_allowed");
    browser.post(&path, json!({ "name": "Someone Else" })).await.refused(422, "field_not_allowed");
    browser.post(&path, json!({ "locale": "de" })).await.refused(422, "field_not_allowed");
    assert_eq!(browser.post(&path, json!({})).await.ok(200), json!({ "session": null }));
    browser.get("/me").await.refused(401, "sign_in_required");
    let ana = app.signed_in("ana@example.com").await;
    assert_eq!(ana.get("/me/accounts").await.ok(200)["items"].as_array().unwrap().len(), 2);
}

#[both_engines]
async fn a_browser_signed_in_before_the_invitation_opens_the_new_account_too(app: TestApp) {
    let other = app.new_account("other").await;
    let ana = app.add_person(other, NewPerson::new("ana@example.com", "admin")).await;
    let browser = app.browser_of("other", &ana).await;
    app.invite("ana@example.com", "admin").await;
    let token = app.latest_link("ana@example.com").await;
    app.stranger().post(&format!("/activations/{token}"), json!({})).await.ok(200);
    browser.in_account("acme").get("/roles").await.ok(200);
}

#[both_engines]
async fn i9_d2_what_people_call_themselves_is_not_shown_to_an_account_before_they_join_it(app: TestApp) {
    let other = app.new_account("other").await;
    app.add_person(other, NewPerson::new("ana@example.com", "admin")).await;
    let id = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    assert_eq!(app.admin().get(&format!("/users/{id}")).await.ok(200)["name"], json!(null));
}

#[both_engines]
async fn r5_an_invitation_dies_with_the_right_of_its_sender_and_lives_again_when_somebody_else_sends_it(app: TestApp) {
    let account = app.acme().await;
    let helper = app.add_person(account, NewPerson::new("helper@example.com", "admin")).await;
    let browser = app.browser_of("acme", &helper).await;
    let body = json!({ "emails": ["ana@example.com"], "role_id": "builder" });
    let invited = browser.post("/users", body).await.ok(201)["items"][0]["user_id"].as_str().unwrap().to_owned();
    let path = format!("/activations/{}", app.latest_link("ana@example.com").await);
    app.stranger().get(&path).await.ok(200);
    app.admin().patch(&format!("/users/{}", helper.id), json!({ "role_id": "builder" })).await.ok(200);
    app.stranger().get(&path).await.refused(404, "link_inviter_unauthorized");
    let said = json!({ "name": "Ana", "password": ADMIN_PASSWORD });
    app.stranger().post(&path, said).await.refused(404, "link_inviter_unauthorized");
    app.admin().post(&format!("/users/{invited}/resend"), json!({})).await.ok(200);
    app.activated("ana@example.com").await.get("/me").await.ok(200);
}

#[both_engines]
async fn r5_whoever_gives_somebody_invited_another_role_answers_for_it(app: TestApp) {
    let account = app.acme().await;
    let role = app.add_role(account, "Helpdesk", json!({ "manage_users": "edit" })).await;
    let helper = app.add_person(account, NewPerson::new("helper@example.com", role.as_str())).await;
    let body = json!({ "emails": ["ana@example.com"], "role_id": role.as_str() });
    let browser = app.browser_of("acme", &helper).await;
    let invited = browser.post("/users", body).await.ok(201)["items"][0]["user_id"].as_str().unwrap().to_owned();
    app.admin().patch(&format!("/users/{invited}"), json!({ "role_id": "admin" })).await.ok(200);
    app.activated("ana@example.com").await.get("/roles").await.ok(200);
}

#[both_engines]
async fn i3_of_many_who_use_a_link_at_once_exactly_one_wins(app: TestApp) {
    for round in 0..12 {
        let email = format!("p{round}@example.com");
        app.invite(&email, "builder").await;
        let path = format!("/activations/{}", app.latest_link(&email).await);
        let said = json!({ "name": "Somebody", "password": ADMIN_PASSWORD });
        let tries = (0..4).map(|_| async { app.stranger().post(&path, said.clone()).await.status.as_u16() });
        let mut answers = join_all(tries).await;
        answers.sort_unstable();
        assert_eq!(answers, [200, 404, 404, 404]);
    }
    let activations = app.events().await.into_iter().filter(|action| action == "user.activated").count();
    assert_eq!(activations, 12);
}

#[both_engines]
async fn i3_accepting_and_revoking_at_once_have_one_winner(app: TestApp) {
    for round in 0..16 {
        let email = format!("p{round}@example.com");
        let id = app.invite(&email, "builder").await["id"].as_str().unwrap().to_owned();
        let path = format!("/activations/{}", app.latest_link(&email).await);
        let (stranger, revoke) = (app.stranger(), format!("/users/{id}/revoke"));
        let accept = stranger.post(&path, json!({ "name": "Somebody", "password": ADMIN_PASSWORD }));
        let (accepted, revoked) = tokio::join!(accept, app.admin().post(&revoke, json!({})));
        let answers = (accepted.status.as_u16(), revoked.status.as_u16());
        assert!(matches!(answers, (200, 409) | (404, 204)), "{answers:?}");
        let is_user = app.admin().get(&format!("/users/{id}")).await.status.is_success();
        let is_in = stranger.get("/me").await.status.is_success();
        assert_eq!((is_user, is_in), (answers.0 == 200, answers.0 == 200));
    }
}

#[both_engines]
async fn d10_of_many_who_accept_at_the_last_seat_exactly_one_gets_it(app: TestApp) {
    for round in 0..6_u32 {
        let settings = json!({ "settings": { "seats": { "limit": 2 + round, "counted_from": "activation" } } });
        app.admin().patch("", settings).await.ok(200);
        let emails: Vec<String> = (0..4).map(|number| format!("p{round}-{number}@example.com")).collect();
        app.admin().post("/users", json!({ "emails": emails, "role_id": "builder" })).await.ok(201);
        let mut paths = Vec::new();
        for email in &emails {
            paths.push(format!("/activations/{}", app.latest_link(email).await));
        }
        let said = json!({ "name": "Somebody", "password": ADMIN_PASSWORD });
        let tries = paths.iter().map(|path| async { app.stranger().post(path, said.clone()).await.status.as_u16() });
        let mut answers = join_all(tries).await;
        answers.sort_unstable();
        assert_eq!(answers, [200, 409, 409, 409]);
    }
}

#[both_engines]
async fn d10_parallel_invitations_never_pass_the_limit(app: TestApp) {
    app.admin().patch("", json!({ "settings": { "seats": { "limit": 10 } } })).await.ok(200);
    let app = &app;
    let invite = |number: u32| async move {
        let emails: Vec<String> = (0..3).map(|person| format!("p{number}-{person}@example.com")).collect();
        app.admin().post("/users", json!({ "emails": emails, "role_id": "builder" })).await.status.as_u16()
    };
    let mut answers = join_all((0..6).map(invite)).await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 201, 201, 409, 409, 409]);
}

#[both_engines]
async fn x5_the_page_says_who_is_signed_in_and_accepting_as_somebody_else_ends_that(app: TestApp) {
    app.member("bob@example.com", "builder").await;
    app.invite("ana@example.com", "builder").await;
    let path = format!("/activations/{}", app.latest_link("ana@example.com").await);
    assert_eq!(app.stranger().get(&path).await.ok(200)["signed_in_as"], json!(null));
    let browser = app.signed_in("bob@example.com").await;
    assert_eq!(browser.get(&path).await.ok(200)["signed_in_as"], "bob@example.com");
    let bobs = browser.cookie("__Host-portcullis").unwrap();
    browser.post(&path, json!({ "name": "Ana", "password": ADMIN_PASSWORD })).await.ok(200);
    assert_eq!(browser.get("/me").await.ok(200)["email"], "ana@example.com");
    browser.set_cookie("__Host-portcullis", &bobs);
    browser.get("/me").await.refused(401, "signed_in_again");
}

#[both_engines]
async fn x5_who_accepts_with_a_sign_in_of_their_own_signs_out_whoever_else_is_there_and_not_themselves(app: TestApp) {
    let other = app.new_account("other").await;
    app.member("bob@example.com", "builder").await;
    for (email, who, stays) in
        [("ana@example.com", "bob@example.com", false), ("eve@example.com", "eve@example.com", true)]
    {
        app.add_person(other, NewPerson::new(email, "admin")).await;
        app.invite(email, "builder").await;
        let browser = app.signed_in(who).await;
        let path = format!("/activations/{}", app.latest_link(email).await);
        assert_eq!(browser.get(&path).await.ok(200)["signed_in_as"], who);
        browser.post(&path, json!({})).await.ok(200);
        assert_eq!(browser.get("/me").await.status.is_success(), stays, "{who}");
    }
}

#[both_engines]
async fn r5_an_invitation_of_whom_nobody_can_read_is_no_invitation_of_the_operator(app: TestApp) {
    let ana = app.invite("ana@example.com", "builder").await;
    let path = format!("/activations/{}", app.latest_link("ana@example.com").await);
    for (by, works) in [("", false), ("root", false), ("system", false), ("usr_x", false), ("operator", true)] {
        let mut tx = app.app.db.write().await.unwrap();
        let text = "UPDATE invitations SET invited_by = $3 WHERE account_id = $1 AND user_id = $2";
        tx.sql(text).bind(&app.acme().await).bind(ana["id"].as_str().unwrap()).bind(by).run().await.unwrap();
        tx.commit().await.unwrap();
        let answer = app.stranger().get(&path).await;
        assert_eq!(answer.status.is_success(), works, "{by:?}: {}", answer.text());
    }
}
