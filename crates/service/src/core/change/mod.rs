//! A change: the only way to write. It starts with a need and ends with the entry of the activity log that tells of it.

mod mails;
mod new;
mod several;

use std::collections::HashMap;

use domain::access::Need;
use domain::accounts::Account;
use domain::activity::actions::TargetKind;
use domain::activity::{Actor, ActorKind, EventTarget};
use domain::core::failure::{Failure, NoSuch, refuse, stale};
use domain::core::ids::{AccountId, IdentityId, UserId};
use domain::core::refusal::Kind;
use domain::core::timestamp::Timestamp;
use domain::credentials::link::LinkEnd;
use domain::sign_in::session::{Assurance, EndedBy, SessionEnded};
use domain::users::{User, UserStatus};
use store::accounts::Accounts;
use store::api_keys::ApiKeys;
use store::credentials::links::Links;
use store::installation::Installation;
use store::outbox::Outbox;
use store::sign_in::identities::Identities;
use store::sign_in::session_accounts::SessionAccounts;
use store::sign_in::sessions::Sessions;
use store::users::Users;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::entry::Entry;
use crate::core::membership::principal_of;
use crate::core::principals::Topic;
use crate::core::tally::Tally;
use crate::core::{self, idempotency};

/// What [`Change::revoke`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Revoked {
    /// Sessions that entered this account and do not work here any more. Whether they ended altogether would tell who is active
    /// elsewhere (D2).
    pub sessions: u64,
    /// API keys.
    pub api_keys: u64,
    /// Links that were mailed and not used.
    pub links: u64,
}

/// What becomes worthless with a commit of all that is remembered (decision 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touches {
    /// What is remembered of everybody in the account: the change is about levels, systems or limits of many.
    Account,
    /// Only what is remembered of the people whom the change named ([`Change::touch_identity`]); of nobody where it named none.
    People,
}

/// A change in one account, in one transaction that holds the account's row.
pub struct Change<'a> {
    app: &'a App,
    caller: &'a Caller,
    account: Account,
    tx: Tx,
    now: Timestamp,
    tally: Tally,
    topics: Vec<Topic>,
    touches: Touches,
    has_mail: bool,
    has_job: bool,
    key_is_used: bool,
}

impl Tenant for Change<'_> {
    fn bound(&mut self) -> (&mut Tx, AccountId) {
        (&mut self.tx, self.account.id)
    }
}

impl App {
    /// Starts a change in the caller's account: checks the need, takes the account's row, and checks again that the caller
    /// still is who they were.
    pub async fn change<'a>(&'a self, caller: &'a Caller, need: Need) -> Result<Change<'a>, Failure> {
        caller.check(need)?;
        Change::begin(self, caller, caller.account()?, Some(need)).await
    }

    /// Starts a change in an account that the caller need not be a user of: sign-in, links, the operator's commands. The
    /// operation itself has checked that the caller may.
    pub async fn change_in<'a>(&'a self, caller: &'a Caller, account: AccountId) -> Result<Change<'a>, Failure> {
        Change::begin(self, caller, account, None).await
    }
}

impl<'a> Change<'a> {
    pub(crate) async fn begin(
        app: &'a App,
        caller: &'a Caller,
        account: AccountId,
        need: Option<Need>,
    ) -> Result<Self, Failure> {
        let mut tx = app.db.write().await?;
        let account = Accounts(&mut tx).lock(account).await?.ok_or(NoSuch("account"))?;
        let mut change = Self::over(app, caller, account, tx);
        if need.is_some() {
            change.check_caller_is_unchanged().await?;
        }
        // Before any rule: it would refuse for what the same request has just done.
        change.use_idempotency_key().await?;
        Ok(change)
    }

