//! What the functions need to know of a table.

use tokio_postgres::Row;

use super::columns::ColumnInfo;
use super::errors::Result;

/// A table as the functions of the runtime need it. In their SQL it has the alias `d`.
pub trait Table: Sized + Send + Sync + 'static {
    /// One row as lists have it: without vectors.
    type Light: Send;
    /// The name, qualified, and quoted if it needs quotes.
    const NAME: &'static str;
    /// The columns of a light row in a `SELECT`. Never `*`: a column that is added later must not
    /// change the result type of a prepared statement, nor add vectors to lists.
    const LIGHT: &'static str;
    /// How many columns a light row has.
    const WIDTH: usize;
    /// The primary key; empty if there is none.
    const KEY: &'static [ColumnInfo] = &[];
    /// The columns that can be written; empty for a view.
    const COLUMNS: &'static [ColumnInfo] = &[];
    /// Whether COPY can write to it; COPY does not support row-level security.
    const COPIED: bool = true;
    /// The indexes of its searches.
    const INDEXES: &'static [&'static str] = &[];
    /// Name, type and NOT NULL of all columns.
    const EXPECTED: &'static [(&'static str, &'static str, bool)];

    /// Reads a light row.
    ///
    /// # Errors
    /// If a value has no equivalent in its type.
    fn light(row: &Row) -> Result<Self::Light>;
}
