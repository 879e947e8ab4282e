//! What ends which credential, at once (X1, P9): every event against every kind of credential.

use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use domain::sign_in::session::EndedBy;
use domain::users::{User, UserStatus};
use serde_json::json;
use testing::{ADMIN_PASSWORD, Client, Ground, NewPerson, TestApp, both_engines};

/// Something that happens to a person or that they do.
#[derive(Debug, Clone, Copy)]
enum Event {
    Disable,
    DisableAndEnable,
    Delete,
    DeleteAndRestore,
    SignOutByAdmin,
    ChangeOfRole,
    SignOut,
    SignOutEverywhere,
    ChangeOfPassword,
    ResetOfPassword,
    AskingForAReset,
}

/// Whether a credential still works after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Works {
    session: bool,
    other_session: bool,
    session_elsewhere: bool,
    key: bool,
    reset_link: bool,
}

const fn works(session: bool, other_session: bool, session_elsewhere: bool, key: bool, reset_link: bool) -> Works {
    Works { session, other_session, session_elsewhere, key, reset_link }
}

/// The table: session that did it or that it is done to, another session, the same session in another account, API key,
/// pending link to a new password.
const TABLE: &[(Event, Works)] = &[
    (Event::Disable, works(false, false, true, false, false)),
    (Event::DisableAndEnable, works(false, false, true, false, false)),
    (Event::Delete, works(false, false, true, false, false)),
    (Event::DeleteAndRestore, works(false, false, true, false, false)),
    (Event::SignOutByAdmin, works(false, false, true, false, false)),
    (Event::ChangeOfRole, works(true, true, true, true, true)),
    (Event::SignOut, works(false, true, false, true, true)),
    (Event::SignOutEverywhere, works(false, false, false, true, true)),
    (Event::ChangeOfPassword, works(true, false, true, true, false)),
    (Event::ResetOfPassword, works(false, false, false, true, false)),
    (Event::AskingForAReset, works(true, true, true, true, true)),
];

/// What the holder of a session is told that an event ended: of the session that did it or that it is done to, and of another.
const REASONS: &[(Event, Option<EndedBy>, Option<EndedBy>)] = &[
    (Event::Disable, Some(EndedBy::AccessEnded), Some(EndedBy::AccessEnded)),
    (Event::DisableAndEnable, Some(EndedBy::AccessEnded), Some(EndedBy::AccessEnded)),
    (Event::Delete, Some(EndedBy::AccessEnded), Some(EndedBy::AccessEnded)),
    (Event::SignOutByAdmin, Some(EndedBy::Admin), Some(EndedBy::Admin)),
    (Event::SignOut, Some(EndedBy::Oneself), None),
    (Event::SignOutEverywhere, Some(EndedBy::Oneself), Some(EndedBy::Oneself)),
    (Event::ChangeOfPassword, None, Some(EndedBy::NewPassword)),
    (Event::ResetOfPassword, Some(EndedBy::NewPassword), Some(EndedBy::NewPassword)),
];

/// A person with one of every credential.
struct Subject {
    user: User,
    session: Client,
    other_session: Client,
    key: Client,
    reset_link: String,
}

impl Subject {
    async fn new(app: &TestApp, ground: &Ground, elsewhere: Option<&Ground>) -> Self {
        let email = format!("{}@people.example", testing::fresh("subject"));
        let user = app.add_person(ground.account, NewPerson::new(&email, "admin")).await;
        if let Some(elsewhere) = elsewhere {
            app.add_person(elsewhere.account, NewPerson::new(&email, "admin")).await;
        }
        let (secret, _) = app.key_of(&user).await;
        let subject = Self {
            session: app.browser_of(&ground.slug, &user).await,
            other_session: app.browser_of(&ground.slug, &user).await,
            key: Client::with_key(app.base(), &ground.slug, &secret),
            reset_link: app.link_of(&user, LinkPurpose::PasswordReset).await,
            user,
        };
        assert_eq!(subject.works(app, elsewhere).await, works(true, true, elsewhere.is_some(), true, true), "before");
        subject
    }

    async fn works(&self, app: &TestApp, elsewhere: Option<&Ground>) -> Works {
        for client in [&self.session, &self.key] {
            // What was answered before is told again to nobody who is not let in any more.
            assert_eq!(opens(client).await, repeats(client, &self.user).await, "from memory");
        }
        Works {
            session: opens(&self.session).await,
            other_session: opens(&self.other_session).await,
            session_elsewhere: match elsewhere {
                Some(ground) => opens(&self.session.in_account(&ground.slug)).await,
                None => false,
            },
            key: opens(&self.key).await,
            reset_link: link_works(app, &self.reset_link).await,
        }
    }
}

/// Whether a client is let into its account. What is refused is refused as somebody unknown, or as somebody outside.
async fn opens(client: &Client) -> bool {
    let answer = client.get("/systems").await;
    match (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default()) {
        (200, _) | (403, "permission_missing") => true,
        (401, "session_expired" | "api_key_invalid") | (404, "not_found") => false,
        (401, code) if code.parse::<EndedBy>().is_ok() => false,
        other => panic!("{other:?}: {}", answer.text()),
    }
}

