//! The effects of statements on partitions and on tables that inherit.

use crate::model::ident::QualifiedName;
use crate::model::table::Table;
use crate::plan::step::{Effect, Lock, LockLevel};

use super::Context;

impl Context<'_> {
    /// ATTACH PARTITION: the parent stays in use, the table is read.
    pub(super) fn attach(&self, table: &QualifiedName, parent: &QualifiedName) -> Effect {
        let mut effect = self.on_table(table, LockLevel::AccessExclusive);
        effect.locks.extend(self.lock(parent, LockLevel::ShareUpdateExclusive));
        effect.scans = self.exists(table);
        effect.fails = effect.scans.then(|| "a row lies outside of the bound".to_owned());
        effect
    }

    /// DETACH PARTITION.
    pub(super) fn detach(&self, table: &QualifiedName, parent: &QualifiedName) -> Effect {
        let mut effect = self.on_table(table, LockLevel::AccessExclusive);
        effect.locks.extend(self.lock(parent, LockLevel::AccessExclusive));
        effect
    }

    /// INHERIT and NO INHERIT.
    pub(super) fn set_inherit(
        &self,
        table: &QualifiedName,
        parent: &QualifiedName,
        inherit: bool,
    ) -> Effect {
        let mut effect = self.on_table(table, LockLevel::AccessExclusive);
        if inherit {
            effect.locks.extend(self.lock(parent, LockLevel::ShareUpdateExclusive));
        }
        effect
    }

    /// What a table that is made or dropped locks of its parents.
    pub(super) fn locked_parents(&self, table: &Table, made: bool) -> Vec<Lock> {
        let partition = table.partition_of.iter();
        let partition =
            partition.filter_map(|it| self.lock(&it.parent, LockLevel::AccessExclusive));
        let inherits = table.inherits.iter().filter(|_| made);
        let inherits = inherits.filter_map(|it| self.lock(it, LockLevel::ShareUpdateExclusive));
        partition.chain(inherits).collect()
    }
}

/// ALTER INDEX … ATTACH PARTITION.
pub(super) fn attach_index(parent: &QualifiedName, index: &QualifiedName) -> Effect {
    let lock = |level, name: &QualifiedName| Lock { level, relation: format!("index {name}") };
    let locks = vec![
        lock(LockLevel::AccessExclusive, index),
        lock(LockLevel::ShareUpdateExclusive, parent),
    ];
    Effect { locks, ..Effect::default() }
}
