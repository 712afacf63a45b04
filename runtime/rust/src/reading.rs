//! Reading rows: by a key, by many keys, the first ones, and how many there are.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::columns::{ColumnInfo, matches};
use super::conditions::{Cond, and_filter};
use super::errors::{Error, Result};
use super::params::Params;
use super::session::{Session, one, query};
use super::table::Table;

/// The value of a column of a row, by its place.
///
/// # Errors
/// [`Error::Unreadable`] names the column if its type in code has no value for it.
pub fn at<'r, T: FromSql<'r>>(row: &'r Row, place: usize) -> Result<T> {
    row.try_get(place).map_err(|e| {
        let column = row.columns().get(place).map_or("?", |it| it.name());
        match e.into_source() {
            Some(source) => Error::Unreadable {
                column: column.to_string(),
                source,
            },
            None => Error::NoRow,
        }
    })
}

/// The row with this key.
pub async fn get<T: Table, C: Session>(client: &C, key: Params<'_>) -> Result<Option<T::Light>> {
    find::<T, C, T::Light>(client, T::KEY, key, "", T::light).await
}

/// The row with these values in the columns of a key; `more` is what is selected besides the
/// columns of a light row.
pub async fn find<T: Table, C: Session, R>(
    client: &C,
    by: &[ColumnInfo],
    values: Params<'_>,
    more: &str,
    read: fn(&Row) -> Result<R>,
) -> Result<Option<R>> {
    let (light, table, found) = (T::LIGHT, T::NAME, matches(by, "d", 1));
    let sql = format!("SELECT {light}{more} FROM {table} d WHERE {found}");
    let rows = query(client, &sql, values.as_slice()).await?;
    rows.first().map(read).transpose()
}

/// The rows with these keys, in the order of the keys; one array for each column of the key.
pub async fn get_many<T: Table, C: Session>(
    client: &C,
    arrays: Params<'_>,
) -> Result<Vec<T::Light>> {
    let (mut lists, mut keys, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (i, column) in T::KEY.iter().enumerate() {
        lists.extend(column.parameters(i + 1));
        keys.push(format!("k{i}"));
        same.push(format!("{} = k.k{i}", column.of("d")));
    }
    let (lists, keys, same) = (lists.join(", "), keys.join(", "), same.join(" AND "));
    let (light, table) = (T::LIGHT, T::NAME);
    let sql = format!(
        "SELECT {light} FROM unnest({lists}) WITH ORDINALITY AS k({keys}, n) \
         JOIN {table} d ON {same} ORDER BY k.n"
    );
    let rows = query(client, &sql, arrays.as_slice()).await?;
    rows.iter().map(T::light).collect()
}

/// The first rows of a table without a key, in no particular order.
pub async fn list<T: Table, C: Session>(
    client: &C,
    limit: u32,
    filter: Option<&Cond<T>>,
) -> Result<Vec<T::Light>> {
    let (light, table) = (T::LIGHT, T::NAME);
    let mut params = Params::new();
    let limit = i64::from(limit);
    params.push(&limit);
    let mut sql = format!("SELECT {light} FROM {table} d WHERE true");
    and_filter(filter, &mut sql, &mut params);
    sql.push_str(" LIMIT $1");
    let rows = query(client, &sql, params.as_slice()).await?;
    rows.iter().map(T::light).collect()
}

/// How many rows there are, or how many satisfy a condition.
pub async fn count<T: Table, C: Session>(client: &C, filter: Option<&Cond<T>>) -> Result<i64> {
    let mut params = Params::new();
    let mut sql = format!("SELECT count(*) FROM {} d WHERE true", T::NAME);
    and_filter(filter, &mut sql, &mut params);
    one(client, &sql, params.as_slice(), |row| Ok(row.try_get(0)?)).await
}
