//! What the configured database says: how large the tables are, who would block now, what an index build gets.

use std::collections::BTreeSet;

use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

use crate::connection::ignore_notices;
use crate::report::bytes;
use crate::review::surroundings::memory_setting;
use crate::review::{Footing, LongTransaction, ReviewedFile, Surroundings, TableSize};

use super::super::Project;

/// Nobody waits for long, neither this nor others.
const BEGIN: &str =
    "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '30s'";

/// What the configured database says.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LiveDatabase {
    /// The tables that the statements are about, the largest first.
    pub tables: Vec<LiveTable>,
    /// `maintenance_work_mem` in bytes; what aludel.toml sets for index builds counts.
    pub maintenance_work_mem: Option<u64>,
    /// `max_parallel_maintenance_workers`.
    pub parallel_workers: Option<u32>,
    /// The version of pgvector.
    pub pgvector: Option<String>,
    /// Transactions that have been open for a while.
    pub transactions: Vec<OpenTransaction>,
    /// How far the slowest replica is behind, in bytes; None where there is none.
    pub replication_lag: Option<u64>,
}

/// A table, with its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiveTable {
    /// Its name, as SQL.
    pub name: String,
    /// Its rows, estimated.
    pub rows: u64,
    /// Its bytes, with its TOAST table.
    pub bytes: u64,
    /// How many indexes it has.
    pub indexes: u64,
    /// Their bytes.
    pub index_bytes: u64,
}

/// A transaction of another session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenTransaction {
    /// The process.
    pub pid: i32,
    /// For how many seconds it has been open.
    pub seconds: u64,
    /// The tables that it has locked, as SQL.
    pub tables: Vec<String>,
}

/// Asks the configured server, if there is one. One that does not answer is no reason not to review.
pub(super) async fn asked(project: &Project, files: &[ReviewedFile]) -> Option<LiveDatabase> {
    if !project.has_server() {
        return None;
    }
    let tables = concerned(files);
    let asked = match project.workspace.connect(ignore_notices()).await {
        Ok(database) => {
            let asked = read(&database.connection, &tables).await.map_err(|it| message(&it));
            database.close().await;
            asked
        }
        Err(error) => Err(error.to_string()),
    };
    match asked {
        Ok(found) => Some(with_settings(project, found)),
        Err(reason) => {
            project.warning(&format!("the sizes of the tables are not known: {reason}"));
            None
        }
    }
}

fn message(error: &Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |it| it.message().to_owned())
}

/// What aludel sets while it builds an index.
fn with_settings(project: &Project, found: LiveDatabase) -> LiveDatabase {
    let build = &project.workspace.settings().index_build;
    let memory = build.maintenance_work_mem.as_ref().and_then(|it| memory_setting(&it.value));
    let workers = build.max_parallel_maintenance_workers.as_ref().map(|it| it.value);
    LiveDatabase {
        maintenance_work_mem: memory.or(found.maintenance_work_mem),
        parallel_workers: workers.or(found.parallel_workers),
        ..found
    }
}

/// The tables that the files lock, read or write.
fn concerned(files: &[ReviewedFile]) -> Vec<String> {
    let mut names = BTreeSet::new();
    for facts in files.iter().flat_map(|it| &it.statements).map(|it| &it.facts) {
        let locks = facts.locks.iter().filter(|it| it.footing == Footing::Existing);
        names.extend(locks.map(|it| it.table.clone().unwrap_or_else(|| it.relation.clone())));
        names.extend(facts.rewritten.iter().cloned());
        names.extend(facts.scanned.iter().map(|it| it.table.clone()));
        let changed = facts.changes.iter().filter_map(|it| it.id_before().table_name());
        names.extend(changed.map(|it| it.to_string()));
    }
    names.into_iter().collect()
}

async fn read(client: &Client, tables: &[String]) -> Result<LiveDatabase, Error> {
    client.batch_execute(BEGIN).await?;
    let sizes = client
        .query_typed(include_str!("queries/tables.sql"), &[(&tables, Type::TEXT_ARRAY)])
        .await?;
    let open = client.query_typed(include_str!("queries/transactions.sql"), &[]).await?;
    let server = client.query_typed(include_str!("queries/server.sql"), &[]).await?;
    client.batch_execute("COMMIT").await?;
    let found = LiveDatabase {
        tables: sizes.iter().map(table).collect(),
        transactions: open.iter().map(transaction).collect(),
        ..LiveDatabase::default()
    };
    let Some(row) = server.first() else { return Ok(found) };
    Ok(LiveDatabase {
        maintenance_work_mem: number(row.get("maintenance_work_mem")),
        parallel_workers: row
            .get::<_, Option<i32>>("parallel_workers")
            .and_then(|it| it.try_into().ok()),
        pgvector: row.get("pgvector"),
        replication_lag: number(row.get("replication_lag")),
        ..found
    })
}

fn number(value: Option<i64>) -> Option<u64> {
    value.and_then(|it| it.try_into().ok())
}

fn table(row: &Row) -> LiveTable {
    let count = |name: &str| number(row.get(name)).unwrap_or(0);
    LiveTable {
        name: row.get("name"),
        rows: count("rows"),
        bytes: count("bytes"),
        indexes: count("indexes"),
        index_bytes: count("index_bytes"),
    }
}

fn transaction(row: &Row) -> OpenTransaction {
    let seconds = number(row.get("seconds")).unwrap_or(0);
    OpenTransaction { pid: row.get("pid"), seconds, tables: row.get("tables") }
}

impl LiveDatabase {
    /// What the rules ask for.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        let size = |it: &LiveTable| TableSize { rows: it.rows, bytes: it.bytes };
        let open = self.transactions.iter().cloned();
        Surroundings {
            tables: self.tables.iter().map(|it| (it.name.clone(), size(it))).collect(),
            maintenance_work_mem: self.maintenance_work_mem,
            parallel_workers: self.parallel_workers,
            shared_memory: None,
            pgvector: self.pgvector.clone(),
            long_transactions: open
                .map(|OpenTransaction { pid, seconds, tables }| LongTransaction {
                    pid,
                    seconds,
                    tables,
                })
                .collect(),
            replication_lag: self.replication_lag,
        }
    }

    /// Lines for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.tables.iter().map(LiveTable::line).collect();
        lines.extend(self.transactions.iter().map(OpenTransaction::line));
        let lag = self.replication_lag.filter(|it| *it > 0);
        lines.extend(lag.map(|it| format!("a replica is {} behind", bytes(it))));
        lines
    }
}

impl LiveTable {
    fn line(&self) -> String {
        let Self { name, rows, bytes: size, indexes, index_bytes } = self;
        let indexes = match indexes {
            0 => "no index".to_owned(),
            1 => format!("1 index ({})", bytes(*index_bytes)),
            many => format!("{many} indexes ({})", bytes(*index_bytes)),
        };
        format!("table {name}: about {rows} rows, {}, {indexes}", bytes(*size))
    }
}

impl OpenTransaction {
    fn line(&self) -> String {
        let Self { pid, seconds, tables } = self;
        let locked = match tables.as_slice() {
            [] => String::new(),
            some => format!(", with locks on {}", some.join(", ")),
        };
        format!("process {pid} has had a transaction open for {seconds} s{locked}")
    }
}
