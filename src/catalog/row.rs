//! Rows of catalog queries: the one place that knows how `tokio_postgres` hands them over.

use tokio_postgres::Row;

use super::CatalogError;

/// A row of a catalog query. Its fields are the columns of the query, in order; [`row!`] makes it.
pub(super) trait CatalogRow: Sized {
    /// The name of the query file.
    const QUERY: &'static str;
    /// The text of the query file.
    const SQL: &'static str;
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];

    /// Takes a row apart.
    fn read(row: &Row) -> Result<Self, tokio_postgres::Error>;
}

/// Takes the answer to a query apart. That names agree is checked once, so that values can be
/// taken by place.
pub(super) fn read_all<R: CatalogRow>(rows: &[Row]) -> Result<Vec<R>, CatalogError> {
    if let Some(first) = rows.first() {
        let found = first.columns().iter().map(tokio_postgres::Column::name);
        if !found.clone().eq(R::COLUMNS.iter().copied()) {
            let found = found.map(str::to_owned).collect();
            return Err(CatalogError::Shape { query: R::QUERY, found });
        }
    }
    rows.iter()
        .map(|row| R::read(row).map_err(|source| CatalogError::Query { query: R::QUERY, source }))
        .collect()
}

/// Declares the row of `queries/<query>.sql`: a plain struct whose fields are its columns.
macro_rules! row {
    (
        $query:literal;
        $(#[$meta:meta])*
        struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub(super) struct $name {
            $($(#[$field_meta])* pub(super) $field: $type,)+
        }

        impl crate::catalog::row::CatalogRow for $name {
            const QUERY: &'static str = $query;
            const SQL: &'static str = include_str!(concat!("queries/", $query, ".sql"));
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
