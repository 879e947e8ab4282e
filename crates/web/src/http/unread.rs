//! Bodies that were answered before they were read to their end.
//!
//! A client that is still sending does not read: an answer to the half of its request ends, for many, as a broken pipe. So what is
//! left is read and thrown away, up to a bound, before the answer leaves.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use futures_util::Stream;
use futures_util::stream::poll_fn;
use tokio::time::Instant;

use crate::http::connections::now;

/// The most that is thrown away.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// How long that may take.
const LONGEST: Duration = Duration::from_secs(10);

/// What a handler leaves of a body; nothing where the request has none.
pub struct Rest(Option<Arc<Mutex<Shared>>>);

struct Shared {
    stream: BodyDataStream,
    /// Whether the client was told, by reading, that it may go on.
    is_begun: bool,
    /// Whether it waits for that (`Expect: 100-continue`).
    is_held_back: bool,
    /// When its end came, or that it broke off.
    over_since: Option<Instant>,
    /// How many bytes came.
    came: usize,
}

impl Shared {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        if self.over_since.is_some() {
            return Poll::Ready(None);
        }
        self.is_begun = true;
        let piece = Pin::new(&mut self.stream).poll_next(context);
        match &piece {
            Poll::Ready(Some(Ok(bytes))) => self.came += bytes.len(),
            Poll::Ready(None | Some(Err(_))) => self.over_since = Some(now()),
            Poll::Pending => {}
        }
        piece
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lends the body to the handler of the request.
pub fn lend(request: Request) -> (Request, Rest) {
    if request.body().is_end_stream() {
        return (request, Rest(None));
    }
    let is_held_back = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let shared = Shared { stream: body.into_data_stream(), is_begun: false, is_held_back, over_since: None, came: 0 };
    let shared = Arc::new(Mutex::new(shared));
    let lent = Arc::clone(&shared);
    let body = Body::from_stream(poll_fn(move |context| lock(&lent).poll(context)));
    (Request::from_parts(parts, body), Rest(Some(shared)))
}

/// How far the reading of a body is.
pub enum Reading {
    /// Nothing waits for it: there is none, or the handler does not read it.
    None,
    /// So many bytes have come, and its end has not.
    Under(usize),
    /// Its end came at this moment.
    Over(Instant),
}

impl Rest {
    /// How far the reading is.
    pub fn reading(&self) -> Reading {
        let Some(shared) = &self.0 else { return Reading::None };
        match *lock(shared) {
            Shared { over_since: Some(at), .. } => Reading::Over(at),
            Shared { is_begun: true, came, .. } => Reading::Under(came),
            Shared { is_begun: false, .. } => Reading::None,
        }
    }

    /// Reads and throws away what is left, for as long as a whole request may take at most.
    pub async fn discard(self, limit: Duration) {
        let Some(shared) = self.0 else { return };
        // Whoever still holds back the body reads the answer instead of sending it.
        if matches!(
            *lock(&shared),
            Shared { over_since: Some(_), .. } | Shared { is_held_back: true, is_begun: false, .. }
        ) {
            return;
        }
        let mut left = MOST_BYTES;
        let to_the_end = std::future::poll_fn(|context| {
            loop {
                match lock(&shared).poll(context) {
                    Poll::Ready(Some(Ok(piece))) if piece.len() <= left => left -= piece.len(),
                    Poll::Ready(_) => return Poll::Ready(()),
                    Poll::Pending => return Poll::Pending,
                }
            }
        });
        // Whether it ended or was too much: the answer leaves now.
        let _ = tokio::time::timeout(LONGEST.min(limit), to_the_end).await;
    }
}
