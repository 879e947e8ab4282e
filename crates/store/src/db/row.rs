//! Rows and how they become our types.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::StoreError;
use crate::db::engine::{postgres, sqlite};
use crate::db::value::{Cell, FromValue};

/// One row of an answer.
#[derive(Debug)]
pub struct Row(pub(crate) EngineRow);

#[derive(Debug)]
pub(crate) enum EngineRow {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value of the column called `column`.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, StoreError> {
        let cell = match &self.0 {
            EngineRow::Sqlite(row) => sqlite::cell(row, column),
            EngineRow::Postgres(row) => postgres::cell(row, column),
        };
        read(cell, &column)
    }

    /// The value of the column at `position`, from 0.
    pub fn at<T: FromValue>(&self, position: usize) -> Result<T, StoreError> {
        let cell = match &self.0 {
            EngineRow::Sqlite(row) => sqlite::cell(row, position),
            EngineRow::Postgres(row) => postgres::cell(row, position),
        };
        read(cell, &position)
    }
}

fn read<T: FromValue>(cell: Result<Cell<'_>, String>, column: &dyn std::fmt::Display) -> Result<T, StoreError> {
    cell.and_then(T::from_value).map_err(|problem| StoreError::Broken(format!("column {column}: {problem}")))
}

/// A type that can be read from a row; see [`record!`](crate::record).
pub trait FromRow: Sized {
    /// Reads it, or says which column is not as expected.
    fn from_row(row: &Row) -> Result<Self, StoreError>;
}

/// Reads a struct from columns called like its fields: `record!(User { id, email, account: "account_id" })`.
#[macro_export]
macro_rules! record {
    ($type:ident { $($field:ident $(: $column:literal)?),+ $(,)? }) => {
        impl $crate::FromRow for $type {
            fn from_row(row: &$crate::Row) -> Result<Self, $crate::StoreError> {
                Ok(Self { $($field: row.get($crate::record!(@column $field $($column)?))?),+ })
            }
        }
    };
    (@column $field:ident) => { stringify!($field) };
    (@column $field:ident $column:literal) => { $column };
}

macro_rules! tuple {
    ($($type:ident $position:literal),+) => {
        impl<$($type: FromValue),+> FromRow for ($($type,)+) {
            fn from_row(row: &Row) -> Result<Self, StoreError> {
                Ok(($(row.at::<$type>($position)?,)+))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
