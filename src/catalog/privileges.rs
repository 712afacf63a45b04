//! Privileges and default privileges.

use std::collections::BTreeMap;

use super::Scope;
use super::directory::{Address, Directory};
use super::row::row;
use crate::model::ident::Ident;
use crate::model::object::ObjectId;
use crate::model::privileges::{DefaultPrivileges, Grantee, Grants, Privileges};

row! {
    "privileges";
    /// One privilege on one object.
    struct PrivilegeRow {
        class: u32,
        object: u32,
        sub_object: i32,
        /// `public`, `owner` or `role`.
        grantee_kind: String,
        grantee: Option<String>,
        privilege: String,
        grantable: bool,
        /// Where it stands in the list.
        place: Option<i32>,
        /// Whether this is what would hold if nobody had said anything.
        initial: bool,
    }
}

row! {
    "default_privileges";
    /// One privilege on objects to come.
    struct DefaultPrivilegeRow {
        role: Option<String>,
        namespace: Option<String>,
        objects: String,
        grantee_kind: String,
        grantee: Option<String>,
        privilege: String,
        grantable: bool,
        initial: bool,
    }
}

/// What a grantee has, and would have.
type Held = (Grants, std::collections::BTreeSet<String>);

/// Adds the privileges on the objects that were read.
pub(super) fn read(rows: Vec<PrivilegeRow>, directory: &mut Directory) {
    let mut found: BTreeMap<(ObjectId, Grantee), Held> = BTreeMap::new();
    let mut places: BTreeMap<(ObjectId, Grantee), u32> = BTreeMap::new();
    for row in rows {
        let address = Address { class: row.class, object: row.object, sub_object: row.sub_object };
        let Some(on) = directory.id(address).cloned() else { continue };
        let grantee = grantee(&row.grantee_kind, row.grantee);
        if let Some(place) = row.place.and_then(|it| u32::try_from(it).ok()) {
            let first = places.entry((on.clone(), grantee.clone())).or_insert(place);
            *first = (*first).min(place);
        }
        let held = found.entry((on, grantee)).or_default();
        note(held, row.privilege, row.grantable, row.initial);
    }
    for (key, (granted, initial)) in found {
        if differs(&granted, &initial) {
            let position = places.get(&key).copied().unwrap_or_default();
            let (on, grantee) = key;
            directory.add(Privileges { on, grantee, position, granted, initial }, []);
        }
    }
}

/// Adds the default privileges in scope.
pub(super) fn read_defaults(
    rows: Vec<DefaultPrivilegeRow>,
    scope: &Scope,
    directory: &mut Directory,
) {
    type Key = (Option<String>, Option<String>, String, Grantee);
    let mut found: BTreeMap<Key, Held> = BTreeMap::new();
    for row in rows {
        if row.namespace.as_deref().is_some_and(|it| scope.excludes_namespace(it)) {
            continue;
        }
        let grantee = grantee(&row.grantee_kind, row.grantee);
        let held = found.entry((row.role, row.namespace, row.objects, grantee)).or_default();
        note(held, row.privilege, row.grantable, row.initial);
    }
    for ((role, namespace, objects, grantee), (granted, initial)) in found {
        if differs(&granted, &initial) {
            let (role, namespace) = (role.map(Ident::new), namespace.map(Ident::new));
            let privileges =
                DefaultPrivileges { role, namespace, objects, grantee, granted, initial };
            directory.add(privileges, []);
        }
    }
}

fn note((granted, first): &mut Held, privilege: String, grantable: bool, initial: bool) {
    if initial {
        first.insert(privilege);
    } else {
        granted.insert(privilege, grantable);
    }
}

fn differs(granted: &Grants, initial: &std::collections::BTreeSet<String>) -> bool {
    granted.values().any(|it| *it) || !granted.keys().eq(initial)
}

fn grantee(kind: &str, role: Option<String>) -> Grantee {
    match (kind, role) {
        ("public", _) => Grantee::Public,
        ("role", Some(name)) => Grantee::Role(Ident::new(name)),
        _ => Grantee::Owner,
    }
}
