//! Which node must come before which.

use std::collections::BTreeSet;

use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::model::table::{Persistence, ReplicaIdentity};
use crate::plan::decisions::disposition::Disposition;
use crate::plan::decisions::retyped::columns_of_type;
use crate::plan::dependencies::{foreign_key, owners, referenced_key, references_as_partition};
use crate::plan::inheritance::inherited::own_below;

use super::base::Graph;
use super::inheritance::ancestors;
use super::inside::foreign_keys;
use super::key::{Key, Role};

impl Graph<'_> {
    /// Everything that must come before something else.
    pub(in crate::plan) fn edges(&self) -> BTreeSet<(Key, Key)> {
        let mut edges = BTreeSet::new();
        for (id, disposition) in self.site.dispositions {
            if disposition.removes() {
                self.edges_of_drop(id, &mut edges);
            }
            if disposition.makes() {
                self.edges_of_create(id, &mut edges);
            }
            if self.altering(id).is_some() {
                self.edges_of_alter(id, &mut edges);
            }
            if matches!(disposition, Disposition::ReplaceType) {
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
    pub(super) fn edges_of_type(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let old = self.key(Role::Late, id);
        edges.insert((self.key(Role::Alter, id), old.clone()));
        for dependent in self.site.needs_before.needed_by(id) {
            if matches!(self.disposition(dependent), Some(Disposition::ReplaceType)) {
                edges.insert((self.key(Role::Late, dependent), old.clone()));
            }
            edges.extend(self.creating(dependent).map(|it| (old.clone(), it)));
        }
        // What stands on a column that moves over is out of the way meanwhile.
        let own = self.key(Role::Alter, id);
        for (column, _) in
            columns_of_type(id, (self.site.from, self.site.to), self.site.dispositions)
        {
            // A table that joins others has its new types by then.
            edges.insert((own.clone(), self.key(Role::Late, &ObjectId::table(&column.table))));
            let column = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
            let mut moved = own_below(&self.site.from.schema, &column);
            moved.push(column);
            // Indexes follow by themselves.
            let conflicting = |it: &&ObjectId| it.kind != ObjectKind::Index;
            for column in moved {
                let gone = self.site.needs_before.needed_by(&column).filter(conflicting);
                edges.extend(gone.filter_map(|it| Some((self.dropping(it)?, own.clone()))));
                let made = self.site.needs_after.needed_by(&column).filter(conflicting);
                edges.extend(made.filter_map(|it| Some((own.clone(), self.creating(it)?))));
                // A child drops its default before, and is given it back after.
                let released = self.releasing(&column);
                edges.extend(released.map(|it| (it, own.clone())));
                let given = self.altering(&column);
                edges.extend(given.map(|it| (own.clone(), it)));
            }
        }
    }

    pub(super) fn edges_of_drop(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(own) = self.dropping(id) else { return };
        for needed in self.site.needs_before.needs(id) {
            if own.id == *id && is_of_parent(id, needed) {
                edges.extend(self.dropping(needed).map(|it| (it, own.clone())));
                continue;
            }
            let later = self.dropping(needed).or_else(|| self.replaced(id, needed));
            let earlier = self.early_default(id, needed).unwrap_or_else(|| own.clone());
            let above = self.reshaping_above(self.site.from, needed);
            edges.extend(later.into_iter().chain(above).map(|it| (earlier.clone(), it)));
            if references_as_partition(&self.site.from.schema, id, needed) {
                edges.extend(self.releasing(needed).map(|it| (own.clone(), it)));
            }
        }
        if let Some(create) = self.creating(id) {
            edges.insert((own, create));
        }
    }

    /// The nodes that change a column of parents, and that of a child with it.
    pub(super) fn reshaping_above(&self, side: &Snapshot, column: &ObjectId) -> Vec<Key> {
        let table = column.table_name().filter(|_| column.kind == ObjectKind::Column);
        let ancestors = table.map(|it| ancestors(&side.schema, &it)).unwrap_or_default();
        let above = ancestors.iter().map(|it| ObjectId::child(column.kind, it, &column.name));
        above.filter_map(|it| self.reshaping(&it)).collect()
    }

    /// The node before which something that needs an altered object must go. A column only keeps the
    /// old type of its name from going.
    pub(super) fn replaced(&self, id: &ObjectId, needed: &ObjectId) -> Option<Key> {
        let replaced = matches!(self.disposition(needed), Some(Disposition::ReplaceType));
        if replaced && id.kind == ObjectKind::Column {
            return Some(self.key(Role::Late, needed));
        }
        self.reshaping(needed)
    }

    pub(super) fn edges_of_create(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(own) = self.creating(id) else { return };
        for needed in self.site.needs_after.needs(id) {
            if needed.kind == ObjectKind::Index && self.has_constraint_to_reference(id)
                || references_as_partition(&self.site.to.schema, id, needed)
            {
                continue;
            }
            if own.id == *id && is_of_parent(id, needed) {
                edges.extend(self.creating(needed).map(|it| (own.clone(), it)));
                continue;
            }
            let earlier = self.creating(needed).or_else(|| self.reshaping(needed));
            let later = self.late_default(id, needed).unwrap_or_else(|| own.clone());
            let above = self.reshaping_above(self.site.to, needed);
            edges.extend(earlier.into_iter().chain(above).map(|it| (it, later.clone())));
        }
        if self.has_late_default(id) {
            edges.insert((own, self.key(Role::Late, id)));
        }
    }

    /// A foreign key may lean on a unique index though a constraint has the same columns: the server
    /// took whichever it found first. A new one can do with the constraint.
    pub(super) fn has_constraint_to_reference(&self, id: &ObjectId) -> bool {
        foreign_key(&self.site.to.schema, id)
            .and_then(|(_, key)| referenced_key(&self.site.to.schema, key))
            .is_some_and(|it| it.kind == ObjectKind::Constraint)
    }

    pub(super) fn edges_of_alter(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let own = self.key(Role::Alter, id);
        let first = self.releasing(id);
        edges.extend(first.clone().map(|it| (it, own.clone())));
        for needed in self.site.needs_after.needs(id) {
            let earlier = self.creating(needed).or_else(|| self.reshaping(needed));
            edges.extend(earlier.map(|it| (it, own.clone())));
        }
        for needed in self.site.needs_before.needs(id) {
            if is_of_parent(id, needed) {
                // Where a child differs from its parent, it is altered after the parent.
                continue;
            }
            let lets_go = first.clone().unwrap_or_else(|| own.clone());
            if let Some(drop) = self.dropping(needed) {
                edges.insert((lets_go, drop));
            } else if !self.site.needs_after.needs(id).any(|it| it == needed) {
                edges.extend(self.reshaping(needed).map(|it| (lets_go, it)));
            }
        }
    }

    /// What a table is told last follows all that is made and changed on it, and comes before its
    /// old replica identity goes.
    pub(super) fn edges_of_table_end(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(table) = id.table_name() else { return };
        let late = self.key(Role::Late, &ObjectId::table(&table));
        // Nothing that a table is told last asks for its foreign keys.
        let own = self.creating(id).or_else(|| self.altering(id));
        let own = own.filter(|it| it.id != *id || !self.is_foreign_key(id));
        edges.extend(own.map(|it| (it, late.clone())));
        let identity = match self.site.from.schema.get(&ObjectId::table(&table)) {
            Some(Object::Table(it)) => &it.replica_identity,
            _ => return,
        };
        if matches!(identity, ReplicaIdentity::Index(name) if *name == id.name)
            && self.disposition(id).is_some_and(|it| matches!(it, Disposition::Drop))
        {
            edges.extend(self.dropping(id).map(|it| (late, it)));
        }
    }

    /// An owned sequence is told its owner when both stand, and the owner's table is logged as it
    /// shall be, for its sequences follow it in that; one that outlives its owner lets go
    /// first; one whose place an identity column takes goes before that.
    pub(super) fn edges_of_sequences(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for (id, object) in self.site.to.schema.iter() {
            let Object::Sequence(sequence) = object else { continue };
            let Some(owner) = &sequence.owned_by else { continue };
            let owners = owners(&self.site.to.schema, owner);
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
        for (id, object) in self.site.from.schema.iter() {
            let Object::Sequence(sequence) = object else { continue };
            let Some(owner) = &sequence.owned_by else { continue };
            let column = ObjectId::child(ObjectKind::Column, &owner.table, &owner.column);
            let release = self.key(Role::Release, id);
            let dropped = owners(&self.site.from.schema, owner);
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
    pub(super) fn edges_of_logging(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for (id, ends) in foreign_keys(self.site.from) {
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
        for (id, ends) in foreign_keys(self.site.to) {
            let Some(create) = self.creating(id) else { continue };
            let relogged = ends.iter().filter_map(|it| self.relogging(it));
            edges.extend(relogged.map(|it| (it.0, create.clone())));
        }
    }

    /// The node that changes how a table is logged, and how it is logged then.
    pub(super) fn relogging(&self, table: &ObjectId) -> Option<(Key, Persistence)> {
        let (Some(Object::Table(from)), Some(Object::Table(to))) =
            (self.site.from.schema.get(table), self.site.to.schema.get(table))
        else {
            return None;
        };
        let changes = from.persistence != to.persistence;
        self.altering(table).filter(|_| changes).map(|it| (it, to.persistence))
    }
}

/// Whether a column is that of a parent of the other's table: a child adds what it declares itself
/// before its parents do, and drops it after them.
fn is_of_parent(id: &ObjectId, needed: &ObjectId) -> bool {
    let columns = id.kind == ObjectKind::Column && needed.kind == ObjectKind::Column;
    columns && needed.name == id.name && needed.table_name() != id.table_name()
}
