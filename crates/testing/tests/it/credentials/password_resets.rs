//! Choosing a new password by a mailed link, and changing one's own.

use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use domain::users::UserStatus;
use serde_json::json;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, NewPerson, TestApp, both_engines};

const NEW_PASSWORD: &str = "battery-horse-correct";

/// Kinds of the mails to this address.
async fn mails_to(app: &TestApp, email: &str) -> Vec<String> {
    app.outbox().await.into_iter().filter(|mail| mail.recipient.as_str() == email).map(|mail| mail.kind).collect()
}

#[both_engines]
async fn lg4_x1_a_forgotten_password_is_chosen_anew_by_mail_and_ends_every_session(app: TestApp) {
    let ana = app.member("ana@example.com", "builder").await;
    let stranger = app.stranger();
    app.forgot(&stranger, "ANA@example.com").await;
    let path = format!("/password-resets/{}", app.latest_link("ana@example.com").await);

    let page = stranger.get(&path).await.ok(200);
    assert_eq!((&page["email"], &page["password_rules"]["min_length"]), (&json!("ana@example.com"), &json!(10)));
    stranger.post(&path, json!({ "password": "short" })).await.refused(422, "password_rejected");
    stranger.post(&path, json!({ "password": NEW_PASSWORD })).await.ok(204);

    ana.get("/me").await.refused(401, "password_changed");
    stranger.post(&path, json!({ "password": NEW_PASSWORD })).await.refused(404, "link_used");
    stranger
        .post("/sign-in/password", json!({ "email": "ana@example.com", "password": ADMIN_PASSWORD }))
        .await
        .refused(401, "invalid_credentials");
    stranger.post("/sign-in/password", json!({ "email": "ana@example.com", "password": NEW_PASSWORD })).await.ok(201);
    // The browser in which the password was chosen is known; those of before are not any more.
    assert_eq!(mails_to(&app, "ana@example.com").await, ["activation", "password_reset", "password_changed"]);
    ana.post("/sign-in/password", json!({ "email": "ana@example.com", "password": NEW_PASSWORD })).await.ok(201);
    assert_eq!(mails_to(&app, "ana@example.com").await.last().unwrap(), "sign_in_from_new_device");
    assert_eq!(app.events().await[2..4], ["password.reset_requested", "password.reset"]);
}

