//! Changes that PostgreSQL can make in place, by kind.
//!
//! Each function applies one aspect after the other to a copy of `from` and adds a statement for
//! it. The remaining difference of the copy is the leftover: the planner then replaces the object,
//! or reports the fields by name; it is never ignored.

pub(in crate::plan) mod comments;
pub(in crate::plan) mod not_null;
pub(in crate::plan) mod privileges;
mod types;

use crate::diff::effective_options;
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::definition::Definition;
use crate::model::enum_type::EnumType;
use crate::model::extension::Extension;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::options::Options;
use crate::model::sequence::{ColumnRef, Sequence, SequenceOptions};
use crate::model::table::{ReplicaIdentity, Table};
use crate::plan::decisions::alter::comments::{comment, comment_on_column, comment_on_index};
use crate::plan::decisions::alter::privileges::{by_default, on_object};
use crate::plan::decisions::altered::Altered;
use crate::plan::statement::{ColumnAction, Statement};

pub(in crate::plan) use crate::plan::decisions::alter::types::not_null_name;

/// Goes from one object to the other as far as ALTER leads. The type of a column is not changed
/// here: see [`crate::plan::column`].
pub(in crate::plan) fn alter(from: &Object, to: &Object) -> Altered {
    let mut altered = match (from, to) {
        (Object::Extension(from), Object::Extension(to)) => extension(from, to),
        (Object::Enum(from), Object::Enum(to)) => enum_type(from, to),
        (Object::Domain(from), Object::Domain(to)) => types::domain(from, to),
        (Object::Composite(from), Object::Composite(to)) => types::composite(from, to),
        (Object::Sequence(from), Object::Sequence(to)) => sequence(from, to),
        (Object::Table(from), Object::Table(to)) => table(from, to),
        (Object::Column(from), Object::Column(to)) => column(from, to),
        (Object::Constraint(from), Object::Constraint(to)) => constraint(from, to),
        (Object::Index(from), Object::Index(to)) => index(from, to),
        (Object::Defined(from), Object::Defined(to)) => definition(from, to),
        (Object::Privileges(from), Object::Privileges(to)) => {
            Altered::reached(to.clone(), on_object(&from.granted, &to.granted, to))
        }
        (Object::DefaultPrivileges(from), Object::DefaultPrivileges(to)) => {
            Altered::reached(to.clone(), by_default(&from.granted, &to.granted, to))
        }
        (
            Object::Namespace(_)
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Domain(_)
            | Object::Composite(_)
            | Object::Sequence(_)
            | Object::Table(_)
            | Object::Column(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::Defined(_)
            | Object::Privileges(_)
            | Object::DefaultPrivileges(_),
            _,
        ) => Altered::untouched(from),
    };
    if from.comment() != to.comment() {
        let text = to.comment().map(str::to_owned);
        altered.statements.push(comment(to, text.clone()));
        set_comment(&mut altered.reached, text);
    }
    if let (Object::Constraint(reached), Object::Constraint(to)) = (&mut altered.reached, to)
        && reached.index_comment != to.index_comment
    {
        altered.statements.push(comment_on_index(to));
        reached.index_comment.clone_from(&to.index_comment);
    }
    altered
}

fn set_comment(object: &mut Object, text: Option<String>) {
    match object {
        Object::Namespace(it) => it.comment = text,
        Object::Extension(_) => {}
        Object::Enum(it) => it.comment = text,
        Object::Domain(it) => it.comment = text,
        Object::Composite(it) => it.comment = text,
        Object::Sequence(it) => it.comment = text,
        Object::Table(it) => it.comment = text,
        Object::Column(it) => it.comment = text,
        Object::Constraint(it) => it.comment = text,
        Object::Index(it) => it.comment = text,
        Object::Defined(it) => it.comment = text,
        Object::Privileges(_) | Object::DefaultPrivileges(_) => {}
    }
}

fn extension(from: &Extension, to: &Extension) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    if from.namespace != to.namespace {
        statements.push(Statement::SetExtensionNamespace {
            name: to.name.clone(),
            namespace: to.namespace.clone(),
        });
        reached.namespace = to.namespace.clone();
    }
    if from.version != to.version {
        if let (Some(_), Some(version)) = (&from.version, &to.version) {
            statements.push(Statement::UpdateExtension {
                name: to.name.clone(),
                version: version.clone(),
            });
        }
        reached.version = to.version.clone();
    }
    Altered::reached(reached, statements)
}

