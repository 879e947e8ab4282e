//! The application: what every operation needs, made once at start.

use std::sync::Arc;

use domain::access::catalog::Catalog;
use domain::core::ids::{Id, LinkId};
use domain::credentials::link::LinkPurpose;
use store::Db;
use tokio::sync::{Notify, watch};

use crate::core::clock::Clock;
use crate::core::heavy_turns::HeavyTurns;
use crate::core::passwords::PasswordPool;
use crate::core::principals::Principals;
use crate::core::random::Random;
use crate::core::secrets::{InstallationKey, Token};
use crate::core::totals::Totals;
use crate::core::turns::{Changes, Reads};

/// What the operator configured and operations ask for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address under which people reach this installation, without a slash at the end. Every link starts with it (I8).
    pub public_url: String,
    /// Limits on mail, so that no one uses the server to flood mailboxes (I10).
    pub mail_limits: MailLimits,
    /// Where answers to mails go.
    pub reply_to: mail::ReplyTo,
}

impl Settings {
    /// The name of the machine in the public address, without its port.
    pub fn host(&self) -> &str {
        let rest = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, rest)| rest);
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        // An address of version 6 stands in brackets; no mail server asks for its name.
        if host.is_empty() || host.starts_with('[') { "localhost" } else { host }
    }

    /// The path below which people reach this installation, without a slash at its end; empty at the root of a host.
    pub fn path_prefix(&self) -> &str {
        let url = self.public_url.trim_end_matches('/');
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
    }
}

/// How much mail one party may cause.
#[derive(Debug, Clone, Copy)]
pub struct MailLimits {
    /// To one address within an hour, those of each account apart and those that people asked for without proof. More wait for their
    /// turn.
    pub per_recipient_hour: i64,
    /// To one address within an hour by the users of one account. More are refused.
    pub per_account_recipient_hour: i64,
    /// By one user within a day.
    pub per_sender_day: i64,
    /// By all users of one account within a day.
    pub per_account_day: i64,
}

impl Default for MailLimits {
    fn default() -> Self {
        Self {
            per_recipient_hour: 10,
            per_account_recipient_hour: 10,
            per_sender_day: 50_000,
            per_account_day: 200_000,
        }
    }
}

/// The parts of an [`App`].
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Permissions and predefined roles.
    pub catalog: Catalog,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of ids and secrets.
    pub random: Arc<dyn Random>,
    /// Hashes passwords.
    pub passwords: PasswordPool,
    /// Derives the tokens of links.
    pub key: InstallationKey,
    /// What the operator configured.
    pub settings: Settings,
}

/// The application; cheap to clone.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
    principals: Arc<Principals>,
    totals: Arc<Totals>,
    reads: Arc<Reads>,
    changes: Arc<Changes>,
    heavy_turns: Arc<HeavyTurns>,
    mail_waits: Arc<Notify>,
    jobs_wait: Arc<Notify>,
    key_is_lost: Arc<watch::Sender<bool>>,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self {
            reads: Arc::new(Reads::of(parts.db.connections())),
            changes: Arc::new(Changes::of(parts.db.engine())),
            heavy_turns: Arc::new(HeavyTurns::of_machine()),
            principals: Arc::new(Principals::new(&parts.clock)),
            parts: Arc::new(parts),
            totals: Arc::default(),
            mail_waits: Arc::default(),
            jobs_wait: Arc::default(),
            key_is_lost: Arc::new(watch::Sender::new(false)),
        }
    }

    /// A new id, sortable by the time it was made.
    pub fn new_id<T: Id>(&self) -> T {
        self.random.id(self.clock.now())
    }

    /// Who is signed in where, remembered.
    pub fn principals(&self) -> &Principals {
        &self.principals
    }

    /// Totals of lists, remembered.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Whose turn it is to read.
    pub(crate) fn reads(&self) -> &Reads {
        &self.reads
    }

    /// Whose turn it is to change.
    pub(crate) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Whose turn it is to do what takes a processor for long.
    pub(crate) fn heavy_turns(&self) -> &HeavyTurns {
        &self.heavy_turns
    }

    /// Told when a commit left mail in the outbox.
    pub fn mail_waits(&self) -> &Notify {
        &self.mail_waits
    }

    /// Told when a commit queued a job.
    pub fn jobs_wait(&self) -> &Notify {
        &self.jobs_wait
    }

    /// The installation has another secret key than this node by now.
    pub(crate) fn lose_key(&self) {
        // What others changed is not read anymore.
        self.principals.feed_is_current(false);
        self.key_is_lost.send_replace(true);
    }

    /// Waits until the installation has another secret key than this node, which then has to stop.
    pub async fn key_lost(&self) {
        // The sender lives as long as this does.
        let _ = self.key_is_lost.subscribe().wait_for(|lost| *lost).await;
    }

    /// The address of a page that consumes a link.
    pub fn link_address(&self, purpose: LinkPurpose, token: &Token) -> String {
        let page = match purpose {
            LinkPurpose::Setup => "setup",
            LinkPurpose::Activation => "activate",
            LinkPurpose::PasswordReset | LinkPurpose::Recovery => "reset-password",
        };
        format!("{}/{page}/{}", self.settings.public_url, token.reveal())
    }

    /// The token of a link.
    pub fn link_token(&self, id: LinkId) -> Token {
        self.key.link_token(id)
    }

    /// The address of the page on which people look after their own sign-in and sessions.
    pub fn profile_address(&self) -> String {
        format!("{}/profile", self.settings.public_url)
    }

    /// The address of the sign-in page.
    pub fn sign_in_address(&self) -> String {
        format!("{}/sign-in", self.settings.public_url)
    }
}
