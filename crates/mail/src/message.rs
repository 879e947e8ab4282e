use std::fmt;

use serde::{Deserialize, Serialize};

use crate::RenderError;
use crate::defuse::{address, check_link, device, moment, name, network_address, note};

/// A mail to one person, before it has a language: what an outbox row keeps as JSON.
///
/// Times are RFC 3339 in UTC; links are complete. `Debug` names the kind only: links are secrets, the rest is about people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Someone is invited and has to activate (M1). The same mail to everybody, whether they have a sign-in already or not: who
    /// invites learns nothing of that, and what the preview shows is what is sent.
    Activation {
        /// The account the person is invited to.
        account_name: String,
        /// Shown only together with `inviter_email`.
        inviter_name: Option<String>,
        /// The verified address of the user who invites.
        inviter_email: Option<String>,
        /// How to greet the person.
        person_name: Option<String>,
        /// Where the person activates.
        link: String,
        /// When the link ends.
        expires_at: String,
        /// What the inviter wants to say; may have several lines and paragraphs.
        personal_note: Option<String>,
    },
    /// A link to choose a new password (M2, LG-5).
    PasswordReset {
        /// Where the person chooses the new password.
        link: String,
        /// When the link ends.
        expires_at: String,
        /// Whether an admin asked, not the person.
        requested_by_admin: bool,
    },
    /// A reset was asked for a person who signs in by SSO (LG-6). Nobody does so far.
    NoPasswordHere {
        /// The account whose single sign-on the person uses.
        account_name: String,
        /// Where the person signs in.
        sign_in_link: String,
    },
    /// The person's password is a new one (M7).
    PasswordChanged {
        /// When it was changed.
        changed_at: String,
        /// Where the person secures their sign-in.
        link: String,
    },
    /// A sign-in from a device not seen before (M7).
    SignInFromNewDevice {
        /// When it happened.
        at: String,
        /// The address it came from.
        ip: String,
        /// What the browser called itself.
        user_agent: String,
        /// Where the person reviews their sessions.
        link: String,
    },
    /// The person is no longer a user of the account (M7).
    AccessEnded {
        /// The account they left.
        account_name: String,
    },
    /// The person has another role (M7).
    RoleChanged {
        /// The account it holds in.
        account_name: String,
        /// The new role.
        role_name: String,
    },
    /// To the admins: there are new ones (M7).
    NewAdmins {
        /// The account it holds in.
        account_name: String,
        /// The new admins, the first of them.
        named: Vec<String>,
        /// How many there are beside those.
        unnamed: usize,
        /// Who did it; nobody when a system did.
        by_email: Option<String>,
    },
    /// The operator tries the mail server out.
    Test {
        /// When it was sent.
        at: String,
        /// Where the installation is.
        link: String,
    },
}

/// Where answers to mails go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReplyTo {
    /// Nowhere: the mails say that nobody reads them.
    #[default]
    Nobody,
    /// To whoever invites, where somebody does.
    Inviter,
    /// To this address.
    Address(String),
}

impl Message {
    /// Where answers to this mail go.
    pub(crate) fn reply_address(&self, reply_to: &ReplyTo) -> Option<String> {
        match (reply_to, self) {
            (ReplyTo::Address(address), _) => Some(address.clone()),
            (ReplyTo::Inviter, Self::Activation { inviter_email, .. }) => inviter_email.clone(),
            (ReplyTo::Nobody | ReplyTo::Inviter, _) => None,
        }
    }

    /// The names of all kinds, of which each [`Message::kind`] is one.
    pub const KINDS: [&str; 9] = [
        "activation",
        "password_reset",
        "no_password_here",
        "password_changed",
        "sign_in_from_new_device",
        "access_ended",
        "role_changed",
        "new_admins",
        "test",
    ];

    /// The name of this kind of mail, as in its JSON; safe to log.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Activation { .. } => "activation",
            Self::PasswordReset { .. } => "password_reset",
            Self::NoPasswordHere { .. } => "no_password_here",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SignInFromNewDevice { .. } => "sign_in_from_new_device",
            Self::AccessEnded { .. } => "access_ended",
            Self::RoleChanged { .. } => "role_changed",
            Self::NewAdmins { .. } => "new_admins",
            Self::Test { .. } => "test",
        }
    }

    /// The same message with its single-use link, for messages that have one: a queued message is kept without.
    #[must_use]
    pub fn with_link(mut self, new: String) -> Self {
        match &mut self {
            Self::Activation { link, .. } | Self::PasswordReset { link, .. } => *link = new,
            Self::NoPasswordHere { .. }
            | Self::PasswordChanged { .. }
            | Self::SignInFromNewDevice { .. }
            | Self::AccessEnded { .. }
            | Self::RoleChanged { .. }
            | Self::NewAdmins { .. }
            | Self::Test { .. } => {}
        }
        self
    }

    /// The same message with every text made harmless: the only form the language tables see.
    pub(crate) fn defused(&self) -> Result<Self, RenderError> {
        let mut safe = self.clone();
        match &mut safe {
            Self::Activation {
                account_name,
                inviter_name,
                inviter_email,
                person_name,
                link,
                expires_at,
                personal_note,
            } => {
                name(account_name);
                inviter_name.iter_mut().for_each(name);
                inviter_email.iter_mut().for_each(address);
                person_name.iter_mut().for_each(name);
                check_link(link)?;
                moment(expires_at);
                personal_note.iter_mut().for_each(note);
            }
            Self::PasswordReset { link, expires_at, requested_by_admin: _ } => {
                check_link(link)?;
                moment(expires_at);
            }
            Self::NoPasswordHere { account_name, sign_in_link } => {
                name(account_name);
                check_link(sign_in_link)?;
            }
            Self::PasswordChanged { changed_at, link } => {
                moment(changed_at);
                check_link(link)?;
            }
            Self::SignInFromNewDevice { at, ip, user_agent, link } => {
                moment(at);
                network_address(ip);
                device(user_agent);
                check_link(link)?;
            }
            Self::AccessEnded { account_name } => name(account_name),
            Self::RoleChanged { account_name, role_name } => {
                name(account_name);
                name(role_name);
            }
            Self::NewAdmins { account_name, named, unnamed: _, by_email } => {
                name(account_name);
                named.iter_mut().for_each(address);
                by_email.iter_mut().for_each(address);
            }
            Self::Test { at, link } => {
                moment(at);
                check_link(link)?;
            }
        }
        Ok(safe)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("kind", &self.kind()).finish_non_exhaustive()
    }
}
