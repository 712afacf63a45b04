//! What each statement does in a database that is in use: locks, rewrites, scans, losses.
//!
//! Most of it is from the manual (section 13.3, ALTER TABLE, CREATE INDEX), and all of it is tested
//! on a server: `tests/it/facts.rs` runs each step of each case in `tests/cases/diff` and compares.

mod column;
mod context;
mod defined;
mod inheritance;
mod meanwhile;
mod standing;

use std::collections::BTreeSet;

use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::plan::column::user_type;
use crate::plan::effects::context::{Context, narrows, referenced, restarts};
use crate::plan::effects::inheritance::attach_index;
use crate::plan::statement::{DomainAction, Statement};
use crate::plan::step::{Effect, Lock, LockLevel, Step, StepTransaction};

/// The steps of statements in order: what each does to the database and to those who use it.
pub(super) fn of_all(
    planned: Vec<(ObjectId, Statement)>,
    from: &Snapshot,
    to: &Snapshot,
) -> Vec<Step> {
    let mut context = Context::new(from, to);
    let effects: Vec<Effect> = (0..planned.len())
        .map(|at| {
            let (statement, rest) = (&planned[at].1, &planned[at + 1..]);
            let meanwhile = meanwhile::meanwhile(statement, rest, from, to);
            Effect { meanwhile, ..context.effect(statement) }
        })
        .collect();
    let steps = planned.into_iter().zip(effects);
    steps
        .map(|((object, statement), effect)| Step { statement, object, effect, transaction: 0 })
        .collect()
}

