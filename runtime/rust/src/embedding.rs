//! `vector(n)`.

use std::borrow::Cow;
use std::fmt;

use bytes::BytesMut;
use pgvector::Vector;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::errors::{Error, Result, SqlResult};
use super::vectors::{Values, check_dimensions, show_values, vector_conversions};

/// A `vector(N)` value. By itself it has no `Serialize`, and `Debug` shows four values, so it ends
/// up in no response and fills no log.
#[derive(Clone, PartialEq)]
pub struct Embedding<const N: usize>(Vector);

vector_conversions!(Embedding, Vector);

impl<const N: usize> Embedding<N> {
    fn of_floats(values: &[f32]) -> Self {
        Embedding(Vector::from(values.to_vec()))
    }

    fn not_finite(&self) -> Option<usize> {
        self.as_slice().iter().position(|v| !v.is_finite())
    }

    fn dimensions_of(value: &Vector) -> usize {
        value.as_slice().len()
    }

    /// Its values.
    pub fn as_slice(&self) -> &[f32] {
        self.0.as_slice()
    }

    /// Its values.
    pub fn into_vec(self) -> Vec<f32> {
        self.0.into()
    }
}

impl<const N: usize> fmt::Debug for Embedding<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_values(f, ("Embedding", N, N), self.as_slice().iter())
    }
}

impl<const N: usize> Values for Embedding<N> {
    fn values(&self) -> Cow<'_, [f32]> {
        self.as_slice().into()
    }
}
