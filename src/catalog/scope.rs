//! Which objects are read: namespaces, and globs for excluded objects.

use std::collections::BTreeSet;

use crate::ledger::tables;
use crate::model::Schema;
use crate::model::ident::{Ident, PUBLIC, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};

/// What is read of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The managed namespaces; none means all that are not the system's. Extensions are read
    /// wherever they are.
    pub namespaces: Option<BTreeSet<Ident>>,
    /// Globs (`*`, `?`) over names, unquoted. A name in `public` is matched with and without its
    /// namespace, every other with it: `spatial_ref_sys`, `audit.*`. `audit.*` leaves out the
    /// namespace itself, too. One with a kind in front is about that kind alone: `index *_tmp`,
    /// `materialized view *`, `column users.x_*`.
    pub exclude: Vec<String>,
    /// Globs of the same form; where there are any, what meets none of them is left out. What belongs
    /// to a relation follows it; namespaces and extensions stay.
    pub include: Vec<String>,
    /// The namespace of aludel's own tables. Never read, but for `public`, in which only those
    /// tables are left out.
    pub ledger_namespace: Ident,
}

impl Default for Scope {
    /// Everything but the ledger in `aludel`.
    fn default() -> Self {
        Self {
            namespaces: None,
            exclude: Vec::new(),
            include: Vec::new(),
            ledger_namespace: Ident::new("aludel"),
        }
    }
}

impl Scope {
    /// Whether an object in a namespace is left out.
    pub(super) fn excludes(&self, name: &QualifiedName) -> bool {
        self.is_ledger(name) || self.excludes_text(name.namespace.as_str(), name.name.as_str())
    }

    /// Whether a table is one of aludel's own.
    fn is_ledger(&self, name: &QualifiedName) -> bool {
        tables(&self.ledger_namespace).contains(name)
    }

    /// The namespace that is not read at all, if there is one.
    pub(super) fn own_namespace(&self) -> Option<&Ident> {
        Some(&self.ledger_namespace).filter(|it| **it != Ident::public())
    }

    /// Whether the name, or `namespace.name`, meets a glob.
    pub(super) fn excludes_text(&self, namespace: &str, name: &str) -> bool {
        let qualified = format!("{namespace}.{name}");
        self.exclude
            .iter()
            .any(|glob| matches(glob, &qualified) || namespace == PUBLIC && matches(glob, name))
    }

    /// Whether something that stands in no namespace is left out.
    pub(super) fn excludes_global(&self, name: &str) -> bool {
        self.exclude.iter().any(|glob| matches(glob, name))
    }

    /// Whether a namespace is left out, as all that is in it is.
    pub(super) fn excludes_namespace(&self, name: &str) -> bool {
        self.exclude.iter().any(|glob| glob.strip_suffix(".*").is_some_and(|it| matches(it, name)))
    }
}

/// Which setting leaves an object out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// It stands where the ledger does.
    Ledger,
    /// It stands in a namespace that is not among `namespaces`.
    Namespaces,
    /// It meets a glob of `exclude`.
    Exclude,
    /// It meets no glob of `include`.
    Include,
}

impl Scope {
    /// Which setting leaves out an object that belongs to no relation, if one does.
    #[must_use]
    pub fn leaves_out(&self, id: &ObjectId) -> Option<LeftOut> {
        let name = id.name.as_str();
        let namespace = match id.kind {
            ObjectKind::Namespace => Some(&id.name),
            _ => id.namespace.as_ref(),
        };
        let outside = |it: &Ident| self.namespaces.as_ref().is_some_and(|all| !all.contains(it));
        let excluded = match (id.kind, namespace) {
            (ObjectKind::Namespace | ObjectKind::DefaultPrivileges, Some(it)) => {
                self.excludes_namespace(it.as_str())
            }
            (_, Some(it)) => self.excludes_text(it.as_str(), name),
            (_, None) => self.excludes_global(name),
        };
        let mut kinds = self.exclude.iter().filter_map(|it| with_kind(it));
        let is_ledger = namespace.is_some_and(|it| self.own_namespace() == Some(it))
            || id.qualified_name().is_some_and(|it| self.is_ledger(&it));
        if is_ledger {
            Some(LeftOut::Ledger)
        } else if namespace.is_some_and(outside) {
            Some(LeftOut::Namespaces)
        } else if excluded || kinds.any(|(kind, glob)| meets(kind, glob, id)) {
            Some(LeftOut::Exclude)
        } else {
            (!self.includes(id)).then_some(LeftOut::Include)
        }
    }

    /// Takes out what globs with a kind leave out, what `include` does not name, and what belongs to
    /// either.
    pub(super) fn filter(&self, schema: &mut Schema) {
        let kinds: Vec<_> = self.exclude.iter().filter_map(|it| with_kind(it)).collect();
        if kinds.is_empty() && self.include.is_empty() {
            return;
        }
        let mut gone: BTreeSet<ObjectId> = BTreeSet::new();
        for (id, object) in schema.iter() {
            let on = match object {
                Object::Privileges(it) => Some(it.on.clone()),
                _ => None,
            };
            let root = on.as_ref().unwrap_or(id);
            let owner = schema.owner(root).or_else(|| root.parent());
            let left_out = |id: &ObjectId| kinds.iter().any(|(kind, glob)| meets(kind, glob, id));
            let of_owner = owner.as_ref().is_some_and(left_out);
            let top = owner.as_ref().unwrap_or(root);
            if left_out(root) || of_owner || !self.includes(top) {
                gone.insert(id.clone());
            }
        }
        schema.retain(|id, _| !gone.contains(id));
    }

