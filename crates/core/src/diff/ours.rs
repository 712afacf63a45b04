//! Which objects of a database its role manages: objects that the role owns, objects in `public`,
//! and objects in listed schemas. All others belong to the platform or to an administrator; of
//! these, the objects that managed ones need are provided, and the rest is ignored.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Schema;
use crate::model::column::Column;
use crate::model::constraint::ConstraintRule;
use crate::model::definition::DefinedKind;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::namespace::Namespace;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::provided::Provided;
use crate::model::snapshot::{Dependencies, Snapshot};
use crate::model::table::Table;

/// A database, divided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Division {
    /// What is ours and what is provided, as one schema.
    pub schema: Schema,
    /// What is provided.
    pub provided: Provided,
    /// What is left alone, by its owner: `schema auth`, `publication supabase_realtime`.
    pub left: BTreeMap<Ident, BTreeSet<ObjectId>>,
}

/// Takes out of a database what is not ours, unless the other side has it: what a platform or an
/// administrator adds is no difference, and nobody but its owner could drop it.
pub fn leave_to_owners(live: &mut Snapshot, other: &Schema, named: &BTreeSet<Ident>) {
    if live.ownership.others.is_empty() {
        return;
    }
    let border = Border { live, named };
    let is_kept = |id: &ObjectId, it: &Object| other.contains(id) || border.is_ours(id, it);
    let kept = live.schema.iter().filter(|(id, it)| is_kept(id, it));
    live.schema = kept.map(|(_, object)| object.clone()).collect();
}

/// Divides a database. `named` are the schemas that are ours whoever owns them; `creatable` says of an
/// extension whether a scratch database can have it though nothing needs it.
#[must_use]
pub fn divide(
    live: &Snapshot,
    named: &BTreeSet<Ident>,
    creatable: &dyn Fn(&Ident) -> bool,
) -> Division {
    let border = Border { live, named };
    let ours: Schema = live
        .schema
        .iter()
        .filter(|(id, object)| border.is_ours(id, object))
        .map(|(_, object)| object.clone())
        .collect();
    let mut needed = Needed { live, ours: &ours, objects: Schema::default(), open: Vec::new() };
    needed.seed(creatable);
    needed.close();
    let provided = Provided { objects: needed.objects, ..Provided::default() };
    let left = border.left(&ours, &provided);
    let mut schema = ours;
    for (_, object) in provided.objects.iter() {
        schema.insert(object.clone());
    }
    Division { schema, provided, left }
}

/// What tells ours from theirs.
struct Border<'a> {
    live: &'a Snapshot,
    named: &'a BTreeSet<Ident>,
}

impl Border<'_> {
    fn is_ours(&self, id: &ObjectId, object: &Object) -> bool {
        let subject = match object {
            Object::Privileges(it) => &it.on,
            _ => id,
        };
        let owner = self.live.schema.owner(subject);
        let is_trigger = subject.kind == ObjectKind::Defined(DefinedKind::Trigger);
        self.owns(owner.as_ref().unwrap_or(subject)) || is_trigger && self.calls_ours(subject)
    }

    /// Whether something that belongs to no relation is ours.
    fn owns(&self, id: &ObjectId) -> bool {
        match (id.kind, &id.namespace) {
            (ObjectKind::Namespace, _) => !self.is_theirs(&id.name),
            (ObjectKind::DefaultPrivileges, namespace) => {
                namespace.as_ref().is_none_or(|it| !self.is_theirs(it))
            }
            (_, None) => !self.live.ownership.others.contains_key(id),
            (_, Some(namespace)) => {
                let is_own = |it| self.live.ownership.own_inside.contains(&it);
                !self.is_theirs(namespace) || id.qualified_name().is_some_and(is_own)
            }
        }
    }

    /// A trigger on a table of others that calls a function of ours is ours.
    fn calls_ours(&self, trigger: &ObjectId) -> bool {
        let is_routine =
            |it: &ObjectId| matches!(it.kind, ObjectKind::Defined(kind) if kind.is_routine());
        self.live.dependencies.of(trigger).any(|it| is_routine(it) && self.owns(it))
    }

    fn is_theirs(&self, namespace: &Ident) -> bool {
        let id = ObjectId::global(ObjectKind::Namespace, namespace.clone());
        self.live.ownership.others.contains_key(&id) && !self.named.contains(namespace)
    }

    /// Schemas of which nothing is ours or needed, and what stands in none.
    fn left(&self, ours: &Schema, provided: &Provided) -> BTreeMap<Ident, BTreeSet<ObjectId>> {
        let mut left = BTreeMap::<Ident, BTreeSet<ObjectId>>::new();
        for (id, owner) in &self.live.ownership.others {
            if self.live.schema.contains(id) && !ours.contains(id) && !provided.contains(id) {
                left.entry(owner.clone()).or_default().insert(id.clone());
            }
        }
        left
    }
}