/// Whether a client gets an answer to a request with an idempotency key; the first time it is done.
async fn repeats(client: &Client, user: &User) -> bool {
    let name =
        format!("{} {}", user.email, if client.cookie("__Host-portcullis").is_some() { "browser" } else { "key" });
    let keyed = client.with_header("idempotency-key", "once");
    let answer = keyed.post("/systems", json!({ "name": name, "platform": "web" })).await;
    assert!(matches!(answer.status.as_u16(), 201 | 401 | 404), "{}", answer.text());
    answer.status == 201
}

/// A browser with the same cookies, so that the first one keeps what the server tells a browser to forget.
fn copied(client: &Client) -> Client {
    client.with_header("x-test", "copy")
}

async fn link_works(app: &TestApp, token: &str) -> bool {
    let token = service::core::secrets::Token::read(service::core::secrets::LINK_PREFIX, token).unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    let link = store::credentials::links::Links(&mut tx).find_by_token(&token.hash()).await.unwrap().unwrap();
    link.check(link.purpose, app.app.clock.now()).is_ok()
}

async fn happen(event: Event, admin: &Client, subject: &Subject) {
    let user = format!("/users/{}", subject.user.id);
    let does = |act: &str| {
        let path = format!("{user}/{act}");
        async move { admin.post(&path, json!({})).await.ok(200) }
    };
    match event {
        Event::Disable => drop(does("disable").await),
        Event::DisableAndEnable => {
            does("disable").await;
            does("enable").await;
        }
        Event::Delete => drop(admin.delete(&user).await.ok(200)),
        Event::DeleteAndRestore => {
            admin.delete(&user).await.ok(200);
            does("restore").await;
        }
        Event::SignOutByAdmin => drop(admin.delete(&format!("{user}/sessions")).await.ok(200)),
        Event::ChangeOfRole => drop(admin.patch(&user, json!({ "role_id": "translator" })).await.ok(200)),
        Event::SignOut => drop(copied(&subject.session).post("/sign-out", json!({})).await.ok(204)),
        Event::SignOutEverywhere => drop(copied(&subject.session).delete("/me/sessions").await.ok(200)),
        Event::ChangeOfPassword => {
            let body = json!({ "current_password": ADMIN_PASSWORD, "new_password": "another horse, another battery" });
            subject.session.post("/me/password", body).await.ok(204);
        }
        Event::ResetOfPassword => {
            let body = json!({ "password": "another horse, another battery" });
            subject
                .session
                .without_proof()
                .post(&format!("/password-resets/{}", subject.reset_link), body)
                .await
                .ok(204);
        }
        Event::AskingForAReset => {
            let body = json!({ "email": subject.user.email });
            subject.session.without_proof().post("/password-resets", body).await.ok(202);
        }
    }
}

#[both_engines]
async fn x1_every_event_ends_exactly_the_credentials_that_it_should_at_once(app: TestApp) {
    let (ground, other) = (Ground::new(&app, "alpha").await, Ground::new(&app, "beta").await);
    for (event, expected) in TABLE {
        for elsewhere in [None, Some(&other)] {
            let subject = Subject::new(&app, &ground, elsewhere).await;
            happen(*event, &ground.admin.client, &subject).await;
            app.answer_link_requests().await;
            let expected =
                Works { session_elsewhere: expected.session_elsewhere && elsewhere.is_some(), ..expected.clone() };
            assert_eq!(
                subject.works(&app, elsewhere).await,
                expected,
                "{event:?}, also elsewhere: {}",
                elsewhere.is_some()
            );
        }
    }
}

#[both_engines]
async fn x1_every_event_ends_exactly_the_links_of_an_invitation_that_it_should(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let admin = &ground.admin.client;
    for (event, works) in [("resend", false), ("revoke", false), ("delete", false), ("restore", false), ("edit", true)]
    {
        let email = format!("{}@people.example", testing::fresh("subject"));
        let new = NewPerson::new(&email, "builder").who_is(UserStatus::Provisioned);
        let user = app.add_person(ground.account, new).await;
        let link = app.link_of(&user, LinkPurpose::Activation).await;
        let path = format!("/users/{}", user.id);
        match event {
            "delete" => drop(admin.delete(&path).await.ok(200)),
            "restore" => {
                admin.delete(&path).await.ok(200);
                admin.post(&format!("{path}/restore"), json!({})).await.ok(200);
            }
            "edit" => drop(admin.patch(&path, json!({ "role_id": "translator" })).await.ok(200)),
            act => assert!(admin.post(&format!("{path}/{act}"), json!({})).await.status.is_success(), "{act}"),
        }
        let body = json!({ "name": "New Person", "password": ADMIN_PASSWORD });
        let answer = app.stranger().post(&format!("/activations/{link}"), body).await;
        assert_eq!(answer.status.is_success(), works, "{event}: {}", answer.text());
    }
}

