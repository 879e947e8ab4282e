//! API keys as proof; making them by hand comes with a later issue.

use domain::timestamp::Seconds;
use serde_json::json;
use service::caller::Caller;
use service::entry::Entry;
use testing::{Client, NewPerson, on_both_engines};

on_both_engines! {
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

    async fn x4_a_key_that_is_not_whole_is_no_key(app: TestApp) {
        let owner = app.add_person(app.acme().await, NewPerson::new("bot@acme.example", "admin")).await;
        let (key, _) = app.key_of(&owner).await;
        for wrong in [&key[..key.len() - 1], &format!("{key}A"), &key.to_uppercase(), "pck_", "nonsense"] {
            let program = Client::with_key(app.base(), "acme", wrong);
            program.get("/roles").await.refused(401, "sign_in_required");
        }
    }

    async fn i2_a_key_with_an_end_works_until_that_instant(app: TestApp) {
        let acme = app.acme().await;
        let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin")).await;
        let (key, id) = app.key_of(&owner).await;
        let mut tx = app.app.db.write().await.unwrap();
        let text = "UPDATE api_keys SET expires_at = $3 WHERE account_id = $1 AND id = $2";
        let end = app.app.world.now().plus(Seconds::hours(1));
        tx.sql(text).bind(&acme).bind(&id).bind(&end).run().await.unwrap();
        tx.commit().await.unwrap();
        let program = Client::with_key(app.base(), "acme", &key);
        program.get("/roles").await.ok(200);
        app.pass(Seconds::hours(1));
        program.get("/roles").await.refused(401, "api_key_invalid");
    }

    async fn x1_a_key_dies_with_the_access_of_its_owner(app: TestApp) {
        let acme = app.acme().await;
        let owner = app.add_person(acme, NewPerson::new("bot@acme.example", "admin")).await;
        let (key, _) = app.key_of(&owner).await;
        let program = Client::with_key(app.base(), "acme", &key);
        program.get("/roles").await.ok(200);

        let caller = Caller::operator(acme);
        let mut change = app.app.change_in(&caller, acme).await.unwrap();
        change.revoke(std::slice::from_ref(&owner)).await.unwrap();
        change.commit(Entry::new("test.revoked", Vec::new())).await.unwrap();

        program.get("/roles").await.refused(401, "api_key_invalid");
    }
}
