//! The names of partitions of indexes and keys.
//!
//! PostgreSQL generates these names when it creates the partitions, and appends a number if a name
//! is already used (`ChooseRelationName` in the server). The result depends on the order of all
//! statements, so this pass follows the statements in order, and renames each partition to its name
//! in the target as soon as that is free.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Schema;
use crate::model::attached::{
    AttachedSource, attached_name, generated_name, numbered_name, sources,
};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::{Ident, QualifiedName, object_name, trailing_number};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::statement::Statement;

/// The statements, with those that rename parts.
pub(in crate::plan) fn told(
    said: Vec<(ObjectId, Statement)>,
    from: &Snapshot,
    to: &Snapshot,
) -> Vec<(ObjectId, Statement)> {
    if !to.schema.tables().any(|it| it.partition_of.is_some()) {
        return said;
    }
    let mut names = Names::before(&from.schema, &to.schema);
    let mut told = Vec::with_capacity(said.len());
    for (id, statement) in said {
        let made = names.carry_out(&statement);
        told.push((id, statement));
        let renames = made.into_iter().filter_map(|it| names.settle(&it));
        told.extend(renames.collect::<Vec<_>>());
    }
    told.extend(names.settle_all());
    told
}

/// A partition, and the index or key of an ancestor that it has a part of.
type Part = (QualifiedName, ObjectId);

/// The names in use while the statements are carried out.
struct Names<'a> {
    from: &'a Schema,
    to: &'a Schema,
    /// As it is by now, as far as it matters here.
    schema: Schema,
    taken: BTreeSet<QualifiedName>,
    parts: BTreeMap<Part, Ident>,
    /// The names that parts shall have.
    wanted: BTreeMap<Part, Wanted>,
    /// The largest number after a name that a part of an index had before.
    numbers: BTreeMap<ObjectId, u32>,
}

/// The name that a part shall have.
#[derive(Debug, Clone)]
enum Wanted {
    /// This one.
    Written(Ident),
    /// The generated one, or that with a number if the name is used.
    Made(Ident),
}

impl<'a> Names<'a> {
    fn before(from: &'a Schema, to: &'a Schema) -> Self {
        let taken = from.iter().filter_map(|(_, object)| relation(object)).collect();
        let schema = from.clone();
        let mut names = Self {
            from,
            to,
            schema,
            taken,
            parts: BTreeMap::new(),
            wanted: BTreeMap::new(),
            numbers: BTreeMap::new(),
        };
        for table in from.tables().filter(|it| it.partition_of.is_some()) {
            names.note_parts(from, &table.name);
        }
        for ((_, root), name) in &names.parts {
            let number = trailing_number(name.as_str()).parse().unwrap_or(0);
            let largest = names.numbers.entry(root.clone()).or_default();
            *largest = number.max(*largest);
        }
        for table in to.tables().filter(|it| it.partition_of.is_some()) {
            for AttachedSource { on_parent, root } in sources(to, &table.name) {
                let written = table.attached.get(&on_parent).cloned().map(Wanted::Written);
                let made = || generated_name(to, &table.name, &root).map(Wanted::Made);
                if let Some(wanted) = written.or_else(made) {
                    names.wanted.insert((table.name.clone(), root), wanted);
                }
            }
        }
        names
    }

    /// Takes the parts of a partition as a schema has them.
    fn note_parts(&mut self, schema: &Schema, table: &QualifiedName) {
        for AttachedSource { root, .. } in sources(schema, table) {
            if let Some(name) = attached_name(schema, table, &root) {
                self.taken.insert(table.sibling(name.clone()));
                self.parts.insert((table.clone(), root), name);
            }
        }
    }

    /// Notes what a statement does to names. Gives back the parts whose names PostgreSQL generated.
    fn carry_out(&mut self, statement: &Statement) -> Vec<Part> {
        match statement {
            Statement::CreateTable(it) => {
                self.add(it.table.clone());
                it.constraints.iter().for_each(|it| self.add(it.clone()));
                let mut new = sources(&self.schema, &it.table.name);
                new.sort_by_key(|it| self.place(&it.root));
                let table = &it.table.name;
                new.into_iter().filter_map(|it| self.make(table, it.root)).collect()
            }
            Statement::CreateIndex { index, only, .. } => {
                self.add((**index).clone());
                let root = Object::Index((**index).clone()).id();
                if *only { Vec::new() } else { self.make_all(&index.table, &root) }
            }
            Statement::AddConstraint(it) if has_index(it) => {
                self.add((**it).clone());
                self.make_all(&it.table, &Object::Constraint((**it).clone()).id())
            }
            Statement::AddConstraintUsing { constraint, index } => {
                self.remove(&ObjectId::child(ObjectKind::Index, &constraint.table, index));
                self.add((**constraint).clone());
                Vec::new()
            }
            Statement::CreateSequence(it) => {
                self.add(it.clone());
                Vec::new()
            }
            Statement::Define { definition, .. } => {
                self.add((**definition).clone());
                Vec::new()
            }
            Statement::CreateComposite(it) => {
                self.add((**it).clone());
                Vec::new()
            }
            other => {
                self.give_up(other);
                Vec::new()
            }
        }
    }

