//! `sparsevec(n)`.

use std::collections::BTreeMap;
use std::fmt;

use bytes::BytesMut;
use pgvector::SparseVector;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::errors::{Error, Result, SqlResult};
use super::vectors::{check_dimensions, show_values, vector_conversions};

/// A `sparsevec(N)` value, of which the database stores the values other than zero. By itself it
/// has no `Serialize`, and `Debug` shows four values, so it ends up in no response and fills no
/// log.
#[derive(Clone, PartialEq)]
pub struct SparseEmbedding<const N: usize>(SparseVector);

vector_conversions!(SparseEmbedding, SparseVector);

impl<const N: usize> SparseEmbedding<N> {
    fn of_floats(values: &[f32]) -> Self {
        SparseEmbedding(SparseVector::from_dense(values))
    }

    fn not_finite(&self) -> Option<usize> {
        let mut entries = self.entries();
        entries.find(|(_, v)| !v.is_finite()).map(|it| it.0)
    }

    fn dimensions_of(value: &SparseVector) -> usize {
        value.dimensions().unsigned_abs() as usize
    }

    /// A vector by its values other than zero: places, from 0, and values. Of two values for a
    /// place the later one is used.
    ///
    /// # Errors
    /// For a place beyond the length, NaN and infinity.
    pub fn from_entries(entries: impl IntoIterator<Item = (usize, f32)>) -> Result<Self> {
        let (mut map, expected) = (BTreeMap::new(), N);
        for (place, value) in entries {
            let actual = place.saturating_add(1);
            match i32::try_from(place) {
                Ok(at) if place < N => map.insert(at, value),
                _ => return Err(Error::Dimensions { expected, actual }),
            };
        }
        let dimensions = i32::try_from(N).unwrap_or(i32::MAX);
        SparseEmbedding(SparseVector::from_map(&map, dimensions)).finite()
    }

    /// The values other than zero: places, from 0, and values.
    pub fn entries(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        let places = self.0.indices().iter().map(|i| i.unsigned_abs() as usize);
        places.zip(self.0.values().iter().copied())
    }

    pub(super) fn floats(&self) -> Vec<f32> {
        self.0.to_vec()
    }

    /// All values, with zeros.
    pub fn into_vec(self) -> Vec<f32> {
        self.floats()
    }
}

impl<const N: usize> fmt::Debug for SparseEmbedding<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.values().len();
        show_values(f, ("SparseEmbedding", N, count), self.entries())
    }
}
