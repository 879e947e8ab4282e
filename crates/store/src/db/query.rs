//! The text of a statement with its values, and the ways to run it.

use std::borrow::Cow;
use std::fmt::Write;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use domain::core::timestamp::Timestamp;

use crate::StoreError;
use crate::db::row::Row;
use crate::db::value::{ToValue, Value};

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

    /// Appends that what the table or alias `row` gives holds at `now`: it was not ended, and its times include it.
    pub(crate) fn holds(&mut self, row: &'static str, now: Timestamp) -> &mut Self {
        self.push(" AND ")
            .push(row)
            .push(".ended_at IS NULL AND COALESCE(")
            .push(row)
            .push(".starts_at, 0) <= ")
            .bind(&now);
        self.push(" AND COALESCE(").push(row).push(".ends_at, 9223372036854775807) > ").bind(&now)
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

    /// Appends a case-sensitive `LIKE` that tests whether the preceding expression contains `text`.
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

    /// The statement prefixed with `word`, such as `EXPLAIN`.
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
