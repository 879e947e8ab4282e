//! Answers that are files, written while they are read.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use service::export_file::ExportedFile;
use service::failure::Failure;

/// A file to be saved under its name. A failure on the way breaks the transfer off, so that half a file is not taken for a
/// whole one.
pub fn file(content_type: &'static str, exported: ExportedFile) -> Response {
    let ExportedFile { name, stream } = exported;
    let body = Body::from_stream(stream.map_err(|failure| {
        match failure {
            Failure::Refused(refusal) => tracing::warn!(code = refusal.code, "an export broke off"),
            Failure::Unavailable(reason) | Failure::Uncertain(reason) => tracing::warn!(%reason, "an export broke off"),
            Failure::Broken(error) => tracing::error!(%error, "an export broke off"),
        }
        std::io::Error::other("the export broke off")
    }));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
