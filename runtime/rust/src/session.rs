//! Sessions: statements are prepared once, and prepared again when a migration made them stale.

use deadpool_postgres::StatementCache;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

use super::errors::{Error, Result};

/// What runs statements: a pooled connection, or a transaction on one.
pub trait Session: deadpool_postgres::GenericClient + Sync {
    /// What begins a scope for settings.
    const OPEN: &'static str;
    /// What ends it.
    const CLOSE: &'static str;
    /// Whether the session can be used after a failed statement.
    const RETRY: bool;
    /// Its prepared statements.
    fn statements(&self) -> &StatementCache;
}

impl Session for deadpool_postgres::Client {
    const OPEN: &'static str = "BEGIN READ ONLY;";
    const CLOSE: &'static str = "ROLLBACK";
    const RETRY: bool = true;
    fn statements(&self) -> &StatementCache {
        &self.statement_cache
    }
}

impl Session for deadpool_postgres::Transaction<'_> {
    const OPEN: &'static str = "SAVEPOINT search;";
    const CLOSE: &'static str = "ROLLBACK TO search; RELEASE search";
    const RETRY: bool = false;
    fn statements(&self) -> &StatementCache {
        &self.statement_cache
    }
}

/// How many prepared statements a session keeps. Before it prepares more, it forgets all of them.
const MOST_STATEMENTS: usize = 500;

pub(super) async fn prepared<C: Session>(client: &C, sql: &str) -> Result<Statement> {
    if client.statements().size() >= MOST_STATEMENTS {
        client.statements().clear();
    }
    Ok(client.prepare_cached(sql).await?)
}

/// Runs a statement, which is prepared once. One that a migration made stale is prepared again and,
/// outside of transactions, run again.
pub async fn query<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>> {
    let statement = prepared(client, sql).await?;
    match client.query(&statement, params).await {
        Err(e) if stale(&e) => {
            client.statements().remove(sql, &[]);
            if !C::RETRY {
                return Err(e.into());
            }
            let statement = prepared(client, sql).await?;
            Ok(client.query(&statement, params).await?)
        }
        other => Ok(other?),
    }
}

/// The only row of a statement that always returns one.
pub async fn one<C: Session, R>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
    read: impl Fn(&Row) -> Result<R>,
) -> Result<R> {
    match query(client, sql, params).await?.first() {
        Some(row) => read(row),
        None => Err(Error::NoRow),
    }
}

/// As [`query`], but returns how many rows were affected.
pub async fn execute<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<u64> {
    let statement = prepared(client, sql).await?;
    match client.execute(&statement, params).await {
        Err(e) if stale(&e) => {
            client.statements().remove(sql, &[]);
            if !C::RETRY {
                return Err(e.into());
            }
            let statement = prepared(client, sql).await?;
            Ok(client.execute(&statement, params).await?)
        }
        other => Ok(other?),
    }
}

/// Whether a prepared statement is stale: its table has changed (0A000 from the plan cache), a type
/// was replaced (XX000 when it is looked up), or the server does not have it any more (26000).
pub(super) fn stale(e: &tokio_postgres::Error) -> bool {
    e.as_db_error().is_some_and(|d| match d.code().code() {
        "26000" => true,
        "0A000" => d.routine() == Some("RevalidateCachedQuery"),
        "XX000" => d.message().starts_with("cache lookup failed for type"),
        _ => false,
    })
}
