//! Breaking cycles: what need not be part of CREATE TABLE is added after it, and what need not be
//! part of DROP TABLE is dropped before it.
//!
//! A check or a default of a table can call a function with rows of the same table as argument, and
//! a foreign key from a partitioned table to itself has a constraint for each partition.

use crate::model::constraint::ConstraintRule;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::plan::column::{as_column, default_of, is_generated, type_name};
use crate::plan::dependencies::DependencyMap;
use crate::plan::graph::base::Graph;
use crate::plan::graph::key::{Key, Role};

impl Graph<'_> {
    /// Takes apart what holds a cycle together. Whether there was anything.
    pub(in crate::plan) fn loosen(&mut self, cycle: &[Key]) -> bool {
        let mut loosened = false;
        for key in cycle.iter().filter(|it| it.id.kind == ObjectKind::Table) {
            loosened |= match key.role {
                Role::Create => self.loosen_create(&key.id, cycle),
                Role::Drop => self.loosen_drop(&key.id, cycle),
                Role::Release | Role::Alter | Role::Late => false,
            };
        }
        loosened
    }

    fn loosen_create(&mut self, table: &ObjectId, cycle: &[Key]) -> bool {
        let inside = children(table, self.created_inside.iter());
        let held = |id: &ObjectId| {
            let needed = self.site.needs_after.needs(id);
            let mut keys = needed.filter_map(|it| self.creating(it).or_else(|| self.reshaping(it)));
            keys.any(|it| cycle.contains(&it) && it.id != *table)
        };
        let held: Vec<ObjectId> = inside.into_iter().filter(held).collect();
        let mut loosened = false;
        for id in held {
            loosened |= match part(self.site.to, &id) {
                Part::Default => self.late_defaults.insert(id),
                Part::Whole => self.created_inside.remove(&id),
                Part::Firm => false,
            };
        }
        loosened
    }

    fn loosen_drop(&mut self, table: &ObjectId, cycle: &[Key]) -> bool {
        let inside = children(table, self.dropped_inside.iter());
        let held = |id: &ObjectId| {
            let needed = self.site.needs_before.needs(id);
            let mut keys = needed.filter_map(|it| self.dropping(it));
            keys.any(|it| cycle.contains(&it) && it.id != *table)
        };
        let held: Vec<ObjectId> = inside.into_iter().filter(held).collect();
        let mut loosened = false;
        for id in held {
            loosened |= match part(self.site.from, &id) {
                Part::Default => self.early_defaults.insert(id),
                Part::Whole => self.dropped_inside.remove(&id),
                Part::Firm => false,
            };
        }
        loosened
    }

    /// Whether the default of a new column is set after its table stands.
    pub(in crate::plan) fn has_late_default(&self, id: &ObjectId) -> bool {
        self.late_defaults.contains(id)
    }

    /// Columns whose default goes before their table.
    pub(in crate::plan) fn early_defaults(&self) -> impl Iterator<Item = &ObjectId> {
        self.early_defaults.iter()
    }

    /// The node that sets a late default, if that is what needs the other object.
    pub(in crate::plan) fn late_default(&self, id: &ObjectId, needed: &ObjectId) -> Option<Key> {
        let late = self.late_defaults.contains(id)
            && by_default(self.site.to, self.site.needs_after, id, needed);
        late.then(|| self.key(Role::Late, id))
    }

    /// The node that drops a default early, if that is what needs the other object.
    pub(in crate::plan) fn early_default(&self, id: &ObjectId, needed: &ObjectId) -> Option<Key> {
        let early = self.early_defaults.contains(id)
            && by_default(self.site.from, self.site.needs_before, id, needed);
        early.then(|| self.key(Role::Release, id))
    }
}

/// What can be taken out of a table's definition.
enum Part {
    /// The default of a column.
    Default,
    /// All of it.
    Whole,
    /// Nothing.
    Firm,
}

fn part(side: &Snapshot, id: &ObjectId) -> Part {
    match side.schema.get(id) {
        Some(Object::Column(it)) if is_generated(it) => Part::Whole,
        Some(Object::Column(it)) if default_of(it).is_some() => Part::Default,
        Some(Object::Constraint(it)) => match &it.rule {
            ConstraintRule::Check { .. } | ConstraintRule::ForeignKey(_) => Part::Whole,
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Exclude { .. } => Part::Firm,
        },
        Some(Object::Defined(_)) => Part::Whole,
        _ => Part::Firm,
    }
}

fn children<'a>(table: &ObjectId, ids: impl Iterator<Item = &'a ObjectId>) -> Vec<ObjectId> {
    ids.filter(|it| it.parent().as_ref() == Some(table)).cloned().collect()
}

/// Whether a column needs an object for its default rather than for its type or its table.
fn by_default(side: &Snapshot, needs: &DependencyMap, id: &ObjectId, needed: &ObjectId) -> bool {
    let column = side.schema.get(id).and_then(as_column);
    let of_type = column
        .and_then(type_name)
        .is_some_and(|it| Some(it) == needed.qualified_name() && needed.relation.is_none());
    needs.needs(id).any(|it| it == needed) && !of_type && needed.kind != ObjectKind::Table
}
