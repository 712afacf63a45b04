//! What comes before what among tables that have their columns from others.

use std::collections::BTreeSet;

use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::table::Table;
use crate::plan::hierarchy::held_by;
use crate::plan::statement::Statement;
use crate::plan::treatment::Treatment;

use super::{Graph, Key, Role};

impl Graph<'_> {
    /// A table leaves its parents before anything is done to it, and joins others when it is like
    /// them; what a child says otherwise is said after its parents have spoken.
    pub(super) fn edges_of_hierarchy(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for (id, treatment) in self.treatments {
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
            if id.kind == ObjectKind::Column && matches!(treatment, Treatment::Alter(_)) {
                self.edges_from_parents(id, &table, edges);
            }
        }
        for table in self.to.schema.tables() {
            self.edges_of_children(table, edges);
        }
        for id in self.treatments.keys().filter(|it| it.kind == ObjectKind::Table) {
            self.edges_of_leaving(id, edges);
            self.edges_of_birth(id, edges);
        }
    }

    /// A new child says what it has otherwise when it is made: what its ancestors' columns are told
    /// would reach it after that.
    fn edges_of_birth(&self, id: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let (Some(table), Some(own)) = (id.table_name(), self.creating(id)) else { return };
        for ancestor in self.ancestors(&table) {
            for column in self.to.schema.columns(&ancestor) {
                let column = ObjectId::child(ObjectKind::Column, &ancestor, &column.name);
                edges.extend(self.altering(&column).map(|it| (it, own.clone())));
            }
        }
    }

    /// Whether a table that stands becomes a child of another.
    fn joins(&self, table: &ObjectId) -> bool {
        let Some(Treatment::Alter(altered)) = self.treatments.get(table) else { return false };
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
            // An index ON ONLY a table stays without those of the partitions that are there already.
            for index in self.to.schema.indexes(ancestor).filter(|it| !it.valid) {
                let index = ObjectId::child(ObjectKind::Index, ancestor, &index.name);
                let table = self.creating(&ObjectId::table(&table.name));
                edges.extend(table.zip(self.creating(&index)));
            }
            for index in table.attached.keys() {
                let index = ObjectId::child(ObjectKind::Index, ancestor, index);
                let held = held_by(&self.to.schema, &index);
                let held = held.iter().filter_map(|it| self.creating(it));
                let later = self.creating(&index);
                edges.extend(held.zip(later.into_iter().cycle()));
            }
        }
        let hangs = self
            .treatments
            .keys()
            .filter(|it| it.table_name().is_some_and(|it| ancestors.contains(&it)));
        for id in hangs {
            let done = [self.creating(id), self.altering(id)];
            edges.extend(done.into_iter().flatten().map(|it| (it, late.clone())));
        }
    }

    /// Children leave a table before it goes, and before it is changed.
    fn edges_of_leaving(&self, child: &ObjectId, edges: &mut BTreeSet<(Key, Key)>) {
        let Some(Treatment::Alter(altered)) = self.treatments.get(child) else { return };
        let Some(release) = self.releasing(child).filter(|_| !altered.release.is_empty()) else {
            return;
        };
        let parents = altered.release.iter().filter_map(|it| match it {
            Statement::DetachPartition { parent, .. } | Statement::SetInherit { parent, .. } => {
                Some(parent)
            }
            _ => None,
        });
        for parent in parents {
            let hangs =
                self.treatments.keys().filter(|it| it.table_name().as_ref() == Some(parent));
            for id in hangs {
                let done = [self.dropping(id), self.altering(id), self.creating(id)];
                edges.extend(done.into_iter().flatten().map(|it| (release.clone(), it)));
            }
        }
    }

    fn ancestors(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut found: Vec<QualifiedName> = Vec::new();
        let mut next: Vec<QualifiedName> = vec![table.clone()];
        while let Some(name) = next.pop() {
            let parents = self.to.schema.table(&name).into_iter().flat_map(Table::parents);
            for parent in parents.filter(|it| !found.contains(it)).cloned().collect::<Vec<_>>() {
                next.push(parent.clone());
                found.push(parent);
            }
        }
        found
    }

    /// The ancestors of a table after the plan, also of one that stands alone meanwhile.
    fn joined(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = self.ancestors(table);
        if let Some(Treatment::Alter(altered)) = self.treatments.get(&ObjectId::table(table)) {
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
