//! Nobody touches or gives more than they hold (R1, R2, P6): every role × every other role × every act on people,
//! generated; what should come of it is computed from the levels alone.

use std::collections::HashMap;

use domain::access::role::{Role, RoleId};
use domain::access::{Level, Permission, Reach};
use domain::users::UserStatus;
use serde_json::json;
use store::InAccount;
use testing::{
    Answer, Ground, NewPerson, Operation, Recipe, Snapshot, TestApp, both_engines, operations, placeholders, recipes,
};

/// Roles that manage people without being an admin; the predefined ones have none between admin and system manager.
fn custom_roles() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("People only", json!({ "manage_users": "edit" })),
        ("People and texts", json!({ "manage_users": "edit", "text_and_languages": "edit" })),
        (
            "People and content",
            json!({
                "manage_users": "edit", "content": "edit", "settings": "edit", "text_and_languages": "edit", "insights": "edit",
                "activity_log": "view",
            }),
        ),
        ("Own people only", json!({ "manage_users": "limited (own)" })),
        ("Own people and texts", json!({ "manage_users": "limited (own)", "text_and_languages": "edit" })),
        ("Nothing", json!({})),
    ]
}

struct Ranks {
    ground: Ground,
    roles: Vec<Role>,
    /// Two people of every role in every status.
    people: HashMap<(RoleId, UserStatus), Vec<String>>,
    nothing: RoleId,
}

impl Ranks {
    async fn new(app: &TestApp) -> Self {
        let ground = Ground::new(app, "alpha").await;
        let mut roles: Vec<Role> = app.app.catalog.roles().to_vec();
        for (name, levels) in custom_roles() {
            let id = app.add_role(ground.account, name, levels).await;
            let mut tx = app.app.db.read().await.unwrap();
            let mut bound = InAccount { tx: &mut tx, account: ground.account };
            roles.push(service::core::roles::find(&app.app, &mut bound, &id).await.unwrap().unwrap());
        }
        let mut new = Vec::new();
        for role in &roles {
            for status in UserStatus::ALL {
                for number in 1..=2 {
                    let email = format!("{status}{number}@{}.example", role.id.as_str().replace('_', "-"));
                    new.push(NewPerson {
                        role: role.id.clone(),
                        ..NewPerson::new(&email, "admin").who_is(*status).with(&ground.systems)
                    });
                }
            }
        }
        let mut people: HashMap<_, Vec<String>> = HashMap::new();
        for user in app.add_people(ground.account, &new).await {
            people.entry((user.role_id.clone(), user.status)).or_default().push(user.id.to_string());
        }
        let nothing = roles.last().unwrap().id.clone();
        Self { ground, roles, people, nothing }
    }

    fn person(&self, role: &RoleId, status: UserStatus, number: usize) -> &str {
        &self.people[&(role.clone(), status)][number]
    }
}

