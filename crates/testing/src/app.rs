//! A server of its own for one test.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use domain::access::catalog::Catalog;
use domain::core::timestamp::Seconds;
use serde_json::{Value, json};
use service::core::app::{App, MailLimits, Parts, Settings};
use service::core::passwords::{HashCost, PasswordPool};
use service::core::secrets::InstallationKey;
use store::Engine;
use store::testing::TestDatabase;
use tokio::net::TcpListener;
use web::{ConnectionLimits, WebSettings};

use crate::client::Client;
use crate::world::TestWorld;

/// Address of the admin that every [`TestApp`] starts with.
pub const ADMIN_EMAIL: &str = "ada@acme.example";
/// Password of every person that tests make.
pub const ADMIN_PASSWORD: &str = "correct-horse-battery";

/// The address people reach the installation under, as far as links are concerned.
pub const PUBLIC_URL: &str = "https://admin.example.test";

/// A server with its own database, clock and account `acme`, whose admin is signed in.
pub struct TestApp {
    /// The application behind the server, for what has no route.
    pub app: App,
    /// The clock.
    pub world: Arc<TestWorld>,
    base: String,
    database: TestDatabase,
    admin: Client,
}

impl TestApp {
    /// Starts a server on an engine; `None` when there is no PostgreSQL to test with.
    pub async fn start(engine: Engine) -> Option<Self> {
        Self::start_with(engine, HashCost { memory_kib: 8, passes: 1 }).await
    }

    /// The same with passwords that cost as much to check as in earnest.
    pub async fn start_with(engine: Engine, cost: HashCost) -> Option<Self> {
        let database = match engine {
            Engine::Sqlite => TestDatabase::sqlite().await,
            Engine::Postgres => TestDatabase::postgres().await?,
        };
        let world = Arc::new(TestWorld::default());
        let app = App::new(Parts {
            db: database.db().clone(),
            catalog: Catalog::shipped().unwrap(),
            clock: Arc::<TestWorld>::clone(&world),
            random: Arc::<TestWorld>::clone(&world),
            passwords: PasswordPool::start(2, cost).unwrap(),
            key: InstallationKey::new(&[7; 32]),
            settings: Settings {
                public_url: PUBLIC_URL.to_owned(),
                mail_limits: MailLimits::default(),
                reply_to: mail::ReplyTo::default(),
            },
        });
        let base = serve(&app).await;
        let admin = Client::new(&base, "acme");
        set_up(&app, &admin).await;
        Some(Self { app, world, base, database, admin })
    }

    /// The address of the server.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The database behind the server.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// The signed-in first admin.
    pub fn admin(&self) -> &Client {
        &self.admin
    }

    /// A browser that has never been here, looking at `acme`.
    pub fn stranger(&self) -> Client {
        Client::new(&self.base, "acme")
    }

    /// Signs someone in with the password of all test people.
    pub async fn signed_in(&self, email: &str) -> Client {
        let client = self.stranger();
        client.post("/sign-in/password", json!({ "email": email, "password": ADMIN_PASSWORD })).await.ok(201);
        client
    }

    /// Moves the clock forward.
    pub fn pass(&self, span: Seconds) {
        self.world.pass(span);
    }

    /// A browser at the same installation, served as in production.
    pub async fn served_without_mailbox(&self) -> Client {
        Client::new(&serve_with(&self.app, WebSettings { is_development: false, ..settings() }).await, "acme")
    }

    /// The routes of the same installation, as in production.
    pub fn router_as_in_production(&self) -> impl std::fmt::Debug {
        web::mount(self.app.clone(), WebSettings { is_development: false, ..settings() }).0
    }

    /// A browser at the same installation, where one caller may make so many requests per minute.
    pub async fn served_with_budget(&self, requests_per_minute: u32) -> Client {
        let requests_per_minute = NonZeroU32::new(requests_per_minute).unwrap();
        Client::new(&serve_with(&self.app, WebSettings { requests_per_minute, ..settings() }).await, "acme")
    }

    /// A browser at the same installation, behind a proxy that the operator named: it says by `x-forwarded-for` where it is.
    pub async fn served_behind_proxy(&self) -> Client {
        let trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        Client::new(&serve_with(&self.app, WebSettings { trusted_proxies, ..settings() }).await, "acme")
    }

