//! The nearest neighbors of a vector, or of a row.

use std::cmp::Ordering;

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::choice::returned;
use super::columns::matches;
use super::conditions::Cond;
use super::errors::Result;
use super::params::Params;
use super::rows::FromColumns;
use super::search::{Hit, Indexed, Search, hit};
use super::session::Session;
use super::settings::{IterativeScan, Settings, Told, searched};
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

    /// How an index is searched where this does not say.
    pub fn usual(&self, effort: Option<u32>, iterative: Option<IterativeScan>) -> Self {
        let mut it = self.clone();
        it.ef_search = it.ef_search.or(effort);
        it.probes = it.probes.or(effort);
        it.iterative = it.iterative.or(iterative);
        it
    }

    /// The settings for `k` rows by an index.
    pub(super) fn settings<'a>(&'a self, index: &Indexed, k: &'a i64) -> Settings<'a>
    where
        R: Table,
    {
        let told = Told {
            effort: index.effort(self.ef_search, self.probes),
            iterative: self.iterative,
            max_scan_tuples: self.max_scan_tuples,
            exact: self.exact,
        };
        Settings::new(index, k, self.filter.as_ref(), told, true)
    }

    /// Rows as an index returns them, in their order and within the bounds. The bounds are no
    /// conditions of the statement, for which a scan would go on.
    pub(super) fn bounded<H>(&self, mut rows: Vec<H>, distance: impl Fn(&H) -> f64) -> Vec<H> {
        if let Some(most) = self.max_distance {
            rows.retain(|it| distance(it) <= most);
        }
        rows.sort_by(|a, b| order(distance(a), distance(b)));
        rows.truncate(self.k as usize);
        rows
    }
}

/// The k rows nearest to a vector.
pub async fn nearest<T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    query: &(dyn ToSql + Sync),
    opts: &Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let k = i64::from(opts.k);
    let (settings, limit) = (opts.settings(&search.index, &k), returned(k));
    let mut params = Params::new();
    let q = format!("${}", params.push(query));
    let sql = nearest_sql(search, (&q, "", ""), opts, &limit, &settings, &mut params);
    let found = searched(
        client,
        &sql,
        params.as_slice(),
        &settings,
        opts.k as usize,
        hit::<T>,
    );
    Ok(opts.bounded(found.await?, |it| it.distance))
}

/// The k rows nearest to the vector of the row with this key, without that row. The vector is not
/// transferred.
pub async fn nearest_to_row<'a, T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    mut key: Params<'a>,
    opts: &'a Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    // The row itself is found as well, unless the filter excludes it. A condition that excludes it
    // would be a filter to the index.
    let k = i64::from(opts.k) + 1;
    let (settings, limit) = (opts.settings(&search.index, &k), returned(k));
    let (table, column) = (T::NAME, search.column);
    let (itself, other) = (matches(T::KEY, "d", 1), matches(T::KEY, "s", 1));
    let q = format!("(SELECT s.{column} FROM {table} s WHERE {other})");
    let first =
        format!(" AND EXISTS (SELECT FROM {table} s WHERE {other} AND s.{column} IS NOT NULL)");
    let more = format!(", ({itself})");
    let sql = nearest_sql(
        search,
        (&q, &first, &more),
        opts,
        &limit,
        &settings,
        &mut key,
    );
    let read = |row: &Row| Ok((hit::<T>(row)?, row.try_get::<_, bool>(T::Light::WIDTH + 1)?));
    let wanted = (opts.k as usize).saturating_add(1);
    let found = searched(client, &sql, key.as_slice(), &settings, wanted, read).await?;
    let others = found
        .into_iter()
        .filter(|it| !it.1)
        .map(|it| it.0)
        .collect();
    Ok(opts.bounded(others, |it: &Hit<T::Light>| it.distance))
}

/// The statement of a search: light rows, their distances, and `more`, in the order of the index.
pub(super) fn nearest_sql<'a, T: Table>(
    search: &Search,
    (query, first, more): (&str, &str, &str),
    opts: &'a Nearest<T>,
    limit: &'a i64,
    settings: &Settings<'_>,
    params: &mut Params<'a>,
) -> String {
    let (light, table, distance) = (T::Light::selected(), T::NAME, search.distance(query));
    let conditions = search.conditions(first, opts.filter.as_ref(), params);
    let limit = settings.limit(limit, params);
    format!(
        "SELECT {light}, {distance} AS distance{more} FROM {table} d {conditions} \
         ORDER BY {distance} LIMIT {limit}"
    )
}

/// Smaller distances first, and NaN last, as in the server.
fn order(a: f64, b: f64) -> Ordering {
    a.is_nan().cmp(&b.is_nan()).then(a.total_cmp(&b))
}
