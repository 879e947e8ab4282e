//! What the database itself says about its tables: tests that promise something about each of them ask here.

use std::collections::BTreeMap;

use store::{Engine, SqlText, Tx};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// Whether it holds bytes instead of text or a number.
    pub is_binary: bool,
}

/// Every table by its name, with the columns that are written and not reckoned. What an index keeps for itself is no table.
pub async fn tables(tx: &mut Tx) -> BTreeMap<String, Vec<Column>> {
    let text = match tx.engine() {
        Engine::Sqlite => {
            "SELECT t.name, c.name, UPPER(c.type) = 'BLOB' FROM pragma_table_list t JOIN pragma_table_info(t.name) c \
             WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid"
        }
        Engine::Postgres => {
            "SELECT table_name::TEXT, column_name::TEXT, data_type = 'bytea' FROM information_schema.columns \
             WHERE table_schema = CURRENT_SCHEMA() AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position"
        }
    };
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for (table, name, is_binary) in tx.sql(text).all::<(String, String, bool)>().await.unwrap() {
        tables.entry(table).or_default().push(Column { name, is_binary });
    }
    tables
}

/// The rows of a table as text, sorted: these columns of it, in their order.
pub async fn rows(tx: &mut Tx, table: &str, columns: &[&Column]) -> Vec<String> {
    let shown: Vec<String> = columns
        .iter()
        .map(|column| match column.is_binary {
            true => format!("CAST(LENGTH({}) AS TEXT)", column.name),
            false => format!("COALESCE(CAST({} AS TEXT), '-')", column.name),
        })
        .collect();
    let text = format!("SELECT {} FROM {table}", shown.join(" || ' ' || "));
    let mut rows: Vec<String> = tx.sql(SqlText::new(text.leak())).values().await.unwrap();
    rows.sort_unstable();
    rows
}
