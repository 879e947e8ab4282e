//! What the operator does on the command line, on the same database as a server or after it.

use std::time::Duration;

use domain::accounts::AccountKind;
use domain::core::email_address::EmailAddress;
use domain::core::slug::Slug;
use domain::core::timestamp::Seconds;
use serde_json::json;
use service::activity::verification;
use service::core::feed::FeedReader;
use service::core::secrets::InstallationKey;
use service::installation::account_creation::{self, NewAccount};
use service::installation::{key_replacement, recovery, restoration, setup};
use service::{delivery, demo};
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, NewPerson, Snapshot, TestApp, both_engines};

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

#[both_engines]
async fn break_glass_lets_an_admin_back_in_once_and_the_log_tells_of_it(app: TestApp) {
    let link = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
    let newer = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    let path = |link: &str| format!("/password-resets/{}", token(link));
    app.stranger().get(&path(&link)).await.refused(404, "link_replaced");
    let password = json!({ "password": "a-new-horse-battery" });
    assert!(app.stranger().post(&path(&newer), password.clone()).await.status.is_success());
    app.stranger().post(&path(&newer), password).await.refused(404, "link_used");
    let browser = app.stranger();
    browser.post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": "a-new-horse-battery" })).await.ok(201);
    let entries = browser.get("/events?limit=50").await;
    if entries.status.is_success() {
        assert!(entries.text().contains("user.recovery_link_made") && !entries.text().contains("pcl_"));
    }
    for (account, address) in [("acme", "nobody@acme.example"), ("nowhere", ADMIN_EMAIL)] {
        assert!(recovery::link(&app.app, &slug(account), &email(address)).await.is_err());
    }
}

#[both_engines]
async fn break_glass_lets_a_first_admin_in_whose_invitation_ran_out_or_never_came(app: TestApp) {
    let new = NewAccount {
        name: "Beta".parse().unwrap(),
        slug: None,
        kind: domain::accounts::AccountKind::Customer,
        admin: email("boss@beta.example"),
        admin_name: None,
    };
    account_creation::create(&app.app, new).await.unwrap();
    let mailed = app.latest_link("boss@beta.example").await;
    let recover = async || recovery::link(&app.app, &slug("beta"), &email("boss@beta.example")).await.unwrap().address;
    let path = |link: &str| format!("/activations/{}", link.rsplit('/').next().unwrap());
    let first = recover().await;
    app.stranger().get(&path(&mailed)).await.refused(404, "link_replaced");
    app.stranger().get(&path(&first)).await.ok(200);
    app.pass(Seconds::days(7));
    app.stranger().get(&path(&first)).await.refused(404, "link_expired");
    let (link, browser) = (recover().await, app.stranger().in_account("beta"));
    browser.post(&path(&link), json!({ "name": "Boss", "password": ADMIN_PASSWORD })).await.ok(200);
    let log = browser.get("/events?limit=50").await;
    let told = log.ok(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["action"] == "user.recovery_link_made")
        .count();
    assert!(told == 2 && !log.text().contains("pcl_"), "{}", log.text());
}

#[both_engines]
async fn a_recovery_link_works_for_one_hour(app: TestApp) {
    let link = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
    app.pass(Seconds::hours(1));
    let path = format!("/password-resets/{}", link.rsplit('/').next().unwrap());
    app.stranger().get(&path).await.refused(404, "link_expired");
}

#[both_engines]
async fn the_operator_makes_an_account_whose_first_admin_is_invited(app: TestApp) {
    let new = |name: &str| NewAccount {
        name: name.parse().unwrap(),
        slug: None,
        kind: domain::accounts::AccountKind::Customer,
        admin: email("boss@beta.example"),
        admin_name: None,
    };
    account_creation::create(&app.app, new("Beta Works")).await.unwrap();
    assert!(account_creation::create(&app.app, new("Beta Works")).await.is_err(), "the slug is taken");
    let rows = account_creation::list(&app.app).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.account.slug.as_str(), row.users)).collect();
    assert_eq!(rows, [("acme", 1), ("beta-works", 1)]);
    assert!(app.stranger().get("/dev/mail").await.text().contains("boss@beta.example"));
}