    /// Notes a statement that makes no part.
    fn give_up(&mut self, statement: &Statement) {
        match statement {
            Statement::DropTable(name) | Statement::DropForeignTable(name) => {
                let ids: Vec<ObjectId> = self.schema.iter().map(|it| it.0.clone()).collect();
                let own = |it: &&ObjectId| it.table_name().as_ref() == Some(name);
                ids.iter().filter(own).for_each(|it| self.remove(it));
                let parts: Vec<Part> =
                    self.parts.keys().filter(|it| it.0 == *name).cloned().collect();
                parts.iter().for_each(|it| self.drop_part(it));
            }
            Statement::DropIndex { table, name, .. } => {
                self.remove(&ObjectId::child(ObjectKind::Index, table, name));
            }
            Statement::DropConstraint(it) => {
                self.remove(&Object::Constraint((**it).clone()).id());
            }
            Statement::DropSequence(name) => {
                self.remove(&ObjectId::named(ObjectKind::Sequence, name));
            }
            Statement::Drop { object, .. } => self.remove(object),
            Statement::Rename { object, name } if object.kind == ObjectKind::Index => {
                if let Some(old) = object.qualified_name() {
                    self.taken.insert(old.sibling(name.clone()));
                    self.taken.remove(&old);
                }
            }
            Statement::AttachPartition { table, link } => {
                self.relink(table, |it| it.partition_of = Some(link.clone()));
                self.note_parts(self.to, table);
            }
            Statement::DetachPartition { table, .. } => {
                self.relink(table, |it| it.partition_of = None);
                self.parts.retain(|it, _| it.0 != *table);
            }
            Statement::AttachIndex { parent, index, table } => {
                let root = ObjectId::child(ObjectKind::Index, table, &parent.name);
                let owner = self.schema.iter().find_map(|(id, _)| {
                    let found =
                        id.kind == ObjectKind::Index && id.qualified_name().as_ref() == Some(index);
                    found.then(|| id.table_name()).flatten()
                });
                if let Some(owner) = owner {
                    self.parts.insert((owner, root), index.name.clone());
                }
            }
            _ => {}
        }
    }

    fn relink(&mut self, table: &QualifiedName, change: impl FnOnce(&mut Table)) {
        if let Some(mut table) = self.schema.table(table).cloned() {
            change(&mut table);
            self.schema.insert(table);
        }
    }

    fn add(&mut self, object: impl Into<Object>) {
        let object = object.into();
        self.taken.extend(relation(&object));
        self.schema.insert(object);
    }

    fn remove(&mut self, id: &ObjectId) {
        if let Some(object) = self.schema.remove(id) {
            self.taken.retain(|it| relation(&object).as_ref() != Some(it));
        }
        let parts: Vec<Part> = self.parts.keys().filter(|it| it.1 == *id).cloned().collect();
        parts.iter().for_each(|it| self.drop_part(it));
    }

    fn drop_part(&mut self, part: &Part) {
        if let Some(name) = self.parts.remove(part) {
            self.taken.remove(&part.0.sibling(name));
        }
    }

    /// A new index or key of a table reaches its partitions.
    fn make_all(&mut self, table: &QualifiedName, root: &ObjectId) -> Vec<Part> {
        let descendants = self.schema.descendants(table).into_iter();
        let partitions = descendants.filter(|it| it.partition_of.is_some() && it.foreign.is_none());
        let partitions: Vec<QualifiedName> = partitions.map(|it| it.name.clone()).collect();
        partitions.iter().filter_map(|it| self.make(it, root.clone())).collect()
    }

