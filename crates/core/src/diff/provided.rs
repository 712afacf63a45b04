//! Provided objects in a comparison: they are not a difference themselves, and objects next to them
//! are not changed; and provided objects that a database lacks.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::definition::Definition;
use crate::model::extension::{Extension, version_numbers};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::IndexValue;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::provided::Provided;

/// Gives a database what is provided in the form of the other side, so that it is no difference, and
/// takes out what others have beside it: in a provided schema, and on a provided relation, only what
/// the other side has is compared.
pub fn align(live: &mut Schema, other: &Schema, provided: &Provided) {
    let kept: BTreeSet<ObjectId> = live
        .iter()
        .filter(|(id, object)| is_compared(id, object, live, other, provided))
        .map(|(id, _)| id.clone())
        .collect();
    live.retain(|id, _| kept.contains(id));
    for (_, object) in other.iter().filter(|(id, _)| provided.contains(id)) {
        live.insert(object.clone());
    }
}

fn is_compared(
    id: &ObjectId,
    object: &Object,
    live: &Schema,
    other: &Schema,
    provided: &Provided,
) -> bool {
    let subject = match object {
        Object::Privileges(it) => it.on.clone(),
        Object::Sequence(it) => match &it.owned_by {
            Some(column) if provided.contains(&ObjectId::table(&column.table)) => {
                ObjectId::table(&column.table)
            }
            _ => id.clone(),
        },
        _ => id.clone(),
    };
    let top = live.owner(&subject).unwrap_or(subject);
    if provided.contains(id) {
        false
    } else if provided.contains(&top) || id.kind == ObjectKind::DefaultPrivileges {
        !provided.contains(&top) && !provided.surrounds(id) || other.contains(id)
    } else {
        !provided.surrounds(&top) || other.contains(&top)
    }
}

/// What a database lacks of what is provided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It is not there.
    Missing(Object),
    /// It is not there, and only its name is known.
    Name(ObjectId),
    /// A role is not there.
    Role(Ident),
    /// An extension has its objects in another schema.
    Elsewhere {
        /// As declared.
        wanted: Extension,
        /// Where they are.
        found: Ident,
    },
    /// An extension is older than is wanted.
    TooOld {
        /// The extension.
        name: Ident,
        /// The version that is declared.
        wanted: String,
        /// The version that is there.
        found: String,
    },
    /// It is there, and is not what it is declared to be.
    Differs {
        /// What it is.
        id: ObjectId,
        /// As declared.
        wanted: String,
        /// As found.
        found: String,
    },
    /// No unique key over these columns, which a foreign key may need.
    NoKey {
        /// The table.
        table: QualifiedName,
        /// The columns.
        columns: Vec<Ident>,
    },
}

/// What a database lacks. `printed` has the objects as a server prints them.
#[must_use]
pub fn lacks(
    provided: &Provided,
    printed: &Schema,
    live: &Schema,
    roles: &BTreeSet<Ident>,
) -> Vec<Lack> {
    let objects = provided.objects.iter().filter_map(|(id, declared)| {
        let missing_with_owner =
            provided.objects.owner(id).is_some_and(|owner| !live.contains(&owner));
        if missing_with_owner { None } else { lack(printed.get(id).unwrap_or(declared), live) }
    });
    let names = provided.names.iter().filter(|it| !live.contains(it)).cloned().map(Lack::Name);
    let roles = provided.roles.difference(roles).cloned().map(Lack::Role);
    roles.chain(objects).chain(names).collect()
}

fn lack(wanted: &Object, live: &Schema) -> Option<Lack> {
    let id = wanted.id();
    let found = live.get(&id);
    match (wanted, found) {
        (Object::Constraint(it), _) => key(it, live),
        (Object::Index(_) | Object::Privileges(_) | Object::DefaultPrivileges(_), _) => None,
        (Object::Sequence(it), None) if it.owned_by.is_some() => None,
        (_, None) => Some(Lack::Missing(wanted.clone())),
        (Object::Extension(wanted), Some(Object::Extension(found))) => extension(wanted, found),
        (Object::Column(wanted), Some(Object::Column(found))) => {
            differs(id, wanted.data_type.to_string(), found.data_type.to_string())
        }
        (Object::Enum(wanted), Some(Object::Enum(found))) => {
            differs(id, wanted.labels.join(", "), found.labels.join(", "))
        }
        (Object::Defined(wanted), Some(Object::Defined(found))) => {
            differs(id, result(wanted)?.to_owned(), result(found)?.to_owned())
        }
        (_, Some(_)) => None,
    }
}

