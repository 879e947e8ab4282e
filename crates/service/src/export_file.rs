//! What exported files have in common: they are written while they are read, and a table holds no formula.

use domain::access::Need;
use domain::accounts::Account;
use domain::core::csv_guard::guard;
use domain::core::failure::Failure;
use domain::core::timestamp::Timestamp;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::sign_in::authentication::look_again;

/// Pieces of a file.
pub type FileStream = BoxStream<'static, Result<Vec<u8>, Failure>>;

/// A file that is being written.
pub struct ExportedFile {
    /// Under which it is saved: `users-demo-2026-11-30.csv`.
    pub name: String,
    /// Its pieces.
    pub stream: FileStream,
}

/// What is in it, of which account, of which day (UTC), in which format.
pub(crate) fn name(what: &str, account: &Account, at: Timestamp, ending: &str) -> String {
    format!("{what}-{}-{}.{ending}", account.slug, at.day())
}

/// The first row of a table, with the byte order mark by which spreadsheets know that the file is UTF-8.
pub(crate) fn csv_head(headings: &[&str]) -> Result<Vec<u8>, Failure> {
    let row = csv_row(headings.iter().map(|heading| (*heading).to_owned()).collect())?;
    Ok(["\u{FEFF}".as_bytes(), &row].concat())
}

/// A file of which every piece is written only as long as its caller may see it: whoever is signed out, disabled or given less
/// gets no piece more (X1, X2, P9).
pub(crate) fn watched(app: &App, caller: &Caller, need: Need, pieces: FileStream) -> FileStream {
    let state = (app.clone(), caller.clone(), pieces);
    let next = move |(app, caller, mut pieces): (App, Caller, FileStream)| async move {
        look_again(&app, &caller, need).await?;
        let piece = pieces.try_next().await?;
        // It was read after the look, and may have waited for the database.
        look_again(&app, &caller, need).await?;
        Ok(piece.map(|piece| (piece, (app, caller, pieces))))
    };
    stream::try_unfold(state, next).boxed()
}

/// One row of a table, every cell quoted and none a formula (D1).
pub(crate) fn csv_row(cells: Vec<String>) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let broken = |error: Box<dyn std::error::Error + Send + Sync>| Failure::Broken(error);
    writer.write_record(cells.iter().map(|cell| guard(cell).into_owned())).map_err(|error| broken(error.into()))?;
    writer.into_inner().map_err(|error| broken(error.to_string().into()))
}
