//! Answers that are files, written while they are read.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::core::failure::Failure;
use futures_util::stream::try_unfold;
use futures_util::{Stream, TryStreamExt};
use service::export_file::{ExportedFile, FileStream};
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::http::site::{Site, StreamLimits};

/// The contents of a file, for the API description.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "handlers give bytes")]
pub struct FileBytes(Vec<u8>);

/// A file to be saved under its name. A failure on the way breaks the transfer off, so that half a file is not taken for a
/// whole one.
pub fn file(site: &Site, content_type: &'static str, exported: ExportedFile) -> Response {
    let ExportedFile { name, stream } = exported;
    let body = Body::from_stream(in_time(site.settings.streams, stream, now).map_err(|failure| {
        match failure {
            Failure::Refused(refusal) => tracing::warn!(code = refusal.code, "An export was interrupted."),
            Failure::Unavailable(reason) | Failure::TooSlow(reason) | Failure::Uncertain(reason) => {
                tracing::warn!(%reason, "An export was interrupted.");
            }
            Failure::Broken(error) => tracing::error!(%error, "An export was interrupted."),
        }
        std::io::Error::other("The export was interrupted.")
    }));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// The progress of a streamed response, whose chunks are pulled as fast as the client reads.
struct Progress<C> {
    pieces: FileStream,
    began: Instant,
    /// When the latest piece was handed over.
    handed: Option<Instant>,
    /// How long all pieces waited for the reader.
    waited: Duration,
    bytes: usize,
    now: C,
}

/// Breaks a file off whose whole, or whose reader, takes too long.
fn in_time(
    limits: StreamLimits,
    pieces: FileStream,
    now: impl Fn() -> Instant + Clone,
) -> impl Stream<Item = Result<Vec<u8>, Failure>> {
    let progress = Progress { pieces, began: now(), handed: None, waited: Duration::ZERO, bytes: 0, now };
    try_unfold(progress, move |mut progress| async move {
        let now = progress.now.clone();
        progress.waited += progress.handed.map_or(Duration::ZERO, |handed| now().duration_since(handed));
        progress.check(limits)?;
        let late = || Failure::Unavailable("it took too long".to_owned());
        let left = limits.whole.checked_sub(now().duration_since(progress.began)).filter(|left| !left.is_zero());
        let next = tokio::time::timeout(left.ok_or_else(late)?, progress.pieces.try_next());
        let piece = next.await.map_err(|_| late())??;
        progress.handed = Some(now());
        progress.bytes += piece.as_ref().map_or(0, Vec::len);
        Ok(piece.map(|piece| (piece, progress)))
    })
}

impl<C> Progress<C> {
    fn check(&self, limits: StreamLimits) -> Result<(), Failure> {
        let taken = u32::try_from(self.bytes / 1024).unwrap_or(u32::MAX);
        let at_least = Duration::from_secs(1024).saturating_mul(taken) / limits.least_rate.max(1);
        if self.waited <= limits.patience.saturating_add(at_least) {
            return Ok(());
        }
        Err(Failure::Unavailable("its reader took too little of it".to_owned()))
    }
}

#[expect(clippy::disallowed_methods, reason = "how slowly a socket is read is no matter of the installation's clock")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use futures_util::{StreamExt, stream};

    const LIMITS: StreamLimits =
        StreamLimits { whole: Duration::from_secs(60), patience: Duration::from_secs(10), least_rate: 1024 };

    fn pieces(count: usize) -> FileStream {
        stream::iter((0..count).map(|_| Ok(vec![b'x'; 1024]))).boxed()
    }

    /// How many pieces a client gets that takes this long for each.
    async fn taken(count: usize, pause: Duration) -> usize {
        let (began, passed) = (now(), Arc::new(AtomicU64::new(0)));
        let clock = Arc::clone(&passed);
        let now = move || began + Duration::from_millis(clock.load(Ordering::Relaxed));
        let mut file = Box::pin(in_time(LIMITS, pieces(count), now));
        let mut taken = 0;
        while let Some(Ok(_)) = file.next().await {
            taken += 1;
            passed.fetch_add(u64::try_from(pause.as_millis()).unwrap(), Ordering::Relaxed);
        }
        taken
    }

    #[tokio::test]
    async fn x1_whoever_reads_slower_than_the_least_rate_is_cut_off_and_nobody_else() {
        assert_eq!(taken(50, Duration::from_secs(1)).await, 50, "just fast enough");
        assert_eq!(taken(50, Duration::from_secs(2)).await, 11, "ten seconds of patience, one second for each piece");
        assert_eq!(taken(50, Duration::from_secs(12)).await, 1);
    }

    #[tokio::test]
    async fn x1_whatever_its_reader_does_a_file_comes_to_an_end() {
        assert_eq!(taken(1_000, Duration::from_secs(1)).await, 60);
        let limits = StreamLimits { whole: Duration::from_millis(20), ..LIMITS };
        let mut stuck = Box::pin(in_time(limits, stream::pending().boxed(), now));
        assert!(stuck.next().await.unwrap().is_err());
    }
}
