//! What each statement does to a database in use: locks, rewrites, scans, losses.
//!
//! The facts were measured on PostgreSQL 16; the manual's section 13.3 and the pages of ALTER TABLE
//! and CREATE INDEX give most of them too.

mod defined;
mod hierarchy;

use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::sequence::{ColumnRef, SequenceOptions};
use crate::model::snapshot::Snapshot;

use super::cast::{loss, rewrites};
use super::statement::{ColumnAction, DomainAction, NotNullAction, Statement, TableDefinition};
use hierarchy::attach_index;

use super::step::{Effect, Lock, LockLevel, TxMode};

/// What stood before a plan: only that can be in use.
pub(super) struct Context<'a> {
    pub(super) from: &'a Schema,
    to: &'a Schema,
}

impl<'a> Context<'a> {
    pub(super) fn new(from: &'a Snapshot, to: &'a Snapshot) -> Self {
        Self { from: &from.schema, to: &to.schema }
    }

    /// The effect of a statement.
    pub(super) fn effect(&self, statement: &Statement) -> Effect {
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
            | Statement::CommentForeignTable { .. }
            | Statement::Comment { .. } => Effect::default(),
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
                loss: Some("where the sequence stands".to_owned()),
                ..Effect::default()
            },
            Statement::ContinueIdentity { column } => {
                Effect { scans: self.exists(&column.table), ..Effect::default() }
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
            Statement::DropConstraint(it) => self.drop_constraint(it),
            Statement::ValidateConstraint(it) => Effect {
                scans: true,
                fails: Some("a row breaks the constraint".to_owned()),
                ..self.on_table(&it.table, ShareUpdateExclusive)
            },
            Statement::SetConstraintTiming { table, .. } => self.on_table(table, AccessExclusive),
            Statement::CreateIndex { index, only: true, .. } => self.on_table(&index.table, Share),
            Statement::CreateIndex { index, concurrently, only: false } => {
                let level = if *concurrently { ShareUpdateExclusive } else { Share };
                let exists = self.exists(&index.table);
                Effect {
                    scans: exists,
                    builds_index: exists,
                    fails: (exists && index.unique)
                        .then(|| "two rows have the same key".to_owned()),
                    transaction: outside(*concurrently),
                    ..self.on_table(&index.table, level)
                }
            }
            Statement::DropIndex { table, concurrently, .. } => {
                let level = if *concurrently { ShareUpdateExclusive } else { AccessExclusive };
                let transaction = outside(*concurrently);
                Effect { transaction, ..self.on_table(table, level) }
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

    fn create_table(&self, definition: &TableDefinition) -> Effect {
        let mut locks: Vec<Lock> = definition
            .constraints
            .iter()
            .filter_map(|it| self.lock(referenced(it)?, LockLevel::ShareRowExclusive))
            .collect();
        locks.extend(self.locked_parents(&definition.table, true));
        locks.dedup();
        Effect { locks, ..Effect::default() }
    }

    fn drop_table(&self, name: &QualifiedName) -> Effect {
        let mut effect = self.on_table(name, LockLevel::AccessExclusive);
        let references = self
            .from
            .constraints(name)
            .filter_map(|it| referenced(it).filter(|it| *it != name).cloned());
        let references: Vec<_> = references.collect();
        effect
            .locks
            .extend(references.iter().filter_map(|it| self.lock(it, LockLevel::AccessExclusive)));
        effect.locks.dedup();
        if let Some(table) = self.from.table(name) {
            effect.locks.extend(self.locked_parents(table, false));
        }
        effect.locks.dedup();
        effect.loss = self.exists(name).then(|| "every row of the table".to_owned());
        effect
    }

    fn add_column(&self, column: &Column) -> Effect {
        let mut effect = self.on_table(&column.table, LockLevel::AccessExclusive);
        if !self.exists(&column.table) {
            return effect;
        }
        match &column.value {
            ColumnValue::Stored(_) | ColumnValue::Identity(_) => effect.rewrites = true,
            ColumnValue::Default(expression) => effect.rewrites = is_volatile(expression.as_str()),
            ColumnValue::None if column.not_null => {
                effect.fails =
                    Some("the table has rows: the column is NOT NULL without a default".to_owned());
            }
            ColumnValue::None | ColumnValue::Virtual(_) => {}
        }
        effect
    }

    fn drop_column(&self, column: &ColumnRef) -> Effect {
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.column);
        let generated = matches!(
            self.from.get(&id),
            Some(Object::Column(it)) if super::column::is_generated(it)
        );
        Effect {
            loss: (!generated).then(|| "the values of the column".to_owned()),
            ..self.on_table(&column.table, LockLevel::AccessExclusive)
        }
    }

    fn alter_column(&self, column: &ColumnRef, action: &ColumnAction) -> Effect {
        let mut effect = self.on_table(&column.table, LockLevel::AccessExclusive);
        match action {
            ColumnAction::SetType { from, to, using, .. } => {
                effect.rewrites = using.is_some() || rewrites(from, to);
                effect.scans = effect.rewrites;
                effect.loss = loss(from, to).map(str::to_owned);
                effect.fails = may_fail(from, to, using.is_some());
                self.lock_references(column, &mut effect);
            }
            ColumnAction::SetNotNull => {
                effect.scans = true;
                effect.fails = Some("the column holds a NULL".to_owned());
            }
            ColumnAction::AlterIdentity { from, to } => {
                effect.loss = restarts(&from.options, &to.options);
                effect.fails = narrows(&from.options, &to.options);
            }
            ColumnAction::SetStatistics(_) | ColumnAction::SetOptions { .. } => {
                effect = self.on_table(&column.table, LockLevel::ShareUpdateExclusive);
            }
            ColumnAction::SetDefault(_)
            | ColumnAction::SetForeignOptions { .. }
            | ColumnAction::DropDefault
            | ColumnAction::DropNotNull
            | ColumnAction::AddIdentity(_)
            | ColumnAction::DropIdentity
            | ColumnAction::DropExpression
            | ColumnAction::SetStorage(_)
            | ColumnAction::SetCompression(_) => {}
        }
        effect
    }

    fn not_null(&self, column: &ColumnRef, action: &NotNullAction) -> Effect {
        let (level, scans) = match action {
            NotNullAction::Add(it) => (LockLevel::AccessExclusive, it.validated),
            NotNullAction::Validate(_) => (LockLevel::ShareUpdateExclusive, true),
            NotNullAction::SetInherit { .. } => (LockLevel::AccessExclusive, false),
        };
        let fails = scans.then(|| "the column holds a NULL".to_owned());
        Effect { scans, fails, ..self.on_table(&column.table, level) }
    }

    /// A type change re-checks the foreign keys of the column, and locks their other side.
    fn lock_references(&self, column: &ColumnRef, effect: &mut Effect) {
        for constraint in self.to.constraints(&column.table) {
            let ConstraintRule::ForeignKey(key) = &constraint.rule else { continue };
            if key.columns.contains(&column.column) && key.references != column.table {
                effect.locks.extend(self.lock(&key.references, LockLevel::AccessExclusive));
            }
        }
        effect.locks.dedup();
    }

    fn add_constraint(&self, constraint: &Constraint) -> Effect {
        let exists = self.exists(&constraint.table);
        let checks_rows = exists && constraint.validated;
        let (level, fails, builds_index) = match &constraint.rule {
            ConstraintRule::PrimaryKey(_) => {
                (LockLevel::AccessExclusive, "two rows have the same key, or a key is NULL", exists)
            }
            ConstraintRule::Unique(_) => {
                (LockLevel::AccessExclusive, "two rows have the same key", exists)
            }
            ConstraintRule::Exclude { .. } => {
                (LockLevel::AccessExclusive, "two rows exclude each other", exists)
            }
            ConstraintRule::Check { .. } => {
                (LockLevel::AccessExclusive, "a row breaks the check", false)
            }
            ConstraintRule::ForeignKey(_) => {
                (LockLevel::ShareRowExclusive, "a row references nothing", false)
            }
        };
        let mut effect = self.on_table(&constraint.table, level);
        effect.builds_index = builds_index;
        effect.scans = checks_rows;
        effect.fails = checks_rows.then(|| fails.to_owned());
        let other = referenced(constraint).filter(|it| **it != constraint.table);
        effect.locks.extend(other.and_then(|it| self.lock(it, LockLevel::ShareRowExclusive)));
        effect
    }

    fn drop_constraint(&self, constraint: &Constraint) -> Effect {
        let mut effect = self.on_table(&constraint.table, LockLevel::AccessExclusive);
        let other = referenced(constraint).filter(|it| **it != constraint.table);
        effect.locks.extend(other.and_then(|it| self.lock(it, LockLevel::AccessExclusive)));
        effect
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

/// A default that calls a function which is not known to be stable has a value of its own in each
/// row, so ADD COLUMN rewrites the table (manual, ALTER TABLE, "Notes").
fn is_volatile(expression: &str) -> bool {
    let stable =
        ["now()", "CURRENT_", "LOCALTIME", "transaction_timestamp()", "statement_timestamp()"];
    expression.contains('(') && !stable.iter().any(|it| expression.starts_with(it))
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

/// When a change of type fails on stored values.
fn may_fail(from: &PgType, to: &PgType, using: bool) -> Option<String> {
    if using {
        return Some(format!("a value cannot become {to}"));
    }
    let narrower = match (from.length(), to.length()) {
        (None, Some(_)) => true,
        (Some(from), Some(to)) => to < from,
        (_, None) => false,
    };
    let rank = |it: &PgType| match it.name.as_str() {
        "smallint" => 1,
        "integer" => 2,
        "bigint" => 3,
        _ => 0,
    };
    let smaller_integer = rank(to) > 0 && rank(from) > rank(to);
    let half = to.name == "halfvec" && from.name == "vector";
    match (narrower, smaller_integer, half) {
        (true, _, _) if to.vector_type().is_some() => {
            Some(format!("a stored value has other dimensions than {to}"))
        }
        (true, _, _) => Some(format!("a value does not fit {to}")),
        (_, true, _) => Some(format!("a value is out of range for {to}")),
        (_, _, true) => Some("an element is beyond 65504, the largest of halfvec".to_owned()),
        (false, false, false) => None,
    }
}
