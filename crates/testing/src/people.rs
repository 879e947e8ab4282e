//! People and accounts as a test needs them, put straight into the database: for proofs that need many at once, or in a
//! state that takes many steps to reach. What a person would do, tests do through HTTP.

use domain::access::role::RoleId;
use domain::accounts::settings::AccountSettings;
use domain::accounts::{Account, AccountKind};
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::ids::{AccountId, ApiKeyId, CustomRoleId, GroupId, InvitationId, LinkId, SystemId};
use domain::core::slug::Slug;
use domain::core::timestamp::Seconds;
use domain::credentials::link::{Link, LinkPurpose};
use domain::sign_in::identity::Identity;
use domain::sign_in::session::Assurance;
use domain::systems::{GrantedSystem, Platform, System, SystemGrant};
use domain::users::{User, UserStatus};
use serde_json::Value;
use service::core::caller::Caller;
use service::core::change::{Change, Touches};
use service::core::entry::Entry;
use service::core::secrets::{DEVICE_PREFIX, SESSION_PREFIX, Token};
use service::installation::setup::new_account;
use service::sign_in::Browser;
use store::Tenant;
use store::api_keys::{ApiKey, ApiKeys};
use store::credentials::links::{Links, NewLink};
use store::invitations::{Invitation, Invitations};
use store::sign_in::identities::Identities;
use store::systems::{SystemGrants, Systems};
use store::users::Users;

use crate::app::{ADMIN_PASSWORD, TestApp};
use crate::client::Client;

const SESSION_COOKIE: &str = "__Host-portcullis";
const DEVICE_COOKIE: &str = "__Host-portcullis-device";

/// Someone to be put into an account.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The person's address.
    pub email: String,
    /// The person's role.
    pub role: RoleId,
    /// Where they stand.
    pub status: UserStatus,
    /// The systems they have.
    pub systems: Vec<GrantedSystem>,
}

impl NewPerson {
    /// An active person with this role.
    pub fn new(email: &str, role: &str) -> Self {
        Self { email: email.to_owned(), role: role.parse().unwrap(), status: UserStatus::Active, systems: Vec::new() }
    }

    /// The same in another status.
    #[must_use]
    pub fn who_is(self, status: UserStatus) -> Self {
        Self { status, ..self }
    }

    /// The same with these systems.
    #[must_use]
    pub fn with(self, systems: &[SystemId]) -> Self {
        Self { systems: systems.iter().copied().map(GrantedSystem::One).collect(), ..self }
    }

    /// The same with every system, future ones too.
    #[must_use]
    pub fn with_all_systems(self) -> Self {
        Self { systems: vec![GrantedSystem::All], ..self }
    }
}

impl TestApp {
    /// The account that every test starts with.
    pub async fn acme(&self) -> AccountId {
        service::sign_in::authentication::resolve(&self.app, "acme").await.unwrap()
    }

    /// A new account with no one in it.
    pub async fn new_account(&self, slug: &str) -> AccountId {
        let slug = Slug::parse(slug).unwrap();
        let account: Account =
            new_account(&self.app, slug.to_string(), slug, AccountKind::Customer, AccountSettings::default());
        let mut tx = self.app.db.write().await.unwrap();
        service::installation::setup::insert_account(&self.app, &mut tx, &account).await.unwrap();
        tx.commit().await.unwrap();
        account.id
    }

