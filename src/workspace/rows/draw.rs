//! Rows sampled from the configured database, in one read-only transaction: some of each table, and
//! those that they reference. They are kept in memory and written only into the scratch database.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{Client, Error};

use crate::connection::ignore_notices;
use crate::model::ident::QualifiedName;
use crate::render::literal;
use crate::rows::TestTable;
use crate::rows::order::order;

use super::super::{Workspace, WorkspaceError};
use super::Samples;
use super::fill::{message, texts};
use super::read::{Shapes, Wanted, shapes};
use super::sample::Sample;

/// Rows that are drawn of each table.
const ROWS: usize = 200;

/// Pages beyond which rows are drawn from all over the table, and not from its beginning.
const LARGE: i64 = 1000;

/// Rows that one query asks for by their keys.
const KEYS: usize = 500;

/// One state of the database, which is not changed; nobody waits for long, neither this nor others.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
    SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '30s'";

/// Rows drawn from a database.
#[derive(Debug, Default)]
pub struct Drawn {
    /// By the name of the table.
    pub(super) tables: Samples,
    /// The tables that cannot be read, and what PostgreSQL said.
    pub unreadable: BTreeMap<String, String>,
}

impl Workspace {
    /// Draws rows of tables, and those that they reference, from the configured database.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn draw(&self, touched: &[QualifiedName]) -> Result<Drawn, WorkspaceError> {
        let database = self.connect(ignore_notices()).await?;
        let _doing = self.activity().begin("sampling rows from the database");
        let drawn = drawn(&database.connection, touched).await;
        let _ = database.connection.batch_execute("ROLLBACK").await;
        database.close().await;
        drawn.map_err(|error| crate::scratch::ScratchError::from(error).into())
    }
}

async fn drawn(client: &Client, touched: &[QualifiedName]) -> Result<Drawn, Error> {
    client.batch_execute(BEGIN).await?;
    let shapes = shapes(client, Wanted { names: touched, numbers: &[] }).await?;
    let mut drawing = Drawing { client, shapes: &shapes, drawn: Drawn::default() };
    // Those that reference come first, so that what they need is known.
    let order: Vec<usize> = order(&shapes.tables).into_iter().rev().flatten().collect();
    for at in order {
        let table = &shapes.tables[at];
        if table.touched {
            drawing.some(table).await?;
        }
        drawing.referenced(table).await?;
    }
    Ok(drawing.drawn)
}

struct Drawing<'a> {
    client: &'a Client,
    shapes: &'a Shapes,
    drawn: Drawn,
}

impl Drawing<'_> {
    /// Some rows of a table.
    async fn some(&mut self, table: &TestTable) -> Result<(), Error> {
        let large =
            format!("SELECT relpages > {LARGE} FROM pg_catalog.pg_class WHERE oid = {}", table.oid);
        let large = texts(self.client.simple_query(&large).await?);
        let is_large = large.first().and_then(|it| it.first()?.as_deref()) == Some("t");
        let pages = if is_large { " TABLESAMPLE SYSTEM (1)" } else { "" };
        let from = format!("ONLY {} AS it{pages} LIMIT {ROWS}", table.name);
        self.take(table, &from).await
    }

    /// The rows that the drawn rows of a table reference.
    async fn referenced(&mut self, table: &TestTable) -> Result<(), Error> {
        for reference in &table.references {
            let target = self.shapes.tables.iter().find(|it| it.oid == reference.target);
            // Those of a partitioned table are in its partitions, which are filled with invented rows.
            let Some(target) = target else { continue };
            let keys = self.keys(table, &reference.columns);
            let columns: Option<Vec<_>> =
                reference.target_columns.iter().map(|it| target.column(*it)).collect();
            let Some(columns) = columns.filter(|_| !keys.is_empty()) else { continue };
            let names: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
            let values = keys.iter().map(|key| {
                let typed = key.iter().zip(&columns);
                let typed = typed.map(|(it, of)| format!("{}::{}", literal(it), of.type_name));
                format!("({})", typed.collect::<Vec<_>>().join(", "))
            });
            let from = format!(
                "ONLY {} AS it WHERE ({}) IN (VALUES {})",
                target.name,
                names.join(", "),
                values.collect::<Vec<_>>().join(", ")
            );
            self.take(target, &from).await?;
        }
        Ok(())
    }

    /// What stands in columns of the drawn rows of a table, without NULL.
    fn keys(&self, table: &TestTable, columns: &[i16]) -> BTreeSet<Vec<String>> {
        let Some(sample) = self.drawn.tables.get(&table.name) else { return BTreeSet::new() };
        let place = |number: &i16| table.columns.iter().position(|it| it.number == *number);
        let Some(places) = columns.iter().map(place).collect::<Option<Vec<usize>>>() else {
            return BTreeSet::new();
        };
        let key = |row: &Vec<Option<String>>| places.iter().map(|it| row[*it].clone()).collect();
        sample.rows.iter().filter_map(key).take(KEYS).collect()
    }

    /// Takes rows of a table, none of them twice.
    async fn take(&mut self, table: &TestTable, from: &str) -> Result<(), Error> {
        let columns: Vec<String> = table.columns.iter().map(|it| it.name.clone()).collect();
        if columns.is_empty() || self.drawn.unreadable.contains_key(&table.name) {
            return Ok(());
        }
        let sql = format!("SELECT {} FROM {from}", columns.join(", "));
        let whole = format!("SAVEPOINT attempt; {sql}; RELEASE attempt");
        match self.client.simple_query(&whole).await {
            Ok(messages) => {
                let known = self.drawn.tables.entry(table.name.clone());
                let known = known.or_insert_with(|| Sample { columns, rows: Vec::new() });
                for row in texts(messages) {
                    if !known.rows.contains(&row) {
                        known.rows.push(row);
                    }
                }
                Ok(())
            }
            Err(error) if error.as_db_error().is_some() => {
                self.client.batch_execute("ROLLBACK TO attempt").await?;
                self.drawn.unreadable.insert(table.name.clone(), message(&error));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
