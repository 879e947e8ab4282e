//! The text of a statement with its values, and the ways to run it.

use std::borrow::Cow;
use std::fmt::Write;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::db::row::{FromRow, Row};
use crate::db::value::{FromValue, ToValue, Value};
use crate::{StoreError, Tx};

/// A statement made of constant pieces and bound values, for lists whose filters are chosen at run time.
///
/// ```
/// # use store::SqlText;
/// let mut list = SqlText::new("SELECT * FROM users WHERE account_id = ");
/// list.bind("acc_1");
/// list.push(" AND status IN (").bind_all(&["active", "invited"]).push(")");
/// assert_eq!(list.text(), "SELECT * FROM users WHERE account_id = $1 AND status IN ($2, $3)");
/// ```
#[derive(Debug, Clone)]
pub struct SqlText {
    text: Cow<'static, str>,
    values: Vec<Value>,
    persistent: bool,
}

impl SqlText {
    /// A statement that begins with `text`.
    pub fn new(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), values: Vec::new(), persistent: true }
    }

    /// A statement this crate wrote itself and will not run often enough to keep prepared.
    pub(crate) fn once(text: String) -> Self {
        Self { text: Cow::Owned(text), values: Vec::new(), persistent: false }
    }

    /// A statement this crate wrote itself, with the values that belong to it.
    pub(crate) fn with_values(text: String, values: Vec<Value>, persistent: bool) -> Self {
        Self { text: Cow::Owned(text), values, persistent }
    }

    /// Appends constant text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Appends the next `$n` and binds `value` to it.
    pub fn bind(&mut self, value: &(impl ToValue + ?Sized)) -> &mut Self {
        self.values.push(value.to_value());
        let number = self.values.len();
        // Writing to a string cannot fail.
        let _ = write!(self.text.to_mut(), "${number}");
        self
    }

    /// Binds `value` to the next `$n` and appends nothing: for texts that name it themselves, however often.
    pub fn bind_ahead(&mut self, value: &(impl ToValue + ?Sized)) -> &mut Self {
        self.values.push(value.to_value());
        self
    }

    /// Appends what makes of the expression before it whether that contains `text`, upper and lower case told apart.
    pub fn contains(&mut self, text: &str) -> &mut Self {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        self.push(" LIKE ").bind(&format!("%{escaped}%")).push(" ESCAPE '\\'")
    }

    /// Appends `$n, $n+1, …` for all `values`; an empty list becomes `NULL`, which `IN` matches with nothing.
    pub fn bind_all<'v, V: ToValue + 'v>(&mut self, values: impl IntoIterator<Item = &'v V>) -> &mut Self {
        let before = self.values.len();
        for value in values {
            if self.values.len() > before {
                self.push(", ");
            }
            self.bind(value);
        }
        if self.values.len() == before {
            self.push("NULL");
        }
        self
    }

    /// The same statement behind a word that has its plan told.
    #[cfg(feature = "testing")]
    pub(crate) fn explained(&self, word: &'static str) -> Self {
        Self::with_values(format!("{word}{}", self.text), self.values.clone(), false)
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Refuses what only one of the engines would refuse.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match self.values.iter().position(Value::has_nul) {
            Some(position) => Err(StoreError::NulCharacter { parameter: position + 1 }),
            None => Ok(()),
        }
    }

    /// The parts for the driver: text, values, and whether to keep the statement prepared.
    pub(crate) fn into_parts(self) -> (SqlStr, Vec<Value>, bool) {
        (trusted(self.text), self.values, self.persistent)
    }
}

impl From<&'static str> for SqlText {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

/// The only door for text that is not a constant: everything behind it was put together from constants by this crate.
pub(crate) fn trusted(text: Cow<'static, str>) -> SqlStr {
    AssertSqlSafe(text).into_sql_str()
}

/// What a statement is run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// The number of rows it changed.
    Count,
    /// Its first row.
    First,
    /// All its rows.
    All,
}

/// What a statement gave.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    pub(crate) affected: u64,
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
        self.text.values.push(value.to_value());
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
