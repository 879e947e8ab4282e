//! Many at once: what must hold whatever the order in which they come. Each race calls the operations themselves, side by
//! side, on a real database, thousands of times: in several accounts at once, one after the other in each.

mod links;
mod seats;
mod second_look;
mod turns;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::activity::Origin;
use domain::core::failure::Failure;
use domain::core::ids::{AccountId, Id, SessionId};
use domain::credentials::link::LinkPurpose;
use domain::sign_in::session::{Assurance, Session};
use domain::users::{User, UserStatus};
use serde_json::json;
use service::core::app::App;
use service::core::caller::Caller;
use service::core::principal::Person;
use service::core::secrets::{LINK_PREFIX, Token};
use service::invitations::activation::Acceptance;
use service::invitations::{self, GivenSystems, InviteInput};
use service::sign_in::Browser;
use service::users;
use service::users::edit::{SystemsWish, UserWish, edit};
use service::users::status::Move;
use store::InAccount;
use store::sign_in::identities::Identities;
use store::sign_in::sessions::Sessions;
use store::users::Users;
use testing::{Engine, NewPerson, TestApp, both_engines};
use tokio::sync::Barrier;

/// Rounds of the races that matter most; a round on PostgreSQL takes longer. The others run a part of that.
pub fn rounds(app: &TestApp) -> usize {
    match app.database().engine() {
        Engine::Sqlite => 2_000,
        Engine::Postgres => 1_000,
    }
}

/// Runs as many rounds of a race in several new accounts side by side; gives what came of each account.
pub async fn in_lanes<T>(app: &TestApp, rounds: usize, lane: impl AsyncFn(AccountId, Range<usize>) -> T) -> Vec<T> {
    const LANES: usize = 5;
    let mut accounts = Vec::new();
    for number in 0..LANES {
        accounts.push(app.new_account(&format!("race-{number}")).await);
    }
    let part = rounds / LANES;
    let lanes = accounts.iter().enumerate().map(|(number, account)| lane(*account, part * number..part * (number + 1)));
    let outcomes = futures_util::future::join_all(lanes).await;
    for account in accounts {
        counts_are_right(app, account).await;
    }
    outcomes
}

/// Somebody who signed in.
async fn person_of(app: &TestApp, user: &User) -> Arc<Person> {
    let now = app.app.clock.now();
    let mut tx = app.app.db.write().await.unwrap();
    let identity = Identities(&mut tx).find(user.identity_id).await.unwrap().unwrap();
    let session = Session {
        id: SessionId::from_uuid(app.app.random.uuid()),
        identity_id: user.identity_id,
        created_at: now,
        last_active_at: now,
        ip: String::new(),
        user_agent: String::new(),
        assurance: Assurance::Password,
        ended_by: None,
    };
    Sessions(&mut tx).insert(&session, &app.app.random.uuid().to_string(), "").await.unwrap();
    tx.commit().await.unwrap();
    Arc::new(Person { session, identity })
}

/// A user of this account as the one who calls, as a request would find them now.
async fn caller(app: &TestApp, user: &User, person: &Arc<Person>) -> Caller {
    let principal = service::core::membership::principal(&app.app, user.identity_id, user.account_id).await.unwrap();
    Caller::member(Arc::clone(person), principal, Origin::default())
}

/// Both at once, neither before the other has begun; gives both outcomes. Which of the two is scheduled first changes from race to
/// race, so that neither always has the first place in the queue for the writer.
pub async fn both<A: Send + 'static, B: Send + 'static>(
    one: impl Future<Output = A> + Send + 'static,
    two: impl Future<Output = B> + Send + 'static,
) -> (A, B) {
    static RACES: AtomicUsize = AtomicUsize::new(0);
    let start = Arc::new(Barrier::new(2));
    let begin = Arc::clone(&start);
    let one = async move {
        begin.wait().await;
        one.await
    };
    let two = async move {
        start.wait().await;
        two.await
    };
    let (one, two) = if RACES.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
        let one = tokio::spawn(one);
        (one, tokio::spawn(two))
    } else {
        let two = tokio::spawn(two);
        (tokio::spawn(one), two)
    };
    (one.await.unwrap(), two.await.unwrap())
}

/// A race may be refused, but never be broken.
pub fn code<T>(outcome: &Result<T, Failure>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(Failure::Refused(refusal)) => refusal.code,
        Err(other) => panic!("{other:?}"),
    }
}

async fn count(app: &TestApp, account: AccountId, statement: &'static str) -> i64 {
    let mut tx = app.app.db.read().await.unwrap();
    tx.sql(statement).bind(&account).value().await.unwrap()
}

const ACTIVE: &str = "SELECT COUNT(*) FROM users WHERE account_id = $1 AND status = 'active'";

