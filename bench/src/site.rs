//! A server as it is in production, with an account of so many people, in this process.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use domain::access::catalog::Catalog;
use domain::activity::Origin;
use domain::activity::actions::Action;
use domain::core::ids::SystemId;
use domain::sign_in::identity::Identity;
use domain::systems::{GrantSource, GrantedSystem, Platform, SystemGrant};
use domain::users::{User, UserStatus};
use service::core::app::{App, MailLimits, Parts, Settings};
use service::core::caller::Caller;
use service::core::change::Touches;
use service::core::clock::SystemClock;
use service::core::entry::Entry;
use service::core::passwords::{HashCost, PasswordPool};
use service::core::random::OsRandom;
use service::core::secrets::{InstallationKey, LINK_PREFIX, Token};
use service::installation::setup::{self, FirstAdmin};
use service::sign_in::Browser;
use store::sign_in::identities::Identities;
use store::systems::SystemGrants;
use store::users::Users;
use store::{DatabaseConfig, Db, OpenAs, Tenant};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The password of everybody.
pub const PASSWORD: &str = "correct-horse-battery";

/// The server.
pub struct Site {
    pub app: App,
    pub address: SocketAddr,
    /// The cookie of the first admin's session.
    pub cookie: String,
    pub users: Vec<User>,
    pub systems: Vec<SystemId>,
    directory: TempDir,
}

impl Site {
    /// The file of its database.
    pub fn database(&self) -> PathBuf {
        self.directory.path().join("bench.db")
    }

    /// Starts it with this many people, each with every third of eleven systems.
    pub async fn start(people: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = DatabaseConfig { path: directory.path().join("bench.db"), ..DatabaseConfig::default() };
        let cores = std::thread::available_parallelism().unwrap().get();
        let app = App::new(Parts {
            db: Db::open(&config, OpenAs::Server).await.unwrap(),
            catalog: Catalog::shipped().unwrap(),
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom::default()),
            passwords: PasswordPool::start(cores, HashCost::OWASP).unwrap(),
            key: InstallationKey::new(&[7; 32]),
            settings: Settings {
                public_url: "http://bench".to_owned(),
                mail_limits: MailLimits::default(),
                reply_to: mail::ReplyTo::default(),
            },
        });
        let cookie = set_up(&app).await;
        let (users, systems) = fill(&app, people).await;
        let address = serve(&app).await;
        Self { app, address, cookie, users, systems, directory }
    }
}

async fn set_up(app: &App) -> String {
    setup::claim_key(app).await.unwrap();
    let link = setup::link(app).await.unwrap().unwrap();
    let token = Token::read(LINK_PREFIX, link.rsplit('/').next().unwrap()).unwrap();
    let first = FirstAdmin {
        account_name: "Bench".parse().unwrap(),
        slug: Some("bench".to_owned().try_into().unwrap()),
        email: "admin@bench.example".parse().unwrap(),
        name: "Ada Admin".parse().unwrap(),
        password: PASSWORD.to_owned(),
        locale: None,
    };
    let browser = Browser { user_agent: "bench".to_owned(), device: None, session: None };
    let signed_in = setup::set_up(app, &token, first, Origin::default(), &browser).await.unwrap();
    format!("__Host-portcullis={}", signed_in.token.reveal())
}

async fn fill(app: &App, people: usize) -> (Vec<User>, Vec<SystemId>) {
    let account = service::sign_in::authentication::resolve(app, "bench").await.unwrap();
    let caller = Caller::operator(account);
    let hash = app.passwords.hash(PASSWORD.to_owned(), [7; 16]).await.unwrap();
    let mut change = app.change_in(&caller, account).await.unwrap();
    let mut systems = Vec::new();
    for number in 0..11 {
        let name = format!("System {number}").parse().unwrap();
        systems.push(service::systems::add(&mut change, &name, Platform::Web).await.unwrap().id);
    }
    let mut users = Vec::new();
    for number in 0..people {
        let email = format!("person{number}@bench.example").parse().unwrap();
        let identity = Identity { name: Some("Bench Person".parse().unwrap()), ..change.new_identity(email) };
        Identities(change.tx()).insert(std::slice::from_ref(&identity)).await.unwrap();
        let now = change.now();
        Identities(change.tx()).set_password(identity.id, &hash, now).await.unwrap();
        let user = User { status: UserStatus::Active, ..change.new_user(&identity, "publisher".parse().unwrap()) };
        Users::of(&mut change).insert(std::slice::from_ref(&user)).await.unwrap();
        let grants: Vec<_> =
            systems.iter().skip(number % 3).step_by(3).map(|system| grant(&user, *system, now)).collect();
        SystemGrants::of(&mut change).insert(&grants).await.unwrap();
        change.count_in(&user);
        users.push(user);
    }
    change.commit(Entry::new(Action::AccountDemoFilled, Vec::new()), Touches::Account).await.unwrap();
    (users, systems)
}

fn grant(user: &User, system_id: SystemId, at: domain::core::timestamp::Timestamp) -> SystemGrant {
    SystemGrant {
        user_id: user.id,
        system_id: GrantedSystem::One(system_id),
        source: GrantSource::Manual,
        source_id: String::new(),
        role_id: None,
        granted_by: "operator".to_owned(),
        granted_at: at,
        starts_at: None,
        ends_at: None,
    }
}

async fn serve(app: &App) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = web::WebSettings {
        is_development: false,
        development_port: None,
        trusted_proxies: vec!["127.0.0.1".parse().unwrap()],
        requests_per_minute: NonZeroU32::MAX,
        request_timeout: web::REQUEST_TIMEOUT,
        connections: web::ConnectionLimits::default(),
        streams: web::StreamLimits::default(),
    };
    let (router, site) = web::mount(app.clone(), settings);
    tokio::spawn(web::serve(listener, router, site, std::future::pending()));
    address
}
