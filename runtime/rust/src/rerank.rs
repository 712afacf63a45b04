//! Searches in two stages: candidates by something smaller than the vectors, then their exact
//! distances.

use std::fmt::Write as _;

use tokio_postgres::types::ToSql;

use super::columns::names;
use super::errors::Result;
use super::nearest::Nearest;
use super::params::Params;
use super::rows::FromColumns;
use super::search::{Hit, Indexed, Search, hit, near_columns};
use super::session::Session;
use super::settings::searched;
use super::table::Table;

/// The first stage, over something smaller than the vectors.
#[derive(Debug, Clone, Copy)]
pub struct Candidates {
    /// The expression of the index.
    pub column: &'static str,
    /// The same expression of the parameter `$1`.
    pub query: &'static str,
    /// The operator of the index.
    pub operator: &'static str,
    /// The index.
    pub index: Indexed,
    /// ` AND (predicate)` for a partial index, else empty.
    pub scope: &'static str,
}

/// Two stages: `k * oversample` candidates by the index of `candidates`, then the exact distance
/// of those.
pub async fn nearest_rerank<T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    (candidates, oversample): (&Candidates, u32),
    query: &(dyn ToSql + Sync),
    opts: &Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let (k, n) = (
        i64::from(opts.k),
        i64::from(opts.k) * i64::from(oversample.max(1)),
    );
    let settings = opts.settings(&candidates.index, &n);
    let mut params = Params::new();
    let q = params.push(query);
    let (column, query) = (candidates.column, candidates.query);
    let first = candidates.scope;
    let conditions = search.conditions(first, opts.filter.as_ref(), &mut params);
    let n = settings.limit(&n, &mut params);
    let k = settings.limit(&k, &mut params);
    let (light, table, key) = (T::Light::selected(), T::NAME, names(T::KEY, "d."));
    let (keys, operator) = (names(T::KEY, ""), candidates.operator);
    let distance = search.distance(&format!("${q}"));
    let near = near_columns(T::Light::WIDTH);
    let mut sql = format!(
        "WITH c AS MATERIALIZED (SELECT {key} FROM {table} d {conditions} \
         ORDER BY {column} {operator} {query} LIMIT {n}), \
         near({near}) AS (SELECT {light}, {distance} FROM c JOIN {table} d USING ({keys}) \
         ORDER BY {distance} LIMIT {k}) SELECT * FROM near"
    );
    if let Some(most) = &opts.max_distance {
        let _ = write!(sql, " WHERE near.distance <= ${}", params.push(most));
    }
    sql.push_str(" ORDER BY near.distance + 0");
    // A bound of the distance leaves fewer rows.
    let wanted = if opts.max_distance.is_none() {
        opts.k as usize
    } else {
        0
    };
    searched(client, &sql, params.as_slice(), &settings, wanted, hit::<T>).await
}
