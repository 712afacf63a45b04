//! What each statement does to a database in use: locks, rewrites, scans, losses.
//!
//! The manual has most of it (section 13.3, ALTER TABLE, CREATE INDEX); a server has the last word: each
//! step of each case in `tests/cases/diff` is run and looked at (`tests/it/facts.rs`).

mod column;
mod defined;
mod hierarchy;
mod standing;

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule, Key};
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::sequence::SequenceOptions;
use crate::model::snapshot::Snapshot;

use super::statement::{DomainAction, Statement};
use hierarchy::attach_index;
use standing::Standing;

use super::step::{Effect, Lock, LockLevel, TxMode};

/// What stood before a plan: only that can be in use. Statements are told one after the other, for what
/// one has dropped the next does not lock.
pub(super) struct Context<'a> {
    from: &'a Schema,
    before: &'a Snapshot,
    after: &'a Snapshot,
    standing: Standing,
}

impl<'a> Context<'a> {
    pub(super) fn new(from: &'a Snapshot, to: &'a Snapshot) -> Self {
        let standing = Standing::new(&from.schema);
        Self { from: &from.schema, before: from, after: to, standing }
    }

    /// The effect of the next statement.
    pub(super) fn effect(&mut self, statement: &Statement) -> Effect {
        let mut effect = self.of(statement);
        // A table can take part in several ways.
        let mut said = BTreeSet::new();
        effect.locks.retain(|it| said.insert((it.level, it.relation.clone())));
        self.standing.follow(statement);
        effect
    }

