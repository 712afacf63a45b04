//! Ranges.

use std::fmt;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use super::errors::SqlResult;

wire! {
    /// A bound of a range.
    #[derive(Copy)]
    pub enum Bound<T> {
        /// There is none.
        Unbounded,
        /// The range contains it.
        Inclusive(T),
        /// The range ends before it, or begins after it.
        Exclusive(T),
    }

    /// A range of `T`.
    #[derive(Copy)]
    pub enum Range<T> {
        /// The empty range.
        Empty,
        /// The values between two bounds.
        Of {
            /// The lower bound.
            lower: Bound<T>,
            /// The upper bound.
            upper: Bound<T>,
        },
    }
}

// The flags of a range in binary (`src/include/utils/rangetypes.h`).
const RANGE_EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_UNBOUNDED: u8 = 0x08;
const UPPER_UNBOUNDED: u8 = 0x10;

fn element_of(ty: &Type) -> SqlResult<&Type> {
    match ty.kind() {
        Kind::Range(element) => Ok(element),
        _ => Err(format!("{ty} is no range").into()),
    }
}

impl<T: ToSql> Bound<T> {
    fn flag(&self, inclusive: u8, unbounded: u8) -> u8 {
        match self {
            Bound::Unbounded => unbounded,
            Bound::Inclusive(_) => inclusive,
            Bound::Exclusive(_) => 0,
        }
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<()> {
        let (Bound::Inclusive(value) | Bound::Exclusive(value)) = self else {
            return Ok(());
        };
        let at = out.len();
        out.extend_from_slice(&[0; 4]);
        value.to_sql(ty, out)?;
        let length = i32::try_from(out.len() - at - 4)?;
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
        Ok(())
    }
}

impl<T: ToSql> ToSql for Range<T>
where
    T: fmt::Debug,
{
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        match self {
            Range::Empty => out.extend_from_slice(&[RANGE_EMPTY]),
            Range::Of { lower, upper } => {
                let element = element_of(ty)?;
                let lower_flag = lower.flag(LOWER_INCLUSIVE, LOWER_UNBOUNDED);
                let upper_flag = upper.flag(UPPER_INCLUSIVE, UPPER_UNBOUNDED);
                out.extend_from_slice(&[lower_flag | upper_flag]);
                lower.write(element, out)?;
                upper.write(element, out)?;
            }
        }
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        element_of(ty).is_ok_and(T::accepts)
    }

    to_sql_checked!();
}

impl<'a, T: FromSql<'a>> FromSql<'a> for Range<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        let element = element_of(ty)?;
        let (&flags, mut rest) = raw.split_first().ok_or("no flags")?;
        if flags & RANGE_EMPTY != 0 {
            return Ok(Range::Empty);
        }
        let mut bound = |inclusive: u8, unbounded: u8| -> SqlResult<Bound<T>> {
            if flags & unbounded != 0 {
                return Ok(Bound::Unbounded);
            }
            let (length, after) = rest.split_first_chunk().ok_or("no bound")?;
            let length = usize::try_from(i32::from_be_bytes(*length))?;
            let (value, after) = after.split_at_checked(length).ok_or("half a bound")?;
            rest = after;
            let value = T::from_sql(element, value)?;
            Ok(match flags & inclusive != 0 {
                true => Bound::Inclusive(value),
                false => Bound::Exclusive(value),
            })
        };
        Ok(Range::Of {
            lower: bound(LOWER_INCLUSIVE, LOWER_UNBOUNDED)?,
            upper: bound(UPPER_INCLUSIVE, UPPER_UNBOUNDED)?,
        })
    }
    fn accepts(ty: &Type) -> bool {
        element_of(ty).is_ok_and(T::accepts)
    }
}
