//! The settings of a search: whether it reads the vector index, and how much of it.

use std::fmt::Write as _;

use deadpool_postgres::GenericClient as _;
use futures_util::future::{self, OptionFuture};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::choice::{Chosen, choose};
use super::conditions::Cond;
use super::errors::Result;
use super::params::Params;
use super::search::{Indexed, Method};
use super::session::{Session, prepared, query, reported, stale, together};
use super::table::Table;

/// What an index scan does if too few of the rows that it found satisfy the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IterativeScan {
    /// It stops.
    Off,
    /// It continues, and returns rows in the order of their distances. It leaves out rows that are
    /// nearer than the last one it has returned.
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

/// What the caller says about how thoroughly to search.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) effort: Option<u32>,
    pub(super) iterative: Option<IterativeScan>,
    pub(super) max_scan_tuples: Option<u32>,
    pub(super) exact: bool,
}

impl Told {
    fn is_nothing(&self) -> bool {
        self.effort.is_none() && self.iterative.is_none() && self.max_scan_tuples.is_none()
    }

    /// Whether fewer rows than wanted are all that the caller wants to wait for.
    fn is_bounded(&self) -> bool {
        self.iterative.is_some() || self.max_scan_tuples.is_some()
    }
}

/// What is sent before a search.
pub(super) enum Settings<'a> {
    /// Nothing: every row is compared.
    Defaults,
    /// Settings.
    Fixed {
        /// `SET LOCAL …;`
        sql: String,
        /// Whether fewer rows than wanted are all there are.
        complete: bool,
    },
    /// A statement that decides, and sets.
    Chosen { sql: String, params: Params<'a> },
}

impl<'a> Settings<'a> {
    /// For `k` rows that satisfy a filter. `one_pass`: whether it can be seen that too few rows are
    /// found.
    pub(super) fn new<T: Table>(
        index: &Indexed,
        k: &'a i64,
        filter: Option<&'a Cond<T>>,
        told: Told,
        one_pass: bool,
    ) -> Self {
        if told.exact {
            return Settings::exact();
        }
        match index.method {
            Method::Exact => Settings::Defaults,
            Method::Hnsw if told.is_nothing() => {
                let (sql, params) = choose(index, k, filter, one_pass);
                Settings::Chosen { sql, params }
            }
            Method::Hnsw => hnsw(*k, filter.is_some(), told),
            Method::Ivfflat => ivfflat(filter.is_some(), told),
        }
    }

    /// Without the vector index.
    pub(super) fn exact() -> Self {
        Settings::Fixed {
            sql: fixed(&EXACT),
            complete: true,
        }
    }

    /// The text after LIMIT. For a parameter, a generic plan assumes a tenth of the table, and does
    /// not use the index: so it is a literal, and a parameter only with settings, which include
    /// `plan_cache_mode = force_custom_plan`.
    pub(super) fn limit<'p>(&self, n: &'p i64, params: &mut Params<'p>) -> String {
        match self {
            Settings::Defaults => n.to_string(),
            Settings::Fixed { .. } | Settings::Chosen { .. } => format!("${}", params.push(n)),
        }
    }
}

/// A generic plan of earlier executions ignores settings, and matches no partial index.
const CUSTOM: (&str, &str) = ("plan_cache_mode", "force_custom_plan");

/// Only a vector index needs no sort. The planner does not count the pages of TOASTed vectors, and
/// left alone chooses a sequential scan.
const FORCED: (&str, &str) = ("enable_sort", "off");

/// No vector index; another index can find the rows of a filter, by a bitmap scan.
const EXACT: [(&str, &str); 2] = [("enable_indexscan", "off"), CUSTOM];

fn fixed(settings: &[(&str, &str)]) -> String {
    let mut sql = String::new();
    for (name, value) in settings {
        let _ = write!(sql, "SET LOCAL {name} = {value};");
    }
    sql
}

/// An HNSW scan returns at most `hnsw.ef_search` rows, and a filter is applied to these.
fn hnsw<'a>(k: i64, filtered: bool, told: Told) -> Settings<'a> {
    let effort = told.effort.map_or_else(|| k.clamp(40, 1000), i64::from);
    let effort = effort.clamp(1, 1000).to_string();
    let scan = told.iterative.unwrap_or(match filtered {
        true => IterativeScan::Off,
        false => IterativeScan::Relaxed,
    });
    let mut settings = vec![
        FORCED,
        CUSTOM,
        ("hnsw.ef_search", &effort),
        ("hnsw.iterative_scan", scan.setting()),
    ];
    let tuples = told
        .max_scan_tuples
        .map(|n| n.clamp(1, i32::MAX.unsigned_abs()).to_string());
    settings.extend(tuples.as_deref().map(|n| ("hnsw.max_scan_tuples", n)));
    Settings::Fixed {
        sql: fixed(&settings),
        complete: told.is_bounded(),
    }
}

