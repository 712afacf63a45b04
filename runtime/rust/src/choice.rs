//! The choice between the vector index and an exact search, made by the server before the search.
//!
//! The index is better without a filter, comparing all rows that pass is better with a filter that
//! few rows pass. The planner chooses by costs that leave out the reads of TOASTed vectors, so a
//! statement of settings chooses instead: it estimates on a sample how many rows pass.

use tokio_postgres::Row;

use super::conditions::Cond;
use super::errors::Result;
use super::params::Params;
use super::search::Indexed;
use super::table::Table;

/// Microseconds for a row that the index returns.
const RETURNED: f64 = 45.0;
/// Microseconds for a row that is compared, and for each of its bytes.
const COMPARED: (f64, f64) = (2.0, 0.003);
/// Microseconds for a page that is read from the first to the last.
const PAGE: f64 = 4.0;
/// The least `hnsw.ef_search`.
const LEAST_EFFORT: i64 = 64;
/// The most rows for which one pass of the index can be enough.
const ONE_PASS: i64 = 400;

/// How many rows the index returns for the `k` nearest: the last ones of many are those that a first
/// pass misses.
pub(super) fn returned(k: i64) -> i64 {
    if k > ONE_PASS {
        k.saturating_add(k / 8)
    } else {
        k
    }
}

/// What the server has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Whether fewer rows than wanted are all there are.
    pub(super) complete: bool,
    /// `hnsw.ef_search`, where the scan ends after one pass.
    pub(super) one_pass: Option<i32>,
}

impl Chosen {
    pub(super) fn fixed(complete: bool) -> Self {
        Chosen {
            complete,
            one_pass: None,
        }
    }

    pub(super) fn read(row: &Row) -> Result<Self> {
        let one_pass: bool = row.try_get(2)?;
        let effort: i32 = row.try_get(1)?;
        Ok(Chosen {
            complete: row.try_get(0)?,
            one_pass: one_pass.then_some(effort),
        })
    }

    /// `hnsw.ef_search` for a second pass: where half of the rows were found, the others are near.
    pub(super) fn more(self, found: usize, wanted: usize) -> Option<i32> {
        let effort = self.one_pass.filter(|it| i64::from(*it) <= ONE_PASS)?;
        (found.saturating_mul(2) >= wanted).then_some((effort * 4).min(1000))
    }
}

/// The statement that chooses, and sets what the search needs until the end of the transaction. It
/// returns whether the search is exact, `hnsw.ef_search`, and whether the scan ends after one pass.
/// More passes would return the first rows that pass the filter, near or not.
pub(super) fn choose<'a, T: Table>(
    index: &Indexed,
    k: &'a i64,
    filter: Option<&'a Cond<T>>,
    one_pass: bool,
) -> (String, Params<'a>) {
    let mut params = Params::new();
    let size = size::<T>(index, params.push(k));
    let estimate = match filter {
        None => {
            "search_estimate(n, f, share) AS (SELECT n, n, 1::float8 FROM search_size)".to_owned()
        }
        Some(filter) => {
            let mut passes = String::new();
            filter.render("d", &mut passes, &mut params);
            sample(T::NAME, &passes)
        }
    };
    let is_small = *k <= ONE_PASS;
    let one_pass = match one_pass && is_small && filter.is_some() {
        true => "effort <= 1000",
        false => "false",
    };
    let wanted = if is_small {
        "k + sqrt(k) + 1"
    } else {
        "(k + k / 8) / 2"
    };
    // Fewer edges and more rows need more candidates.
    let m = index.m.max(1);
    let effort = format!(
        "greatest({LEAST_EFFORT}, ({wanted}) / share) \
         * greatest(1, 16.0 / {m}) ^ 1.5 * greatest(1, search_size.n / 1e5) ^ 0.5"
    );
    let sql = format!(
        "WITH RECURSIVE {size}, {estimate}, search_choice(exact, force, effort) AS \
         (SELECT f < few, f >= few_indexed, {effort} FROM search_size, search_estimate) \
         SELECT exact, least(1000, ceil(effort))::int, {one_pass}, \
         set_config('plan_cache_mode', 'force_custom_plan', true), \
         set_config('jit', 'off', true), \
         set_config('enable_indexscan', CASE WHEN exact THEN 'off' ELSE 'on' END, true), \
         set_config('enable_sort', CASE WHEN NOT exact AND force THEN 'off' ELSE 'on' END, true), \
         set_config('enable_seqscan', CASE WHEN exact OR force THEN 'on' ELSE 'off' END, true), \
         set_config('cpu_index_tuple_cost', \
         CASE WHEN exact OR force THEN '0.005' ELSE '1000' END, true), \
         set_config('hnsw.ef_search', least(1000, ceil(effort))::int::text, true), \
         set_config('hnsw.iterative_scan', \
         CASE WHEN {one_pass} THEN 'off' ELSE 'relaxed_order' END, true), \
         set_config('hnsw.max_scan_tuples', \
         least(1e9, greatest(20000, 20 * effort))::int::text, true), \
         set_config('hnsw.scan_mem_multiplier', least(1000, greatest(4, \
         ceil(20 * effort * 400 / pg_size_bytes(current_setting('work_mem')))))::text, true) \
         FROM search_choice"
    );
    (sql, params)
}

