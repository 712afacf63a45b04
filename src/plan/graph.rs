//! The nodes of a plan and what must come before what.

mod circle;
mod hierarchy;
mod inside;
mod names;
mod parts;
mod reference;

use std::collections::BTreeSet;

use crate::model::definition::{DefinedKind, Naming};
use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::Sequence;
use crate::model::snapshot::Snapshot;
use crate::model::table::{Persistence, ReplicaIdentity};

use super::dependencies::{
    DependencyMap, foreign_key, owners, referenced_key, references_as_partition,
};
use super::hierarchy::{own_below, taken_along};
use super::online::{Concurrent, Site, Stage};
use super::retyped::columns_of_type;
use super::treatment::{Treatment, Treatments};
use hierarchy::ancestors;
pub(super) use parts::Nodes;

use inside::{dropped_with_owner, foreign_keys, inside, is_valid};

/// A node: one thing done to one object. Keys sort by the order in which things are done when
/// nothing else decides: first what stands in the way, then what is made and changed, table by
/// table, then what runs outside a transaction and may take its time, and at last what is given up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) stage: Stage,
    rank: u8,
    table: Option<QualifiedName>,
    late: u8,
    pub(super) role: Role,
    kind: ObjectKind,
    /// New columns and grantees come in their order.
    place: u32,
    pub(super) id: ObjectId,
}

/// What is done to the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// It lets go of something that others need gone.
    Release,
    /// It is dropped.
    Drop,
    /// It is created.
    Create,
    /// It is changed where it stands, or swapped for a new form.
    Alter,
    /// It gets what needs everything else in place.
    Late,
}

