//! A connection to a mail server: commands, answers, TLS (RFC 5321, 3207, 4954).
//!
//! The server is not trusted: what it sends is read up to a length, and need not be UTF-8. How long it may take is for the caller to
//! say, by dropping what it waits for; nothing here waits for the end of a conversation.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::sign_in::{Credentials, Mechanism};
use crate::tls::Tls;

/// Longer than any line of an answer may be (512, RFC 5321 4.5.3.1.5), shorter than what fills the memory.
const LONGEST_LINE: u64 = 4_096;
const MOST_LINES: usize = 100;

/// How long a server may take for its goodbye; nobody waits for it.
const GOODBYE: Duration = Duration::from_secs(2);

/// What a server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    lines: Vec<String>,
}

impl Answer {
    /// All lines as one.
    pub(crate) fn text(&self) -> String {
        self.lines.join(" ")
    }
}

/// Why a step went wrong.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server said no.
    Refused(Answer),
    /// There is no connection, or no more, or what comes over it is no SMTP.
    Broken(String),
    /// The server cannot do what we need.
    Unable(&'static str),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Broken(format!("the connection broke: {error}"))
    }
}

/// A socket, encrypted or not.
trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// A connection whose server has said what it can.
pub(crate) struct Connection {
    stream: BufReader<Box<dyn Stream>>,
    /// What the server calls itself.
    pub(crate) name: String,
    /// What it can, in capitals, with its parameters.
    extensions: Vec<String>,
}

impl Connection {
    /// Connects and introduces us as `hello`; with `tls`, encrypted from the first byte.
    pub(crate) async fn open(server: (&str, u16), hello: &str, tls: Option<&Tls>) -> Result<Self, Trouble> {
        let socket =
            TcpStream::connect(server).await.map_err(|error| Trouble::Broken(format!("no connection: {error}")))?;
        // A command is one small packet, and its answer is waited for.
        socket.set_nodelay(true)?;
        let stream: Box<dyn Stream> = match tls {
            Some(tls) => Box::new(tls.encrypt(socket).await?),
            None => Box::new(socket),
        };
        let mut connection = Self::over(stream);
        connection.answer().await.and_then(positive)?;
        connection.greet(hello).await?;
        Ok(connection)
    }

    fn over(stream: Box<dyn Stream>) -> Self {
        Self { stream: BufReader::new(stream), name: String::new(), extensions: Vec::new() }
    }

    async fn greet(&mut self, hello: &str) -> Result<(), Trouble> {
        let answer = self.command(&format!("EHLO {hello}")).await?;
        let mut lines = answer.lines.into_iter();
        let first = lines.next().unwrap_or_default();
        first.split(' ').next().unwrap_or_default().clone_into(&mut self.name);
        self.extensions = lines.map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    /// Encrypts a connection that began in the clear.
    pub(crate) async fn encrypted(mut self, tls: &Tls, hello: &str) -> Result<Self, Trouble> {
        if !self.can("STARTTLS") {
            return Err(Trouble::Unable("STARTTLS is not supported on this server"));
        }
        self.command("STARTTLS").await?;
        // Somebody in between may have written more: it must not be taken for what the server says afterwards.
        if !self.stream.buffer().is_empty() {
            return Err(Trouble::Broken(
                "the mail server said more than it was asked before the connection was encrypted".to_owned(),
            ));
        }
        let mut connection = Self::over(Box::new(tls.encrypt(self.stream.into_inner()).await?));
        connection.greet(hello).await?;
        Ok(connection)
    }

    /// Signs in, in the first way that the server knows.
    pub(crate) async fn sign_in(&mut self, credentials: &Credentials) -> Result<(), Trouble> {
        let known = |mechanism: &Mechanism| {
            let lists = self.extensions.iter().filter_map(|line| line.strip_prefix("AUTH "));
            lists.flat_map(str::split_whitespace).any(|name| name == mechanism.name())
        };
        let mechanism = [Mechanism::Plain, Mechanism::Login].into_iter().find(known);
        let mechanism = mechanism.ok_or(Trouble::Unable("the mail server knows no way to sign in that we know"))?;
        for line in credentials.lines(mechanism) {
            let answer = self.say(&line).await?;
            match answer.code {
                200..=299 => return Ok(()),
                300..=399 => {}
                _ => return Err(Trouble::Refused(answer)),
            }
        }
        Err(Trouble::Broken("the mail server asks for more than a name and a password".to_owned()))
    }

    /// Whether the server knows this extension.
    pub(crate) fn can(&self, extension: &str) -> bool {
        self.extensions.iter().any(|line| line.split(' ').next() == Some(extension))
    }

    /// Says a command and waits until it is done.
    pub(crate) async fn command(&mut self, command: &str) -> Result<Answer, Trouble> {
        self.say(command).await.and_then(positive)
    }

    /// Announces the content of a mail.
    pub(crate) async fn begin_content(&mut self) -> Result<(), Trouble> {
        let answer = self.say("DATA").await?;
        match answer.code {
            300..=399 => Ok(()),
            // Whatever we said now would be taken for commands.
            200..=299 => {
                Err(Trouble::Broken(format!("an answer to DATA that is none: {} {}", answer.code, answer.text())))
            }
            _ => Err(Trouble::Refused(answer)),
        }
    }

    /// Hands over the content of a mail and waits until the server has it.
    pub(crate) async fn content(&mut self, mail: &[u8]) -> Result<Answer, Trouble> {
        self.write(&as_content(mail)).await?;
        self.answer().await.and_then(positive)
    }

    /// Says goodbye, for whoever does not want it any more. What was said before stands whatever comes of this, so nobody waits for it.
    pub(crate) fn leave(mut self) {
        tokio::spawn(async move {
            // A server that does not answer is left without an answer.
            let _ = tokio::time::timeout(GOODBYE, self.command("QUIT")).await;
        });
    }

    async fn say(&mut self, command: &str) -> Result<Answer, Trouble> {
        self.write(format!("{command}\r\n").as_bytes()).await?;
        self.answer().await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.stream.write_all(bytes).await?;
        Ok(self.stream.flush().await?)
    }

    async fn answer(&mut self) -> Result<Answer, Trouble> {
        let mut lines = Vec::new();
        while lines.len() < MOST_LINES {
            let line = self.line().await?;
            let read = line_of_answer(&line)
                .ok_or_else(|| Trouble::Broken(format!("what came is no answer of a mail server: {line}")))?;
            lines.push(read.text.to_owned());
            if read.is_last {
                return Ok(Answer { code: read.code, lines });
            }
        }
        Err(Trouble::Broken(format!("an answer of more than {MOST_LINES} lines")))
    }

    async fn line(&mut self) -> Result<String, Trouble> {
        let mut line = Vec::new();
        (&mut self.stream).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
        if line.pop() == Some(b'\n') {
            return Ok(text(line.trim_ascii_end()));
        }
        let is_long = u64::try_from(line.len()).unwrap_or(u64::MAX) >= LONGEST_LINE - 1;
        let reason = if is_long { "a line that is too long" } else { "the mail server closed the connection" };
        Err(Trouble::Broken(reason.to_owned()))
    }
}

fn positive(answer: Answer) -> Result<Answer, Trouble> {
    match answer.code {
        200..=299 => Ok(answer),
        300..=399 => Err(Trouble::Broken(format!("an answer at the wrong place: {} {}", answer.code, answer.text()))),
        _ => Err(Trouble::Refused(answer)),
    }
}

/// `250-8BITMIME`, `250 OK`, `250`.
#[derive(Debug, PartialEq, Eq)]
struct Line<'l> {
    code: u16,
    is_last: bool,
    text: &'l str,
}

