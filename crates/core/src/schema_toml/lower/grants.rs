//! Privileges.

use std::collections::BTreeSet;

use super::{Lowering, quoted};
use crate::diagnostic::Diagnostic;
use crate::model::definition::DefinedKind;
use crate::model::ident::Ident;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::privileges::{DefaultPrivileges, Grantee, Grants, Privileges};
use crate::schema_toml::syntax::{DefaultPrivilegesSyntax, Document, GrantSyntax, Name};

/// What stands behind a privilege that its grantee may pass on.
pub(in crate::schema_toml) const WITH_OPTION: &str = " with grant option";

const ON_TABLES: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"];

/// What default privileges are on, with the privileges that there are.
const SORTS: &[(&str, &[&str])] = &[
    ("TABLES", ON_TABLES),
    ("SEQUENCES", &["SELECT", "UPDATE", "USAGE"]),
    ("FUNCTIONS", &["EXECUTE"]),
    ("TYPES", &["USAGE"]),
    ("SCHEMAS", &["CREATE", "USAGE"]),
    ("LARGE OBJECTS", &["SELECT", "UPDATE"]),
];

impl Lowering<'_> {
    /// The privileges on an object.
    pub(super) fn grants(&mut self, on: &ObjectId, syntax: &[GrantSyntax]) {
        for (position, grant) in (1..).zip(syntax) {
            let Some(grantee) = self.grantee(&grant.grantee) else { continue };
            let granted = self.granted(&grant.privileges, privileges_on(on.kind));
            let initial = initial(&grantee, sort_of(on.kind));
            let privileges = Privileges { on: on.clone(), grantee, position, granted, initial };
            self.insert(privileges, grant.grantee.span);
        }
    }

    /// `[[default_privileges]]`.
    pub(super) fn default_privileges(&mut self, document: &Document) {
        document.default_privileges.iter().for_each(|it| self.default_entry(it));
    }

    fn default_entry(&mut self, syntax: &DefaultPrivilegesSyntax) {
        let written = syntax.objects.value.to_uppercase();
        let Some((objects, known)) = SORTS.iter().find(|(sort, _)| *sort == written) else {
            let message = format!("there are no default privileges on `{}`", syntax.objects.value);
            let sorts: Vec<String> = SORTS.iter().map(|it| it.0.to_lowercase()).collect();
            let help = format!("one of: {}", quoted(sorts.iter().map(String::as_str)));
            return self.error(syntax.objects.span, message, help);
        };
        let namespace = syntax.namespace.as_ref().and_then(|it| self.ident(it));
        let role = syntax.role.as_ref().and_then(|it| self.ident(it));
        for grant in &syntax.grants {
            let Some(grantee) = self.grantee(&grant.grantee) else { continue };
            let granted = self.granted(&grant.privileges, known);
            // In one schema they are added to those of the whole database.
            let sort = (namespace.is_none()).then_some(*objects);
            let privileges = DefaultPrivileges {
                initial: initial(&grantee, sort),
                role: role.clone(),
                namespace: namespace.clone(),
                objects: (*objects).to_owned(),
                grantee,
                granted,
            };
            self.mark_provided(&privileges.id(), syntax.provided);
            self.insert(privileges, grant.grantee.span);
        }
    }

    fn grantee(&mut self, written: &Name) -> Option<Grantee> {
        match written.as_str() {
            "public" => Some(Grantee::Public),
            "owner" => Some(Grantee::Owner),
            _ => self.ident(written).map(Grantee::Role),
        }
    }

    fn granted(&mut self, written: &[Name], known: &[&str]) -> Grants {
        let mut grants = Grants::new();
        for name in written {
            let lower = name.value.to_lowercase();
            let option = lower.ends_with(WITH_OPTION);
            let word = lower.strip_suffix(WITH_OPTION).unwrap_or(&lower).trim().to_uppercase();
            if word == "ALL" {
                grants.extend(known.iter().map(|it| ((*it).to_owned(), option)));
            } else if known.contains(&word.as_str()) {
                grants.insert(word, option);
            } else {
                let message = format!("this object has no privilege `{}`", name.value);
                let names: Vec<String> = known.iter().map(|it| it.to_lowercase()).collect();
                let problem = Diagnostic::error(name.span, message);
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let problem = problem.did_you_mean(&lower, names.iter().copied());
                self.problem(problem.help(format!("one of: {}", quoted(names))));
            }
        }
        grants
    }
}

/// The privileges that there are on objects of a kind (manual section 5.8).
fn privileges_on(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Column => &["SELECT", "INSERT", "UPDATE", "REFERENCES"],
        _ => match sort_of(kind) {
            Some(sort) => SORTS.iter().find(|it| it.0 == sort).map_or(&[], |it| it.1),
            None => &["USAGE"],
        },
    }
}

/// What ALTER DEFAULT PRIVILEGES calls objects of a kind; none where it does not know them.
fn sort_of(kind: ObjectKind) -> Option<&'static str> {
    match kind {
        ObjectKind::Table
        | ObjectKind::Defined(DefinedKind::View | DefinedKind::MaterializedView) => Some("TABLES"),
        ObjectKind::Sequence => Some("SEQUENCES"),
        ObjectKind::Namespace => Some("SCHEMAS"),
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite => Some("TYPES"),
        ObjectKind::Defined(kind) if kind.is_routine() => Some("FUNCTIONS"),
        ObjectKind::Defined(kind) if kind.is_type() || kind == DefinedKind::Language => {
            Some("TYPES")
        }
        _ => None,
    }
}

/// What a grantee has where nobody says anything (`acldefault`).
fn initial(grantee: &Grantee, sort: Option<&str>) -> BTreeSet<String> {
    let given: &[&str] = match (grantee, sort) {
        (Grantee::Public, Some("FUNCTIONS")) => &["EXECUTE"],
        (Grantee::Public, Some("TYPES")) => &["USAGE"],
        (Grantee::Public | Grantee::Role(_), _) | (Grantee::Owner, None) => &[],
        (Grantee::Owner, Some(sort)) => SORTS.iter().find(|it| it.0 == sort).map_or(&[], |it| it.1),
    };
    given.iter().map(|it| (*it).to_owned()).collect()
}

/// The name of a grantee as it is written.
pub(in crate::schema_toml) fn written_grantee(grantee: &Grantee) -> Ident {
    match grantee {
        Grantee::Public => Ident::public(),
        Grantee::Owner => Ident::new("owner"),
        Grantee::Role(name) => name.clone(),
    }
}
