//! The logo of an account: taken by its content, shown to its people, kept out of the activity log.

use reqwest::Method;
use serde_json::{Value, json};
use testing::{Client, Ground, LOGO, TestApp, both_engines};

async fn put(client: &Client, content_type: &str, bytes: impl Into<Vec<u8>>) -> testing::Answer {
    client.send_raw(Method::PUT, "/logo", content_type, bytes).await
}

async fn tag(client: &Client) -> Value {
    client.get("/me/accounts").await.ok(200)["items"][0]["logo"].clone()
}

/// What the latest entry says of the logo, before and after.
async fn latest_change(app: &TestApp) -> (Value, Value) {
    let newest = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let target = app.admin().get(&format!("/events/{newest}")).await.ok(200)["targets"][0].clone();
    (target["before"].clone(), target["after"].clone())
}

#[both_engines]
async fn an_account_carries_its_own_logo_until_it_is_removed(app: TestApp) {
    let (admin, before) = (app.admin(), app.events().await.len());
    assert_eq!(tag(admin).await, Value::Null);
    admin.get("/logo").await.refused(404, "not_found");

    // Whatever the header says, the bytes decide.
    let set = put(admin, "text/html", LOGO).await.ok(200);
    assert_eq!((&set["kind"], &set["bytes"], &set["tag"]), (&json!("png"), &json!(LOGO.len()), &tag(admin).await));
    assert_eq!(latest_change(&app).await, (json!({ "logo": null }), json!({ "logo": set })));
    put(admin, "image/png", LOGO).await.ok(200);

    let image = admin.get("/logo").await;
    assert_eq!((image.status.as_u16(), image.body.as_slice()), (200, LOGO));
    assert_eq!((image.header("content-type"), image.header("x-content-type-options")), ("image/png", "nosniff"));
    assert_eq!(image.header("cache-control"), "private, no-cache");
    let named = admin.get(&format!("/logo?tag={}", set["tag"].as_str().unwrap())).await;
    assert_eq!(named.header("cache-control"), "private, max-age=31536000, immutable");
    let known = admin.with_header("if-none-match", image.header("etag")).get("/logo").await;
    assert_eq!((known.status.as_u16(), known.body.len(), known.header("etag")), (304, 0, image.header("etag")));

    admin.delete("/logo?dry_run=true").await.ok(204);
    admin.delete("/logo").await.ok(204);
    assert_eq!(latest_change(&app).await, (json!({ "logo": set }), json!({ "logo": null })));
    admin.delete("/logo").await.refused(404, "not_found");
    assert_eq!((tag(admin).await, admin.get("/logo").await.status.as_u16()), (Value::Null, 404));
    assert_eq!(app.events().await[before..], ["account.logo_changed", "account.logo_removed"]);
}

#[both_engines]
async fn who_saw_another_logo_changes_nothing(app: TestApp) {
    let other = [LOGO, &[0]].concat();
    app.admin()
        .with_header("if-match", "\"1\"")
        .send_raw(Method::PUT, "/logo", "image/png", LOGO)
        .await
        .refused(412, "stale");
    put(app.admin(), "image/png", LOGO).await.ok(200);
    let seen = app.admin().with_header("if-match", app.admin().get("/logo").await.header("etag"));
    put(&seen, "image/png", other.clone()).await.ok(200);
    put(&seen, "image/png", LOGO).await.refused(412, "stale");
    seen.delete("/logo").await.refused(412, "stale");
    assert_eq!(app.admin().get("/logo").await.body, other);
}

#[both_engines]
async fn d3_what_is_no_image_is_refused_with_the_reason_and_changes_nothing(app: TestApp) {
    let (admin, before) = (app.admin(), app.events().await.len());
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for bytes in [b"".as_slice(), svg.as_bytes(), b"GIF89a\x01\0\x01\0", &LOGO[..12]] {
        let problem = put(admin, "image/png", bytes).await.refused(422, "invalid_image");
        assert!(problem["detail"].as_str().unwrap().contains("PNG, WebP or JPEG"), "{problem:#}");
    }
    let wide = [&LOGO[..16], &9_999_u32.to_be_bytes(), &LOGO[20..]].concat();
    put(admin, "image/png", wide).await.refused(422, "logo_dimensions_too_large");
    let large = [LOGO, &[0; 64 * 1024]].concat();
    put(admin, "image/png", large).await.refused(413, "logo_too_large");
    put(admin, "image/png", vec![0; web::MAX_BODY_BYTES + 1]).await.refused(413, "body_too_large");
    admin.get("/logo").await.refused(404, "not_found");
    assert_eq!(app.events().await.len(), before);
}

#[both_engines]
async fn the_logo_is_seen_by_everybody_in_the_account_and_set_by_whoever_changes_its_settings(app: TestApp) {
    let (ours, theirs) = (Ground::new(&app, "alpha").await, Ground::new(&app, "beta").await);
    let member = ours.actor(&app, &"translator".parse().unwrap()).await.client;
    assert_eq!(member.get("/logo").await.body, LOGO);
    put(&member, "image/png", LOGO).await.refused(403, "permission_missing");
    member.delete("/logo").await.refused(403, "permission_missing");
    theirs.admin.client.in_account("alpha").get("/logo").await.refused(404, "not_found");
    app.stranger().in_account("alpha").get("/logo").await.refused(401, "sign_in_required");
}