/// Labels can be added anywhere; one that is removed or moved needs a new type.
fn enum_type(from: &EnumType, to: &EnumType) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    let kept: Vec<_> = to.labels.iter().filter(|it| from.labels.contains(it)).collect();
    if !kept.into_iter().eq(&from.labels) {
        return Altered::reached(reached, statements);
    }
    for (at, label) in to.labels.iter().enumerate() {
        if from.labels.contains(label) {
            continue;
        }
        let before = to.labels[at..].iter().find(|it| from.labels.contains(it)).cloned();
        statements.push(Statement::AddLabel {
            name: to.name.clone(),
            label: label.clone(),
            before,
        });
    }
    reached.labels = to.labels.clone();
    Altered::reached(reached, statements)
}

fn sequence(from: &Sequence, to: &Sequence) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    if from.persistence != to.persistence {
        statements.push(Statement::SetPersistence {
            relation: ObjectId::named(ObjectKind::Sequence, &to.name),
            persistence: to.persistence,
        });
        reached.persistence = to.persistence;
    }
    if from.options != to.options {
        statements.extend(raise(&to.name, &from.options, &to.options));
        statements.push(Statement::AlterSequence {
            name: to.name.clone(),
            from: from.options.clone(),
            to: to.options.clone(),
        });
        reached.options = to.options.clone();
    }
    // Ownership is planned with the tables, for it must follow them.
    reached.owned_by = to.owned_by.clone();
    Altered::reached(reached, statements)
}

/// ALTER SEQUENCE refuses a MINVALUE above the place where the sequence stands, and one that was
/// never used stands at its old START. Where the two ranges share nothing, ALTER SEQUENCE itself has
/// to restart it.
fn raise(name: &QualifiedName, from: &SequenceOptions, to: &SequenceOptions) -> Option<Statement> {
    let due = to.min > from.min && to.min <= from.max;
    due.then(|| Statement::RaiseSequence { name: name.clone(), least: to.min })
}

fn table(from: &Table, to: &Table) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    let (release, mut late) = inheritance(from, to);
    reached.partition_of.clone_from(&to.partition_of);
    reached.inherits.clone_from(&to.inherits);
    reached.of_type.clone_from(&to.of_type);
    // The names of attached indexes are planned with the indexes, and when inherited triggers fire
    // with the triggers.
    reached.attached.clone_from(&to.attached);
    reached.inherited_triggers.clone_from(&to.inherited_triggers);
    let relation = ObjectId::table(&to.name);
    if from.access_method != to.access_method {
        let (table, method) = (to.name.clone(), to.access_method.clone());
        statements.push(Statement::SetAccessMethod { table, method });
        reached.access_method.clone_from(&to.access_method);
    }
    if let (Some(before), Some(after)) = (&from.foreign, &to.foreign)
        && before.options != after.options
    {
        let (from, table) = (before.options.clone(), to.name.clone());
        statements.push(Statement::SetForeignOptions { table, from, to: after.options.clone() });
        reached.foreign.clone_from(&to.foreign);
    }
    if from.persistence != to.persistence {
        let persistence = to.persistence;
        statements.push(Statement::SetPersistence { relation: relation.clone(), persistence });
        reached.persistence = persistence;
    }
    if from.options != to.options {
        statements.push(set_options(relation, &from.options, &to.options));
        reached.options = to.options.clone();
    }
    if from.row_security != to.row_security {
        statements.push(Statement::SetRowSecurity {
            table: to.name.clone(),
            from: from.row_security,
            to: to.row_security,
        });
        reached.row_security = to.row_security;
    }
    if from.replica_identity != to.replica_identity {
        late.push(Statement::SetReplicaIdentity {
            table: to.name.clone(),
            identity: to.replica_identity.clone(),
        });
        reached.replica_identity = to.replica_identity.clone();
    }
    Altered { release, late, ..Altered::reached(reached, statements) }
}

/// Leaving the old parents, and joining the new ones.
fn inheritance(from: &Table, to: &Table) -> (Vec<Statement>, Vec<Statement>) {
    let (mut leave, mut join) = (Vec::new(), Vec::new());
    let table = to.name.clone();
    if from.has_same_parents(to) {
        return (leave, join);
    }
    if from.of_type.is_some() {
        leave.push(Statement::SetType { table: table.clone(), of_type: None });
    }
    if let Some(link) = &from.partition_of {
        let parent = link.parent.clone();
        let table = table.clone();
        leave.push(Statement::DetachPartition { table, parent, concurrently: false });
    }
    let inherit = |parent: &QualifiedName, inherit| Statement::SetInherit {
        table: table.clone(),
        parent: parent.clone(),
        inherit,
    };
    leave.extend(from.inherits.iter().map(|it| inherit(it, false)));
    join.extend(to.inherits.iter().map(|it| inherit(it, true)));
    if let Some(link) = &to.partition_of {
        join.push(Statement::AttachPartition { table: table.clone(), link: link.clone() });
    }
    if to.of_type.is_some() {
        join.push(Statement::SetType { table, of_type: to.of_type.clone() });
    }
    (leave, join)
}

