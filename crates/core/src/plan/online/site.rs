//! Questions of the online recipes to both sides.

use crate::model::attached::{attached_name, sources};
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::Constraint;
use crate::model::ident::{Ident, QualifiedName, object_name};
use crate::model::not_null::NAMED_NOT_NULL_SINCE;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::decisions::altered::Altered;
use crate::plan::decisions::disposition::{Disposition, Dispositions};
use crate::plan::dependencies::{DependencyMap, foreign_key, referenced_keys};
use crate::plan::free::{first_free, is_taken};
use crate::plan::mirror::Mirror;
use crate::plan::row_key::row_keys;
use crate::plan::statement::Statement;

/// Both sides, and what was decided of each object.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Site<'a> {
    pub(in crate::plan) from: &'a Snapshot,
    pub(in crate::plan) to: &'a Snapshot,
    pub(in crate::plan) needs_before: &'a DependencyMap,
    pub(in crate::plan) needs_after: &'a DependencyMap,
    pub(in crate::plan) dispositions: &'a Dispositions,
}

impl<'a> Site<'a> {
    /// Whether a table was there before, stays, and it or one below it keeps rows.
    pub(in crate::plan) fn is_in_use(&self, table: &QualifiedName) -> bool {
        let keeps_rows = |it: &Table| it.partition_by.is_none() && it.foreign.is_none();
        let schema = &self.from.schema;
        self.stays(table)
            && schema.table(table).is_some_and(|it| {
                keeps_rows(it) || schema.descendants(table).into_iter().any(keeps_rows)
            })
    }

    /// Whether a table was there before and is the same one after.
    pub(in crate::plan) fn stays(&self, table: &QualifiedName) -> bool {
        self.stays_itself(&ObjectId::table(table))
    }

    /// The same of any object.
    pub(in crate::plan) fn stays_itself(&self, id: &ObjectId) -> bool {
        let decided = self.dispositions.get(id);
        self.from.schema.contains(id)
            && self.to.schema.contains(id)
            && !decided.is_some_and(|it| it.removes() || it.makes())
    }

    /// Whether a table leaves or joins parents, a type or a partitioned table: what is said of it
    /// meanwhile is said of a table that stands alone.
    pub(in crate::plan) fn is_moved(&self, table: &QualifiedName) -> bool {
        let moves = |it: &Statement| {
            matches!(
                it,
                Statement::SetInherit { .. }
                    | Statement::AttachPartition { .. }
                    | Statement::DetachPartition { .. }
                    | Statement::SetType { .. }
            )
        };
        self.altered(table).is_some_and(|it| it.release.iter().chain(&it.late).any(moves))
    }

    /// Whether a column is there before and keeps its type, its collation and the way it is generated.
    pub(in crate::plan) fn keeps_values(&self, table: &QualifiedName, name: &Ident) -> bool {
        let [before, after] = [self.from, self.to].map(|it| it.schema.column(table, name));
        let (Some(before), Some(after)) = (before, after) else { return false };
        let id = ObjectId::child(ObjectKind::Column, table, name);
        let decided = self.dispositions.get(&id);
        let is_generated =
            |it: &Column| matches!(it.value, ColumnValue::Stored(_) | ColumnValue::Virtual(_));
        before.data_type == after.data_type
            && before.collation == after.collation
            && !decided.is_some_and(|it| it.removes() || it.makes())
            && !self.is_of_replaced_type(&id)
            && (!is_generated(&after) || before.value == after.value)
    }

