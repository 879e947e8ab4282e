//! Who does something: whom the activity log names, who answers for it, and by which credential. What they may is another question:
//! see [`Authority`](crate::core::authority::Authority).

use domain::activity::{self, ActorKind};
use domain::core::ids::{ApiKeyId, SessionId, UserId};
use domain::core::responsible::Responsible;
use domain::outbox::limits::Cause;

use crate::core::principal::{Person, Principal};

/// The credential with which deferred work was started. If it is revoked before the work runs, the work does not happen (P9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// A session.
    Session(SessionId),
    /// An API key.
    ApiKey(ApiKeyId),
    /// The operator's own commands, which nothing ends.
    Operator,
}

/// Who does something. Each kind of caller is one constructor here.
#[derive(Debug, Clone)]
pub struct Actor {
    /// As the activity log has them.
    pub logged: activity::Actor,
    /// Who answers for what they do: who granted, who invited, who caused a mail.
    pub responsible: Responsible,
    /// What they ask with, for what happens later; `None` where no one could ask for that.
    pub credential: Option<Credential>,
    /// Whose room a mail takes that they cause, unless the operation says otherwise.
    pub mail_cause: Cause,
}

impl Actor {
    fn new(kind: ActorKind, id: String, label: String, responsible: Responsible, mail_cause: Cause) -> Self {
        let logged = activity::Actor { kind, id, label, on_behalf_of: None };
        Self { logged, responsible, credential: None, mail_cause }
    }

    fn with(self, credential: Credential) -> Self {
        Self { credential: Some(credential), ..self }
    }

    fn on_behalf_of(mut self, user: UserId) -> Self {
        self.logged.on_behalf_of = Some(user.to_string());
        self
    }

    /// A user of an account; by whatever they act, what they cause takes the account's room.
    fn user(kind: ActorKind, id: String, principal: &Principal) -> Self {
        Self::new(kind, id, principal.email.to_string(), Responsible::User(principal.user_id), Cause::Account)
    }

    /// No one who is known: the log has the server.
    pub(super) fn nobody() -> Self {
        Self { mail_cause: Cause::Stranger, ..Self::system() }
    }

    /// The server itself.
    pub(super) fn system() -> Self {
        let label = "portcullis".to_owned();
        Self::new(ActorKind::System, String::new(), label, Responsible::System, Cause::Trusted)
    }

    /// The operator, by the command line.
    pub(super) fn operator() -> Self {
        let label = "operator".to_owned();
        Self::new(ActorKind::Operator, String::new(), label, Responsible::Operator, Cause::Trusted)
            .with(Credential::Operator)
    }

    /// A signed-in person, outside any account.
    pub(super) fn person(person: &Person) -> Self {
        let id = person.session.identity_id;
        Self::new(ActorKind::User, id.to_string(), String::new(), Responsible::Identity(id), Cause::Trusted)
            .with(Credential::Session(person.session.id))
    }

    /// A signed-in person in one of their accounts.
    pub(super) fn member(person: &Person, principal: &Principal) -> Self {
        Self::user(ActorKind::User, principal.user_id.to_string(), principal)
            .with(Credential::Session(person.session.id))
    }

    /// A program, on behalf of the owner of its key.
    pub(super) fn program(key: ApiKeyId, principal: &Principal) -> Self {
        Self::user(ActorKind::ApiKey, key.to_string(), principal)
            .with(Credential::ApiKey(key))
            .on_behalf_of(principal.user_id)
    }

    /// The server, on behalf of the user who started a job with this.
    pub(super) fn job(credential: Credential, principal: &Principal) -> Self {
        Self::user(ActorKind::System, String::new(), principal).with(credential).on_behalf_of(principal.user_id)
    }

    /// The holder of a mailed link: the person the link was made for, as the user that they are in the account of the link. By the
    /// id of the person the account would see how long it is known elsewhere (D2).
    pub(super) fn link_holder(user: UserId, email: String) -> Self {
        Self::new(ActorKind::LinkHolder, user.to_string(), email, Responsible::User(user), Cause::Trusted)
    }
}
