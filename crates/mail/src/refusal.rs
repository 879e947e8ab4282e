//! Whose fault it is that a mail server says no: by the step of the conversation at which it does (RFC 5321) and by its
//! enhanced status code (RFC 3463). What is not plainly about the recipient must not end a mail for good.

/// A step of the conversation with a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The connection, the greeting, and TLS from the first byte.
    Connect,
    /// The change to TLS by STARTTLS.
    Encrypt,
    /// The sign-in.
    SignIn,
    /// `MAIL FROM`: who sends.
    Sender,
    /// `RCPT TO`: who receives.
    Recipient,
    /// `DATA`: what is sent.
    Content,
}

/// Whose fault a refusal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The recipient cannot be reached: sending this mail again is useless.
    Recipient,
    /// This mail is not taken now.
    Mail,
    /// The server does not take mail from us: the operator has to do something, then every mail can go.
    Sender,
    /// The server takes no mail now: of what it is asked at this step, or of anything.
    Server,
}

/// What words of a refusal tell of us, where no status code says so.
const ABOUT_US: &[&str] = &[
    "relay",
    "forwarding denied",
    "rcpthosts",
    "sender",
    "mail from",
    "from address",
    "authenticat",
    "logged in",
    "client host",
    "helo",
    "quota",
    "daily",
    "hourly",
    "rate limit",
    "throttl",
    "exceeded",
    "credits",
    "blocked",
    "blacklist",
    "blocklist",
    "spamhaus",
    "reverse dns",
    "spf",
    "dkim",
    "dmarc",
    "permission",
];

/// What words of a refusal of the recipient tell of the recipient, where no status code says so.
const NO_SUCH_RECIPIENT: &[&str] = &[
    "unknown",
    "no such",
    "not found",
    "not exist",
    "doesn't exist",
    "no mailbox",
    "mailbox unavailable",
    "mailbox not available",
    "mailbox is unavailable",
    "invalid recipient",
    "invalid address",
    "invalid mailbox",
    "bad recipient",
    "bad address",
    "doesn't have",
    "does not have",
    "unrouteable",
    "unroutable",
    "undeliverable",
    "recipient address rejected",
    "recipient rejected",
    "not a valid recipient",
    "not a valid mailbox",
    "no longer available",
    "no longer valid",
];

/// Combined with a word of [`A_MAILBOX`], these mean that the mailbox is closed.
const OUT_OF_USE: &[&str] = &["disabled", "inactive", "not active", "deactivated", "closed", "discontinued"];
const A_MAILBOX: &[&str] = &["mailbox", "user", "recipient", "address"];

/// Judges the answer `code text` that came at `step`.
pub(crate) fn fault(step: Step, code: u16, text: &str) -> Fault {
    let text = text.to_lowercase();
    let status = enhanced(&text);
    match (step, code) {
        // Closing down: whether for everyone or because of this mail, the step tells.
        (_, 421) => Fault::Server,
        (Step::SignIn, _) => Fault::Sender,
        (Step::Connect | Step::Encrypt | Step::Sender, 400..=499) => Fault::Server,
        (Step::Connect | Step::Encrypt | Step::Sender, _) => Fault::Sender,
        (Step::Recipient | Step::Content, _) if is_full(code, status, &text) => Fault::Mail,
        (Step::Recipient | Step::Content, 400..=499) if is_our_limit(status, &text) => Fault::Sender,
        (Step::Recipient | Step::Content, 400..=499) => Fault::Mail,
        (Step::Recipient, _) => fault_at_recipient(code, status, &text),
        (Step::Content, _) if is_unknown_mailbox(status) => Fault::Recipient,
        (Step::Content, _) => Fault::Sender,
    }
}

