//! One person in several accounts: each sees what concerns it, and nothing of the others (D2).

use domain::activity::Origin;
use domain::core::ids::AccountId;
use domain::core::timestamp::Seconds;
use domain::users::{User, UserStatus};
use serde_json::{Value, json};
use service::installation::housekeeping;
use store::InAccount;
use store::activity::Events;
use testing::{ADMIN_PASSWORD, Client, NewPerson, TestApp, both_engines};

const ANA: &str = "ana@people.example";
const NEW_PASSWORD: &str = "battery-horse-correct";

/// Ana is active in `acme` and `beta`, each with an admin of its own; she was invited to `gamma`, too.
struct Several {
    acme: (AccountId, User),
    beta: (AccountId, User),
    gamma: AccountId,
    bea: Client,
}

impl Several {
    async fn of(app: &TestApp) -> Self {
        let (acme, beta, gamma) = (app.acme().await, app.new_account("beta").await, app.new_account("gamma").await);
        let in_acme = app.add_person(acme, NewPerson::new(ANA, "builder")).await;
        let in_beta = app.add_person(beta, NewPerson::new(ANA, "builder")).await;
        app.add_person(gamma, NewPerson::new(ANA, "builder").who_is(UserStatus::Provisioned)).await;
        let bea = app.add_person(beta, NewPerson::new("bea@beta.example", "admin")).await;
        let bea = app.browser_of("beta", &bea).await;
        Self { acme: (acme, in_acme), beta: (beta, in_beta), gamma, bea }
    }

    /// What happened in each account since this was asked last.
    async fn told(&self, app: &TestApp, since: &mut [usize; 3]) -> [Vec<String>; 3] {
        let mut told = [const { Vec::new() }; 3];
        for (place, account) in [self.acme.0, self.beta.0, self.gamma].into_iter().enumerate() {
            let all = entries(app, account).await;
            told[place] = all[since[place]..].iter().map(|event| event.action.clone()).collect();
            since[place] = all.len();
        }
        told
    }

    /// What the admins of both accounts are shown of Ana: her latest sign-in, and how many sessions she has.
    async fn shown(&self, app: &TestApp) -> [(Value, usize); 2] {
        let mut shown = Vec::new();
        for (admin, (_, user)) in [(app.admin(), &self.acme), (&self.bea, &self.beta)] {
            let path = format!("/users/{}", user.id);
            let seen = admin.get(&path).await.ok(200)["last_login_at"].clone();
            let sessions = admin.get(&format!("{path}/sessions")).await.ok(200);
            shown.push((seen, sessions["items"].as_array().unwrap().len()));
        }
        shown.try_into().unwrap()
    }
}

async fn entries(app: &TestApp, account: AccountId) -> Vec<domain::activity::Event> {
    let mut tx = app.app.db.read().await.unwrap();
    let entries = Events::of(&mut InAccount { tx: &mut tx, account }).after(0, 100_000).await.unwrap();
    entries.into_iter().map(|entry| entry.event).collect()
}

async fn last(app: &TestApp, account: AccountId) -> domain::activity::Event {
    let mut event = entries(app, account).await.pop().unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    event.targets = Events::of(&mut InAccount { tx: &mut tx, account }).targets(event.seq, 0, 10).await.unwrap();
    event
}

fn none() -> Vec<String> {
    Vec::new()
}