#[both_engines]
async fn x1_whoever_holds_the_token_of_an_ended_session_and_nobody_else_learns_what_ended_it(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    for (event, of_this, of_the_other) in REASONS {
        let subject = Subject::new(&app, &ground, None).await;
        happen(*event, &ground.admin.client, &subject).await;
        let node = app.another_node().await;
        for (browser, reason) in [(&subject.session, of_this), (&subject.other_session, of_the_other)] {
            let there = node.client();
            let token = browser.cookie("__Host-portcullis").unwrap();
            there.set_cookie("__Host-portcullis", &token);
            for path in ["/me", "/api/v1/accounts/alpha/systems"] {
                for client in [browser, &there] {
                    match reason {
                        None => drop(client.get(path).await.ok(200)),
                        Some(reason) => drop(client.get(path).await.refused(401, reason.word())),
                    }
                }
            }
            let mut changed = token.into_bytes();
            let last = changed.last_mut().unwrap();
            *last = if *last == b'A' { b'B' } else { b'A' };
            there.set_cookie("__Host-portcullis", std::str::from_utf8(&changed).unwrap());
            let answer = there.get("/me").await;
            assert!(
                ["session_expired", "sign_in_required"].contains(&answer.json()["code"].as_str().unwrap()),
                "{}",
                answer.text()
            );
        }
    }
}

#[both_engines]
async fn x1_an_ended_session_is_in_no_list_cannot_be_ended_again_and_is_forgotten_in_time(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let subject = Subject::new(&app, &ground, None).await;
    let path = format!("/users/{}/sessions", subject.user.id);
    let admin = &ground.admin.client;
    let listed = async || admin.get(&path).await.ok(200)["items"].as_array().unwrap().clone();
    let before = listed().await;
    let own = subject.session.get("/me/sessions").await.ok(200)["items"].as_array().unwrap().clone();
    let id = own.iter().find(|session| session["this_device"] == false).unwrap()["id"].as_str().unwrap();
    subject.session.delete(&format!("/me/sessions/{id}")).await.ok(204);
    subject.session.delete(&format!("/me/sessions/{id}")).await.refused(404, "not_found");
    admin.delete(&format!("{path}/{id}")).await.refused(404, "not_found");
    assert_eq!((before.len(), listed().await.len()), (2, 1));
    assert_eq!(
        admin.post(&format!("/users/{}/disable?dry_run=true", subject.user.id), json!({})).await.ok(200)["impact"]["sessions_ended"],
        1
    );

    // What ended it first stays the reason.
    admin.post(&format!("/users/{}/disable", subject.user.id), json!({})).await.ok(200);
    subject.other_session.get("/me").await.refused(401, "signed_out");
    subject.session.get("/me").await.refused(401, "access_ended");
    app.pass(Seconds::days(31));
    service::installation::housekeeping::clean_up(&app.app).await.unwrap();
    subject.session.get("/me").await.refused(401, "session_expired");
}

#[both_engines]
async fn x1_a_new_role_holds_at_once_for_sessions_and_keys(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let subject = Subject::new(&app, &ground, None).await;
    for client in [&subject.session, &subject.key] {
        client.get("/roles").await.ok(200);
    }
    happen(Event::ChangeOfRole, &ground.admin.client, &subject).await;
    for client in [&subject.session, &subject.key] {
        client.get("/roles").await.refused(403, "permission_missing");
    }
}

#[both_engines]
async fn x1_whoever_is_back_signs_in_anew_and_only_what_is_new_works(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    for event in [Event::DisableAndEnable, Event::DeleteAndRestore, Event::SignOutByAdmin] {
        let subject = Subject::new(&app, &ground, None).await;
        happen(event, &ground.admin.client, &subject).await;
        let fresh = subject.session.without_proof();
        let proof = json!({ "email": subject.user.email, "password": ADMIN_PASSWORD });
        fresh.post("/sign-in/password", proof).await.ok(201);
        assert!(opens(&fresh).await, "{event:?}");
        assert!(!opens(&subject.session).await && !opens(&subject.key).await, "{event:?}");
        let (secret, _) = app.key_of(&subject.user).await;
        assert!(opens(&Client::with_key(app.base(), "alpha", &secret)).await, "{event:?}");
    }
}

#[both_engines]
async fn x1_somebody_without_access_opens_nothing_with_whatever_credential(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    for status in [UserStatus::Provisioned, UserStatus::Inactive, UserStatus::Deleted] {
        let user = ground.person(status);
        assert!(!opens(&app.browser_of("alpha", user).await).await, "{status}");
        let (secret, _) = app.key_of(user).await;
        assert!(!opens(&Client::with_key(app.base(), "alpha", &secret)).await, "{status}");
        let proof = json!({ "email": user.email, "password": ADMIN_PASSWORD });
        app.stranger().post("/sign-in/password", proof).await.refused(401, "invalid_credentials");
    }
}
