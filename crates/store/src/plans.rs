//! For tests: which statements were run, and how the database goes about them.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{Engine, SqlText, StoreError, Tx};

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

impl Tx {
    /// Notes every statement from now on.
    pub fn record(&mut self) -> Recorder {
        let recorder = Recorder::default();
        self.recorder = Some(recorder.clone());
        recorder
    }

    /// The lines of the plan of a statement. PostgreSQL reads small tables whole because that is quicker; in a transaction it
    /// can be told to do so only where nothing else is possible.
    pub async fn plan(&mut self, text: &SqlText) -> Result<Vec<String>, StoreError> {
        if self.engine() == Engine::Postgres {
            self.sql("SET LOCAL enable_seqscan = off").run().await?;
            let lines = self.sql(text.explained("EXPLAIN ")).values::<String>().await?;
            return Ok(lines);
        }
        let rows = self.sql(text.explained("EXPLAIN QUERY PLAN ")).all::<(i64, i64, i64, String)>().await?;
        Ok(rows.into_iter().map(|(_, _, _, line)| line).collect())
    }
}
