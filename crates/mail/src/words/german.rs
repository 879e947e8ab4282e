use super::common::inviter;
use crate::Message;
use crate::letter::{Letter, Phrases};
use crate::words::common::date_in;

pub(super) const PHRASES: Phrases = Phrases {
    language: "de",
    below_button: "Wenn die Schaltfläche nicht funktioniert, öffnen Sie diesen Link im Browser:",
    nobody_reads_replies: "Gesendet von Portcullis. Antworten an diese Adresse werden nicht gelesen.",
    replies_go_to: "Gesendet von Portcullis. Antworten gehen an",
};

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
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
        } => Letter::new(format!("Aktivieren Sie Ihr Konto bei {account}"), hello(person_name.as_ref()))
            .say(invited(account, inviter(inviter_name.as_ref(), inviter_email.as_ref())))
            .say("Aktivieren Sie Ihr Konto, um beizutreten. Wenn Sie bereits ein Passwort haben, behalten Sie es.")
            .quote(note_title(inviter_email.as_ref()), personal_note.as_ref())
            .button("Mein Konto aktivieren", link)
            .close(works_once(expires_at))
            .close("Haben Sie das nicht erwartet? Dann können Sie diese E-Mail ignorieren."),
        Message::PasswordReset { link, expires_at, requested_by_admin } => {
            password_reset(link, expires_at, *requested_by_admin)
        }
        Message::NoPasswordHere { account_name, sign_in_link } => no_password_here(account_name, sign_in_link),
        Message::PasswordChanged { changed_at, link } => Letter::new("Ihr Passwort wurde geändert", "Guten Tag,")
            .say(format!("Ihr Passwort wurde am {} geändert.", date(changed_at)))
            .say("Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, setzen Sie sofort Ihr Passwort zurück.")
            .button("Mein Passwort zurücksetzen", link),
        Message::SignInFromNewDevice { at, ip, user_agent, link } => new_device(at, ip, user_agent, link),
        Message::AccessEnded { account_name: account } => {
            Letter::new(format!("Ihr Zugriff auf {account} ist beendet"), "Guten Tag,")
                .say(format!("Sie haben keinen Zugriff mehr auf „{account}“."))
                .say("Wenn Sie das für einen Fehler halten, wenden Sie sich an einen Admin dieses Kontos.")
        }
        Message::RoleChanged { account_name: account, role_name: role } => {
            Letter::new(format!("Ihre Rolle bei {account} hat sich geändert"), "Guten Tag,")
                .say(format!("Ihre Rolle bei „{account}“ ist jetzt „{role}“."))
                .say("Wenn Sie das für einen Fehler halten, wenden Sie sich an einen Admin dieses Kontos.")
        }
        Message::NewAdmins { account_name: account, named, unnamed, by_email } => {
            new_admins(account, named, *unnamed, by_email.as_ref())
        }
        Message::Test { at, link } => Letter::new("Portcullis kann E-Mails senden", "Guten Tag,")
            .say(
                "Dies ist ein Test. Der Mailserver hat ihn angenommen, also können auch Einladungen und Links zum \
             Zurücksetzen des Passworts gesendet werden.",
            )
            .fact("Gesendet", date(at))
            .button("Portcullis öffnen", link),
    }
}

fn hello(person: Option<&String>) -> String {
    match person.filter(|name| !name.is_empty()) {
        Some(name) => format!("Guten Tag {name},"),
        None => "Guten Tag,".to_owned(),
    }
}

fn invited(account: &str, inviter: Option<String>) -> String {
    match inviter {
        Some(inviter) => format!("{inviter} hat Sie zu „{account}“ eingeladen."),
        None => format!("Sie wurden zu „{account}“ eingeladen."),
    }
}

fn note_title(inviter_email: Option<&String>) -> String {
    match inviter_email {
        Some(email) => format!("Nachricht von {email}:"),
        None => "Nachricht für Sie:".to_owned(),
    }
}

fn password_reset(link: &str, expires_at: &str, by_admin: bool) -> Letter {
    let (who, surprise) = if by_admin {
        (
            "Ein Admin bittet Sie, ein neues Passwort zu wählen.",
            "Haben Sie das nicht erwartet? Dann fragen Sie zuerst einen Admin.",
        )
    } else {
        (
            "Jemand hat angefordert, Ihr Passwort zurückzusetzen.",
            "Waren Sie das nicht? Dann können Sie diese E-Mail ignorieren. Ihr Passwort bleibt unverändert.",
        )
    };
    Letter::new("Passwort zurücksetzen", "Guten Tag,")
        .say(who)
        .button("Neues Passwort wählen", link)
        .close(works_once(expires_at))
        .close(surprise)
}

fn no_password_here(account: &str, sign_in_link: &str) -> Letter {
    Letter::new(format!("So melden Sie sich bei {account} an"), "Guten Tag,")
        .say("Jemand hat angefordert, das Passwort für diese Adresse zurückzusetzen.")
        .say(format!("Sie melden sich bei „{account}“ über das Single Sign-on Ihrer Organisation an."))
        .say("Ein Passwort gibt es hier nicht.")
        .button("Anmelden", sign_in_link)
        .close("Waren Sie das nicht? Dann können Sie diese E-Mail ignorieren. Es hat sich nichts geändert.")
}

fn new_device(at: &str, ip: &str, user_agent: &str, link: &str) -> Letter {
    Letter::new("Neue Anmeldung von einem unbekannten Gerät", "Guten Tag,")
        .say("Jemand hat sich mit Ihrem Konto auf einem Gerät angemeldet, das wir noch nicht kennen.")
        .fact("Wann", date(at))
        .fact("IP-Adresse", ip)
        .fact("Gerät", user_agent)
        .say(
            "Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, beenden Sie die Sitzung und ändern Sie Ihr \
         Passwort.",
        )
        .button("Meine Sitzungen prüfen", link)
}

fn new_admins(account: &str, named: &[String], unnamed: usize, by: Option<&String>) -> Letter {
    let (subject, said) = match (named, unnamed) {
        ([person], 0) => (format!("Neuer Admin bei {account}"), format!("{person} ist jetzt Admin von „{account}“.")),
        (_, 0) => (format!("Neue Admins bei {account}"), several(account, named.len(), &named.join(", "))),
        (_, _) => {
            let others = if unnamed == 1 { "eine weitere Person".to_owned() } else { format!("{unnamed} weitere") };
            let list = format!("{}, {others}", named.join(", "));
            (format!("Neue Admins bei {account}"), several(account, named.len() + unnamed, &list))
        }
    };
    let letter = Letter::new(subject, "Guten Tag,")
        .say(said)
        .say("Wenn Sie das für einen Fehler halten, prüfen Sie die Benutzer und das Aktivitätsprotokoll des Kontos.");
    match by {
        Some(by) => letter.fact("Ernannt von", by),
        None => letter,
    }
}

fn several(account: &str, count: usize, list: &str) -> String {
    format!("{count} Personen sind jetzt Admins von „{account}“: {list}.")
}

fn works_once(expires_at: &str) -> String {
    format!("Der Link funktioniert einmal und läuft am {} ab.", date(expires_at))
}

fn date(text: &str) -> String {
    date_in(text, MONTHS, |day, month, year| format!("{day}. {month} {year}"))
}
