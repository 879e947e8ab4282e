//! What the operator does on the command line, on the same database as a server or after it.

use domain::email_address::EmailAddress;
use domain::slug::Slug;
use domain::timestamp::Seconds;
use serde_json::json;
use service::account_creation::{self, NewAccount};
use service::secrets::InstallationKey;
use service::{demo, key_replacement, recovery, restoration, setup, verification};
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, on_both_engines};

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

on_both_engines! {
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

    async fn break_glass_lets_a_first_admin_in_whose_invitation_ran_out_or_never_came(app: TestApp) {
        let new = NewAccount {
            name: "Beta".parse().unwrap(),
            slug: None,
            kind: domain::account::AccountKind::Customer,
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
        let told = log.ok(200)["items"].as_array().unwrap().iter().filter(|event| event["action"] == "user.recovery_link_made").count();
        assert!(told == 2 && !log.text().contains("pcl_"), "{}", log.text());
    }

    async fn a_recovery_link_works_for_one_hour(app: TestApp) {
        let link = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
        app.pass(Seconds::hours(1));
        let path = format!("/password-resets/{}", link.rsplit('/').next().unwrap());
        app.stranger().get(&path).await.refused(404, "link_expired");
    }

    async fn the_operator_makes_an_account_whose_first_admin_is_invited(app: TestApp) {
        let new = |name: &str| NewAccount {
            name: name.parse().unwrap(),
            slug: None,
            kind: domain::account::AccountKind::Customer,
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

    async fn the_operator_makes_as_many_accounts_for_one_admin_as_there_are_and_each_in_one_change(app: TestApp) {
        let new = |number: u32| NewAccount {
            name: format!("Beta {number}").parse().unwrap(),
            slug: None,
            kind: domain::account::AccountKind::Customer,
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

    async fn d11_nothing_of_before_works_after_a_restore(app: TestApp) {
        let link = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
        let ended = restoration::after_restore(&app.app).await.unwrap();
        assert!(ended.sessions >= 1 && ended.links >= 1);
        app.app.principals().forget_everything();
        app.admin().get("/me").await.refused(401, "session_expired");
        app.stranger().get(&format!("/password-resets/{}", link.rsplit('/').next().unwrap())).await.refused(404, "link_withdrawn");
        app.stranger().post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
    }

    async fn d9_with_another_key_open_links_end_and_nothing_else(app: TestApp) {
        let link = recovery::link(&app.app, &slug("acme"), &email(ADMIN_EMAIL)).await.unwrap().address;
        app.admin().post("/users", json!({ "emails": ["ana@example.com"], "role_id": "builder" })).await.ok(201);
        assert!(key_replacement::replace_key(&app.app).await.is_err(), "it is the key already");

        let other = app.node_with(|parts| parts.key = InstallationKey::new(&[9; 32])).await.app;
        assert!(setup::claim_key(&other).await.is_err());
        assert_eq!(key_replacement::replace_key(&other).await.unwrap(), 2);
        setup::claim_key(&other).await.unwrap();
        assert!(setup::claim_key(&app.app).await.is_err(), "the old key is the wrong one now");

        app.stranger().get(&format!("/password-resets/{}", link.rsplit('/').next().unwrap())).await.refused(404, "link_withdrawn");
        let mut tx = app.app.db.read().await.unwrap();
        let waiting = "SELECT COUNT(*) FROM outbox WHERE state = 'pending' AND link_id IS NOT NULL";
        assert_eq!(tx.sql(waiting).value::<i64>().await.unwrap(), 0);
        drop(tx);
        app.signed_in(ADMIN_EMAIL).await;
        let entries = app.admin().get("/events?action=installation.key_replaced").await.ok(200);
        assert_eq!(entries["items"].as_array().unwrap().len(), 1);
    }

    async fn the_demo_has_thirty_people_eleven_systems_every_status_and_a_whole_log(app: TestApp) {
        let people = demo::create(&app.app).await.unwrap();
        assert_eq!(people.len(), 9);
        let browser = app.stranger().in_account(demo::SLUG);
        browser.post("/sign-in/password", json!({ "email": people[0].email, "password": demo::PASSWORD })).await.ok(201);
        let roles = browser.get("/roles").await.ok(200);
        let users: i64 = roles["items"].as_array().unwrap().iter().map(|role| role["users"].as_i64().unwrap()).sum();
        assert_eq!(users, 27, "30 without the deleted ones");
        assert!(roles["items"].as_array().unwrap().iter().all(|role| role["users"].as_i64().unwrap() > 0), "{roles:#}");
        assert_eq!(browser.get("/systems").await.ok(200)["items"].as_array().unwrap().len(), 11);
        let verdict = &verification::verify(&app.app, Some(&slug(demo::SLUG))).await.unwrap()[0];
        assert!(verdict.broken.is_none() && verdict.entries > 90, "{verdict:?}");
        assert!(demo::create(&app.app).await.is_err(), "once is enough");
    }

    async fn the_large_demo_counts_what_it_inserts_and_its_log_is_whole(app: TestApp) {
        let admin = demo::fill(&app.app, 250, |_| {}).await.unwrap();
        let browser = app.stranger().in_account(demo::LARGE_SLUG);
        browser.post("/sign-in/password", json!({ "email": admin.email, "password": demo::PASSWORD })).await.ok(201);
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

    async fn d8_the_operator_is_told_where_a_log_was_altered(app: TestApp) {
        let mut tx = app.app.db.write().await.unwrap();
        tx.sql("UPDATE events SET action = 'nothing.happened' WHERE seq = 1").run().await.unwrap();
        tx.commit().await.unwrap();
        let verdict = &verification::verify(&app.app, None).await.unwrap()[0];
        assert_eq!((verdict.slug.as_str(), verdict.entries), ("acme", 0));
        assert!(verdict.broken.as_ref().unwrap().to_string().contains("entry 1"));
        assert!(verification::verify(&app.app, Some(&slug("nowhere"))).await.is_err());
    }
}
