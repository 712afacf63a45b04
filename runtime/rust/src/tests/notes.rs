//! A table as generated code declares it.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "as in generated code"
)]

use crate as support;
use crate::{Column, ColumnInfo};

pub(crate) const KEY: &[ColumnInfo] = &[col::ID.info()];

table! {
    Notes of Note = "public.notes";
    key [ID];
    order [ID];
}

columns! {
    pub const ID: Column<This, i64> = Column::new("id", "bigint");
    pub const PRICE: Column<This, String, support::Nullable> =
        Column::of(ColumnInfo::new("price", "money").text("money"));
    pub const BODY: Column<This, String> = Column::new("body", "character varying(50)");
    pub const KIND: Column<This, i32> = Column::of(ColumnInfo::new("type", "integer"));
}

row! {
    /// One row.
    #[derive(Debug)]
    pub struct Note {
        pub id: i64,
        pub body: String,
    }
}

full_row! {
    /// One row with what lists leave out.
    #[derive(Debug)]
    pub struct NoteFull {
        pub note: Note,
        pub price: Option<String>,
        pub r#type: i32,
    }
}

written! {
    NewNote(body: impl Into<String>), NotePatch;
    default key {
        id: i64,
    }
    required {
        body: String,
    }
    nullable {
        price: String,
    }
    default nullable {
        r#type: i32,
    }
}
