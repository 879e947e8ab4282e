//! What a change is about to store, made with its ids and its instant.

use domain::access::role::RoleId;
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::ids::{LinkId, OutboxId, UserId};
use domain::core::timestamp::Seconds;
use domain::credentials::link::{Link, LinkPurpose};
use domain::sign_in::identity::Identity;
use domain::systems::{GrantedSystem, SystemGrant};
use domain::users::User;
use mail::Message;
use store::credentials::links::NewLink;
use store::outbox::OutboxMail;

use crate::core::change::Change;

impl Change<'_> {
    /// Someone who comes with this account, of whom nothing but their address is known.
    pub fn new_identity(&self, email: EmailAddress) -> Identity {
        Identity::new(self.new_id(), email, self.account().id, self.now())
    }

    /// Someone who is to become a user of this account.
    pub fn new_user(&self, identity: &Identity, role_id: RoleId) -> User {
        User::provisioned(self.new_id(), self.account().id, identity, role_id, self.now())
    }

    /// A system, or all of them, given by the caller's own hand.
    pub fn new_grant(&self, user: UserId, system: GrantedSystem) -> SystemGrant {
        SystemGrant::manual(user, system, self.caller().label_id(), self.now())
    }

    /// A new link for a user of this account and its token's hash. Which earlier ones it ends is the operation's to say (P3).
    pub fn new_link(&self, purpose: LinkPurpose, user: &User, lifetime: Seconds) -> NewLink {
        let link = Link {
            id: self.new_id::<LinkId>(),
            purpose,
            account_id: Some(self.account().id),
            identity_id: Some(user.identity_id),
            user_id: Some(user.id),
            expires_at: self.now().plus(lifetime),
            by_admin: self.caller().principal().is_some(),
            ended_as: None,
        };
        let token_hash = self.app().link_token(link.id).hash();
        NewLink { link, token_hash }
    }

    /// A mail to a user, to be promised with this change.
    ///
    /// # Errors
    /// Never in practice: a message is always JSON.
    pub fn new_mail(&self, to: &User, message: &Message, link: Option<LinkId>) -> Result<OutboxMail, Failure> {
        self.new_mail_to(&to.email, message, link)
    }

    /// A mail to an address, to be promised with this change.
    ///
    /// # Errors
    /// Never in practice: a message is always JSON.
    pub fn new_mail_to(
        &self,
        to: &EmailAddress,
        message: &Message,
        link: Option<LinkId>,
    ) -> Result<OutboxMail, Failure> {
        Ok(OutboxMail {
            id: self.new_id::<OutboxId>(),
            account_id: Some(self.account().id),
            sender_id: self.caller().label_id(),
            recipient: to.clone(),
            kind: message.kind().to_owned(),
            message: serde_json::to_string(message)?,
            link_id: link,
            cause: self.caller().actor.mail_cause,
            attempts: 0,
            due_at: self.now(),
            created_at: self.now(),
        })
    }
}