fn namespace_id(name: Option<&Ident>) -> Option<ObjectId> {
    name.map(|it| ObjectId::global(ObjectKind::Namespace, it.clone()))
}

/// What ours needs of theirs, found step by step.
struct Needed<'a> {
    live: &'a Snapshot,
    ours: &'a Schema,
    objects: Schema,
    /// What was found, and not yet looked at.
    open: Vec<ObjectId>,
}

impl Needed<'_> {
    fn seed(&mut self, creatable: &dyn Fn(&Ident) -> bool) {
        let ours: Vec<&ObjectId> = self.ours.iter().map(|(id, _)| id).collect();
        for id in &ours {
            self.open.extend(self.live.dependencies.of(id).cloned());
            // A schema of others that something of ours stands in, and a table that it belongs to.
            self.open.extend(namespace_id(id.namespace.as_ref()));
            self.open.extend(self.live.schema.owner(id));
        }
        let extensions = self.live.ownership.others.keys();
        let extensions = extensions.filter(|it| it.kind == ObjectKind::Extension);
        self.open.extend(extensions.filter(|it| creatable(&it.name)).cloned());
        for (_, object) in self.ours.iter() {
            if let Object::Constraint(it) = object
                && let ConstraintRule::ForeignKey(key) = &it.rule
            {
                let columns = key.referenced_columns.iter();
                let columns =
                    columns.map(|it| ObjectId::child(ObjectKind::Column, &key.references, it));
                self.open.extend(columns);
            }
        }
    }

    fn close(&mut self) {
        while let Some(id) = self.open.pop() {
            if self.ours.contains(&id) || self.objects.contains(&id) {
                continue;
            }
            let Some(object) = self.live.schema.get(&id) else { continue };
            let object = match object {
                Object::Table(it) => Table::new(it.name.clone()).into(),
                Object::Column(it) => plain(it).into(),
                Object::Namespace(it) => Namespace { name: it.name.clone(), comment: None }.into(),
                // Which version a server happens to have is no wish.
                Object::Extension(it) => {
                    let mut it = it.clone();
                    it.version = None;
                    it.into()
                }
                // Keys follow from the columns, and nobody needs what else belongs to a table.
                Object::Constraint(_)
                | Object::Index(_)
                | Object::Privileges(_)
                | Object::DefaultPrivileges(_) => continue,
                Object::Enum(_)
                | Object::Domain(_)
                | Object::Composite(_)
                | Object::Sequence(_)
                | Object::Defined(_) => object.clone(),
            };
            self.follow(&id, &object);
            self.objects.insert(object);
        }
        self.keys();
    }

    /// What an object that is needed needs itself.
    fn follow(&mut self, id: &ObjectId, object: &Object) {
        self.open.extend(namespace_id(id.namespace.as_ref()));
        if let Object::Extension(it) = object {
            self.open.extend(namespace_id(Some(&it.namespace)));
        }
        self.open.extend(self.live.schema.owner(id));
        // A table is there with its bare columns, and these need no more than their types.
        let is_needed = |it: &&ObjectId| match id.kind {
            ObjectKind::Table => false,
            ObjectKind::Column => gives_type(it.kind),
            _ => true,
        };
        let dependencies: &Dependencies = &self.live.dependencies;
        self.open.extend(dependencies.of(id).filter(is_needed).cloned());
    }

    /// The keys over columns that are needed: foreign keys go by them.
    fn keys(&mut self) {
        let tables: Vec<QualifiedName> = self.objects.tables().map(|it| it.name.clone()).collect();
        for table in tables {
            let keys: Vec<Object> = self
                .live
                .schema
                .constraints(&table)
                .filter(|it| match &it.rule {
                    ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                        let column = |it| ObjectId::child(ObjectKind::Column, &table, it);
                        key.include.is_empty()
                            && key.columns.iter().map(column).all(|it| self.objects.contains(&it))
                    }
                    ConstraintRule::ForeignKey(_)
                    | ConstraintRule::Check { .. }
                    | ConstraintRule::Exclude { .. } => false,
                })
                .map(|it| it.clone().into())
                .collect();
            for key in keys {
                self.objects.insert(key);
            }
        }
    }
}

/// Whether a column needs such an object for its type.
fn gives_type(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::Composite
        | ObjectKind::Extension
        | ObjectKind::Table => true,
        ObjectKind::Defined(kind) => kind.is_type() || kind == DefinedKind::Collation,
        ObjectKind::Namespace
        | ObjectKind::Sequence
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => false,
    }
}

