//! Privileges in a comparison: compared when asked for, and else left to the database.

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
pub fn declares_privileges(schema: &Schema) -> bool {
    schema.iter().any(|(id, _)| is_right(id))
}

/// Takes all privileges out.
pub fn forget(schema: &mut Schema) {
    if declares_privileges(schema) {
        schema.retain(|id, _| !is_right(id));
    }
}

/// Gives the other side what default privileges gave on objects of a live schema, where it says
/// nothing: ALTER DEFAULT PRIVILEGES holds for all objects that are created after it.
pub fn expect_given(live: &Schema, other: &mut Schema) {
    let defaults: Vec<&DefaultPrivileges> = live
        .iter()
        .filter_map(|(_, it)| match it {
            Object::DefaultPrivileges(it) => Some(it),
            _ => None,
        })
        .collect();
    let silent = live.iter().filter_map(|(id, object)| match object {
        Object::Privileges(it) if !other.contains(id) && other.contains(&it.on) => {
            given(it, &defaults)
        }
        _ => None,
    });
    let given: Vec<Privileges> = silent.collect();
    for privileges in given {
        other.insert(privileges);
    }
}

/// What a grantee got on an object when it was created, by default privileges that are there. Those
/// without a schema replace what holds without them, those in a schema are added (`pg_default_acl`).
/// The defaults of several roles can be meant: the first that explain what is there, if any do.
fn given(privileges: &Privileges, defaults: &[&DefaultPrivileges]) -> Option<Privileges> {
    let on = &privileges.on;
    let meant = |it: &&DefaultPrivileges| {
        it.grantee == privileges.grantee
            && Some(it.objects.as_str()) == default_sort(on.kind)
            && (it.namespace.is_none() || it.namespace == on.namespace)
    };
    let defaults = defaults.iter().copied();
    let (here, everywhere): (Vec<_>, Vec<_>) =
        defaults.filter(meant).partition(|it| it.namespace.is_some());
    if here.is_empty() && everywhere.is_empty() {
        return None;
    }
    let plain = Grants::from_iter(privileges.initial.iter().map(|it| (it.clone(), false)));
    let first = everywhere.iter().map(|it| &it.granted).chain(std::iter::once(&plain));
    let with =
        |all: Grants, it: &&DefaultPrivileges| all.into_iter().chain(it.granted.clone()).collect();
    let possible = first.flat_map(|it| [here.iter().fold(it.clone(), with), it.clone()]);
    let mut possible: Vec<Grants> = possible.collect();
    let found = possible.iter().position(|it| *it == privileges.granted).unwrap_or(0);
    Some(Privileges { granted: possible.swap_remove(found), ..privileges.clone() })
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
