//! What the modules of tables have in common, as macros: each table lists its columns once.
//!
//! Generated code declares this file in its index, before the tables, with `#[macro_use]`. The
//! macros are called where `support` and `This` are names: the runtime, and the table.

/// The table itself: the type that stands for it, its name, its key, and how its pages are sorted.
macro_rules! table {
    ($table:ident of $row:ident = $name:literal;
     $(key [$($key:ident),*];)?
     $(order [$($by:ident $($down:ident)?),*];)?
     $(indexes [$($index:literal),*];)?
     $(copied = $copied:literal;)?) => {
        /// Represents the table in the types of columns and filters.
        #[derive(Debug, Clone, Copy)]
        pub enum $table {}

        type This = $table;

        /// The name of the table in SQL.
        pub const TABLE: &str = $name;

        /// A condition over the table.
        pub type Filter = support::Cond<This>;

        impl support::Table for This {
            type Light = $row;
            const NAME: &'static str = TABLE;
            const COLUMNS: &'static [support::ColumnInfo] = COLUMNS;
            $(const KEY: &'static [support::ColumnInfo] = &[$(col::$key.info()),*];)?
            $(const ORDER: &'static [(support::ColumnInfo, bool)] =
                &[$((col::$by.info(), descending!($($down)?))),*];)?
            $(const INDEXES: &'static [&'static str] = &[$($index),*];)?
            $(const COPIED: bool = $copied;)?
        }

        /// How many rows there are, or how many satisfy a condition.
        pub async fn count<C: support::Session>(
            client: &C,
            filter: Option<&Filter>,
        ) -> support::Result<i64> {
            support::count::<This, C>(client, filter).await
        }

        /// Compares the live table with the one that this file was generated for; call it once at
        /// start. Added columns are ignored, unless inserts would fail without them.
        pub async fn verify<C: support::Session>(client: &C) -> support::Result<()> {
            support::verify::<This, C>(client).await
        }
    };
}

/// Whether a term of an order says `desc`.
macro_rules! descending {
    () => {
        false
    };
    (desc) => {
        true
    };
}

/// Typed columns, for filters: `col::ID.eq(..)`. All columns of the table in their order.
macro_rules! columns {
    ($($public:vis const $name:ident: $of:ty = $value:expr;)*) => {
        /// Typed columns, for filters.
        pub mod col {
            use super::*;

            $($public const $name: $of = $value;)*
        }

        const COLUMNS: &[support::ColumnInfo] = &[$(col::$name.info()),*];
    };
}

