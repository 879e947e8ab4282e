//! Two accounts that act on one person: what each of them ends, and what ends only where both do (X1, D2).

use domain::core::ids::AccountId;
use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use domain::users::{User, UserStatus};
use serde_json::json;
use service::core::caller::Caller;
use service::users;
use service::users::status::Move;
use testing::{ADMIN_PASSWORD, Client, Engine, NewPerson, TestApp, both_engines};

use crate::races::{both, code};

const ANA: &str = "ana@people.example";

/// Ana is active in `acme` and `beta`, each with an admin of its own.
struct Two {
    ana: [User; 2],
    admins: [Client; 2],
}

impl Two {
    async fn of(app: &TestApp) -> Self {
        let (acme, beta) = (app.acme().await, app.new_account("beta").await);
        let bea = app.add_person(beta, NewPerson::new("bea@beta.example", "admin")).await;
        let bea = app.browser_of("beta", &bea).await;
        let ana = [
            app.add_person(acme, NewPerson::new(ANA, "builder")).await,
            app.add_person(beta, NewPerson::new(ANA, "builder")).await,
        ];
        Self { ana, admins: [app.admin().in_account("acme"), bea] }
    }

    /// Where Ana was last.
    async fn was_last_in(&self, app: &TestApp, place: usize) {
        app.browser_of(["acme", "beta"][place], &self.ana[place]).await;
    }

    async fn act(&self, place: usize, act: &str) -> serde_json::Value {
        let path = format!("/users/{}/{act}", self.ana[place].id);
        self.admins[place].post(&path, json!({})).await.ok(200)
    }

    async fn sign_out(&self, place: usize, preview: &str) -> serde_json::Value {
        self.admins[place].delete(&format!("/users/{}/sessions{preview}", self.ana[place].id)).await.ok(200)
    }
}

/// The link to a new password that Ana asks for.
async fn asked(app: &TestApp) -> String {
    app.forgot(&app.stranger(), ANA).await;
    format!("/password-resets/{}", app.latest_link(ANA).await)
}

async fn disable(
    app: service::core::app::App,
    account: AccountId,
    user: User,
) -> Result<(), domain::core::failure::Failure> {
    let operator = Caller::operator(account);
    users::status::move_one(&app, &operator, user.id, Move::Disable).await.map(drop)
}

#[both_engines]
async fn p3_an_account_ends_its_own_links_and_not_those_that_people_asked_for(app: TestApp) {
    let two = Two::of(&app).await;
    for place in [0, 1] {
        two.was_last_in(&app, place).await;
        let own = asked(&app).await;
        two.admins[place].post(&format!("/users/{}/reset-password", two.ana[place].id), json!({})).await.ok(202);
        let theirs = format!("/password-resets/{}", app.latest_link(ANA).await);
        assert_eq!(two.sign_out(place, "?dry_run=true").await["links"], 1);
        assert_eq!(two.sign_out(place, "").await["links"], 1);
        app.stranger().get(&theirs).await.refused(404, "link_revoked");
        app.stranger().get(&own).await.ok(200);
        let impact = two.act(place, "disable").await["impact"].clone();
        assert_eq!(impact["links_ended"], 0, "{impact:#}");
        app.stranger().get(&own).await.ok(200);
        two.act(place, "enable").await;
        app.stranger().post(&own, json!({ "password": ADMIN_PASSWORD })).await.ok(204);
    }
}