#[both_engines]
async fn the_operator_makes_as_many_accounts_for_one_admin_as_there_are_and_each_in_one_change(app: TestApp) {
    let new = |number: u32| NewAccount {
        name: format!("Beta {number}").parse().unwrap(),
        slug: None,
        kind: domain::accounts::AccountKind::Customer,
        admin: email("boss@beta.example"),
        admin_name: None,
    };
    // More than one address gets within an hour from the users of one account.
    for number in 1..=11 {
        account_creation::create(&app.app, new(number)).await.unwrap();
    }
    assert_eq!(account_creation::list(&app.app).await.unwrap().len(), 12, "with acme");
    assert!(app.outbox().await.iter().all(|mail| mail.due_at == mail.created_at), "none of them waits");

    let verdicts = verification::verify(&app.app, None).await.unwrap();
    let of = |slug: &str| verdicts.iter().find(|verdict| verdict.slug.as_str() == slug).unwrap();
    assert_eq!((of("beta-11").entries, of("beta-11").broken.is_none()), (1, true), "one change, one entry");
    let mut tx = app.app.db.read().await.unwrap();
    let told = "SELECT t.kind FROM events e JOIN event_targets t ON t.account_id = e.account_id AND t.seq = e.seq \
            JOIN accounts a ON a.id = e.account_id WHERE a.slug = 'beta-11' AND e.action = 'account.created' ORDER BY t.place";
    assert_eq!(tx.sql(told).values::<String>().await.unwrap(), ["account", "user"]);
}

#[both_engines]
async fn d11_nothing_of_before_works_after_a_restore(app: TestApp) {
    let link = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
    let ended = restoration::after_restore(&app.app).await.unwrap();
    assert!(ended.sessions >= 1 && ended.links >= 1);
    app.admin().get("/me").await.refused(401, "session_expired");
    app.stranger()
        .get(&format!("/password-resets/{}", link.rsplit('/').next().unwrap()))
        .await
        .refused(404, "link_revoked");
    app.stranger().post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
}

#[both_engines]
async fn d9_with_another_key_open_links_end_and_nothing_else(app: TestApp) {
    let link = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
    app.admin().post("/users", json!({ "emails": ["ana@example.com"], "role_id": "builder" })).await.ok(201);
    assert!(key_replacement::replace_key(&app.app, None).await.is_err(), "it is the key already");

    let node = app.node_with(|parts| parts.key = InstallationKey::new(&[9; 32])).await;
    let (new, there) = (&node.app, node.client());
    assert!(setup::claim_key(new).await.is_err());
    let wrong = InstallationKey::new(&[8; 32]);
    assert!(key_replacement::replace_key(new, Some(&wrong)).await.is_err(), "that is not the old one");
    let replaced = key_replacement::replace_key(new, None).await.unwrap();
    assert_eq!((replaced.links, replaced.broken_logs), (2, vec![]));
    setup::claim_key(new).await.unwrap();
    assert!(setup::claim_key(&app.app).await.is_err(), "the old key is the wrong one now");

    there.get(&format!("/password-resets/{}", link.rsplit('/').next().unwrap())).await.refused(404, "link_revoked");
    let mut tx = app.app.db.read().await.unwrap();
    let waiting = "SELECT COUNT(*) FROM outbox WHERE state = 'pending' AND link_id IS NOT NULL";
    assert_eq!(tx.sql(waiting).value::<i64>().await.unwrap(), 0);
    drop(tx);
    there.post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
    let entries = there.get("/events?action=installation.key_replaced").await.ok(200);
    assert_eq!(entries["items"].as_array().unwrap().len(), 1);
    assert_eq!(there.get("/events/verify").await.ok(200)["ok"], true, "sealed with the new key");
}

#[both_engines]
async fn d9_a_node_with_the_old_key_writes_nothing_makes_no_link_and_gives_up_no_mail(app: TestApp) {
    let node = app.node_with(|parts| parts.key = InstallationKey::new(&[9; 32])).await;
    key_replacement::replace_key(&node.app, Some(&app.app.key)).await.unwrap();
    let there = node.client();
    there.post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
    there.post("/users", json!({ "emails": ["ana@example.com"], "role_id": "builder" })).await.ok(201);
    let count = async |text: &'static str| app.app.db.read().await.unwrap().sql(text).value::<i64>().await.unwrap();
    let links = count("SELECT COUNT(*) FROM links").await;

    // It has heard nothing yet, and finds out by what it does.
    app.admin()
        .post("/users", json!({ "emails": ["bob@example.com"], "role_id": "builder" }))
        .await
        .refused(503, "unavailable");
    assert!(recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.is_err());
    let new = NewAccount {
        name: "Beta".parse().unwrap(),
        slug: None,
        kind: AccountKind::Customer,
        admin: email("b@beta.example"),
        admin_name: None,
    };
    assert!(account_creation::create(&app.app, new).await.is_err());
    let mailbox = delivery::transport::Transport::mailbox();
    assert!(delivery::deliver_next(&app.app, &mailbox, "old").await.is_err());
    assert_eq!(count("SELECT COUNT(*) FROM links").await, links);
    tokio::time::timeout(Duration::from_secs(1), app.app.key_lost()).await.expect("it has to stop");

    assert_eq!(delivery::deliver_next(&node.app, &mailbox, "new").await.unwrap(), delivery::Delivery::Sent);
    assert_eq!(there.get("/events/verify").await.ok(200)["ok"], true);
}