    /// A change in a transaction that already holds the account's row: the account was locked, or made, in it.
    pub(crate) fn over(app: &'a App, caller: &'a Caller, account: Account, tx: Tx) -> Self {
        Self {
            app,
            caller,
            account,
            tx,
            now: app.world.now(),
            tally: Tally::default(),
            topics: Vec::new(),
            touches: Touches::Account,
            has_mail: false,
            has_job: false,
            key_is_used: false,
        }
    }

    /// What the caller was checked with may be a moment old. Under the account's lock it must still be true, or an admin
    /// who was just disabled could finish one more act (X1). Where nothing in the account was changed since, what they hold in
    /// it is what it was; what they proved themselves by belongs to no account and is always looked at.
    async fn check_caller_is_unchanged(&mut self) -> Result<(), Failure> {
        let (app, caller, account) = (self.app, self.caller, self.account.clone());
        let Some(known) = caller.principal() else { return Ok(()) };
        let user = Users::of(self).find(known.user_id).await?.filter(|user| user.status == UserStatus::Active);
        let user = user.ok_or(SessionEnded::Ended)?;
        let is_as_known = known.account_version + 1 == account.version && known.is_valid_at(self.now);
        let owner = match is_as_known {
            true => known.as_ref().clone(),
            false => principal_of(app, self, &account, &user).await?,
        };
        let current = core::job_credentials::current(app, self, &caller.who, owner).await?;
        if current.still_holds(known) {
            return Ok(());
        }
        Err(refuse(
            Kind::Conflict,
            "access_changed",
            "your own access was changed at this moment; load the page again and repeat what you still may do",
        ))
    }

