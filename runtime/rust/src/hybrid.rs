//! Hybrid search: vectors and full text, fused by reciprocal rank.

use tokio_postgres::types::ToSql;

use super::columns::names;
use super::conditions::{Cond, and_filter};
use super::errors::Result;
use super::params::Params;
use super::rows::{FromColumns, read};
use super::search::Search;
use super::session::Session;
use super::settings::{IterativeScan, Settings, Told, searched};
use super::table::Table;

/// How many rows a hybrid search returns, which, and the weights of its two parts.
#[derive(Debug)]
pub struct Hybrid<R> {
    /// How many rows.
    pub k: u32,
    /// How many rows each of the two searches finds; by default `4 * k`, and at least 40.
    pub candidates: u32,
    /// The constant of reciprocal rank fusion, `weight / (rrf_k + rank)`; by default 60.
    pub rrf_k: f64,
    /// The weight of the vector search; by default 1.
    pub vector_weight: f64,
    /// The weight of the full-text search; by default 1.
    pub text_weight: f64,
    /// Which rows; both searches have it.
    pub filter: Option<Cond<R>>,
    ef_search: Option<u32>,
    probes: Option<u32>,
}

impl<R> Clone for Hybrid<R> {
    fn clone(&self) -> Self {
        Hybrid {
            filter: self.filter.clone(),
            ..*self
        }
    }
}

impl<R> Hybrid<R> {
    /// `k` rows, with the default weights.
    pub fn new(k: u32) -> Self {
        Hybrid {
            k,
            candidates: k.saturating_mul(4).max(40),
            rrf_k: 60.0,
            vector_weight: 1.0,
            text_weight: 1.0,
            filter: None,
            ef_search: None,
            probes: None,
        }
    }

    /// Only rows that satisfy a condition.
    pub fn filter(mut self, f: Cond<R>) -> Self {
        self.filter = Some(f);
        self
    }

    /// `hnsw.ef_search` of the vector search, 1 to 1000.
    pub fn ef_search(mut self, n: u32) -> Self {
        self.ef_search = Some(n);
        self
    }

    /// `ivfflat.probes` of the vector search, 1 to 32768.
    pub fn probes(mut self, n: u32) -> Self {
        self.probes = Some(n);
        self
    }

    /// How an index is searched where this does not say; a hybrid search has iterative scans of its own.
    pub fn usual(&self, effort: Option<u32>, _: Option<IterativeScan>) -> Self {
        let mut it = self.clone();
        it.ef_search = it.ef_search.or(effort);
        it.probes = it.probes.or(effort);
        it
    }
}

/// One row of a hybrid search.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked<T> {
    /// The row.
    pub row: T,
    /// The score of reciprocal rank fusion; a larger one is better.
    pub score: f64,
    /// Its rank among the nearest rows, from 1.
    pub vector_rank: Option<i64>,
    /// Its rank among the rows whose text matches, from 1.
    pub text_rank: Option<i64>,
}

/// Vector and full-text search, fused by reciprocal rank in one statement. `document` is the
/// `tsvector` of a row, `config` the first argument of `websearch_to_tsquery` with its comma.
pub async fn hybrid<T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    (document, config): (&str, &str),
    (query, text): (&(dyn ToSql + Sync), &str),
    opts: &Hybrid<T>,
) -> Result<Vec<Ranked<T::Light>>> {
    let (n, k) = (i64::from(opts.candidates), i64::from(opts.k));
    // The text can find rows that the vectors do not, so too few of those are not seen.
    let filter = opts.filter.as_ref();
    let told = Told {
        effort: search.index.effort(opts.ef_search, opts.probes),
        ..Told::default()
    };
    let settings = Settings::new(&search.index, &n, filter, told, false);
    let mut params = Params::new();
    let (q, t) = (format!("${}", params.push(query)), params.push(&text));
    let (vw, tw, rrf) = (
        params.push(&opts.vector_weight),
        params.push(&opts.text_weight),
        params.push(&opts.rrf_k),
    );
    let near = search.conditions("", opts.filter.as_ref(), &mut params);
    let mut found = String::new();
    and_filter(opts.filter.as_ref(), &mut found, &mut params);
    let (n, k) = (
        settings.limit(&n, &mut params),
        settings.limit(&k, &mut params),
    );
    let (light, table, distance) = (T::Light::selected(), T::NAME, search.distance(&q));
    let key = names(T::KEY, "d.");
    // Key columns by number: their names can be equal to others of this statement.
    let numbered = |i: usize| (format!("k{i}"), format!("f.k{i} = d.{}", T::KEY[i].name));
    let (bare, same): (Vec<_>, Vec<_>) = (0..T::KEY.len()).map(numbered).unzip();
    let (bare, same) = (bare.join(", "), same.join(" AND "));
    let text_query = format!("websearch_to_tsquery({config}${t})");
    let sql = format!(
        "WITH v AS (SELECT {bare}, row_number() OVER (ORDER BY near, {bare}) AS rank \
         FROM (SELECT {key}, {distance} FROM {table} d {near} \
         ORDER BY {distance} LIMIT {n}) s({bare}, near)), \
         t AS (SELECT {bare}, row_number() OVER (ORDER BY fit DESC, {bare}) AS rank \
         FROM (SELECT {key}, ts_rank_cd({document}, {text_query}) FROM {table} d \
         WHERE {document} @@ {text_query}{found} \
         ORDER BY ts_rank_cd({document}, {text_query}) DESC, {key} LIMIT {n}) s({bare}, fit)), \
         f AS (SELECT {bare}, coalesce(${vw}::float8 / (${rrf}::float8 + v.rank), 0) \
         + coalesce(${tw}::float8 / (${rrf}::float8 + t.rank), 0) AS score, \
         v.rank AS vector_rank, t.rank AS text_rank FROM v FULL JOIN t USING ({bare}) \
         ORDER BY score DESC, {bare} LIMIT {k}) \
         SELECT {light}, f.score, f.vector_rank, f.text_rank FROM f \
         JOIN {table} d ON {same} ORDER BY f.score DESC, {key}"
    );
    searched(client, &sql, params.as_slice(), &settings, 0, |row| {
        Ok(Ranked {
            row: read::<T::Light>(row)?,
            score: row.try_get(T::Light::WIDTH)?,
            vector_rank: row.try_get(T::Light::WIDTH + 1)?,
            text_rank: row.try_get(T::Light::WIDTH + 2)?,
        })
    })
    .await
}