    /// The address of the same installation, where connections may take so much, those of these proxies apart.
    pub async fn served_within(&self, connections: ConnectionLimits, proxies: &[&str]) -> SocketAddr {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], listener.local_addr().unwrap().port()));
        let trusted_proxies = proxies.iter().map(|range| range.parse().unwrap()).collect();
        serve_on(&self.app, listener, WebSettings { connections, trusted_proxies, ..settings() });
        address
    }

    /// The address of the same installation, on IPv6 and IPv4, behind proxies of these ranges; `None` without IPv6 here.
    pub async fn served_on_both_families(&self, proxies: &[&str]) -> Option<SocketAddr> {
        let listener = TcpListener::bind("[::]:0").await.ok()?;
        let address = listener.local_addr().unwrap();
        let trusted_proxies = proxies.iter().map(|range| range.parse().unwrap()).collect();
        serve_on(&self.app, listener, WebSettings { trusted_proxies, ..settings() });
        Some(address)
    }

    /// The address of the same installation in development mode, which answers this machine only.
    pub async fn served_in_development(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        serve_on(&self.app, listener, WebSettings { development_port: Some(address.port()), ..settings() });
        address
    }

    /// The address of the same installation, where no request may take longer.
    pub async fn served_in_time(&self, request_timeout: std::time::Duration) -> String {
        serve_with(&self.app, WebSettings { request_timeout, ..settings() }).await
    }

    /// The address of the same installation, where answers that are written while they are read have these limits.
    pub async fn served_with_streams(&self, streams: web::StreamLimits) -> String {
        serve_with(&self.app, WebSettings { streams, ..settings() }).await
    }

    /// A browser at the same installation, which people reach at this address.
    pub async fn served_at(&self, public_url: &str) -> Client {
        self.node_with(|parts| parts.settings.public_url = public_url.to_owned()).await.client()
    }

    /// A browser at another node of the same installation.
    pub async fn second_node(&self) -> Client {
        self.another_node().await.client()
    }

    /// Another node of the same installation: its own memory, the same database.
    pub async fn another_node(&self) -> Node {
        self.node_with(|_| {}).await
    }

    /// Another node with connections of its own; PostgreSQL only, as a SQLite file has one server.
    pub async fn remote_node(&self) -> Node {
        let db = store::Db::open(self.database.config(), store::OpenAs::Server).await.unwrap();
        self.node_with(|parts| parts.db = db).await
    }

    /// Another node that differs in some of its parts.
    pub async fn node_with(&self, adjust: impl FnOnce(&mut Parts)) -> Node {
        let mut parts = Parts {
            db: self.app.db.clone(),
            catalog: Catalog::shipped().unwrap(),
            clock: Arc::<TestWorld>::clone(&self.world),
            random: Arc::<TestWorld>::clone(&self.world),
            passwords: self.app.passwords.clone(),
            key: self.app.key.clone(),
            settings: self.app.settings.clone(),
        };
        adjust(&mut parts);
        let app = App::new(parts);
        let base = serve(&app).await;
        Node { app, base }
    }
}

/// Another node of an installation.
pub struct Node {
    /// The application behind it.
    pub app: App,
    base: String,
}

impl Node {
    /// A browser that has never been here, looking at `acme`.
    pub fn client(&self) -> Client {
        Client::new(&self.base, "acme")
    }
}

async fn serve(app: &App) -> String {
    serve_with(app, settings()).await
}

fn settings() -> WebSettings {
    WebSettings {
        is_development: true,
        development_port: None,
        trusted_proxies: Vec::new(),
        requests_per_minute: NonZeroU32::MAX,
        request_timeout: web::REQUEST_TIMEOUT,
        connections: ConnectionLimits { most: usize::MAX, per_source: usize::MAX, ..ConnectionLimits::default() },
        streams: web::StreamLimits::default(),
    }
}

async fn serve_with(app: &App, settings: WebSettings) -> String {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    serve_on(app, listener, settings);
    base
}

fn serve_on(app: &App, listener: TcpListener, settings: WebSettings) {
    let (router, site) = web::mount(app.clone(), settings);
    tokio::spawn(web::serve(listener, router, site, std::future::pending()));
}

async fn set_up(app: &App, admin: &Client) -> Value {
    service::installation::setup::claim_key(app).await.unwrap();
    let link = service::installation::setup::link(app).await.unwrap().unwrap();
    let token = link.rsplit('/').next().unwrap();
    let body = json!({ "token": token, "account_name": "Acme", "slug": "acme", "email": ADMIN_EMAIL, "name": "Ada Admin", "password": ADMIN_PASSWORD });
    admin.post("/setup", body).await.ok(201)
}
