//! A search of the list of users has the best matches first, page by page.

use domain::core::search_text::{Relevance, search_key};
use domain::core::timestamp::Timestamp;
use domain::users::User;
use domain::users::filter::{FilterWords, UserFilter};
use domain::users::order::{UserOrder, UserSortKey};
use serde_json::Value;
use store::accounts::KeptCounts;
use store::users::list::{Effort, Position, Selection, UserList, Window};
use testing::{NewPerson, TestApp, both_engines};

const FEW: Effort = Effort { small_account: 0, looks_per_row: 1, most_candidates: 1_000, most_looks: 1 };

fn emails(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect()
}

async fn people(app: &TestApp) {
    let mut emails: Vec<String> = (0..12).map(|n| format!("elena{n:02}@acme.example")).collect();
    emails.extend(
        ["z.lena@acme.example", "lena@zoo.example", "lenard@acme.example", "zz-lena_b@acme.example"].map(str::to_owned),
    );
    let people: Vec<NewPerson> = emails.iter().map(|email| NewPerson::new(email, "builder")).collect();
    app.add_people(app.acme().await, &people).await;
}

#[both_engines]
async fn a_search_lists_whole_words_then_beginnings_then_the_rest_unless_an_order_is_asked_for(app: TestApp) {
    people(&app).await;
    let first = app.admin().get("/users?q=Lena&limit=6").await.ok(200);
    assert_eq!(
        emails(&first),
        [
            "lena@zoo.example",
            "lenard@acme.example",
            "z.lena@acme.example",
            "zz-lena_b@acme.example",
            "elena00@acme.example",
            "elena01@acme.example",
        ]
    );
    let second = app
        .admin()
        .get(&format!("/users?q=Lena&limit=6&cursor={}", first["next_cursor"].as_str().unwrap()))
        .await
        .ok(200);
    assert_eq!((emails(&second)[0], emails(&second).len()), ("elena02@acme.example", 6));
    let back = app
        .admin()
        .get(&format!("/users?q=Lena&limit=6&cursor={}", second["prev_cursor"].as_str().unwrap()))
        .await
        .ok(200);
    assert_eq!((emails(&back), &back["prev_cursor"]), (emails(&first), &Value::Null));
    let sorted = app.admin().get("/users?q=Lena&limit=6&sort=email").await.ok(200);
    assert_eq!(emails(&sorted)[0], "elena00@acme.example");
    let cursor = first["next_cursor"].as_str().unwrap();
    app.admin().get(&format!("/users?q=Lena&limit=6&sort=email&cursor={cursor}")).await.refused(422, "invalid_cursor");
    assert_eq!(emails(&app.admin().get("/users?limit=2").await.ok(200)), ["ada@acme.example", "elena00@acme.example"]);
}

#[both_engines]
async fn all_pages_of_the_best_matches_are_the_matches_by_rank_in_both_directions(app: TestApp) {
    people(&app).await;
    let account = app.acme().await;
    for (q, limit, effort) in [
        ("lena", 1, FEW),
        ("lena", 5, Effort::default()),
        ("ena", 4, FEW),
        ("le", 3, Effort::default()),
        ("l_n%", 3, FEW),
        ("acme.example", 7, FEW),
    ] {
        let selection = matching(&app, q, effort);
        let mut tx = app.app.db.read().await.unwrap();
        let mut bound = store::InAccount { tx: &mut tx, account };
        let counts = KeptCounts::of(&mut bound).all().await.unwrap();
        let order = UserOrder { by: UserSortKey::Email, descending: false };
        let all = Window { order, from: None, backward: false, limit: 100 };
        let (mut wanted, _) = UserList::of(&mut bound).page(&selection, &counts, &all).await.unwrap();
        let needle = search_key(q);
        wanted
            .sort_by_key(|user: &User| (Relevance::of(&store::users::search_text(user), &needle), user.email.clone()));
        for backward in [false, true] {
            let mut window = Window { backward, limit, ..all.clone() };
            let mut found: Vec<User> = Vec::new();
            loop {
                let (users, more) =
                    UserList::of(&mut bound).best(&selection, &counts, &window).await.unwrap().expect("few matches");
                let edge = if backward { users.first() } else { users.last() };
                window.from = edge.map(|user| Position::by_relevance(user, &needle));
                if backward {
                    found.splice(0..0, users);
                } else {
                    found.extend(users);
                }
                if !more {
                    break;
                }
            }
            assert_eq!(found, wanted, "{q} {limit} {backward}");
        }
    }
}

/// Everyone in whom a text is found.
fn matching(app: &TestApp, q: &str, effort: Effort) -> Selection {
    let filter: UserFilter = FilterWords { q: Some(q), ..FilterWords::default() }.read().unwrap();
    Selection {
        filter,
        systems: None,
        giving: Vec::new(),
        now: Timestamp::from_micros(0),
        search: app.app.db.search_index(),
        effort,
    }
}

#[both_engines]
async fn too_many_matches_to_be_ranked_stay_in_the_order_of_addresses(app: TestApp) {
    people(&app).await;
    let account = app.acme().await;
    let selection = matching(&app, "lena", Effort { most_candidates: 5, ..FEW });
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = store::InAccount { tx: &mut tx, account };
    let counts = KeptCounts::of(&mut bound).all().await.unwrap();
    let window = Window { order: UserOrder::default(), from: None, backward: false, limit: 5 };
    assert_eq!(UserList::of(&mut bound).best(&selection, &counts, &window).await.unwrap(), None);
}
