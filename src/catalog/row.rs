//! Rows of catalog queries: only this module reads values from `tokio_postgres`.

use std::error::Error;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use super::{CatalogError, unreadable};

/// A row of a catalog query. Its fields are the columns of the query, in order; [`row!`] makes it.
pub(super) trait CatalogRow: Sized {
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];

    /// Takes a row apart.
    fn read(row: &Row) -> Result<Self, tokio_postgres::Error>;
}

/// A value of a row.
pub(super) trait Field: Sized {
    /// Takes the value at a place.
    fn read(row: &Row, place: usize) -> Result<Self, tokio_postgres::Error>;
}

/// Values as the driver gives them.
macro_rules! plain {
    ($($type:ty),+ $(,)?) => {
        $(impl Field for $type {
            fn read(row: &Row, place: usize) -> Result<Self, tokio_postgres::Error> {
                row.try_get(place)
            }
        })+
    };
}

plain!(
    bool,
    i16,
    i32,
    i64,
    u32,
    Vec<bool>,
    Vec<i16>,
    Vec<u32>,
    Option<i16>,
    Option<i32>,
    Option<i64>,
    Option<u32>,
    Option<Vec<i16>>,
    Option<Vec<u32>>,
);

/// Text in whatever bytes the database has: see [`unreadable`].
struct Text(String);

impl FromSql<'_> for Text {
    fn from_sql(_: &Type, bytes: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(unreadable::text(bytes)))
    }

    fn accepts(expected: &Type) -> bool {
        <String as FromSql<'_>>::accepts(expected)
    }
}

impl Field for String {
    fn read(row: &Row, place: usize) -> Result<Self, tokio_postgres::Error> {
        row.try_get(place).map(|Text(it)| it)
    }
}

impl Field for Option<String> {
    fn read(row: &Row, place: usize) -> Result<Self, tokio_postgres::Error> {
        Ok(row.try_get::<_, Option<Text>>(place)?.map(|Text(it)| it))
    }
}

impl Field for Vec<String> {
    fn read(row: &Row, place: usize) -> Result<Self, tokio_postgres::Error> {
        Ok(row.try_get::<_, Vec<Text>>(place)?.into_iter().map(|Text(it)| it).collect())
    }
}

impl Field for Option<Vec<String>> {
    fn read(row: &Row, place: usize) -> Result<Self, tokio_postgres::Error> {
        let texts = row.try_get::<_, Option<Vec<Text>>>(place)?;
        Ok(texts.map(|it| it.into_iter().map(|Text(it)| it).collect()))
    }
}

/// The one query that gives rows of this sort.
pub(super) trait OfQuery: CatalogRow {
    /// The query.
    const QUERY: Query;
}

/// A query file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query {
    /// Its name.
    pub(super) name: &'static str,
    /// Its text.
    pub(super) sql: &'static str,
}

/// A file in `queries/`.
macro_rules! query {
    ($name:literal) => {
        crate::catalog::row::Query {
            name: $name,
            sql: include_str!(concat!("queries/", $name, ".sql")),
        }
    };
}

pub(super) use query;

/// Takes the answer to a query apart. That names agree is checked once, so that values can be
/// taken by place.
pub(super) fn read_all<R: CatalogRow>(
    query: &'static str,
    rows: &[Row],
) -> Result<Vec<R>, CatalogError> {
    if let Some(first) = rows.first() {
        let found = first.columns().iter().map(tokio_postgres::Column::name);
        if !found.clone().eq(R::COLUMNS.iter().copied()) {
            let found = found.map(str::to_owned).collect();
            return Err(CatalogError::Shape { query, found });
        }
    }
    rows.iter()
        .map(|row| R::read(row).map_err(|source| CatalogError::Query { query, source }))
        .collect()
}

/// Declares the row of `queries/<query>.sql`: a plain struct whose fields are its columns. Without
/// the name of a query, the row of several.
macro_rules! row {
    (
        $query:literal;
        $(#[$meta:meta])*
        struct $name:ident $fields:tt
    ) => {
        crate::catalog::row::row! { $(#[$meta])* struct $name $fields }

        impl crate::catalog::row::OfQuery for $name {
            const QUERY: crate::catalog::row::Query = crate::catalog::row::query!($query);
        }
    };
    (
        $(#[$meta:meta])*
        struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub(super) struct $name {
            $($(#[$field_meta])* pub(super) $field: $type,)+
        }

        impl crate::catalog::row::CatalogRow for $name {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn read(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {
                let mut places = 0..;
                // Fields are evaluated in the order in which they are written.
                Ok(Self {
                    $($field: crate::catalog::row::Field::read(row, places.next().unwrap_or(usize::MAX))?,)+
                })
            }
        }
    };
}

pub(super) use row;
