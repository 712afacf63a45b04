//! Why a statement cannot run in batches.

use thiserror::Error;

/// Why a statement cannot run in batches here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BatchError {
    /// There is no such table.
    #[error("there is no table {table}")]
    NoTable {
        /// The table as SQL.
        table: String,
    },
    /// It is a view, or a foreign table.
    #[error("{table} cannot be updated in batches: it is not a table")]
    NotTable {
        /// The table as SQL.
        table: String,
    },
    /// Row security would leave rows out, without a word.
    #[error("row security of table {table} hides rows from this role: batches would skip them")]
    Secured {
        /// The table as SQL.
        table: String,
    },
    /// It has no such column.
    #[error("table {table} has no column `{column}` for the batches")]
    NoColumn {
        /// The table as SQL.
        table: String,
        /// The column.
        column: String,
    },
    /// Rows without a key would be left out.
    #[error("column `{column}` of table {table} allows NULL: batches by it would skip rows")]
    Nullable {
        /// The table as SQL.
        table: String,
        /// The column.
        column: String,
    },
    /// Nothing gives the rows an order that can be walked.
    #[error(
        "table {table} has no primary key or unique index of exactly ({}): a valid, immediate btree index \
         without WHERE, in the columns' own order and collation", .by.join(", ")
    )]
    NoIndex {
        /// The table as SQL.
        table: String,
        /// The columns.
        by: Vec<String>,
    },
    /// Another run has begun the batches of another table, or by another key.
    #[error(
        "an interrupted run updated {rows} rows of {table} in batches by {}, but the file now has \
         another table or key: a corrected statement must keep both", .by.join(", ")
    )]
    Other {
        /// The table as SQL.
        table: String,
        /// The columns.
        by: Vec<String>,
        /// How many rows.
        rows: u64,
    },
}
