//! The objects that exist at a step of a plan: which tables a statement on their parent affects,
//! and which are connected by foreign keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule, ForeignKey};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::model::table::Table;
use crate::plan::statement::{MirrorAction, Statement};

/// The ties among tables, followed from statement to statement.
pub(in crate::plan) struct Standing {
    /// Partitions and children of each table.
    children: BTreeMap<QualifiedName, BTreeSet<QualifiedName>>,
    /// Foreign keys, by table and name.
    keys: BTreeMap<(QualifiedName, Ident), ForeignKey>,
    /// Default partitions, by their parent.
    defaults: BTreeMap<QualifiedName, QualifiedName>,
    /// Second columns in which no value is missing.
    filled: BTreeSet<ColumnRef>,
    /// The tables and names of foreign keys that hold for all rows.
    valid_keys: BTreeSet<(QualifiedName, Ident)>,
    /// Checks that hold for all rows, by table and name.
    checks: BTreeMap<(QualifiedName, Ident), Constraint>,
    /// Indexes and constraints that are gone.
    gone: BTreeSet<ObjectId>,
}

impl Standing {
    pub(in crate::plan) fn new(schema: &Schema) -> Self {
        let mut standing = Self {
            children: BTreeMap::new(),
            keys: BTreeMap::new(),
            defaults: BTreeMap::new(),
            filled: BTreeSet::new(),
            valid_keys: BTreeSet::new(),
            checks: BTreeMap::new(),
            gone: BTreeSet::new(),
        };
        for table in schema.tables() {
            standing.tie(table);
            schema.constraints(&table.name).for_each(|it| standing.bind(it));
        }
        standing
    }

    /// A table and all partitions and children below it.
    pub(in crate::plan) fn tree(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut tree = vec![table.clone()];
        let mut at = 0;
        while let Some(parent) = tree.get(at) {
            let children = self.children.get(parent).into_iter().flatten();
            let children: Vec<_> = children.filter(|it| !tree.contains(it)).cloned().collect();
            tree.extend(children);
            at += 1;
        }
        tree
    }

    /// Whether a table is a partition or child of another.
    pub(in crate::plan) fn is_child(&self, table: &QualifiedName, parent: &QualifiedName) -> bool {
        self.children.get(parent).is_some_and(|it| it.contains(table))
    }

    /// The default partition of a table.
    pub(in crate::plan) fn default_partition(
        &self,
        parent: &QualifiedName,
    ) -> Option<&QualifiedName> {
        self.defaults.get(parent)
    }

    /// The foreign keys of a table.
    pub(in crate::plan) fn keys_of(
        &self,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &ForeignKey> {
        let of_table = move |it: &(&(QualifiedName, Ident), &ForeignKey)| it.0.0 == *table;
        let first = (table.clone(), Ident::new(""));
        self.keys.range(first..).take_while(of_table).map(|(_, key)| key)
    }

    /// The foreign keys that reference a table, with the tables that they are of.
    pub(in crate::plan) fn keys_to<'a>(
        &'a self,
        table: &'a QualifiedName,
    ) -> impl Iterator<Item = (&'a QualifiedName, &'a ForeignKey)> {
        let to_table = self.keys.iter().filter(|(_, key)| key.references == *table);
        to_table.map(|((of, _), key)| (of, key))
    }

    /// Whether an index or a constraint is still there.
    pub(in crate::plan) fn has(&self, id: &ObjectId) -> bool {
        !self.gone.contains(id)
    }

