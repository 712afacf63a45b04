//! The objects before a plan, and those that exist at a step.

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule, Key};
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::sequence::SequenceOptions;
use crate::model::snapshot::Snapshot;
use crate::plan::step::{Effect, Lock, LockLevel};

use super::standing::Standing;

/// What stood before a plan: only that can be in use. Statements are told one after the other, for what
/// one has dropped the next does not lock.
pub(in crate::plan) struct Context<'a> {
    pub(super) from: &'a Schema,
    pub(super) before: &'a Snapshot,
    pub(super) after: &'a Snapshot,
    pub(super) standing: Standing,
}

impl<'a> Context<'a> {
    pub(in crate::plan) fn new(from: &'a Snapshot, to: &'a Snapshot) -> Self {
        let standing = Standing::new(&from.schema);
        Self { from: &from.schema, before: from, after: to, standing }
    }

    pub(in crate::plan) fn exists(&self, table: &QualifiedName) -> bool {
        self.from.contains(&ObjectId::table(table))
    }

    pub(in crate::plan) fn lock(&self, table: &QualifiedName, level: LockLevel) -> Option<Lock> {
        self.exists(table).then(|| Lock { level, relation: table.to_string() })
    }

    pub(in crate::plan) fn on_table(&self, table: &QualifiedName, level: LockLevel) -> Effect {
        Effect { locks: self.lock(table, level).into_iter().collect(), ..Effect::default() }
    }

    /// A lock on a table and on all partitions and children below it.
    pub(super) fn on_tree(&self, table: &QualifiedName, level: LockLevel) -> Effect {
        let tree = self.standing.tree(table);
        let locks = tree.iter().filter_map(|it| self.lock(it, level)).collect();
        Effect { locks, ..Effect::default() }
    }

    /// Whether a table, or one below it, was there before and keeps rows of its own.
    pub(super) fn has_rows(&self, table: &QualifiedName) -> bool {
        self.standing.tree(table).iter().any(|it| self.keeps_rows(it))
    }

    pub(super) fn keeps_rows(&self, table: &QualifiedName) -> bool {
        let table = self.from.table(table);
        table.is_some_and(|it| it.partition_by.is_none() && it.foreign.is_none())
    }

    pub(super) fn sequence_lock(&self, name: &QualifiedName, level: LockLevel) -> Vec<Lock> {
        let exists = self.from.contains(&ObjectId::named(ObjectKind::Sequence, name));
        exists.then(|| Lock { level, relation: format!("sequence {name}") }).into_iter().collect()
    }

    pub(super) fn is_partitioned(&self, table: &QualifiedName) -> bool {
        self.from.table(table).is_some_and(|it| it.partition_by.is_some())
    }
}

pub(super) fn referenced(constraint: &Constraint) -> Option<&QualifiedName> {
    match &constraint.rule {
        ConstraintRule::ForeignKey(key) => Some(&key.references),
        ConstraintRule::PrimaryKey(_)
        | ConstraintRule::Unique(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => None,
    }
}

pub(super) fn key(constraint: &Constraint) -> Option<&Key> {
    match &constraint.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => Some(key),
        ConstraintRule::ForeignKey(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => None,
    }
}

pub(super) fn is_check(constraint: &Constraint) -> bool {
    matches!(constraint.rule, ConstraintRule::Check { .. })
}

pub(super) fn restarts(from: &SequenceOptions, to: &SequenceOptions) -> Option<String> {
    let loss = "the sequence's current value: it restarts within the new bounds";
    from.restarts(to).then(|| loss.to_owned())
}

/// When new bounds of a sequence fail on where it stands.
pub(super) fn narrows(from: &SequenceOptions, to: &SequenceOptions) -> Option<String> {
    let narrower = to.min > from.min || to.max < from.max;
    (narrower && !from.restarts(to))
        .then(|| "the sequence's current value is outside of the new bounds".to_owned())
}
