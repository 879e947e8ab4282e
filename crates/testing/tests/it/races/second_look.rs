//! Under the account's lock everything that lets a caller act is looked at once more: another node may have changed it since (X1).

use domain::access::Need;
use domain::activity::Origin;
use domain::core::failure::Failure;
use domain::core::ids::{AccountId, SessionId, UserId};
use domain::core::timestamp::Seconds;
use domain::sign_in::session::EndedBy;
use serde_json::json;
use service::bulk::action::{BulkAction, NEED};
use service::bulk::judged::Judged;
use service::bulk::plan::{Planned, plan};
use service::core::caller::Caller;
use service::core::secrets::{API_KEY_PREFIX, SESSION_PREFIX, Token};
use service::me::{self, ProfileChange};
use service::sign_in::authentication;
use service::sign_in::presence::Presence;
use store::Tx;
use store::accounts::Accounts;
use store::sign_in::sessions::Sessions;
use testing::{Client, NewPerson, TestApp, both_engines};

/// A caller as a request found them, from memory.
async fn found(app: &TestApp, browser: &Client) -> Caller {
    let token = Token::read(SESSION_PREFIX, &browser.cookie("__Host-portcullis").unwrap()).unwrap();
    authentication::member(&app.app, &token, "acme", Origin::default(), Presence::Input).await.unwrap()
}

/// What another node does in the account, of which this one has not heard.
async fn elsewhere(app: &TestApp, account: AccountId, act: impl AsyncFnOnce(&mut Tx)) {
    let mut tx = app.app.db.write().await.unwrap();
    Accounts(&mut tx).lock(account).await.unwrap().unwrap();
    act(&mut tx).await;
    tx.commit().await.unwrap();
}

async fn code(app: &TestApp, caller: &Caller) -> &'static str {
    match app.app.change(caller, Need::Member).await {
        Ok(_) => "ok",
        Err(Failure::Refused(refusal)) => refusal.code,
        Err(other) => panic!("{other:?}"),
    }
}

/// Rows that were judged part by part before the account was held.
async fn judged(app: &TestApp, caller: &Caller, action: &BulkAction, parts: &[&[UserId]]) -> Judged {
    let mut view = app.app.view(caller, NEED).await.unwrap();
    let mut judged = Judged::none(&mut view).await.unwrap();
    for ids in parts {
        let rows = judged.next(&app.app, &mut view, caller, action, ids).await.unwrap();
        judged.add(rows);
    }
    judged
}

/// Why a bulk action is refused under the lock, and how many statements it took to find out. It is not written.
async fn planned(
    app: &TestApp,
    caller: &Caller,
    action: &BulkAction,
    ids: &[UserId],
    judged: Option<Judged>,
) -> (Option<&'static str>, u64) {
    let before = app.app.db.statements();
    let mut draft = app.app.draft(caller, NEED).await.unwrap();
    let refused = match plan(&mut draft, action, ids, "/ids", judged).await.unwrap() {
        Planned::Refused(_, refusal) => Some(refusal.code),
        Planned::Applies(_) => None,
    };
    (refused, app.app.db.statements() - before)
}

#[both_engines]
async fn x1_a_changed_group_role_or_setting_is_seen_although_the_user_was_not_touched(app: TestApp) {
    let acme = app.acme().await;
    let shop = app.add_system(acme, "Shop").await;
    let role = app.add_role(acme, "Half", json!({ "manage_users": "view" })).await;
    let sam =
        app.add_person(acme, NewPerson { role: role.clone(), ..NewPerson::new("sam@acme.example", "admin") }).await;
    app.add_group(acme, "North", std::slice::from_ref(&sam), &[shop]).await;
    let browser = app.browser_of("acme", &sam).await;
    assert_eq!(code(&app, &found(&app, &browser).await).await, "ok");

    let caller = found(&app, &browser).await;
    assert_eq!(code(&app, &caller).await, "ok", "changes of others that take nothing away matter not");
    elsewhere(&app, acme, async |tx| {
        tx.sql("DELETE FROM group_members WHERE account_id = $1").bind(&acme).run().await.unwrap();
    })
    .await;
    assert_eq!(code(&app, &caller).await, "access_changed", "the group");

    app.app.principals().forget_everything();
    let caller = found(&app, &browser).await;
    elsewhere(&app, acme, async |tx| {
        tx.sql("UPDATE roles SET levels = '{}' WHERE account_id = $1").bind(&acme).run().await.unwrap();
    })
    .await;
    assert_eq!(code(&app, &caller).await, "access_changed", "the role");

    app.app.principals().forget_everything();
    app.pass(Seconds::hours(2));
    let caller = found(&app, &browser).await;
    elsewhere(&app, acme, async |tx| {
        let mut known = Accounts(tx).find(acme).await.unwrap().unwrap();
        known.settings.sessions.max_length_seconds = Seconds::hours(1);
        Accounts(tx).update(acme, &known.name, &known.slug, &known.settings).await.unwrap();
    })
    .await;
    assert_eq!(code(&app, &caller).await, "session_expired", "the setting");
}

