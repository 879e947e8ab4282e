//! A change: the only way to write. It starts with a need and ends with the entry of the activity log that tells of it.

mod mails;
mod new;
mod several;

use std::ops::{Deref, DerefMut};

use domain::access::Need;
use domain::accounts::Account;
use domain::activity::actions::TargetKind;
use domain::activity::{Actor, ActorKind, EventTarget};
use domain::core::failure::{Failure, stale};
use domain::core::ids::{AccountId, IdentityId};
use domain::sign_in::session::Assurance;
use domain::users::User;
use store::installation::Installation;
use store::users::Users;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::generations::Topic;
use crate::core::tally::Tally;

/// What becomes worthless with a commit of all that is remembered (decision 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touches {
    /// What is remembered of everyone in the account: the change is about levels, systems or limits of many.
    Account,
    /// Only what is remembered of the people whom the change named ([`Change::touch_identity`]); of no one where it named none.
    People,
}

/// A change in one account, in one transaction that holds the account's row: a [`Draft`], and what is noted while its plan is written.
pub struct Change<'a> {
    draft: Draft<'a>,
    tally: Tally,
    topics: Vec<Topic>,
    touches: Touches,
    has_mail: bool,
    has_job: bool,
    key_is_used: bool,
}

impl<'a> Deref for Change<'a> {
    type Target = Draft<'a>;
    fn deref(&self) -> &Draft<'a> {
        &self.draft
    }
}

impl DerefMut for Change<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.draft
    }
}

impl Tenant for Change<'_> {
    fn bound(&mut self) -> (&mut Tx, AccountId) {
        self.draft.bound()
    }
}

impl App {
    /// Starts a change in the caller's account that no one previews: [`App::draft`] for what is not planned on.
    pub async fn change<'a>(&'a self, caller: &'a Caller, need: Need) -> Result<Change<'a>, Failure> {
        self.draft(caller, need).await?.into_change().ok_or_else(only_previewed)
    }

    /// Starts a change in an account that the caller need not be a user of: sign-in, links, the operator's commands. The
    /// operation itself has checked that the caller may.
    pub async fn change_in<'a>(&'a self, caller: &'a Caller, account: AccountId) -> Result<Change<'a>, Failure> {
        Draft::held(self, caller, account, false).await?.into_change().ok_or_else(only_previewed)
    }
}

impl<'a> Draft<'a> {
    /// The change, in which the plan is written that was made here. `None` for a preview: there the plan is all.
    pub fn into_change(self) -> Option<Change<'a>> {
        // The draft has used it.
        (!self.caller().dry_run).then(|| Change { key_is_used: true, ..Change::on(self) })
    }
}

/// An operation that takes `dry_run` and writes all the same: it has to begin with [`App::draft`].
pub(crate) fn only_previewed() -> Failure {
    Failure::Broken("a preview of an operation that plans nothing".into())
}

impl<'a> Change<'a> {
    /// A change in a transaction that already holds the account's row: the account was locked, or made, in it.
    pub(crate) fn over(app: &'a App, caller: &'a Caller, account: Account, tx: Tx) -> Self {
        Self::on(Draft::over(app, caller, account, tx))
    }

    fn on(draft: Draft<'a>) -> Self {
        Self {
            draft,
            tally: Tally::default(),
            topics: Vec::new(),
            touches: Touches::Account,
            has_mail: false,
            has_job: false,
            key_is_used: false,
        }
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
    /// 412 when someone changed the user since `before` was read.
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

    /// Ends the change: writes its entry, makes worthless what it touches, tells other processes, commits.
    ///
    /// # Errors
    /// 409 when the idempotency key was used meanwhile; the database's own troubles.
    pub async fn commit(mut self, entry: Entry, touches: Touches) -> Result<(), Failure> {
        self.touches = touches;
        let topics = self.write(entry).await?;
        let app = self.app();
        let outcome = self.draft.into_tx().commit().await;
        // Also where it failed: whether anything was kept may not be known.
        topics.iter().for_each(|topic| app.principals().forget(topic));
        outcome?;
        if self.has_mail {
            app.mail_waits().notify_one();
        }
        if self.has_job {
            app.jobs_wait().notify_one();
        }
        Ok(())
    }

    async fn write(&mut self, entry: Entry) -> Result<Vec<Topic>, Failure> {
        self.tell(entry).await?;
        if !std::mem::replace(&mut self.key_is_used, true) {
            self.use_idempotency_key().await?;
        }
        let topics = self.all_topics();
        let texts: Vec<String> = topics.iter().map(ToString::to_string).collect();
        Installation(self.tx()).publish(&texts).await?;
        Ok(topics)
    }

    /// When many people are affected, publishes one topic for the account and one for all sessions instead of one per person.
    fn all_topics(&mut self) -> Vec<Topic> {
        const MANY: usize = 64;
        let mut topics = std::mem::take(&mut self.topics);
        topics.dedup();
        if self.touches == Touches::Account && topics.len() > MANY {
            topics.retain(|topic| !matches!(topic, Topic::Identity(_)));
            topics.push(Topic::Sessions);
        }
        if self.touches == Touches::Account {
            topics.push(Topic::Account(self.account().id));
        }
        topics
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
