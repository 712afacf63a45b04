//! Conditions on columns of type `jsonb`.

use super::conditions::{Column, Cond};

impl<R, N> Column<R, serde_json::Value, N> {
    /// `@>`, which a GIN index on the column answers.
    pub fn contains(self, v: serde_json::Value) -> Cond<R> {
        self.op(" @> ", v)
    }
}