/// A column of which no more than its name, its type and whether it may be NULL matters.
fn plain(column: &Column) -> Column {
    let Column { table, name, position, data_type, collation, not_null, .. } = column.clone();
    Column { collation, not_null, ..Column::new(table, name, position, data_type) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::Definition;
    use crate::model::extension::Extension;
    use crate::model::pg_type::PgType;

    /// A schema `auth` of others with a table of two columns, a table of ours that needs one of
    /// them, and two triggers.
    fn live() -> Snapshot {
        let mut live = Snapshot::default();
        let namespace = |name: &str| Namespace { name: Ident::new(name), comment: None };
        let (users, notes) =
            (QualifiedName::new("auth", "users"), QualifiedName::new("public", "notes"));
        for name in ["auth", "graphql", "public"] {
            live.schema.insert(namespace(name));
        }
        for name in ["auth", "graphql"] {
            let id = ObjectId::global(ObjectKind::Namespace, name);
            live.ownership.others.insert(id, Ident::new("admin"));
        }
        live.schema.insert(Table::new(users.clone()));
        live.schema.insert(Table::new(notes.clone()));
        for (position, name) in (1..).zip(["id", "email"]) {
            let uuid = PgType::named("uuid");
            live.schema.insert(Column::new(users.clone(), Ident::new(name), position, uuid));
        }
        let id = ObjectId::child(ObjectKind::Column, &users, &Ident::new("id"));
        live.dependencies.insert(ObjectId::table(&notes), id);
        let trigger = |name: &str| {
            let kind = ObjectKind::Defined(DefinedKind::Trigger);
            ObjectId::child(kind, &users, &Ident::new(name))
        };
        let function = |namespace: &str| {
            let kind = ObjectKind::Defined(DefinedKind::Function);
            ObjectId::named(kind, &QualifiedName::new(namespace, "f"))
        };
        for (name, calls) in [("ours", function("public")), ("theirs", function("auth"))] {
            live.schema.insert(Definition::new(trigger(name), "CREATE TRIGGER"));
            live.schema.insert(Definition::new(calls.clone(), "CREATE FUNCTION"));
            live.dependencies.insert(trigger(name), calls);
        }
        let vector = Extension {
            name: Ident::new("vector"),
            namespace: Ident::public(),
            version: Some("0.8.0".to_owned()),
        };
        for name in ["vector", "pg_graphql"] {
            let name = Ident::new(name);
            let id = ObjectId::global(ObjectKind::Extension, name.clone());
            live.ownership.others.insert(id, Ident::new("admin"));
            live.schema.insert(Extension { name, ..vector.clone() });
        }
        live
    }

    fn shown<'a>(ids: impl Iterator<Item = &'a ObjectId>) -> String {
        ids.map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn of_theirs_only_what_ours_needs_is_provided() {
        let division = divide(&live(), &BTreeSet::new(), &|it| it.as_str() == "vector");
        assert_eq!(
            shown(division.provided.objects.iter().map(|it| it.0)),
            "schema auth, extension vector, table auth.users, column auth.users.id"
        );
        let ours = division.schema.iter().map(|it| it.0);
        assert_eq!(
            shown(ours.filter(|it| !division.provided.contains(it))),
            "schema public, table notes, function f, trigger ours on auth.users"
        );
        let left = division.left.get(&Ident::new("admin")).expect("something is left");
        assert_eq!(shown(left.iter()), "schema graphql, extension pg_graphql");
    }

    #[test]
    fn what_others_add_is_no_difference() {
        let mut live = live();
        let auth = ObjectId::global(ObjectKind::Namespace, "auth");
        let other = [live.schema.get(&auth).expect("it is there").clone()].into_iter().collect();
        leave_to_owners(&mut live, &other, &BTreeSet::new());
        assert_eq!(
            shown(live.schema.iter().map(|it| it.0)),
            "schema auth, schema public, table notes, function f, trigger ours on auth.users"
        );
    }

    #[test]
    fn a_schema_that_is_named_is_ours() {
        let named = BTreeSet::from([Ident::new("auth")]);
        let division = divide(&live(), &named, &|_| false);
        assert_eq!(division.provided, Provided::default());
        let theirs = ObjectId::global(ObjectKind::Namespace, "auth");
        assert!(division.schema.contains(&theirs));
    }

    #[test]
    fn what_is_own_in_a_schema_of_others_is_ours() {
        let mut live = live();
        live.ownership.own_inside.insert(QualifiedName::new("auth", "users"));
        let division = divide(&live, &BTreeSet::new(), &|_| false);
        // Of theirs, a trigger of the table calls the function.
        assert_eq!(
            shown(division.provided.objects.iter().map(|it| it.0)),
            "schema auth, function auth.f"
        );
    }
}