    fn of(&self, statement: &Statement) -> Effect {
        use LockLevel::{AccessExclusive, Share, ShareUpdateExclusive};
        match statement {
            Statement::CreateNamespace(_)
            | Statement::CreateExtensionNamespace(_)
            | Statement::DropNamespace(_)
            | Statement::DropExtensionNamespace(_)
            | Statement::CreateExtension(_)
            | Statement::SetExtensionNamespace { .. }
            | Statement::UpdateExtension { .. }
            | Statement::CreateEnum(_)
            | Statement::DropEnum(_)
            | Statement::CreateDomain(_)
            | Statement::CreateComposite(_)
            | Statement::AlterComposite { .. }
            | Statement::Complete { .. }
            | Statement::CheckFunctionBodies(_)
            | Statement::NoteOwners { .. }
            | Statement::RestoreOwners { .. }
            | Statement::Grant { .. }
            | Statement::GrantByDefault { .. }
            | Statement::RenameLabel { .. }
            | Statement::CreateSequence(_)
            | Statement::CommentForeignTable { .. } => Effect::default(),
            Statement::Comment { object, .. } => self.comment(object),
            Statement::RequireFilled { table, new, .. } => Effect {
                scans: self.exists(table),
                fails: Some(format!("a row has no value in {new} yet")),
                ..Effect::default()
            },
            Statement::AlterDomain { action, .. } => alter_domain(action),
            Statement::Define { definition, or_replace } => {
                self.define(&definition.id, *or_replace)
            }
            Statement::SetFiring { object, .. } => self.set_firing(object),
            Statement::Drop { object, .. } => self.drop(object),
            Statement::DropExtension(_) => Effect {
                fails: Some("something still uses the extension".to_owned()),
                ..Effect::default()
            },
            Statement::AddLabel { .. } => {
                Effect { transaction: TxMode::CommitAfter, ..Effect::default() }
            }
            Statement::AlterSequence { name, from, to } => {
                let lock = LockLevel::ShareRowExclusive;
                let (locks, loss) = (self.sequence_lock(name, lock), restarts(from, to));
                Effect { locks, loss, fails: narrows(from, to), ..Effect::default() }
            }
            Statement::SetSequenceOwner { name, .. } => {
                let lock = LockLevel::ShareRowExclusive;
                Effect { locks: self.sequence_lock(name, lock), ..Effect::default() }
            }
            Statement::RaiseSequence { name, .. } => {
                let locks = self.sequence_lock(name, LockLevel::RowExclusive);
                Effect { locks, ..Effect::default() }
            }
            Statement::DropSequence(name) => Effect {
                locks: self.sequence_lock(name, AccessExclusive),
                loss: Some("the sequence's current value".to_owned()),
                ..Effect::default()
            },
            Statement::ContinueIdentity { column } => {
                Effect { scans: !self.is_first_key(column), ..Effect::default() }
            }
            Statement::CreateTable(it) => self.create_table(it),
            Statement::DropTable(name) => self.drop_table(name),
            Statement::DropForeignTable(name) => Effect { loss: None, ..self.drop_table(name) },
            Statement::AttachPartition { table, link } => self.attach(table, &link.parent),
            Statement::DetachPartition { table, parent } => self.detach(table, parent),
            Statement::SetInherit { table, parent, inherit } => {
                self.set_inherit(table, parent, *inherit)
            }
            Statement::SetType { table, .. } | Statement::SetForeignOptions { table, .. } => {
                self.on_table(table, AccessExclusive)
            }
            Statement::SetAccessMethod { table, .. } => {
                Effect { rewrites: true, ..self.on_table(table, AccessExclusive) }
            }
            Statement::AttachIndex { parent, index, .. } => attach_index(parent, index),
            Statement::SetPersistence { relation, .. } => {
                let rewrites = relation.kind == ObjectKind::Table;
                Effect { rewrites, ..self.locking(relation, AccessExclusive) }
            }
            Statement::SetOptions { relation, .. } => self.locking(relation, ShareUpdateExclusive),
            Statement::SetRowSecurity { table, .. }
            | Statement::SetReplicaIdentity { table, .. } => self.on_table(table, AccessExclusive),
            Statement::SetCluster { table, .. } => self.on_table(table, ShareUpdateExclusive),
            Statement::AddColumn(column) => self.add_column(column),
            Statement::DropColumn { column, .. } => self.drop_column(column),
            Statement::AlterColumn { column, action } => self.alter_column(column, action),
            Statement::NotNull { column, action } => self.not_null(column, action),
            Statement::AddConstraint(it) => self.add_constraint(it),
            Statement::AddConstraintUsing { constraint, .. } => {
                self.on_table(&constraint.table, AccessExclusive)
            }
            Statement::Mirror { mirror, action } => self.mirror(mirror, *action),
            Statement::Fill { column, value, .. } => Effect {
                loss: self.loss_of_copy(value),
                fails: self.failure_of_copy(value),
                fills: self.has_rows(&column.table),
                transaction: TxMode::Outside,
                ..self.on_tree(&column.table, LockLevel::RowExclusive)
            },
            Statement::ContinueSequence { .. } => Effect::default(),
            Statement::DropConstraint(it) => self.drop_constraint(it),
            Statement::ValidateConstraint(it) => Effect {
                scans: true,
                fails: Some(broken(it)),
                ..self.on_tree(&it.table, ShareUpdateExclusive)
            },
            Statement::SetConstraintTiming { table, .. } => self.on_table(table, AccessExclusive),
            Statement::CreateIndex { index, only: true, .. } => self.on_table(&index.table, Share),
            Statement::CreateIndex { index, concurrently, only: false } => {
                let level = if *concurrently { ShareUpdateExclusive } else { Share };
                let has_rows = self.has_rows(&index.table);
                Effect {
                    scans: has_rows,
                    builds_index: has_rows,
                    fails: (has_rows && index.unique)
                        .then(|| "two rows have the same key".to_owned()),
                    transaction: outside(*concurrently),
                    ..self.on_tree(&index.table, level)
                }
            }
            Statement::DropIndex { table, concurrently, .. } => {
                let level = if *concurrently { ShareUpdateExclusive } else { AccessExclusive };
                let transaction = outside(*concurrently);
                Effect { transaction, ..self.on_tree(table, level) }
            }
            Statement::Rename { object, .. } | Statement::Move { object, .. } => {
                self.rename(object)
            }
        }
    }

    pub(super) fn exists(&self, table: &QualifiedName) -> bool {
        self.from.contains(&ObjectId::table(table))
    }

    pub(super) fn lock(&self, table: &QualifiedName, level: LockLevel) -> Option<Lock> {
        self.exists(table).then(|| Lock { level, relation: table.to_string() })
    }

