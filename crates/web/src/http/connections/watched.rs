//! A socket that ends when nothing comes of it.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep_until};

use super::seat::Seat;
use super::{Connection, ConnectionLimits, now};

/// The socket of a connection. Silent for too long, it fails like one whose other end is gone, and the HTTP library drops it.
///
/// Its timer is moved when it goes off, not with every request: for a connection in use that is next to nothing.
#[derive(Debug)]
pub struct Watched {
    stream: TcpStream,
    connection: Connection,
    limits: ConnectionLimits,
    /// The requests of the connection when this was last looked at, and what had come of them.
    begun: usize,
    moved: usize,
    /// Since when the head of a request is awaited. Nothing while one is answered, and after it until the next one begins.
    head_since: Option<Instant>,
    /// When something last came of a request. In HTTP/1 that is also whatever is sent; in HTTP/2 both ends send each other things
    /// that are about no request (PING, SETTINGS, WINDOW_UPDATE), and a client could have them answered for ever.
    active: Instant,
    timer: Pin<Box<Sleep>>,
    due: Instant,
    /// In HTTP/2 whatever is sent between requests does not begin one.
    is_http2: bool,
    /// Given back when the connection ends.
    _place: (Option<OwnedSemaphorePermit>, Seat),
}

impl Watched {
    pub(super) fn new(
        stream: TcpStream,
        connection: Connection,
        limits: ConnectionLimits,
        place: (Option<OwnedSemaphorePermit>, Seat),
    ) -> Self {
        let opened = now();
        let due = opened + limits.head;
        Self {
            stream,
            connection,
            limits,
            begun: 0,
            moved: 0,
            head_since: Some(opened),
            active: opened,
            timer: Box::pin(sleep_until(due)),
            due,
            is_http2: false,
            _place: place,
        }
    }

    /// Notes which requests began, and what came of them, since this was last looked at.
    fn look(&mut self) {
        let state = &self.connection.0;
        let begun = state.begun.load(Ordering::Relaxed);
        let moved = state.moved.load(Ordering::Relaxed);
        let running = state.running.load(Ordering::Relaxed) > 0;
        if begun != self.begun {
            self.head_since = None;
        }
        if begun != self.begun || moved != self.moved || running {
            self.active = now();
        }
        (self.begun, self.moved) = (begun, moved);
    }

    fn has_read(&mut self, bytes: &[u8]) {
        self.look();
        if self.begun == 0 && bytes.starts_with(b"PRI") {
            self.is_http2 = true;
        }
        let is_answering = self.connection.0.running.load(Ordering::Relaxed) > 0;
        if !is_answering && self.head_since.is_none() && !self.is_http2 && !bytes.is_empty() {
            self.head_since = Some(now());
        }
    }

    /// When it is too late for what is awaited.
    fn end(&mut self) -> Instant {
        self.look();
        self.head_since.map_or(self.active + self.limits.idle, |since| since + self.limits.head)
    }

    /// Fails when it is too late for what is awaited; else whoever waits is woken when it will be.
    fn wait(&mut self, context: &mut Context<'_>) -> Result<()> {
        let end = self.end();
        if end < self.due {
            self.set_timer(end);
        }
        while self.timer.as_mut().poll(context).is_ready() {
            if end <= now() {
                return Err(Error::from(ErrorKind::TimedOut));
            }
            self.set_timer(end);
        }
        Ok(())
    }

    fn set_timer(&mut self, due: Instant) {
        self.due = due;
        self.timer.as_mut().reset(due);
    }

    fn sent(&mut self, context: &mut Context<'_>, written: Poll<Result<usize>>) -> Poll<Result<usize>> {
        match written {
            Poll::Ready(Ok(_)) if self.is_http2 => self.look(),
            Poll::Ready(Ok(_)) => self.active = now(),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.wait(context)?,
        }
        written
    }
}

impl AsyncRead for Watched {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        match read {
            Poll::Ready(Ok(())) => {
                this.has_read(buffer.filled().get(before..).unwrap_or_default());
                // Whoever sends without a pause is never waited for.
                if this.end() <= now() {
                    return Poll::Ready(Err(Error::from(ErrorKind::TimedOut)));
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => this.wait(context)?,
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.sent(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, pieces);
        this.sent(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