pub async fn accept(app: App, token: String) -> Result<invitations::activation::Accepted, Failure> {
    let said = Acceptance {
        name: Some("New Person".parse().unwrap()),
        password: Some("correct-horse-battery".to_owned()),
        locale: None,
    };
    let browser = Browser { user_agent: String::new(), device: None, session: None };
    invitations::activation::accept(
        &app,
        &Token::read(LINK_PREFIX, &token).unwrap(),
        said,
        Caller::nobody(Origin::default()),
        browser,
    )
    .await
}

/// People who are invited, one for each round, each with the token of their link.
pub async fn invited(app: &TestApp, account: AccountId, numbers: Range<usize>) -> Vec<(User, String)> {
    let person =
        |number| NewPerson::new(&format!("new{number}@race.example"), "builder").who_is(UserStatus::Provisioned);
    let people: Vec<_> = numbers.map(person).collect();
    let mut users = Vec::new();
    // Not all at once, so that other lanes have their turn to write in between.
    for few in people.chunks(100) {
        users.extend(app.add_people(account, few).await);
    }
    let tokens = app.links_of(&users, LinkPurpose::Activation).await;
    users.into_iter().zip(tokens).collect()
}

fn wish(address: String) -> InviteInput {
    InviteInput {
        people: domain::invitations::address_list::parse(&address),
        name: None,
        role_id: "builder".parse().unwrap(),
        systems: GivenSystems::These(Vec::new()),
        note: None,
        skip_invalid: false,
    }
}

/// The counts that are kept are those one gets by counting.
pub async fn counts_are_right(app: &TestApp, account: AccountId) {
    let wrong = "SELECT COUNT(*) FROM (\
        SELECT status, role_id, login_method, COUNT(*) AS users FROM users WHERE account_id = $1 GROUP BY status, role_id, login_method \
        EXCEPT SELECT status, role_id, login_method, users FROM user_counts WHERE account_id = $1) AS wrong";
    assert_eq!(count(app, account, wrong).await, 0, "kept counts differ from the users");
    let sums = "SELECT (SELECT COUNT(*) FROM users WHERE account_id = $1) - (SELECT CAST(COALESCE(SUM(users), 0) AS BIGINT) FROM user_counts WHERE account_id = $1)";
    assert_eq!(count(app, account, sums).await, 0, "kept counts differ from the users in sum");
}

#[derive(Debug, Clone, Copy)]
enum Blow {
    Disable,
    Delete,
    Demote,
}

async fn strike(app: App, by: Caller, whom: User, blow: Blow) -> Result<(), Failure> {
    match blow {
        Blow::Disable => users::status::move_one(&app, &by, whom.id, Move::Disable).await.map(drop),
        Blow::Delete => users::status::move_one(&app, &by, whom.id, Move::Delete).await.map(drop),
        Blow::Demote => {
            let wish = UserWish { role_id: Some("builder".parse().unwrap()), ..UserWish::default() };
            edit(&app, &by, whom.id, wish).await.map(drop)
        }
    }
}

async fn heal(app: &TestApp, by: &Caller, whom: &User) {
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = InAccount { tx: &mut tx, account: whom.account_id };
    let found = Users::of(&mut bound).find(whom.id).await.unwrap().unwrap();
    drop(tx);
    match found.status {
        UserStatus::Inactive => drop(users::status::move_one(&app.app, by, whom.id, Move::Enable).await.unwrap()),
        UserStatus::Deleted => drop(users::status::move_one(&app.app, by, whom.id, Move::Restore).await.unwrap()),
        UserStatus::Active | UserStatus::Provisioned => {
            let wish = UserWish { role_id: Some("admin".parse().unwrap()), ..UserWish::default() };
            edit(&app.app, by, whom.id, wish).await.unwrap();
        }
    }
}

#[both_engines]
async fn l1_two_admins_who_end_each_other_always_leave_one(app: TestApp) {
    let blows = [Blow::Disable, Blow::Delete, Blow::Demote];
    let draws: usize = in_lanes(&app, rounds(&app), async |account, rounds: Range<usize>| {
        let people =
            ["one", "two"].map(|name| NewPerson::new(&format!("{name}{}@race.example", rounds.start), "admin"));
        let admins = app.add_people(account, &people).await;
        let people = [person_of(&app, &admins[0]).await, person_of(&app, &admins[1]).await];
        let mut draws = 0;
        for round in rounds {
            let one = caller(&app, &admins[0], &people[0]).await;
            let two = caller(&app, &admins[1], &people[1]).await;
            let (first, second) = both(
                strike(app.app.clone(), one, admins[1].clone(), blows[round % 3]),
                strike(app.app.clone(), two, admins[0].clone(), blows[round / 3 % 3]),
            )
            .await;
            let active = count(
                &app,
                account,
                "SELECT COUNT(*) FROM users WHERE account_id = $1 AND status = 'active' AND role_id = 'admin'",
            )
            .await;
            let codes = [code(&first), code(&second)];
            assert_eq!(active, 1, "round {round}: {codes:?}");
            assert!(first.is_ok() != second.is_ok(), "round {round}: {codes:?}");
            draws += usize::from(second.is_ok());
            let (winner, loser) = if first.is_ok() { (0, 1) } else { (1, 0) };
            heal(&app, &caller(&app, &admins[winner], &people[winner]).await, &admins[loser]).await;
        }
        draws
    })
    .await
    .into_iter()
    .sum();
    assert!(draws > 0 && draws < rounds(&app), "they never really met: {draws}");
}

