//! The bytes between a mail server and us, and what the server said, word for word: the parser of mail-send knows no part of a status
//! code above 255 (`5.7.708`) and no Latin-1, does not say why there is no answer, and reads short lines without an end.

use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longer than the answers that mail-send takes, shorter than what fills the memory.
const LONGEST_ANSWER: usize = 16_384;

/// A socket, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// A stream that keeps what the server said since we said something.
pub(crate) struct Wire {
    stream: Box<dyn Stream>,
    said: Vec<u8>,
}

impl Wire {
    pub(crate) fn over(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::new(stream), said: Vec::new() }
    }

    pub(crate) fn into_stream(self) -> Box<dyn Stream> {
        self.stream
    }

    /// The text of the server's answer, all lines as one.
    pub(crate) fn answer(&self) -> String {
        let mut lines = Vec::new();
        for line in self.said.split(|byte| *byte == b'\n') {
            lines.push(text(line.get(4..).unwrap_or_default().trim_ascii_end()));
            if line.get(3) != Some(&b'-') {
                break;
            }
        }
        lines.join(" ")
    }

    /// Whatever the server said.
    pub(crate) fn said(&self) -> String {
        text(&self.said)
    }
}

/// Servers write in UTF-8, or, older ones, in Latin-1.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), ToOwned::to_owned)
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let read = buffer.filled().get(before..).unwrap_or_default();
        self.said.extend_from_slice(read);
        Poll::Ready(match () {
            () if read.is_empty() => Err(Error::new(ErrorKind::UnexpectedEof, "the mail server closed it")),
            () if self.said.len() > LONGEST_ANSWER => Err(Error::other("an answer that is too long")),
            () => Ok(()),
        })
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.said.clear();
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
