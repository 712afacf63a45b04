//! The nodes of a plan.

use crate::model::definition::{DefinedKind, Naming};
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::plan::online::Stage;

/// A node: one thing done to one object. Keys sort by the order in which things are done when
/// nothing else decides: first conflicting objects, then created and changed ones, table by
/// table, then what runs outside a transaction and may take its time, and at last what is given up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Key {
    pub(in crate::plan) stage: Stage,
    pub(super) rank: u8,
    pub(super) table: Option<QualifiedName>,
    pub(super) late: u8,
    pub(in crate::plan) role: Role,
    pub(super) kind: ObjectKind,
    /// New columns and grantees come in their order.
    pub(super) place: u32,
    pub(in crate::plan) id: ObjectId,
}

/// What is done to the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Role {
    /// It lets go of something that others need gone.
    Release,
    /// It is dropped.
    Drop,
    /// It is created.
    Create,
    /// It is changed where it stands, or swapped for a new form.
    Alter,
    /// It gets what needs everything else in place.
    Late,
}

/// Tables and what belongs to them share a rank, so that a table's statements stand together.
pub(super) fn rank(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::Namespace => 0,
        ObjectKind::Extension => 1,
        ObjectKind::Defined(kind) if kind.form().before_tables => 2,
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite => 3,
        ObjectKind::Sequence => 4,
        ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index => 5,
        // From the moment it stands it fires on what else is done.
        ObjectKind::Defined(DefinedKind::EventTrigger) => 10,
        ObjectKind::Defined(kind) => match kind.form().naming {
            _ if kind.is_relation() => 7,
            Naming::Name | Naming::Text | Naming::For => 6,
            Naming::OnRelation => 8,
        },
        ObjectKind::Privileges => 9,
        ObjectKind::DefaultPrivileges => 11,
    }
}
