//! Domains (`pg_type.typtype = 'd'`).

use serde::{Deserialize, Serialize};

use super::expr::SqlExpr;
use super::ident::{Ident, QualifiedName};
use super::not_null::NotNull;
use super::pg_type::PgType;

/// A type with constraints over another type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The name.
    pub name: QualifiedName,
    /// `typbasetype` with `typtypmod`.
    pub data_type: PgType,
    /// The collation as SQL, where it is not the type's own.
    pub collation: Option<String>,
    /// `typnotnull`.
    pub not_null: bool,
    /// What its NOT NULL constraint says beside that.
    #[serde(default, skip_serializing_if = "NotNull::is_plain")]
    pub not_null_constraint: NotNull,
    /// `typdefault`.
    pub default: Option<SqlExpr>,
    /// Its checks, by name.
    pub checks: Vec<DomainCheck>,
    /// The comment.
    pub comment: Option<String>,
}

/// A check of a domain (`pg_constraint.contypid`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCheck {
    /// The name.
    pub name: Ident,
    /// What must hold of VALUE.
    pub expression: SqlExpr,
    /// Whether stored values are known to pass (`convalidated`).
    pub validated: bool,
    /// The comment.
    pub comment: Option<String>,
}
