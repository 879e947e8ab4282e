//! The activity log of callers of limited reach: it is read with little work however long it is, nobody's questions keep others
//! from being answered, and what goes out tells nothing of what is hidden.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::activity::filter::EventFilter;
use domain::core::ids::{AccountId, Id, SystemId, UserId};
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::InAccount;
use store::activity::list::{EventList, EventSelection, EventWindow, LogVisibility, SeenPeople};
use testing::{Client, Engine, NewPerson, TestApp, both_engines};

/// A log with `entries` entries about 400 users, of whom those of three of twenty systems are a System Manager's.
pub struct Grown {
    pub account: AccountId,
    pub manager: Client,
    own: Vec<SystemId>,
}

pub async fn grown(app: &TestApp, entries: i64) -> Grown {
    let account = app.acme().await;
    let mut systems = Vec::new();
    for number in 0..20 {
        systems.push(app.add_system(account, &format!("System {number}")).await);
    }
    let people: Vec<NewPerson> = (0..400)
        .map(|number| {
            NewPerson::new(&format!("person{number}@acme.example"), "builder").with(&systems[number % 20..][..1])
        })
        .collect();
    app.add_people(account, &people).await;
    app.add_person(account, NewPerson::new("sam@acme.example", "system_manager").with(&systems[..3])).await;
    let (mut tx, own) = (app.app.db.write().await.unwrap(), systems[..3].to_vec());
    let first: i64 = tx.sql("SELECT event_count FROM accounts WHERE id = $1").bind(&account).value().await.unwrap();
    let numbers = "WITH RECURSIVE n (i) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $3)";
    for statement in [
        "INSERT INTO events (account_id, seq, format, id, at, action, actor_kind, actor_id, actor_label, on_behalf_of, ip, session, \
         request, reason, search_text, actor_search_text, target_count, hash) {} SELECT $1, i, 1, 'evt_' || \
         SUBSTR(CAST(100000000000000000 + i AS TEXT) || '000000000', 1, 26), i, 'user.changed', 'operator', '', '', NULL, '', '', \
         '', 'because', 'user.changed because', '', 1, 'x' FROM n",
        "INSERT INTO event_targets (account_id, seq, place, kind, target_id, label, search_text, before_json, after_json) {} \
         SELECT $1, n.i, 0, 'user', u.id, u.email, u.email, '{\"name\":\"a\"}', '{\"name\":\"b\"}' FROM n JOIN users u \
         ON u.account_id = $1 AND u.email = 'person' || CAST(n.i % 400 AS TEXT) || '@acme.example'",
    ] {
        let text: &'static str = statement.replace("{}", numbers).leak();
        assert_eq!(run(&mut tx, text, account, first + 1, first + entries).await, u64::try_from(entries).unwrap());
    }
    let text = "UPDATE accounts SET event_count = $2 WHERE id = $1 AND event_count < $3";
    run(&mut tx, text, account, first + entries, first + entries).await;
    tx.commit().await.unwrap();
    if app.app.db.engine() == Engine::Postgres {
        // As the server's own housekeeping would; a log that long was not written in this second.
        let mut tx = app.app.db.write().await.unwrap();
        for table in ["ANALYZE events", "ANALYZE event_targets", "ANALYZE users", "ANALYZE system_grants"] {
            tx.sql(table).run().await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    Grown { account, manager: app.signed_in("sam@acme.example").await, own }
}

async fn run(tx: &mut store::Tx, text: &'static str, account: AccountId, from: i64, to: i64) -> u64 {
    tx.sql(text).bind(&account).bind(&from).bind(&to).run().await.unwrap()
}

#[both_engines]
async fn a_grown_log_is_read_with_little_work_by_a_system_manager(app: TestApp) {
    let grown = grown(&app, 25_000).await;
    for (query, total) in
        [("", 1_500), ("?q=person1@", 25), ("?q=because", 1_500), ("?q=nothing", 0), ("?action=user.changed", 1_500)]
    {
        let page = grown.manager.get(&format!("/events{query}")).await.ok(200);
        let found = page["total"].as_i64().unwrap();
        assert!((total..total + 30).contains(&found), "{query}: {found} of {total}");
        assert_eq!(page["total_is_exact"], false, "it looks as far as one request may");
    }
    if app.app.db.engine() == Engine::Sqlite {
        return;
    }
    let sight = LogVisibility {
        user: UserId::from_uuid(uuid::Uuid::nil()),
        systems: Some(grown.own.clone()),
        people: SeenPeople::OfSystems(grown.own.clone()),
        sees_actors: false,
        now: app.app.clock.now(),
    };
    for q in ["", "person1@", "because", "nothing"] {
        let filter = EventFilter { q: q.to_owned(), ..EventFilter::default() };
        let selection = EventSelection { filter, sight: Some(sight.clone()) };
        let mut tx = app.app.db.write().await.unwrap();
        let recorder = tx.record();
        let mut bound = InAccount { tx: &mut tx, account: grown.account };
        let window = EventWindow { from: None, backward: false, limit: 50 };
        let page = EventList::of(&mut bound).page(&selection, &window).await.unwrap();
        EventList::of(&mut bound).first_seen_targets(&page.events, &sight, 3).await.unwrap();
        EventList::of(&mut bound).total(&selection).await.unwrap();
        EventList::of(&mut bound).newest(&selection, 50).await.unwrap();
        for text in recorder.take() {
            let rows = tx.work(&text).await.unwrap();
            // Ten thousand entries and their targets, each a few times; not each of them for each of the others.
            assert!(rows < 200_000, "{q}: {rows} rows\n{}\n{:#?}", text.text(), tx.plan(&text).await.unwrap());
        }
    }
}

#[both_engines]
async fn whatever_one_caller_asks_at_once_others_are_answered(app: TestApp) {
    let grown = grown(&app, 25_000).await;
    let asked: Vec<_> = (0..24).map(|number| format!("/events?q=person{number}")).collect();
    let many = join_all(asked.iter().map(|path| grown.manager.get(path)));
    let admin = async {
        let mut answers = Vec::new();
        for path in ["/events?limit=5", "/users", "/roles", "/events?q=person"] {
            answers.push((path, app.admin().get(path).await.status.as_u16()));
        }
        answers
    };
    let (many, others) = tokio::join!(many, admin);
    assert!(others.iter().all(|(_, status)| *status == 200), "{others:?}");
    let statuses: Vec<u16> = many.iter().map(|answer| answer.status.as_u16()).collect();
    assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
    assert!(statuses.contains(&200), "{statuses:?}");
}

#[both_engines]
async fn one_caller_reads_verifies_and_exports_only_in_turn(app: TestApp) {
    if app.app.db.engine() == Engine::Sqlite {
        // There nobody can make a reader wait.
        return;
    }
    // Whoever waits for the table does so until it is free, and not only as long as a statement may take.
    let long = Duration::from_secs(120);
    let config = app.database().config().clone();
    let config = store::DatabaseConfig { statement_timeout: long, idle_in_transaction_timeout: long, ..config };
    let patient = store::Db::open(&config, store::OpenAs::Tool).await.unwrap();
    let mut tx = patient.write().await.unwrap();
    let node = app.node_with(|parts| parts.db = patient).await;
    let client = node.client();
    client.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    let ask = |path: &'static str| {
        let client = client.in_account("acme");
        tokio::spawn(async move { client.get(path).await })
    };
    tx.sql("LOCK TABLE saved_views IN ACCESS EXCLUSIVE MODE").run().await.unwrap();
    let turns: Vec<_> = (0..4.min(node.app.db.connections() / 2)).map(|_| ask("/views")).collect();
    let blocked = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = CAST('saved_views' AS regclass)";
    while tx.sql(blocked).value::<i64>().await.unwrap() < i64::try_from(turns.len()).unwrap() {
        tokio::task::yield_now().await;
    }
    let files = ["/events/export", "/users/export"].map(ask);
    // What has begun waits as long as it takes, anything else for ten seconds.
    for answer in join_all(["/events", "/events/verify"].map(ask)).await {
        assert_eq!(answer.unwrap().refused(429, "too_many_concurrent_requests")["status"], 429);
    }
    assert!(turns.iter().chain(&files).all(|asked| !asked.is_finished()));
    tx.commit().await.unwrap();
    for answer in join_all(turns.into_iter().chain(files)).await {
        assert_eq!(answer.unwrap().status, 200);
    }
}

#[both_engines]
async fn a_question_that_takes_too_long_is_refused_with_what_to_do(app: TestApp) {
    if app.app.db.engine() == Engine::Sqlite {
        // There nobody can make a reader wait; that its statements are cut off is tested in the store.
        return;
    }
    let limit = Duration::from_millis(300);
    let config = store::DatabaseConfig { statement_timeout: limit, ..app.database().config().clone() };
    let hasty = store::Db::open(&config, store::OpenAs::Tool).await.unwrap();
    let node = app.node_with(|parts| parts.db = hasty).await;
    let client = node.client();
    client.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("LOCK TABLE event_targets IN ACCESS EXCLUSIVE MODE").run().await.unwrap();
    let refused = client.get("/events?q=ana").await.refused(503, "query_too_slow");
    assert!(refused["detail"].as_str().unwrap().contains("Narrow it down"), "{refused}");
    client.get("/roles").await.ok(200);
}

#[both_engines]
async fn p21_a_cursor_tells_nothing_of_the_hidden_entry_at_which_a_search_stopped(app: TestApp) {
    let grown = grown(&app, 25_000).await;
    let page = grown.manager.get("/events?q=nothing").await.ok(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    let ids: Vec<String> =
        tx.sql("SELECT id FROM events WHERE account_id = $1").bind(&grown.account).values().await.unwrap();
    drop(tx);
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    for id in ids {
        let part = id.trim_start_matches("evt_").trim_end_matches('0');
        assert!(!cursor.contains(part) && !shown.contains(part), "{id} in {cursor}");
    }
    let other = grown.manager.get("/events?q=nobody").await.ok(200);
    assert_eq!(other["next_cursor"].as_str().map(str::len), Some(cursor.len()), "all are alike");
    assert_eq!(grown.manager.get(&format!("/events?q=nothing&cursor={cursor}")).await.ok(200)["items"], json!([]));
    grown.manager.get(&format!("/events?q=nobody&cursor={cursor}")).await.refused(422, "invalid_cursor");
}

#[both_engines]
async fn al3_a_sign_in_names_the_person_also_to_themselves(app: TestApp) {
    let account = app.acme().await;
    let web = app.add_system(account, "Web").await;
    let sam = app.add_person(account, NewPerson::new("sam@acme.example", "system_manager").with(&[web])).await;
    let manager = app.signed_in("sam@acme.example").await;
    for reader in [&manager, app.admin()] {
        let page = reader.get(&format!("/events?target={}&action=session.started", sam.id)).await.ok(200);
        let entry = &page["items"][0];
        assert_eq!((&page["total"], &entry["actor"]["id"]), (&json!(1), &json!(sam.id.to_string())), "{page}");
        assert_eq!(
            (&entry["targets"][0]["kind"], &entry["targets"][0]["id"]),
            (&json!("user"), &json!(sam.id.to_string()))
        );
        assert_eq!(
            (&entry["targets"][0]["label"], &entry["target_count"]),
            (&json!("Test Person <sam@acme.example>"), &json!(1))
        );
    }
    let own =
        app.admin().get(&format!("/events?target={}&action=session.started", sam.id)).await.ok(200)["items"][0]["id"]
            .clone();
    let path = format!("/events/{}", own.as_str().unwrap());
    let told = |detail: &Value| detail["targets"][0]["after"]["session"].clone();
    assert!(told(&app.admin().get(&path).await.ok(200)).as_str().unwrap().starts_with("ses_"));
    assert_eq!(told(&manager.get(&path).await.ok(200)), Value::Null);
    manager.post("/sign-out", json!({})).await;
    let ended = app.admin().get(&format!("/events?target={}&action=session.ended", sam.id)).await.ok(200);
    assert_eq!((&ended["total"], &ended["items"][0]["targets"][0]["kind"]), (&json!(1), &json!("user")), "{ended}");
}

#[both_engines]
async fn p17_the_tag_of_a_user_tells_no_change_that_the_caller_does_not_see(app: TestApp) {
    let account = app.acme().await;
    let (web, vault) = (app.add_system(account, "Web").await, app.add_system(account, "Vault").await);
    app.add_person(account, NewPerson::new("sam@acme.example", "system_manager").with(&[web])).await;
    let ana = app.add_person(account, NewPerson::new("ana@acme.example", "builder").with(&[web])).await;
    let sam = app.signed_in("sam@acme.example").await;
    let path = format!("/users/{}", ana.id);
    let tag = async |reader: &Client| reader.get(&path).await.header("etag").to_owned();
    let (seen, known) = (tag(&sam).await, tag(app.admin()).await);
    app.admin().patch(&path, json!({ "systems": [web.to_string(), vault.to_string()] })).await.ok(200);
    app.admin().delete(&format!("/users/{}/sessions", ana.id)).await;
    assert_eq!(tag(&sam).await, seen, "hidden systems and sessions");
    assert_ne!(tag(app.admin()).await, known, "who sees everybody is told every change");
    // What was hidden stands in nobody's way, and stays.
    let preview =
        sam.with_header("if-match", &seen).patch(&format!("{path}?dry_run=true"), json!({ "systems": [] })).await;
    assert_eq!((preview.header("etag"), preview.status.as_u16()), (seen.as_str(), 200));
    app.admin().patch(&path, json!({ "name": "Ana Lopez" })).await.ok(200);
    let renamed = tag(&sam).await;
    assert_ne!(renamed, seen, "what they see");
    sam.with_header("if-match", &seen).patch(&path, json!({ "systems": [] })).await.refused(412, "stale");
    let changed = sam.with_header("if-match", &renamed).patch(&path, json!({ "systems": [] })).await;
    assert_ne!(changed.header("etag"), renamed);
    assert_eq!(changed.ok(200)["systems"], json!([]));
    assert_eq!(app.admin().get(&path).await.ok(200)["systems"], json!([vault.to_string()]));
}