/// Acts whose request has this word in it.
fn acts_with(word: &str) -> Vec<(Operation, Recipe)> {
    let mut found = Vec::new();
    for operation in operations().into_iter().filter(|operation| !operation.is_public() && operation.has_dry_run()) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id && recipe.writes) {
            if placeholders(&format!("{}{}", operation.path, recipe.body)).contains(&word.to_owned()) {
                found.push((operation.clone(), recipe));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// Whether somebody may manage people in the whole account.
fn manages(role: &Role) -> bool {
    role.levels.allows(Permission::USERS, Level::Edit, Reach::Account)
}

/// Whether a request is only about systems that somebody with the first system has, which is what a manager of own
/// systems may do.
fn only_own_systems(recipe: &Recipe) -> bool {
    let Some(body) = recipe.body.as_object() else { return false };
    let names_another = placeholders(&recipe.body.to_string()).iter().any(|name| name == "system2" || name == "role");
    !names_another && (body.contains_key("systems") || body.contains_key("system_ids")) && !body.contains_key("name")
}

fn judge(answer: &Answer, may_call: bool, by: &Role, within: bool, recipe: &Recipe, above: &str, what: &str) {
    let text = || format!("{what}: {} {}", answer.status, answer.text());
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    // The preview of a bulk action is an answer that says of each row, and of the whole, what stands in the way.
    let is_refused = answer.status == 403 || answer.json()["applies"] == false;
    if !may_call {
        assert_eq!((answer.status.as_u16(), code.as_str()), (403, "permission_missing"), "{}", text());
    } else if !within {
        assert!(is_refused, "{}", text());
        assert!(code == above || !manages(by), "{}", text());
    } else if manages(by) || only_own_systems(recipe) {
        // These people are signed in nowhere: there is no session of theirs to end.
        let nothing_there = recipe.operation == "revoke_user_session" && code == "not_found";
        assert!(answer.status.is_success() && !is_refused || nothing_there, "{}", text());
    } else {
        assert!(is_refused, "{}", text());
    }
}

#[both_engines]
async fn r1_nobody_touches_somebody_whose_role_holds_more(app: TestApp) {
    let ranks = Ranks::new(&app).await;
    let acts = acts_with("user");
    for by in &ranks.roles {
        let actor = ranks.ground.actor(&app, &by.id).await;
        let before = Snapshot::of(&app).await;
        for of in &ranks.roles {
            for (operation, recipe) in &acts {
                let harmless = ranks.person(&ranks.nothing, recipe.on, 0);
                let touched = ranks.person(&of.id, recipe.on, 1);
                let bulk = placeholders(&recipe.body.to_string()).contains(&"user2".to_owned());
                // In a list the one who is out of reach comes last (T3).
                let (one, two) = if bulk { (harmless, touched) } else { (touched, harmless) };
                let instead = [("user", one), ("user2", two), ("role", ranks.nothing.as_str())];
                let request = ranks.ground.request(&app, operation, recipe, &actor, &instead).await.as_preview();
                let answer = request.by(&actor.client).await;
                let may_call = operation.need().met_by(&by.levels);
                let what = format!("{} {} on {} by {}", operation.id, recipe.body, of.name, by.name);
                // Who only assigns own systems gives no role, so only power over people and systems ranks (P6).
                let within = match only_own_systems(recipe) && !manages(by) {
                    true => of.check_may_be_assigned_by(&by.levels).is_ok(),
                    false => of.levels.within(&by.levels),
                };
                judge(&answer, may_call, by, within, recipe, "user_exceeds_own", &what);
            }
        }
        before.assert_same(&Snapshot::of(&app).await, &format!("previews and refusals of {}", by.name));
    }
}

#[both_engines]
async fn r2_nobody_gives_a_role_that_holds_more_than_their_own(app: TestApp) {
    let ranks = Ranks::new(&app).await;
    let acts = acts_with("role");
    for by in &ranks.roles {
        let actor = ranks.ground.actor(&app, &by.id).await;
        let before = Snapshot::of(&app).await;
        for given in &ranks.roles {
            for (operation, recipe) in &acts {
                let (one, two) =
                    (ranks.person(&ranks.nothing, recipe.on, 0), ranks.person(&ranks.nothing, recipe.on, 1));
                let instead = [("user", one), ("user2", two), ("role", given.id.as_str())];
                let request = ranks.ground.request(&app, operation, recipe, &actor, &instead).await.as_preview();
                let answer = request.by(&actor.client).await;
                let may_call = operation.need().met_by(&by.levels);
                let what = format!("{} gives {} by {}", operation.id, given.name, by.name);
                judge(&answer, may_call, by, given.levels.within(&by.levels), recipe, "role_exceeds_own", &what);
            }
        }
        before.assert_same(&Snapshot::of(&app).await, &format!("previews and refusals of {}", by.name));
    }
}

#[both_engines]
async fn r1_a_refused_act_is_refused_for_real_and_leaves_no_trace(app: TestApp) {
    let ranks = Ranks::new(&app).await;
    let by = ranks.roles.iter().find(|role| role.name == "People only").unwrap();
    let actor = ranks.ground.actor(&app, &by.id).await;
    let before = Snapshot::of(&app).await;
    for of in ranks.roles.iter().filter(|of| !of.levels.within(&by.levels)) {
        for (operation, recipe) in &acts_with("user") {
            let (harmless, touched) = (ranks.person(&ranks.nothing, recipe.on, 0), ranks.person(&of.id, recipe.on, 0));
            let bulk = placeholders(&recipe.body.to_string()).contains(&"user2".to_owned());
            let (one, two) = if bulk { (harmless, touched) } else { (touched, harmless) };
            let instead = [("user", one), ("user2", two), ("role", ranks.nothing.as_str())];
            let request = ranks.ground.request(&app, operation, recipe, &actor, &instead).await;
            request.by(&actor.client).await.refused(403, "user_exceeds_own");
        }
    }
    before.assert_same(&Snapshot::of(&app).await, "refused acts");
}