#[both_engines]
async fn x1_p9_a_link_that_somebody_asked_for_ends_for_good_where_they_are_active_nowhere(app: TestApp) {
    let two = Two::of(&app).await;
    let own = asked(&app).await;
    two.act(0, "disable").await;
    app.stranger().get(&own).await.ok(200);
    two.act(1, "disable").await;
    app.stranger().get(&own).await.refused(404, "link_revoked");
    two.act(1, "enable").await;
    app.stranger().get(&own).await.refused(404, "link_revoked");
    app.stranger().post(&own, json!({ "password": ADMIN_PASSWORD })).await.refused(404, "link_revoked");
    // A mail with such a link that did not leave yet does not leave any more.
    app.stranger().post("/password-resets", json!({ "email": ANA })).await.ok(202);
    app.answer_link_requests().await;
    two.act(1, "disable").await;
    let mut tx = app.app.db.read().await.unwrap();
    let waiting = "SELECT COUNT(*) FROM outbox WHERE kind = 'password_reset' AND state = 'pending'";
    assert_eq!(tx.sql(waiting).value::<i64>().await.unwrap(), 0);
}

#[both_engines]
async fn x1_whoever_two_accounts_disable_at_once_is_signed_in_nowhere(app: TestApp) {
    let rounds = if app.database().engine() == Engine::Postgres { 60 } else { 5 };
    let (one, two) = (app.new_account("race-one").await, app.new_account("race-two").await);
    let node =
        if app.database().engine() == Engine::Postgres { app.remote_node().await } else { app.another_node().await };
    for round in 0..rounds {
        let email = format!("ana{round}@race.example");
        let here = app.add_person(one, NewPerson::new(&email, "builder")).await;
        let there = app.add_person(two, NewPerson::new(&email, "builder")).await;
        app.browser_of("race-one", &here).await;
        // One source may ask only so often within the hour.
        app.pass(Seconds::hours(1));
        app.forgot(&app.stranger(), &email).await;
        let link = app.latest_link(&email).await;
        let (first, second) =
            both(disable(app.app.clone(), one, here.clone()), disable(node.app.clone(), two, there)).await;
        assert_eq!([code(&first), code(&second)], ["ok", "ok"], "round {round}");
        let mut tx = app.app.db.read().await.unwrap();
        let open = "SELECT COUNT(*) FROM sessions WHERE identity_id = $1 AND ended_by IS NULL";
        assert_eq!(tx.sql(open).bind(&here.identity_id).value::<i64>().await.unwrap(), 0, "round {round}");
        drop(tx);
        app.stranger().get(&format!("/password-resets/{link}")).await.refused(404, "link_revoked");
    }
}

#[both_engines]
async fn x1_a_session_of_somebody_who_is_active_nowhere_opens_nothing_now_and_nothing_that_they_join(app: TestApp) {
    let beta = app.new_account("beta").await;
    let ana = app.add_person(app.acme().await, NewPerson::new(ANA, "admin").who_is(UserStatus::Inactive)).await;
    // As if it had survived.
    let browser = app.browser_of("acme", &ana).await;
    for path in ["/me", "/me/accounts", "/me/sessions"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status.as_u16(), 401, "{path}: {}", answer.text());
    }
    let again = app.browser_of("acme", &ana).await;
    let invited = app.add_person(beta, NewPerson::new(ANA, "builder").who_is(UserStatus::Provisioned)).await;
    let token = app.link_of(&invited, LinkPurpose::Activation).await;
    app.stranger().post(&format!("/activations/{token}"), json!({})).await.ok(200);
    for browser in [&browser, &again] {
        let answer = browser.in_account("beta").get("/systems").await;
        assert_eq!(answer.status.as_u16(), 401, "{}", answer.text());
    }
    app.signed_in(ANA).await.in_account("beta").get("/systems").await.ok(200);
}

#[both_engines]
async fn x1_whoever_is_active_elsewhere_joins_with_the_session_they_have(app: TestApp) {
    let two = Two::of(&app).await;
    let browser = app.browser_of("acme", &two.ana[0]).await;
    let gamma = app.new_account("gamma").await;
    let invited = app.add_person(gamma, NewPerson::new(ANA, "builder").who_is(UserStatus::Provisioned)).await;
    let token = app.link_of(&invited, LinkPurpose::Activation).await;
    app.stranger().post(&format!("/activations/{token}"), json!({})).await.ok(200);
    browser.in_account("gamma").get("/systems").await.ok(200);
}