/// What a new table is told once its indexes stand.
pub(in crate::plan) fn late_for_new(table: &Table) -> Vec<Statement> {
    if table.replica_identity == ReplicaIdentity::Default {
        return Vec::new();
    }
    let identity = table.replica_identity.clone();
    vec![Statement::SetReplicaIdentity { table: table.name.clone(), identity }]
}

fn set_options(relation: ObjectId, from: &Options, to: &Options) -> Statement {
    let (set, reset) = changed_options(from, to);
    Statement::SetOptions { relation, set, reset }
}

/// The options to set, and the names of those to reset.
fn changed_options(from: &Options, to: &Options) -> (Options, Vec<String>) {
    let set = to.iter().filter(|(name, value)| from.get(name) != Some(value)).collect();
    let gone = from.iter().filter(|(name, _)| to.get(name).is_none());
    (set, gone.map(|(name, _)| name.to_owned()).collect())
}

fn column(from: &Column, to: &Column) -> Altered {
    let mut reached = from.clone();
    reached.position = to.position;
    let (before_value, after_value) = not_null::statements(from, to);
    let mut statements = before_value;
    let release = give_up_value(from, to, &mut reached, &mut statements);
    statements.extend(after_value);
    reached.not_null = to.not_null;
    reached.not_null_constraint = to.not_null_constraint.clone();
    take_value(to, &mut reached, &mut statements);
    column_settings(from, to, &mut reached, &mut statements);
    // Whether it is declared here or comes from a parent is decided by the table.
    reached.inherited = to.inherited;
    Altered { release, ..Altered::reached(reached, statements) }
}

fn alter_column(column: &Column, action: ColumnAction) -> Statement {
    let column = ColumnRef { table: column.table.clone(), column: column.name.clone() };
    Statement::AlterColumn { column, action }
}

/// Removes the default, identity or expression that a column no longer has, and alters an identity that
/// stays. Gives the statements that come before everything else.
fn give_up_value(
    from: &Column,
    to: &Column,
    reached: &mut Column,
    statements: &mut Vec<Statement>,
) -> Vec<Statement> {
    let say = |action| alter_column(to, action);
    let mut release = Vec::new();
    match (&from.value, &to.value) {
        (before, after) if before == after => {}
        (ColumnValue::Identity(before), ColumnValue::Identity(after)) => {
            let (old, sequence) = (before.sequence(from), after.sequence(to));
            if old != sequence {
                let object = ObjectId::named(ObjectKind::Sequence, &old);
                statements.push(Statement::Rename { object, name: sequence.name.clone() });
            }
            if (before.always, &before.options) != (after.always, &after.options) {
                statements.extend(raise(&sequence, &before.options, &after.options));
                let (from, to) = (before.clone(), after.clone());
                statements.push(say(ColumnAction::AlterIdentity { from, to }));
            }
            reached.value = ColumnValue::Identity(after.clone());
        }
        (ColumnValue::Identity(_), _) => {
            release.push(say(ColumnAction::DropIdentity));
            reached.value = ColumnValue::None;
        }
        (ColumnValue::Default(_), ColumnValue::Identity(_)) => {
            release.push(say(ColumnAction::DropDefault));
            reached.value = ColumnValue::None;
        }
        (ColumnValue::Default(_), ColumnValue::None) => {
            statements.push(say(ColumnAction::DropDefault));
            reached.value = ColumnValue::None;
        }
        (ColumnValue::Stored(_), ColumnValue::None | ColumnValue::Default(_)) => {
            statements.push(say(ColumnAction::DropExpression));
            reached.value = ColumnValue::None;
        }
        _ => {}
    }
    release
}

/// Adds the default or identity of a column that has none, or another default.
fn take_value(to: &Column, reached: &mut Column, statements: &mut Vec<Statement>) {
    let say = |action| alter_column(to, action);
    match (&reached.value, &to.value) {
        (before, after) if before == after => {}
        (ColumnValue::None, ColumnValue::Identity(identity)) => {
            let name = ColumnRef { table: to.table.clone(), column: to.name.clone() };
            statements.push(say(ColumnAction::AddIdentity(identity.clone())));
            statements.push(Statement::ContinueIdentity { column: name });
            reached.value = to.value.clone();
        }
        (ColumnValue::None | ColumnValue::Default(_), ColumnValue::Default(expression)) => {
            statements.push(say(ColumnAction::SetDefault(expression.clone())));
            reached.value = to.value.clone();
        }
        _ => {}
    }
}

