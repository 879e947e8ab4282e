//! Rows and how they become our types.

use sqlx::postgres::{PgRow, PgValueRef};
use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{ColumnIndex, Decode, Postgres, Row as _, Sqlite, TypeInfo, ValueRef};

use crate::StoreError;
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
            EngineRow::Sqlite(row) => sqlite_cell(row, column),
            EngineRow::Postgres(row) => postgres_cell(row, column),
        };
        read(cell, &column)
    }

    /// The value of the column at `position`, from 0.
    pub fn at<T: FromValue>(&self, position: usize) -> Result<T, StoreError> {
        let cell = match &self.0 {
            EngineRow::Sqlite(row) => sqlite_cell(row, position),
            EngineRow::Postgres(row) => postgres_cell(row, position),
        };
        read(cell, &position)
    }
}

fn read<T: FromValue>(cell: Result<Cell<'_>, String>, column: &dyn std::fmt::Display) -> Result<T, StoreError> {
    cell.and_then(T::from_value).map_err(|problem| StoreError::Broken(format!("column {column}: {problem}")))
}

/// The value of one column.
fn sqlite_cell(row: &SqliteRow, column: impl ColumnIndex<SqliteRow>) -> Result<Cell<'_>, String> {
    let value = row.try_get_raw(column).map_err(|error| error.to_string())?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let kind = value.type_info().into_owned();
    match kind.name() {
        "TEXT" => decode_sqlite(value).map(Cell::Text),
        "INTEGER" | "BOOLEAN" => decode_sqlite(value).map(Cell::Int),
        "BLOB" => decode_sqlite(value).map(Cell::Bytes),
        other => Err(format!("the type {other} is not used here: CAST it to BIGINT or TEXT")),
    }
}

fn decode_sqlite<'r, T: Decode<'r, Sqlite>>(value: SqliteValueRef<'r>) -> Result<T, String> {
    T::decode(value).map_err(|error| error.to_string())
}

/// The value of one column.
fn postgres_cell(row: &PgRow, column: impl ColumnIndex<PgRow>) -> Result<Cell<'_>, String> {
    let value = row.try_get_raw(column).map_err(|error| error.to_string())?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let kind = value.type_info().into_owned();
    match kind.name() {
        "TEXT" | "VARCHAR" | "NAME" | "UNKNOWN" => decode_postgres(value).map(Cell::Text),
        "INT8" => decode_postgres(value).map(Cell::Int),
        "INT4" => decode_postgres::<i32>(value).map(|number| Cell::Int(number.into())),
        "INT2" => decode_postgres::<i16>(value).map(|number| Cell::Int(number.into())),
        "BOOL" => decode_postgres(value).map(Cell::Bool),
        "BYTEA" => decode_postgres(value).map(Cell::Bytes),
        other => Err(format!("the type {other} is not used here: CAST it to BIGINT or TEXT")),
    }
}

fn decode_postgres<'r, T: Decode<'r, Postgres>>(value: PgValueRef<'r>) -> Result<T, String> {
    T::decode(value).map_err(|error| error.to_string())
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