#[both_engines]
async fn a_sign_in_is_told_where_it_is_used_and_in_every_account_when_it_first_comes_there(app: TestApp) {
    let several = Several::of(&app).await;
    let mut since = [0; 3];
    several.told(&app, &mut since).await;
    app.browser_of("beta", &several.beta.1).await;
    since[1] += 1;
    app.pass(Seconds::hours(1));

    let ana = app.signed_in(ANA).await;
    assert_eq!(several.told(&app, &mut since).await, [none(), vec!["session.started".to_owned()], none()], "used last");
    let [(in_acme, here), (in_beta, there)] = several.shown(&app).await;
    assert_eq!((in_acme, here), (Value::Null, 0), "she did not come here");
    assert_eq!(there, 2);
    let started = last(&app, several.beta.0).await;

    app.pass(Seconds::hours(1));
    let (one, two, three) = tokio::join!(ana.get("/systems"), ana.get("/systems"), ana.get("/systems"));
    [one, two, three].into_iter().for_each(|answer| drop(answer.ok(200)));
    ana.in_account("beta").get("/systems").await.ok(200);
    assert_eq!(several.told(&app, &mut since).await, [vec!["session.started".to_owned()], none(), none()], "once");
    let came = last(&app, several.acme.0).await;
    assert_eq!((&came.actor.id, &came.origin.ip), (&several.acme.1.id.to_string(), &started.origin.ip));
    assert_eq!((&came.targets[0].kind, &came.targets[0].after), (&started.targets[0].kind, &started.targets[0].after));
    assert_eq!(came.origin.session, started.origin.session, "no entry tells which of them came first");
    let shown = several.shown(&app).await;
    assert_eq!((&shown[1].0, shown[0].1, shown[1].1), (&in_beta, 1, 2));
    let path = format!("/users/{}/sessions", several.acme.1.id);
    let session = app.admin().get(&path).await.ok(200)["items"][0].clone();
    assert_eq!(session["created_at"], came.at.to_string(), "nor the session since when it is there: {session:#}");
    assert_eq!(session["created_at"], shown[0].0);
    let sign_ins = async |admin: &Client| {
        let days = admin.get("/statistics?days=1").await.ok(200)["days"].clone();
        days[0]["sign_ins"].as_object().unwrap().values().map(|times| times.as_i64().unwrap()).sum::<i64>()
    };
    // Each admin came once, and Ana.
    assert_eq!((sign_ins(app.admin()).await, sign_ins(&several.bea).await), (2, 3));

    app.pass(Seconds::hours(1));
    app.signed_in(ANA).await;
    assert_eq!(several.told(&app, &mut since).await[0], ["session.started"], "acme was used last");
    assert_eq!(several.shown(&app).await[1], shown[1], "beta sees nothing of it");
}

#[both_engines]
async fn an_id_of_a_session_does_not_tell_when_it_was_made(app: TestApp) {
    let mut ids = Vec::new();
    for _ in 0..12 {
        let browser = app.stranger();
        let body = json!({ "email": testing::ADMIN_EMAIL, "password": ADMIN_PASSWORD });
        ids.push(browser.post("/sign-in/password", body).await.ok(201)["id"].as_str().unwrap().to_owned());
        app.pass(Seconds::hours(1));
    }
    assert!(!ids.is_sorted(), "{ids:?}");
}

#[both_engines]
async fn who_can_come_in_no_more_is_told_nowhere(app: TestApp) {
    let several = Several::of(&app).await;
    let mut since = [0; 3];
    let ana = app.browser_of("beta", &several.beta.1).await;
    several.told(&app, &mut since).await;
    app.admin().post(&format!("/users/{}/disable", several.acme.1.id), json!({})).await.ok(200);
    ana.in_account("acme").get("/systems").await.refused(404, "not_found");
    ana.in_account("gamma").get("/systems").await.refused(404, "not_found");
    ana.delete("/me/sessions").await.ok(200);
    ana.in_account("beta").get("/systems").await.refused(401, "signed_out");
    let told = several.told(&app, &mut since).await;
    assert_eq!(told, [vec!["user.disabled".to_owned()], vec!["session.all_ended".to_owned()], none()]);
}

