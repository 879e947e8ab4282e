//! For tests: which statements were run, and how the database goes about them.

use crate::db::recorder::Recorder;
use crate::{Engine, SqlText, StoreError, Tx};

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

    /// How many rows the steps of a statement's plan take in their hands, all together; PostgreSQL only. It runs the statement. Unlike
    /// its time, that is the same on every machine.
    pub async fn work(&mut self, text: &SqlText) -> Result<u64, StoreError> {
        let lines = self.sql(text.explained("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) ")).values::<String>().await?;
        let (mut work, mut loops) = (0, 1);
        for line in &lines {
            if let Some((_, actual)) = line.split_once("(actual") {
                loops = number_after(actual, "loops=");
                work += number_after(actual, "rows=").max(1) * loops;
            }
            work += number_after(line, "Rows Removed by Filter: ") * loops;
        }
        Ok(work)
    }
}

fn number_after(line: &str, name: &str) -> u64 {
    let digits =
        line.split_once(name).map(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}