    /// What a statement changes of it.
    pub(in crate::plan) fn follow(&mut self, statement: &Statement) {
        match statement {
            Statement::CreateTable(it) => {
                self.tie(&it.table);
                it.constraints.iter().for_each(|it| self.bind(it));
            }
            Statement::DropTable(name) | Statement::DropForeignTable(name) => {
                self.children.remove(name);
                for children in self.children.values_mut() {
                    children.remove(name);
                }
                self.defaults.retain(|_, it| it != name);
                self.keys.retain(|(table, _), _| table != name);
            }
            Statement::AttachPartition { table, link } => {
                self.add_child(&link.parent, table);
                if link.bound == "DEFAULT" {
                    self.defaults.insert(link.parent.clone(), table.clone());
                }
            }
            Statement::DetachPartition { table, parent, .. } => {
                self.remove_child(parent, table);
                self.defaults.retain(|_, it| it != table);
            }
            Statement::SetInherit { table, parent, inherit: true } => {
                self.add_child(parent, table);
            }
            Statement::SetInherit { table, parent, inherit: false } => {
                self.remove_child(parent, table);
            }
            Statement::AddConstraint(it) => {
                self.gone.remove(&constraint_id(it));
                self.bind(it);
            }
            Statement::AddConstraintUsing { constraint: it, .. } => {
                self.gone.remove(&constraint_id(it));
            }
            Statement::ValidateConstraint(it) => self.prove(it),
            Statement::Mirror { mirror, action: MirrorAction::ValidateCheck }
                if mirror.not_null =>
            {
                let (table, column) = (mirror.table.clone(), mirror.new.clone());
                self.filled.insert(ColumnRef { table, column });
            }
            Statement::DropConstraint(it) => {
                self.checks.remove(&(it.table.clone(), it.name.clone()));
                self.gone.insert(constraint_id(it));
                self.keys.remove(&(it.table.clone(), it.name.clone()));
            }
            Statement::DropIndex { table, name, .. } => {
                self.gone.insert(ObjectId::child(ObjectKind::Index, table, name));
            }
            _ => {}
        }
    }

    fn tie(&mut self, table: &Table) {
        for parent in table.parents() {
            self.add_child(parent, &table.name);
        }
        if let Some(link) = table.partition_of.as_ref().filter(|it| it.bound == "DEFAULT") {
            self.defaults.insert(link.parent.clone(), table.name.clone());
        }
    }

    /// The checks of a table that hold for all rows.
    pub(in crate::plan) fn proved(
        &self,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &Constraint> {
        let first = (table.clone(), Ident::new(""));
        self.checks.range(first..).take_while(move |it| it.0.0 == *table).map(|(_, check)| check)
    }

    /// Whether a check has proved of a second column that no value is missing.
    pub(in crate::plan) fn is_filled(&self, column: &ColumnRef) -> bool {
        self.filled.contains(column)
    }

    /// Whether a table has an equal foreign key that holds for all rows.
    pub(in crate::plan) fn is_valid_key(&self, table: &QualifiedName, key: &ForeignKey) -> bool {
        let valid = self.valid_keys.iter().filter(|it| it.0 == *table);
        valid.into_iter().any(|it| self.keys.get(it) == Some(key))
    }

    fn prove(&mut self, constraint: &Constraint) {
        if matches!(constraint.rule, ConstraintRule::ForeignKey(_)) {
            self.valid_keys.insert((constraint.table.clone(), constraint.name.clone()));
        }
        if matches!(constraint.rule, ConstraintRule::Check { .. }) {
            let name = (constraint.table.clone(), constraint.name.clone());
            self.checks.insert(name, constraint.clone());
        }
    }

    fn bind(&mut self, constraint: &Constraint) {
        if constraint.validated && constraint.enforced {
            self.prove(constraint);
        }
        if let ConstraintRule::ForeignKey(key) = &constraint.rule {
            let name = (constraint.table.clone(), constraint.name.clone());
            self.keys.insert(name, key.clone());
        }
    }

    fn add_child(&mut self, parent: &QualifiedName, child: &QualifiedName) {
        self.children.entry(parent.clone()).or_default().insert(child.clone());
    }

    fn remove_child(&mut self, parent: &QualifiedName, child: &QualifiedName) {
        if let Some(children) = self.children.get_mut(parent) {
            children.remove(child);
        }
    }
}

fn constraint_id(constraint: &Constraint) -> ObjectId {
    ObjectId::child(ObjectKind::Constraint, &constraint.table, &constraint.name)
}
