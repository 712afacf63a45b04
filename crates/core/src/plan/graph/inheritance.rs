//! The order among tables with inherited columns.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::table::Table;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::decisions::partition::new_parent;
use crate::plan::graph::base::Graph;
use crate::plan::graph::key::{Key, Role};
use crate::plan::inheritance::inherited::held_by;
use crate::plan::statement::Statement;

impl Graph<'_> {
    /// A table leaves its parents before anything is done to it, and joins others when it is like
    /// them; what a child says otherwise is said after its parents have spoken.
    pub(in crate::plan) fn edges_of_hierarchy(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for (id, disposition) in self.site.dispositions {
            let Some(table) = id.table_name() else { continue };
            let own = [self.creating(id), self.altering(id), self.dropping(id)];
            let own: Vec<Key> = own.into_iter().flatten().collect();
            let whole = ObjectId::table(&table);
            if let Some(release) = self.releasing(&whole) {
                edges.extend(own.iter().map(|it| (release.clone(), it.clone())));
            }
            let joins = self.joins(&whole);
            if joins {
                let late = self.key(Role::Late, &whole);
                edges.extend(own.iter().map(|it| (it.clone(), late.clone())));
            }
            if id.kind == ObjectKind::Column && matches!(disposition, Disposition::Alter(_)) {
                self.edges_from_parents(id, &table, edges);
            }
        }
        for table in self.site.to.schema.tables() {
            self.edges_of_children(table, edges);
        }
        for id in self.site.dispositions.keys().filter(|it| it.kind == ObjectKind::Table) {
            self.edges_of_leaving(id, edges);
            self.edges_of_detached(id, edges);
            self.edges_of_birth(id, edges);
        }
        for id in self.site.dispositions.keys().filter(|it| it.kind == ObjectKind::Constraint) {
            self.edges_of_check(id, edges);
        }
    }

    /// A child drops its own check of a name after its parents have dropped theirs, and before they get
    /// a new one.
    fn edges_of_check(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(own) = self.dropping(id).filter(|it| it.id == *id) else { return };
        let table = id.table_name();
        let above = table.map(|it| ancestors(&self.site.from.schema, &it)).unwrap_or_default();
        for parent in above.iter().map(|it| ObjectId::child(id.kind, it, &id.name)) {
            let drops = self.dropping(&parent).filter(|it| it.id == parent);
            edges.extend(drops.map(|it| (it, own.clone())));
            edges.extend(self.creating(&parent).map(|it| (own.clone(), it)));
        }
    }

    /// A new child says what it has otherwise when it is made: what its ancestors' columns are told
    /// would reach it after that.
    fn edges_of_birth(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let (Some(table), Some(own)) = (id.table_name(), self.creating(id)) else { return };
        for ancestor in self.ancestors(&table) {
            let columns = self.site.to.schema.columns(&ancestor);
            if columns.iter().any(|it| !it.not_null_constraint.validated) {
                let late = self.key(Role::Late, &ObjectId::table(&ancestor));
                edges.insert((own.clone(), late));
            }
            for column in columns {
                let column = ObjectId::child(ObjectKind::Column, &ancestor, &column.name);
                edges.extend(self.altering(&column).map(|it| (it, own.clone())));
            }
        }
    }

    /// Whether a table that stands becomes a child of another.
    pub(in crate::plan) fn joins(&self, table: &ObjectId) -> bool {
        let Some(Disposition::Alter(altered)) = self.site.dispositions.get(table) else {
            return false;
        };
        altered.late.iter().any(|it| {
            matches!(
                it,
                Statement::AttachPartition { .. }
                    | Statement::SetInherit { .. }
                    | Statement::SetType { .. }
            )
        })
    }

    /// What is done to the same column of an ancestor comes first.
    fn edges_from_parents(
        &self,
        id: &ObjectId,
        table: &QualifiedName,
        edges: &mut BTreeSet<(Key, Key)>,
    ) {
        let own = self.key(Role::Alter, id);
        for ancestor in self.ancestors(table) {
            let column = ObjectId::child(ObjectKind::Column, &ancestor, &id.name);
            let first = self.creating(&column).or_else(|| self.altering(&column));
            edges.extend(first.map(|it| (it, own.clone())));
        }
    }

    /// A table joins its parent, and gets the names of its indexes, when the parent is complete. A
    /// new index of a parent takes along what partitions have of their own.
    fn edges_of_children(&self, table: &Table, edges: &mut BTreeSet<(Key, Key)>) {
        let late = self.key(Role::Late, &ObjectId::table(&table.name));
        let ancestors = self.joined(&table.name);
        if ancestors.is_empty() {
            return;
        }
        for ancestor in &ancestors {
            // What a parent is told of its triggers reaches its partitions.
            edges.insert((self.key(Role::Late, &ObjectId::table(ancestor)), late.clone()));
            // An index ON ONLY a table stays without those of the partitions that are there already.
            for index in self.site.to.schema.indexes(ancestor).filter(|it| !it.valid) {
                let index = ObjectId::child(ObjectKind::Index, ancestor, &index.name);
                let table = self.creating(&ObjectId::table(&table.name));
                edges.extend(table.zip(self.creating(&index)));
            }
            if table.attached.is_empty() {
                continue;
            }
            for index in self.site.to.schema.indexes(ancestor) {
                let index = ObjectId::child(ObjectKind::Index, ancestor, &index.name);
                let Some(later) = self.creating(&index) else { continue };
                let held = held_by(&self.site.to.schema, &index);
                let held = held.iter().filter_map(|it| self.creating(it));
                edges.extend(held.map(|it| (it, later.clone())));
            }
        }
        let belongs = self
            .site
            .dispositions
            .keys()
            .filter(|it| it.table_name().is_some_and(|it| ancestors.contains(&it)));
        let child = ObjectId::table(&table.name);
        for id in belongs {
            let done = [self.creating(id), self.altering(id)];
            let done = done.into_iter().flatten();
            let waits = |it: &Key| it.id == *id && self.joins_for(id, &child);
            edges.extend(done.filter(|it| !waits(it)).map(|it| (it, late.clone())));
        }
    }

    /// Children leave a table before it goes, and before it is changed.
    fn edges_of_leaving(&self, child: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(release) = self.releasing(child) else { return };
        for parent in self.left_parents(child) {
            let belongs =
                self.site.dispositions.keys().filter(|it| it.table_name().as_ref() == Some(parent));
            // A key that the child has a part in goes before the child leaves.
            let needs_child = |it: &&ObjectId| {
                self.is_foreign_key(it) && self.site.needs_before.needs(it).any(|it| it == child)
            };
            for id in belongs.filter(|it| !needs_child(it)) {
                let done = [self.dropping(id), self.altering(id), self.creating(id)];
                edges.extend(done.into_iter().flatten().map(|it| (release.clone(), it)));
            }
        }
        // Another partition may take its place.
        for parent in self.left_parents(child) {
            let tables = self.site.dispositions.keys().filter(|it| it.kind == ObjectKind::Table);
            let joins = tables.filter_map(|id| {
                match new_parent(self.site.to, id, &self.site.dispositions[id]) {
                    Some(it) if it == parent => {
                        Some(self.creating(id).unwrap_or_else(|| self.key(Role::Late, id)))
                    }
                    _ => None,
                }
            });
            edges.extend(joins.map(|it| (release.clone(), it)));
        }
        // A partition takes its own partitions along, and what references them by way of the parent.
        let table = child.table_name();
        let below = table.map(|it| self.site.from.schema.descendants(&it)).unwrap_or_default();
        let dropped = below.iter().filter_map(|it| self.dropping(&ObjectId::table(&it.name)));
        edges.extend(dropped.map(|it| (release.clone(), it)));
    }

    /// A partition that was detached has all of its parent for its own, which no longer changes with
    /// the parent's: it is dropped before what the parent gives up.
    fn edges_of_detached(&self, child: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        if !matches!(self.site.dispositions.get(child), Some(Disposition::DetachAndDrop)) {
            return;
        }
        let (Some(table), Some(own)) = (child.table_name(), self.dropping(child)) else { return };
        for ancestor in ancestors(&self.site.from.schema, &table) {
            let objects = self.site.from.schema.iter().map(|(id, _)| id);
            for id in objects.filter(|it| it.table_name().as_ref() == Some(&ancestor)) {
                let needed = self.site.needs_before.needs(id);
                for needed in needed.filter(|it| it.table_name().as_ref() != Some(&ancestor)) {
                    let later = self.dropping(needed).or_else(|| self.replaced(id, needed));
                    edges.extend(later.map(|it| (own.clone(), it)));
                }
            }
        }
    }

    /// The parents that a table leaves before all else.
    fn left_parents(&self, child: &ObjectId) -> Vec<&QualifiedName> {
        match self.site.dispositions.get(child) {
            Some(Disposition::Alter(altered)) => {
                let left = altered.release.iter().filter_map(|it| match it {
                    Statement::DetachPartition { parent, .. }
                    | Statement::SetInherit { parent, .. } => Some(parent),
                    _ => None,
                });
                left.collect()
            }
            Some(Disposition::DetachAndDrop) => {
                let table = child.table_name().and_then(|it| self.site.from.schema.table(&it));
                table.into_iter().flat_map(Table::parents).collect()
            }
            Some(
                Disposition::Create
                | Disposition::Drop
                | Disposition::Replace
                | Disposition::Expand(_)
                | Disposition::ReplaceType,
            )
            | None => Vec::new(),
        }
    }

    /// The table that another one is a partition of after the plan.
    pub(in crate::plan) fn parent(&self, table: &QualifiedName) -> Option<QualifiedName> {
        let link = self.site.to.schema.table(table)?.partition_of.as_ref();
        if let Some(link) = link {
            return Some(link.parent.clone());
        }
        let Some(Disposition::Alter(altered)) = self.site.dispositions.get(&ObjectId::table(table))
        else {
            return None;
        };
        altered.late.iter().find_map(|it| match it {
            Statement::AttachPartition { link, .. } => Some(link.parent.clone()),
            _ => None,
        })
    }

    fn ancestors(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        ancestors(&self.site.to.schema, table)
    }

    /// The ancestors of a table after the plan, also of one that stands alone meanwhile.
    fn joined(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = self.ancestors(table);
        if let Some(Disposition::Alter(altered)) =
            self.site.dispositions.get(&ObjectId::table(table))
        {
            for statement in &altered.late {
                match statement {
                    Statement::AttachPartition { link, .. } => found.push(link.parent.clone()),
                    Statement::SetInherit { parent, .. } => found.push(parent.clone()),
                    _ => {}
                }
            }
        }
        found
    }
}

/// The tables that a table has columns from, the nearest first.
pub(in crate::plan) fn ancestors(schema: &Schema, table: &QualifiedName) -> Vec<QualifiedName> {
    let mut found: Vec<QualifiedName> = Vec::new();
    let mut next: Vec<&QualifiedName> = vec![table];
    while let Some(name) = next.pop() {
        for parent in schema.table(name).into_iter().flat_map(Table::parents) {
            if !found.contains(parent) {
                next.push(parent);
                found.push(parent.clone());
            }
        }
    }
    found
}
