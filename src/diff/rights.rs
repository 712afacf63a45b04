//! Privileges in a comparison: compared when asked for, and else left to the database.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::privileges::{DefaultPrivileges, Grants, Privileges, default_sort};

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

/// Takes out of a live schema what its default privileges gave where the other side says nothing:
/// whoever set those wanted them for every new object.
pub fn leave_given(live: &mut Schema, other: &Schema) {
    let given: BTreeSet<ObjectId> = live
        .iter()
        .filter(|(id, object)| match object {
            Object::Privileges(it) => !other.contains(id) && is_given(it, live),
            _ => false,
        })
        .map(|(id, _)| id.clone())
        .collect();
    if !given.is_empty() {
        live.retain(|id, _| !given.contains(id));
    }
}

/// Whether privileges are those that every new object of its kind gets. Default privileges without a
/// schema replace what holds without them, those in a schema are added (`pg_default_acl`).
fn is_given(privileges: &Privileges, live: &Schema) -> bool {
    let on = &privileges.on;
    let defaults = live.iter().filter_map(|(_, it)| match it {
        Object::DefaultPrivileges(it)
            if it.grantee == privileges.grantee
                && Some(it.objects.as_str()) == default_sort(on.kind) =>
        {
            Some(it)
        }
        _ => None,
    });
    let defaults: Vec<&DefaultPrivileges> = defaults.collect();
    let plain = Grants::from_iter(privileges.initial.iter().map(|it| (it.clone(), false)));
    let everywhere = defaults.iter().filter(|it| it.namespace.is_none()).map(|it| &it.granted);
    let here = defaults.iter().filter(|it| it.namespace.is_some() && it.namespace == on.namespace);
    let here: Vec<&Grants> = here.map(|it| &it.granted).collect();
    let first: Vec<&Grants> = everywhere.chain(std::iter::once(&plain)).collect();
    first.into_iter().any(|first| {
        let with = |all: Grants, it: &&Grants| all.into_iter().chain((*it).clone()).collect();
        privileges.granted == *first || privileges.granted == here.iter().fold(first.clone(), with)
    })
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
