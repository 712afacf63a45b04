//! Rows sampled from the configured database, which is only read.

use std::collections::BTreeMap;

use crate::rows::{Cell, Row, TestTable};

/// Rows of a table, as the text that its columns are printed as.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    /// The names of the columns, as SQL.
    pub(super) columns: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Vec<Option<String>>>,
}

impl Sample {
    /// The rows as a table takes them; what the database does not have is left to the default.
    pub(super) fn rows_for(&self, table: &TestTable) -> Vec<Row> {
        let places: BTreeMap<&str, usize> =
            self.columns.iter().enumerate().map(|(at, it)| (it.as_str(), at)).collect();
        let row = |row: &Vec<Option<String>>| {
            let cells = table.columns.iter().map(|column| {
                match places.get(column.name.as_str()).map(|at| &row[*at]) {
                    Some(Some(value)) => Cell::Value(value.clone()),
                    Some(None) => Cell::Null,
                    None if column.has_default => Cell::Default,
                    None => Cell::Null,
                }
            });
            cells.collect()
        };
        self.rows.iter().map(row).collect()
    }
}
