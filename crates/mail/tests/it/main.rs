//! What people see in their mail program, and what a mail server sees of us.

#[cfg(test)]
mod content;
#[cfg(test)]
mod dialog;
#[cfg(feature = "sink")]
#[cfg(test)]
mod encryption;
#[cfg(test)]
mod hostile;
#[cfg(feature = "sink")]
#[cfg(test)]
mod misbehaving;
#[cfg(test)]
mod scripted;
#[cfg(feature = "sink")]
#[cfg(test)]
mod sending;

use mail::Message;
use mail::mails::{
    AccessEnded, Activation, NewAdmins, NoPasswordHere, PasswordChanged, PasswordReset, RoleChanged,
    SignInFromNewDevice, Test,
};

const LINK: &str = "https://id.example.com/activate/s3cret-token?a=1&b=2";
/// A header Message-ID.
const ID: &str = "<0190b6f4-7d1c-7c5e-9a51-2f6f3b8f7a11@id.example.com>";
const WHEN: &str = "2030-01-08T00:00:00Z";

/// One message of every kind, with `text` wherever someone may choose the words.
fn every_message(text: &str) -> Vec<Message> {
    let text = || text.to_owned();
    let (link, when) = (|| LINK.to_owned(), || WHEN.to_owned());
    vec![
        Message::from(Activation {
            account_name: text(),
            inviter_name: Some(text()),
            inviter_email: Some(text()),
            person_name: Some(text()),
            link: link(),
            expires_at: when(),
            personal_note: Some(text()),
        }),
        Message::from(PasswordReset { link: link(), expires_at: when(), requested_by_admin: false }),
        Message::from(PasswordReset { link: link(), expires_at: when(), requested_by_admin: true }),
        Message::from(NoPasswordHere { account_name: text(), sign_in_link: link() }),
        Message::from(PasswordChanged { changed_at: when(), link: link() }),
        Message::from(SignInFromNewDevice { at: text(), ip: text(), user_agent: text(), link: link() }),
        Message::from(AccessEnded { account_name: text() }),
        Message::from(RoleChanged { account_name: text(), role_name: text() }),
        Message::from(NewAdmins { account_name: text(), named: vec![text()], unnamed: 0, by_email: Some(text()) }),
        Message::from(NewAdmins {
            account_name: text(),
            named: vec![text(), text()],
            unnamed: 3,
            by_email: Some(text()),
        }),
        Message::from(Test { at: when(), link: link() }),
    ]
}

fn activation() -> Activation {
    Activation {
        account_name: "Acme".to_owned(),
        inviter_name: Some("Ana Silva".to_owned()),
        inviter_email: Some("ana@acme.example".to_owned()),
        person_name: Some("Bo".to_owned()),
        link: LINK.to_owned(),
        expires_at: WHEN.to_owned(),
        personal_note: Some("Welcome!\nSee you on Monday.".to_owned()),
    }
}
