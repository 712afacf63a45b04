//! Reading rows: by a key, by many keys, the first ones, and how many there are.

use super::columns::{ColumnInfo, matches};
use super::conditions::{Cond, and_filter};
use super::errors::Result;
use super::params::Params;
use super::rows::{FromColumns, read};
use super::session::{Session, one, query};
use super::table::Table;

/// The row with this key.
pub async fn get<T: Table, C: Session>(client: &C, key: Params<'_>) -> Result<Option<T::Light>> {
    find::<T, T::Light, C>(client, T::KEY, key).await
}

/// The row with these values in the columns of a key.
pub async fn find<T: Table, R: FromColumns, C: Session>(
    client: &C,
    by: &[ColumnInfo],
    values: Params<'_>,
) -> Result<Option<R>> {
    let (columns, table, found) = (R::selected(), T::NAME, matches(by, "d", 1));
    let sql = format!("SELECT {columns} FROM {table} d WHERE {found}");
    let rows = query(client, &sql, values.as_slice()).await?;
    rows.first().map(read::<R>).transpose()
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
    let (light, table) = (T::Light::selected(), T::NAME);
    let sql = format!(
        "SELECT {light} FROM unnest({lists}) WITH ORDINALITY AS k({keys}, n) \
         JOIN {table} d ON {same} ORDER BY k.n"
    );
    let rows = query(client, &sql, arrays.as_slice()).await?;
    rows.iter().map(read::<T::Light>).collect()
}

/// The first rows of a table without a key, in no particular order.
pub async fn list<T: Table, C: Session>(
    client: &C,
    limit: u32,
    filter: Option<&Cond<T>>,
) -> Result<Vec<T::Light>> {
    let (light, table) = (T::Light::selected(), T::NAME);
    let mut params = Params::new();
    let limit = i64::from(limit);
    params.push(&limit);
    let mut sql = format!("SELECT {light} FROM {table} d WHERE true");
    and_filter(filter, &mut sql, &mut params);
    sql.push_str(" LIMIT $1");
    let rows = query(client, &sql, params.as_slice()).await?;
    rows.iter().map(read::<T::Light>).collect()
}

/// How many rows there are, or how many satisfy a condition.
pub async fn count<T: Table, C: Session>(client: &C, filter: Option<&Cond<T>>) -> Result<i64> {
    let mut params = Params::new();
    let mut sql = format!("SELECT count(*) FROM {} d WHERE true", T::NAME);
    and_filter(filter, &mut sql, &mut params);
    one(client, &sql, params.as_slice(), |row| Ok(row.try_get(0)?)).await
}
