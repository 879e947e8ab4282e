//! The conversation with a mail server, step by step: whose fault a refusal is depends on the step at which it comes.

use std::error::Error as _;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;

use crate::SendError;
use crate::refusal::{Fault, Step, fault};

const LONGEST_REASON: usize = 300;

/// How long the server may take to answer the end of a mail (RFC 5321 4.5.3.2.6).
pub const FINAL_DOT: Duration = Duration::from_secs(600);

/// Told of every step that succeeded, with what the server answered.
pub(crate) type Listener<'l> = &'l mut (dyn FnMut(Step, &str) + Send);

/// A step that did not succeed.
#[derive(Debug)]
pub struct Failed {
    /// The step; `None` where the server fell silent.
    pub step: Option<Step>,
    /// Why.
    pub error: SendError,
}

impl Failed {
    pub(crate) fn at(step: Step, error: &Error) -> Self {
        Self { step: Some(step), error: send_error(step, error) }
    }

    pub(crate) fn permanent(step: Step, reason: &str) -> Self {
        Self { step: Some(step), error: SendError::Permanent(reason.to_owned()) }
    }
}

/// Says from whom a mail is and to whom, until the server waits for its content. After a refusal the connection is closed.
pub(crate) async fn announce(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    mail: &[u8],
    tell: Listener<'_>,
) -> Result<(), Failed> {
    let outcome = try_to_announce(connection, envelope, mail, tell).await;
    if outcome.is_err() {
        connection.abort().await;
    }
    outcome
}

/// Hands the content over. Servers look at it before they answer, which may take minutes: a client that loses patience sends
/// the mail a second time. After a refusal the connection is closed.
pub(crate) async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    mail: &[u8],
    tell: Listener<'_>,
) -> Result<(), Failed> {
    let Ok(answer) = tokio::time::timeout(FINAL_DOT, connection.message(mail)).await else {
        let minutes = FINAL_DOT.as_secs() / 60;
        let reason = format!("no answer within {minutes} minutes after the end of the mail; it may have arrived");
        return Err(Failed { step: None, error: SendError::Transient(reason) });
    };
    match answer {
        Ok(response) => {
            tell(Step::Content, &words(&response));
            Ok(())
        }
        Err(error) => {
            connection.abort().await;
            Err(Failed::at(Step::Content, &error))
        }
    }
}

async fn try_to_announce(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    mail: &[u8],
    tell: Listener<'_>,
) -> Result<(), Failed> {
    let at = |step: Step| move |error: Error| Failed::at(step, &error);
    let parameters = parameters(connection, envelope, mail)?;
    let sender = Mail::new(envelope.from().cloned(), parameters);
    tell(Step::Sender, &words(&connection.command(sender).await.map_err(at(Step::Sender))?));
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        tell(Step::Recipient, &words(&connection.command(recipient).await.map_err(at(Step::Recipient))?));
    }
    connection.command(Data).await.map_err(at(Step::Content))?;
    Ok(())
}

/// What the server must know beforehand of this mail (RFC 6152, RFC 6531).
fn parameters(
    connection: &AsyncSmtpConnection,
    envelope: &Envelope,
    mail: &[u8],
) -> Result<Vec<MailParameter>, Failed> {
    let server = connection.server_info();
    let mut parameters = Vec::new();
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    if addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
        if !server.supports_feature(Extension::SmtpUtfEight) {
            let reason = "the mail server cannot send to an address with letters beyond ASCII before its @";
            return Err(Failed::permanent(Step::Recipient, reason));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.is_ascii() && server.supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

fn send_error(step: Step, error: &Error) -> SendError {
    let Some(code) = error.status().map(u16::from) else {
        let reason = line(&reason_of(error));
        // Up to here the server was there: what breaks now is about this mail, and the next one finds out whether it is gone.
        if step == Step::Content {
            return SendError::Transient(reason);
        }
        // Before anything was asked, only this side can be wrong: no way to sign in, no TLS over there.
        return if error.is_client() && step != Step::Connect {
            SendError::SenderRefused(reason)
        } else {
            SendError::Unreachable(reason)
        };
    };
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    let reason = line(&format!("{code} {text}"));
    match fault(step, code, &text) {
        Fault::Recipient => SendError::Permanent(reason),
        Fault::Mail => SendError::Transient(reason),
        // The sender was accepted: this is about whom the mail is to, or what it says.
        Fault::Sender if matches!(step, Step::Recipient | Step::Content) => SendError::Refused(reason),
        Fault::Sender => SendError::SenderRefused(reason),
        Fault::Server => SendError::Unreachable(reason),
    }
}

/// An error with its causes: "connection error" alone helps nobody.
fn reason_of(error: &Error) -> String {
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let text = deeper.to_string();
        if !reason.contains(&text) {
            reason = format!("{reason}: {text}");
        }
        cause = deeper.source();
    }
    reason
}

fn words(response: &Response) -> String {
    let text = response.message().collect::<Vec<_>>().join(" ");
    line(&format!("{} {text}", response.code()))
}

/// One short line: the server's own words must not forge lines of the log.
fn line(text: &str) -> String {
    let flat = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(flat).take(LONGEST_REASON).collect()
}
