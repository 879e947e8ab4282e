//! `portcullis mail`.

use clap::Subcommand;
use domain::core::email_address::EmailAddress;
use domain::core::timestamp::Timestamp;
use mail::mails::Test;
use mail::{Encryption, Failed, Locale, SendError, Smtp, SmtpConfig, Step};
use service::core::clock::{Clock, SystemClock};
use service::core::random::{OsRandom, Random};

use crate::CliError;
use crate::cli_error::{FAILED, FOUND_WRONG, MISUSED, NOT_NOW};
use crate::config::Config;

/// About the mail server.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send a test email now and report each step. Safe to run beside a running server
    Test {
        /// Recipient's email address
        address: EmailAddress,
    },
}

/// Runs the command. It succeeds if the mail was accepted; the exit code tells a refusal of the address from one of our settings.
pub async fn run(config: &Config, command: MailCommand) -> Result<(), CliError> {
    let MailCommand::Test { address } = command;
    let Some(settings) = &config.smtp else {
        let text =
            "There is no mail server to test. Configure [mail.smtp] first (`portcullis config example` shows how).";
        return Err(CliError::new(MISUSED, text));
    };
    let smtp = Smtp::new(settings).map_err(|error| CliError::new(MISUSED, format!("mail.smtp: {error}")))?;
    let now = SystemClock.now();
    let message = Test { at: now.to_string(), link: config.settings.public_url.clone() }.into();
    let rendered = mail::render(&message, Locale::default(), &config.settings.reply_to)
        .map_err(|error| CliError::new(FAILED, error.to_string()))?;
    let id = message_id(&OsRandom::default(), now, config.settings.host());
    let mut tell = |step: Step, answer: &str| println!("{}", went_well(step, settings, &address, answer));
    smtp.try_out(address.as_str(), &id, &rendered, &mut tell).await.map_err(|failed| complaint(&failed, settings))?;
    println!("The mail server accepted the email. Check the mailbox of {address}, including the spam folder.");
    Ok(())
}

fn message_id(random: &dyn Random, now: Timestamp, host: &str) -> String {
    format!("<test.{}.{}@{host}>", now.micros(), random.uuid().simple())
}

fn went_well(step: Step, settings: &SmtpConfig, to: &EmailAddress, answer: &str) -> String {
    let SmtpConfig { host, port, username, from, .. } = settings;
    match step {
        Step::Connect => {
            let how = if settings.encryption == Encryption::Tls { " with TLS" } else { "" };
            format!("Connected{how} to {host}:{port}. Its greeting: {answer}.")
        }
        Step::Encrypt => "The connection is encrypted and the certificate is valid.".to_owned(),
        Step::SignIn => format!("Signed in as {}.", username.as_deref().unwrap_or_default()),
        Step::Sender => format!("Sender {from} accepted: {answer}"),
        Step::Recipient => format!("Recipient {to} accepted: {answer}"),
        Step::Content => format!("Email accepted: {answer}"),
    }
}

fn complaint(failed: &Failed, settings: &SmtpConfig) -> CliError {
    let (code, reason) = match &failed.error {
        SendError::SenderRefused(reason) if is_for_now(failed) => (NOT_NOW, reason),
        SendError::Permanent(reason) => (FAILED, reason),
        SendError::SenderRefused(reason) | SendError::Refused(reason) => (FOUND_WRONG, reason),
        SendError::Transient(reason) | SendError::BrokenOff(reason) | SendError::Unreachable(reason) => {
            (NOT_NOW, reason)
        }
    };
    CliError::new(code, format!("{}. Reason: {reason}", went_wrong(failed, settings)))
}

/// Whether the server itself says that it will not stay so (RFC 4954: 454).
fn is_for_now(failed: &Failed) -> bool {
    failed.code.is_some_and(|code| (400..500).contains(&code))
}

fn went_wrong(failed: &Failed, settings: &SmtpConfig) -> String {
    let SmtpConfig { host, port, username, from, .. } = settings;
    match (failed.step, &failed.error) {
        (Some(Step::SignIn), _) if is_for_now(failed) => {
            format!("{host} can't sign anyone in at the moment. Try again later")
        }
        // It answers, so host and port are right.
        (Some(Step::Connect), _) if failed.code.is_some() => format!(
            "{host}:{port} answers, but rejects this client. Check mail.smtp.helo_name, which must be a full host name of this \
             machine, and whether the server accepts email from this machine's address"
        ),
        (None, _) => {
            format!("{host}:{port} stopped responding. Check the network and mail.smtp.host, port and encryption")
        }
        (Some(Step::Connect), _) => {
            format!("Can't connect to {host}:{port}. Check mail.smtp.host, port, encryption and ca_file")
        }
        (Some(Step::Encrypt), _) => format!(
            "{host} doesn't encrypt the connection as configured. Check mail.smtp.encryption, ca_file, and whether \
             its certificate is for {host}"
        ),
        (Some(Step::SignIn), _) => format!(
            "{host} doesn't let {} sign in. Check mail.smtp.username and password",
            username.as_deref().unwrap_or("us")
        ),
        (Some(Step::Sender), _) => {
            format!("{host} rejects the sender {from}. Check mail.smtp.from and the account there")
        }
        (Some(Step::Recipient | Step::Content), SendError::Permanent(_)) => format!("{host} rejects the recipient"),
        (Some(Step::Recipient | Step::Content), SendError::SenderRefused(_) | SendError::Refused(_)) => {
            format!(
                "{host} accepts no email from this installation. Check mail.smtp.from, username and the account \
             there"
            )
        }
        (
            Some(Step::Recipient | Step::Content),
            SendError::Transient(_) | SendError::BrokenOff(_) | SendError::Unreachable(_),
        ) => {
            format!("{host} doesn't accept the email right now. Try again later")
        }
    }
}
