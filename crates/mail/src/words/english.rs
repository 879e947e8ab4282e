use super::common::inviter;
use crate::Message;
use crate::letter::{Letter, Phrases};
use crate::words::common::date_in;

pub(super) const PHRASES: Phrases = Phrases {
    language: "en",
    below_button: "If the button doesn’t work, open this link in your browser:",
    nobody_reads_replies: "Sent by Portcullis. Replies aren’t monitored.",
    replies_go_to: "Sent by Portcullis. Replies go to",
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn letter(message: &Message) -> Letter {
    match message {
        Message::Activation {
            account_name: account,
            inviter_name,
            inviter_email,
            person_name,
            link,
            expires_at,
            personal_note,
        } => Letter::new(format!("Activate your account at {account}"), hello(person_name.as_ref()))
            .say(invited(account, inviter(inviter_name.as_ref(), inviter_email.as_ref())))
            .say("Activate your account to join. If you already have a password, you keep it.")
            .quote(note_title(inviter_email.as_ref()), personal_note.as_ref())
            .button("Activate My Account", link)
            .close(works_once(expires_at))
            .close("Didn’t expect this? You can ignore this email."),
        Message::PasswordReset { link, expires_at, requested_by_admin } => {
            password_reset(link, expires_at, *requested_by_admin)
        }
        Message::NoPasswordHere { account_name, sign_in_link } => no_password_here(account_name, sign_in_link),
        Message::PasswordChanged { changed_at, link } => Letter::new("Your password was changed", "Hello,")
            .say(format!("Your password was changed on {}.", date(changed_at)))
            .say("If this was you, you don’t need to do anything. If not, reset your password immediately.")
            .button("Reset My Password", link),
        Message::SignInFromNewDevice { at, ip, user_agent, link } => new_device(at, ip, user_agent, link),
        Message::AccessEnded { account_name: account } => {
            Letter::new(format!("Your access to {account} has ended"), "Hello,")
                .say(format!("You no longer have access to “{account}”."))
                .say("If you think this is a mistake, contact an admin of that account.")
        }
        Message::RoleChanged { account_name: account, role_name: role } => {
            Letter::new(format!("Your role at {account} has changed"), "Hello,")
                .say(format!("Your role at “{account}” is now “{role}”."))
                .say("If you think this is a mistake, contact an admin of that account.")
        }
        Message::NewAdmins { account_name: account, named, unnamed, by_email } => {
            new_admins(account, named, *unnamed, by_email.as_ref())
        }
        Message::Test { at, link } => Letter::new("Portcullis can send email", "Hello,")
            .say("This is a test. The mail server accepted it, so invitations and password resets can be sent too.")
            .fact("Sent", date(at))
            .button("Open Portcullis", link),
    }
}

fn hello(person: Option<&String>) -> String {
    match person.filter(|name| !name.is_empty()) {
        Some(name) => format!("Hello {name},"),
        None => "Hello,".to_owned(),
    }
}

fn invited(account: &str, inviter: Option<String>) -> String {
    match inviter {
        Some(inviter) => format!("{inviter} invited you to “{account}”."),
        None => format!("You have been invited to “{account}”."),
    }
}

fn note_title(inviter_email: Option<&String>) -> String {
    match inviter_email {
        Some(email) => format!("Message from {email}:"),
        None => "Message for you:".to_owned(),
    }
}

fn password_reset(link: &str, expires_at: &str, by_admin: bool) -> Letter {
    let (who, surprise) = if by_admin {
        ("An admin has asked you to choose a new password.", "Didn’t expect this? Check with an admin first.")
    } else {
        (
            "Someone requested a password reset for your account.",
            "Didn’t request this? You can ignore this email. Your password stays the same.",
        )
    };
    Letter::new("Account password reset", "Hello,")
        .say(who)
        .button("Choose a New Password", link)
        .close(works_once(expires_at))
        .close(surprise)
}

fn no_password_here(account: &str, sign_in_link: &str) -> Letter {
    Letter::new(format!("How you sign in to {account}"), "Hello,")
        .say("Someone requested a password reset for this address.")
        .say(format!("You sign in to “{account}” with your organization’s single sign-on."))
        .say("There is no password to reset.")
        .button("Sign in", sign_in_link)
        .close("Didn’t request this? You can ignore this email. Nothing has changed.")
}

fn new_device(at: &str, ip: &str, user_agent: &str, link: &str) -> Letter {
    Letter::new("New sign-in from an unknown device", "Hello,")
        .say("Someone signed in to your account from a device we haven’t seen before.")
        .fact("When", date(at))
        .fact("IP address", ip)
        .fact("Device", user_agent)
        .say("If this was you, you don’t need to do anything. If not, end that session and change your password.")
        .button("Review My Sessions", link)
}

fn new_admins(account: &str, named: &[String], unnamed: usize, by: Option<&String>) -> Letter {
    let (subject, said) = match (named, unnamed) {
        ([person], 0) => (format!("New admin at {account}"), format!("{person} is now an admin of “{account}”.")),
        (_, 0) => (format!("New admins at {account}"), several(account, named.len(), &named.join(", "))),
        (_, _) => {
            let others = if unnamed == 1 { "one other".to_owned() } else { format!("{unnamed} others") };
            let list = format!("{}, {others}", named.join(", "));
            (format!("New admins at {account}"), several(account, named.len() + unnamed, &list))
        }
    };
    let letter = Letter::new(subject, "Hello,")
        .say(said)
        .say("If you think this is a mistake, check the users and the activity log of the account.");
    match by {
        Some(by) => letter.fact("Made admin by", by),
        None => letter,
    }
}

fn several(account: &str, count: usize, list: &str) -> String {
    format!("{count} people are now admins of “{account}”: {list}.")
}

fn works_once(expires_at: &str) -> String {
    format!("The link works once and expires on {}.", date(expires_at))
}

fn date(text: &str) -> String {
    date_in(text, MONTHS, |day, month, year| format!("{month} {day}, {year}"))
}