fn line_of_answer(line: &str) -> Option<Line<'_>> {
    let (code, rest) = line.split_at_checked(3)?;
    let code = code.bytes().all(|byte| byte.is_ascii_digit()).then(|| code.parse().ok())?;
    let code = code.filter(|code| (200..600).contains(code))?;
    match rest.split_at_checked(1) {
        None => Some(Line { code, is_last: true, text: "" }),
        Some((" ", text)) => Some(Line { code, is_last: true, text }),
        Some(("-", text)) => Some(Line { code, is_last: false, text }),
        Some(_) => None,
    }
}

/// Servers write in UTF-8, or, older ones, in Latin-1.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), ToOwned::to_owned)
}

/// A mail as it is handed over (RFC 5321 4.5.2): every line ends with CRLF, none has a CR or LF besides, what begins with a dot begins with
/// two, and a lone one is the end. So nothing in a mail can end it, whatever the server takes for an end of a line.
fn as_content(mail: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(mail.len() + mail.len() / 50 + 5);
    for line in mail.strip_suffix(b"\n").unwrap_or(mail).split(|byte| *byte == b'\n') {
        let mut line = line.iter().copied().filter(|byte| *byte != b'\r').peekable();
        if line.peek() == Some(&b'.') {
            content.push(b'.');
        }
        content.extend(line);
        content.extend_from_slice(b"\r\n");
    }
    content.extend_from_slice(b".\r\n");
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_an_answer_has_a_code_and_says_whether_more_follow() {
        let line = |code, is_last, text| Some(Line { code, is_last, text });
        assert_eq!(line_of_answer("250-8BITMIME"), line(250, false, "8BITMIME"));
        assert_eq!(line_of_answer("250 2.1.0 OK"), line(250, true, "2.1.0 OK"));
        assert_eq!(line_of_answer("354"), line(354, true, ""));
        for none in ["", "25", "HTTP/1.1 400", "250=x", "199 x", "600 x", "+25 x", "25\u{e4} x", "2\u{1f600}"] {
            assert_eq!(line_of_answer(none), None, "{none}");
        }
    }

    #[test]
    fn answers_are_read_in_utf_8_and_in_latin_1() {
        assert_eq!(text("Empf\u{e4}nger".as_bytes()), "Empf\u{e4}nger");
        assert_eq!(text(b"Empf\xe4nger"), "Empf\u{e4}nger");
    }

    #[test]
    fn nothing_in_a_mail_ends_it() {
        let content = |mail: &str| String::from_utf8(as_content(mail.as_bytes())).unwrap();
        assert_eq!(content("a\r\nb\r\n"), "a\r\nb\r\n.\r\n");
        assert_eq!(content("a\n.\nb"), "a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(content(".\r\n..x\r\n\r\n"), "..\r\n...x\r\n\r\n.\r\n");
        assert_eq!(content("a\n\r.\r\nb\r.\r"), "a\r\n..\r\nb.\r\n.\r\n");
        assert_eq!(content(""), "\r\n.\r\n");
    }
}
