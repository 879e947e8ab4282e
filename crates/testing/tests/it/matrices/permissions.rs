//! Every role against every operation: who may call what.

use testing::{Actor, Ground, Operation, Recipe, Snapshot, TestApp, access_matrix, both_engines, operations, recipes};

#[test]
fn the_checked_in_access_matrix_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../access-matrix.txt");
    let fresh = access_matrix();
    if std::env::var_os("UPDATE_FILES").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == fresh, "access-matrix.txt is out of date: run this test with UPDATE_FILES=1\n{fresh}");
}

/// Operations that need more than being known, with their recipes.
fn guarded() -> Vec<(Operation, Recipe)> {
    let mut found = Vec::new();
    for operation in operations().into_iter().filter(|operation| !operation.is_public()) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            found.push((operation.clone(), recipe));
        }
    }
    found
}

#[both_engines]
async fn a_role_may_call_exactly_what_its_levels_meet(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let guarded = guarded();
    for role in app.app.catalog.roles() {
        let actor: Actor = ground.actor(&app, &role.id).await;
        let before = Snapshot::of(&app).await;
        for (operation, recipe) in &guarded {
            if operation.has_dry_run() || !recipe.writes {
                let request = ground.request(&app, operation, recipe, &actor, &[]).await;
                let request = if operation.has_dry_run() { request.as_preview() } else { request };
                let answer = request.by(&actor.client).await;
                expect(&answer, operation.need().met_by(&role.levels), &format!("{} as {}", operation.id, role.id));
            }
        }
        before.assert_same(&Snapshot::of(&app).await, &format!("previews and refusals as {}", role.id));
    }
}

#[both_engines]
async fn a_role_may_call_exactly_what_its_levels_meet_where_nothing_can_be_previewed(app: TestApp) {
    let engine = app.app.db.engine();
    for (operation, recipe) in guarded().iter().filter(|(operation, recipe)| recipe.writes && !operation.has_dry_run())
    {
        // Everything that is there is compared: in one installation for all operations it would be ever more.
        let app = TestApp::start(engine).await.unwrap();
        for role in app.app.catalog.roles() {
            let ground = Ground::new(&app, &testing::fresh("ground")).await;
            let actor = ground.actor(&app, &role.id).await;
            let request = ground.request(&app, operation, recipe, &actor, &[]).await;
            let before = Snapshot::of(&app).await;
            let answer = request.by(&actor.client).await;
            let allowed = operation.need().met_by(&role.levels);
            expect(&answer, allowed, &format!("{} as {}", operation.id, role.id));
            if !allowed {
                before.assert_same(&Snapshot::of(&app).await, &format!("{} refused to {}", operation.id, role.id));
            }
        }
    }
}

#[both_engines]
async fn an_admin_succeeds_with_every_recipe(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    for (operation, recipe) in guarded().iter().filter(|(operation, recipe)| !recipe.writes || operation.has_dry_run())
    {
        let request = ground.request(&app, operation, recipe, &ground.admin, &[]).await;
        let request = if operation.has_dry_run() { request.as_preview() } else { request };
        let answer = request.by(&ground.admin.client).await;
        assert!(answer.status.is_success(), "{}: {} {}", operation.id, answer.status, answer.text());
    }
}

fn expect(answer: &testing::Answer, allowed: bool, what: &str) {
    if allowed {
        let refused = answer.status == 401 || answer.json()["code"] == "permission_missing";
        assert!(!refused && !answer.status.is_server_error(), "{what} should be allowed: {}", answer.text());
    } else {
        assert_eq!(answer.status, 403, "{what}: {}", answer.text());
        answer.refused(403, "permission_missing");
    }
}
