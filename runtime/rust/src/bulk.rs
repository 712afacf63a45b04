//! Writing many rows, with COPY where it has values for all columns.

use bytes::BytesMut;
use futures_util::future;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::columns::{ColumnInfo, names};
use super::errors::{Result, SqlResult};
use super::params::Params;
use super::session::{Session, begin, reported};
use super::table::Table;
use super::writing::{New, conflict_sql, values_sql};

/// The values of a row.
type Values<'a> = Vec<&'a (dyn ToSql + Sync)>;

/// Inserts all rows or none, and returns how many. COPY has no DEFAULT for a single row, so rows
/// that set the same columns are sent together, the group of the first row first.
pub async fn insert_many<N: New, C: Session>(client: &mut C, rows: &[N]) -> Result<u64> {
    let word = if N::Of::COPIED { "COPY" } else { "INSERT INTO" };
    let (told, watcher) = (format!("{word} {}", N::Of::NAME), client.watcher().cloned());
    reported(
        watcher.as_ref(),
        &told,
        |it| *it,
        grouped(client, rows, None),
    )
    .await
}

/// Inserts all rows or none, or puts what is given into those that have the same primary key, and
/// returns how many. Two rows of the same key are an error of the server (21000).
pub async fn upsert_many<N: New, C: Session>(client: &mut C, rows: &[N]) -> Result<u64> {
    const { assert!(!N::Of::KEY.is_empty(), "the table has no primary key") };
    let (told, watcher) = (
        format!("INSERT INTO {}", N::Of::NAME),
        client.watcher().cloned(),
    );
    let written = grouped(client, rows, Some(N::Of::KEY));
    reported(watcher.as_ref(), &told, |it| *it, written).await
}

async fn grouped<N: New, C: Session>(
    client: &mut C,
    rows: &[N],
    key: Option<&[ColumnInfo]>,
) -> Result<u64> {
    let mut groups: Vec<(Vec<usize>, Vec<Values<'_>>)> = Vec::new();
    for row in rows {
        let given = row.given();
        match groups.iter_mut().find(|it| it.0 == given.columns) {
            Some((_, rows)) => rows.push(given.values),
            None => groups.push((given.columns, vec![given.values])),
        }
    }
    let tx = begin(client).await?;
    let mut written = 0;
    for (columns, rows) in &groups {
        let infos: Vec<ColumnInfo> = columns.iter().map(|i| N::Of::COLUMNS[*i]).collect();
        let all = |holds: fn(&ColumnInfo) -> bool| !infos.is_empty() && infos.iter().all(holds);
        let conflict = key.map(|it| conflict_sql::<N::Of>(columns, it));
        let conflict = conflict.as_deref();
        written += if conflict.is_none() && N::Of::COPIED && all(ColumnInfo::is_copied) {
            copy_in::<N::Of>(&tx, &infos, rows).await?
        } else if all(|it| it.parameters(1).is_some()) {
            insert_arrays::<N::Of>(&tx, &infos, rows, conflict.unwrap_or_default()).await?
        } else {
            insert_each::<N::Of>(&tx, columns, rows, conflict.unwrap_or_default()).await?
        };
    }
    tx.commit().await?;
    Ok(written)
}

/// By COPY in binary.
async fn copy_in<T: Table>(
    tx: &deadpool_postgres::Transaction<'_>,
    columns: &[ColumnInfo],
    rows: &[Values<'_>],
) -> Result<u64> {
    let (table, columns) = (T::NAME, names(columns, ""));
    // The oids of vectors and enums differ from database to database.
    let probe = format!("SELECT {columns} FROM {table} LIMIT 0");
    let probe = tx.prepare_cached(&probe).await?;
    let types: Vec<Type> = probe.columns().iter().map(|c| c.type_().clone()).collect();
    let copy = format!("COPY {table} ({columns}) FROM STDIN (FORMAT binary)");
    let mut writer = std::pin::pin!(BinaryCopyInWriter::new(tx.copy_in(&copy).await?, &types));
    for row in rows {
        writer.as_mut().write(row).await?;
    }
    Ok(writer.finish().await?)
}

/// By INSERT, if COPY has no binary values for a column: one array for each column, a thousand
/// rows at a time.
async fn insert_arrays<T: Table>(
    tx: &deadpool_postgres::Transaction<'_>,
    columns: &[ColumnInfo],
    rows: &[Values<'_>],
    conflict: &str,
) -> Result<u64> {
    let numbered = columns.iter().enumerate();
    let arrays: Vec<String> = numbered.filter_map(|(i, c)| c.parameters(i + 1)).collect();
    let (table, columns, arrays) = (T::NAME, names(columns, ""), arrays.join(", "));
    let sql = format!("INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays}){conflict}");
    let statement = tx.prepare_cached(&sql).await?;
    let mut written = 0;
    for batch in rows.chunks(1000) {
        let column = |i| batch.iter().map(|row: &Vec<_>| Element(row[i])).collect();
        let values: Vec<Vec<Element<'_>>> = (0..batch[0].len()).map(column).collect();
        let mut params = Params::new();
        values.iter().for_each(|it| {
            params.push(it);
        });
        written += tx.execute(&statement, params.as_slice()).await?;
    }
    Ok(written)
}

/// A value in an array of values.
#[derive(Debug)]
struct Element<'a>(&'a (dyn ToSql + Sync));

impl ToSql for Element<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        self.0.to_sql_checked(ty, out)
    }
    fn accepts(_: &Type) -> bool {
        true // the value itself checks it, above
    }

    to_sql_checked!();
}

/// By one INSERT for each row, if there is no array of the values of a column; a hundred are sent
/// at a time.
async fn insert_each<T: Table>(
    tx: &deadpool_postgres::Transaction<'_>,
    columns: &[usize],
    rows: &[Values<'_>],
    conflict: &str,
) -> Result<u64> {
    let (table, values) = (T::NAME, values_sql::<T>(columns));
    let sql = format!("INSERT INTO {table} {values}{conflict}");
    let statement = tx.prepare_cached(&sql).await?;
    let mut written = 0;
    for batch in rows.chunks(100) {
        let sent = batch.iter().map(|row| tx.execute(&statement, row));
        written += future::try_join_all(sent).await?.iter().sum::<u64>();
    }
    Ok(written)
}
