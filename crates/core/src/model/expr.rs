//! SQL expressions, kept as text: only PostgreSQL can decide whether two of them are equal.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An SQL expression: as a person wrote it, or as PostgreSQL printed it (`pg_get_expr`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SqlExpr(String);

impl SqlExpr {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SqlExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