#[both_engines]
async fn d8_another_key_seals_whole_logs_and_leaves_those_wrong_that_somebody_changed(app: TestApp) {
    let (cut, altered) = (app.new_account("cut").await, app.new_account("altered").await);
    for (account, name) in [(cut, "cut"), (altered, "altered")] {
        app.add_person(account, NewPerson::new(&format!("p@{name}.example"), "admin")).await;
    }
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("UPDATE accounts SET event_seal = '00' WHERE id = $1").bind(&cut).run().await.unwrap();
    tx.sql("UPDATE events SET action = 'nothing.happened' WHERE account_id = $1").bind(&altered).run().await.unwrap();
    tx.commit().await.unwrap();

    let node = app.node_with(|parts| parts.key = InstallationKey::new(&[9; 32])).await;
    let replaced = key_replacement::replace_key(&node.app, Some(&app.app.key)).await.unwrap();
    let broken: Vec<_> = replaced.broken_logs.iter().map(|(slug, _)| slug.as_str()).collect();
    assert_eq!(broken, ["altered", "cut"]);
    let whole = async |app: &service::core::app::App| {
        let verdicts = verification::verify(app, None).await.unwrap();
        verdicts.into_iter().map(|verdict| (verdict.slug.to_string(), verdict.broken.is_none())).collect::<Vec<_>>()
    };
    let expected = [("acme", true), ("altered", false), ("cut", false)].map(|(slug, whole)| (slug.to_owned(), whole));
    assert_eq!(whole(&node.app).await, expected);

    // Without the old key nobody can tell whether a log that follows was cut, and its entry says that it was not looked at.
    let last = app.node_with(|parts| parts.key = InstallationKey::new(&[10; 32])).await;
    key_replacement::replace_key(&last.app, None).await.unwrap();
    assert_eq!(whole(&last.app).await, expected.map(|(slug, whole)| (slug.clone(), whole || slug == "cut")));
    let mut tx = app.app.db.read().await.unwrap();
    let told: Vec<String> = tx
        .sql(
            "SELECT t.after_json FROM event_targets t JOIN events e ON e.account_id = t.account_id AND e.seq = t.seq \
                 WHERE e.account_id = $1 AND e.action = 'installation.key_replaced' ORDER BY e.seq",
        )
        .bind(&cut)
        .values()
        .await
        .unwrap();
    assert!(told[0].contains("\"seal_of_old_key\":\"checked\"") && told[0].contains("without the seal"), "{told:?}");
    assert!(
        told[1].contains("\"seal_of_old_key\":\"not checked\"") && told[1].contains("\"log\":\"intact\""),
        "{told:?}"
    );
}

#[both_engines]
async fn d11_a_node_forgets_everything_when_a_backup_took_the_place_of_its_database(app: TestApp) {
    let node = app.another_node().await;
    let mut reader = FeedReader::start(&node.app).await.unwrap();
    let there = node.client();
    for ending in ["a restore", "a feed that ends earlier"] {
        app.admin()
            .post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD }))
            .await
            .ok(201);
        there.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
        reader.read(&node.app).await.unwrap();
        there.get("/roles").await.ok(200);
        let mut tx = app.app.db.write().await.unwrap();
        tx.sql("DELETE FROM change_feed").run().await.unwrap();
        if ending == "a restore" {
            // The feed of the backup, and an epoch that this node has seen: what it is told stands where it has read already.
            tx.sql("UPDATE installation SET epoch = epoch - 1").run().await.unwrap();
            tx.commit().await.unwrap();
            restoration::after_restore(&app.node_with(|_| {}).await.app).await.unwrap();
            let mut tx = app.app.db.write().await.unwrap();
            tx.sql("UPDATE change_feed SET seq = seq - (SELECT MIN(seq) - 1 FROM change_feed)").run().await.unwrap();
            tx.commit().await.unwrap();
        } else {
            tx.sql("DELETE FROM sessions").run().await.unwrap();
            tx.commit().await.unwrap();
        }
        there.get("/roles").await.ok(200);
        reader.read(&node.app).await.unwrap();
        there.get("/roles").await.refused(401, "session_expired");
    }
}

#[both_engines]
async fn d11_what_the_operator_does_to_all_accounts_is_done_to_all_or_none(app: TestApp) {
    app.new_account("zeta").await;
    // The log of the last account takes no entry.
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("UPDATE accounts SET event_count = -1 WHERE slug = 'zeta'").run().await.unwrap();
    tx.sql("INSERT INTO events (account_id, seq, format, id, at, action, actor_kind, actor_id, actor_label, ip, session, request, reason, target_count, hash) \
             SELECT id, 0, 1, 'x', 0, 'x', 'system', '', '', '', '', '', '', 0, '' FROM accounts WHERE slug = 'zeta'").run().await.unwrap();
    tx.commit().await.unwrap();
    let before = Snapshot::of(&app).await;
    assert!(restoration::after_restore(&app.app).await.is_err());
    let node = app.node_with(|parts| parts.key = InstallationKey::new(&[9; 32])).await;
    assert!(key_replacement::replace_key(&node.app, None).await.is_err());
    before.assert_same(&Snapshot::of(&app).await, "a command that failed");
    setup::claim_key(&app.app).await.unwrap();
    app.admin().get("/me").await.ok(200);
}

