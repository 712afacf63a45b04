//! The effects of statements on objects with a definition in SQL.

use std::collections::BTreeSet;

use crate::model::definition::{DefinedKind, Naming};
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::plan::effects::context::Context;
use crate::plan::step::{Effect, Lock, LockLevel};

impl Context<'_> {
    /// CREATE, or CREATE OR REPLACE of an existing object.
    pub(in crate::plan) fn define(&self, object: &ObjectId, or_replace: bool) -> Effect {
        let ObjectKind::Defined(kind) = object.kind else { return Effect::default() };
        let level = match kind {
            DefinedKind::Trigger => LockLevel::ShareRowExclusive,
            _ => LockLevel::AccessExclusive,
        };
        let mut effect = self.on_owner(kind, object, level);
        if or_replace && kind.is_relation() {
            effect.locks.extend(self.lock_on(object, LockLevel::AccessExclusive));
        }
        match kind {
            // The query runs, and its rows are stored.
            DefinedKind::MaterializedView => {
                let tables = tables_under(self.after, object, &mut BTreeSet::new());
                Effect { scans: tables.iter().any(|it| self.has_rows(it)), ..effect }
            }
            DefinedKind::Statistics | DefinedKind::Publication => self.beside(self.after, object),
            _ => effect,
        }
    }

    /// ENABLE and DISABLE.
    pub(in crate::plan) fn set_firing(&self, object: &ObjectId) -> Effect {
        match object.kind {
            ObjectKind::Defined(DefinedKind::Trigger) => {
                let table = object.table_name().filter(|it| self.is_partitioned(it));
                let level = LockLevel::ShareRowExclusive;
                match table {
                    Some(table) => self.on_tree(&table, level),
                    None => self.on_owner(DefinedKind::Trigger, object, level),
                }
            }
            ObjectKind::Defined(kind) => self.on_owner(kind, object, LockLevel::AccessExclusive),
            _ => Effect::default(),
        }
    }

    /// DROP.
    pub(in crate::plan) fn drop(&self, object: &ObjectId) -> Effect {
        let ObjectKind::Defined(kind) = object.kind else { return Effect::default() };
        let mut effect = self.on_owner(kind, object, LockLevel::AccessExclusive);
        if kind.is_relation() {
            effect.locks.extend(self.lock_on(object, LockLevel::AccessExclusive));
        }
        match kind {
            DefinedKind::Statistics => self.beside(self.before, object),
            _ => effect,
        }
    }

    /// What is about tables and does not belong to one keeps other changes of them away.
    fn beside(&self, side: &Snapshot, object: &ObjectId) -> Effect {
        let tables = side.dependencies.of(object).filter_map(ObjectId::table_name);
        let locks = tables.filter_map(|it| self.lock(&it, LockLevel::ShareUpdateExclusive));
        Effect { locks: locks.collect(), ..Effect::default() }
    }

    /// ALTER … RENAME TO.
    pub(in crate::plan) fn rename_defined(&self, kind: DefinedKind, object: &ObjectId) -> Effect {
        let mut effect = self.on_owner(kind, object, LockLevel::AccessExclusive);
        if kind.is_relation() {
            let (level, relation) = (LockLevel::AccessExclusive, object.to_string());
            effect.locks.push(Lock { level, relation });
        }
        effect
    }

    /// A lock on the relation that something belongs to, if it is in use.
    fn on_owner(&self, kind: DefinedKind, object: &ObjectId, level: LockLevel) -> Effect {
        let owner = self.from.owner(object).filter(|_| kind.form().naming == Naming::OnRelation);
        let locks = owner.and_then(|it| self.lock_on(&it, level)).into_iter().collect();
        Effect { locks, ..Effect::default() }
    }

    /// A lock on a relation, if it is in use. A table goes by its bare name.
    fn lock_on(&self, relation: &ObjectId, level: LockLevel) -> Option<Lock> {
        let shown = match relation.kind {
            ObjectKind::Table => relation.qualified_name()?.to_string(),
            _ => relation.to_string(),
        };
        self.from.contains(relation).then_some(Lock { level, relation: shown })
    }
}

/// The tables that a view reads, those of the views under it among them.
fn tables_under(
    side: &Snapshot,
    view: &ObjectId,
    seen: &mut BTreeSet<ObjectId>,
) -> BTreeSet<QualifiedName> {
    let mut tables = BTreeSet::new();
    if seen.insert(view.clone()) {
        for needed in side.dependencies.of(view) {
            tables.extend(needed.table_name());
            tables.extend(tables_under(side, needed, seen));
        }
    }
    tables
}