/// Servers such as Postfix say only here what they think of client and sender.
fn fault_at_recipient(code: u16, status: Option<(u16, u16)>, text: &str) -> Fault {
    if is_unknown_mailbox(status) {
        return Fault::Recipient;
    }
    let is_about_us = ABOUT_US.iter().any(|words| text.contains(words));
    match status {
        _ if is_about_us || matches!(code, 500 | 502 | 503 | 521 | 530 | 534 | 535 | 538) => Fault::Sender,
        // Too many mails to one mailbox within an hour (Exchange).
        Some((2, 121 | 122)) => Fault::Mail,
        Some((1, 7 | 8 | 90)) => Fault::Sender,
        Some((1 | 2, _) | (4, 1 | 4)) => Fault::Recipient,
        Some(_) if text.contains("recipient address rejected") => Fault::Recipient,
        Some((0, _)) | None if tells_of_the_recipient(text) => Fault::Recipient,
        // What they have against the client or the mail many servers say here, too. To send again what is useless costs little, to give
        // up what only the operator has to mend costs the mail.
        Some(_) | None => Fault::Sender,
    }
}

fn tells_of_the_recipient(text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|words| text.contains(words));
    // «Your account», «your IP», «your country»: that is us.
    !has(&["your "]) && (has(NO_SUCH_RECIPIENT) || has(OUT_OF_USE) && has(A_MAILBOX))
}

/// Subject and detail of an enhanced status code (`5.7.60` is 7 and 60) at the beginning of a text, or in brackets at its end
/// as qmail writes it.
fn enhanced(text: &str) -> Option<(u16, u16)> {
    let first = text.split_whitespace().next()?;
    let last = text.rsplit_once("(#").and_then(|(_, rest)| rest.split(')').next());
    [Some(first), last].into_iter().flatten().find_map(status)
}

fn status(word: &str) -> Option<(u16, u16)> {
    let (class, rest) = word.split_once('.')?;
    let (subject, detail) = rest.split_once('.')?;
    let detail = detail.trim_end_matches(|c: char| !c.is_ascii_digit());
    matches!(class, "4" | "5").then_some(())?;
    Some((subject.parse().ok()?, detail.parse().ok()?))
}

/// Bad mailbox, bad domain, no such address, moved, not found (Exchange).
fn is_unknown_mailbox(status: Option<(u16, u16)>) -> bool {
    matches!(status, Some((1, 1..=6 | 10)))
}

/// A mailbox that is full is not full for ever.
fn is_full(code: u16, status: Option<(u16, u16)>, text: &str) -> bool {
    let says_so = ["mailbox full", "mailbox is full", "over quota", "mailbox quota", "storage allocation"];
    match status {
        Some((subject, detail)) => (subject, detail) == (2, 2),
        None => code == 552 || says_so.iter().any(|words| text.contains(words)),
    }
}

