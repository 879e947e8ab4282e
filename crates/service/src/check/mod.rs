//! "May this person do this here?", asked by the vendor's products many times a second (`POST /check`).

pub mod subjects;

use std::collections::HashSet;
use std::slice;
use std::sync::Arc;

use domain::access::catalog::{Category, PermissionEntry};
use domain::access::decision::{Decision, Denial, Question, decide};
use domain::access::{Level, Need};
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, refuse, refuse_field};
use domain::core::ids::{AccountId, SystemId, UserId};
use domain::core::refusal::Kind;
use domain::systems::EnvironmentKind;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::subject::{Places, Subject, SubjectKey};
use crate::core::visibility::Visibility;

/// Any member may ask: about whom they see, and about themselves. A user or system whom they may not know of is answered
/// like one that is not there; a program asks as the owner of its key.
pub const CHECK: Need = Need::Member;

/// The most questions of one batch.
pub const MOST_CHECKS: usize = 1_000;

/// Stands for the permission to publish to the environment that the question names.
const PUBLISH: &str = "publish";

/// Whom a question is about.
#[derive(Debug, Clone)]
pub enum About {
    /// A user by id.
    Id(UserId),
    /// A user by address.
    Email(EmailAddress),
}

/// A question as it is asked, in the words of the catalog.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whom it is about.
    pub user: About,
    /// For what: the key of a permission, or `publish` with an environment.
    pub permission: String,
    /// How much of it; `None` is all of it.
    pub level: Option<Level>,
    /// Where.
    pub system: Option<SystemId>,
    /// In which environment of the system: its id or name.
    pub environment: Option<String>,
}

/// Answers a question about the account the caller is in.
///
/// # Errors
/// 422 for a permission or level that the catalog does not have.
pub async fn check(app: &App, caller: &Caller, asked: Asked) -> Result<Decision, Failure> {
    let checker = Checker::open(app, caller, slice::from_ref(&asked)).await?;
    checker.answer(asked).await?.map_err(|wrong| wrong.at(""))
}

/// Answers questions about the account the caller is in, in their order. What is wrong with a question itself refuses all.
///
/// # Errors
/// 413 for too many; 422 for a permission or level that the catalog does not have.
pub async fn check_all(app: &App, caller: &Caller, questions: Vec<Asked>) -> Result<Vec<Decision>, Failure> {
    check_size(questions.len())?;
    let checker = Checker::open(app, caller, &questions).await?;
    let mut decisions = Vec::with_capacity(questions.len());
    for (number, asked) in questions.into_iter().enumerate() {
        decisions.push(checker.answer(asked).await?.map_err(|wrong| wrong.at(&format!("/checks/{number}")))?);
    }
    Ok(decisions)
}

fn check_size(count: usize) -> Result<(), Failure> {
    if count <= MOST_CHECKS {
        return Ok(());
    }
    let detail = format!("The batch has {count} checks, but the limit is {MOST_CHECKS}. Split it.");
    Err(refuse(Kind::TooLarge, "too_many_checks", detail))
}

/// What is wrong with a question itself.
struct Wrong {
    field: &'static str,
    code: &'static str,
    detail: String,
}

impl Wrong {
    fn new(field: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self { field, code, detail: detail.into() }
    }

    fn at(self, pointer: &str) -> Failure {
        refuse_field(&format!("{pointer}/{}", self.field), self.code, self.detail)
    }
}

/// What answering needs, once per batch.
struct Checker<'a> {
    app: &'a App,
    account: AccountId,
    visibility: Visibility,
    askable: Askable,
    places: Arc<Places>,
}

/// Whom the caller may ask about. Looked up before anything is read of a user, so that it takes the same whether someone whom
/// the caller may not know of is there or not.
enum Askable {
    Everybody,
    These(HashSet<UserId>, HashSet<EmailAddress>),
}

impl Askable {
    async fn of(app: &App, caller: &Caller, visibility: &Visibility, questions: &[Asked]) -> Result<Self, Failure> {
        if visibility.shows_everybody() {
            return Ok(Self::Everybody);
        }
        let (mut own_id, mut own_email) = (HashSet::new(), HashSet::new());
        if let Some(oneself) = caller.principal() {
            own_id.insert(oneself.user_id);
            own_email.insert(oneself.email.clone());
        }
        let (mut ids, mut emails) = (Vec::new(), Vec::new());
        for asked in questions {
            match &asked.user {
                About::Id(id) if !own_id.contains(id) => ids.push(*id),
                About::Email(email) if !own_email.contains(email) => emails.push(email.clone()),
                About::Id(_) | About::Email(_) => {}
            }
        }
        if ids.is_empty() && emails.is_empty() {
            return Ok(Self::These(own_id, own_email));
        }
        let mut view = app.view(caller, CHECK).await?;
        own_id.extend(visibility.users(&mut view, &ids).await?);
        own_email.extend(visibility.addresses(&mut view, &emails).await?);
        Ok(Self::These(own_id, own_email))
    }