fn differs(id: ObjectId, wanted: String, found: String) -> Option<Lack> {
    (wanted != found).then_some(Lack::Differs { id, wanted, found })
}

/// The type that a routine returns; its arguments are part of its identity.
fn result(routine: &Definition) -> Option<&str> {
    let ObjectKind::Defined(kind) = routine.id.kind else { return None };
    let interface = routine.interface.as_ref().filter(|_| kind.is_routine())?;
    interface.get(1).map(String::as_str)
}

fn extension(wanted: &Extension, found: &Extension) -> Option<Lack> {
    if wanted.namespace != found.namespace {
        let found = found.namespace.clone();
        return Some(Lack::Elsewhere { wanted: wanted.clone(), found });
    }
    let (least, present) = (wanted.version.clone()?, found.version.clone()?);
    let is_old = version_numbers(&present) < version_numbers(&least);
    is_old.then_some(Lack::TooOld { name: wanted.name.clone(), wanted: least, found: present })
}

/// A primary key or unique constraint, for which any unique key over the same columns does.
fn key(wanted: &Constraint, live: &Schema) -> Option<Lack> {
    let columns = key_columns(wanted)?;
    let same = |found: Vec<Ident>| {
        let found: BTreeSet<Ident> = found.into_iter().collect();
        found == columns.iter().cloned().collect()
    };
    let has_constraint = live.constraints(&wanted.table).filter_map(key_columns).any(same);
    let plain = live.indexes(&wanted.table).filter(|it| it.unique && it.predicate.is_none());
    let mut indexes = plain.filter_map(|it| {
        let columns = it.keys.iter().map(|it| match &it.value {
            IndexValue::Column(name) => Some(name.clone()),
            IndexValue::Expression(_) => None,
        });
        columns.collect()
    });
    let there = has_constraint || indexes.any(same);
    (!there).then(|| Lack::NoKey { table: wanted.table.clone(), columns: columns.clone() })
}

fn key_columns(constraint: &Constraint) -> Option<Vec<Ident>> {
    match &constraint.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => Some(key.columns.clone()),
        ConstraintRule::ForeignKey(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => None,
    }
}

impl fmt::Display for Lack {
    /// `provided extension vector is not in the database`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(object) => {
                write!(f, "provided {} does not exist in the database", object.id())
            }
            Self::Name(id) => write!(f, "provided {id} does not exist in the database"),
            Self::Role(name) => write!(f, "provided role {name} does not exist on the server"),
            Self::Elsewhere { wanted, found } => write!(
                f,
                "provided extension {} is in schema {found}, but declared in schema {}",
                wanted.name, wanted.namespace
            ),
            Self::TooOld { name, wanted, found } => write!(
                f,
                "provided extension {name} has version {found}, older than the declared {wanted}"
            ),
            Self::Differs { id, wanted, found } => {
                write!(f, "provided {id} is {found} in the database, but declared as {wanted}")
            }
            Self::NoKey { table, columns } => write!(
                f,
                "provided table {table} has no unique key over ({}) in the database",
                list(columns)
            ),
        }
    }
}

impl Lack {
    /// Who has to do what about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Missing(Object::Extension(it)) => {
                format!(
                    "an administrator runs: CREATE EXTENSION {} SCHEMA {}",
                    it.name, it.namespace
                )
            }
            Self::Missing(Object::Namespace(it)) => {
                format!("an administrator runs: CREATE SCHEMA {}", it.name)
            }
            Self::Role(name) => format!("an administrator runs: CREATE ROLE {name}"),
            Self::Elsewhere { wanted, found } => format!(
                "declare schema = \"{}\", or an administrator runs: ALTER EXTENSION {} SET SCHEMA {}",
                found.as_str(),
                wanted.name,
                wanted.namespace
            ),
            Self::TooOld { name, .. } => {
                format!("an administrator runs: ALTER EXTENSION {name} UPDATE")
            }
            Self::Missing(_) | Self::Name(_) => {
                "have whoever provides it create it; without provided = true a revision creates it"
                    .to_owned()
            }
            Self::Differs { .. } => "declare it as it is in the database".to_owned(),
            Self::NoKey { .. } => {
                "a foreign key needs one: declare a key that exists in the database".to_owned()
            }
        }
    }
}