    pub(super) fn on_table(&self, table: &QualifiedName, level: LockLevel) -> Effect {
        Effect { locks: self.lock(table, level).into_iter().collect(), ..Effect::default() }
    }

    /// A lock on a table and on all partitions and children below it.
    fn on_tree(&self, table: &QualifiedName, level: LockLevel) -> Effect {
        let tree = self.standing.tree(table);
        let locks = tree.iter().filter_map(|it| self.lock(it, level)).collect();
        Effect { locks, ..Effect::default() }
    }

    /// Whether a table, or one below it, was there before and keeps rows of its own.
    fn has_rows(&self, table: &QualifiedName) -> bool {
        self.standing.tree(table).iter().any(|it| self.keeps_rows(it))
    }

    fn keeps_rows(&self, table: &QualifiedName) -> bool {
        let table = self.from.table(table);
        table.is_some_and(|it| it.partition_by.is_none() && it.foreign.is_none())
    }

    /// COMMENT keeps other changes of the table away.
    fn comment(&self, object: &ObjectId) -> Effect {
        let table = match object.kind {
            ObjectKind::Table | ObjectKind::Column => object.table_name(),
            _ => None,
        };
        let level = LockLevel::ShareUpdateExclusive;
        table.map_or_else(Effect::default, |it| self.on_table(&it, level))
    }

    fn sequence_lock(&self, name: &QualifiedName, level: LockLevel) -> Vec<Lock> {
        let exists = self.from.contains(&ObjectId::named(ObjectKind::Sequence, name));
        exists.then(|| Lock { level, relation: format!("sequence {name}") }).into_iter().collect()
    }

    fn locking(&self, relation: &ObjectId, level: LockLevel) -> Effect {
        match (relation.kind, relation.table_name()) {
            (ObjectKind::Sequence, _) => {
                let name = relation.qualified_name();
                let locks = name.map(|it| self.sequence_lock(&it, level)).unwrap_or_default();
                Effect { locks, ..Effect::default() }
            }
            (ObjectKind::Index, Some(table)) if self.exists(&table) => {
                let locks = vec![Lock { level, relation: relation.to_string() }];
                Effect { locks, ..Effect::default() }
            }
            (_, Some(table)) => self.on_table(&table, level),
            (_, None) => Effect::default(),
        }
    }

    fn rename(&self, object: &ObjectId) -> Effect {
        match object.kind {
            ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint => {
                let relation = object.table_name().map(|it| it.to_string()).unwrap_or_default();
                let locks = vec![Lock { level: LockLevel::AccessExclusive, relation }];
                Effect { locks, ..Effect::default() }
            }
            ObjectKind::Index => {
                let level = LockLevel::ShareUpdateExclusive;
                let locks = vec![Lock { level, relation: object.to_string() }];
                Effect { locks, ..Effect::default() }
            }
            ObjectKind::Sequence => {
                let level = LockLevel::AccessExclusive;
                let locks = vec![Lock { level, relation: object.to_string() }];
                Effect { locks, ..Effect::default() }
            }
            ObjectKind::Defined(kind) => self.rename_defined(kind, object),
            ObjectKind::Namespace
            | ObjectKind::Extension
            | ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Privileges
            | ObjectKind::DefaultPrivileges => Effect::default(),
        }
    }

    fn add_constraint(&self, constraint: &Constraint) -> Effect {
        let table = &constraint.table;
        let has_rows = self.has_rows(table);
        let checks_rows = has_rows && constraint.validated && !self.is_merged(constraint);
        let (level, builds_index) = match &constraint.rule {
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Exclude { .. } => (LockLevel::AccessExclusive, true),
            ConstraintRule::Check { .. } => (LockLevel::AccessExclusive, false),
            ConstraintRule::ForeignKey(_) => (LockLevel::ShareRowExclusive, false),
        };
        let mut effect = match &constraint.rule {
            ConstraintRule::Check { no_inherit: true, .. } => self.on_table(table, level),
            ConstraintRule::Check { .. } => self.on_tree(table, level),
            // Children that are no partitions have keys of their own.
            _ if self.is_partitioned(table) => self.on_tree(table, level),
            _ => self.on_table(table, level),
        };
        effect.builds_index = builds_index && has_rows;
        effect.scans = checks_rows;
        effect.fails = checks_rows.then(|| broken(constraint));
        if let Some(other) = referenced(constraint).filter(|it| *it != table) {
            effect.locks.extend(self.on_tree(other, LockLevel::ShareRowExclusive).locks);
        }
        effect
    }

