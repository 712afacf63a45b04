//! The nearest neighbors of a vector, or of a row.

use std::fmt::Write as _;

use tokio_postgres::types::ToSql;

use super::columns::matches;
use super::conditions::Cond;
use super::errors::Result;
use super::params::Params;
use super::search::{Hit, Method, Search, hit, near_columns};
use super::session::Session;
use super::settings::{IterativeScan, Settings, searched};
use super::table::Table;

/// How many rows to return, which, and how thoroughly to search.
#[derive(Debug)]
pub struct Nearest<R> {
    pub(super) k: u32,
    pub(super) filter: Option<Cond<R>>,
    pub(super) max_distance: Option<f64>,
    iterative: Option<IterativeScan>,
    ef_search: Option<u32>,
    probes: Option<u32>,
    max_scan_tuples: Option<u32>,
    exact: bool,
}

impl<R> Clone for Nearest<R> {
    fn clone(&self) -> Self {
        Nearest {
            filter: self.filter.clone(),
            ..*self
        }
    }
}

impl<R> Nearest<R> {
    /// The `k` nearest rows.
    pub fn new(k: u32) -> Self {
        Nearest {
            k,
            filter: None,
            max_distance: None,
            iterative: None,
            ef_search: None,
            probes: None,
            max_scan_tuples: None,
            exact: false,
        }
    }

    /// Only rows that satisfy a condition.
    pub fn filter(mut self, f: Cond<R>) -> Self {
        self.filter = Some(f);
        self
    }

    /// Only rows up to this distance, in the unit of the metric.
    pub fn max_distance(mut self, d: f64) -> Self {
        self.max_distance = Some(d);
        self
    }

    /// `hnsw.ef_search`: how many candidates an HNSW scan keeps, 1 to 1000.
    pub fn ef_search(mut self, n: u32) -> Self {
        self.ef_search = Some(n);
        self
    }

    /// `ivfflat.probes`: how many lists an IVFFlat scan reads, 1 to 32768.
    pub fn probes(mut self, n: u32) -> Self {
        self.probes = Some(n);
        self
    }

    /// `hnsw.iterative_scan` or `ivfflat.iterative_scan`.
    pub fn iterative(mut self, s: IterativeScan) -> Self {
        self.iterative = Some(s);
        self
    }

    /// `hnsw.max_scan_tuples`: after how many rows an iterative HNSW scan stops.
    pub fn max_scan_tuples(mut self, n: u32) -> Self {
        self.max_scan_tuples = Some(n);
        self
    }

    /// Without the index: every row is compared.
    pub fn exact(mut self) -> Self {
        self.exact = true;
        self
    }

    pub(super) fn settings(&self, method: Method, k: i64, filtered: bool) -> Settings {
        if self.exact {
            return Settings::exact();
        }
        let filtered = filtered || self.filter.is_some();
        let effort = match method {
            Method::Hnsw => self.ef_search,
            Method::Ivfflat => self.probes,
            Method::Exact => None,
        };
        let mut settings = Settings::new(method, k, effort, self.iterative, filtered);
        if let (Method::Hnsw, Some(n)) = (method, self.max_scan_tuples) {
            let n = n.clamp(1, i32::MAX.unsigned_abs());
            settings.set("hnsw.max_scan_tuples", &n.to_string());
        }
        settings
    }
}

/// The k rows nearest to a vector.
pub async fn nearest<T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    query: &(dyn ToSql + Sync),
    opts: &Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let (k, settings) = (
        i64::from(opts.k),
        opts.settings(search.method, opts.k.into(), false),
    );
    let mut params = Params::new();
    let q = params.push(query);
    let sql = nearest_sql(
        search,
        (&format!("${q}"), "", ""),
        opts,
        &k,
        &settings,
        &mut params,
    );
    searched(client, &sql, params.as_slice(), &settings.sql, hit::<T>).await
}

/// The k rows nearest to the vector of the row with this key, without that row. The vector is not
/// transferred.
pub async fn nearest_to_row<'a, T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    mut key: Params<'a>,
    opts: &'a Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let k = i64::from(opts.k);
    let settings = opts.settings(search.method, k, true);
    let (table, column) = (T::NAME, search.column);
    let (itself, other) = (matches(T::KEY, "d", 1), matches(T::KEY, "s", 1));
    let q = format!("(SELECT s.{column} FROM {table} s WHERE {other})");
    let first = format!(
        " AND NOT ({itself}) AND EXISTS (SELECT FROM {table} s WHERE {other} \
         AND s.{column} IS NOT NULL)"
    );
    let sql = nearest_sql(search, (&q, &first, ""), opts, &k, &settings, &mut key);
    searched(client, &sql, key.as_slice(), &settings.sql, hit::<T>).await
}

pub(super) fn nearest_sql<'a, T: Table>(
    search: &Search,
    (query, first, more): (&str, &str, &str),
    opts: &'a Nearest<T>,
    k: &'a i64,
    settings: &Settings,
    params: &mut Params<'a>,
) -> String {
    let (light, table, distance) = (T::LIGHT, T::NAME, search.distance(query));
    let conditions = search.conditions(first, opts.filter.as_ref(), params);
    let limit = params.limit(k, &settings.sql);
    let sql = format!(
        "SELECT {light}, {distance} AS distance{more} FROM {table} d {conditions} \
         ORDER BY {distance} LIMIT {limit}"
    );
    if opts.max_distance.is_none() && !settings.relaxed {
        return sql;
    }
    // The bound of the distance is outside of the LIMIT, so that the scan does not continue for
    // rows within it. A relaxed order is sorted outside as well, by an expression: the planner
    // assumes that the rows inside have the order of their ORDER BY, and would not sort them.
    let more = if more.is_empty() { "" } else { ", more" };
    let near = near_columns(T::WIDTH) + more;
    let mut sql = format!("WITH near({near}) AS MATERIALIZED ({sql}) SELECT * FROM near");
    if let Some(most) = &opts.max_distance {
        let _ = write!(sql, " WHERE near.distance <= ${}", params.push(most));
    }
    sql.push_str(" ORDER BY near.distance + 0");
    sql
}