/// A struct that rows are read into. Its fields are columns.
macro_rules! row {
    ($(#[$attribute:meta])* pub struct $row:ident {
        $($(#[$of:meta])* pub $field:ident: $held:ty,)*
    }) => {
        $(#[$attribute])*
        pub struct $row {
            $($(#[$of])* pub $field: $held,)*
        }

        impl support::FromColumns for $row {
            const WIDTH: usize = support::width(&[$(stringify!($field)),*]);

            selected!($($field),*);

            #[allow(unused_variables)]
            fn read(columns: &mut support::Columns<'_>) -> support::Result<Self> {
                Ok($row { $($field: columns.take()?,)* })
            }
        }
    };
}

/// A row with what lists leave out: a light row, and further columns.
macro_rules! full_row {
    ($(#[$attribute:meta])* pub struct $full:ident {
        pub $light:ident: $row:ident,
        $($(#[$of:meta])* pub $field:ident: $held:ty,)*
    }) => {
        $(#[$attribute])*
        pub struct $full {
            pub $light: $row,
            $($(#[$of])* pub $field: $held,)*
        }

        impl support::FromColumns for $full {
            const WIDTH: usize =
                <$row as support::FromColumns>::WIDTH + support::width(&[$(stringify!($field)),*]);

            fn selected() -> &'static str {
                static ALL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
                    let light = <$row as support::FromColumns>::selected();
                    let more = support::selected::<This>(&[$(place!($field)),*]);
                    format!("{light}, {more}")
                });
                &ALL
            }

            fn read(columns: &mut support::Columns<'_>) -> support::Result<Self> {
                Ok($full {
                    $light: columns.take_row()?,
                    $($field: columns.take()?,)*
                })
            }
        }
    };
}

/// The columns of fields in a `SELECT`.
macro_rules! selected {
    ($($field:ident),*) => {
        fn selected() -> &'static str {
            static ALL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
                support::selected::<This>(&[$(place!($field)),*])
            });
            &ALL
        }
    };
}

/// The place of the column of a field.
macro_rules! place {
    ($field:ident) => {
        const { support::place(<This as support::Table>::COLUMNS, stringify!($field)) }
    };
}

/// What is written: the values of `insert`, and those of `update` without the key.
///
/// A `required` column is an argument of `new`; a `nullable` one is `Option`, and `None` is NULL; a
/// `default` one is `Option`, and `None` is the default.
macro_rules! written {
    ($new:ident($($arguments:tt)*), $patch:ident; $($columns:tt)*) => {
        new_row! { $new($($arguments)*) $($columns)* }
        patch! { $patch $($columns)* }
    };
    ($new:ident($($arguments:tt)*); $($columns:tt)*) => {
        new_row! { $new($($arguments)*) $($columns)* }
    };
}

/// The values of `insert`.
macro_rules! new_row {
    ($new:ident($($argument:ident: $of:ty),*)
     $(required key { $($k:ident: $kt:ty,)* })?
     $(default key { $($dk:ident: $dkt:ty,)* })?
     $(required { $($r:ident: $rt:ty,)* })?
     $(nullable { $($n:ident: $nt:ty,)* })?
     $(default { $($d:ident: $dt:ty,)* })?
     $(default nullable { $($dn:ident: $dnt:ty,)* })?) => {
        /// For `insert`. `None` in a column that has a default means the default; what has none and
        /// cannot be NULL is an argument of `new`.
        #[derive(Debug, Clone, PartialEq)]
        pub struct $new {
            $($(pub $k: $kt,)*)?
            $($(pub $dk: Option<$dkt>,)*)?
            $($(pub $r: $rt,)*)?
            $($(pub $n: Option<$nt>,)*)?
            $($(pub $d: Option<$dt>,)*)?
            $($(pub $dn: Option<Option<$dnt>>,)*)?
        }

        impl $new {
            /// With what is required.
            pub fn new($($argument: $of),*) -> Self {
                Self {
                    $($argument: $argument.into(),)*
                    $($($dk: None,)*)?
                    $($($n: None,)*)?
                    $($($d: None,)*)?
                    $($($dn: None,)*)?
                }
            }
        }

        default_row! { $new($($argument),*) }

        impl support::New for $new {
            type Of = This;

            fn given(&self) -> support::Given<'_> {
                #[allow(unused_mut)]
                let mut given = support::Given::new();
                $($(given.push(place!($k), &self.$k);)*)?
                $($(given.push_given(place!($dk), &self.$dk);)*)?
                $($(given.push(place!($r), &self.$r);)*)?
                $($(given.push(place!($n), &self.$n);)*)?
                $($(given.push_given(place!($d), &self.$d);)*)?
                $($(given.push_given(place!($dn), &self.$dn);)*)?
                given
            }
        }
    };
}

/// Values of `insert` of which none is required.
macro_rules! default_row {
    ($new:ident()) => {
        impl Default for $new {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ($new:ident($($argument:ident),+)) => {};
}

/// The values of `update`.
macro_rules! patch {
    ($patch:ident
     $(required key { $($key:tt)* })?
     $(default key { $($default_key:tt)* })?
     $(required { $($r:ident: $rt:ty,)* })?
     $(nullable { $($n:ident: $nt:ty,)* })?
     $(default { $($d:ident: $dt:ty,)* })?
     $(default nullable { $($dn:ident: $dnt:ty,)* })?) => {
        /// For `update`: `None` does not change a column; `Some(None)` sets a nullable column to
        /// NULL.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $patch {
            $($(pub $r: Option<$rt>,)*)?
            $($(pub $n: Option<Option<$nt>>,)*)?
            $($(pub $d: Option<$dt>,)*)?
            $($(pub $dn: Option<Option<$dnt>>,)*)?
        }

        impl $patch {
            pub(super) fn given(&self) -> support::Given<'_> {
                let mut given = support::Given::new();
                $($(given.push_given(place!($r), &self.$r);)*)?
                $($(given.push_given(place!($n), &self.$n);)*)?
                $($(given.push_given(place!($d), &self.$d);)*)?
                $($(given.push_given(place!($dn), &self.$dn);)*)?
                given
            }
        }
    };
}

/// The position of a row in the order of pages, and the pages.
macro_rules! pages {
    ($(#[$attribute:meta])* pub struct $cursor:ident of $row:ident {
        $($(#[$of:meta])* pub $field:ident: $held:ty,)*
    }) => {
        $(#[$attribute])*
        pub struct $cursor {
            $($(#[$of])* pub $field: $held,)*
        }

        impl From<&$row> for $cursor {
            fn from(row: &$row) -> Self {
                Self { $($field: Clone::clone(&row.$field),)* }
            }
        }

        impl support::Cursor<$row> for $cursor {
            fn values(&self) -> support::Params<'_> {
                params![$(self.$field),*]
            }
        }

        /// One page, in the order of its cursor. It begins behind a row, so page 1000 costs what
        /// page 1 costs.
        pub async fn list_page<C: support::Session>(
            client: &C,
            limit: u32,
            after: Option<&$cursor>,
            filter: Option<&Filter>,
        ) -> support::Result<support::Page<$row, $cursor>> {
            support::page::<This, $cursor, C>(client, limit, after, filter).await
        }
    };
}

/// The rows of a table without a key.
macro_rules! list {
    ($row:ident) => {
        /// The first rows, in no order: the table has no key.
        pub async fn list_page<C: support::Session>(
            client: &C,
            limit: u32,
            filter: Option<&Filter>,
        ) -> support::Result<Vec<$row>> {
            support::list::<This, C>(client, limit, filter).await
        }
    };
}

/// Parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => {{
        let mut params = support::Params::new();
        $(params.push(&$value);)*
        params
    }};
}

/// A row by its key.
macro_rules! get {
    ($row:ident by ($($key:ident: $of:ty),+)) => {
        /// The row with this key.
        pub async fn get<C: support::Session>(
            client: &C,
            $($key: $of),+
        ) -> support::Result<Option<$row>> {
            support::get::<This, C>(client, params![$($key),+]).await
        }
    };
}

/// A row with what lists leave out.
macro_rules! get_full {
    ($full:ident by ($($key:ident: $of:ty),+)) => {
        /// As `get`, with what lists leave out.
        pub async fn get_full<C: support::Session>(
            client: &C,
            $($key: $of),+
        ) -> support::Result<Option<$full>> {
            let key = <This as support::Table>::KEY;
            support::find::<This, $full, C>(client, key, params![$($key),+]).await
        }
    };
}

/// Rows by many keys: by one column, or by several, which are tuples.
macro_rules! get_many {
    ($row:ident by $($place:tt: $of:ty),+) => {
        /// Rows of these keys in the order asked for; keys that are not there are left out.
        pub async fn get_many<C: support::Session>(
            client: &C,
            keys: &[($($of),+)],
        ) -> support::Result<Vec<$row>> {
            let lists = ($(keys.iter().map(|key| &key.$place).collect::<Vec<_>>()),+);
            support::get_many::<This, C>(client, params![$(lists.$place),+]).await
        }
    };
    ($row:ident by $of:ty) => {
        /// Rows of these keys in the order asked for; keys that are not there are left out.
        pub async fn get_many<C: support::Session>(
            client: &C,
            keys: &[$of],
        ) -> support::Result<Vec<$row>> {
            support::get_many::<This, C>(client, params![keys]).await
        }
    };
}

/// A row by a further key, and what writes by it.
macro_rules! unique {
    ($row:ident, $get:ident by ($($key:ident: $of:ty),+) = [$($column:ident),+]) => {
        /// The row with these values.
        pub async fn $get<C: support::Session>(
            client: &C,
            $($key: $of),+
        ) -> support::Result<Option<$row>> {
            let by = &[$(col::$column.info()),+];
            support::find::<This, $row, C>(client, by, params![$($key),+]).await
        }
    };
    ($row:ident, $get:ident by ($($key:ident: $of:ty),+) = [$($column:ident),+],
     $upsert:ident from $new:ident) => {
        unique! { $row, $get by ($($key: $of),+) = [$($column),+] }

        /// Inserts, or puts what is given into the row with the same values in the columns that it
        /// is called after. Its primary key stays. `None` in a column without a default is given,
        /// too: NULL.
        pub async fn $upsert<C: support::Session>(
            client: &C,
            new: &$new,
        ) -> support::Result<$row> {
            let by = &[$(col::$column.info()),+];
            support::upsert::<This, C>(client, support::New::given(new), by).await
        }
    };
}

/// Inserting one row or many.
macro_rules! insert {
    ($row:ident from $new:ident) => {
        /// Inserts a row, and returns it as the database has it.
        pub async fn insert<C: support::Session>(client: &C, new: &$new) -> support::Result<$row> {
            support::insert::<This, C>(client, support::New::given(new)).await
        }

        /// Many rows, all or nothing, with COPY in binary where it has values for all columns;
        /// returns how many.
        pub async fn insert_many<C: support::Session>(
            client: &mut C,
            rows: &[$new],
        ) -> support::Result<u64> {
            support::insert_many(client, rows).await
        }
    };
}

/// Inserting or updating by the primary key.
macro_rules! upsert {
    ($row:ident from $new:ident) => {
        /// Inserts, or puts what is given into the row that has the same key. `None` in a column
        /// without a default is given, too: NULL.
        pub async fn upsert<C: support::Session>(client: &C, new: &$new) -> support::Result<$row> {
            let key = <This as support::Table>::KEY;
            support::upsert::<This, C>(client, support::New::given(new), key).await
        }
    };
}

/// Updating a row.
macro_rules! update {
    ($row:ident by ($($key:ident: $of:ty),+) from $patch:ident) => {
        /// Changes the given columns. `None` where no such row is; an empty patch reads.
        pub async fn update<C: support::Session>(
            client: &C,
            $($key: $of,)+
            patch: &$patch,
        ) -> support::Result<Option<$row>> {
            support::update::<This, C>(client, params![$($key),+], patch.given()).await
        }
    };
}

/// Deleting a row or many.
macro_rules! delete {
    (by ($($key:ident: $of:ty),+)) => {
        /// Whether there was such a row.
        pub async fn delete<C: support::Session>(
            client: &C,
            $($key: $of),+
        ) -> support::Result<bool> {
            support::delete::<This, C>(client, params![$($key),+]).await
        }

        /// How many rows were deleted.
        pub async fn delete_where<C: support::Session>(
            client: &C,
            filter: &Filter,
        ) -> support::Result<u64> {
            support::delete_where::<This, C>(client, filter).await
        }
    };
}
