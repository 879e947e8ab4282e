//! Accepting an invitation.

use domain::timestamp::Seconds;
use serde_json::json;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, on_both_engines};

on_both_engines! {
    async fn u17_u18_a_new_person_sets_name_and_password_and_is_signed_in(app: TestApp) {
        app.invite("ana@example.com", "builder").await;
        let (ana, token) = (app.stranger(), app.latest_link("ana@example.com").await);
        let path = format!("/activations/{token}");

        let page = ana.get(&path).await.ok(200);
        assert_eq!((&page["account_name"], &page["email"], &page["password_needed"]), (&json!("Acme"), &json!("ana@example.com"), &json!(true)));
        assert_eq!(page["inviter_email"], ADMIN_EMAIL);
        ana.post(&path, json!({ "password": ADMIN_PASSWORD })).await.refused(422, "required");
        ana.post(&path, json!({ "name": "Ana", "password": "short" })).await.refused(422, "password_refused");
        ana.post(&path, json!({ "name": "Ana", "password": ADMIN_PASSWORD })).await.ok(200);

        assert_eq!(ana.get("/me").await.ok(200)["name"], "Ana");
        assert_eq!(ana.get("/me/accounts").await.ok(200)["items"][0]["role_id"], "builder");
        assert_eq!(app.events().await, ["user.invited", "user.activated"]);
        app.stranger().get(&path).await.refused(404, "dead_link");
        app.stranger().post(&path, json!({ "name": "Eve", "password": ADMIN_PASSWORD })).await.refused(404, "dead_link");
        app.signed_in("ana@example.com").await;
    }

    async fn i1_i2_an_expired_unknown_or_foreign_link_is_dead_to_the_instant(app: TestApp) {
        app.invite("ana@example.com", "builder").await;
        let token = app.latest_link("ana@example.com").await;
        app.pass(Seconds(7 * 86_400 - 1));
        app.stranger().get(&format!("/activations/{token}")).await.ok(200);
        app.pass(Seconds(1));
        let said = json!({ "name": "Ana", "password": ADMIN_PASSWORD });
        app.stranger().post(&format!("/activations/{token}"), said.clone()).await.refused(404, "dead_link");
        for wrong in ["x", "pcl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            app.stranger().post(&format!("/activations/{wrong}"), said.clone()).await.refused(404, "dead_link");
        }
    }
}