/// Whether as much was sent as may be; a mailbox that gets too much (4.2.1) is another matter, and so is greylisting.
fn is_our_limit(status: Option<(u16, u16)>, text: &str) -> bool {
    let ours = ["throttl", "quota", "credits", "daily", "rate exceeded", "sending rate", "thread limit"];
    status.is_none_or(|(subject, _)| subject != 2) && ours.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers that servers really give.
    const ANSWERS: &[(Step, u16, &str, Fault)] = &[
        // Exchange Online and Exchange Server.
        (
            Step::Sender,
            530,
            "5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
            Fault::Sender,
        ),
        (Step::Sender, 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", Fault::Sender),
        (Step::Content, 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", Fault::Sender),
        (Step::Content, 554, "5.2.252 SendAsDenied; a@b.example not allowed to send as c@b.example", Fault::Sender),
        (Step::Recipient, 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", Fault::Sender),
        (Step::Recipient, 550, "5.7.64 TenantAttribution; Relay Access Denied", Fault::Sender),
        (Step::Content, 550, "5.1.8 Access denied, bad outbound sender", Fault::Sender),
        (Step::Recipient, 550, "5.1.8 Access denied, bad outbound sender", Fault::Sender),
        (
            Step::Recipient,
            550,
            "5.1.90 Your message can't be sent because you've reached your daily limit",
            Fault::Sender,
        ),
        (Step::Content, 432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", Fault::Sender),
        (
            Step::Connect,
            550,
            "5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
            Fault::Sender,
        ),
        (Step::SignIn, 535, "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled", Fault::Sender),
        (Step::Recipient, 550, "5.4.1 Recipient address rejected: Access denied", Fault::Recipient),
        (
            Step::Recipient,
            550,
            "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address",
            Fault::Recipient,
        ),
        (Step::Content, 550, "5.1.1 User unknown", Fault::Recipient),
        (
            Step::Recipient,
            550,
            "5.2.121 Recipient's per hour message receive limit from specific sender",
            Fault::Sender,
        ),
        (Step::Recipient, 550, "5.2.122 The recipient has reached the message receive limit", Fault::Mail),
        // Gmail and Google Workspace.
        (Step::Sender, 530, "5.7.0 Authentication Required. Learn more at https://support.google.com", Fault::Sender),
        (Step::SignIn, 535, "5.7.8 Username and Password not accepted.", Fault::Sender),
        (Step::SignIn, 454, "4.7.0 Too many login attempts, please try again later.", Fault::Sender),
        (Step::Content, 550, "5.4.5 Daily user sending limit exceeded.", Fault::Sender),
        (Step::Recipient, 550, "5.4.5 Daily SMTP relay sending quota exceeded.", Fault::Sender),
        (Step::Recipient, 550, "5.1.1 The email account that you tried to reach does not exist.", Fault::Recipient),
        (Step::Recipient, 550, "5.2.1 The email account that you tried to reach is disabled.", Fault::Recipient),
        (Step::Recipient, 552, "5.2.2 The email account that you tried to reach is over quota.", Fault::Mail),
        (Step::Recipient, 452, "4.2.2 The recipient's inbox is out of storage space and inactive.", Fault::Mail),
        (
            Step::Recipient,
            450,
            "4.2.1 The user you are trying to contact is receiving mail at a rate that",
            Fault::Mail,
        ),
        (Step::Connect, 421, "4.7.0 Try again later, closing connection.", Fault::Server),
        (Step::Recipient, 421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", Fault::Server),
        (
            Step::Content,
            550,
            "5.7.26 Unauthenticated email from example.com is not accepted due to DMARC",
            Fault::Sender,
        ),
        (
            Step::Content,
            550,
            "5.7.1 Our system has detected that this message is likely unsolicited mail.",
            Fault::Sender,
        ),
        // Postfix, which says at RCPT TO what it thinks of client and sender.
        (Step::Recipient, 554, "5.7.1 <bo@example.com>: Relay access denied", Fault::Sender),
        (Step::Recipient, 554, "<bo@example.com>: Recipient address rejected: Relay access denied", Fault::Sender),
        (Step::Recipient, 553, "5.7.1 <a@b.example>: Sender address rejected: not owned by user c", Fault::Sender),
        (Step::Recipient, 550, "5.1.8 <a@b.example>: Sender address rejected: Domain not found", Fault::Sender),
        (Step::Recipient, 554, "5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", Fault::Sender),
        (
            Step::Recipient,
            504,
            "5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
            Fault::Sender,
        ),
        (
            Step::Recipient,
            554,
            "5.7.1 <bo@example.com>: Recipient address rejected: You have exceeded your quota",
            Fault::Sender,
        ),
        (
            Step::Recipient,
            504,
            "5.5.2 <bo>: Recipient address rejected: need fully-qualified address",
            Fault::Recipient,
        ),
        (Step::Recipient, 550, "5.1.1 <bo@example.com>: Recipient address rejected: User unknown", Fault::Recipient),
        (Step::Recipient, 554, "5.7.1 <bo@example.com>: Recipient address rejected: Access denied", Fault::Recipient),
        (Step::Recipient, 450, "4.2.0 <bo@example.com>: Recipient address rejected: Greylisted", Fault::Mail),
        (Step::Recipient, 450, "4.7.1 Client host rejected: cannot find your hostname", Fault::Mail),
        (Step::Sender, 452, "4.3.1 Insufficient system storage", Fault::Server),
        (Step::Sender, 552, "5.3.4 Message size exceeds fixed limit", Fault::Sender),
        (Step::Content, 451, "4.3.0 Error: queue file write error", Fault::Mail),
        // Exim, Sendmail, qmail.
        (Step::Recipient, 550, "relay not permitted", Fault::Sender),
        (Step::Recipient, 550, "Sender verify failed", Fault::Sender),
        (Step::Recipient, 550, "Unrouteable address", Fault::Recipient),
        (Step::Recipient, 550, "5.7.1 <bo@example.com>... Relaying denied", Fault::Sender),
        (Step::Recipient, 553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Fault::Sender),
        (Step::Sender, 553, "5.1.8 <a@b.example>... Domain of sender address does not exist", Fault::Sender),
        (Step::Recipient, 550, "No such user here", Fault::Recipient),
        (Step::Recipient, 554, "delivery error: This user doesn't have an account", Fault::Recipient),
        (Step::Recipient, 552, "Mailbox full", Fault::Mail),
        (Step::Recipient, 550, "Requested action not taken: mailbox unavailable", Fault::Recipient),
        (Step::Recipient, 550, "Invalid recipient", Fault::Recipient),
        (Step::Recipient, 550, "<bo@example.com>: User unknown in virtual alias table", Fault::Recipient),
        (Step::Recipient, 554, "5.0.0 mailbox for bo@example.com not found", Fault::Recipient),
        (Step::Recipient, 550, "This mailbox is disabled", Fault::Recipient),
        (Step::Recipient, 550, "The recipient does not exist", Fault::Recipient),
        // Without a word of the recipient: providers, filters and servers in between.
        (Step::Recipient, 550, "Too many messages from you today", Fault::Sender),
        (Step::Recipient, 550, "Upgrade your plan to send more mail", Fault::Sender),
        (Step::Recipient, 550, "Must issue a STARTTLS command first", Fault::Sender),
        (Step::Recipient, 554, "Your IP is listed in our RBL", Fault::Sender),
        (Step::Recipient, 550, "Administrative prohibition", Fault::Sender),
        (Step::Recipient, 550, "Your account is suspended", Fault::Sender),
        (Step::Recipient, 550, "Your account is disabled, ask the user support", Fault::Sender),
        (Step::Recipient, 550, "Message looks like spam", Fault::Sender),
        (Step::Recipient, 550, "Your country is not allowed", Fault::Sender),
        (Step::Recipient, 550, "5.0.0 Service refused", Fault::Sender),
        (Step::Recipient, 550, "", Fault::Sender),
        // Amazon SES.
        (
            Step::Content,
            554,
            "Message rejected: Email address is not verified. The following identities failed",
            Fault::Sender,
        ),
        (Step::Content, 454, "Throttling failure: Maximum sending rate exceeded.", Fault::Sender),
        (Step::Content, 454, "Throttling failure: Daily message quota exceeded.", Fault::Sender),
        (Step::Content, 554, "Message rejected: Sending suspended for this account.", Fault::Sender),
        (Step::SignIn, 535, "Authentication Credentials Invalid", Fault::Sender),
        (Step::Sender, 501, "Invalid MAIL FROM address provided", Fault::Sender),
        // SendGrid.
        (Step::Content, 550, "The from address does not match a verified Sender Identity.", Fault::Sender),
        (Step::SignIn, 451, "Authentication failed: Maximum credits exceeded", Fault::Sender),
        (Step::Sender, 550, "Unauthenticated senders not allowed", Fault::Sender),
    ];

    #[test]
    fn a_refusal_is_the_recipients_only_where_the_server_says_so() {
        for (step, code, text, expected) in ANSWERS {
            assert_eq!(fault(*step, *code, text), *expected, "{step:?} {code} {text}");
        }
    }

    #[test]
    fn status_codes_are_read_at_the_beginning_and_as_qmail_writes_them() {
        assert_eq!(enhanced("5.7.60 smtp; client"), Some((7, 60)));
        assert_eq!(enhanced("sorry (#5.7.1)"), Some((7, 1)));
        for none in ["", "relay not permitted", "192.0.2.1 is blocked", "5.x.1 y", "2.1.5 ok"] {
            assert_eq!(enhanced(none), None, "{none}");
        }
    }
}
