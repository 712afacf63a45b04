//! Columns (`pg_attribute`, `pg_attrdef`).

use serde::{Deserialize, Serialize};

use super::expr::SqlExpr;
use super::ident::{Ident, QualifiedName, object_name};
use super::is_false;
use super::not_null::NotNull;
use super::options::Options;
use super::pg_type::PgType;
use super::sequence::SequenceOptions;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The table.
    pub table: QualifiedName,
    /// `attname`.
    pub name: Ident,
    /// Place among the columns (`attnum`). Decides the order on create, and is never a difference.
    pub position: u32,
    /// The type with its modifier.
    pub data_type: PgType,
    /// The collation, where it is not the type's own; as SQL (`"C"`, `public.german`).
    pub collation: Option<String>,
    /// `attnotnull`.
    pub not_null: bool,
    /// What its NOT NULL constraint says beside that.
    #[serde(default, skip_serializing_if = "NotNull::is_plain")]
    pub not_null_constraint: NotNull,
    /// Where the value comes from when none is given.
    pub value: ColumnValue,
    /// `attstorage`, where it is not the type's own.
    pub storage: Option<Storage>,
    /// `attcompression`, where set.
    pub compression: Option<Compression>,
    /// `attstattarget`, where set.
    pub statistics: Option<i16>,
    /// `attoptions`: `n_distinct` and `n_distinct_inherited`.
    #[serde(default, skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// What the foreign-data wrapper is told of a column of a foreign table (`attfdwoptions`).
    #[serde(default, skip_serializing_if = "Options::is_empty")]
    pub foreign_options: Options,
    /// Whether the column comes from a parent or a type alone (`attislocal` is false): the object
    /// stands only for what differs from there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub inherited: bool,
    /// The comment.
    pub comment: Option<String>,
}

impl Column {
    /// A NOT NULL column with nothing special.
    #[must_use]
    pub fn new(table: QualifiedName, name: Ident, position: u32, data_type: PgType) -> Self {
        Self {
            table,
            name,
            position,
            data_type,
            collation: None,
            not_null: true,
            not_null_constraint: NotNull::default(),
            value: ColumnValue::None,
            storage: None,
            compression: None,
            statistics: None,
            options: Options::default(),
            foreign_options: Options::default(),
            inherited: false,
            comment: None,
        }
    }

    /// What the column is as an identity column, and the sequence that gives its numbers.
    #[must_use]
    pub fn identity(&self) -> Option<(QualifiedName, &Identity)> {
        match &self.value {
            ColumnValue::Identity(it) => Some((it.sequence(self), it)),
            ColumnValue::None
            | ColumnValue::Default(_)
            | ColumnValue::Stored(_)
            | ColumnValue::Virtual(_) => None,
        }
    }
}

/// Where a column's value comes from when an INSERT gives none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnValue {
    /// NULL.
    None,
    /// DEFAULT.
    Default(SqlExpr),
    /// GENERATED … AS IDENTITY.
    Identity(Identity),
    /// GENERATED ALWAYS AS (…) STORED.
    Stored(SqlExpr),
    /// GENERATED ALWAYS AS (…) VIRTUAL (from PostgreSQL 18).
    Virtual(SqlExpr),
}

/// An identity column (`attidentity` and its sequence).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// ALWAYS rather than BY DEFAULT.
    pub always: bool,
    /// The name of its sequence, where it is not the one that PostgreSQL makes up.
    pub sequence_name: Option<Ident>,
    /// How it counts.
    pub options: SequenceOptions,
}

impl Identity {
    /// The sequence of a column: where it has no other name, as PostgreSQL makes one up.
    #[must_use]
    pub fn sequence(&self, column: &Column) -> QualifiedName {
        let made = || object_name(column.table.name.as_str(), Some(column.name.as_str()), "seq");
        column.table.sibling(self.sequence_name.clone().unwrap_or_else(made))
    }
}

/// TOAST strategy (manual section 65.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// Inline, uncompressed.
    Plain,
    /// Out of line, uncompressed.
    External,
    /// Compressed, out of line only if it must.
    Main,
    /// Compressed, then out of line.
    Extended,
}

/// Compression method of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// PostgreSQL's own.
    Pglz,
    /// LZ4, where the server was built with it.
    Lz4,
}
