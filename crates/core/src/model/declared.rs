//! Properties of a declaration that are not objects: how to change an older schema.

use std::collections::{BTreeMap, BTreeSet};

use super::expr::SqlExpr;
use super::object::ObjectId;

/// The hints of a declaration. They are no part of the schema: once applied they are inert.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// `renamed_from`: the new identity, and the old one.
    pub renames: BTreeMap<ObjectId, ObjectId>,
    /// `renamed_from` of enum labels: the enum and the new label, and the old label.
    pub label_renames: BTreeMap<(ObjectId, String), String>,
    /// The new identities of renames that somebody asked for just now, rather than in the declaration:
    /// those are not done yet.
    pub asked: BTreeSet<ObjectId>,
    /// How the stored values of a column may change their type.
    pub type_changes: BTreeMap<ObjectId, TypeChange>,
}

impl Hints {
    /// The hints for the downgrade. An expression converts in one direction only, so its results go back
    /// by a cast, if there is one.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let back = self.type_changes.keys().map(|it| (it.clone(), TypeChange::CastOrDiscard));
        Self { type_changes: back.collect(), ..Self::default() }
    }

    /// The hints for the downgrade, as far as it needs no decision: a type that is changed by a
    /// second column is restored by one.
    #[must_use]
    pub fn expanded_back(&self) -> Self {
        let expanded = self.type_changes.iter().filter(|it| *it.1 == TypeChange::Expand);
        let type_changes = expanded.map(|(id, it)| (id.clone(), it.clone())).collect();
        Self { type_changes, ..Self::default() }
    }
}

/// How the stored values of a column may change their type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeChange {
    /// `using = "…"`: the expression that makes the new value.
    Using(SqlExpr),
    /// `on_change = "discard"`: the old values are given up.
    Discard,
    /// `on_change = "expand"`: by way of a second column beside the old one. The application fills it
    /// where PostgreSQL has no cast; where it has one, the plan does, and swaps the two.
    Expand,
    /// `on_change = "swap"`: the second column takes the place of the old one.
    Swap,
    /// The values are cast where PostgreSQL has a cast, and given up where it has none.
    CastOrDiscard,
}
