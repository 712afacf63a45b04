//! Writing a row.

use tokio_postgres::types::ToSql;

use super::columns::{ColumnInfo, names};
use super::errors::Result;
use super::rows::{FromColumns, read};
use super::session::{Session, one};
use super::table::Table;

/// Columns of a table and values for them.
pub struct Given<'a> {
    /// Places in [`Table::COLUMNS`].
    pub columns: Vec<usize>,
    /// One value for each.
    pub values: Vec<&'a (dyn ToSql + Sync)>,
}

impl<'a> Given<'a> {
    /// No columns.
    pub fn new() -> Self {
        Given {
            columns: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds a column and its value; `None` leaves the column to its default.
    pub fn push_given<T: ToSql + Sync>(&mut self, column: usize, value: &'a Option<T>) {
        if let Some(value) = value {
            self.push(column, value);
        }
    }

    /// Adds a column and its value.
    pub fn push(&mut self, column: usize, value: &'a (dyn ToSql + Sync)) {
        self.columns.push(column);
        self.values.push(value);
    }
}

impl Default for Given<'_> {
    fn default() -> Self {
        Given::new()
    }
}

/// A row to be inserted.
pub trait New: Send + Sync {
    /// Its table.
    type Of: Table;

    /// The columns that are given. The others get their defaults.
    fn given(&self) -> Given<'_>;
}

/// `(a, b) VALUES ($1, $2)`
pub(super) fn values_sql<T: Table>(columns: &[usize]) -> String {
    if columns.is_empty() {
        return "DEFAULT VALUES".to_string();
    }
    let info = |i: &usize| T::COLUMNS[*i];
    let names: Vec<&str> = columns.iter().map(|i| info(i).name).collect();
    let numbered = columns.iter().enumerate();
    let values: Vec<String> = numbered.map(|(n, i)| info(i).parameter(n + 1)).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    format!("({names}) VALUES ({values})")
}

/// Inserts a row, and returns it as the database has it.
pub async fn insert<T: Table, C: Session>(client: &C, given: Given<'_>) -> Result<T::Light> {
    let (table, light) = (T::NAME, T::Light::selected());
    let values = values_sql::<T>(&given.columns);
    let sql = format!("INSERT INTO {table} AS d {values} RETURNING {light}");
    one(client, &sql, &given.values, read::<T::Light>).await
}

/// Inserts a row, or updates the row that has the same values in `key`. That row keeps its primary
/// key, which others may reference.
pub async fn upsert<T: Table, C: Session>(
    client: &C,
    given: Given<'_>,
    key: &[ColumnInfo],
) -> Result<T::Light> {
    let (table, light) = (T::NAME, T::Light::selected());
    let values = values_sql::<T>(&given.columns);
    let conflict = conflict_sql::<T>(&given.columns, key);
    let sql = format!("INSERT INTO {table} AS d {values}{conflict} RETURNING {light}");
    one(client, &sql, &given.values, read::<T::Light>).await
}

/// ` ON CONFLICT (a) DO UPDATE SET b = excluded.b`
pub(super) fn conflict_sql<T: Table>(columns: &[usize], key: &[ColumnInfo]) -> String {
    let columns = columns.iter().map(|i| T::COLUMNS[*i].name);
    let is_key = |name: &&str| T::KEY.iter().chain(key).any(|k| k.name == *name);
    let mut set: Vec<&str> = columns.filter(|name| !is_key(name)).collect();
    if set.is_empty() {
        // DO NOTHING would return no row.
        set.extend(key.first().map(|k| k.name));
    }
    let set: Vec<String> = set.iter().map(|c| format!("{c} = excluded.{c}")).collect();
    let (set, key) = (set.join(", "), names(key, ""));
    format!(" ON CONFLICT ({key}) DO UPDATE SET {set}")
}
