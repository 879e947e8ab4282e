//! The conversation with a mail server, step by step: whose fault a refusal is depends on the step at which it comes.

use std::time::Duration;

use lettre::address::Envelope;
use smtp_proto::{EXT_8BIT_MIME, EXT_SMTP_UTF8};

use crate::SendError;
use crate::connection::Connection;
use crate::refusal::{Fault, Step, fault};
use crate::trouble::{Answer, Trouble};

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
    /// The code with which the server said no; `None` where it did not.
    pub code: Option<u16>,
    /// Why.
    pub error: SendError,
}

impl Failed {
    pub(crate) fn at(step: Step, trouble: Trouble) -> Self {
        let code = match &trouble {
            Trouble::Refused(answer) => Some(answer.code),
            Trouble::Broken(_) | Trouble::Unable(_) => None,
        };
        Self { step: Some(step), code, error: send_error(step, trouble) }
    }

    pub(crate) fn permanent(step: Step, reason: &str) -> Self {
        Self { step: Some(step), code: None, error: SendError::Permanent(reason.to_owned()) }
    }

    /// The server said nothing, or not what ends this step, for too long.
    pub(crate) fn silent(step: Step, reason: String) -> Self {
        Self { step: None, code: None, error: broken(step, reason) }
    }
}

/// Says from whom a mail is and to whom, until the server waits for its content. `at` follows which step is under way.
pub(crate) async fn announce(
    connection: &mut Connection,
    envelope: &Envelope,
    mail: &[u8],
    at: &mut Step,
    tell: Listener<'_>,
) -> Result<(), Failed> {
    let failed = |step: Step| move |trouble: Trouble| Failed::at(step, trouble);
    let parameters = parameters(connection, envelope, mail)?;
    *at = Step::Sender;
    let sender = envelope.from().map_or_else(String::new, ToString::to_string);
    let answer =
        connection.command(&format!("MAIL FROM:<{sender}>{parameters}")).await.map_err(failed(Step::Sender))?;
    tell(Step::Sender, &words(&answer));
    *at = Step::Recipient;
    for recipient in envelope.to() {
        let answer = connection.command(&format!("RCPT TO:<{recipient}>")).await.map_err(failed(Step::Recipient))?;
        tell(Step::Recipient, &words(&answer));
    }
    *at = Step::Content;
    connection.begin_content().await.map_err(failed(Step::Content))
}

/// Hands the content over. Servers look at it before they answer, which may take minutes: a client that loses patience sends
/// the mail a second time.
pub(crate) async fn hand_over(connection: &mut Connection, mail: &[u8], tell: Listener<'_>) -> Result<(), Failed> {
    let Ok(answer) = tokio::time::timeout(FINAL_DOT, connection.content(mail)).await else {
        let minutes = FINAL_DOT.as_secs() / 60;
        let reason = format!("No answer within {minutes} minutes after the end of the email. It may have arrived.");
        return Err(Failed::silent(Step::Content, reason));
    };
    let answer = answer.map_err(|trouble| Failed::at(Step::Content, trouble))?;
    tell(Step::Content, &words(&answer));
    Ok(())
}

/// What the server must know beforehand of this mail (RFC 6152, RFC 6531). The sender is ASCII, which the settings see to.
fn parameters(connection: &Connection, envelope: &Envelope, mail: &[u8]) -> Result<String, Failed> {
    let mut parameters = String::new();
    if envelope.to().iter().any(|address| !address.to_string().is_ascii()) {
        if !connection.can(EXT_SMTP_UTF8) {
            let reason = "the mail server cannot send to an address with letters beyond ASCII before its @";
            return Err(Failed::permanent(Step::Recipient, reason));
        }
        parameters.push_str(" SMTPUTF8");
    }
    if !mail.is_ascii() && connection.can(EXT_8BIT_MIME) {
        parameters.push_str(" BODY=8BITMIME");
    }
    Ok(parameters)
}

fn send_error(step: Step, trouble: Trouble) -> SendError {
    let answer = match trouble {
        Trouble::Refused(answer) => answer,
        Trouble::Broken(reason) => return broken(step, line(&reason)),
        // Only this side can be wrong: no way to sign in, no TLS over there.
        Trouble::Unable(reason) => return SendError::SenderRefused(reason.to_owned()),
    };
    let reason = words(&answer);
    match fault(step, answer.code, &answer.text) {
        Fault::Recipient => SendError::Permanent(reason),
        Fault::Mail => SendError::Transient(reason),
        // The sender was accepted: this is about whom the mail is to, or what it says.
        Fault::Sender if is_about_one_mail(step) => SendError::Refused(reason),
        Fault::Sender => SendError::SenderRefused(reason),
        Fault::Server => broken(step, reason),
    }
}

/// The server is there no more. Once it took the sender it was there: whom this mail is to, or what it says, may be why.
fn broken(step: Step, reason: String) -> SendError {
    if is_about_one_mail(step) { SendError::BrokenOff(reason) } else { SendError::Unreachable(reason) }
}

fn is_about_one_mail(step: Step) -> bool {
    match step {
        Step::Recipient | Step::Content => true,
        Step::Connect | Step::Encrypt | Step::SignIn | Step::Sender => false,
    }
}

fn words(answer: &Answer) -> String {
    line(&format!("{} {}", answer.code, answer.text))
}

/// One short line: the server's own words must not forge lines of the log.
pub(crate) fn line(text: &str) -> String {
    let flat = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(flat).take(LONGEST_REASON).collect()
}
