//! Enumerated types (`pg_type`, `pg_enum`).

use serde::{Deserialize, Serialize};

use super::ident::QualifiedName;

/// An enumerated type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// The name.
    pub name: QualifiedName,
    /// `enumlabel` in the order of `enumsortorder`.
    pub labels: Vec<String>,
    /// The comment.
    pub comment: Option<String>,
}
