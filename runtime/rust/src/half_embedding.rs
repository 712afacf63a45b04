//! `halfvec(n)`.

use std::borrow::Cow;
use std::fmt;

use bytes::BytesMut;
use pgvector::HalfVector;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::errors::{Error, Result, SqlResult};
use super::vectors::{Values, check_dimensions, show_values, vector_conversions};

/// A `halfvec(N)` value, in 32 bits here and 16 in the database. By itself it has no `Serialize`,
/// and `Debug` shows four values, so it ends up in no response and fills no log.
#[derive(Clone, PartialEq)]
pub struct HalfEmbedding<const N: usize>(HalfVector);

vector_conversions!(HalfEmbedding, HalfVector);

impl<const N: usize> HalfEmbedding<N> {
    fn of_floats(values: &[f32]) -> Self {
        HalfEmbedding(HalfVector::from_f32_slice(values))
    }

    fn not_finite(&self) -> Option<usize> {
        self.0.as_slice().iter().position(|v| !v.is_finite())
    }

    fn dimensions_of(value: &HalfVector) -> usize {
        value.as_slice().len()
    }

    pub(super) fn floats(&self) -> impl Iterator<Item = f32> + '_ {
        self.0.as_slice().iter().map(|v| v.to_f32())
    }

    /// Its values, in 32 bits.
    pub fn into_vec(self) -> Vec<f32> {
        self.floats().collect()
    }
}

impl<const N: usize> fmt::Debug for HalfEmbedding<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_values(f, ("HalfEmbedding", N, N), self.floats())
    }
}

impl<const N: usize> Values for HalfEmbedding<N> {
    fn values(&self) -> Cow<'_, [f32]> {
        self.floats().collect()
    }
}
