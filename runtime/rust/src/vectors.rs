//! What the types of vectors have in common: their length is a part of the type, and values that
//! are not finite are rejected before they are sent.

use std::borrow::Cow;
use std::fmt;

use tokio_postgres::types::{FromSql, ToSql};

use super::errors::{Error, Result};

/// A vector whose values can be looked at.
pub trait Values: for<'r> FromSql<'r> + ToSql + Sync + Send {
    /// Its values, in 32 bits.
    fn values(&self) -> Cow<'_, [f32]>;
}

pub(super) fn check_dimensions(expected: usize, actual: usize) -> Result<()> {
    match expected == actual {
        true => Ok(()),
        false => Err(Error::Dimensions { expected, actual }),
    }
}

/// The first four values, so that vectors do not fill logs.
pub(super) fn show_values<T: fmt::Debug>(
    f: &mut fmt::Formatter<'_>,
    (name, length, of): (&str, usize, usize),
    values: impl Iterator<Item = T>,
) -> fmt::Result {
    let head: Vec<T> = values.take(4).collect();
    let rest = if of > head.len() { ", .." } else { "" };
    write!(f, "{name}<{length}>({head:?}{rest})")
}

/// The conversions of a type `$name<N>($inner)` that has `of_floats`, `not_finite` and
/// `dimensions_of`. PostgreSQL's traits can only be implemented type by type.
macro_rules! vector_conversions {
    ($name:ident, $inner:ty) => {
        impl<const N: usize> $name<N> {
            /// How many values it has.
            pub const DIMENSIONS: usize = N;

            /// A vector of these values.
            ///
            /// # Errors
            /// For another length, NaN and infinity; in 16 bits, numbers beyond 65504 are infinite.
            pub fn new(values: Vec<f32>) -> Result<Self> {
                check_dimensions(N, values.len())?;
                Self::of_floats(&values).finite()
            }

            fn finite(self) -> Result<Self> {
                match self.not_finite() {
                    None => Ok(self),
                    Some(index) => Err(Error::NotFinite { index }),
                }
            }
        }

        /// The compiler checks the length; the values are checked when they are sent.
        impl<const N: usize> From<[f32; N]> for $name<N> {
            fn from(values: [f32; N]) -> Self {
                Self::of_floats(&values)
            }
        }

        impl<const N: usize> TryFrom<Vec<f32>> for $name<N> {
            type Error = Error;

            fn try_from(values: Vec<f32>) -> Result<Self> {
                Self::new(values)
            }
        }

        impl<const N: usize> TryFrom<&[f32]> for $name<N> {
            type Error = Error;

            fn try_from(values: &[f32]) -> Result<Self> {
                Self::new(values.to_vec())
            }
        }

        impl<const N: usize> ToSql for $name<N> {
            fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
                match self.not_finite() {
                    None => self.0.to_sql(ty, out),
                    Some(index) => Err(Error::NotFinite { index }.into()),
                }
            }

            fn accepts(ty: &Type) -> bool {
                <$inner as ToSql>::accepts(ty)
            }

            to_sql_checked!();
        }

        impl<'a, const N: usize> FromSql<'a> for $name<N> {
            fn from_sql(ty: &Type, raw: &'a [u8]) -> SqlResult<Self> {
                let value = <$inner>::from_sql(ty, raw)?;
                check_dimensions(N, Self::dimensions_of(&value))?;
                Ok($name(value))
            }

            fn accepts(ty: &Type) -> bool {
                <$inner as FromSql>::accepts(ty)
            }
        }
    };
}
pub(super) use vector_conversions;