    /// The application.
    pub fn app(&self) -> &'a App {
        self.app
    }

    /// The caller.
    pub fn caller(&self) -> &'a Caller {
        self.caller
    }

    /// The account, as it was when the change began.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The instant of this change; the same for all of it.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What is remembered about this person becomes worthless with the commit.
    pub fn touch_identity(&mut self, identity: IdentityId) {
        self.topics.push(Topic::Identity(identity));
    }

    /// The names of accounts in addresses changed.
    pub fn touch_slugs(&mut self) {
        self.topics.push(Topic::Slugs);
    }

    /// A job was queued.
    pub fn queues_job(&mut self) {
        self.has_job = true;
    }

    /// Counts a user in.
    pub fn count_in(&mut self, user: &User) {
        self.tally.user(user, 1);
    }

    /// Counts a user out.
    pub fn count_out(&mut self, user: &User) {
        self.tally.user(user, -1);
    }

    /// Counts a sign-in.
    pub fn count_sign_in(&mut self, assurance: Assurance) {
        self.tally.sign_in(assurance);
    }

    /// Writes a changed user: the row, the counts, and what is remembered of the person.
    ///
    /// # Errors
    /// 412 when somebody changed the user since `before` was read.
    pub async fn update_user(&mut self, before: &User, after: &User) -> Result<(), Failure> {
        if !Users::of(self).update(after).await? {
            return Err(stale());
        }
        self.book(before, after);
        Ok(())
    }

    /// Books what a statement did to a user: the counts, and what is remembered of the person.
    pub fn book(&mut self, before: &User, after: &User) {
        self.count_out(before);
        self.count_in(after);
        self.touch_identity(after.identity_id);
    }

    /// Ends what these users could still use to get into this account, in this transaction (P9): API keys, links
    /// and mails with links that did not leave; sessions made before now stop working here, and end altogether for people
    /// who are active nowhere else, where whoever holds one is told `by` what. What people asked for themselves to choose a new
    /// password ends where they are active nowhere any more. Every operation that takes access away calls
    /// this and nothing else.
    pub async fn revoke(&mut self, users: &[User], by: EndedBy) -> Result<Revoked, Failure> {
        let (account, now) = (self.account.id, self.now);
        let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
        let people: Vec<IdentityId> = users.iter().map(|user| user.identity_id).collect();
        // Before anything else of theirs, and before it is asked whether they are active elsewhere.
        Identities(&mut self.tx).hold(&people).await?;
        let api_keys = ApiKeys::of(self).end_of_users(&ids, now).await?;
        let links = Links(&mut self.tx).end_of_users(account, &ids, LinkEnd::Withdrawn, now).await?;
        let access_from: HashMap<IdentityId, Timestamp> =
            users.iter().map(|user| (user.identity_id, user.access_from)).collect();
        let works = |person: &IdentityId, since: &Timestamp| access_from.get(person).is_some_and(|from| since >= from);
        let opened = SessionAccounts(&mut self.tx).entering_times(account, &ids, now).await?;
        let sessions = opened.iter().filter(|(person, since)| works(person, since)).count();
        Sessions(&mut self.tx).end_of_people_active_only_in(account, &ids, by).await?;
        Links(&mut self.tx).end_of_people_active_nowhere(&people, now).await?;
        Outbox(&mut self.tx).cancel_dead_links_of(&people, now).await?;
        for user in users {
            self.touch_identity(user.identity_id);
        }
        Ok(Revoked { sessions: u64::try_from(sessions).unwrap_or(u64::MAX), api_keys, links })
    }

    /// Ends the change: writes its entry, makes worthless what it touches, tells other processes, commits. A preview (`dry_run`) ends here without a trace.
    ///
    /// # Errors
    /// 409 when the idempotency key was used meanwhile; the database's own troubles.
    pub async fn commit(mut self, entry: Entry, touches: Touches) -> Result<(), Failure> {
        self.touches = touches;
        if self.caller.dry_run {
            return Ok(());
        }
        let topics = self.write(entry).await?;
        let outcome = self.tx.commit().await;
        // Also where it failed: whether anything was kept may not be known.
        topics.iter().for_each(|topic| self.app.principals().forget(topic));
        outcome?;
        if self.has_mail {
            self.app.mail_waits().notify_one();
        }
        if self.has_job {
            self.app.jobs_wait().notify_one();
        }
        Ok(())
    }

    async fn write(&mut self, entry: Entry) -> Result<Vec<Topic>, Failure> {
        self.tell(entry).await?;
        self.use_idempotency_key().await?;
        let topics = self.all_topics();
        let texts: Vec<String> = topics.iter().map(ToString::to_string).collect();
        Installation(&mut self.tx).publish(&texts).await?;
        Ok(topics)
    }

    /// One entry for the account and one for all sessions say it when many people are concerned.
    fn all_topics(&mut self) -> Vec<Topic> {
        const MANY: usize = 64;
        let mut topics = std::mem::take(&mut self.topics);
        topics.dedup();
        if self.touches == Touches::Account && topics.len() > MANY {
            topics.retain(|topic| !matches!(topic, Topic::Identity(_)));
            topics.push(Topic::Sessions);
        }
        if self.touches == Touches::Account {
            topics.push(Topic::Account(self.account.id));
        }
        topics
    }

    async fn use_idempotency_key(&mut self) -> Result<(), Failure> {
        let Some(key) = self.caller.idempotency.as_ref().filter(|_| !self.key_is_used && !self.caller.dry_run) else {
            return Ok(());
        };
        self.key_is_used = true;
        let (now, since) = (self.now, self.now.minus(idempotency::KEPT_FOR));
        if Installation(&mut self.tx).use_key(&key.caller, &key.key, &key.fingerprint, now, since).await? {
            return Ok(());
        }
        Err(idempotency::in_use())
    }
}

/// A user as a target of an entry, with what changed of them.
pub fn user_target(user: &User, before: serde_json::Value, after: serde_json::Value) -> EventTarget {
    Entry::target(TargetKind::User, &user.id, &user.label(), before, after)
}

/// A user as the actor of an entry, where the person became known only during the change.
pub fn user_actor(user: &User) -> Actor {
    Actor { kind: ActorKind::User, id: user.id.to_string(), label: user.email.to_string(), on_behalf_of: None }
}
