//! Maximal marginal relevance: near rows that differ from each other.

use tokio_postgres::Row;

use super::errors::Result;
use super::nearest::{Nearest, nearest_sql};
use super::params::Params;
use super::rows::FromColumns;
use super::search::{Hit, Search, hit};
use super::session::Session;
use super::settings::searched;
use super::table::Table;
use super::vectors::Values;

/// Maximal marginal relevance: the nearest rows by `opts`, of which `k` are selected for
/// closeness (lambda 1.0) against variety (lambda 0.0).
pub async fn nearest_mmr<T: Table, C: Session, V: Values>(
    client: &mut C,
    search: &Search,
    query: &V,
    (k, lambda): (usize, f32),
    opts: &Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let fetch = i64::from(opts.k);
    let settings = opts.settings(&search.index, &fetch);
    let mut params = Params::new();
    let q = format!("${}", params.push(query));
    let more = format!(", d.{}", search.column);
    let sql = nearest_sql(
        search,
        (&q, "", &more),
        opts,
        &fetch,
        &settings,
        &mut params,
    );
    let read = |row: &Row| Ok((hit::<T>(row)?, row.try_get::<_, V>(T::Light::WIDTH + 1)?));
    let wanted = opts.k as usize;
    let rows = searched(client, &sql, params.as_slice(), &settings, wanted, read).await?;
    let rows = opts.bounded(rows, |it: &(Hit<T::Light>, V)| it.0.distance);
    let vectors: Vec<_> = rows.iter().map(|(_, v)| v.values()).collect();
    let picked = mmr(&query.values(), &vectors, k, lambda);
    let mut hits: Vec<_> = rows.iter().map(|_| None).collect();
    drop(vectors);
    for (slot, (hit, _)) in hits.iter_mut().zip(rows) {
        *slot = Some(hit);
    }
    Ok(picked.into_iter().filter_map(|i| hits[i].take()).collect())
}

/// Greedy maximal marginal relevance over cosine similarity; places in `candidates`, best first.
pub fn mmr<V: AsRef<[f32]>>(query: &[f32], candidates: &[V], k: usize, lambda: f32) -> Vec<usize> {
    fn cos(a: &[f32], b: &[f32]) -> f32 {
        let (mut ab, mut aa, mut bb) = (0f32, 0f32, 0f32);
        for (x, y) in a.iter().zip(b) {
            ab += x * y;
            aa += x * x;
            bb += y * y;
        }
        let norm = (aa * bb).sqrt();
        if norm == 0.0 { 0.0 } else { ab / norm }
    }
    let near: Vec<f32> = candidates.iter().map(|c| cos(query, c.as_ref())).collect();
    let mut same = vec![f32::NEG_INFINITY; candidates.len()];
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    let mut picked = Vec::with_capacity(k.min(candidates.len()));
    while picked.len() < k {
        let score = |i: usize| {
            let same = if picked.is_empty() { 0.0 } else { same[i] };
            lambda * near[i] - (1.0 - lambda) * same
        };
        let best = (0..left.len()).max_by(|a, b| {
            let (a, b) = (left[*a], left[*b]);
            score(a).total_cmp(&score(b)).then(b.cmp(&a))
        });
        let Some(best) = best.map(|at| left.swap_remove(at)) else {
            break;
        };
        picked.push(best);
        for &i in &left {
            let closeness = cos(candidates[i].as_ref(), candidates[best].as_ref());
            same[i] = same[i].max(closeness);
        }
    }
    picked
}
