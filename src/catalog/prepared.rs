//! Catalog queries that are prepared for a session: planning one takes longer than running it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::future::join_all;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Statement};

/// After so many times a query is prepared; most sessions read less often.
const OFTEN: usize = 3;

/// After so many more it is planned again, since the catalog may have grown.
const LONG: usize = 200;

/// The queries of a session.
#[derive(Default)]
pub struct Prepared(Mutex<HashMap<String, Query>>);

struct Query {
    types: Vec<Type>,
    statement: Option<Statement>,
    times: usize,
}

impl Prepared {
    /// A query as it was prepared, if it was. It counts how often it is asked for.
    pub(super) fn statement(
        &self,
        sql: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Option<Statement> {
        let mut queries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(query) = queries.get_mut(sql) {
            query.times += 1;
            return query.statement.clone();
        }
        let types = parameters.iter().map(|it| it.1.clone()).collect();
        queries.insert(sql.to_owned(), Query { types, statement: None, times: 1 });
        None
    }

    /// Prepares what was asked for often.
    pub(super) async fn prepare(&mut self, client: &Client) {
        let queries = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        queries.retain(|_, it| it.times < LONG);
        let wanted = queries.iter_mut().filter(|(_, it)| it.statement.is_none());
        let wanted = wanted.filter(|(_, it)| it.times >= OFTEN);
        join_all(wanted.map(async |(sql, query)| {
            // Where it fails, the text is sent each time.
            query.statement = client.prepare_typed(sql, &query.types).await.ok();
        }))
        .await;
    }

    /// Forgets all of them: DISCARD ALL and DEALLOCATE end them.
    pub fn forget(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
