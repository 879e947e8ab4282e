//! Files that are written while they are read: whole, of one moment, and only for whoever may still see them.

use domain::activity::actions::{Action, TargetKind};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::activity::Origin;
use domain::core::failure::Failure;
use domain::users::User;
use domain::users::filter::UserFilter;
use domain::users::order::{UserOrder, UserSortKey};
use futures_util::{StreamExt, TryStreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use service::core::caller::Caller;
use service::core::change::Touches;
use service::core::entry::Entry;
use service::core::secrets::{SESSION_PREFIX, Token};
use service::export_file::FileStream;
use service::sign_in::authentication;
use service::sign_in::presence::Presence;
use service::users;
use service::users::export::UserFormat;
use service::users::list::ListQuery;
use testing::{Client, NewPerson, TestApp, both_engines};

/// More people than two pieces have.
const CROWD: usize = 1_100;

async fn crowd(app: &TestApp) -> Vec<User> {
    let roles = ["builder", "translator", "publisher"];
    let people: Vec<_> =
        (0..CROWD).map(|n| NewPerson::new(&format!("p{n:04}@acme.example"), roles[n % 3]).who_is(status(n))).collect();
    app.add_people(app.acme().await, &people).await
}

fn status(n: usize) -> domain::users::UserStatus {
    use domain::users::UserStatus::{Active, Inactive};
    if n.is_multiple_of(4) { Inactive } else { Active }
}

/// The first admin as a caller, as a request finds them.
async fn caller_of(app: &TestApp, browser: &Client) -> Caller {
    let token = Token::read(SESSION_PREFIX, &browser.cookie("__Host-portcullis").unwrap()).unwrap();
    authentication::member(&app.app, &token, "acme", Origin::default(), Presence::Input).await.unwrap()
}

async fn export(app: &TestApp, caller: &Caller, format: UserFormat, query: &ListQuery) -> FileStream {
    users::export::export(&app.app, caller, format, query).await.unwrap().stream
}

/// Changes what lists are sorted by, of many people at once and by the same rule every time.
async fn shuffle(app: &TestApp, turn: usize) {
    let account = app.acme().await;
    let mut tx = app.app.db.write().await.unwrap();
    let texts = [
        "UPDATE users SET status = CASE status WHEN 'active' THEN 'inactive' ELSE 'active' END \
         WHERE account_id = $1 AND email LIKE 'p%' AND (CAST(SUBSTR(email, 2, 4) AS BIGINT) + $2) % 3 = 0",
        "UPDATE users SET role_id = CASE role_id WHEN 'builder' THEN 'translator' WHEN 'translator' THEN 'publisher' ELSE 'builder' END \
         WHERE account_id = $1 AND email LIKE 'p%' AND (CAST(SUBSTR(email, 2, 4) AS BIGINT) + $2) % 5 = 0",
        "UPDATE users SET last_login_at = 5000 - CAST(SUBSTR(email, 2, 4) AS BIGINT) * ($2 + 1) \
         WHERE account_id = $1 AND email LIKE 'p%' AND (CAST(SUBSTR(email, 2, 4) AS BIGINT) + $2) % 2 = 0",
        "UPDATE users SET sort_name = SUBSTR(email, 5, 1) || SUBSTR(email, 2, 4) || sort_name \
         WHERE account_id = $1 AND email LIKE 'p%' AND (CAST(SUBSTR(email, 2, 4) AS BIGINT) + $2) % 2 = 1",
    ];
    for text in texts {
        tx.sql(text).bind(&account).bind(&i64::try_from(turn).unwrap()).run().await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn orders() -> impl Iterator<Item = UserOrder> {
    use UserSortKey::{CreatedAt, Email, LastLoginAt, Name, Role, Status};
    let keys = [Email, Name, Role, Status, LastLoginAt, CreatedAt];
    keys.into_iter().flat_map(|by| [false, true].map(|descending| UserOrder { by, descending }))
}

/// How often each id stands in a file, with the statuses it stands there with.
fn rows(file: &[u8]) -> BTreeMap<String, Vec<String>> {
    let rows: Vec<Value> = serde_json::from_slice(file).unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        let (id, status) = (row["id"].as_str().unwrap(), row["status"].as_str().unwrap());
        found.entry(id.to_owned()).or_default().push(status.to_owned());
    }
    found
}

/// The activity log of acme with more in it than any socket takes at once, in more than one piece.
pub async fn long_log(app: &TestApp, account: domain::core::ids::AccountId) {
    let caller = Caller::operator(account);
    let much = json!({ "text": "x".repeat(40_000) });
    for _ in 0..405 {
        let change = app.app.change_in(&caller, account).await.unwrap();
        change
            .commit(
                Entry::new(
                    Action::JobFailed,
                    vec![Entry::target(TargetKind::Job, &"test", "test", Value::Null, much.clone())],
                ),
                Touches::People,
            )
            .await
            .unwrap();
    }
}

/// A file that somebody began to read.
pub struct OpenFile(reqwest::Response);

impl OpenFile {
    pub async fn of(browser: &Client, path: &str) -> Self {
        let mut answer = browser.open(path).await;
        assert_eq!(answer.status().as_u16(), 200);
        answer.chunk().await.unwrap().unwrap();
        Self(answer)
    }

    /// Whether it can be read to its end.
    pub async fn comes_to_its_end(mut self) -> bool {
        loop {
            match self.0.chunk().await {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }
}

#[both_engines]
async fn nobody_is_missing_or_doubled_in_a_file_whatever_changes_while_it_is_written(app: TestApp) {
    let people: BTreeSet<String> = crowd(&app).await.iter().map(|user| user.id.to_string()).collect();
    let caller = caller_of(&app, app.admin()).await;
    for (turn, order) in orders().enumerate() {
        let query = ListQuery { order, ..ListQuery::default() };
        let mut file = export(&app, &caller, UserFormat::Json, &query).await;
        let mut bytes = Vec::new();
        while let Some(piece) = file.next().await {
            bytes.extend(piece.unwrap());
            shuffle(&app, turn + bytes.len()).await;
        }
        let found = rows(&bytes);
        let twice: Vec<_> = found.iter().filter(|(_, times)| times.len() != 1).collect();
        assert!(twice.is_empty(), "{order}: twice: {twice:?}");
        let missing: Vec<_> = people.iter().filter(|id| !found.contains_key(*id)).collect();
        assert_eq!((missing, found.len()), (Vec::new(), CROWD + 1), "{order}");
    }
}

#[both_engines]
async fn a_file_of_a_filter_has_nobody_whom_the_filter_does_not_admit(app: TestApp) {
    crowd(&app).await;
    let caller = caller_of(&app, app.admin()).await;
    let filter = UserFilter { status: vec![domain::users::UserStatus::Active], ..UserFilter::default() };
    for (turn, order) in orders().enumerate() {
        let query = ListQuery { order, filter: filter.clone(), ..ListQuery::default() };
        let mut file = export(&app, &caller, UserFormat::Json, &query).await;
        let mut bytes = Vec::new();
        while let Some(piece) = file.next().await {
            bytes.extend(piece.unwrap());
            shuffle(&app, turn + bytes.len()).await;
        }
        assert!(rows(&bytes).values().all(|statuses| statuses == &["active"]), "{order}");
    }
}

#[both_engines]
async fn a_file_has_the_order_of_the_list(app: TestApp) {
    crowd(&app).await;
    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE users SET last_login_at = CAST(SUBSTR(email, 2, 4) AS BIGINT) % 7 WHERE account_id = $1 AND email LIKE 'p%'";
    tx.sql(text).bind(&app.acme().await).run().await.unwrap();
    tx.commit().await.unwrap();
    let caller = caller_of(&app, app.admin()).await;
    for order in orders() {
        let query = ListQuery { order, ..ListQuery::default() };
        let bytes = export(&app, &caller, UserFormat::Json, &query).await.try_concat().await.unwrap();
        let file: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
        let mut listed = Vec::new();
        let mut path = format!("/users?limit=200&sort={order}");
        loop {
            let page = app.admin().get(&path).await.ok(200);
            listed.extend(page["items"].as_array().unwrap().iter().map(|user| user["id"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            path = format!("/users?limit=200&sort={order}&cursor={next}");
        }
        let ids: Vec<Value> = file.iter().map(|user| user["id"].clone()).collect();
        assert_eq!(ids, listed, "{order}");
    }
}

#[both_engines]
async fn x1_an_open_file_ends_with_the_access_of_its_reader(app: TestApp) {
    crowd(&app).await;
    let bob = app.add_person(app.acme().await, NewPerson::new("bob@acme.example", "admin").with_all_systems()).await;
    let user = format!("/users/{}", bob.id);
    let what_happens = [
        (Method::POST, "/disable", json!({})),
        (Method::POST, "/enable", json!({})),
        (Method::PATCH, "", json!({ "role_id": "translator" })),
        (Method::PATCH, "", json!({ "role_id": "admin" })),
        (Method::DELETE, "/sessions", Value::Null),
        (Method::DELETE, "", Value::Null),
    ];
    for (method, path, body) in what_happens {
        let browser = app.browser_of("acme", &bob).await;
        // Whoever has no access any more cannot begin; the next event gives it back.
        let begins = browser.get("/users?limit=1").await.status.is_success();
        let mut files = Vec::new();
        if begins {
            let caller = caller_of(&app, &browser).await;
            for format in [UserFormat::Csv, UserFormat::Json] {
                let mut file = export(&app, &caller, format, &ListQuery::default()).await;
                file.next().await.unwrap().unwrap();
                files.push(file);
            }
        }
        let body = (!body.is_null()).then_some(body);
        app.admin().send(method.clone(), &format!("{user}{path}"), body).await.ok(200);
        for mut file in files {
            let next = file.next().await.unwrap();
            assert!(matches!(next, Err(Failure::Refused(_))), "{method} {path}: {:?}", next.map(|bytes| bytes.len()));
        }
    }
}

#[both_engines]
async fn x5_a_file_ends_where_a_limit_of_the_account_ends_the_session(app: TestApp) {
    crowd(&app).await;
    app.admin()
        .patch("/accounts/acme", json!({ "settings": { "sessions": { "idle_timeout_seconds": 300 } } }))
        .await
        .ok(200);
    let caller = caller_of(&app, app.admin()).await;
    let mut file = export(&app, &caller, UserFormat::Csv, &ListQuery::default()).await;
    file.next().await.unwrap().unwrap();
    app.pass(domain::core::timestamp::Seconds(299));
    file.next().await.unwrap().unwrap();
    app.pass(domain::core::timestamp::Seconds(1));
    assert!(file.next().await.unwrap().is_err(), "being read is no input");
    app.admin().get("/users").await.refused(401, "session_expired");
}

#[both_engines]
async fn x1_over_http_a_file_that_breaks_off_is_not_taken_for_a_whole_one(app: TestApp) {
    let account = app.acme().await;
    long_log(&app, account).await;
    for (kind, whole) in [("csv", false), ("jsonl", false), ("csv", true)] {
        let bob = format!("{}@acme.example", testing::fresh("bob"));
        let bob = app.add_person(account, NewPerson::new(&bob, "admin")).await;
        let browser = app.browser_of("acme", &bob).await;
        let file = OpenFile::of(
            &browser,
            &format!("/events/export?format={kind}&action=job.failed").replace("jsonl&action=job.failed", "jsonl"),
        )
        .await;
        if !whole {
            app.admin().post(&format!("/users/{}/disable", bob.id), json!({})).await.ok(200);
        }
        assert_eq!(file.comes_to_its_end().await, whole, "{kind}");
    }
}

#[both_engines]
async fn x1_whoever_reads_a_file_too_slowly_is_cut_off(app: TestApp) {
    let account = app.acme().await;
    long_log(&app, account).await;
    let limits =
        web::StreamLimits { whole: Duration::from_secs(60), patience: Duration::from_millis(50), least_rate: u32::MAX };
    let base = app.served_with_streams(limits).await;
    let browser = Client::new(&base, "acme");
    browser.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    let file = OpenFile::of(&browser, "/events/export?format=jsonl").await;
    testing::stopwatch::pause(Duration::from_millis(500)).await;
    assert!(!file.comes_to_its_end().await);
    let file = OpenFile::of(&browser, "/roles").await;
    assert!(file.comes_to_its_end().await);
}