    fn includes(&self, id: &ObjectId) -> bool {
        let always = matches!(id.kind, ObjectKind::Namespace | ObjectKind::Extension);
        always
            || self.include.is_empty()
            || self.include.iter().any(|pattern| match with_kind(pattern) {
                Some((kind, glob)) => meets(kind, glob, id),
                None => names(id).iter().any(|name| matches(pattern, name)),
            })
    }
}

/// A glob with a kind in front of it.
fn with_kind(pattern: &str) -> Option<(&str, &str)> {
    pattern.trim().rsplit_once(' ').map(|(kind, glob)| (kind.trim(), glob))
}

fn meets(kind: &str, glob: &str, id: &ObjectId) -> bool {
    id.kind.noun().eq_ignore_ascii_case(kind) && names(id).iter().any(|it| matches(glob, it))
}

/// The ways to call an object: with its namespace, and with the relation that it belongs to.
fn names(id: &ObjectId) -> Vec<String> {
    let name = id.name.as_str();
    let mut names = vec![name.to_owned()];
    let on = id.relation.as_ref().map(|it| format!("{}.{name}", it.as_str()));
    names.extend(on);
    match &id.namespace {
        None => names,
        Some(namespace) => {
            let qualified: Vec<_> =
                names.iter().map(|it| format!("{}.{it}", namespace.as_str())).collect();
            if namespace.as_str() == PUBLIC {
                names.extend(qualified);
                names
            } else {
                qualified
            }
        }
    }
}

/// Whether a text meets a glob: `*` stands for any run of characters, `?` for one.
fn matches(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if glob.get(at) == Some(&'*') {
            star = Some((at, seen));
            at += 1;
        } else if glob.get(at).is_some_and(|it| *it == '?' || *it == text[seen]) {
            at += 1;
            seen += 1;
        } else if let Some((star_at, taken)) = star {
            // The last star takes one character more.
            star = Some((star_at, taken + 1));
            at = star_at + 1;
            seen = taken + 1;
        } else {
            return false;
        }
    }
    glob[at..].iter().all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(glob: &str, namespace: &str, name: &str, excluded: bool) {
        let scope = Scope { exclude: vec![glob.to_owned()], ..Scope::default() };
        assert_eq!(scope.excludes_text(namespace, name), excluded, "{glob} on {namespace}.{name}");
    }

    #[test]
    fn names_in_public_go_with_and_without_it() {
        check("spatial_ref_sys", "public", "spatial_ref_sys", true);
        check("spatial_ref_sys", "gis", "spatial_ref_sys", false);
        check("public.spatial*", "public", "spatial_ref_sys", true);
        check("tmp_*", "public", "tmp_", true);
        check("*_old", "public", "a_old_old", true);
        check("*_old", "public", "a_older", false);
        check("t?", "public", "t1", true);
        check("t?", "public", "t12", false);
    }

    #[track_caller]
    fn check_left_out(scope: Scope, id: &ObjectId, expected: Option<LeftOut>) {
        assert_eq!(scope.leaves_out(id), expected, "{id}");
    }

    #[test]
    fn each_setting_leaves_out_its_own() {
        let app = Some(BTreeSet::from([Ident::new("app")]));
        let only_app = || Scope { namespaces: app.clone(), ..Scope::default() };
        let table = |namespace: &str| ObjectId::table(&QualifiedName::new(namespace, "t"));
        let schema = |name: &str| ObjectId::global(ObjectKind::Namespace, name);
        check_left_out(only_app(), &table("app"), None);
        check_left_out(only_app(), &schema("app"), None);
        check_left_out(only_app(), &table("public"), Some(LeftOut::Namespaces));
        check_left_out(Scope::default(), &table("aludel"), Some(LeftOut::Ledger));
        let in_public = Scope { ledger_namespace: Ident::public(), ..Scope::default() };
        check_left_out(in_public.clone(), &table("public"), None);
        let own = ObjectId::table(&QualifiedName::new("public", "aludel_event"));
        check_left_out(in_public, &own, Some(LeftOut::Ledger));
        check_left_out(only_app(), &schema("public"), Some(LeftOut::Namespaces));
        check_left_out(only_app(), &ObjectId::global(ObjectKind::Extension, "vector"), None);
        let exclude = |it: &str| Scope { exclude: vec![it.to_owned()], ..Scope::default() };
        check_left_out(exclude("app.*"), &table("app"), Some(LeftOut::Exclude));
        check_left_out(exclude("app.*"), &schema("app"), Some(LeftOut::Exclude));
        check_left_out(exclude("table app.t"), &table("app"), Some(LeftOut::Exclude));
        check_left_out(exclude("view app.t"), &table("app"), None);
        let include = Scope { include: vec!["app.*".to_owned()], ..Scope::default() };
        check_left_out(include.clone(), &table("app"), None);
        check_left_out(include, &table("public"), Some(LeftOut::Include));
    }

    #[test]
    fn a_whole_namespace_goes_with_its_name() {
        check("audit.*", "audit", "log", true);
        check("audit.*", "public", "audit", false);
        let scope = Scope { exclude: vec!["audit*.*".to_owned()], ..Scope::default() };
        assert!(scope.excludes_namespace("audit_2024"));
        assert!(!scope.excludes_namespace("billing"));
    }
}