#[both_engines]
async fn d2_the_answer_is_the_same_for_everybody_and_only_those_who_can_get_in_get_a_mail(app: TestApp) {
    let account = app.acme().await;
    for status in UserStatus::ALL {
        app.add_person(account, NewPerson::new(&format!("{status}@example.com"), "builder").who_is(*status)).await;
    }
    let before = app.mails().await;
    let mut answers = Vec::new();
    for email in ["active", "provisioned", "inactive", "deleted", "nobody"] {
        answers.push(
            app.stranger().post("/password-resets", json!({ "email": format!("{email}@example.com") })).await.ok(202),
        );
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(app.mails().await, before, "whoever asks waits for no mail to be made");
    app.answer_link_requests().await;
    let mails = ["password_reset -> active@example.com", "activation -> provisioned@example.com"];
    assert_eq!(app.mails().await[before.len()..], mails);
    app.stranger()
        .post("/password-resets", json!({ "email": ["active@example.com"] }))
        .await
        .refused(422, "invalid_value");
    app.stranger()
        .post("/password-resets", json!({ "email": "active@example.com,eve@evil.example" }))
        .await
        .refused(422, "invalid_value");
}

#[both_engines]
async fn d2_i10_one_source_causes_a_bounded_number_of_mails_and_is_answered_alike_beyond(app: TestApp) {
    const MOST: usize = 30;
    let people: Vec<_> = (0..MOST + 2).map(|n| NewPerson::new(&format!("p{n}@example.com"), "builder")).collect();
    app.add_people(app.acme().await, &people).await;
    let ask = async |email: &str| app.stranger().post("/password-resets", json!({ "email": email })).await.ok(202);
    let first = ask("p0@example.com").await;
    // Asking for nobody is counted like asking for somebody: what is left of the bound tells nothing.
    for number in 1..MOST {
        let email =
            if number % 2 == 0 { format!("p{number}@example.com") } else { format!("nobody{number}@example.com") };
        assert_eq!(ask(&email).await, first);
    }
    app.answer_link_requests().await;
    let mails = app.mails().await.len();
    assert_eq!(mails, MOST / 2);
    for email in ["p30@example.com", "p31@example.com", "nobody@example.com"] {
        assert_eq!(ask(email).await, first, "beyond the bound the answer stays the same");
    }
    app.answer_link_requests().await;
    assert_eq!(app.mails().await.len(), mails, "and nothing is sent");
    app.pass(Seconds::hours(1));
    assert_eq!(ask("p31@example.com").await, first);
    app.answer_link_requests().await;
    assert_eq!(app.mails().await.len(), mails + 1);
}

#[both_engines]
async fn p3_lg5_links_stay_open_side_by_side_until_one_is_used_or_eight_hours_end_them(app: TestApp) {
    let ask = async || {
        app.forgot(&app.stranger(), ADMIN_EMAIL).await;
        format!("/password-resets/{}", app.latest_link(ADMIN_EMAIL).await)
    };
    let (old, other, late) = (ask().await, ask().await, ask().await);
    for link in [&old, &other, &late] {
        app.stranger().get(link).await.ok(200);
    }
    app.stranger().post(&old, json!({ "password": NEW_PASSWORD })).await.ok(204);
    for link in [&old, &other, &late] {
        app.stranger().get(link).await.refused(404, "link_used");
        app.stranger().post(link, json!({ "password": NEW_PASSWORD })).await.refused(404, "link_used");
    }
    let new = ask().await;
    app.pass(Seconds::hours(8));
    app.stranger().get(&new).await.refused(404, "link_expired");
    app.stranger().post(&new, json!({ "password": NEW_PASSWORD })).await.refused(404, "link_expired");
}

#[both_engines]
async fn i10_asking_again_and_again_sends_a_few_mails_and_leaves_the_last_link_alive(app: TestApp) {
    for _ in 0..14 {
        app.forgot(&app.stranger(), ADMIN_EMAIL).await;
    }
    assert_eq!(app.mails().await.len(), 10);
    let link = app.latest_link(ADMIN_EMAIL).await;
    app.stranger().get(&format!("/password-resets/{link}")).await.ok(200);
    app.pass(Seconds::hours(1));
    app.forgot(&app.stranger(), ADMIN_EMAIL).await;
    assert_eq!(app.mails().await.len(), 11);
}

#[both_engines]
async fn i1_a_link_for_something_else_chooses_no_password_and_one_for_a_password_activates_nobody(app: TestApp) {
    app.invite("ana@example.com", "builder").await;
    let activation = app.latest_link("ana@example.com").await;
    app.stranger()
        .post(&format!("/password-resets/{activation}"), json!({ "password": NEW_PASSWORD }))
        .await
        .refused(404, "link_invalid");
    app.forgot(&app.stranger(), ADMIN_EMAIL).await;
    let reset = app.latest_link(ADMIN_EMAIL).await;
    app.stranger()
        .post(&format!("/activations/{reset}"), json!({ "name": "Eve", "password": NEW_PASSWORD }))
        .await
        .refused(404, "link_invalid");
}

#[both_engines]
async fn break_glass_the_printed_link_of_the_operator_chooses_a_password_too(app: TestApp) {
    let user = app.add_person(app.acme().await, NewPerson::new("ops@example.com", "admin")).await;
    let token = app.link_of(&user, LinkPurpose::Recovery).await;
    app.stranger().post(&format!("/password-resets/{token}"), json!({ "password": NEW_PASSWORD })).await.ok(204);
    app.stranger()
        .post("/sign-in/password", json!({ "email": "ops@example.com", "password": NEW_PASSWORD }))
        .await
        .ok(201);
}

#[both_engines]
async fn the_rules_for_a_new_password_of_ones_own_are_the_strictest_of_all_accounts(app: TestApp) {
    let rules = app.admin().get("/me/password").await.ok(200);
    assert_eq!(rules, json!({ "min_length": 10, "max_length": 256, "min_special": 1 }));
    app.admin().patch("/accounts/acme", json!({ "settings": { "passwords": { "min_length": 14 } } })).await.ok(200);
    assert_eq!(app.admin().get("/me/password").await.ok(200)["min_length"], 14);
    app.stranger().get("/me/password").await.refused(401, "sign_in_required");
    let problem = app
        .admin()
        .post("/me/password", json!({ "current_password": ADMIN_PASSWORD, "new_password": "password" }))
        .await
        .refused(422, "password_rejected");
    let codes: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|part| part["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["too_short", "too_few_special_characters", "breached"]);
}

#[both_engines]
async fn x1_changing_ones_password_needs_the_current_one_and_ends_the_other_sessions(app: TestApp) {
    let (ana, other) = (app.member("ana@example.com", "builder").await, app.signed_in("ana@example.com").await);
    let change = |current: &str, new: &str| {
        ana.post("/me/password", json!({ "current_password": current, "new_password": new }))
    };
    let problem = change("wrong-password!", NEW_PASSWORD).await.refused(422, "wrong_password");
    assert_eq!(problem["errors"][0]["pointer"], "/current_password");
    change(ADMIN_PASSWORD, "short").await.refused(422, "password_rejected");
    change(ADMIN_PASSWORD, ADMIN_PASSWORD).await.refused(422, "same_password");
    other.get("/me").await.ok(200);

    change(ADMIN_PASSWORD, NEW_PASSWORD).await.ok(204);
    ana.get("/me").await.ok(200);
    other.get("/me").await.refused(401, "password_changed");
    assert_eq!(app.events().await.last().unwrap(), "password.changed");
    assert_eq!(mails_to(&app, "ana@example.com").await.last().unwrap(), "password_changed");
    let said = json!({ "email": "ana@example.com", "password": NEW_PASSWORD });
    ana.post("/sign-in/password", said.clone()).await.ok(201);
    assert_eq!(mails_to(&app, "ana@example.com").await.last().unwrap(), "password_changed", "this browser is known");
    other.post("/sign-in/password", said).await.ok(201);
    assert_eq!(
        mails_to(&app, "ana@example.com").await.last().unwrap(),
        "sign_in_from_new_device",
        "the other is not any more"
    );
    app.stranger()
        .post("/me/password", json!({ "current_password": NEW_PASSWORD, "new_password": ADMIN_PASSWORD }))
        .await
        .refused(401, "sign_in_required");
}

#[both_engines]
async fn i10_notices_are_bounded_and_do_not_silence_a_forgotten_password(app: TestApp) {
    let ana = crate::people::active(&app, "ana@example.com", "builder").await;
    for number in 0..14 {
        let role = ["translator", "builder"][number % 2];
        app.admin().patch(&format!("/users/{ana}"), json!({ "role_id": role })).await.ok(200);
    }
    assert_eq!(mails_to(&app, "ana@example.com").await, ["role_changed"; 10]);
    app.forgot(&app.stranger(), "ana@example.com").await;
    assert_eq!(mails_to(&app, "ana@example.com").await.last().unwrap(), "password_reset");
}

#[both_engines]
async fn m7_a_browser_never_seen_before_is_told_of_but_not_the_first_one_and_not_a_known_one(app: TestApp) {
    let ana = app.member("ana@example.com", "builder").await;
    let said = json!({ "email": "ana@example.com", "password": ADMIN_PASSWORD });
    ana.post("/sign-in/password", said.clone()).await.ok(201);
    assert_eq!(mails_to(&app, "ana@example.com").await, ["activation"]);
    app.stranger().post("/sign-in/password", said).await.ok(201);
    assert_eq!(mails_to(&app, "ana@example.com").await, ["activation", "sign_in_from_new_device"]);
}

#[both_engines]
async fn d2_asking_for_nobody_costs_as_many_statements_as_asking_for_somebody(app: TestApp) {
    let known = app.link_of(&crate::people::admin(&app).await, LinkPurpose::PasswordReset).await;
    let unknown = format!("pcl_{}", "A".repeat(43));
    let cost = async |path: &str, body: serde_json::Value| {
        let before = app.app.db.statements();
        app.stranger().post(path, body).await.ok(202);
        app.app.db.statements() - before
    };
    // Also beyond what one address, and what one source, may ask for within an hour.
    for round in 0..18 {
        let by_address = async |email: &str| cost("/password-resets", json!({ "email": email })).await;
        let (of_known, of_nobody) = (by_address(ADMIN_EMAIL).await, by_address("nobody@example.com").await);
        assert_eq!(of_known, of_nobody, "round {round}");
        let by_link = async |token: &str| cost("/link-requests", json!({ "token": token })).await;
        let (of_known, of_none) = (by_link(&known).await, by_link(&unknown).await);
        assert_eq!(of_known, of_none, "round {round}");
    }
}

#[both_engines]
async fn x1_a_sign_in_with_the_old_password_never_outlives_a_reset_at_the_same_moment(app: TestApp) {
    let passwords = [ADMIN_PASSWORD, NEW_PASSWORD];
    app.member("ana@example.com", "builder").await;
    for round in 0..12 {
        let (old, new) = (passwords[round % 2], passwords[(round + 1) % 2]);
        app.pass(Seconds::hours(1));
        app.forgot(&app.stranger(), "ana@example.com").await;
        let path = format!("/password-resets/{}", app.latest_link("ana@example.com").await);
        let (browser, other) = (app.stranger(), app.stranger());
        let sign_in = browser.post("/sign-in/password", json!({ "email": "ana@example.com", "password": old }));
        let (_, reset) = tokio::join!(sign_in, other.post(&path, json!({ "password": new })));
        reset.ok(204);
        assert_eq!(browser.get("/me").await.status.as_u16(), 401);
    }
}

#[both_engines]
async fn x5_whoever_else_was_signed_in_with_the_browser_of_a_reset_is_not_any_more(app: TestApp) {
    for email in ["ana@example.com", "bob@example.com"] {
        app.member(email, "builder").await;
    }
    let browser = app.signed_in("bob@example.com").await;
    app.forgot(&browser, "ana@example.com").await;
    let link = app.latest_link("ana@example.com").await;
    browser.post(&format!("/password-resets/{link}"), json!({ "password": "battery-horse-correct" })).await.ok(204);
    browser.get("/me").await.refused(401, "signed_in_again");
}
