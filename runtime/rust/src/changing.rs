//! Changing and deleting rows.

use super::columns::matches;
use super::conditions::Cond;
use super::errors::Result;
use super::params::Params;
use super::reading::get;
use super::rows::{FromColumns, read};
use super::session::{Session, execute, query};
use super::table::Table;
use super::writing::Given;

/// Updates the row with this key, and returns it; `None` if there is none. Without values it only
/// reads the row.
pub async fn update<'a, T: Table, C: Session>(
    client: &C,
    mut params: Params<'a>,
    given: Given<'a>,
) -> Result<Option<T::Light>> {
    if given.columns.is_empty() {
        return get::<T, C>(client, params).await;
    }
    let (table, light, key) = (T::NAME, T::Light::selected(), matches(T::KEY, "d", 1));
    let mut set = Vec::new();
    for (column, value) in given.columns.iter().zip(given.values) {
        let (column, n) = (T::COLUMNS[*column], params.push(value));
        set.push(format!("{} = {}", column.name, column.parameter(n)));
    }
    let set = set.join(", ");
    let sql = format!("UPDATE {table} d SET {set} WHERE {key} RETURNING {light}");
    let rows = query(client, &sql, params.as_slice()).await?;
    rows.first().map(read::<T::Light>).transpose()
}

/// Deletes the row with this key, and returns whether there was one.
pub async fn delete<T: Table, C: Session>(client: &C, key: Params<'_>) -> Result<bool> {
    let (table, found) = (T::NAME, matches(T::KEY, "d", 1));
    let sql = format!("DELETE FROM {table} d WHERE {found}");
    Ok(execute(client, &sql, key.as_slice()).await? > 0)
}

/// Deletes all rows that satisfy a condition, and returns how many.
pub async fn delete_where<T: Table, C: Session>(client: &C, filter: &Cond<T>) -> Result<u64> {
    let mut params = Params::new();
    let mut sql = format!("DELETE FROM {} d WHERE ", T::NAME);
    filter.render("d", &mut sql, &mut params);
    execute(client, &sql, params.as_slice()).await
}
