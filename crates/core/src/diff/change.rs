//! One difference, with both sides complete, so that it can always be reversed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId};

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Only `to` has it.
    Create(Object),
    /// Only `from` has it.
    Drop(Object),
    /// Both have it, and it differs.
    Alter {
        /// As it is.
        from: Object,
        /// As it shall be.
        to: Object,
    },
    /// It keeps what it holds under another name.
    Rename {
        /// The identity now.
        from: ObjectId,
        /// The identity then.
        to: ObjectId,
    },
    /// An enum label keeps its rows under another word.
    RenameLabel {
        /// The type.
        name: QualifiedName,
        /// The label now.
        from: String,
        /// The label then.
        to: String,
    },
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn reverse(self) -> Self {
        match self {
            Self::Create(it) => Self::Drop(it),
            Self::Drop(it) => Self::Create(it),
            Self::Alter { from, to } => Self::Alter { from: to, to: from },
            Self::Rename { from, to } => Self::Rename { from: to, to: from },
            Self::RenameLabel { name, from, to } => Self::RenameLabel { name, from: to, to: from },
        }
    }

    /// The object that changes, by its identity after the change (before it, for a drop).
    #[must_use]
    pub fn id(&self) -> ObjectId {
        match self {
            Self::Create(it) | Self::Drop(it) | Self::Alter { to: it, .. } => it.id(),
            Self::Rename { to, .. } => to.clone(),
            Self::RenameLabel { name, .. } => {
                ObjectId::named(crate::model::object::ObjectKind::Enum, name)
            }
        }
    }

    /// The object that changes, by its identity before the change (after it, for what is created).
    #[must_use]
    pub fn id_before(&self) -> ObjectId {
        match self {
            Self::Alter { from, .. } => from.id(),
            Self::Rename { from, .. } => from.clone(),
            Self::Create(_) | Self::Drop(_) | Self::RenameLabel { .. } => self.id(),
        }
    }

    /// Whether it is one of the renames, which are carried out before all else. An extension that
    /// moves is one: its types change their names.
    #[must_use]
    pub fn is_rename(&self) -> bool {
        match self {
            Self::Rename { .. } | Self::RenameLabel { .. } => true,
            Self::Alter { from: Object::Extension(from), to: Object::Extension(to) } => {
                from.namespace != to.namespace
            }
            Self::Create(_) | Self::Drop(_) | Self::Alter { .. } => false,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(it) => write!(f, "create {}", it.id()),
            Self::Drop(it) => write!(f, "drop {}", it.id()),
            Self::Alter { to, .. } => write!(f, "alter {}", to.id()),
            Self::Rename { from, to } => write!(f, "rename {from} to {}", to.name),
            Self::RenameLabel { name, from, to } => {
                write!(f, "rename label '{from}' of enum {name} to '{to}'")
            }
        }
    }
}

/// The reversed changes, last first.
#[must_use]
pub fn reverse(changes: &[Change]) -> Vec<Change> {
    changes.iter().rev().cloned().map(Change::reverse).collect()
}
