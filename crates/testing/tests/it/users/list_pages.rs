//! Pages of the list, held against the same list made in Rust: any people, filter, order and page size, both directions.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::access::role::RoleId;
use domain::core::ids::{AccountId, GroupId, IdentityId, InvitationId, LinkId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::{GrantSource, GrantedSystem, Platform, System, SystemGrant};
use domain::users::filter::UserFilter;
use domain::users::invitation::InvitationState;
use domain::users::order::{UserOrder, UserSortKey};
use domain::users::{LoginMethod, User, UserStatus};
use service::core::app::App;
use store::accounts::KeptCounts;
use store::systems::{SystemGrants, Systems};
use store::users::Users;
use store::users::list::{Effort, Giving, Key, Position, Selection, UserList, Window};
use testing::{Chance, TestApp, both_engines};

const NAMES: &[&str] = &["", "Ana", "Ána López", "ana lópez", "Łukasz", "Zoë 100%", "a_b", "O'Brien \"Bob\"", "Ćwik\\"];
const ROLES: &[&str] = &["admin", "builder", "publisher", "content_viewer"];
const NEEDLES: &[&str] =
    &["", "", "a", "an", "ana", "LÓPEZ", "%", "_", "\\", "\"bob", "example", "no such text", "na lop"];
const TWO: &[LoginMethod] = &[LoginMethod::Password];

/// An account with people, and who has what.
struct TestAccount {
    account: AccountId,
    users: Vec<User>,
    systems: Vec<SystemId>,
    held: HashSet<(UserId, SystemId)>,
    group: GroupId,
    members: HashSet<UserId>,
    invitations: HashMap<UserId, InvitationState>,
}

fn methods() -> Vec<LoginMethod> {
    [TWO, &[LoginMethod::Connection("okta".to_owned())]].concat()
}

async fn people(app: &TestApp, slug: &str, chance: &mut Chance, count: usize) -> TestAccount {
    let account = app.new_account(slug).await;
    let ids = &app.app;
    let systems: Vec<SystemId> = (0..4).map(|_| ids.new_id()).collect();
    let at = Timestamp::from_micros;
    let users: Vec<User> = (0..count)
        .map(|n| {
            let status = chance.one(UserStatus::ALL);
            User {
                id: ids.new_id(),
                account_id: account,
                identity_id: ids.new_id::<IdentityId>(),
                email: format!(
                    "{}{n}@{}",
                    chance.one(&["ana", "lopez", "b_b", "zoe"]),
                    chance.one(&["example.com", "acme.example"])
                )
                .parse()
                .unwrap(),
                name: chance.one(NAMES).parse().ok(),
                role_id: chance.one(ROLES).parse().unwrap(),
                status,
                login_method: chance.one(&methods()),
                sso_id: None,
                created_at: at(chance.below(30) as i64),
                activated_at: None,
                last_login_at: (chance.below(3) > 0).then(|| at(1 + chance.below(20) as i64)),
                credentials_valid_from: at(0),
                deleted_at: (status == UserStatus::Deleted).then(|| at(5)),
                status_before_deletion: None,
                version: 1,
            }
        })
        .collect();
    let mut tx = app.app.db.write().await.unwrap();
    let mut bound = store::InAccount { tx: &mut tx, account };
    for (n, id) in systems.iter().enumerate() {
        let name = format!("System {n}");
        Systems::of(&mut bound)
            .insert(&System { id: *id, name, platform: Platform::Web, created_at: at(0), deleted_at: None, version: 1 })
            .await
            .unwrap();
    }
    Users::of(&mut bound).insert(&users).await.unwrap();
    for user in &users {
        KeptCounts::of(&mut bound).add(user.status, &user.role_id, &user.login_method, 1).await.unwrap();
    }
    let mut held = HashSet::new();
    let mut grants = Vec::new();
    for user in &users {
        let all = (chance.below(20) == 0).then_some(GrantedSystem::All);
        for system in chance.some(&systems).into_iter().map(GrantedSystem::One).chain(all) {
            let ends_at = chance.one(&[None, None, Some(at(1)), Some(at(1_000))]);
            if ends_at != Some(at(1)) {
                match system {
                    GrantedSystem::All => held.extend(systems.iter().map(|system| (user.id, *system))),
                    GrantedSystem::One(system) => held.extend([(user.id, system)]),
                }
            }
            let grant = SystemGrant {
                user_id: user.id,
                system_id: system,
                source: GrantSource::Manual,
                source_id: grants.len().to_string(),
                role_id: None,
                granted_by: "operator".to_owned(),
                granted_at: at(0),
                starts_at: None,
                ends_at,
            };
            grants.push(grant);
        }
    }
    SystemGrants::of(&mut bound).insert(&grants).await.unwrap();
    let group: GroupId = ids.new_id();
    tx.sql("INSERT INTO groups (account_id, id, name, name_key, description, created_at, version) VALUES ($1, $2, 'G', 'g', '', 0, 1)").bind(&account).bind(&group).run().await.unwrap();
    tx.sql("INSERT INTO group_systems (account_id, group_id, system_id, source, granted_by, granted_at) VALUES ($1, $2, $3, 'manual', '', 0)").bind(&account).bind(&group).bind(&systems[3]).run().await.unwrap();
    let mut members = HashSet::new();
    for user in &users {
        if chance.below(10) == 0 {
            tx.sql("INSERT INTO group_members (account_id, group_id, user_id, source, granted_by, granted_at) VALUES ($1, $2, $3, 'manual', '', 0)").bind(&account).bind(&group).bind(&user.id).run().await.unwrap();
            held.insert((user.id, systems[3]));
            members.insert(user.id);
        }
    }
    let invitations = invited(&mut tx, ids, &users, chance).await;
    tx.commit().await.unwrap();
    TestAccount { account, users, systems, held, group, members, invitations }
}

/// Gives provisioned users invitations of every kind, and says how each stands.
async fn invited(
    tx: &mut store::Tx,
    ids: &App,
    users: &[User],
    chance: &mut Chance,
) -> HashMap<UserId, InvitationState> {
    let at = Timestamp::from_micros;
    let admin =
        users.iter().find(|user| user.status == UserStatus::Active && user.role_id.as_str() == "admin").unwrap();
    let mut states = HashMap::new();
    for user in users.iter().filter(|user| user.status == UserStatus::Provisioned) {
        // Until when, what ended the link, whether the inviter lost the right.
        let kinds = [
            (1_000, "", false),
            (400, "", false),
            (400, "replaced", false),
            (1_000, "revoked", false),
            (1_000, "", true),
        ];
        let Some((until, ended_as, is_lost)) = kinds.get(chance.below(6)).copied() else { continue };
        let by = chance.one(&["operator".to_owned(), admin.id.to_string()]);
        let lost_at = is_lost.then(|| at(1));
        tx.sql("INSERT INTO invitations (account_id, id, user_id, invited_by, state, sent_count, created_at, last_sent_at, given_at, expires_at, lost_at) VALUES ($1, $2, $3, $4, 'pending', 1, 0, 0, 0, $5, $6)")
            .bind(&user.account_id).bind(&ids.new_id::<InvitationId>()).bind(&user.id).bind(&by).bind(&at(until)).bind(&lost_at)
            .run().await.unwrap();
        let (ended_at, ended_as) =
            (Some(at(2)).filter(|_| !ended_as.is_empty()), Some(ended_as.to_owned()).filter(|word| !word.is_empty()));
        let id = ids.new_id::<LinkId>();
        tx.sql("INSERT INTO links (id, token_hash, purpose, account_id, identity_id, user_id, created_at, expires_at, by_admin, ended_at, ended_as) VALUES ($1, $1, 'activation', $2, $3, $4, 0, $5, FALSE, $6, $7)")
            .bind(&id).bind(&user.account_id).bind(&user.identity_id).bind(&user.id).bind(&at(until)).bind(&ended_at).bind(&ended_as)
            .run().await.unwrap();
        let link_until = ended_as.is_none().then(|| at(until));
        states.insert(user.id, domain::users::invitation::state(at(until), link_until, !is_lost, at(500)));
    }
    states
}

/// Admins may give every role.
fn giving() -> Vec<Giving> {
    vec![Giving { holders: vec![RoleId::admin()], given: ROLES.iter().map(|role| role.parse().unwrap()).collect() }]
}

/// What the order compares, with the id.
fn place(user: &User, by: UserSortKey) -> (String, i64, String, String) {
    let Position { rank, key, id } = Position::of(user, by);
    let (number, text) = match key {
        Key::Number(number) => (number, String::new()),
        Key::Text(text) => (0, text),
    };
    (rank, number, text, id.to_string())
}

fn expected(world: &TestAccount, filter: &UserFilter, order: UserOrder) -> Vec<UserId> {
    let mut users: Vec<&User> = world
        .users
        .iter()
        .filter(|user| {
            let has = |system| world.held.contains(&(user.id, system));
            let is_in = |group| group == world.group && world.members.contains(&user.id);
            filter.matches(user, has, is_in, world.invitations.get(&user.id).copied())
        })
        .collect();
    users.sort_by_key(|user| place(user, order.by));
    if order.descending {
        users.reverse();
    }
    users.iter().map(|user| user.id).collect()
}

async fn walk(
    app: &TestApp,
    account: AccountId,
    selection: &Selection,
    order: UserOrder,
    limit: usize,
    backward: bool,
) -> Vec<UserId> {
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = store::InAccount { tx: &mut tx, account };
    let counts = KeptCounts::of(&mut bound).all().await.unwrap();
    let mut window = Window { order, from: None, backward, limit };
    let mut found = Vec::new();
    loop {
        let (users, more) = UserList::of(&mut bound).page(selection, &counts, &window).await.unwrap();
        let ids = users.iter().map(|user| user.id);
        let edge = if backward { users.first() } else { users.last() };
        window.from = edge.map(|user| Position::of(user, order.by));
        if backward {
            found.splice(0..0, ids);
        } else {
            found.extend(ids);
        }
        if !more {
            return found;
        }
    }
}

#[both_engines]
async fn t6_all_pages_together_are_the_list_in_both_directions_and_accounts_never_mix(app: TestApp) {
    let mut chance = Chance::from_seed(7);
    let one = people(&app, "one", &mut Chance::from_seed(1), 160).await;
    let two = people(&app, "two", &mut Chance::from_seed(1), 160).await;
    let mut seen = BTreeMap::new();
    for round in 0..150 {
        let world = if round % 2 == 0 { &one } else { &two };
        let filter = UserFilter {
            q: chance.one(NEEDLES).to_owned(),
            status: chance.some(UserStatus::ALL),
            role: chance.some(ROLES).iter().map(|role| role.parse().unwrap()).collect(),
            system: chance.some(&world.systems),
            group: if chance.below(5) == 0 { vec![world.group] } else { Vec::new() },
            login_method: chance.some(&methods()),
            invitation: if chance.below(3) == 0 { chance.some(InvitationState::ALL) } else { Vec::new() },
        };
        let order = UserOrder { by: chance.one(UserSortKey::ALL), descending: chance.below(2) == 0 };
        let effort = chance.one(&[
            Effort::default(),
            Effort { small_account: 0, looks_per_row: 1, most_candidates: 20, most_looks: 5 },
            Effort { small_account: 0, looks_per_row: 1, most_candidates: 1_000, most_looks: 1 },
        ]);
        let systems = Some(filter.system.clone()).filter(|systems| !systems.is_empty());
        let selection = Selection {
            filter: filter.clone(),
            systems,
            giving: giving(),
            now: Timestamp::from_micros(500),
            search: app.app.db.search_index(),
            effort,
        };
        let wanted = expected(world, &filter, order);
        let limit = 1 + chance.below(60);
        for backward in [false, true] {
            let found = walk(&app, world.account, &selection, order, limit, backward).await;
            assert_eq!(found, wanted, "round {round}: {filter:?} {order} limit {limit} backward {backward} {effort:?}");
        }
        let mut tx = app.app.db.read().await.unwrap();
        let mut bound = store::InAccount { tx: &mut tx, account: world.account };
        let counts = KeptCounts::of(&mut bound).all().await.unwrap();
        let total = UserList::of(&mut bound).total(&selection, &counts).await.unwrap();
        assert_eq!((total.users, total.is_exact), (wanted.len() as i64, true), "{filter:?}");
        *seen.entry(wanted.len().min(3)).or_insert(0) += 1;
    }
    assert!(seen.len() == 4, "the filters find nobody, one, two and many: {seen:?}");
}
