//! A statement about to be run, and the ways to run it.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::db::query::{SqlText, Want};
use crate::db::row::{FromRow, Row};
use crate::db::value::{FromValue, ToValue};
use crate::{StoreError, Tx};

impl Tx {
    /// A statement: constant text, or an [`SqlText`] put together for this call.
    pub fn sql(&mut self, text: impl Into<SqlText>) -> Sql<'_> {
        Sql::new(self, text.into())
    }
}

/// A statement about to be run in a transaction: bind its values, then choose what to get.
#[must_use = "a statement does nothing until it is run"]
#[derive(Debug)]
pub struct Sql<'t> {
    tx: &'t mut Tx,
    text: SqlText,
}

impl<'t> Sql<'t> {
    pub(crate) fn new(tx: &'t mut Tx, text: SqlText) -> Self {
        Self { tx, text }
    }

    /// Binds the value of the next `$n`.
    pub fn bind(mut self, value: &(impl ToValue + ?Sized)) -> Self {
        self.text.bind_ahead(value);
        self
    }

    /// The first row, if there is one.
    pub async fn one<T: FromRow>(self) -> Result<Option<T>, StoreError> {
        let answer = self.tx.ask(self.text, Want::First).await?;
        answer.rows.first().map(T::from_row).transpose()
    }

    /// All rows.
    pub async fn all<T: FromRow>(self) -> Result<Vec<T>, StoreError> {
        let answer = self.tx.ask(self.text, Want::All).await?;
        answer.rows.iter().map(T::from_row).collect()
    }

    /// The first column of the only row: a count, a sum, an `EXISTS`.
    pub async fn value<T: FromValue>(self) -> Result<T, StoreError> {
        let answer = self.tx.ask(self.text, Want::First).await?;
        let row = answer.rows.first().ok_or_else(|| StoreError::broken("a statement for one value found no row"))?;
        row.at(0)
    }

    /// The first column of all rows.
    pub async fn values<T: FromValue>(self) -> Result<Vec<T>, StoreError> {
        let answer = self.tx.ask(self.text, Want::All).await?;
        answer.rows.iter().map(|row| row.at(0)).collect()
    }

    /// Runs it and says how many rows it changed.
    pub async fn run(self) -> Result<u64, StoreError> {
        Ok(self.tx.ask(self.text, Want::Count).await?.affected)
    }

    /// The rows one after the other, without holding them all: for exports.
    ///
    /// It has the time of one statement. Where the receiver may be slow, read pages by keyset instead.
    ///
    /// In a write transaction the stream must be read to its end; one that was not makes the transaction uncommittable.
    pub fn stream<T: FromRow + 't>(self) -> BoxStream<'t, Result<T, StoreError>> {
        self.tx.stream(self.text).map(|row| row.and_then(|row: Row| T::from_row(&row))).boxed()
    }
}