impl Context<'_> {
    /// The effect of the next statement.
    pub(in crate::plan) fn effect(&mut self, statement: &Statement) -> Effect {
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
            | Statement::CreateSequence(_) => Effect::default(),
            Statement::Comment { object, .. } => self.comment(object),
            Statement::CommentForeignTable { table, .. } => {
                self.on_table(table, ShareUpdateExclusive)
            }
            Statement::RequireFilled { table, new, .. } => Effect {
                scans: self.exists(table),
                fails: Some(format!("a row has no value in {new} yet")),
                ..Effect::default()
            },
            Statement::AlterDomain { name, action } => {
                let effect = alter_domain(action);
                let locks = if effect.scans { self.columns_of(name) } else { Vec::new() };
                Effect { scans: !locks.is_empty(), locks, ..effect }
            }
            Statement::Define { definition, or_replace } => {
                self.define(&definition.id, *or_replace)
            }
            Statement::SetFiring { object, .. } => self.set_firing(object),
            Statement::Drop { object, .. } => self.drop(object),
            Statement::DropExtension(_) => Effect {
                fails: Some("an object still depends on the extension".to_owned()),
                ..Effect::default()
            },
            // A new label can be used only after the COMMIT (manual, ALTER TYPE, "Notes").
            Statement::AddLabel { .. } => {
                Effect { transaction: StepTransaction::CommitAfter, ..Effect::default() }
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
                loss: self
                    .from
                    .contains(&ObjectId::named(ObjectKind::Sequence, name))
                    .then(|| "the sequence's current value".to_owned()),
                ..Effect::default()
            },
            Statement::ContinueIdentity { column } => {
                Effect { scans: !self.is_first_key(column), ..Effect::default() }
            }
            Statement::CreateTable(it) => self.create_table(it),
            Statement::DropTable(name) => self.drop_table(name),
            Statement::DropForeignTable(name) => Effect { loss: None, ..self.drop_table(name) },
            Statement::AttachPartition { table, link } => self.attach(table, &link.parent),
            Statement::DetachPartition { table, parent, concurrently } => Effect {
                transaction: outside(*concurrently),
                ..self.detach(table, parent, *concurrently)
            },
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
                // SET LOGGED and SET UNLOGGED copy the table (`ATPrepChangePersistence` in tablecmds.c);
                // those of a sequence copy one row.
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
                transaction: StepTransaction::Outside,
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
            // ON ONLY builds nothing on the partitions: the index is invalid until theirs are attached
            // (manual, CREATE INDEX, ONLY).
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
                // A plain DROP INDEX locks the table, too (manual, DROP INDEX, CONCURRENTLY).
                let level = if *concurrently { ShareUpdateExclusive } else { AccessExclusive };
                let transaction = outside(*concurrently);
                Effect { transaction, ..self.on_tree(table, level) }
            }
            Statement::Rename { object, .. } | Statement::Move { object, .. } => {
                self.rename(object)
            }
        }
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
                // An index is renamed under a weaker lock than its table since PostgreSQL 12
                // (`RenameRelation` in tablecmds.c).
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
        let is_taken_over = self.is_taken_over(constraint);
        let checks_rows =
            has_rows && constraint.validated && !self.is_merged(constraint) && !is_taken_over;
        let (level, builds_index) = match &constraint.rule {
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Exclude { .. } => (LockLevel::AccessExclusive, true),
            ConstraintRule::Check { .. } => (LockLevel::AccessExclusive, false),
            // The same lock is taken on the referenced table (manual, ALTER TABLE, ADD
            // table_constraint).
            ConstraintRule::ForeignKey(_) => (LockLevel::ShareRowExclusive, false),
        };
        let mut effect = match &constraint.rule {
            ConstraintRule::Check { no_inherit: true, .. } => self.on_table(table, level),
            ConstraintRule::Check { .. } => self.on_tree(table, level),
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::ForeignKey(_)
            | ConstraintRule::Exclude { .. } => match self.is_partitioned(table) {
                true => self.on_tree(table, level),
                // Children that are no partitions have keys of their own.
                false => self.on_table(table, level),
            },
        };
        effect.builds_index = builds_index && has_rows;
        effect.scans = checks_rows;
        effect.fails = checks_rows.then(|| broken(constraint));
        if let Some(other) = referenced(constraint).filter(|it| *it != table) {
            // If constraints of partitions are attached to a new key, their triggers on the referenced
            // table are dropped.
            let level = match is_taken_over {
                true => LockLevel::AccessExclusive,
                false => LockLevel::ShareRowExclusive,
            };
            effect.locks.extend(self.on_tree(other, level).locks);
        }
        effect
    }

    /// SHARE on the tables that have columns of a domain: they are read while writes wait
    /// (`validateDomainCheckConstraint` in the server).
    fn columns_of(&self, domain: &QualifiedName) -> Vec<Lock> {
        let tables = self.from.tables().filter(|it| self.keeps_rows(&it.name));
        let has = |table: &QualifiedName| {
            let columns = self.from.column_names(table);
            let columns = columns.iter().filter_map(|it| self.from.column(table, it));
            columns.into_iter().any(|it| user_type(&it.data_type).as_ref() == Some(domain))
        };
        let held = tables.filter(|it| has(&it.name));
        held.filter_map(|it| self.lock(&it.name, LockLevel::Share)).collect()
    }

    /// Whether every partition has an equal foreign key of its own that is valid already
    /// (`tryAttachPartitionForeignKey` in the server).
    fn is_taken_over(&self, constraint: &Constraint) -> bool {
        let ConstraintRule::ForeignKey(key) = &constraint.rule else { return false };
        let tree = self.standing.tree(&constraint.table);
        let leaves = tree.iter().filter(|it| self.keeps_rows(it));
        self.is_partitioned(&constraint.table)
            && leaves.into_iter().all(|it| self.standing.is_valid_key(it, key))
    }

    /// Whether the parent already has a valid check of the same name.
    fn is_merged(&self, constraint: &Constraint) -> bool {
        let table = self.after.schema.table(&constraint.table);
        let mut parents = table.into_iter().flat_map(|it| it.parents());
        matches!(constraint.rule, ConstraintRule::Check { .. })
            && parents.any(|parent| {
                let id = ObjectId::child(ObjectKind::Constraint, parent, &constraint.name);
                self.standing.is_child(&constraint.table, parent) && self.after.schema.contains(&id)
            })
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
        ConstraintRule::Exclude { .. } => "two rows violate the exclusion constraint".to_owned(),
        ConstraintRule::Check { .. } => "a row violates the check".to_owned(),
        ConstraintRule::ForeignKey(key) => {
            format!("a row has no matching key in {}", key.references)
        }
    }
}

/// New constraints of a domain read every column of that type (ALTER DOMAIN in the manual).
fn alter_domain(action: &DomainAction) -> Effect {
    let fails = match action {
        DomainAction::SetNotNull | DomainAction::AddNotNull(_) => {
            Some("a column of the domain contains a NULL")
        }
        DomainAction::AddCheck(check) if check.validated => Some(
            "an existing value violates the \
                                                                  check",
        ),
        DomainAction::ValidateCheck(_) => Some("an existing value violates the check"),
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

fn outside(concurrently: bool) -> StepTransaction {
    if concurrently { StepTransaction::Outside } else { StepTransaction::Any }
}