#[both_engines]
async fn a_new_password_is_told_in_every_account_of_the_person_and_of_each_ones_sessions_alone(app: TestApp) {
    let several = Several::of(&app).await;
    let other = app.browser_of("acme", &several.acme.1).await;
    other.in_account("beta").get("/systems").await.ok(200);
    app.browser_of("acme", &several.acme.1).await;
    let ana = app.browser_of("beta", &several.beta.1).await;
    let mut since = [0; 3];
    several.told(&app, &mut since).await;
    let all = ["acme", "beta"].map(|_| "password.changed".to_owned());

    let body = json!({ "current_password": ADMIN_PASSWORD, "new_password": NEW_PASSWORD });
    ana.with_header("idempotency-key", "one").post("/me/password", body).await.ok(204);
    assert_eq!(several.told(&app, &mut since).await, [vec![all[0].clone()], vec![all[1].clone()], none()]);
    for ((account, user), before) in [(&several.acme, 2), (&several.beta, 1)] {
        let entry = last(&app, *account).await;
        assert_eq!((&entry.actor.id, &entry.targets[0].id), (&user.id.to_string(), &user.id.to_string()));
        assert_eq!(entry.targets[0].before, json!({ "other_sessions": before }).to_string());
    }
    let (here, there) = (last(&app, several.acme.0).await, last(&app, several.beta.0).await);
    assert_eq!(
        [here.origin.session, there.origin.session],
        ["", ""],
        "or acme, which does not know it, could tell by that"
    );

    app.forgot(&app.stranger(), ANA).await;
    let asked = vec!["password.reset_requested".to_owned()];
    assert_eq!(several.told(&app, &mut since).await, [asked.clone(), asked, vec!["invitation.resent".to_owned()]]);
    let reset = app.outbox().await.into_iter().rev().find(|mail| mail.kind == "password_reset").unwrap();
    assert_eq!(reset.account_id, None, "it is no account's");
    let link = app.app.link_token(reset.link_id.unwrap());
    app.stranger()
        .post(&format!("/password-resets/{}", link.reveal()), json!({ "password": ADMIN_PASSWORD }))
        .await
        .ok(204);
    let reset = vec!["password.reset".to_owned()];
    assert_eq!(several.told(&app, &mut since).await, [reset.clone(), reset, none()]);
    for ((account, user), before) in [(&several.acme, 0), (&several.beta, 1)] {
        let entry = last(&app, *account).await;
        assert_eq!((&entry.actor.id, &entry.targets[0].id), (&user.id.to_string(), &user.id.to_string()));
        assert_eq!(entry.targets[0].before, json!({ "sessions": before }).to_string());
    }
}

#[both_engines]
async fn what_people_do_with_their_sessions_is_told_to_the_accounts_that_know_them(app: TestApp) {
    let several = Several::of(&app).await;
    let (acme, beta) = (app.browser_of("acme", &several.acme.1).await, app.browser_of("beta", &several.beta.1).await);
    let mut since = [0; 3];
    several.told(&app, &mut since).await;
    let one = |action: &str| vec![action.to_owned()];
    acme.patch("/me", json!({ "locale": "de" })).await.ok(200);
    assert_eq!(several.told(&app, &mut since).await, [one("identity.changed"), one("identity.changed"), none()]);
    for account in [several.acme.0, several.beta.0] {
        let entry = last(&app, account).await;
        assert_eq!(entry.targets[0].after, json!({ "locale": "de" }).to_string(), "what was changed, and no more");
        assert_eq!((entry.targets[0].before.as_str(), entry.origin.session.as_str()), ("", ""));
    }
    acme.post("/sign-out", json!({})).await.ok(204);
    assert_eq!(several.told(&app, &mut since).await, [one("session.ended"), none(), none()]);
    beta.delete("/me/sessions").await.ok(200);
    assert_eq!(several.told(&app, &mut since).await, [none(), one("session.all_ended"), none()]);
    let entry = last(&app, several.beta.0).await;
    assert_eq!(entry.targets[0].before, json!({ "sessions": 1 }).to_string());
}

#[both_engines]
async fn a_failed_sign_in_is_told_in_every_account_of_the_person_and_costs_whoever_tries_the_same(app: TestApp) {
    let several = Several::of(&app).await;
    let mut since = [0; 3];
    several.told(&app, &mut since).await;
    for number in 0..4 {
        let account = app.new_account(&format!("more{number}")).await;
        app.add_person(account, NewPerson::new("many@people.example", "builder")).await;
    }
    let mut costs = Vec::new();
    for email in
        ["nobody@people.example", ANA, "many@people.example", "nobody@people.example", ANA, "many@people.example"]
    {
        let before = app.app.db.statements();
        let body = json!({ "email": email, "password": "wrong-password!" });
        app.stranger().post("/sign-in/password", body).await.refused(401, "invalid_credentials");
        costs.push(app.app.db.statements() - before);
    }
    // A source that tries an address for the first time has two statements more.
    assert!([&costs[..3], &costs[3..]].iter().all(|round| round.iter().all(|cost| *cost == round[0])), "{costs:?}");
    app.pass(Seconds::minutes(2));
    housekeeping::report_failed_sign_ins(&app.app).await.unwrap();
    let failed = vec!["sign_in.failed".to_owned()];
    assert_eq!(several.told(&app, &mut since).await, [failed.clone(), failed, none()]);
    let (here, there) = (last(&app, several.acme.0).await, last(&app, several.beta.0).await);
    assert_eq!((here.targets[0].after.clone(), here.actor.clone()), (there.targets[0].after.clone(), there.actor));
    assert_eq!((&here.targets[0].id, here.origin), (&several.acme.1.id.to_string(), Origin::default()));
}

