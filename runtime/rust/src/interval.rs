//! `interval`.

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::errors::SqlResult;

wire! {
    /// An `interval`. Its parts are kept apart, because months and days have no fixed length.
    #[derive(Copy, Default)]
    pub struct Interval {
        /// Months, twelve for each year.
        pub months: i32,
        /// Days.
        pub days: i32,
        /// Microseconds.
        pub micros: i64,
    }
}

impl ToSql for Interval {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        out.extend_from_slice(&self.micros.to_be_bytes());
        out.extend_from_slice(&self.days.to_be_bytes());
        out.extend_from_slice(&self.months.to_be_bytes());
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::INTERVAL
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Interval {
    fn from_sql(_: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        let (micros, rest) = raw.split_first_chunk().ok_or("no microseconds")?;
        let (days, months) = rest.split_first_chunk().ok_or("no days")?;
        Ok(Interval {
            months: i32::from_be_bytes(months.try_into()?),
            days: i32::from_be_bytes(*days),
            micros: i64::from_be_bytes(*micros),
        })
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::INTERVAL
    }
}
