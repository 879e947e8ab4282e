//! The rows of one `INSERT`.

use crate::StoreError;
use crate::db::value::Value;

/// The rows of one statement, one value after the other.
pub(crate) struct Rows {
    pub(crate) insert: &'static str,
    pub(crate) conflict: &'static str,
    pub(crate) width: usize,
    pub(crate) values: Vec<Value>,
}

impl Rows {
    /// Refuses what only one of the engines would refuse.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if let Some(position) = self.values.iter().position(Value::has_nul) {
            return Err(StoreError::NulCharacter { parameter: position % self.width + 1 });
        }
        let first = self.values.iter().take(self.width).map(std::mem::discriminant);
        if self.values.iter().map(std::mem::discriminant).zip(first.cycle()).any(|(found, wanted)| found != wanted) {
            return Err(StoreError::broken("the values of one column have different types"));
        }
        Ok(())
    }
}
