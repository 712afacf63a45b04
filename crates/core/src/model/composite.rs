//! Composite types that are not row types of tables (`pg_class.relkind = 'c'`).

use serde::{Deserialize, Serialize};

use super::ident::{Ident, QualifiedName};
use super::pg_type::PgType;

/// A row type without a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositeType {
    /// The name.
    pub name: QualifiedName,
    /// The attributes in order.
    pub attributes: Vec<Attribute>,
    /// The comment.
    pub comment: Option<String>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The name.
    pub name: Ident,
    /// The type.
    pub data_type: PgType,
    /// The collation as SQL, where it is not the type's own.
    pub collation: Option<String>,
    /// The comment.
    pub comment: Option<String>,
}
