//! Rows of catalog queries: the one place that knows how `tokio_postgres` hands them over.

use tokio_postgres::Row;

use super::CatalogError;

/// A row of a catalog query. Its fields are the columns of the query, in order; [`row!`] makes it.
pub(super) trait CatalogRow: Sized {
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];

    /// Takes a row apart.
    fn read(row: &Row) -> Result<Self, tokio_postgres::Error>;
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
                    $($field: row.try_get(places.next().unwrap_or(usize::MAX))?,)+
                })
            }
        }
    };
}

pub(super) use row;