    /// Puts people into an account, all with the password of all test people.
    pub async fn add_people(&self, account: AccountId, people: &[NewPerson]) -> Vec<User> {
        let salt = service::credentials::new_password::salt(&self.app);
        let hash = self.app.passwords.hash(ADMIN_PASSWORD.to_owned(), salt).await.unwrap();
        let caller = Caller::operator(account);
        let mut change = self.app.change_in(&caller, account).await.unwrap();
        let mut users = Vec::new();
        for person in people {
            users.push(add(&mut change, person, &hash).await);
        }
        change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::Account).await.unwrap();
        users
    }

    /// Puts one person into an account.
    pub async fn add_person(&self, account: AccountId, person: NewPerson) -> User {
        self.add_people(account, &[person]).await.remove(0)
    }

    /// A system of an account.
    pub async fn add_system(&self, account: AccountId, name: &str) -> SystemId {
        let caller = Caller::operator(account);
        let mut change = self.app.change_in(&caller, account).await.unwrap();
        let system = System {
            id: change.new_id(),
            name: name.to_owned(),
            platform: Platform::Web,
            created_at: change.now(),
            deleted_at: None,
            version: 1,
        };
        Systems::of(&mut change).insert(&system).await.unwrap();
        change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::Account).await.unwrap();
        system.id
    }

    /// A group of an account with these members and systems; groups have no operations yet.
    pub async fn add_group(&self, account: AccountId, name: &str, members: &[User], systems: &[SystemId]) -> GroupId {
        let (id, at) = (self.app.new_id::<GroupId>(), self.app.clock.now());
        let mut tx = self.app.db.write().await.unwrap();
        let text = "INSERT INTO groups (account_id, id, name, name_key, description, created_at, version) VALUES ($1, $2, $3, $3, '', $4, 1)";
        tx.sql(text).bind(&account).bind(&id).bind(name).bind(&at).run().await.unwrap();
        for user in members {
            let text = "INSERT INTO group_members (account_id, group_id, user_id, source, granted_by, granted_at) VALUES ($1, $2, $3, 'manual', 'operator', $4)";
            tx.sql(text).bind(&account).bind(&id).bind(&user.id).bind(&at).run().await.unwrap();
        }
        for system in systems {
            let text = "INSERT INTO group_systems (account_id, group_id, system_id, source, granted_by, granted_at) VALUES ($1, $2, $3, 'manual', 'operator', $4)";
            tx.sql(text).bind(&account).bind(&id).bind(system).bind(&at).run().await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    /// A custom role of an account; `levels` as in the catalog: `{"manage_users": "edit"}`.
    pub async fn add_role(&self, account: AccountId, name: &str, levels: Value) -> RoleId {
        let mut tx = self.app.db.write().await.unwrap();
        let id: CustomRoleId = self.app.new_id();
        let id: RoleId = id.to_string().parse().unwrap();
        tx.sql(
            "INSERT INTO roles (account_id, id, name, name_key, description, levels, created_at, version) \
             VALUES ($1, $2, $3, $3, '', $4, $5, 1)",
        )
        .bind(&account)
        .bind(&id)
        .bind(name)
        .bind(&levels.to_string())
        .bind(&self.app.clock.now())
        .run()
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A browser in which this person just signed in, and which entered the account that it looks at. Any status: what it opens is the question.
    pub async fn browser_of(&self, slug: &str, user: &User) -> Client {
        let caller = Caller::operator(user.account_id);
        let mut change = self.app.change_in(&caller, user.account_id).await.unwrap();
        let identity = Identities(change.tx()).find(user.identity_id).await.unwrap().unwrap();
        let browser = Browser { user_agent: "test".to_owned(), device: None, session: None };
        let signed_in =
            service::sign_in::open_session(&mut change, &identity, &browser, Assurance::Password).await.unwrap();
        service::sign_in::entering::enter(&mut change, user, &signed_in.session).await.unwrap();
        change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::People).await.unwrap();
        let client = Client::new(self.base(), slug);
        client.set_cookie(SESSION_COOKIE, signed_in.token.reveal());
        client
    }

    /// Signs a person in with this browser, in place of whoever is signed in with it. Their session is in no account yet; `nobodys` is an
    /// account that they are not in, whose log tells of it.
    pub async fn open_session(&self, nobodys: AccountId, email: &str, browser: &Client) {
        let caller = Caller::operator(nobodys);
        let mut change = self.app.change_in(&caller, nobodys).await.unwrap();
        let identity = Identities(change.tx()).find_by_email(&email.parse().unwrap()).await.unwrap().unwrap();
        let [session, device] = [(SESSION_COOKIE, SESSION_PREFIX), (DEVICE_COOKIE, DEVICE_PREFIX)]
            .map(|(cookie, prefix)| browser.cookie(cookie).and_then(|text| Token::read(prefix, &text)));
        let with = Browser { user_agent: "test".to_owned(), device, session };
        let signed_in =
            service::sign_in::open_session(&mut change, &identity, &with, Assurance::Password).await.unwrap();
        change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::People).await.unwrap();
        browser.set_cookie(SESSION_COOKIE, signed_in.token.reveal());
        browser.set_cookie(DEVICE_COOKIE, signed_in.device.reveal());
    }

    /// The token of a new link for this person.
    pub async fn link_of(&self, user: &User, purpose: LinkPurpose) -> String {
        self.links_of(std::slice::from_ref(user), purpose).await.remove(0)
    }

    /// The tokens of new links, one for each of these people.
    pub async fn links_of(&self, users: &[User], purpose: LinkPurpose) -> Vec<String> {
        let (mut links, mut tokens) = (Vec::new(), Vec::new());
        let now = self.app.clock.now();
        for user in users {
            let link = Link {
                id: self.app.new_id::<LinkId>(),
                purpose,
                account_id: Some(user.account_id),
                identity_id: Some(user.identity_id),
                user_id: Some(user.id),
                expires_at: now.plus(Seconds::days(7)),
                by_admin: false,
                ended_as: None,
            };
            let token = self.app.link_token(link.id);
            tokens.push(token.reveal().to_owned());
            links.push(NewLink { link, token_hash: token.hash() });
        }
        let mut tx = self.app.db.write().await.unwrap();
        store::credentials::links::Links(&mut tx).insert(&links, now).await.unwrap();
        tx.commit().await.unwrap();
        tokens
    }

    /// The secret of a new API key of this person, and its id.
    pub async fn key_of(&self, user: &User) -> (String, ApiKeyId) {
        let catalog = &self.app.catalog;
        let all = catalog.role(&RoleId::admin()).unwrap().levels;
        let cells = catalog
            .permissions()
            .iter()
            .map(|entry| (entry.key.clone(), catalog.grant(&all, entry).to_string().into()));
        self.key_with(user, &Value::Object(cells.collect()).to_string()).await
    }

    /// The secret of a new API key of this person that was given no more than `levels`, and its id.
    pub async fn key_with(&self, user: &User, levels: &str) -> (String, ApiKeyId) {
        let token =
            service::core::secrets::Token::new(service::core::secrets::API_KEY_PREFIX, &self.app.random.secret());
        let caller = Caller::operator(user.account_id);
        let mut change = self.app.change_in(&caller, user.account_id).await.unwrap();
        let key = ApiKey {
            account_id: user.account_id,
            id: change.new_id(),
            user_id: user.id,
            name: "test".to_owned(),
            levels: levels.to_string(),
            created_at: change.now(),
            expires_at: None,
            ended_at: None,
        };
        ApiKeys::of(&mut change).insert(&key, &token.hash()).await.unwrap();
        change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::Account).await.unwrap();
        (token.reveal().to_owned(), key.id)
    }
}