/// Storage, compression, statistics and options.
fn column_settings(
    from: &Column,
    to: &Column,
    reached: &mut Column,
    statements: &mut Vec<Statement>,
) {
    let say = |action| alter_column(to, action);
    if from.storage != to.storage {
        statements.push(say(ColumnAction::SetStorage(to.storage)));
        reached.storage = to.storage;
    }
    if from.compression != to.compression {
        statements.push(say(ColumnAction::SetCompression(to.compression)));
        reached.compression = to.compression;
    }
    if from.statistics != to.statistics {
        statements.push(say(ColumnAction::SetStatistics(to.statistics)));
        reached.statistics = to.statistics;
    }
    if from.options != to.options {
        let (set, reset) = changed_options(&from.options, &to.options);
        statements.push(say(ColumnAction::SetOptions { set, reset }));
        reached.options = to.options.clone();
    }
    if from.foreign_options != to.foreign_options {
        let (from, to) = (from.foreign_options.clone(), to.foreign_options.clone());
        statements.push(say(ColumnAction::SetForeignOptions { from, to: to.clone() }));
        reached.foreign_options = to;
    }
}

fn constraint(from: &Constraint, to: &Constraint) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    let foreign = matches!(to.rule, ConstraintRule::ForeignKey(_));
    if foreign && from.timing != to.timing {
        statements.push(Statement::SetConstraintTiming {
            table: to.table.clone(),
            name: to.name.clone(),
            timing: to.timing,
        });
        reached.timing = to.timing;
    }
    if to.validated && !from.validated {
        statements.push(Statement::ValidateConstraint(Box::new(to.clone())));
        reached.validated = true;
    }
    let late = match (&mut reached.rule, &to.rule) {
        (
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key),
            ConstraintRule::PrimaryKey(wanted) | ConstraintRule::Unique(wanted),
        ) => {
            let id = ObjectId::child(ObjectKind::Index, &to.table, &to.name);
            if key.options != wanted.options {
                statements.push(set_options(id, &key.options, &wanted.options));
                key.options = wanted.options.clone();
            }
            let late = cluster(to.table.clone(), &to.name, key.clustered, wanted.clustered);
            key.clustered = wanted.clustered;
            late
        }
        _ => Vec::new(),
    };
    Altered { late, ..Altered::reached(reached, statements) }
}

fn index(from: &Index, to: &Index) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    if effective_options(from) == effective_options(to) {
        reached.options = to.options.clone();
    } else if from.is_built_in() {
        // ALTER INDEX changes the parameters of an HNSW or IVFFlat index in the catalog only, not
        // the index as built, and nothing is known of those of other access methods: such an index
        // is replaced.
        let id = ObjectId::child(ObjectKind::Index, &to.table, &to.name);
        statements.push(set_options(id, &from.options, &to.options));
        reached.options = to.options.clone();
    }
    let late = cluster(to.table.clone(), &to.name, from.clustered, to.clustered);
    reached.clustered = to.clustered;
    Altered { late, ..Altered::reached(reached, statements) }
}

/// CREATE OR REPLACE if that is enough, and changes that can be made in place.
fn definition(from: &Definition, to: &Definition) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    if from.statements != to.statements && from.is_replaceable_by(to) {
        let definition = Box::new(to.clone());
        statements.push(Statement::Define { definition, or_replace: true });
        reached.statements = to.statements.clone();
        reached.interface = to.interface.clone();
    }
    if from.firing != to.firing {
        statements.push(Statement::SetFiring { object: to.id.clone(), firing: to.firing });
        reached.firing = to.firing;
    }
    statements.extend(column_comments(from, to));
    reached.column_comments = to.column_comments.clone();
    Altered::reached(reached, statements)
}

/// The comments on the columns of a view that differ.
fn column_comments(from: &Definition, to: &Definition) -> Vec<Statement> {
    let gone = from.column_comments.keys().filter(|it| !to.column_comments.contains_key(*it));
    let taken = gone.map(|it| comment_on_column(&to.id, it, None));
    let changed =
        to.column_comments.iter().filter(|it| from.column_comments.get(it.0) != Some(it.1));
    taken.chain(changed.map(|(name, text)| comment_on_column(&to.id, name, Some(text)))).collect()
}

fn cluster(table: QualifiedName, index: &Ident, from: bool, to: bool) -> Vec<Statement> {
    if from == to {
        return Vec::new();
    }
    vec![Statement::SetCluster { table, index: to.then(|| index.clone()) }]
}