#[both_engines]
async fn x1_a_session_or_key_that_ends_at_this_moment_finishes_nothing(app: TestApp) {
    let acme = app.acme().await;
    let sam = app.add_person(acme, NewPerson::new("sam@acme.example", "admin")).await;
    let caller = found(&app, &app.browser_of("acme", &sam).await).await;
    let session: SessionId = caller.origin.session.parse().unwrap();
    let mut tx = app.app.db.write().await.unwrap();
    assert!(Sessions(&mut tx).end(sam.identity_id, session, EndedBy::Oneself).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(code(&app, &caller).await, "session_expired");
    let wish = ProfileChange { name: Some("Somebody Else".parse().unwrap()), locale: None };
    match me::change(&app.app, &caller, wish).await {
        Err(Failure::Refused(refusal)) => assert_eq!(refusal.code, "signed_out"),
        other => panic!("{other:?}"),
    }

    let (secret, _) = app.key_of(&sam).await;
    let token = Token::read(API_KEY_PREFIX, &secret).unwrap();
    let caller = authentication::program(&app.app, &token, None, Origin::default()).await.unwrap();
    assert_eq!(code(&app, &caller).await, "ok");
    for (text, expected) in [
        (r#"UPDATE api_keys SET levels = '{"manage_users": "view"}' WHERE account_id = $1"#, "access_changed"),
        ("UPDATE api_keys SET ended_at = 1 WHERE account_id = $1", "credential_revoked"),
    ] {
        elsewhere(&app, acme, async |tx| assert!(tx.sql(text).bind(&acme).run().await.unwrap() > 0)).await;
        assert_eq!(code(&app, &caller).await, expected);
    }
}

#[both_engines]
async fn p7_what_was_judged_before_the_lock_holds_where_nobody_changed_the_account_since(app: TestApp) {
    let acme = app.acme().await;
    let people: Vec<NewPerson> =
        (0..10).map(|number| NewPerson::new(&format!("p{number}@acme.example"), "builder")).collect();
    let ids: Vec<UserId> = app.add_people(acme, &people).await.iter().map(|user| user.id).collect();
    let (caller, action) = (Caller::operator(acme), BulkAction::Disable);
    let before = judged(&app, &caller, &action, &[&ids[..5], &ids[5..]]).await;
    let (refused, few) = planned(&app, &caller, &action, &ids, Some(before.clone())).await;
    let (_, many) = planned(&app, &caller, &action, &ids, None).await;
    assert!(refused.is_none() && few < many, "{refused:?}: {few} of {many} statements");

    elsewhere(&app, acme, async |tx| {
        let sql = "UPDATE users SET status = 'inactive' WHERE account_id = $1 AND id = $2";
        assert_eq!(tx.sql(sql).bind(&acme).bind(&ids[7]).run().await.unwrap(), 1);
    })
    .await;
    let (refused, _) = planned(&app, &caller, &action, &ids, Some(before)).await;
    assert_eq!(refused, Some("mixed_statuses"));
}

#[both_engines]
async fn l1_admins_who_were_judged_apart_before_the_lock_are_the_last_ones_together(app: TestApp) {
    let acme = app.acme().await;
    let boss = app.add_person(acme, NewPerson::new("boss@acme.example", "admin")).await.id;
    let first: UserId = crate::people::admin(&app).await.id;
    let (caller, action) = (Caller::operator(acme), BulkAction::Disable);
    let apart = judged(&app, &caller, &action, &[&[first], &[boss]]).await;
    let (refused, _) = planned(&app, &caller, &action, &[first, boss], Some(apart)).await;
    assert_eq!(refused, Some("last_admin"));
}