async fn add(change: &mut Change<'_>, person: &NewPerson, hash: &str) -> User {
    let email = EmailAddress::parse(&person.email).unwrap();
    let now = change.now();
    let identity = match Identities(change.tx()).find_by_email(&email).await.unwrap() {
        Some(known) => known,
        None => {
            let name = Some("Test Person".parse().unwrap());
            let identity = Identity { name, email_verified_at: Some(now), ..change.new_identity(email) };
            Identities(change.tx()).insert(std::slice::from_ref(&identity)).await.unwrap();
            if person.status != UserStatus::Provisioned {
                Identities(change.tx()).set_password(identity.id, hash, now).await.unwrap();
            }
            identity
        }
    };
    let deleted = person.status == UserStatus::Deleted;
    let user = User {
        status: person.status,
        activated_at: (person.status != UserStatus::Provisioned).then_some(now),
        deleted_at: deleted.then_some(now),
        status_before_deletion: deleted.then_some(UserStatus::Active),
        ..change.new_user(&identity, person.role.clone())
    };
    Users::of(change).insert(std::slice::from_ref(&user)).await.unwrap();
    change.count_in(&user);
    change.touch_identity(identity.id);
    if person.status == UserStatus::Provisioned {
        invite(change, &user).await;
    }
    let grants: Vec<SystemGrant> = person.systems.iter().map(|system| change.new_grant(user.id, *system)).collect();
    SystemGrants::of(change).insert(&grants).await.unwrap();
    user
}

async fn invite(change: &mut Change<'_>, user: &User) {
    let now = change.now();
    let invitation = Invitation {
        id: change.new_id::<InvitationId>(),
        user_id: user.id,
        invited_by: "operator".to_owned(),
        note: None,
        sent_count: 1,
        created_at: now,
        last_sent_at: now,
        given_at: now,
        expires_at: now.plus(Seconds::days(7)),
        lost_at: None,
    };
    Invitations::of(change).insert(&[invitation]).await.unwrap();
    let link = change.new_link(LinkPurpose::Activation, user, Seconds::days(7));
    Links(change.tx()).insert(&[link], now).await.unwrap();
}