    /// A part comes into being. What a partition has of its own by the name that the part shall have
    /// becomes the part; PostgreSQL makes up any other name.
    fn make(&mut self, table: &QualifiedName, root: ObjectId) -> Option<Part> {
        let part = (table.clone(), root);
        if let Some(Wanted::Written(name)) = self.wanted.get(&part)
            && [ObjectKind::Index, ObjectKind::Constraint]
                .iter()
                .any(|it| self.schema.contains(&ObjectId::child(*it, table, name)))
        {
            self.parts.insert(part, name.clone());
            return None;
        }
        let base = generated_name(&self.schema, table, &part.1)?;
        let free = |it: &Ident| !self.taken.contains(&table.sibling(it.clone()));
        let numbers = (1..).map(|it| numbered_name(&self.schema, table, &part.1, it));
        let name = std::iter::once(Some(base)).chain(numbers).flatten().find(free)?;
        self.taken.insert(table.sibling(name.clone()));
        self.parts.insert(part.clone(), name);
        Some(part)
    }

    /// A new partition gets its parts in the order in which the indexes were created. Of those that
    /// were there before and whose parts would have the same name, the numbers on another partition
    /// tell that order.
    fn place(&self, root: &ObjectId) -> (bool, u32) {
        let number = self.numbers.get(root).copied();
        (!self.from.contains(root), number.unwrap_or(0))
    }

    /// Gives a part its name, if that is free.
    fn settle(&mut self, part: &Part) -> Option<(ObjectId, Statement)> {
        let wanted = self.wanted_name(part)?;
        let free = !self.taken.contains(&part.0.sibling(wanted.clone()));
        free.then(|| self.rename(part, wanted)).flatten()
    }

    /// The name of a part that has another one.
    fn wanted_name(&self, part: &Part) -> Option<Ident> {
        let present = self.parts.get(part)?;
        let wanted = match self.wanted.get(part)? {
            Wanted::Written(name) => name,
            Wanted::Made(name) => {
                let taken = self.taken.contains(&part.0.sibling(name.clone()));
                if taken { present } else { name }
            }
        };
        (wanted != present).then(|| wanted.clone())
    }

    fn rename(&mut self, part: &Part, name: Ident) -> Option<(ObjectId, Statement)> {
        let present = self.parts.get_mut(part)?;
        let object = ObjectId::child(ObjectKind::Index, &part.0, present);
        self.taken.remove(&part.0.sibling(present.clone()));
        self.taken.insert(part.0.sibling(name.clone()));
        present.clone_from(&name);
        Some((ObjectId::table(&part.0), Statement::Rename { object, name }))
    }

    /// What is left: names that were taken when their part was made, and those of older parts.
    fn settle_all(&mut self) -> Vec<(ObjectId, Statement)> {
        let mut renames = Vec::new();
        loop {
            let parts: Vec<Part> =
                self.parts.keys().filter(|it| self.wanted_name(it).is_some()).cloned().collect();
            let settled: Vec<_> = parts.iter().filter_map(|it| self.settle(it)).collect();
            if !settled.is_empty() {
                renames.extend(settled);
                continue;
            }
            // Parts that have each other's names.
            let held_by_part = |it: &&Part| {
                let name = self.wanted_name(it);
                let others =
                    self.parts.iter().filter(|(other, _)| other.0.namespace == it.0.namespace);
                name.is_some_and(|name| others.into_iter().any(|(_, it)| *it == name))
            };
            let Some(part) = parts.iter().find(held_by_part) else { return renames };
            let present = self.parts[part].clone();
            let aside = (0..).map(|it| match it {
                0 => object_name(present.as_str(), None, "old"),
                number => object_name(present.as_str(), None, &format!("old{number}")),
            });
            let free = |it: &Ident| !self.taken.contains(&part.0.sibling(it.clone()));
            let Some(aside) = aside.into_iter().find(free) else { return renames };
            renames.extend(self.rename(part, aside));
        }
    }
}

fn has_index(constraint: &Constraint) -> bool {
    match constraint.rule {
        ConstraintRule::PrimaryKey(_)
        | ConstraintRule::Unique(_)
        | ConstraintRule::Exclude { .. } => true,
        ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => false,
    }
}

/// The name that an object takes among the relations of its namespace.
fn relation(object: &Object) -> Option<QualifiedName> {
    match object {
        Object::Table(it) => Some(it.name.clone()),
        Object::Sequence(it) => Some(it.name.clone()),
        Object::Composite(it) => Some(it.name.clone()),
        Object::Index(it) => Some(it.qualified_name()),
        Object::Constraint(it) => has_index(it).then(|| it.table.sibling(it.name.clone())),
        Object::Defined(it) => {
            let ObjectKind::Defined(kind) = it.id.kind else { return None };
            kind.is_relation().then(|| it.id.qualified_name()).flatten()
        }
        Object::Namespace(_)
        | Object::Extension(_)
        | Object::Enum(_)
        | Object::Domain(_)
        | Object::Column(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => None,
    }
}
