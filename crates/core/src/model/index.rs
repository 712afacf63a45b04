//! Indexes that do not belong to a constraint (`pg_index`, `pg_class`, `pg_opclass`).

use serde::{Deserialize, Serialize};

use super::expr::SqlExpr;
use super::ident::{Ident, QualifiedName};
use super::options::Options;
use super::pgvector::VectorMethod;

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The table.
    pub table: QualifiedName,
    /// The name; indexes share the namespace of their table.
    pub name: Ident,
    /// The access method (`pg_am.amname`): `btree`, `hnsw`, …
    pub method: Ident,
    /// UNIQUE.
    pub unique: bool,
    /// NULLS NOT DISTINCT (from PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// The keys.
    pub keys: Vec<IndexKey>,
    /// INCLUDE.
    pub include: Vec<Ident>,
    /// WHERE.
    pub predicate: Option<SqlExpr>,
    /// Storage parameters (`reloptions`).
    pub options: Options,
    /// Whether the server may use it (`indisvalid`); a failed CONCURRENTLY leaves it false.
    pub valid: bool,
    /// CLUSTER ON (`indisclustered`).
    pub clustered: bool,
    /// The comment.
    pub comment: Option<String>,
}

impl Index {
    /// A valid btree index over some keys.
    #[must_use]
    pub fn new(table: QualifiedName, name: Ident, keys: Vec<IndexKey>) -> Self {
        Self {
            table,
            name,
            method: Ident::new("btree"),
            unique: false,
            nulls_not_distinct: false,
            keys,
            include: Vec::new(),
            predicate: None,
            options: Options::default(),
            valid: true,
            clustered: false,
            comment: None,
        }
    }

    /// Name with namespace.
    #[must_use]
    pub fn qualified_name(&self) -> QualifiedName {
        self.table.sibling(self.name.clone())
    }

    /// Whether its access method is one of the server's own.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        matches!(self.method.as_str(), "btree" | "hash" | "gist" | "spgist" | "gin" | "brin")
    }

    /// The columns that it has as keys or includes.
    pub fn column_names(&self) -> impl Iterator<Item = &Ident> + Clone {
        let keys = self.keys.iter().filter_map(|it| match &it.value {
            IndexValue::Column(name) => Some(name),
            IndexValue::Expression(_) => None,
        });
        keys.chain(&self.include)
    }

    /// The access method, where it is one of pgvector.
    #[must_use]
    pub fn vector_method(&self) -> Option<VectorMethod> {
        VectorMethod::named(self.method.as_str())
    }

    /// Whether it is an approximate nearest-neighbor index of pgvector.
    #[must_use]
    pub fn is_vector(&self) -> bool {
        self.vector_method().is_some()
    }
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexKey {
    /// What is indexed.
    pub value: IndexValue,
    /// The operator class, where it is not the type's default in this access method.
    pub opclass: Option<OperatorClass>,
    /// The collation, where it is not that of the column or expression; as SQL.
    pub collation: Option<String>,
    /// DESC.
    pub descending: bool,
    /// NULLS FIRST. The default follows the direction: last when ascending, first when descending.
    pub nulls_first: bool,
}

impl IndexKey {
    /// An ascending key over a column, all defaults.
    pub fn column(name: impl Into<Ident>) -> Self {
        Self::new(IndexValue::Column(name.into()))
    }

    /// An ascending key, all defaults.
    #[must_use]
    pub fn new(value: IndexValue) -> Self {
        Self { value, opclass: None, collation: None, descending: false, nulls_first: false }
    }
}

/// What an index key holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexValue {
    /// A column.
    Column(Ident),
    /// An expression, without the parentheses that CREATE INDEX asks for.
    Expression(SqlExpr),
}

/// An operator class with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorClass {
    /// The namespace, where it is neither `pg_catalog` nor `public`.
    pub namespace: Option<Ident>,
    /// `opcname`.
    pub name: Ident,
    /// Parameters (`attoptions` of the index column), as in `gist_trgm_ops(siglen='32')`.
    pub parameters: Options,
}
