//! Objects with a definition in SQL: all kinds that are only created, replaced and dropped, from
//! views to casts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::id::{ObjectId, ObjectKind};
use super::ident::Ident;

pub use super::defined_kind::{DefinedKind, KindForm, Naming, UnknownKind};

/// An object that is known by the SQL that makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The identity; its kind is [`ObjectKind::Defined`].
    pub id: ObjectId,
    /// CREATE, and the statements that complete it; without semicolons and without OR REPLACE, as
    /// PostgreSQL prints them.
    pub statements: Vec<String>,
    /// What is seen from outside: the columns of a view, the arguments and the result of a routine.
    /// CREATE OR REPLACE works where the old list is the beginning of the new one. None for what has
    /// nothing of the kind.
    pub interface: Option<Vec<String>>,
    /// When a trigger or rule fires (`pg_trigger.tgenabled` and its kin).
    pub firing: Firing,
    /// The comment.
    pub comment: Option<String>,
    /// The comments on the columns of a view.
    pub column_comments: BTreeMap<Ident, String>,
    /// What takes it away again.
    #[serde(default, skip_serializing_if = "Removal::is_alone")]
    pub removal: Removal,
}

impl Definition {
    /// An object made by one statement.
    #[must_use]
    pub fn new(id: ObjectId, statement: impl Into<String>) -> Self {
        Self {
            id,
            statements: vec![statement.into()],
            interface: None,
            firing: Firing::Origin,
            comment: None,
            column_comments: BTreeMap::new(),
            removal: Removal::Alone,
        }
    }

    /// Whether CREATE OR REPLACE turns this one into the other. It undoes nothing that another
    /// statement said, like the default of a view's column.
    #[must_use]
    pub fn is_replaceable_by(&self, other: &Self) -> bool {
        let told_at_once = |it: &Self| it.statements.len() == 1;
        match (&self.interface, &other.interface) {
            (Some(from), Some(to)) => {
                self.id.kind != ObjectKind::Defined(DefinedKind::MaterializedView)
                    && to.starts_with(from)
                    && told_at_once(self)
                    && told_at_once(other)
            }
            (None, _) | (_, None) => false,
        }
    }
}

/// What takes an object away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// DROP of the object.
    #[default]
    Alone,
    /// DROP … CASCADE: a type that began as a shell needs its functions, and they need it.
    Cascade,
    /// DROP OPERATOR FAMILY: the family that CREATE OPERATOR CLASS made would outlive the class,
    /// together with some of its members, and conflict with a new one.
    Family,
}

impl Removal {
    fn is_alone(&self) -> bool {
        *self == Self::Alone
    }
}

/// In which sessions a trigger or rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Firing {
    /// Ordinary sessions (`O`).
    #[default]
    Origin,
    /// None (`D`).
    Disabled,
    /// Sessions that apply replicated changes (`R`).
    Replica,
    /// All (`A`).
    Always,
}
