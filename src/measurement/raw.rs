//! Values of any type, as the server sends them: vectors are passed on, not read.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

/// A value in the binary form of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(bytes.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value with its type.
pub(super) type Parameter<'p> = (&'p (dyn ToSql + Sync), Type);

/// A type by its OID, which is all that a parameter needs.
pub(super) fn plain(oid: u32) -> Type {
    Type::from_oid(oid)
        .unwrap_or_else(|| Type::new(String::new(), oid, Kind::Simple, String::new()))
}

/// The type of arrays of another.
pub(super) fn array(oid: u32, of: u32) -> Type {
    Type::new(String::new(), oid, Kind::Array(plain(of)), String::new())
}
