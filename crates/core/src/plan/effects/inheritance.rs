//! The effects of statements on whole tables, on partitions and on tables that inherit.

use crate::model::ident::QualifiedName;
use crate::model::table::Table;
use crate::plan::effects::context::{Context, referenced};
use crate::plan::online::proves_bound;
use crate::plan::statement::TableDefinition;
use crate::plan::step::{Effect, Lock, LockLevel};

impl Context<'_> {
    /// CREATE TABLE: what it references and what it becomes a part of is locked.
    pub(in crate::plan) fn create_table(&self, definition: &TableDefinition) -> Effect {
        let table = &definition.table;
        let references = definition.constraints.iter().filter_map(referenced);
        let mut locks: Vec<Lock> = references
            .flat_map(|it| self.on_tree(it, LockLevel::ShareRowExclusive).locks)
            .collect();
        locks.extend(self.locked_parents(table, true));
        let mut effect = Effect { locks, ..Effect::default() };
        if let Some(link) = &table.partition_of {
            self.look_into_default(&link.parent, &table.name, &mut effect);
            // The partition gets the foreign keys of its parent, and those to its parent.
            let keys = self.standing.keys_of(&link.parent).map(|it| &it.references);
            let keys = keys.chain(self.standing.keys_to(&link.parent).map(|(of, _)| of));
            for other in keys.filter(|it| **it != link.parent) {
                effect.locks.extend(self.on_tree(other, LockLevel::ShareRowExclusive).locks);
            }
        }
        effect
    }

    /// DROP TABLE.
    pub(in crate::plan) fn drop_table(&self, name: &QualifiedName) -> Effect {
        let mut effect = self.on_table(name, LockLevel::AccessExclusive);
        for key in self.standing.keys_of(name).filter(|it| it.references != *name) {
            effect.locks.extend(self.on_tree(&key.references, LockLevel::AccessExclusive).locks);
        }
        if let Some(table) = self.from.table(name) {
            effect.locks.extend(self.locked_parents(table, false));
            let link =
                table.partition_of.iter().filter(|it| self.standing.is_child(name, &it.parent));
            let default = link.filter_map(|it| self.standing.default_partition(&it.parent));
            let locks = default.filter_map(|it| self.lock(it, LockLevel::AccessExclusive));
            effect.locks.extend(locks.collect::<Vec<_>>());
        }
        effect.loss = self.exists(name).then(|| "every row of the table".to_owned());
        effect
    }

    /// ATTACH PARTITION: the parent stays in use, the table is read.
    pub(in crate::plan) fn attach(&self, table: &QualifiedName, parent: &QualifiedName) -> Effect {
        let mut effect = self.on_tree(table, LockLevel::AccessExclusive);
        effect.locks.extend(self.lock(parent, LockLevel::ShareUpdateExclusive));
        let bound = self.after.bounds.of(table);
        let proved = bound.is_some_and(|bound| self.proves(table, bound));
        effect.scans = self.has_rows(table) && !proved;
        effect.fails = effect.scans.then(|| "a row is outside of the partition bound".to_owned());
        self.look_into_default(parent, table, &mut effect);
        effect
    }

    /// A default partition is looked through for rows that belong to the new one.
    fn look_into_default(
        &self,
        parent: &QualifiedName,
        partition: &QualifiedName,
        effect: &mut Effect,
    ) {
        let Some(default) = self.standing.default_partition(parent) else { return };
        effect.locks.extend(self.on_tree(default, LockLevel::AccessExclusive).locks);
        let bound = self.after.bounds.of(partition);
        let proved = bound.is_some_and(|bound| self.proves(default, &format!("NOT ({bound})")));
        if self.has_rows(default) && !proved {
            effect.scans = true;
            let fails = format!("a row of {default} belongs to the new partition");
            effect.fails =
                Some(effect.fails.take().map_or(fails.clone(), |it| format!("{it}, or {fails}")));
        }
    }

    /// Whether a valid check says of all rows of a table what a bound asks for.
    fn proves(&self, table: &QualifiedName, bound: &str) -> bool {
        self.standing.proved(table).any(|it| proves_bound(it, bound))
    }

    /// DETACH PARTITION: no row of the partition may be referenced. CONCURRENTLY locks the partition alone so that
    /// its queries wait, when those that used it by way of the parent have ended.
    pub(super) fn detach(
        &self,
        table: &QualifiedName,
        parent: &QualifiedName,
        concurrently: bool,
    ) -> Effect {
        let mut effect = self.on_table(table, LockLevel::AccessExclusive);
        if concurrently {
            // The second transaction locks the partition ACCESS EXCLUSIVE (manual, ALTER TABLE, DETACH
            // PARTITION).
            effect.locks.extend(self.lock(parent, LockLevel::ShareUpdateExclusive));
            return effect;
        }
        effect.locks.extend(self.lock(parent, LockLevel::AccessExclusive));
        // Detaching changes the constraint of the default partition (`ATExecDetachPartition`, tablecmds.c).
        if let Some(default) = self.standing.default_partition(parent) {
            effect.locks.extend(self.lock(default, LockLevel::AccessExclusive));
        }
        for (of, _) in self.standing.keys_to(parent) {
            effect.locks.extend(self.on_tree(of, LockLevel::AccessExclusive).locks);
            effect.scans |= self.has_rows(of);
        }
        effect.fails = effect.scans.then(|| "a row of the partition is referenced".to_owned());
        effect
    }

    /// INHERIT and NO INHERIT.
    pub(in crate::plan) fn set_inherit(
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
    fn locked_parents(&self, table: &Table, made: bool) -> Vec<Lock> {
        let partition = table.partition_of.iter().map(|it| &it.parent);
        let partition = partition
            .filter(|it| made || self.standing.is_child(&table.name, it))
            .filter_map(|it| self.lock(it, LockLevel::AccessExclusive));
        let inherits = table.inherits.iter().filter(|_| made);
        let inherits = inherits.filter_map(|it| self.lock(it, LockLevel::ShareUpdateExclusive));
        partition.chain(inherits).collect()
    }
}

/// ALTER INDEX … ATTACH PARTITION.
pub(in crate::plan) fn attach_index(parent: &QualifiedName, index: &QualifiedName) -> Effect {
    let lock = |level, name: &QualifiedName| Lock { level, relation: format!("index {name}") };
    let locks = vec![
        lock(LockLevel::AccessExclusive, index),
        lock(LockLevel::ShareUpdateExclusive, parent),
    ];
    Effect { locks, ..Effect::default() }
}