fn list(names: &[Ident]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::DefinedKind;
    use crate::model::namespace::Namespace;
    use crate::model::table::Table;

    fn table(namespace: &str, name: &str) -> Object {
        Table::new(QualifiedName::new(namespace, name)).into()
    }

    fn trigger(table: &Object, name: &str) -> Object {
        let table = table.id().table_name().expect("a table");
        let kind = ObjectKind::Defined(DefinedKind::Trigger);
        let id = ObjectId::child(kind, &table, &Ident::new(name));
        Definition::new(id, format!("CREATE TRIGGER {name}")).into()
    }

    fn vector(namespace: &str, version: Option<&str>) -> Extension {
        let version = version.map(str::to_owned);
        Extension { name: Ident::new("vector"), namespace: Ident::new(namespace), version }
    }

    fn auth() -> Provided {
        let auth = Namespace { name: Ident::new("auth"), comment: None };
        let objects = [auth.into(), table("auth", "users")].into_iter().collect();
        Provided { objects, ..Provided::default() }
    }

    #[test]
    fn beside_what_is_provided_only_our_own_counts() {
        let provided = auth();
        let users = table("auth", "users");
        let own = [trigger(&users, "welcome"), table("auth", "ours")];
        let other: Schema = provided.objects.iter().map(|(_, it)| it.clone()).chain(own).collect();
        let theirs = [trigger(&users, "theirs"), table("auth", "sessions"), table("public", "t")];
        let mut live: Schema = other.iter().map(|(_, it)| it.clone()).chain(theirs).collect();
        align(&mut live, &other, &provided);
        let left: Vec<String> = live
            .iter()
            .filter(|(id, _)| !other.contains(id))
            .map(|(id, _)| id.to_string())
            .collect();
        assert_eq!(left, ["table t"]);
        let mut empty = Schema::default();
        align(&mut empty, &other, &provided);
        assert!(provided.objects.iter().all(|(id, _)| empty.contains(id)));
        assert!(!empty.contains(&trigger(&users, "welcome").id()), "ours is still missing");
    }

    #[track_caller]
    fn check_extension(found: Option<Extension>, expected: &str) {
        let wanted = vector("extensions", Some("0.8"));
        let objects = [Object::from(wanted)].into_iter().collect();
        let provided = Provided { objects, ..Provided::default() };
        let live = found.map(Object::from).into_iter().collect();
        let lacks = lacks(&provided, &Schema::default(), &live, &BTreeSet::new());
        let told: Vec<String> = lacks.iter().map(|it| format!("{it}: {}", it.remedy())).collect();
        assert_eq!(told.join("\n"), expected);
    }

    #[test]
    fn an_extension_is_there_in_its_schema_and_not_too_old() {
        check_extension(
            None,
            "provided extension vector does not exist in the database: an administrator runs: \
             CREATE EXTENSION vector SCHEMA extensions",
        );
        check_extension(
            Some(vector("extensions", Some("0.7.4"))),
            "provided extension vector has version 0.7.4, older than the declared 0.8: \
             an administrator runs: ALTER EXTENSION vector UPDATE",
        );
        check_extension(
            Some(vector("public", Some("0.8.0"))),
            "provided extension vector is in schema public, but declared in schema extensions: \
             declare schema = \"public\", or an administrator runs: \
             ALTER EXTENSION vector SET SCHEMA extensions",
        );
        check_extension(Some(vector("extensions", Some("0.10.1"))), "");
        check_extension(Some(vector("extensions", Some("0.8.0"))), "");
    }

    #[test]
    fn what_belongs_to_a_missing_table_goes_without_saying() {
        let lacks = lacks(&auth(), &Schema::default(), &Schema::default(), &BTreeSet::new());
        let told: Vec<String> = lacks.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "provided schema auth does not exist in the database",
                "provided table auth.users does not exist in the database"
            ]
        );
    }
}
