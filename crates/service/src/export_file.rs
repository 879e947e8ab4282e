//! What exported files have in common: they are written while they are read, and a table holds no formula.

use domain::csv_guard::guard;
use futures_util::stream::BoxStream;

use crate::failure::Failure;

/// Pieces of a file.
pub type FileStream = BoxStream<'static, Result<Vec<u8>, Failure>>;

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
