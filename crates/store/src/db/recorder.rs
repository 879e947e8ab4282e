//! For tests: which statements were run.

use std::sync::{Arc, Mutex, PoisonError};

use crate::SqlText;

/// Statements as they were run.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<SqlText>>>);

impl Recorder {
    pub(crate) fn note(&self, text: &SqlText) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.clone());
    }

    /// The statements so far; from now on it begins anew.
    pub fn take(&self) -> Vec<SqlText> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
