//! Every statement of the lists finds its rows by an index that begins with the account, whatever the filter and the order.

use domain::activity::actions::Action;
use domain::activity::filter::EventFilter;
use domain::core::ids::{GroupId, Id, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::users::filter::FilterWords;
use domain::users::order::{UserOrder, UserSortKey};
use store::accounts::KeptCounts;
use store::activity::Events;
use store::activity::list::{EventList, EventSelection, EventWindow, LogVisibility, SeenPeople};
use store::users::Users;
use store::users::list::{Effort, Position, Selection, UserList, Window};
use store::{SqlText, Tx};
use testing::{Engine, TestApp, both_engines};

const SMALL: Effort = Effort { small_account: 0, looks_per_row: 1, most_candidates: 1, most_looks: 1 };
const LARGE: Effort = Effort { small_account: 0, looks_per_row: 1, most_candidates: 1_000, most_looks: 1 };

/// What is wrong with the plan of a statement, where these are all tables.
fn wrong(engine: Engine, tables: &[String], text: &str, lines: &[String]) -> Option<String> {
    let bad = |line: &&String| match engine {
        Engine::Sqlite => {
            let reads = line.starts_with("SCAN ") || line.starts_with("SEARCH ");
            // The word that the plan says is the alias where the statement gives one; what is no table is a subquery of the statement.
            let read = line.split(' ').nth(1).unwrap_or_default();
            let is_table = tables.iter().any(|table| table == read || text.contains(&format!(" {table} {read} ")));
            // SEARCH by rowid follows the search index. `r` does; the other way round the text would be looked for again for each row.
            let by_index = line.contains("(rowid=?)") || (read != "r" && line.contains("account_id=?"));
            let subquery = |word: &str| lines.iter().any(|other| *other == format!("{word} {read}"));
            reads && is_table && !by_index && !subquery("CO-ROUTINE") && !subquery("MATERIALIZE")
        }
        Engine::Postgres => line.contains("Seq Scan"),
    };
    lines.iter().find(bad).map(|line| format!("{line}\n{}", lines.join("\n")))
}

/// Whether every range that goes on from a place begins there, instead of being read up to it. Only SQLite's plan says so.
fn begins_at_the_place(engine: Engine, text: &str, lines: &[String]) -> bool {
    let places = text.matches("u.id) < (").count() + text.matches("u.id) > (").count();
    let begun = lines.iter().filter(|line| line.contains(",id)<(?,?)") || line.contains(",id)>(?,?)")).count();
    engine != Engine::Sqlite || text.starts_with("WITH candidates") || begun == places
}

async fn judge(tx: &mut Tx, engine: Engine, texts: Vec<SqlText>, what: &str) -> usize {
    let count = texts.len();
    let tables: Vec<String> = testing::schema::tables(tx).await.into_keys().collect();
    for text in texts {
        let lines = tx.plan(&text).await.unwrap();
        if let Some(wrong) = wrong(engine, &tables, text.text(), &lines) {
            panic!("{what}: {wrong}\n{}", text.text());
        }
        assert!(begins_at_the_place(engine, text.text(), &lines), "{what}: {lines:#?}\n{}", text.text());
    }
    count
}

async fn people(app: &TestApp) -> domain::core::ids::AccountId {
    let account = app.acme().await;
    let systems = [app.add_system(account, "Web").await];
    let people: Vec<_> = (0..12)
        .map(|n| {
            testing::NewPerson::new(&format!("ana{n}@acme.example"), ["builder", "publisher"][n % 2])
                .with(&systems[..n % 2])
        })
        .collect();
    app.add_people(account, &people).await;
    account
}

#[both_engines]
async fn every_statement_of_the_list_of_users_uses_an_index_on_the_account(app: TestApp) {
    let account = people(&app).await;
    let engine = app.app.db.engine();
    let none = FilterWords::default;
    let filters = [
        none(),
        FilterWords { status: Some("active,deleted"), ..none() },
        FilterWords { role: Some("builder,publisher"), login_method: Some("password"), ..none() },
        FilterWords { q: Some("ana"), ..none() },
        FilterWords { q: Some("an"), role: Some("builder"), ..none() },
        FilterWords { group: Some("grp_00000000000000000000000000"), ..none() },
        FilterWords { invitation: Some("open,expired,inviter_unauthorized,link_ended"), ..none() },
    ];
    let mut checked = 0;
    for (words, by) in filters.iter().flat_map(|words| UserSortKey::ALL.iter().map(move |by| (words, *by))) {
        for (place, systems) in [None, Some(vec![SystemId::from_uuid(uuid())])].into_iter().enumerate() {
            let effort = if place == 0 { SMALL } else { LARGE };
            let selection = Selection {
                filter: words.read().unwrap(),
                systems,
                giving: Vec::new(),
                now: Timestamp::from_micros(0),
                search: app.app.db.search_index(),
                effort,
            };
            let mut tx = app.app.db.write().await.unwrap();
            let mut bound = store::InAccount { tx: &mut tx, account };
            let counts = KeptCounts::of(&mut bound).all().await.unwrap();
            let middle =
                Users::of(&mut bound).find_by_email(&"ana5@acme.example".parse().unwrap()).await.unwrap().unwrap();
            let recorder = tx.record();
            let mut bound = store::InAccount { tx: &mut tx, account };
            for (from, descending) in [(None, false), (Some(Position::of(&middle, by)), true)] {
                let window = Window { order: UserOrder { by, descending }, from, backward: false, limit: 5 };
                UserList::of(&mut bound).page(&selection, &counts, &window).await.unwrap();
            }
            for from in [None, selection.filter.needle().map(|needle| Position::by_relevance(&middle, &needle))] {
                let window = Window { order: UserOrder::default(), from, backward: false, limit: 5 };
                UserList::of(&mut bound).best(&selection, &counts, &window).await.unwrap();
            }
            UserList::of(&mut bound).total(&selection, &counts).await.unwrap();
            UserList::of(&mut bound).after(&selection, Some(middle.id), 5).await.unwrap();
            UserList::of(&mut bound).systems_of(&[middle.id], selection.now).await.unwrap();
            UserList::of(&mut bound)
                .groups_of(&[middle.id], selection.systems.as_deref(), selection.now)
                .await
                .unwrap();
            UserList::of(&mut bound)
                .groups_giving(&[GroupId::from_uuid(uuid())], &[SystemId::from_uuid(uuid())], selection.now)
                .await
                .unwrap();
            UserList::of(&mut bound)
                .holders_by_role(&Selection { systems: Some(vec![SystemId::from_uuid(uuid())]), ..selection.clone() })
                .await
                .unwrap();
            let texts = recorder.take();
            checked += judge(&mut tx, engine, texts, &format!("{words:?} {by} {effort:?}")).await;
        }
    }
    assert!(checked > 300, "{checked}");
}

#[both_engines]
async fn every_statement_of_the_activity_log_uses_an_index_on_the_account(app: TestApp) {
    let account = people(&app).await;
    let engine = app.app.db.engine();
    let own = vec![SystemId::from_uuid(uuid())];
    let sight = LogVisibility {
        user: UserId::from_uuid(uuid()),
        systems: Some(own.clone()),
        people: SeenPeople::OfSystems(own),
        sees_actors: false,
        now: Timestamp::from_micros(0),
    };
    let limited = |filter| EventSelection { filter, sight: Some(sight.clone()) };
    let none = EventSelection::default;
    let of = |filter| EventSelection { filter, ..none() };
    for selection in [
        none(),
        of(EventFilter { q: "ana".to_owned(), ..EventFilter::default() }),
        of(EventFilter { actions: vec![Action::UserInvited], ..EventFilter::default() }),
        of(EventFilter { actor: Some("usr_1".to_owned()), ..EventFilter::default() }),
        of(EventFilter { target: Some("usr_1".to_owned()), ..EventFilter::default() }),
        of(EventFilter {
            from: Some(Timestamp::from_micros(1)),
            to: Some(Timestamp::from_micros(9)),
            ..EventFilter::default()
        }),
        limited(EventFilter::default()),
        limited(EventFilter { q: "ana".to_owned(), ..EventFilter::default() }),
        limited(EventFilter { actor: Some("usr_1".to_owned()), ..EventFilter::default() }),
        limited(EventFilter { target: Some("usr_1".to_owned()), ..EventFilter::default() }),
        EventSelection {
            sight: Some(LogVisibility { systems: None, people: SeenPeople::Everybody, ..sight.clone() }),
            ..none()
        },
    ] {
        let mut tx = app.app.db.write().await.unwrap();
        let recorder = tx.record();
        let mut bound = store::InAccount { tx: &mut tx, account };
        for (from, backward) in [(None, false), (Some(2), true)] {
            let piece =
                EventList::of(&mut bound).page(&selection, &EventWindow { from, backward, limit: 5 }).await.unwrap();
            EventList::of(&mut bound).first_targets(&piece.events, 3).await.unwrap();
            if let Some(sight) = &selection.sight {
                EventList::of(&mut bound).first_seen_targets(&piece.events, sight, 3).await.unwrap();
                EventList::of(&mut bound).count_seen_targets(1, sight).await.unwrap();
            }
            EventList::of(&mut bound).complete(piece.events).await.unwrap();
        }
        EventList::of(&mut bound).total(&selection).await.unwrap();
        EventList::of(&mut bound).newest(&selection, 5).await.unwrap();
        EventList::of(&mut bound).targets(1, 0, 5, selection.sight.as_ref()).await.unwrap();
        Events::of(&mut bound).after(0, 5).await.unwrap();
        let id = domain::core::ids::EventId::from_uuid(uuid());
        EventList::of(&mut bound).find(id, selection.sight.as_ref()).await.unwrap();
        EventList::of(&mut bound).place_of(id).await.unwrap();
        EventList::of(&mut bound).id_at(1).await.unwrap();
        let texts = recorder.take();
        judge(&mut tx, engine, texts, &format!("{selection:?}")).await;
    }
}

fn uuid() -> uuid::Uuid {
    uuid::Uuid::from_u128(7)
}
