//! Queries that one scratch database is asked again and again: to plan one takes as long as to run it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_postgres::{Client, Error, Row, Statement};

/// The statements that a session has prepared.
#[derive(Default)]
pub(super) struct Often(Mutex<HashMap<&'static str, Statement>>);

impl Often {
    /// Runs a query without parameters, outside of a transaction.
    pub(super) async fn query(
        &self,
        client: &Client,
        sql: &'static str,
    ) -> Result<Vec<Row>, Error> {
        if let Some(statement) = self.prepared(client, sql).await
            && let Ok(rows) = client.query(&statement, &[]).await
        {
            return Ok(rows);
        }
        // A file may have deallocated it, and behind a pooler the next query may be on another session.
        self.statements().remove(sql);
        client.query_typed(sql, &[]).await
    }

    async fn prepared(&self, client: &Client, sql: &'static str) -> Option<Statement> {
        let known = self.statements().get(sql).cloned();
        if known.is_some() {
            return known;
        }
        let statement = client.prepare_typed(sql, &[]).await.ok()?;
        self.statements().insert(sql, statement.clone());
        Some(statement)
    }

    fn statements(&self) -> MutexGuard<'_, HashMap<&'static str, Statement>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
