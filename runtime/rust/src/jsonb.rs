//! Conditions on columns of type `jsonb`.

use std::sync::Arc;

use super::conditions::{Bind, Column, Cond};

impl<R, N> Column<R, serde_json::Value, N> {
    /// `@>`, which a GIN index on the column answers.
    pub fn contains(self, v: serde_json::Value) -> Cond<R> {
        self.op(" @> ", v)
    }
    /// `?`: an object has this key, or an array this text. A GIN index of `jsonb_ops` answers it.
    pub fn has_key(self, key: impl Into<String>) -> Cond<R> {
        Cond::of_values(self, vec![(" ? ", value(key))])
    }
    /// `->>`: the value of this key of an object, as text, is equal.
    pub fn text_eq(self, key: impl Into<String>, text: impl Into<String>) -> Cond<R> {
        Cond::of_values(self, vec![(" ->> ", value(key)), (" = ", value(text))])
    }
}

fn value(text: impl Into<String>) -> Arc<dyn Bind> {
    Arc::new(text.into())
}
