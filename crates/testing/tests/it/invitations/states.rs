//! What is shown as an open invitation can be accepted (R5, P22).

use domain::core::timestamp::Seconds;
use serde_json::{Value, json};
use store::outbox::Outbox;
use testing::{Client, NewPerson, TestApp, both_engines};

/// What the list, the drawer and the tab say of an invited user: the state twice, and how many cannot be accepted.
async fn shown(admin: &Client, id: &str) -> (Value, Value, Value) {
    let list = admin.get("/users?status=provisioned&limit=200").await.ok(200);
    let row = list["items"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone();
    let user = admin.get(&format!("/users/{id}")).await.ok(200);
    let counts = admin.get("/users/counts").await.ok(200);
    (row["invitation"].clone(), user["invitation"]["state"].clone(), counts["dead_invitations"].clone())
}

fn all(state: &str, dead: u32) -> (Value, Value, Value) {
    (json!(state), json!(state), json!(dead))
}

async fn invited_by(browser: &Client, email: &str, role: &str) -> String {
    let made =
        browser.post("/users", json!({ "emails": [email], "role_id": role, "message": "Hello from me" })).await.ok(201);
    made["items"][0]["user_id"].as_str().unwrap().to_owned()
}

#[both_engines]
async fn an_invitation_is_open_until_its_link_expires_and_again_when_it_is_sent_again(app: TestApp) {
    let ana = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    let never = app.member("bob@example.com", "builder").await;
    assert_eq!(shown(app.admin(), &ana).await, all("open", 0));
    app.pass(Seconds::days(7));
    let admin = app.signed_in(testing::ADMIN_EMAIL).await;
    app.stranger()
        .get(&format!("/activations/{}", app.latest_link("ana@example.com").await))
        .await
        .refused(404, "link_expired");
    assert_eq!(shown(&admin, &ana).await, all("expired", 1));
    admin.post(&format!("/users/{ana}/resend"), json!({})).await.ok(200);
    assert_eq!(shown(&admin, &ana).await, all("open", 0));
    drop(never);
    let rows = admin.get("/users?status=active").await.ok(200);
    assert!(rows["items"].as_array().unwrap().iter().all(|row| row["invitation"].is_null()));
}

#[both_engines]
async fn u34_whoever_is_restored_before_they_accepted_is_invited_again(app: TestApp) {
    let ana = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    let old = app.latest_link("ana@example.com").await;
    app.admin().delete(&format!("/users/{ana}")).await.ok(200);
    let preview = app.admin().post(&format!("/users/{ana}/restore?dry_run=true"), json!({})).await.ok(200);
    assert_eq!(preview["impact"]["invitations_sent_count"], 1);
    assert_eq!(app.mails().await.len(), 1, "a preview sends nothing");
    let restored = app.admin().post(&format!("/users/{ana}/restore"), json!({})).await.ok(200);
    assert_eq!(
        (&restored["impact"]["invitations_sent_count"], &restored["invitation"]["state"]),
        (&json!(1), &json!("open"))
    );
    assert_eq!(restored["invitation"]["sent_count"], 2);
    assert_eq!(app.mails().await, ["activation -> ana@example.com"; 2]);
    assert_eq!(shown(app.admin(), &ana).await, all("open", 0));
    app.stranger().get(&format!("/activations/{old}")).await.refused(404, "link_revoked");
    app.activated("ana@example.com").await.get("/me").await.ok(200);
}

#[both_engines]
async fn an_undone_deletion_of_many_invites_them_again_and_says_who_gets_no_mail(app: TestApp) {
    let mut ids = Vec::new();
    for email in ["ana@example.com", "bob@example.com"] {
        ids.push(app.invite(email, "builder").await["id"].as_str().unwrap().to_owned());
    }
    for _ in 0..9 {
        app.admin().post(&format!("/users/{}/resend", ids[1]), json!({})).await.ok(200);
    }
    let deleted = app.admin().post("/users/bulk", json!({ "action": "delete", "ids": ids })).await.ok(200);
    let undo = deleted["undo"][0].clone();
    let preview = app.admin().post("/users/bulk?dry_run=true", undo.clone()).await.ok(200);
    let done = app.admin().post("/users/bulk", undo).await.ok(200);
    for answer in [preview, done] {
        let (sent, unsent) =
            (&answer["impact"]["invitations_sent_count"], &answer["impact"]["invitations_unsent_count"]);
        assert_eq!((sent, unsent), (&json!(1), &json!(1)), "bob had too many mails");
    }
    assert_eq!(shown(app.admin(), &ids[0]).await, all("open", 1));
    assert_eq!(shown(app.admin(), &ids[1]).await, all("link_ended", 1));
    app.pass(Seconds::hours(1));
    app.admin().post("/users/bulk", json!({ "action": "resend", "ids": [ids[1]] })).await.ok(200);
    assert_eq!(shown(app.admin(), &ids[1]).await, all("open", 0));
}

#[both_engines]
async fn p22_whoever_loses_the_right_to_invite_is_shown_which_invitations_die_and_others_take_them_over(app: TestApp) {
    let account = app.acme().await;
    let acts: [(&str, Value); 3] =
        [("disable", json!({})), ("delete", json!({})), ("role", json!({ "role_id": "builder" }))];
    for (round, (act, body)) in acts.into_iter().enumerate() {
        let helper = app.add_person(account, NewPerson::new(&format!("helper{round}@example.com"), "admin")).await;
        let browser = app.browser_of("acme", &helper).await;
        let mut invited = Vec::new();
        for person in ["one", "two"] {
            invited.push(invited_by(&browser, &format!("{person}{round}@example.com"), "builder").await);
        }
        let expired = format!("gone{round}@example.com");
        let revoked = invited_by(&browser, &expired, "builder").await;
        app.admin().post(&format!("/users/{revoked}/revoke"), json!({})).await.ok(204);
        let path = format!("/users/{}", helper.id);
        let lose = async |dry: &str| match act {
            "delete" => app.admin().delete(&format!("{path}{dry}")).await.ok(200),
            "role" => app.admin().patch(&format!("{path}{dry}"), body.clone()).await.ok(200),
            act => app.admin().post(&format!("{path}/{act}{dry}"), body.clone()).await.ok(200),
        };
        for answer in [lose("?dry_run=true").await, lose("").await] {
            let mut named: Vec<_> = answer["impact"]["invitations_lost"]
                .as_array()
                .unwrap()
                .iter()
                .map(|lost| lost["id"].clone())
                .collect();
            named.sort_by_key(ToString::to_string);
            invited.sort();
            assert_eq!(
                (json!(named), &answer["impact"]["invitations_lost_count"]),
                (json!(invited), &json!(2)),
                "{act}"
            );
        }
        for id in &invited {
            assert_eq!(shown(app.admin(), id).await, all("inviter_unauthorized", 2), "{act}");
        }
        app.admin().post(&format!("/users/{}/resend", invited[0]), json!({})).await.ok(200);
        app.admin().post("/users/bulk", json!({ "action": "resend", "ids": [invited[1]] })).await.ok(200);
        for id in &invited {
            let user = app.admin().get(&format!("/users/{id}")).await.ok(200);
            assert_eq!(user["invitation"]["invited_by"], json!(crate::people::first_admin(&app).await.to_string()));
            assert_eq!(shown(app.admin(), id).await, all("open", 0), "{act}");
        }
        app.activated(&format!("one{round}@example.com")).await.get("/me").await.ok(200);
    }
}

#[both_engines]
async fn r5_a_role_that_the_inviter_may_not_give_any_more_ends_the_invitation_and_others_stay_open(app: TestApp) {
    let account = app.acme().await;
    let role = app.add_role(account, "Helpdesk", json!({ "manage_users": "edit" })).await;
    let helper = app.add_person(account, NewPerson::new("helper@example.com", "admin")).await;
    let browser = app.browser_of("acme", &helper).await;
    let high = invited_by(&browser, "high@example.com", "admin").await;
    let low = invited_by(&browser, "low@example.com", role.as_str()).await;
    let body = json!({ "action": "set_role", "ids": [helper.id.to_string()], "role_id": role.as_str() });
    for query in ["?dry_run=true", ""] {
        let answer = app.admin().post(&format!("/users/bulk{query}"), body.clone()).await.ok(200);
        let lost = answer["impact"]["invitations_lost"].as_array().unwrap();
        assert_eq!((lost.len(), &lost[0]["email"]), (1, &json!("high@example.com")));
    }
    assert_eq!(shown(app.admin(), &high).await, all("inviter_unauthorized", 1));
    assert_eq!(shown(app.admin(), &low).await, all("open", 1));
    let enabled = app.admin().patch(&format!("/users/{}", helper.id), json!({ "role_id": "admin" })).await.ok(200);
    assert_eq!(enabled["impact"]["invitations_lost_count"], 0);
    assert_eq!(
        shown(app.admin(), &high).await,
        all("inviter_unauthorized", 1),
        "who was told that it ended was told the truth"
    );
    app.stranger()
        .get(&format!("/activations/{}", app.latest_link("high@example.com").await))
        .await
        .refused(404, "link_inviter_unauthorized");
    app.stranger().get(&format!("/activations/{}", app.latest_link("low@example.com").await)).await.ok(200);
}

#[both_engines]
async fn p22_an_invitation_stays_dead_when_its_inviter_gets_the_right_back_until_somebody_sends_it_again(app: TestApp) {
    let account = app.acme().await;
    for (round, (lose, regain)) in
        [("disable", "enable"), ("delete", "restore"), ("builder", "admin")].into_iter().enumerate()
    {
        let helper = app.add_person(account, NewPerson::new(&format!("helper{round}@example.com"), "admin")).await;
        let browser = app.browser_of("acme", &helper).await;
        let email = format!("ana{round}@example.com");
        let ana = invited_by(&browser, &email, "builder").await;
        let link = app.latest_link(&email).await;
        let path = format!("/users/{}", helper.id);
        for act in [lose, regain] {
            match act {
                "delete" => app.admin().delete(&path).await.ok(200),
                "builder" | "admin" => app.admin().patch(&path, json!({ "role_id": act })).await.ok(200),
                act => app.admin().post(&format!("{path}/{act}"), json!({})).await.ok(200),
            };
            app.stranger().get(&format!("/activations/{link}")).await.refused(404, "link_inviter_unauthorized");
            let body = json!({ "name": "Ana", "password": testing::ADMIN_PASSWORD });
            app.stranger().post(&format!("/activations/{link}"), body).await.refused(404, "link_inviter_unauthorized");
            let before = app.mails().await.len();
            app.stranger().post("/link-requests", json!({ "token": link })).await.ok(202);
            app.answer_link_requests().await;
            assert_eq!(app.mails().await.len(), before, "nobody answers for it, so nobody is sent another one: {act}");
            assert_eq!(shown(app.admin(), &ana).await, all("inviter_unauthorized", 1), "{act}");
        }
        app.admin().post(&format!("/users/{ana}/resend"), json!({})).await.ok(200);
        assert_eq!(shown(app.admin(), &ana).await, all("open", 0));
        app.stranger().get(&format!("/activations/{link}")).await.refused(404, "link_replaced");
        app.activated(&email).await.get("/me").await.ok(200);
    }
}

#[both_engines]
async fn p22_whoever_gives_an_invited_person_another_role_takes_the_invitation_over(app: TestApp) {
    let helper = app.add_person(app.acme().await, NewPerson::new("helper@example.com", "admin")).await;
    let ana = invited_by(&app.browser_of("acme", &helper).await, "ana@example.com", "builder").await;
    app.admin().post(&format!("/users/{}/disable", helper.id), json!({})).await.ok(200);
    assert_eq!(shown(app.admin(), &ana).await, all("inviter_unauthorized", 1));
    app.admin().patch(&format!("/users/{ana}"), json!({ "role_id": "translator" })).await.ok(200);
    assert_eq!(shown(app.admin(), &ana).await, all("open", 0));
    app.activated("ana@example.com").await.get("/me").await.ok(200);
}

#[both_engines]
async fn r5_a_mail_that_waits_does_not_leave_when_its_inviter_lost_the_right(app: TestApp) {
    let account = app.acme().await;
    let helper = app.add_person(account, NewPerson::new("helper@example.com", "admin")).await;
    let browser = app.browser_of("acme", &helper).await;
    invited_by(&browser, "ana@example.com", "builder").await;
    app.admin().post(&format!("/users/{}/disable", helper.id), json!({})).await.ok(200);
    assert_eq!(worker::deliver_due(&app.app, &service::delivery::transport::Transport::mailbox()).await.unwrap(), 0);
    let mails = app.admin().get("/emails?recipient=ana@example.com").await.ok(200);
    assert_eq!(
        (&mails["items"][0]["state"], &mails["items"][0]["error_code"]),
        (&json!("canceled"), &json!("link_ended"))
    );
}

#[both_engines]
async fn whoever_had_lost_the_right_before_kills_nothing_more(app: TestApp) {
    let account = app.acme().await;
    let helper = app.add_person(account, NewPerson::new("helper@example.com", "admin")).await;
    let browser = app.browser_of("acme", &helper).await;
    invited_by(&browser, "ana@example.com", "builder").await;
    app.admin().patch(&format!("/users/{}", helper.id), json!({ "role_id": "builder" })).await.ok(200);
    let preview = app.admin().post(&format!("/users/{}/disable?dry_run=true", helper.id), json!({})).await.ok(200);
    assert_eq!(preview["impact"]["invitations_lost_count"], 0);
}

#[both_engines]
async fn d11_after_a_restore_every_invitation_is_shown_without_a_link_that_works(app: TestApp) {
    let ana = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    service::installation::restoration::after_restore(&app.app).await.unwrap();
    let admin = app.signed_in(testing::ADMIN_EMAIL).await;
    assert_eq!(shown(&admin, &ana).await, all("link_ended", 1));
    admin.post("/users/bulk", json!({ "action": "resend", "ids": [ana] })).await.ok(200);
    assert_eq!(shown(&admin, &ana).await, all("open", 0));
    app.activated("ana@example.com").await.get("/me").await.ok(200);
}

#[both_engines]
async fn whoever_sees_own_systems_only_learns_nothing_of_invitations(app: TestApp) {
    let account = app.acme().await;
    let web = app.add_system(account, "Web").await;
    let manager = app.add_person(account, NewPerson::new("manager@example.com", "system_manager").with(&[web])).await;
    let browser = app.browser_of("acme", &manager).await;
    let body = json!({ "emails": ["ana@example.com"], "role_id": "builder", "systems": [web.to_string()] });
    let ana = app.admin().post("/users", body).await.ok(201)["items"][0]["user_id"].as_str().unwrap().to_owned();
    assert_eq!(shown(&browser, &ana).await, (Value::Null, Value::Null, Value::Null));
}

#[both_engines]
async fn whoever_has_a_sign_in_elsewhere_gets_the_same_mail_with_the_note_as_everybody(app: TestApp) {
    let other = app.new_account("other").await;
    app.add_person(other, NewPerson::new("known@example.com", "builder")).await;
    let note = "Welcome!\n\n  - bring a pass\n\nSee you";
    let body = json!({ "emails": ["known@example.com", "new@example.com"], "role_id": "builder", "message": format!("\r\n{}\r\n", note.replace('\n', "\r\n")) });
    app.admin().post("/users", body).await.ok(201);
    let mut tx = app.app.db.read().await.unwrap();
    let mails = Outbox(&mut tx).latest(10).await.unwrap();
    drop(tx);
    let preview = app.admin().post("/users/invitation-email", json!({ "message": note })).await.ok(200);
    let mut texts = Vec::new();
    for mail in &mails {
        assert_eq!(mail.kind, "activation");
        let text = app.text_of(mail);
        let link = text.lines().find(|line| line.starts_with("https://")).unwrap().to_owned();
        texts.push(text.replace(&link, "https://admin.example.test/activate"));
    }
    assert_eq!(texts, [preview["text"].as_str().unwrap(); 2], "the preview is the mail");
    assert!(texts[0].contains("> Welcome!\n>\n>   - bring a pass\n>\n> See you\n"), "{}", texts[0]);
    let named = app.admin().post("/users/invitation-email", json!({ "name": "Ana Lopez" })).await.ok(200);
    assert!(
        named["text"].as_str().unwrap().starts_with("Hello Ana Lopez,")
            && named["html"].as_str().unwrap().contains("Hello Ana Lopez,")
    );
}

#[both_engines]
async fn a_note_over_its_limit_is_refused_at_its_field_wherever_it_is_given(app: TestApp) {
    for (message, code, words) in [
        ("x".repeat(1_001), "too_long", "1001 characters, but the limit is 1000"),
        ("x\n".repeat(41), "too_many_lines", "41 lines, but the limit is 40"),
        ("a\u{0}b".to_owned(), "control_characters", "control characters"),
    ] {
        let invite = json!({ "emails": ["ana@example.com"], "role_id": "builder", "message": message });
        for (path, body) in [
            ("/users", invite.clone()),
            ("/users?dry_run=true", invite),
            ("/users/invitation-email", json!({ "message": message })),
        ] {
            let problem = app.admin().post(path, body).await.refused(422, code);
            assert_eq!(problem["errors"][0]["pointer"], "/message", "{path}");
            assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(words), "{problem}");
        }
    }
    assert!(app.mails().await.is_empty());
}
