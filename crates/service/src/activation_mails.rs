//! The link and the mail that every invited person gets: at the invitation and whenever it is sent again.

use std::collections::HashSet;

use domain::ids::IdentityId;
use domain::link::LinkPurpose;
use domain::timestamp::Timestamp;
use domain::user::User;
use mail::Message;
use store::Tenant;

use crate::change::Change;
use crate::failure::Failure;

/// What all these mails have in common.
struct Letter<'a> {
    account_name: String,
    inviter: Option<User>,
    expires_at: Timestamp,
    note: Option<&'a str>,
}

/// Makes a new link for each of these users and promises the mail that carries it.
pub(crate) async fn promise_activations(
    change: &mut Change<'_>,
    users: &[User],
    note: Option<&str>,
) -> Result<(), Failure> {
    let (account_name, lifetime) = (change.account().name.clone(), change.account().settings.activation_link_seconds);
    let inviter = match change.caller().principal() {
        Some(principal) => change.users().find(principal.user_id).await?,
        None => None,
    };
    let letter = Letter { account_name, inviter, expires_at: change.now().plus(lifetime), note };
    let have_password = people_with_password(change, users).await?;
    let (mut links, mut mails) = (Vec::with_capacity(users.len()), Vec::with_capacity(users.len()));
    for user in users {
        let link = change.new_link(LinkPurpose::Activation, user, lifetime);
        let message = letter.to(user, have_password.contains(&user.identity_id));
        mails.push(change.new_mail(user, &message, Some(link.link.id))?);
        links.push(link);
    }
    let now = change.now();
    change.links().insert(&links, now).await?;
    change.mail(&mails).await
}

impl Letter<'_> {
    /// Whoever has a password already is told that they were added; the others have to choose one.
    fn to(&self, user: &User, has_password: bool) -> Message {
        let account_name = self.account_name.clone();
        let (link, expires_at) = (String::new(), self.expires_at.to_string());
        // Active users proved to read their mailbox, so this address is a verified one (I9).
        let inviter_email = self.inviter.as_ref().map(|inviter| inviter.email.to_string());
        if has_password {
            return Message::Added { account_name, inviter_email, link, expires_at };
        }
        Message::Activation {
            account_name,
            inviter_name: self.inviter.as_ref().and_then(|inviter| inviter.name.clone()).map(String::from),
            inviter_email,
            person_name: user.name.clone().map(String::from),
            link,
            expires_at,
            personal_note: self.note.map(str::to_owned),
        }
    }
}

/// Who of these people can sign in already: they keep their password.
async fn people_with_password(change: &mut Change<'_>, users: &[User]) -> Result<HashSet<IdentityId>, Failure> {
    let ids: Vec<IdentityId> = users.iter().map(|user| user.identity_id).collect();
    Ok(change.identities().with_password(&ids).await?.into_iter().collect())
}