/// How large a table is, or all partitions of one; how many of its rows make a sample; with how many
/// rows that pass an exact search is better, without and with an index that finds them; and how many
/// rows are in a hundredth of it if a policy hides some, which a sample does not see.
fn size<T: Table>(index: &Indexed, k: usize) -> String {
    let regclass = format!("'{}'::regclass", T::NAME.replace('\'', "''"));
    let compared = COMPARED.0 + COMPARED.1 * f64::from(index.bytes);
    format!(
        "search_size(n, k, part, few, few_indexed, hundredth) AS MATERIALIZED (SELECT n, k, 100 * 1000 / n, \
         (sqrt((pages * {PAGE}) ^ 2 + 4 * {RETURNED} * {compared} * k * n) - pages * {PAGE}) \
         / (2 * {compared}), sqrt({RETURNED} / {compared} * k * n), \
         CASE WHEN row_security_active({regclass}) THEN n / 100 ELSE 0 END FROM (\
         SELECT greatest(1, ${k}::int8)::float8 AS k, sum(pages)::float8 AS pages, \
         greatest(1, sum(pages * CASE WHEN reltuples > 0 AND relpages > 0 \
         THEN reltuples / relpages ELSE 20 END))::float8 AS n FROM (\
         SELECT {regclass}::oid AS relid UNION \
         SELECT relid FROM pg_partition_tree({regclass}) WHERE isleaf) leaf, \
         LATERAL (SELECT reltuples, relpages, \
         pg_relation_size(oid) / current_setting('block_size')::int AS pages \
         FROM pg_class WHERE oid = leaf.relid OFFSET 0) class) total)"
    )
}

/// How many rows pass a filter: about 1,000 rows of pages at random are tried, and four times as many
/// if few of them pass.
fn sample(table: &str, passes: &str) -> String {
    // Names of the table are found before those of a query around it, so these are qualified.
    let part = "least(100, search_size.part * 4 ^ search_sample.step)";
    format!(
        "search_sample(step, part, passed, seen) AS (\
         SELECT 0, 0::float8, 0::bigint, 0::float8 UNION ALL \
         SELECT search_sample.step + 1, next.part, next.passed, next.seen \
         FROM search_sample, search_size, \
         LATERAL (SELECT {part} AS part, \
         count(*) FILTER (WHERE {passes}) AS passed, \
         greatest(count(*), search_size.hundredth * {part}) AS seen \
         FROM {table} d TABLESAMPLE SYSTEM ({part})) next \
         WHERE search_sample.step = 0 OR search_sample.step = 1 \
         AND search_sample.passed < 25 AND search_sample.part < 100 \
         AND search_sample.seen < 8 * search_size.n / search_size.few), \
         search_estimate(n, f, share) AS (SELECT n, n * passed / greatest(seen, 1), \
         greatest(passed, 0.5)::float8 / greatest(seen, 1) FROM search_size, \
         (SELECT * FROM search_sample ORDER BY step DESC LIMIT 1) last)"
    )
}
