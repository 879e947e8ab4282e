//! An account full of people, made by a counter: the same in every run.

use std::collections::HashMap;

use domain::core::ids::{AccountId, Id, IdentityId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::{GrantSource, GrantedSystem, Platform, System, SystemGrant};
use domain::users::{LoginMethod, User, UserStatus};
use store::accounts::KeptCounts;
use store::systems::{SystemGrants, Systems};
use store::users::Users;
use store::{Db, InAccount};
use uuid::Uuid;

const FIRST: &[&str] = &[
    "Ana", "Łukasz", "José", "Mei", "Fatima", "Olga", "Søren", "Priya", "John", "Mary", "Ahmed", "Chloë", "Ivan",
    "Yuki", "Anna", "Peter", "Lena", "Marco", "Ingrid", "Tariq", "Zoë", "Paul", "Nina", "Omar", "Sara", "Hans", "Eva",
    "Luis", "Kofi", "Amara", "Dmitri", "Hana", "Björn", "Clara", "Diego", "Elif", "Farid", "Greta", "Hugo", "Irene",
];
const LAST: &[&str] = &[
    "López",
    "Nowak",
    "García",
    "Chen",
    "Haddad",
    "Petrova",
    "Jensen",
    "Sharma",
    "Smith",
    "Jones",
    "Khan",
    "Dubois",
    "Müller",
    "Tanaka",
    "Kowalska",
    "Novák",
    "Rossi",
    "Berg",
    "Aziz",
    "Okafor",
    "Silva",
    "Kim",
    "Nguyen",
    "Andersson",
    "Weber",
    "Fischer",
    "Costa",
    "Moreau",
    "Yılmaz",
    "Popescu",
    "Horváth",
    "Ivanova",
    "Schmidt",
    "Brown",
    "Wilson",
    "Taylor",
    "Martin",
    "Lee",
    "Walker",
    "Hall",
    "Young",
    "King",
    "Wright",
    "Scott",
    "Green",
    "Baker",
    "Adams",
];
const ROLES: &[&str] = &[
    "builder",
    "builder",
    "builder",
    "content_manager",
    "content_manager",
    "analyst",
    "publisher",
    "viewer",
    "project_manager",
    "system_manager",
];

/// SplitMix64.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    pub fn id<T: Id>(&mut self, millis: u64) -> T {
        let mut random = [0; 10];
        random.iter_mut().for_each(|byte| *byte = self.next() as u8);
        T::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

/// What was made.
pub struct People {
    pub account: AccountId,
    pub systems: Vec<SystemId>,
}

/// The first instant of the account.
const BEGIN: i64 = 1_800_000_000_000_000;

/// Fills a new account with so many people and eleven systems. The last system is a rare one.
pub async fn fill(db: &Db, number: u128, people: usize) -> Result<People, store::StoreError> {
    let account = AccountId::from_uuid(Uuid::from_u128(number));
    let mut chance = Chance::new(number as u64);
    let systems: Vec<SystemId> = (0..11).map(|_| chance.id(1_800_000_000_000)).collect();
    let mut counts: HashMap<(UserStatus, String, String), i64> = HashMap::new();
    let mut made = 0;
    let mut tx = db.write().await?;
    for (place, id) in systems.iter().enumerate() {
        let name = format!("System {place}");
        let created_at = Timestamp::from_micros(BEGIN);
        let system = System { id: *id, name, platform: Platform::Web, created_at, deleted_at: None, version: 1 };
        Systems::of(&mut InAccount { tx: &mut tx, account }).insert(&system).await?;
    }
    let filled: &[&str] = if people > 10_000 { &["users", "system_grants"] } else { &[] };
    let dropped = tx.drop_indexes(filled).await?;
    tx.commit().await?;
    while made < people {
        let some = (people - made).min(10_000);
        let users: Vec<User> = (made..made + some).map(|n| user(&mut chance, account, n)).collect();
        let grants: Vec<SystemGrant> = users.iter().filter_map(|user| grant(&mut chance, user, &systems)).collect();
        for user in &users {
            let key = (user.status, user.role_id.to_string(), user.login_method.to_string());
            *counts.entry(key).or_default() += 1;
        }
        let mut tx = db.write().await?;
        Users::of(&mut InAccount { tx: &mut tx, account }).insert(&users).await?;
        SystemGrants::of(&mut InAccount { tx: &mut tx, account }).insert(&grants).await?;
        tx.commit().await?;
        made += some;
    }
    let mut tx = db.write().await?;
    tx.restore_indexes(dropped).await?;
    for ((status, role, method), users) in counts {
        let (role, method) = (role.parse().unwrap(), method.parse().unwrap());
        KeptCounts::of(&mut InAccount { tx: &mut tx, account }).add(status, &role, &method, users).await?;
    }
    tx.commit().await?;
    Ok(People { account, systems })
}

fn user(chance: &mut Chance, account: AccountId, n: usize) -> User {
    let (first, last) = (chance.one_of(FIRST), chance.one_of(LAST));
    let created = BEGIN + n as i64 * 1_000_000;
    let local = domain::core::search_text::search_key(&format!("{first}.{last}")).replace(' ', "");
    let status = match chance.below(100) {
        0..=79 => UserStatus::Active,
        80..=91 => UserStatus::Provisioned,
        92..=97 => UserStatus::Inactive,
        _ => UserStatus::Deleted,
    };
    let login_method = match chance.below(100) {
        0..=89 => LoginMethod::Password,
        90..=98 => LoginMethod::Connection("okta".to_owned()),
        _ => LoginMethod::Connection("entra".to_owned()),
    };
    let invited = status == UserStatus::Provisioned;
    let role = if chance.below(1_000) == 0 { "admin" } else { chance.one_of(ROLES) };
    User {
        id: chance.id::<UserId>((created / 1_000) as u64),
        account_id: account,
        identity_id: chance.id::<IdentityId>((created / 1_000) as u64),
        email: format!("{local}{}@example.com", chance.next() % 1_000 * 10_000_000 + n as u64).parse().unwrap(),
        name: if invited { None } else { format!("{first} {last}").parse().ok() },
        role_id: role.parse().unwrap(),
        status,
        login_method,
        sso_id: None,
        created_at: Timestamp::from_micros(created),
        activated_at: (!invited).then(|| Timestamp::from_micros(created + 1)),
        last_login_at: (!invited).then(|| Timestamp::from_micros(created + chance.below(1_000_000_000) as i64 * 1_000)),
        credentials_valid_from: Timestamp::from_micros(0),
        deleted_at: (status == UserStatus::Deleted).then(|| Timestamp::from_micros(created + 2)),
        status_before_deletion: (status == UserStatus::Deleted).then_some(UserStatus::Active),
        version: 1,
    }
}

fn grant(chance: &mut Chance, user: &User, systems: &[SystemId]) -> Option<SystemGrant> {
    let system_id = if chance.below(500) == 0 {
        GrantedSystem::All
    } else if chance.below(2_000) == 0 {
        GrantedSystem::One(*systems.last()?)
    } else {
        GrantedSystem::One(systems[chance.below(systems.len() - 1)])
    };
    Some(SystemGrant {
        user_id: user.id,
        system_id,
        source: GrantSource::Manual,
        source_id: String::new(),
        role_id: None,
        granted_by: "operator".to_owned(),
        granted_at: user.created_at,
        starts_at: None,
        ends_at: None,
    })
}
