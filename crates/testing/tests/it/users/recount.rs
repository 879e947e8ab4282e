//! The counts that are kept with every change, against counting: after any sequence of acts on people.

use std::collections::BTreeMap;

use domain::core::ids::AccountId;
use domain::users::UserStatus;
use serde_json::json;
use testing::{NewPerson, TestApp, both_engines};

/// Repeatable chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// What we believe of a user.
#[derive(Debug, Clone)]
struct Known {
    id: String,
    role: &'static str,
    status: UserStatus,
    before: UserStatus,
}

const ROLES: [&str; 3] = ["admin", "builder", "translator"];

/// Does one thing to one user, and says what we believe of them then.
async fn act(app: &TestApp, known: &Known, dice: &mut Dice, is_last_admin: bool) -> Known {
    let path = format!("/users/{}", known.id);
    let (verb, permitted, after) = match dice.roll(5) {
        0 => ("disable", known.status == UserStatus::Active, Known { status: UserStatus::Inactive, ..known.clone() }),
        1 => ("enable", known.status == UserStatus::Inactive, Known { status: UserStatus::Active, ..known.clone() }),
        2 => (
            "delete",
            known.status != UserStatus::Deleted,
            Known { status: UserStatus::Deleted, before: known.status, ..known.clone() },
        ),
        3 => ("restore", known.status == UserStatus::Deleted, Known { status: known.before, ..known.clone() }),
        _ => ("edit", known.status != UserStatus::Deleted, Known { role: ROLES[dice.roll(3)], ..known.clone() }),
    };
    let ends_an_admin = matches!(verb, "disable" | "delete") || (verb == "edit" && after.role != "admin");
    let permitted = permitted && !(is_last_admin && ends_an_admin);
    let preview = dice.roll(4) == 0;
    let query = if preview { "?dry_run=true" } else { "" };
    let answer = match verb {
        "delete" => app.admin().delete(&format!("{path}{query}")).await,
        "edit" => app.admin().patch(&format!("{path}{query}"), json!({ "role_id": after.role })).await,
        other => app.admin().post(&format!("{path}/{other}{query}"), json!({})).await,
    };
    assert_eq!(answer.status.is_success(), permitted, "{verb} of {known:?}: {}", answer.text());
    if permitted && !preview { after } else { known.clone() }
}

async fn kept(app: &TestApp, account: AccountId) -> BTreeMap<(String, String), i64> {
    rows(app, account, "SELECT status, role_id, CAST(SUM(users) AS BIGINT) FROM user_counts WHERE account_id = $1 GROUP BY status, role_id HAVING SUM(users) <> 0").await
}

async fn counted(app: &TestApp, account: AccountId) -> BTreeMap<(String, String), i64> {
    rows(app, account, "SELECT status, role_id, COUNT(*) FROM users WHERE account_id = $1 GROUP BY status, role_id")
        .await
}

async fn rows(app: &TestApp, account: AccountId, statement: &'static str) -> BTreeMap<(String, String), i64> {
    let mut tx = app.app.db.read().await.unwrap();
    let rows: Vec<(String, String, i64)> = tx.sql(statement).bind(&account).all().await.unwrap();
    rows.into_iter().map(|(status, role, users)| ((status, role), users)).collect()
}

#[both_engines]
async fn kept_counts_equal_a_recount_after_any_sequence_of_acts(app: TestApp) {
    let account = app.acme().await;
    let mut new = Vec::new();
    for status in UserStatus::ALL {
        for (number, role) in ROLES.iter().enumerate() {
            new.push(NewPerson::new(&format!("{status}{number}@acme.example"), role).who_is(*status));
        }
    }
    let mut people: Vec<Known> = app
        .add_people(account, &new)
        .await
        .iter()
        .zip(&new)
        .map(|(user, person)| Known {
            id: user.id.to_string(),
            role: ROLES.into_iter().find(|role| *role == person.role.as_str()).unwrap(),
            status: user.status,
            before: UserStatus::Active,
        })
        .collect();
    let mut dice = Dice(7);
    for step in 0..400 {
        let place = dice.roll(people.len());
        // The first admin, who does all this, is always one more: nobody else is ever the last.
        people[place] = act(&app, &people[place], &mut dice, false).await;
        if step % 20 == 0 {
            let mut believed: BTreeMap<(String, String), i64> =
                BTreeMap::from([(("active".to_owned(), "admin".to_owned()), 1)]);
            for known in &people {
                *believed.entry((known.status.to_string(), known.role.to_owned())).or_default() += 1;
            }
            assert_eq!(kept(&app, account).await, counted(&app, account).await, "step {step}");
            assert_eq!(kept(&app, account).await, believed, "step {step}");
        }
    }
    let roles = app.admin().get("/roles").await.ok(200);
    for role in roles["items"].as_array().unwrap() {
        let users: i64 = counted(&app, account)
            .await
            .iter()
            .filter(|((status, id), _)| status != "deleted" && role["id"] == **id)
            .map(|(_, users)| users)
            .sum();
        assert_eq!(role["users"], users, "{role:#}");
    }
}
