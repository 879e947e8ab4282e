//! Inserting many rows in one statement: ten thousand invitations, a million people for a demonstration.

use crate::db::engine::{Engine, postgres, sqlite};
use crate::db::rows::Rows;
use crate::db::value::Value;
use crate::{StoreError, Tx};

impl Tx {
    /// Inserts `rows` with as few statements as the engine likes best and says how many rows were changed.
    ///
    /// `conflict` is empty or an `ON CONFLICT …`. A column's values are all of one type; write rows with
    /// [`values!`](crate::values). All of them are held in memory: give a million in pieces of ten thousand.
    ///
    /// ```ignore
    /// let rows = people.iter().map(|user| values![user.account, user.id, user.email]);
    /// tx.insert_many("INSERT INTO users (account_id, id, email)", "ON CONFLICT DO NOTHING", rows).await?;
    /// ```
    // Not an `async fn`: the rows are taken before the first await, so that a caller's iterator (with its closures and their
    // borrowed arguments) is not part of the future, which otherwise would not be `Send` for the compiler.
    pub fn insert_many<const WIDTH: usize>(
        &mut self,
        insert: &'static str,
        conflict: &'static str,
        rows: impl IntoIterator<Item = [Value; WIDTH]>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        let values: Vec<Value> = rows.into_iter().flatten().collect();
        self.insert_in_pieces(insert, conflict, WIDTH, values)
    }

    async fn insert_in_pieces(
        &mut self,
        insert: &'static str,
        conflict: &'static str,
        width: usize,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let most = width
            * match self.engine() {
                Engine::Sqlite => sqlite::rows_per_insert(width),
                Engine::Postgres => postgres::ROWS_PER_INSERT,
            };
        let mut values = values.into_iter();
        let mut changed = 0;
        loop {
            let piece: Vec<Value> = values.by_ref().take(most).collect();
            if piece.is_empty() {
                return Ok(changed);
            }
            changed += self.insert(Rows { insert, conflict, width, values: piece }).await?;
        }
    }
}
