//! The settings of a search: how much of an index it looks at.

use std::fmt::Write as _;

use futures_util::future;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::errors::Result;
use super::search::Method;
use super::session::{Session, prepared, query, stale};

/// What an index scan does if too few of the rows that it found satisfy the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IterativeScan {
    /// It stops.
    Off,
    /// It continues, and returns rows in the order of their distances.
    Strict,
    /// It continues; rows can come slightly out of order, and are sorted afterwards.
    Relaxed,
}

impl IterativeScan {
    fn setting(self) -> &'static str {
        match self {
            IterativeScan::Off => "off",
            IterativeScan::Strict => "strict_order",
            IterativeScan::Relaxed => "relaxed_order",
        }
    }
}

/// How many rows to return, which, and how thoroughly to search.
/// The settings of one search, and their effect on the statement.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) sql: String,
    /// Rows can be returned in an approximate order.
    pub(super) relaxed: bool,
}

impl Settings {
    pub(super) fn set(&mut self, name: &str, value: &str) {
        if self.sql.is_empty() {
            // The planner does not count the pages of TOASTed vectors, so it chooses a sequential
            // scan for larger k; and a generic plan of earlier executions would ignore all these
            // settings, and not match a partial index.
            self.sql.push_str("SET LOCAL enable_seqscan = off;");
            self.sql
                .push_str("SET LOCAL plan_cache_mode = force_custom_plan;");
        }
        let _ = write!(self.sql, "SET LOCAL {name} = {value};");
    }

    /// None if the defaults are enough. An index scan returns at most `hnsw.ef_search` rows (40), or
    /// those of `ivfflat.probes` lists (1), and a filter is applied to these. So it looks at more
    /// for more rows; and with a filter, or if rows deleted since the last VACUUM could be among
    /// them, it continues until it has found enough.
    pub(super) fn new(
        method: Method,
        k: i64,
        effort: Option<u32>,
        iterative: Option<IterativeScan>,
        filtered: bool,
    ) -> Self {
        let mut settings = Settings::default();
        let (effort_name, iterative_name, most) = match method {
            Method::Hnsw => ("hnsw.ef_search", "hnsw.iterative_scan", 1000),
            Method::Ivfflat => ("ivfflat.probes", "ivfflat.iterative_scan", 32768),
            Method::Exact => return settings,
        };
        match effort {
            Some(n) => settings.set(effort_name, &n.clamp(1, most).to_string()),
            None if method == Method::Hnsw && k > 40 => {
                settings.set(effort_name, &k.min(1000).to_string())
            }
            None => {}
        }
        let scan = match (method, iterative) {
            // IVFFlat has no strict order.
            (Method::Ivfflat, Some(IterativeScan::Strict)) => Some(IterativeScan::Relaxed),
            (_, Some(scan)) => Some(scan),
            (Method::Hnsw, None) if filtered || k > 40 => Some(IterativeScan::Strict),
            (Method::Ivfflat, None) if effort.is_none() || filtered => Some(IterativeScan::Relaxed),
            _ => None,
        };
        if let Some(scan) = scan {
            settings.set(iterative_name, scan.setting());
        }
        settings.relaxed = scan == Some(IterativeScan::Relaxed);
        settings
    }

    pub(super) fn exact() -> Self {
        let sql = "SET LOCAL enable_indexscan = off;SET LOCAL plan_cache_mode = force_custom_plan;";
        Settings {
            sql: sql.to_string(),
            relaxed: false,
        }
    }
}

/// Runs a statement with settings. Three messages are sent at once: BEGIN or SAVEPOINT with SET
/// LOCAL, the statement, ROLLBACK. That is one round trip, no setting remains, and it is safe to
/// cancel: once polled, all three are sent.
pub(super) async fn searched<C: Session, R>(
    client: &mut C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
    settings: &str,
    read: impl Fn(&Row) -> Result<R>,
) -> Result<Vec<R>> {
    if settings.is_empty() {
        let rows = query(client, sql, params).await?;
        return rows.iter().map(read).collect();
    }
    let open = format!("{} {settings}", C::OPEN);
    let mut again = true;
    loop {
        let statement = prepared(client, sql).await?;
        let (opened, rows, closed) = future::join3(
            client.batch_execute(&open),
            client.query(&statement, params),
            client.batch_execute(C::CLOSE),
        )
        .await;
        opened?;
        match rows {
            Err(e) if again && stale(&e) => {
                client.statements().remove(sql, &[]);
                again = false;
            }
            rows => {
                let rows = rows?;
                closed?;
                return rows.iter().map(read).collect();
            }
        }
    }
}