#[both_engines]
async fn x1_whoever_waits_while_a_system_is_taken_from_them_does_not_assign_it(app: TestApp) {
    let account = app.new_account("race").await;
    let system = app.add_system(account, "Web").await;
    let people = ["manager", "all", "builder"].map(|name| {
        NewPerson::new(&format!("{name}@race.example"), if name == "builder" { name } else { "system_manager" })
    });
    let users = app
        .add_people(account, &[people[0].clone().with(&[system]), people[1].clone(), people[2].clone().with(&[system])])
        .await;
    let operator = Caller::operator(account);
    let wish = |systems| UserWish { systems: Some(systems), ..UserWish::default() };
    edit(&app.app, &operator, users[1].id, wish(SystemsWish::All)).await.unwrap();
    for manager in &users[..2] {
        let person = person_of(&app, manager).await;
        let checked_before = caller(&app, manager, &person).await;
        edit(&app.app, &operator, manager.id, wish(SystemsWish::These(Vec::new()))).await.unwrap();
        let assigned = edit(&app.app, &checked_before, users[2].id, wish(SystemsWish::These(vec![system]))).await;
        assert_eq!(code(&assigned), "access_changed");
    }
}

#[both_engines]
async fn l1_two_last_admins_who_end_themselves_by_a_third_hand_leave_one(app: TestApp) {
    let account = app.new_account("race").await;
    let people = [NewPerson::new("one@race.example", "admin"), NewPerson::new("two@race.example", "admin")];
    let admins = app.add_people(account, &people).await;
    for round in 0..rounds(&app) / 4 {
        let operator = Caller::operator(account);
        let (first, second) = both(
            strike(app.app.clone(), operator.clone(), admins[0].clone(), Blow::Disable),
            strike(app.app.clone(), operator.clone(), admins[1].clone(), Blow::Delete),
        )
        .await;
        let codes = [code(&first), code(&second)];
        assert!(codes.contains(&"ok") && codes.contains(&"last_admin"), "round {round}: {codes:?}");
        heal(&app, &operator, if first.is_ok() { &admins[0] } else { &admins[1] }).await;
    }
    counts_are_right(&app, account).await;
}

#[both_engines]
async fn two_accounts_that_invite_the_same_people_at_once_share_their_identities(app: TestApp) {
    let (one, two) = (app.new_account("race-one").await, app.new_account("race-two").await);
    for round in 0..rounds(&app) / 8 {
        let names = ["d", "b", "a", "c"].map(|name| format!("{name}{round}@race.example"));
        let backwards: Vec<_> = names.iter().rev().cloned().collect();
        let invite = |account: AccountId, text: String| {
            let app = app.app.clone();
            async move { invitations::invite(&app, &Caller::operator(account), wish(text)).await.map(drop) }
        };
        let (first, second) = both(invite(one, names.join(" ")), invite(two, backwards.join(" "))).await;
        assert_eq!([code(&first), code(&second)], ["ok", "ok"], "round {round}");
    }
    let doubled = "SELECT COUNT(*) FROM users a JOIN users b ON b.email = a.email AND b.identity_id <> a.identity_id WHERE a.account_id = $1";
    assert_eq!(count(&app, one, doubled).await, 0);
    counts_are_right(&app, one).await;
    counts_are_right(&app, two).await;
}

#[both_engines]
async fn a_request_that_is_sent_many_times_at_once_with_one_idempotency_key_is_done_once(app: TestApp) {
    for round in 0..rounds(&app) / 20 {
        let name = format!("System {round}");
        let send = |_| {
            let client = app.admin().with_header("idempotency-key", &format!("key-{round}"));
            let body = json!({ "name": name, "platform": "web" });
            async move { client.post("/systems", body).await }
        };
        let answers = futures_util::future::join_all((0..4).map(send)).await;
        let mut done = 0;
        for answer in &answers {
            match (answer.status.as_u16(), answer.json()["code"].as_str()) {
                (201, _) => done += usize::from(answer.header("idempotency-replayed").is_empty()),
                (409, Some("idempotency_key_in_use" | "already_processed")) => {}
                other => panic!("round {round}: {other:?} {}", answer.text()),
            }
        }
        assert_eq!(done, 1, "round {round}");
        let again = app
            .admin()
            .with_header("idempotency-key", &format!("key-{round}"))
            .post("/systems", json!({ "name": name, "platform": "web" }))
            .await;
        again.ok(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
    let account = app.acme().await;
    let made = count(&app, account, "SELECT COUNT(*) FROM systems WHERE account_id = $1").await;
    assert_eq!(usize::try_from(made).unwrap(), rounds(&app) / 20);
}
