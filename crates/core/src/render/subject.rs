//! How statements name what they are about.

use super::defined;
use crate::model::object::{ObjectId, ObjectKind};

/// `TABLE name`, `INDEX name`, … as ALTER wants it. A column or constraint stands for its table.
pub(super) fn subject(id: &ObjectId) -> String {
    let name = id.qualified_name().map_or(id.name.to_string(), |it| it.to_string());
    match id.kind {
        ObjectKind::Namespace => format!("SCHEMA {name}"),
        ObjectKind::Extension => format!("EXTENSION {name}"),
        ObjectKind::Enum | ObjectKind::Composite => format!("TYPE {name}"),
        ObjectKind::Domain => format!("DOMAIN {name}"),
        ObjectKind::Defined(kind) => defined::reference(kind, id),
        ObjectKind::Privileges | ObjectKind::DefaultPrivileges => name,
        ObjectKind::Sequence => format!("SEQUENCE {name}"),
        ObjectKind::Index => format!("INDEX {name}"),
        ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint => {
            format!("TABLE {}", id.table_name().map_or(name, |it| it.to_string()))
        }
    }
}
