//! Exact answers: the truth that an index is measured by.
//!
//! A table is read once for many queries. Of each query only the rows are counted that are within a bound: the
//! distance of as many rows as are wanted, whichever these are, so those that the index finds will do. Where it
//! finds fewer, the query is answered on its own.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_postgres::Error;
use tokio_postgres::types::Type;

use crate::recall::counting::Truth;
use crate::recall::settings::exact;

use super::clock::Clock;
use super::raw::{Parameter, Raw, array, plain};
use super::sample::Query;
use super::session::Session;
use super::statement::Search;

/// A query, and the distance of the farthest of as many rows as are wanted.
pub(super) type Bounded<'q> = (&'q Query, Option<f64>);

/// The most distances that are read at once.
const MOST: i64 = 500_000;

/// How many queries there are in the first batch, and by how much each is larger than the one before.
const FIRST: usize = 8;
const GROWTH: usize = 4;
const LARGEST: usize = 128;

/// How large the batches are: the first one tells how long they take.
pub(super) struct Batches {
    size: usize,
    took: Option<Duration>,
}

impl Batches {
    pub(super) fn new() -> Self {
        Self { size: FIRST, took: None }
    }

    /// The size of the next batch, that there is time for; None where there is none. A larger one takes at most as
    /// much longer as it has more queries.
    pub(super) fn next(&self, left: Duration) -> Option<usize> {
        let Some(took) = self.took else { return Some(self.size) };
        let size = u32::try_from(self.size).unwrap_or(u32::MAX);
        let fits = |it: &usize| {
            let queries = u32::try_from(*it).unwrap_or(u32::MAX);
            took.saturating_mul(queries) <= left.saturating_mul(size)
        };
        let largest = (self.size * GROWTH).min(LARGEST);
        (FIRST..=largest).rev().find(fits)
    }

    /// Of the last batch.
    pub(super) fn took(&mut self, size: usize, time: Duration) {
        *self = Self { size: size.max(1), took: Some(time) };
    }
}

/// The truths of a batch; None where time ran out.
pub(super) async fn truths(
    session: &Session<'_>,
    search: Search<'_>,
    k: u32,
    batch: &[Bounded<'_>],
    clock: &Clock,
) -> Result<Option<Vec<Truth>>, Error> {
    let bounded: Vec<(usize, &Query, f64)> =
        batch.iter().enumerate().filter_map(|(at, it)| Some((at, it.0, it.1?))).collect();
    let k = usize::try_from(k).unwrap_or(usize::MAX);
    let mut found = match bounded.is_empty() {
        true => BTreeMap::new(),
        false => match Box::pin(within_bounds(session, search, &bounded, clock)).await? {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let mut truths = Vec::new();
    for (at, (query, _)) in batch.iter().enumerate() {
        let truth = Truth::new(k, found.remove(&at).unwrap_or_default());
        truths.push(match truth.expected < k {
            false => truth,
            true => match Box::pin(alone(session, search, k, query, clock)).await? {
                Some(truth) => truth,
                None => return Ok(None),
            },
        });
    }
    Ok(Some(truths))
}

/// Distances with the number of rows that have them, for each query; empty where they are too many.
async fn within_bounds(
    session: &Session<'_>,
    search: Search<'_>,
    batch: &[(usize, &Query, f64)],
    clock: &Clock,
) -> Result<Option<BTreeMap<usize, Vec<(f64, u64)>>>, Error> {
    let numbers: Vec<i32> =
        batch.iter().map(|it| i32::try_from(it.0).unwrap_or(i32::MAX)).collect();
    let vectors: Vec<&Raw> = batch.iter().map(|it| &it.1.exact).collect();
    let bounds: Vec<f64> = batch.iter().map(|it| it.2).collect();
    let own = |it: &(usize, &Query, f64)| it.1.own.clone();
    let tables: Vec<Option<u32>> = batch.iter().map(|it| own(it).map(|it| it.table)).collect();
    let places: Vec<Option<Raw>> = batch.iter().map(|it| own(it).map(|it| it.place)).collect();
    let of = &search.target.exact;
    let parameters: [Parameter<'_>; 6] = [
        (&numbers, Type::INT4_ARRAY),
        (&vectors, array(of.array_oid, of.type_oid)),
        (&bounds, Type::FLOAT8_ARRAY),
        (&tables, Type::OID_ARRAY),
        (&places, Type::TID_ARRAY),
        (&MOST, Type::INT8),
    ];
    let sql = search.within_bounds();
    let work = session.client.query_typed(&sql, &parameters);
    let Some(rows) = session.within(&exact(), clock, work).await? else { return Ok(None) };
    let mut found: BTreeMap<usize, Vec<(f64, u64)>> = BTreeMap::new();
    if i64::try_from(rows.len()).is_ok_and(|it| it >= MOST) {
        return Ok(Some(found));
    }
    for row in &rows {
        let (number, distance, count): (i32, f64, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let of = found.entry(usize::try_from(number).unwrap_or(usize::MAX)).or_default();
        of.push((distance, u64::try_from(count).unwrap_or(0)));
    }
    Ok(Some(found))
}

/// The truth of one query.
async fn alone(
    session: &Session<'_>,
    search: Search<'_>,
    k: usize,
    query: &Query,
    clock: &Clock,
) -> Result<Option<Truth>, Error> {
    let (table, place) =
        query.own.as_ref().map_or((None, None), |it| (Some(it.table), Some(&it.place)));
    let limit = i64::try_from(k).unwrap_or(i64::MAX);
    let sql = search.exactly();
    let parameters: [Parameter<'_>; 4] = [
        (&query.exact, plain(search.target.exact.type_oid)),
        (&table, Type::OID),
        (&place, Type::TID),
        (&limit, Type::INT8),
    ];
    let work = session.client.query_typed(&sql, &parameters);
    let Some(rows) = session.within(&exact(), clock, work).await? else { return Ok(None) };
    let distances = rows.iter().map(|it| Ok((it.try_get(0)?, 1))).collect::<Result<_, Error>>()?;
    Ok(Some(Truth::new(k, distances)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_grow_as_long_as_there_is_time() {
        let mut batches = Batches::new();
        let second = Duration::from_secs(1);
        assert_eq!(batches.next(Duration::ZERO), Some(FIRST));
        batches.took(FIRST, second);
        assert_eq!(batches.next(second * 60), Some(32));
        assert_eq!(batches.next(second * 3), Some(24));
        assert_eq!(batches.next(second / 2), None);
        batches.took(32, second * 2);
        assert_eq!(batches.next(second * 60), Some(LARGEST));
    }
}