    /// The second column of one whose type changes by way of it.
    pub(in crate::plan) fn mirror(&self, column: &ObjectId) -> Option<&'a Mirror> {
        self.dispositions.get(column)?.mirror()
    }

    /// What has the values of a column before anything else is done: the column itself, or its second
    /// column.
    pub(in crate::plan) fn prepared(&self, table: &QualifiedName, name: &Ident) -> Option<Ident> {
        let id = ObjectId::child(ObjectKind::Column, table, name);
        let mirror = self.mirror(&id).map(|it| it.new.clone());
        mirror.or_else(|| self.keeps_values(table, name).then(|| name.clone()))
    }

    /// Whether every column that a table has before keeps its values.
    pub(in crate::plan) fn keeps_all_values(&self, table: &QualifiedName) -> bool {
        self.from.schema.column_names(table).iter().all(|it| self.keeps_values(table, it))
    }

    /// Whether all that a new object needs is there before the plan, and stays as it is.
    pub(in crate::plan) fn exists_before(&self, id: &ObjectId) -> bool {
        let mut needed = self.needs_after.needs(id).filter(|it| it.kind != ObjectKind::Table);
        needed.all(|it| {
            let quiet = self.dispositions.get(it).is_none_or(Disposition::is_quiet);
            self.from.schema.contains(it) && quiet
        })
    }

    /// The major version that both sides are at least of.
    pub(super) fn version(&self) -> u32 {
        let [from, to] = [self.from, self.to].map(|it| it.environment.major_version());
        from.min(to)
    }

    /// Whether NOT NULL constraints have names, and can be NOT VALID.
    pub(super) fn names_not_null(&self) -> bool {
        self.version() >= NAMED_NOT_NULL_SINCE
    }

    /// Whether a table that was none becomes a partition.
    pub(in crate::plan) fn joins_partitions(&self, table: &QualifiedName) -> bool {
        self.altered(table).is_some_and(|it| it.release.is_empty()) && self.is_attached(table)
    }

    /// Whether a table is attached as a partition, be it again.
    pub(super) fn is_attached(&self, table: &QualifiedName) -> bool {
        let attaches = |it: &Statement| matches!(it, Statement::AttachPartition { .. });
        self.altered(table).is_some_and(|it| it.late.iter().any(attaches))
    }

    /// What is said to change a table where it stands.
    fn altered(&self, table: &QualifiedName) -> Option<&'a Altered> {
        match self.dispositions.get(&ObjectId::table(table))? {
            Disposition::Alter(altered) => Some(altered),
            Disposition::Create
            | Disposition::Drop
            | Disposition::DetachAndDrop
            | Disposition::Replace
            | Disposition::Expand(_)
            | Disposition::ReplaceType => None,
        }
    }

    /// Whether the type of a column is replaced by a new one of the same name.
    fn is_of_replaced_type(&self, column: &ObjectId) -> bool {
        let mut needed = self.needs_before.needs(column);
        needed.any(|it| matches!(self.dispositions.get(it), Some(Disposition::ReplaceType)))
    }

    /// Whether the rows of a table are in its partitions, before or after.
    pub(in crate::plan) fn is_partitioned(&self, table: &QualifiedName) -> bool {
        [self.from, self.to].into_iter().any(|it| is_partitioned(it, table))
    }

    /// Whether the rows of a table are in its partitions before the plan.
    pub(in crate::plan) fn was_partitioned(&self, table: &QualifiedName) -> bool {
        is_partitioned(self.from, table)
    }

    /// The columns by which rows are told apart, before the plan and after it.
    pub(in crate::plan) fn row_key(&self, table: &QualifiedName) -> Option<Vec<Ident>> {
        let not_null = |it: &Ident| self.to.schema.column(table, it).is_some_and(|it| it.not_null);
        let stays = |(constraint, columns): &(&Constraint, &[Ident])| {
            let id = ObjectId::child(ObjectKind::Constraint, table, &constraint.name);
            !self.dispositions.contains_key(&id)
                && columns.iter().all(|it| self.keeps_values(table, it) && not_null(it))
        };
        let found = row_keys(&self.from.schema, table).into_iter().find(stays);
        found.map(|it| it.1.to_vec())
    }

    /// A name beside an object's own that no relation, constraint or type on either side bears.
    pub(in crate::plan) fn free_name(
        &self,
        beside: &QualifiedName,
        name: &Ident,
        label: &str,
    ) -> Ident {
        let made = |label: &str| object_name(name.as_str(), None, label);
        self.free(beside, made, label)
    }

    /// A name made of a table's and a column's that nothing on either side bears.
    pub(in crate::plan) fn free_column_name(
        &self,
        table: &QualifiedName,
        column: &Ident,
        label: &str,
    ) -> Ident {
        let made = |label: &str| object_name(table.name.as_str(), Some(column.as_str()), label);
        self.free(table, made, label)
    }

    fn free(&self, beside: &QualifiedName, made: impl Fn(&str) -> Ident, label: &str) -> Ident {
        first_free(label, made, |it| self.is_taken(&beside.sibling(it.clone())))
    }

    /// Whether a part that a partition has of an index or key of its parent bears a name before.
    pub(super) fn is_part(&self, name: &QualifiedName) -> bool {
        let schema = &self.from.schema;
        let partitions = schema.tables().filter(|it| it.partition_of.is_some());
        let here = partitions.filter(|it| it.name.namespace == name.namespace);
        here.into_iter().any(|table| {
            sources(schema, &table.name).into_iter().any(|it| {
                attached_name(schema, &table.name, &it.root).is_some_and(|it| it == name.name)
            })
        })
    }

    /// Whether something in its namespace bears a name, before or after.
    pub(super) fn is_taken(&self, name: &QualifiedName) -> bool {
        is_taken([&self.from.schema, &self.to.schema], name)
    }

    /// Whether a new foreign key can only be made once an index is gone: it would take the first index
    /// that fits, and hold it.
    pub(in crate::plan) fn holds_up_key(&self, index: &ObjectId) -> bool {
        self.new_foreign_keys().any(|it| self.old_keys(it).contains(index))
    }

    /// The foreign keys that are made.
    pub(in crate::plan) fn new_foreign_keys(&self) -> impl Iterator<Item = &'a ObjectId> {
        let (from, to) = (self.from, self.to);
        let made = self.dispositions.iter().filter(|(_, it)| Disposition::makes(it)).map(|it| it.0);
        made.filter(move |id| {
            let side = if to.schema.contains(id) { to } else { from };
            id.kind == ObjectKind::Constraint && foreign_key(&side.schema, id).is_some()
        })
    }

    /// What makes the columns that a new foreign key references a key before the plan.
    pub(in crate::plan) fn old_keys(&self, id: &ObjectId) -> Vec<ObjectId> {
        let key = foreign_key(&self.to.schema, id);
        key.map(|(_, it)| referenced_keys(&self.from.schema, it)).unwrap_or_default()
    }

    /// The default partition of a table before the plan.
    pub(super) fn default_partition(&self, parent: &QualifiedName) -> Option<&'a Table> {
        self.from.schema.tables().find(|it| {
            let link = it.partition_of.as_ref();
            link.is_some_and(|it| it.parent == *parent && it.bound == "DEFAULT")
        })
    }

    /// The partitions below a partitioned table that have rows of their own.
    pub(in crate::plan) fn leaves(&self, table: &QualifiedName) -> Vec<&'a Table> {
        let below = self.from.schema.descendants(table).into_iter();
        below.filter(|it| it.partition_by.is_none()).collect()
    }
}

fn is_partitioned(side: &Snapshot, table: &QualifiedName) -> bool {
    side.schema.table(table).is_some_and(|it| it.partition_by.is_some())
}