#[both_engines]
async fn an_admin_ends_a_session_in_their_account_alone_and_the_person_everywhere(app: TestApp) {
    let several = Several::of(&app).await;
    let ana = app.browser_of("acme", &several.acme.1).await;
    let there = ana.in_account("beta");
    there.get("/systems").await.ok(200);
    let path = format!("/users/{}/sessions", several.acme.1.id);
    let session = app.admin().get(&path).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    app.admin().delete(&format!("{path}/{session}?dry_run=true")).await.ok(204);
    ana.get("/systems").await.ok(200);
    app.admin().delete(&format!("{path}/{session}")).await.ok(204);
    app.admin().delete(&format!("{path}/{session}")).await.refused(404, "not_found");
    ana.get("/systems").await.refused(401, "signed_out_by_admin");
    assert_eq!(last(&app, several.acme.0).await.action, "session.ended");
    assert_eq!(several.shown(&app).await.map(|(_, sessions)| sessions), [0, 1]);

    there.get("/systems").await.ok(200);
    let accounts = ana.get("/me/accounts").await.ok(200);
    let need: Vec<_> =
        accounts["items"].as_array().unwrap().iter().map(|one| (&one["slug"], &one["needs_sign_in"])).collect();
    assert_eq!(need, [(&json!("acme"), &json!(true)), (&json!("beta"), &json!(false))]);
    app.app.principals().forget_everything();
    ana.get("/systems").await.refused(401, "signed_out_by_admin");
    app.browser_of("acme", &several.acme.1).await.get("/systems").await.ok(200);
    there.post("/sign-out", json!({})).await.ok(204);
    ana.in_account("beta").get("/systems").await.refused(401, "signed_out");
}

#[both_engines]
async fn an_invitation_of_an_account_changes_nothing_of_what_a_password_needs(app: TestApp) {
    let beta = app.new_account("beta").await;
    let ana = app.add_person(beta, NewPerson::new(ANA, "builder")).await;
    let browser = app.browser_of("beta", &ana).await;
    let rules = async || {
        app.forgot(&app.stranger(), ANA).await;
        let reset = app.outbox().await.into_iter().rev().find(|mail| mail.kind == "password_reset").unwrap();
        let link = app.app.link_token(reset.link_id.unwrap());
        let page = app.stranger().get(&format!("/password-resets/{}", link.reveal())).await.ok(200);
        (browser.get("/me/password").await.ok(200), page["password_rules"].clone())
    };
    let before = rules().await;
    let strict = json!({ "settings": { "passwords": { "min_length": 40, "min_special": 8 } } });
    app.admin().patch("/accounts/acme", strict).await.ok(200);
    app.invite(ANA, "builder").await;
    let invitation = app.latest_link(ANA).await;
    assert_eq!(rules().await, before);
    let body = json!({ "current_password": ADMIN_PASSWORD, "new_password": NEW_PASSWORD });
    browser.post("/me/password", body).await.ok(204);

    // Whoever joins an account sets the next password by its rule, too: it opens all of them.
    app.stranger().post(&format!("/activations/{invitation}"), json!({})).await.ok(200);
    assert_eq!(browser.get("/me/password").await.ok(200)["min_length"], 40);
    let body = json!({ "current_password": NEW_PASSWORD, "new_password": "another-horse-battery" });
    browser.post("/me/password", body).await.refused(422, "password_rejected");
}