    fn includes(&self, user: &About) -> bool {
        match (self, user) {
            (Self::Everybody, _) => true,
            (Self::These(ids, _), About::Id(id)) => ids.contains(id),
            (Self::These(_, emails), About::Email(email)) => emails.contains(email),
        }
    }
}

impl<'a> Checker<'a> {
    async fn open(app: &'a App, caller: &Caller, questions: &[Asked]) -> Result<Self, Failure> {
        caller.check(CHECK)?;
        let account = caller.account()?;
        let places = subjects::places(app, account).await?;
        let visibility = Visibility::of(app, caller);
        let askable = Askable::of(app, caller, &visibility, questions).await?;
        Ok(Self { app, account, visibility, askable, places })
    }

    /// The outer failure is the database's, the inner one the question's.
    async fn answer(&self, asked: Asked) -> Result<Result<Decision, Wrong>, Failure> {
        let question = match self.understand(&asked) {
            Err(wrong) => return Ok(Err(wrong)),
            Ok(question) => question,
        };
        if !self.askable.includes(&asked.user) {
            return Ok(Ok(Decision::Denied(Denial::UnknownUser)));
        }
        let key = match asked.user {
            About::Id(id) => SubjectKey::Id(self.account, id),
            About::Email(email) => SubjectKey::Email(self.account, email),
        };
        let subject = subjects::find(self.app, key).await?;
        Ok(Ok(match (subject, question) {
            (Some(Subject::Active(principal)), question) => match question {
                Ok(question) => decide(principal.holder(), question),
                Err(denial) => Decision::Denied(denial),
            },
            (Some(Subject::NotActive(_, denial)), _) => Decision::Denied(denial),
            (None, _) => Decision::Denied(Denial::UnknownUser),
        }))
    }

    /// The question in the terms of the rule, or why its place does not exist.
    fn understand(&self, asked: &Asked) -> Result<Result<Question, Denial>, Wrong> {
        let entry = self.app.catalog.permission(&asked.permission);
        if entry.is_none() && asked.permission != PUBLISH {
            return Err(unknown_permission(&asked.permission));
        }
        if asked.system.is_some_and(|system| !self.places.has(system) || !self.visibility.shows_system(system)) {
            return Ok(Err(Denial::UnknownSystem));
        }
        let environment = match (&asked.environment, asked.system) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(Wrong::new(
                    "system",
                    "system_required",
                    "An environment belongs to a system. Name the system too.",
                ));
            }
            (Some(named), Some(system)) => match self.places.environment(system, named) {
                None => return Ok(Err(Denial::UnknownEnvironment)),
                found => found,
            },
        };
        let entry = self.entry_for(entry, environment)?;
        let level = level_of(entry, asked.level)?;
        let is_administrative = entry.category == Category::Administrative;
        Ok(Ok(Question { permission: entry.permission, is_administrative, level, system: asked.system }))
    }

    /// `publish` is the permission to publish to this environment; another kind's permission is refused rather than answered,
    /// because a yes to it would be read as a yes to the environment.
    fn entry_for<'c>(
        &'c self,
        entry: Option<&'c PermissionEntry>,
        environment: Option<EnvironmentKind>,
    ) -> Result<&'c PermissionEntry, Wrong> {
        let key = environment.map(publish_key);
        match (entry, key) {
            (Some(entry), Some(key)) if is_publish_key(&entry.key) && entry.key != key => {
                let detail = format!("Publishing to this environment needs {key}, not {}.", entry.key);
                Err(Wrong::new("permission", "wrong_environment", detail))
            }
            (Some(entry), _) => Ok(entry),
            (None, Some(key)) => self.app.catalog.permission(key).ok_or_else(|| unknown_permission(key)),
            (None, None) => {
                Err(Wrong::new("environment", "environment_required", "Name the environment to publish to."))
            }
        }
    }
}

const fn publish_key(kind: EnvironmentKind) -> &'static str {
    match kind {
        EnvironmentKind::Production => "publish_production",
        EnvironmentKind::Test => "publish_test",
        EnvironmentKind::Custom => "publish_custom",
    }
}

fn is_publish_key(key: &str) -> bool {
    EnvironmentKind::ALL.iter().any(|kind| publish_key(*kind) == key)
}

fn unknown_permission(key: &str) -> Wrong {
    let key: String = key.chars().take(64).collect();
    Wrong::new(
        "permission",
        "unknown_permission",
        format!("There is no permission {key}. GET …/permissions lists all permissions."),
    )
}

/// All of it where the question does not say how much, so that a short question is never a weak one.
fn level_of(entry: &PermissionEntry, asked: Option<Level>) -> Result<Level, Wrong> {
    match asked.or_else(|| entry.levels.last().copied()) {
        Some(level) if level != Level::None && entry.levels.contains(&level) => Ok(level),
        Some(level) => {
            let detail =
                format!("The permission {} has no level {level}. GET …/permissions lists the levels.", entry.key);
            Err(Wrong::new("level", "unknown_level", detail))
        }
        None => Err(unknown_permission(&entry.key)),
    }
}
