//! A connection to a mail server. mail-send speaks (RFC 5321, 3207, 4954); how long the server may take is for the caller to say, by
//! dropping what it waits for, and nothing here waits for the end of a conversation.

use std::time::Duration;

use mail_send::smtp::AssertReply;
use mail_send::{Credentials, Error, SmtpClient};
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN, EXT_START_TLS, EhloResponse, Response};
use tokio::net::TcpStream;

use crate::tls::Tls;
use crate::trouble::{Answer, Trouble};
use crate::wire::Wire;

/// mail-send has a limit for every command; the ones that hold are the caller's.
const UNLIMITED: Duration = Duration::MAX;

/// How long a server may take to close the connection; no email waits for it.
const GOODBYE: Duration = Duration::from_secs(2);

/// A connection whose server has said what it can.
pub(crate) struct Connection {
    client: SmtpClient<Wire>,
    server: EhloResponse<String>,
}

impl Connection {
    /// Connects and introduces us as `hello`; with `tls`, encrypted from the first byte.
    pub(crate) async fn open(server: (&str, u16), hello: &str, tls: Option<&Tls>) -> Result<Self, Trouble> {
        let socket =
            TcpStream::connect(server).await.map_err(|error| Trouble::Broken(format!("No connection: {error}")))?;
        // A command is one small packet, and its answer is waited for.
        socket.set_nodelay(true)?;
        let mut connection = Self::over(match tls {
            Some(tls) => Wire::over(tls.encrypt(socket).await?),
            None => Wire::over(socket),
        });
        connection.answer().await?;
        connection.greet(hello).await?;
        Ok(connection)
    }

    fn over(wire: Wire) -> Self {
        Self { client: SmtpClient { stream: wire, timeout: UNLIMITED }, server: EhloResponse::default() }
    }

    /// A server that does not know EHLO is greeted as of old (RFC 5321 4.1.1.1), and can nothing beyond that.
    async fn greet(&mut self, hello: &str) -> Result<(), Trouble> {
        match self.client.ehlo(hello).await.map_err(|error| self.trouble(error)) {
            Ok(server) => self.server = server,
            Err(Trouble::Refused(Answer { code: 500 | 502, .. })) => {
                self.command(&format!("HELO {hello}")).await?;
            }
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    /// Encrypts a connection that began in the clear.
    pub(crate) async fn encrypted(mut self, tls: &Tls, hello: &str) -> Result<Self, Trouble> {
        if !self.can(EXT_START_TLS) {
            return Err(Trouble::Unable("STARTTLS is not supported on this server"));
        }
        self.command("STARTTLS").await?;
        // Someone in between may have said more: what came along with the answer is forgotten here, and what comes later is no TLS.
        let mut connection = Self::over(Wire::over(tls.encrypt(self.client.stream.into_stream()).await?));
        connection.greet(hello).await?;
        Ok(connection)
    }

    /// Signs in with name and password together (`PLAIN`), or one after the other (`LOGIN`) where the server supports nothing better.
    pub(crate) async fn sign_in(&mut self, credentials: &Credentials<String>) -> Result<(), Trouble> {
        // Of several ways mail-send tries each, and begins those it cannot go on with.
        let offered = self.server.auth_mechanisms;
        self.server.auth_mechanisms = if offered & AUTH_PLAIN == 0 { offered & AUTH_LOGIN } else { AUTH_PLAIN };
        let signed_in = self.client.authenticate(credentials, &self.server).await.map(|_| ());
        signed_in.map_err(|error| self.trouble(error))
    }

    /// What the server calls itself.
    pub(crate) fn name(&self) -> &str {
        &self.server.hostname
    }

    /// Whether the server knows this extension.
    pub(crate) fn can(&self, extension: u32) -> bool {
        self.server.has_capability(extension)
    }

    /// Says a command and waits until it is done.
    pub(crate) async fn command(&mut self, command: &str) -> Result<Answer, Trouble> {
        let response = self.client.cmd(format!("{command}\r\n")).await;
        self.heard(response.and_then(AssertReply::into_positive_completion))
    }

    /// Announces the content of a mail.
    pub(crate) async fn begin_content(&mut self) -> Result<(), Trouble> {
        // After any other answer, whatever we said would be taken for commands.
        let begun = self.client.cmd("DATA\r\n").await.and_then(|response| response.assert_code(354));
        begun.map_err(|error| self.trouble(error))
    }

    /// Hands over the content of a mail and waits until the server has it.
    pub(crate) async fn content(&mut self, mail: &[u8]) -> Result<Answer, Trouble> {
        // mail-send ends the last line itself.
        self.client.write_message(mail.strip_suffix(b"\r\n").unwrap_or(mail)).await?;
        self.answer().await
    }

    /// Says goodbye, for whoever does not want it anymore. What was said before stands whatever comes of this, so no one waits for it.
    pub(crate) fn leave(self) {
        // A server that does not answer is left without an answer.
        tokio::spawn(tokio::time::timeout(GOODBYE, self.client.quit()));
    }

    async fn answer(&mut self) -> Result<Answer, Trouble> {
        let response = self.client.read().await;
        self.heard(response.and_then(AssertReply::into_positive_completion))
    }

    fn heard(&self, response: mail_send::Result<Response<String>>) -> Result<Answer, Trouble> {
        let Response { code, .. } = response.map_err(|error| self.trouble(error))?;
        Ok(Answer { code, text: self.client.stream.answer() })
    }

    fn trouble(&self, error: Error) -> Trouble {
        if let Error::Io(error) = error {
            return error.into();
        }
        if let Error::UnsupportedAuthMechanism = error {
            return Trouble::Unable("The mail server supports none of our sign-in methods.");
        }
        let wire = &self.client.stream;
        let (Error::UnexpectedReply(response) | Error::AuthenticationFailed(response)) = error else {
            return Trouble::Broken(format!("The mail server's answer isn't valid: {}", wire.said()));
        };
        let answer = Answer { code: response.code, text: wire.answer() };
        if (400..600).contains(&answer.code) {
            return Trouble::Refused(answer);
        }
        Trouble::Broken(format!("The mail server's answer is out of order: {} {}", answer.code, answer.text))
    }
}