/// An IVFFlat scan reads `ivfflat.probes` lists, and has no strict order.
fn ivfflat<'a>(filtered: bool, told: Told) -> Settings<'a> {
    let probes = told.effort.map(|n| n.clamp(1, 32768).to_string());
    let scan = match told.iterative {
        Some(IterativeScan::Off) => IterativeScan::Off,
        None if probes.is_some() && !filtered => IterativeScan::Off,
        _ => IterativeScan::Relaxed,
    };
    let mut settings = vec![FORCED, CUSTOM, ("ivfflat.iterative_scan", scan.setting())];
    settings.extend(probes.as_deref().map(|n| ("ivfflat.probes", n)));
    Settings::Fixed {
        sql: fixed(&settings),
        complete: scan == IterativeScan::Relaxed || told.is_bounded(),
    }
}

/// Runs a statement with settings, and again if it finds fewer rows than wanted and there can be
/// more: with more of the index, then without it.
pub(super) async fn searched<C: Session, R>(
    client: &mut C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
    settings: &Settings<'_>,
    wanted: usize,
    read: impl Fn(&Row) -> Result<R>,
) -> Result<Vec<R>> {
    let (mut rows, chosen) = match settings {
        Settings::Defaults => {
            let rows = query(client, sql, params).await?;
            return rows.iter().map(read).collect();
        }
        Settings::Fixed {
            sql: sets,
            complete,
        } => {
            let (rows, _) = once(client, (sql, params), sets, None).await?;
            (rows, Chosen::fixed(*complete))
        }
        Settings::Chosen {
            sql: choice,
            params: values,
        } => {
            let choice = Some((choice.as_str(), values.as_slice()));
            let (rows, row) = once(client, (sql, params), "", choice).await?;
            (
                rows,
                row.as_ref().map_or(Ok(Chosen::fixed(true)), Chosen::read)?,
            )
        }
    };
    if rows.len() < wanted && !chosen.complete {
        if let Some(effort) = chosen.more(rows.len(), wanted) {
            let effort = effort.to_string();
            let more = [
                FORCED,
                CUSTOM,
                ("hnsw.ef_search", &effort),
                ("hnsw.iterative_scan", "off"),
            ];
            rows = once(client, (sql, params), &fixed(&more), None).await?.0;
        }
        if rows.len() < wanted {
            rows = once(client, (sql, params), &fixed(&EXACT), None).await?.0;
        }
    }
    rows.iter().map(read).collect()
}

/// A statement and the values of its parameters.
type Query<'q> = (&'q str, &'q [&'q (dyn ToSql + Sync)]);

/// The rows of a search, and the row of the statement that chooses, if there is one.
type Found = (Vec<Row>, Option<Row>);

async fn once<C: Session>(
    client: &C,
    search: Query<'_>,
    sets: &str,
    choice: Option<Query<'_>>,
) -> Result<Found> {
    let found = retried(client, search, sets, choice);
    reported(client.watcher(), search.0, |it| it.0.len() as u64, found).await
}

/// All messages are sent at once: BEGIN or SAVEPOINT with settings, what chooses, the search,
/// ROLLBACK. That is one round trip, no setting remains, and it is safe to cancel: once polled, all
/// are sent.
async fn retried<C: Session>(
    client: &C,
    (sql, params): Query<'_>,
    sets: &str,
    choice: Option<Query<'_>>,
) -> Result<Found> {
    let own = client.local().map_or("", |it| it.sql.as_str());
    let open = format!("{} {own} {sets}", C::OPEN);
    let mut again = true;
    loop {
        let statement = prepared(client, sql).await?;
        let first = match choice {
            Some((sql, params)) => Some((prepared(client, sql).await?, params)),
            None => None,
        };
        let choosing = first
            .as_ref()
            .map(|(it, params)| client.client().query_one(it, params));
        let all = future::join4(
            client.client().batch_execute(&open),
            OptionFuture::from(choosing),
            client.client().query(&statement, params),
            client.client().batch_execute(C::CLOSE),
        );
        let (opened, chosen, rows, closed) = together(client.local(), all).await;
        opened?;
        match chosen.transpose().and_then(|it| Ok((rows?, it))) {
            Err(e) if again && stale(&e) => {
                for (sql, _) in choice.into_iter().chain([(sql, params)]) {
                    client.statements().remove(sql, &[]);
                }
                again = false;
            }
            Err(e) => return Err(e.into()),
            Ok(found) => {
                closed?;
                return Ok(found);
            }
        }
    }
}
