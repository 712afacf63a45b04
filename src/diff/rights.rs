//! Privileges in a comparison: compared when asked for, and else kept as they are.

use crate::model::Schema;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::privileges::Privileges;

/// What servers before this version do not know.
const SINCE_17: &str = "MAINTAIN";

/// Whether an object is about privileges.
#[must_use]
pub fn is_right(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Privileges | ObjectKind::DefaultPrivileges)
}

/// Whether a schema says anything about privileges.
#[must_use]
pub fn says_rights(schema: &Schema) -> bool {
    schema.iter().any(|(id, _)| is_right(id))
}

/// Takes all privileges out.
pub fn forget(schema: &mut Schema) {
    if says_rights(schema) {
        schema.retain(|id, _| !is_right(id));
    }
}

/// Gives `to` the privileges of `from` on all that both have, so that they are no difference, and
/// what is dropped on the way and made anew gets its own back.
pub fn keep(from: &Schema, to: &mut Schema) {
    forget(to);
    let kept: Vec<Object> = from
        .iter()
        .filter(|(_, object)| match object {
            Object::Privileges(it) => to.contains(&it.on),
            Object::DefaultPrivileges(_) => true,
            _ => false,
        })
        .map(|(_, object)| object.clone())
        .collect();
    for object in kept {
        to.insert(object);
    }
}

/// Takes out the privileges that a server of this major version does not know.
pub fn fit(schema: &mut Schema, major_version: u32) {
    if major_version == 0 || major_version >= 17 {
        return;
    }
    let known: Vec<Privileges> = schema
        .iter()
        .filter_map(|(_, object)| match object {
            Object::Privileges(it)
                if it.granted.contains_key(SINCE_17) || it.initial.contains(SINCE_17) =>
            {
                let mut known = it.clone();
                known.granted.remove(SINCE_17);
                known.initial.remove(SINCE_17);
                Some(known)
            }
            _ => None,
        })
        .collect();
    for privileges in known {
        schema.insert(privileges);
    }
}
