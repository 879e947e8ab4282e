//! API keys as proof; making them by hand comes with a later issue.

use domain::activity::actions::Action;
use domain::core::timestamp::Seconds;
use serde_json::json;
use service::core::caller::Caller;
use service::core::change::Touches;
use service::core::entry::Entry;
use store::users::Users;
use store::{InAccount, Tenant};
use testing::{Client, NewPerson, TestApp, both_engines};

#[both_engines]
async fn a_program_acts_as_the_owner_of_its_key(app: TestApp) {
    let acme = app.acme().await;
    let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin")).await;
    let (key, _) = app.key_of(&owner).await;
    let program = Client::with_key(app.base(), "acme", &key);

    program.get("/roles").await.ok(200);
    program.post("/systems", json!({ "name": "By a program", "platform": "web" })).await.ok(201);
    program.get("/me").await.refused(401, "sign_in_required");
    let question = json!({ "account": "acme", "user": "ada@acme.example", "permission": "security" });
    assert_eq!(program.post("/check", question).await.ok(200)["allowed"], true);

    let weak = app.add_person(acme, NewPerson::new("weak@acme.example", "translator")).await;
    let (key, _) = app.key_of(&weak).await;
    Client::with_key(app.base(), "acme", &key).get("/roles").await.refused(403, "permission_missing");
}

#[both_engines]
async fn r2_a_key_may_what_both_it_and_its_owner_may_and_an_unreadable_one_may_nothing(app: TestApp) {
    let acme = app.acme().await;
    let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin").with_all_systems()).await;
    let weak = app.add_person(acme, NewPerson::new("weak@acme.example", "translator")).await;
    let everything = r#"{"manage_users": "edit", "systems": "edit", "activity_log": "view"}"#;
    let cases = [
        (&owner, r#"{"manage_users": "view"}"#, true),
        (&owner, everything, true),
        (&weak, everything, false),
        (&owner, "{}", false),
        (&owner, "", false),
        (&owner, "all", false),
        (&owner, r#"{"manage_users": "everything"}"#, false),
        (&owner, r#"["manage_users"]"#, false),
    ];
    for (user, levels, sees) in cases {
        let (key, _) = app.key_with(user, levels).await;
        let program = Client::with_key(app.base(), "acme", &key);
        let saw = program.get("/users").await;
        assert_eq!(saw.status.as_u16(), if sees { 200 } else { 403 }, "{levels}: {}", saw.text());
        // Nobody gives what they do not hold, by a key either.
        let wish = json!({ "emails": format!("{}@new.example", testing::fresh("p")), "role_id": "admin" });
        assert!(!program.post("/users?dry_run=true", wish).await.status.is_success(), "{levels}");
    }
}

#[both_engines]
async fn t2_a_key_opens_no_account_but_its_own(app: TestApp) {
    let globex = app.new_account("globex").await;
    let foreign = app.add_person(globex, NewPerson::new("bot@globex.example", "admin")).await;
    let (key, _) = app.key_of(&foreign).await;
    Client::with_key(app.base(), "globex", &key).get("/roles").await.ok(200);
    let program = Client::with_key(app.base(), "acme", &key);

    program.get("/roles").await.refused(404, "not_found");
    program.get("/accounts/acme").await.refused(404, "not_found");
    let question = json!({ "account": "acme", "user": "ada@acme.example", "permission": "security" });
    program.post("/check", question).await.refused(404, "not_found");
}

#[both_engines]
async fn x4_a_key_that_is_not_whole_is_no_key(app: TestApp) {
    let owner = app.add_person(app.acme().await, NewPerson::new("bot@acme.example", "admin")).await;
    let (key, _) = app.key_of(&owner).await;
    for wrong in [&key[..key.len() - 1], &format!("{key}A"), &key.to_uppercase(), "pck_", "nonsense"] {
        let program = Client::with_key(app.base(), "acme", wrong);
        program.get("/roles").await.refused(401, "sign_in_required");
    }
}

#[both_engines]
async fn i2_a_key_with_an_end_works_until_that_instant(app: TestApp) {
    let acme = app.acme().await;
    let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin")).await;
    let (key, id) = app.key_of(&owner).await;
    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE api_keys SET expires_at = $3 WHERE account_id = $1 AND id = $2";
    let end = app.app.clock.now().plus(Seconds::hours(1));
    tx.sql(text).bind(&acme).bind(&id).bind(&end).run().await.unwrap();
    tx.commit().await.unwrap();
    let program = Client::with_key(app.base(), "acme", &key);
    program.get("/roles").await.ok(200);
    app.pass(Seconds::hours(1));
    program.get("/roles").await.refused(401, "api_key_invalid");
}

#[both_engines]
async fn x1_a_key_dies_with_the_access_of_its_owner(app: TestApp) {
    let acme = app.acme().await;
    let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin")).await;
    let (key, _) = app.key_of(&owner).await;
    let program = Client::with_key(app.base(), "acme", &key);
    program.get("/roles").await.ok(200);

    let caller = Caller::operator(acme);
    let mut change = app.app.change_in(&caller, acme).await.unwrap();
    change.revoke(std::slice::from_ref(&owner), domain::sign_in::session::EndedBy::Admin).await.unwrap();
    change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::Account).await.unwrap();

    program.get("/roles").await.refused(401, "api_key_invalid");
}

#[both_engines]
async fn x1_a_key_that_was_ended_is_dead_whatever_else_holds(app: TestApp) {
    let acme = app.acme().await;
    let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin")).await;
    app.pass(Seconds::hours(1));
    let ((dead, id), (alive, _)) = (app.key_of(&owner).await, app.key_of(&owner).await);
    let program = |key: &str| Client::with_key(app.base(), "acme", key);
    let (dead, alive) = (program(&dead), program(&alive));
    dead.get("/roles").await.ok(200);

    let caller = Caller::operator(acme);
    let mut change = app.app.change_in(&caller, acme).await.unwrap();
    let now = change.now();
    let text = "UPDATE api_keys SET ended_at = $3 WHERE account_id = $1 AND id = $2";
    change.tx().sql(text).bind(&acme).bind(&id).bind(&now).run().await.unwrap();
    change.touch_identity(owner.identity_id);
    change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::People).await.unwrap();

    dead.get("/roles").await.refused(401, "api_key_invalid");
    app.app.principals().forget_everything();
    dead.get("/roles").await.refused(401, "api_key_invalid");
    // Neither the owner's access nor the instant from which it holds had to do with it.
    alive.get("/roles").await.ok(200);
    let mut tx = app.app.db.read().await.unwrap();
    let known = Users::of(&mut InAccount { tx: &mut tx, account: acme }).find(owner.id).await.unwrap().unwrap();
    assert_eq!((known.credentials_valid_from, known.version), (owner.credentials_valid_from, owner.version));
    assert!(known.credentials_valid_from < now);
}

#[both_engines]
async fn x1_a_key_made_before_the_access_began_anew_is_dead_though_nobody_ended_it(app: TestApp) {
    let acme = app.acme().await;
    let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin")).await;
    let (key, _) = app.key_of(&owner).await;
    app.pass(Seconds::hours(1));
    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE users SET credentials_valid_from = $3 WHERE account_id = $1 AND id = $2";
    tx.sql(text).bind(&acme).bind(&owner.id).bind(&app.app.clock.now()).run().await.unwrap();
    tx.commit().await.unwrap();
    Client::with_key(app.base(), "acme", &key).get("/roles").await.refused(401, "api_key_invalid");
}
