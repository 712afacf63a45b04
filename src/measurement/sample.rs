//! Queries: rows of the table, or what a file has.

use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use super::clock::Clock;
use super::raw::{Parameter, Raw};
use super::session::Session;
use super::statement::Search;
use super::target::Target;
use super::{MeasurementError, Options};

/// Queries of a file.
#[derive(Debug, Clone)]
pub struct GivenQueries {
    /// The file.
    pub name: String,
    /// The vectors, as PostgreSQL reads them.
    pub vectors: Vec<String>,
}

/// A query.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// The vector.
    pub(super) exact: Raw,
    /// What the index has of it.
    pub(super) key: Raw,
    /// The row that it is.
    pub(super) own: Option<Own>,
}

/// The place of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Own {
    pub(super) table: u32,
    pub(super) place: Raw,
}

/// About how many pages are looked at for each row that is sampled, so that few rows come from the same page.
const PAGES: f64 = 4.0;

/// Rows that a share is estimated from.
const ROWS_OF_SHARE: f64 = 10_000.0;

/// The queries, in random order, but the same ones each time.
pub(super) async fn queries(
    session: &Session<'_>,
    target: &Target,
    options: &Options,
    clock: &Clock,
) -> Result<Vec<Query>, MeasurementError> {
    match &options.given {
        Some(given) => Box::pin(of_file(session, target, given, options.queries)).await,
        None => Ok(Box::pin(of_table(session, target, options, clock)).await?),
    }
}

/// Rows of pages at random; of more pages, where these have too few with a vector.
async fn of_table(
    session: &Session<'_>,
    target: &Target,
    options: &Options,
    clock: &Clock,
) -> Result<Vec<Query>, Error> {
    let wanted = number(options.queries);
    let mut percent = 100.0 * (PAGES * wanted / number(target.pages).max(1.0)).min(1.0);
    loop {
        let sql = sampling(target, percent, options);
        let sample = rows(session, &sql, &[]);
        let rows = session.within(&Vec::new(), clock, sample).await?.unwrap_or_default();
        if rows.len() >= options.queries || percent >= 100.0 || clock.is_over() {
            return rows.iter().map(of_row).collect();
        }
        percent = (percent * 4.0).min(100.0);
    }
}

/// Rows with vectors. The driver asks for their type, which it must not do while rows are on their way to it: both
/// would wait for each other. So the statement is prepared first.
async fn rows(
    session: &Session<'_>,
    sql: &str,
    parameters: &[Parameter<'_>],
) -> Result<Vec<Row>, Error> {
    let types: Vec<Type> = parameters.iter().map(|it| it.1.clone()).collect();
    let values: Vec<_> = parameters.iter().map(|it| it.0).collect();
    let statement = session.client.prepare_typed(sql, &types).await?;
    session.client.query(&statement, &values).await
}

/// Zero vectors have no cosine distance, not even from themselves.
fn sampling(target: &Target, percent: f64, options: &Options) -> String {
    let Target { table_sql, key, exact, .. } = target;
    let search = Search { target, filter: None };
    let mut conditions = search.conditions();
    conditions.push_str(if conditions.is_empty() { " WHERE " } else { " AND " });
    format!(
        "SELECT t.tableoid, t.ctid, {exact} AS exact, {key} AS key \
         FROM {table_sql} AS t TABLESAMPLE SYSTEM ({percent:.6}) REPEATABLE ({seed}){conditions}\
         {exact} IS NOT NULL AND {exact} {op} {exact} <> 'NaN'::float8 \
         ORDER BY pg_catalog.hashtextextended(t.tableoid::text || t.ctid::text, {seed}) LIMIT {limit}",
        exact = exact.sql,
        key = key.sql,
        op = exact.operator,
        seed = options.seed,
        limit = options.queries
    )
}

fn of_row(row: &Row) -> Result<Query, Error> {
    let own = Own { table: row.try_get(0)?, place: row.try_get(1)? };
    Ok(Query { exact: row.try_get(2)?, key: row.try_get(3)?, own: Some(own) })
}

/// The vectors of a file, as what the column and the index have.
async fn of_file(
    session: &Session<'_>,
    target: &Target,
    given: &GivenQueries,
    most: usize,
) -> Result<Vec<Query>, MeasurementError> {
    let texts: Vec<&str> = given.vectors.iter().take(most).map(String::as_str).collect();
    let Target { key, exact, .. } = target;
    let vector = format!("u.text::{} AS", exact.type_sql);
    let numbered = "unnest($1) WITH ORDINALITY AS u(text, n)";
    let sql = match target.is_reduced() {
        true => format!(
            "SELECT {exact}, {key} FROM (SELECT u.n AS \"aludel n\", {vector} {exact} FROM {numbered}) AS t \
             ORDER BY \"aludel n\"",
            exact = exact.sql,
            key = key.sql
        ),
        false => format!("SELECT {vector} exact, {vector} key FROM {numbered} ORDER BY u.n"),
    };
    let rows = rows(session, &sql, &[(&texts, Type::TEXT_ARRAY)]).await;
    let rows = rows.map_err(|error| MeasurementError::Queries {
        name: given.name.clone(),
        index: target.index.clone(),
        error,
    })?;
    let read = |row: &Row| Ok(Query { exact: row.try_get(0)?, key: row.try_get(1)?, own: None });
    Ok(rows.iter().map(read).collect::<Result<_, Error>>()?)
}

/// The share of the rows that satisfy a condition, by a sample; None where there is no row in it, or no time.
pub(super) async fn share(
    session: &Session<'_>,
    search: Search<'_>,
    seed: u32,
    clock: &Clock,
) -> Result<Option<f64>, Error> {
    let Some(filter) = search.filter else { return Ok(None) };
    let all = Search { filter: None, ..search };
    let percent = 100.0 * (ROWS_OF_SHARE / number(search.target.rows).max(1.0)).min(1.0);
    let sql = format!(
        "SELECT (count(*) FILTER (WHERE ({filter}\n)))::float8 / nullif(count(*), 0) \
         FROM {} AS t TABLESAMPLE SYSTEM ({percent:.6}) REPEATABLE ({seed}){}",
        search.target.table_sql,
        all.conditions()
    );
    let rows = session.within(&Vec::new(), clock, session.client.query_typed(&sql, &[])).await?;
    rows.unwrap_or_default().first().map_or(Ok(None), |it| it.try_get(0))
}

#[expect(clippy::cast_precision_loss, reason = "estimates")]
fn number(it: impl TryInto<u64>) -> f64 {
    it.try_into().unwrap_or(u64::MAX) as f64
}