    /// Whether a parent's check of the same name is there already, and holds for the rows.
    fn is_merged(&self, constraint: &Constraint) -> bool {
        let table = self.after.schema.table(&constraint.table);
        let mut parents = table.into_iter().flat_map(|it| it.parents());
        matches!(constraint.rule, ConstraintRule::Check { .. })
            && parents.any(|parent| {
                let id = ObjectId::child(ObjectKind::Constraint, parent, &constraint.name);
                self.standing.is_child(&constraint.table, parent) && self.after.schema.contains(&id)
            })
    }

    fn is_partitioned(&self, table: &QualifiedName) -> bool {
        self.from.table(table).is_some_and(|it| it.partition_by.is_some())
    }

    fn drop_constraint(&self, constraint: &Constraint) -> Effect {
        let mut effect = self.on_tree(&constraint.table, LockLevel::AccessExclusive);
        if let Some(other) = referenced(constraint).filter(|it| **it != constraint.table) {
            effect.locks.extend(self.on_tree(other, LockLevel::AccessExclusive).locks);
        }
        effect
    }
}

/// What a row does that a constraint refuses.
fn broken(constraint: &Constraint) -> String {
    match &constraint.rule {
        ConstraintRule::PrimaryKey(_) => "two rows have the same key, or a key is NULL".to_owned(),
        ConstraintRule::Unique(_) => "two rows have the same key".to_owned(),
        ConstraintRule::Exclude { .. } => "two rows exclude each other".to_owned(),
        ConstraintRule::Check { .. } => "a row breaks the check".to_owned(),
        ConstraintRule::ForeignKey(key) => {
            format!("a row has no matching key in {}", key.references)
        }
    }
}

/// New constraints of a domain read every column of that type (ALTER DOMAIN in the manual).
fn alter_domain(action: &DomainAction) -> Effect {
    let fails = match action {
        DomainAction::SetNotNull | DomainAction::AddNotNull(_) => {
            Some("a column of the domain holds a NULL")
        }
        DomainAction::AddCheck(check) if check.validated => Some("a stored value breaks the check"),
        DomainAction::ValidateCheck(_) => Some("a stored value breaks the check"),
        DomainAction::AddCheck(_)
        | DomainAction::SetDefault(_)
        | DomainAction::DropDefault
        | DomainAction::DropNotNull
        | DomainAction::RenameConstraint { .. }
        | DomainAction::DropCheck(_)
        | DomainAction::CommentCheck(..) => None,
    };
    Effect { scans: fails.is_some(), fails: fails.map(str::to_owned), ..Effect::default() }
}

fn outside(concurrently: bool) -> TxMode {
    if concurrently { TxMode::Outside } else { TxMode::Any }
}

fn referenced(constraint: &Constraint) -> Option<&QualifiedName> {
    match &constraint.rule {
        ConstraintRule::ForeignKey(key) => Some(&key.references),
        ConstraintRule::PrimaryKey(_)
        | ConstraintRule::Unique(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => None,
    }
}

fn key(constraint: &Constraint) -> Option<&Key> {
    match &constraint.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => Some(key),
        ConstraintRule::ForeignKey(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => None,
    }
}

fn is_check(constraint: &Constraint) -> bool {
    matches!(constraint.rule, ConstraintRule::Check { .. })
}

fn restarts(from: &SequenceOptions, to: &SequenceOptions) -> Option<String> {
    let loss = "where the sequence stands: it begins anew within its new bounds";
    from.restarts(to).then(|| loss.to_owned())
}

/// When new bounds of a sequence fail on where it stands.
fn narrows(from: &SequenceOptions, to: &SequenceOptions) -> Option<String> {
    let narrower = to.min > from.min || to.max < from.max;
    (narrower && !from.restarts(to))
        .then(|| "the sequence stands outside of the new bounds".to_owned())
}