/// Both sides of a plan, and what happens to the objects.
pub(super) struct Graph<'a> {
    pub(super) from: &'a Snapshot,
    pub(super) to: &'a Snapshot,
    pub(super) needs_before: &'a DependencyMap,
    pub(super) needs_after: &'a DependencyMap,
    pub(super) treatments: &'a Treatments,
    /// Indexes that are built and dropped outside of a transaction.
    pub(super) concurrent: Concurrent,
    /// Columns that are dropped from their table alone.
    pub(super) dropped_only: BTreeSet<ObjectId>,
    created_inside: BTreeSet<ObjectId>,
    dropped_inside: BTreeSet<ObjectId>,
    /// Columns whose default is set after the table stands.
    late_defaults: BTreeSet<ObjectId>,
    /// Columns whose default is dropped before the table is.
    early_defaults: BTreeSet<ObjectId>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(
        from: &'a Snapshot,
        to: &'a Snapshot,
        needs: (&'a DependencyMap, &'a DependencyMap),
        treatments: &'a Treatments,
    ) -> Self {
        let (needs_before, needs_after) = needs;
        let is =
            |id: &ObjectId, wanted: fn(&Treatment) -> bool| treatments.get(id).is_some_and(wanted);
        let mut created_inside = inside(to, |id| is(id, Treatment::makes));
        created_inside.retain(|id| {
            matches!(id.kind, ObjectKind::Column | ObjectKind::Constraint) && is_valid(to, id)
        });
        let mut dropped_inside = inside(from, |id| is(id, Treatment::removes));
        dropped_inside.extend(dropped_with_owner(from, to, |id| is(id, Treatment::removes)));
        dropped_inside.extend(taken_along(from, treatments));
        Self {
            from,
            to,
            needs_before,
            needs_after,
            treatments,
            concurrent: Concurrent::default(),
            dropped_only: BTreeSet::new(),
            created_inside,
            dropped_inside,
            late_defaults: BTreeSet::new(),
            early_defaults: BTreeSet::new(),
        }
    }

    /// What the online forms ask.
    pub(super) fn site(&self) -> Site<'a> {
        Site {
            from: self.from,
            to: self.to,
            needs_before: self.needs_before,
            needs_after: self.needs_after,
            treatments: self.treatments,
        }
    }

    /// Whether CREATE TABLE of its table holds this object.
    pub(super) fn is_created_inside(&self, id: &ObjectId) -> bool {
        self.created_inside.contains(id)
    }

    /// Whether it goes by itself with its table or owner.
    pub(super) fn is_dropped_inside(&self, id: &ObjectId) -> bool {
        self.dropped_inside.contains(id)
    }

    fn treatment(&self, id: &ObjectId) -> Option<&Treatment> {
        self.treatments.get(id)
    }

    /// Whether a node is the end of an object as it was.
    pub(super) fn ends_with(&self, id: &ObjectId, key: &Key) -> bool {
        self.dropping(id).as_ref() == Some(key) || self.replaces(id, key)
    }

    /// Whether a node is the beginning of an object as it shall be.
    pub(super) fn begins_with(&self, id: &ObjectId, key: &Key) -> bool {
        self.creating(id).as_ref() == Some(key) || self.replaces(id, key)
    }

    /// Whether a node makes a new type out of an old one.
    fn replaces(&self, id: &ObjectId, key: &Key) -> bool {
        let replaced = matches!(self.treatment(id), Some(Treatment::ReplaceType));
        replaced && self.key(Role::Alter, id) == *key
    }

    /// The node that creates an object, if the plan does.
    fn creating(&self, id: &ObjectId) -> Option<Key> {
        let made = self.treatment(id).is_some_and(Treatment::makes);
        if !made || self.concurrent.swapped.contains(id) {
            return self.concurrent.swapped.contains(id).then(|| self.key(Role::Alter, id));
        }
        let table = id.parent().filter(|_| self.is_created_inside(id));
        Some(self.key(Role::Create, &table.unwrap_or_else(|| id.clone())))
    }

    /// The node that drops an object, if the plan does.
    fn dropping(&self, id: &ObjectId) -> Option<Key> {
        let gone = self.treatment(id).is_some_and(Treatment::removes);
        if !gone || self.concurrent.swapped.contains(id) {
            return self.concurrent.swapped.contains(id).then(|| self.key(Role::Alter, id));
        }
        if !self.is_dropped_inside(id) {
            return Some(self.key(Role::Drop, id));
        }
        match self.from.schema.get(id) {
            Some(Object::Sequence(sequence)) => self.dropping_owner(sequence),
            Some(Object::Privileges(it)) => self.dropping(&it.on),
            _ => Some(self.key(Role::Drop, &self.from.schema.owner(id)?)),
        }
    }

    fn dropping_owner(&self, sequence: &Sequence) -> Option<Key> {
        let owner = sequence.owned_by.as_ref()?;
        owners(&self.from.schema, owner).iter().find_map(|it| self.dropping(it))
    }

    /// The node that changes an object where it stands, if the plan does.
    fn altering(&self, id: &ObjectId) -> Option<Key> {
        let altered = matches!(self.treatment(id)?, Treatment::Alter(_) | Treatment::ReplaceType);
        altered.then(|| self.key(Role::Alter, id))
    }

    /// The node that changes an object in a way that matters to what needs it: a new type, other
    /// labels. What else changes in a namespace, a table or a sequence concerns only itself.
    fn reshaping(&self, id: &ObjectId) -> Option<Key> {
        match id.kind {
            ObjectKind::Extension
            | ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Column
            | ObjectKind::Defined(_) => {
                self.altering(id).filter(|_| !self.treatment(id).is_some_and(Treatment::is_quiet))
            }
            ObjectKind::Namespace
            | ObjectKind::Sequence
            | ObjectKind::Table
            | ObjectKind::Constraint
            | ObjectKind::Index
            | ObjectKind::Privileges
            | ObjectKind::DefaultPrivileges => None,
        }
    }

    fn releasing(&self, id: &ObjectId) -> Option<Key> {
        let releases = match self.treatment(id)? {
            Treatment::Alter(it) => !it.release.is_empty(),
            Treatment::DetachAndDrop => true,
            Treatment::Create
            | Treatment::Drop
            | Treatment::Replace
            | Treatment::Expand(_)
            | Treatment::ReplaceType => false,
        };
        releases.then(|| self.key(Role::Release, id))
    }

    /// Everything that must come before something else.
    pub(super) fn edges(&self) -> BTreeSet<(Key, Key)> {
        let mut edges = BTreeSet::new();
        for (id, treatment) in self.treatments {
            if treatment.removes() {
                self.edges_of_drop(id, &mut edges);
            }
            if treatment.makes() {
                self.edges_of_create(id, &mut edges);
            }
            if self.altering(id).is_some() {
                self.edges_of_alter(id, &mut edges);
            }
            if matches!(treatment, Treatment::ReplaceType) {
                self.edges_of_type(id, &mut edges);
            }
            self.edges_of_table_end(id, &mut edges);
        }
        self.edges_of_hierarchy(&mut edges);
        self.edges_of_references(&mut edges);
        self.edges_of_sequences(&mut edges);
        self.edges_of_logging(&mut edges);
        self.edges_of_names(&mut edges);
        self.edges_of_overloads(&mut edges);
        edges.retain(|(before, after)| before != after);
        edges
    }

    /// An old type goes when its columns have moved over, and those types that stand on it are gone.
    fn edges_of_type(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let old = self.key(Role::Late, id);
        edges.insert((self.key(Role::Alter, id), old.clone()));
        for dependent in self.needs_before.needed_by(id) {
            if matches!(self.treatment(dependent), Some(Treatment::ReplaceType)) {
                edges.insert((self.key(Role::Late, dependent), old.clone()));
            }
            edges.extend(self.creating(dependent).map(|it| (old.clone(), it)));
        }
        // What stands on a column that moves over is out of the way meanwhile.
        let own = self.key(Role::Alter, id);
        for (column, _) in columns_of_type(id, (self.from, self.to), self.treatments) {
            // A table that joins others has its new types by then.
            edges.insert((own.clone(), self.key(Role::Late, &ObjectId::table(&column.table))));
            let column = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
            let mut moved = own_below(&self.from.schema, &column);
            moved.push(column);
            // Indexes follow by themselves.
            let in_the_way = |it: &&ObjectId| it.kind != ObjectKind::Index;
            for column in moved {
                let gone = self.needs_before.needed_by(&column).filter(in_the_way);
                edges.extend(gone.filter_map(|it| Some((self.dropping(it)?, own.clone()))));
                let made = self.needs_after.needed_by(&column).filter(in_the_way);
                edges.extend(made.filter_map(|it| Some((own.clone(), self.creating(it)?))));
                // A child drops its default before, and is given it back after.
                let released = self.releasing(&column);
                edges.extend(released.map(|it| (it, own.clone())));
                let given = self.altering(&column);
                edges.extend(given.map(|it| (own.clone(), it)));
            }
        }
    }

    fn edges_of_drop(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(own) = self.dropping(id) else { return };
        for needed in self.needs_before.needs(id) {
            if own.id == *id && is_of_parent(id, needed) {
                edges.extend(self.dropping(needed).map(|it| (it, own.clone())));
                continue;
            }
            let later = self.dropping(needed).or_else(|| self.giving_way(id, needed));
            let earlier = self.early_default(id, needed).unwrap_or_else(|| own.clone());
            let above = self.reshaping_above(self.from, needed);
            edges.extend(later.into_iter().chain(above).map(|it| (earlier.clone(), it)));
            if references_as_partition(&self.from.schema, id, needed) {
                edges.extend(self.releasing(needed).map(|it| (own.clone(), it)));
            }
        }
        if let Some(create) = self.creating(id) {
            edges.insert((own, create));
        }
    }

    /// The nodes that change a column of parents, and that of a child with it.
    fn reshaping_above(&self, side: &Snapshot, column: &ObjectId) -> Vec<Key> {
        let table = column.table_name().filter(|_| column.kind == ObjectKind::Column);
        let ancestors = table.map(|it| ancestors(&side.schema, &it)).unwrap_or_default();
        let above = ancestors.iter().map(|it| ObjectId::child(column.kind, it, &column.name));
        above.filter_map(|it| self.reshaping(&it)).collect()
    }

    /// The node before which something that needs an altered object must go. A column only keeps the
    /// old type of its name from going.
    fn giving_way(&self, id: &ObjectId, needed: &ObjectId) -> Option<Key> {
        let replaced = matches!(self.treatment(needed), Some(Treatment::ReplaceType));
        if replaced && id.kind == ObjectKind::Column {
            return Some(self.key(Role::Late, needed));
        }
        self.reshaping(needed)
    }

    fn edges_of_create(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(own) = self.creating(id) else { return };
        for needed in self.needs_after.needs(id) {
            if needed.kind == ObjectKind::Index && self.has_constraint_to_reference(id)
                || references_as_partition(&self.to.schema, id, needed)
            {
                continue;
            }
            if own.id == *id && is_of_parent(id, needed) {
                edges.extend(self.creating(needed).map(|it| (own.clone(), it)));
                continue;
            }
            let earlier = self.creating(needed).or_else(|| self.reshaping(needed));
            let later = self.late_default(id, needed).unwrap_or_else(|| own.clone());
            let above = self.reshaping_above(self.to, needed);
            edges.extend(earlier.into_iter().chain(above).map(|it| (it, later.clone())));
        }
        if self.has_late_default(id) {
            edges.insert((own, self.key(Role::Late, id)));
        }
    }

    /// A foreign key may lean on a unique index though a constraint has the same columns: the server
    /// took whichever it found first. A new one can do with the constraint.
    fn has_constraint_to_reference(&self, id: &ObjectId) -> bool {
        foreign_key(&self.to.schema, id)
            .and_then(|(_, key)| referenced_key(&self.to.schema, key))
            .is_some_and(|it| it.kind == ObjectKind::Constraint)
    }

    fn edges_of_alter(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let own = self.key(Role::Alter, id);
        let first = self.releasing(id);
        edges.extend(first.clone().map(|it| (it, own.clone())));
        for needed in self.needs_after.needs(id) {
            let earlier = self.creating(needed).or_else(|| self.reshaping(needed));
            edges.extend(earlier.map(|it| (it, own.clone())));
        }
        for needed in self.needs_before.needs(id) {
            if is_of_parent(id, needed) {
                // What a child says otherwise than its parent is put right after the parent.
                continue;
            }
            let lets_go = first.clone().unwrap_or_else(|| own.clone());
            if let Some(drop) = self.dropping(needed) {
                edges.insert((lets_go, drop));
            } else if !self.needs_after.needs(id).any(|it| it == needed) {
                edges.extend(self.reshaping(needed).map(|it| (lets_go, it)));
            }
        }
    }

    /// What a table is told last follows all that is made and changed on it, and comes before its
    /// old replica identity goes.
    fn edges_of_table_end(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(table) = id.table_name() else { return };
        let late = self.key(Role::Late, &ObjectId::table(&table));
        // Nothing that a table is told last asks for its foreign keys.
        let own = self.creating(id).or_else(|| self.altering(id));
        let own = own.filter(|it| it.id != *id || !self.is_foreign_key(id));
        edges.extend(own.map(|it| (it, late.clone())));
        let identity = match self.from.schema.get(&ObjectId::table(&table)) {
            Some(Object::Table(it)) => &it.replica_identity,
            _ => return,
        };
        if matches!(identity, ReplicaIdentity::Index(name) if *name == id.name)
            && self.treatment(id).is_some_and(|it| matches!(it, Treatment::Drop))
        {
            edges.extend(self.dropping(id).map(|it| (late, it)));
        }
    }

    /// An owned sequence is told its owner when both stand, and the owner's table is logged as it
    /// shall be, for its sequences follow it in that; one that outlives its owner lets go
    /// first; one whose place an identity column takes goes before that.
    fn edges_of_sequences(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for (id, object) in self.to.schema.iter() {
            let Object::Sequence(sequence) = object else { continue };
            let Some(owner) = &sequence.owned_by else { continue };
            let owners = owners(&self.to.schema, owner);
            let late = self.key(Role::Late, id);
            // SET LOGGED and SET UNLOGGED reach the sequences that the table owns by then.
            let table = self.altering(&ObjectId::table(&owner.table));
            let made = [self.creating(id), self.altering(id), table].into_iter().flatten();
            let made = made.chain(owners.iter().filter_map(|it| self.creating(it)));
            edges.extend(made.map(|it| (it, late.clone())));
            let column = ObjectId::child(ObjectKind::Column, &owner.table, &owner.column);
            if let (Some(release), Some(create)) = (self.releasing(&column), self.creating(id)) {
                edges.insert((release, create));
            }
        }
        for (id, object) in self.from.schema.iter() {
            let Object::Sequence(sequence) = object else { continue };
            let Some(owner) = &sequence.owned_by else { continue };
            let column = ObjectId::child(ObjectKind::Column, &owner.table, &owner.column);
            let release = self.key(Role::Release, id);
            let dropped = owners(&self.from.schema, owner);
            let dropped = dropped.iter().filter_map(|it| self.dropping(it));
            edges.extend(dropped.map(|it| (release.clone(), it)));
            if self.releasing(&column).is_some() {
                let freed = self.dropping(id).zip(self.altering(&column));
                edges.extend(freed);
            }
        }
    }

    /// A permanent table cannot reference an unlogged one at any moment: old foreign keys go before
    /// their tables change how they are logged, new ones come after it, and of two tables that
    /// change together the one that can stand alone is first.
    fn edges_of_logging(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for (id, ends) in foreign_keys(self.from) {
            let [own, other] = ends.each_ref().map(|it| self.relogging(it));
            let Some(drop) = self.dropping(id) else {
                if let (Some((own, persistence)), Some((other, _))) = (own, other) {
                    edges.insert(match persistence {
                        Persistence::Permanent => (other, own),
                        Persistence::Unlogged => (own, other),
                    });
                }
                continue;
            };
            edges.extend([own, other].into_iter().flatten().map(|it| (drop.clone(), it.0)));
        }
        for (id, ends) in foreign_keys(self.to) {
            let Some(create) = self.creating(id) else { continue };
            let relogged = ends.iter().filter_map(|it| self.relogging(it));
            edges.extend(relogged.map(|it| (it.0, create.clone())));
        }
    }

    /// The node that changes how a table is logged, and how it is logged then.
    fn relogging(&self, table: &ObjectId) -> Option<(Key, Persistence)> {
        let (Some(Object::Table(from)), Some(Object::Table(to))) =
            (self.from.schema.get(table), self.to.schema.get(table))
        else {
            return None;
        };
        let changes = from.persistence != to.persistence;
        self.altering(table).filter(|_| changes).map(|it| (it, to.persistence))
    }

    /// The key of a node.
    pub(super) fn key(&self, role: Role, id: &ObjectId) -> Key {
        let outside = match role {
            Role::Drop => self.concurrent.dropped.contains(id),
            Role::Release | Role::Create | Role::Alter | Role::Late => {
                self.concurrent.built.contains(id)
            }
        };
        let stage = match role {
            Role::Drop if outside && self.concurrent.rebuilt.contains(id) => Stage::Prepare,
            _ if outside => Stage::Finish,
            Role::Release => Stage::Clear,
            Role::Drop if matches!(self.treatment(id), Some(Treatment::Expand(_))) => Stage::Clear,
            Role::Drop => match id.kind {
                ObjectKind::Constraint
                | ObjectKind::Index
                | ObjectKind::Privileges
                | ObjectKind::DefaultPrivileges => Stage::Clear,
                ObjectKind::Defined(kind) if !kind.form().before_tables => Stage::Clear,
                ObjectKind::Defined(_)
                | ObjectKind::Namespace
                | ObjectKind::Extension
                | ObjectKind::Enum
                | ObjectKind::Domain
                | ObjectKind::Composite
                | ObjectKind::Sequence
                | ObjectKind::Table
                | ObjectKind::Column => Stage::GiveUp,
            },
            Role::Create | Role::Alter | Role::Late => Stage::Change,
        };
        let (on, place) = match self.to.schema.get(id).filter(|_| role == Role::Create) {
            Some(Object::Privileges(it)) => (it.on.qualified_name(), it.position),
            Some(Object::Column(it)) => (None, it.position),
            _ => (None, 0),
        };
        let table = id.table_name().or(on);
        let rank = rank(id.kind);
        let backwards = matches!(role, Role::Drop) && stage != Stage::Finish;
        let rank = if backwards { u8::MAX - rank } else { rank };
        let foreign = id.kind == ObjectKind::Constraint && self.is_foreign_key(id);
        let evaluated = matches!(role, Role::Create) && self.is_evaluated(id);
        let late = match role {
            Role::Late => 2,
            _ if foreign || evaluated => 1,
            _ => 0,
        };
        Key { stage, rank, table, late, role, kind: id.kind, place, id: id.clone() }
    }

    /// Whether creating it runs routines, whose bodies may name anything: a materialized view that
    /// calls some, be it through other views.
    fn is_evaluated(&self, id: &ObjectId) -> bool {
        let calls = |it: &ObjectId| {
            let mut queue = vec![it];
            let mut seen = BTreeSet::new();
            while let Some(next) = queue.pop() {
                for needed in self.needs_after.needs(next) {
                    match needed.kind {
                        ObjectKind::Defined(kind) if kind.is_routine() => return true,
                        ObjectKind::Defined(kind) if kind.is_relation() && seen.insert(needed) => {
                            queue.push(needed);
                        }
                        _ => {}
                    }
                }
            }
            false
        };
        id.kind == ObjectKind::Defined(DefinedKind::MaterializedView) && calls(id)
    }

    fn is_foreign_key(&self, id: &ObjectId) -> bool {
        let side = if self.to.schema.contains(id) { self.to } else { self.from };
        foreign_key(&side.schema, id).is_some()
    }
}

/// Whether a column is that of a parent of the other's table: a child adds what it declares itself
/// before its parents do, and drops it after them.
fn is_of_parent(id: &ObjectId, needed: &ObjectId) -> bool {
    let columns = id.kind == ObjectKind::Column && needed.kind == ObjectKind::Column;
    columns && needed.name == id.name && needed.table_name() != id.table_name()
}

/// Tables and what hangs on them share a rank, so that a table's statements stand together.
fn rank(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::Namespace => 0,
        ObjectKind::Extension => 1,
        ObjectKind::Defined(kind) if kind.form().before_tables => 2,
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite => 3,
        ObjectKind::Sequence => 4,
        ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index => 5,
        // From the moment it stands it fires on what else is done.
        ObjectKind::Defined(DefinedKind::EventTrigger) => 10,
        ObjectKind::Defined(kind) => match kind.form().naming {
            _ if kind.is_relation() => 7,
            Naming::Name | Naming::Text | Naming::For => 6,
            Naming::OnRelation => 8,
        },
        ObjectKind::Privileges => 9,
        ObjectKind::DefaultPrivileges => 11,
    }
}