#[both_engines]
async fn the_demo_has_thirty_people_eleven_systems_every_status_and_a_whole_log(app: TestApp) {
    let people = demo::create(&app.app).await.unwrap();
    assert_eq!(people.len(), 9);
    let browser = app.stranger().in_account(demo::account::SLUG);
    browser
        .post("/sign-in/password", json!({ "email": people[0].email, "password": demo::account::PASSWORD }))
        .await
        .ok(201);
    let roles = browser.get("/roles").await.ok(200);
    let users: i64 = roles["items"].as_array().unwrap().iter().map(|role| role["users"].as_i64().unwrap()).sum();
    assert_eq!(users, 27, "30 without the deleted ones");
    assert!(roles["items"].as_array().unwrap().iter().all(|role| role["users"].as_i64().unwrap() > 0), "{roles:#}");
    assert_eq!(browser.get("/systems").await.ok(200)["items"].as_array().unwrap().len(), 11);
    let verdict = &verification::verify(&app.app, Some(&slug(demo::account::SLUG))).await.unwrap()[0];
    assert!(verdict.broken.is_none() && verdict.entries > 90, "{verdict:?}");
    assert!(demo::create(&app.app).await.is_err(), "once is enough");
}

#[both_engines]
async fn p21_the_history_of_the_demo_tells_of_people_and_systems_by_what_can_be_hidden(app: TestApp) {
    demo::create(&app.app).await.unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    let names: Vec<String> = tx.sql("SELECT name FROM systems").values().await.unwrap();
    let told: Vec<(String, String)> = tx
            .sql("SELECT action, before_json || after_json FROM events e JOIN event_targets t ON t.account_id = e.account_id AND t.seq = e.seq WHERE kind = 'user'")
            .all()
            .await
            .unwrap();
    assert!(told.iter().filter(|(action, _)| action == "user.invited").count() > 20);
    for (action, text) in told {
        let named = names.iter().find(|name| text.contains(&format!("\"{name}\"")));
        assert_eq!(named, None, "{action}: {text}");
        assert!(!text.contains("\"role\""), "{action}: {text}");
        assert_eq!(action == "user.invited", text.contains("\"systems\":"), "{action}: {text}");
    }
    let mut keys = Vec::new();
    let invited: Vec<String> = tx
            .sql("SELECT after_json FROM events e JOIN event_targets t ON t.account_id = e.account_id AND t.seq = e.seq WHERE action = 'user.invited'")
            .values()
            .await
            .unwrap();
    for text in invited {
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        keys.push(fields.keys().cloned().collect::<Vec<_>>());
    }
    keys.dedup();
    assert_eq!(keys.len(), 1, "those of the past and those of today are one operation's: {keys:?}");
}

#[both_engines]
async fn the_large_demo_counts_what_it_inserts_and_its_log_is_whole(app: TestApp) {
    let admin = demo::fill(&app.app, 250, |_| {}).await.unwrap();
    let browser = app.stranger().in_account(demo::account::LARGE_SLUG);
    browser
        .post("/sign-in/password", json!({ "email": admin.email, "password": demo::account::PASSWORD }))
        .await
        .ok(201);
    let mut tx = app.app.db.read().await.unwrap();
    let users: i64 = tx.sql("SELECT COUNT(*) FROM users WHERE email LIKE 'person%'").value().await.unwrap();
    let counted: i64 = tx
            .sql("SELECT CAST(SUM(users) AS BIGINT) FROM user_counts c JOIN accounts a ON a.id = c.account_id WHERE a.slug = 'large'")
            .value()
            .await
            .unwrap();
    assert_eq!((users, counted), (250, 251));
    assert!(verification::verify(&app.app, None).await.unwrap().iter().all(|verdict| verdict.broken.is_none()));
}

#[both_engines]
async fn d8_the_operator_is_told_where_a_log_was_altered(app: TestApp) {
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("UPDATE events SET action = 'nothing.happened' WHERE seq = 1").run().await.unwrap();
    tx.commit().await.unwrap();
    let verdict = &verification::verify(&app.app, None).await.unwrap()[0];
    assert_eq!((verdict.slug.as_str(), verdict.entries), ("acme", 0));
    assert!(verdict.broken.as_ref().unwrap().to_string().contains("Entry 1"));
    assert!(verification::verify(&app.app, Some(&slug("nowhere"))).await.is_err());
}
