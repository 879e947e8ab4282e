//! Values on their way into a statement ([`ToValue`]) and out of a row ([`FromValue`]).
//!
//! A domain type becomes a column with one line: [`text_column!`](crate::text_column) or [`int_column!`](crate::int_column).

/// A value bound to a statement. `None` is a NULL that keeps its type, because PostgreSQL wants to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `TEXT`
    Text(Option<String>),
    /// `BIGINT`
    Int(Option<i64>),
    /// `BOOLEAN`
    Bool(Option<bool>),
    /// `BYTEA`
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// Whether this is text that PostgreSQL would refuse.
    pub(crate) fn has_nul(&self) -> bool {
        matches!(self, Self::Text(Some(text)) if text.as_bytes().contains(&0))
    }
}

/// One value of a row, borrowed from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'r> {
    /// NULL of any type
    Null,
    /// `TEXT`
    Text(&'r str),
    /// Any integer; also `BOOLEAN` as SQLite stores it
    Int(i64),
    /// `BOOLEAN` as PostgreSQL stores it
    Bool(bool),
    /// `BYTEA`
    Bytes(&'r [u8]),
}

impl<'r> Cell<'r> {
    /// The text in it.
    pub fn text(self) -> Result<&'r str, String> {
        if let Self::Text(text) = self { Ok(text) } else { Err(self.unexpected("text")) }
    }

    /// The integer in it.
    pub fn int(self) -> Result<i64, String> {
        if let Self::Int(number) = self { Ok(number) } else { Err(self.unexpected("an integer")) }
    }

    /// The bytes in it.
    pub fn bytes(self) -> Result<&'r [u8], String> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err(self.unexpected("bytes")) }
    }

    /// The boolean in it; SQLite keeps them as 0 and 1.
    pub fn bool(self) -> Result<bool, String> {
        match self {
            Self::Bool(flag) => Ok(flag),
            Self::Int(0) => Ok(false),
            Self::Int(1) => Ok(true),
            Self::Null | Self::Text(_) | Self::Int(_) | Self::Bytes(_) => Err(self.unexpected("a boolean")),
        }
    }

    fn unexpected(self, wanted: &str) -> String {
        // The kind only: the value may be a secret, and this text ends in a log.
        let found = match self {
            Self::Null => "NULL",
            Self::Text(_) => "text",
            Self::Int(_) => "an integer",
            Self::Bool(_) => "a boolean",
            Self::Bytes(_) => "bytes",
        };
        format!("expected {wanted}, found {found}")
    }
}

/// A type that can be bound to a statement.
pub trait ToValue {
    /// The value to bind.
    fn to_value(&self) -> Value;

    /// The NULL of this type's column.
    fn null() -> Value;
}

/// A type that can be read from a row.
pub trait FromValue: Sized {
    /// Reads the value; the error is a short sentence, to which the row adds the column's name.
    fn from_value(cell: Cell<'_>) -> Result<Self, String>;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        T::to_value(self)
    }

    fn null() -> Value {
        T::null()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(T::null, T::to_value)
    }

    fn null() -> Value {
        T::null()
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        if cell == Cell::Null { Ok(None) } else { T::from_value(cell).map(Some) }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(Some(self.to_owned()))
    }

    fn null() -> Value {
        Value::Text(None)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }

    fn null() -> Value {
        str::null()
    }
}

impl FromValue for String {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        cell.text().map(str::to_owned)
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(Some(*self))
    }

    fn null() -> Value {
        Value::Bool(None)
    }
}

impl FromValue for bool {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        cell.bool()
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(Some(self.to_vec()))
    }

    fn null() -> Value {
        Value::Bytes(None)
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }

    fn null() -> Value {
        <[u8]>::null()
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }

    fn null() -> Value {
        <[u8]>::null()
    }
}

impl FromValue for Vec<u8> {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        cell.bytes().map(<[u8]>::to_vec)
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        let bytes = cell.bytes()?;
        bytes.try_into().map_err(|_| format!("expected {N} bytes, found {}", bytes.len()))
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }

    fn null() -> Value {
        str::null()
    }
}

impl FromValue for i64 {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        cell.int()
    }
}

/// Makes types with `Into<i64> + TryFrom<i64> + Copy` usable as `BIGINT` columns.
#[macro_export]
macro_rules! int_column {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::ToValue for $type {
            fn to_value(&self) -> $crate::Value {
                $crate::Value::Int(Some((*self).into()))
            }

            fn null() -> $crate::Value {
                $crate::Value::Int(None)
            }
        }

        impl $crate::FromValue for $type {
            fn from_value(cell: $crate::Cell<'_>) -> Result<Self, String> {
                <$type>::try_from(cell.int()?).map_err(|error| error.to_string())
            }
        }
    )+};
}

/// Makes types with `Display + FromStr` usable as `TEXT` columns.
#[macro_export]
macro_rules! text_column {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::ToValue for $type {
            fn to_value(&self) -> $crate::Value {
                $crate::Value::Text(Some(self.to_string()))
            }

            fn null() -> $crate::Value {
                $crate::Value::Text(None)
            }
        }

        impl $crate::FromValue for $type {
            fn from_value(cell: $crate::Cell<'_>) -> Result<Self, String> {
                cell.text()?.parse::<$type>().map_err(|error| error.to_string())
            }
        }
    )+};
}

impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(Some(*self))
    }

    fn null() -> Value {
        Value::Int(None)
    }
}

int_column!(i32, u32, i16, u16, u8);

/// A row for [`Tx::insert_many`](crate::Tx::insert_many): `values![user.id, user.email]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),+ $(,)?) => { [$($crate::ToValue::to_value(&$value)),+] };
}
