//! The comment before each statement: what it does, who waits, what can fail or be lost.

use crate::model::definition::Firing;
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::privileges::Grantee;
use crate::plan::statement::{
    AttributeAction, ColumnAction, DomainAction, FillValue, Granting, Mirror, MirrorAction,
    NotNullAction, Statement,
};
use crate::plan::{Effect, Lock, LockLevel, Step, StepTransaction};

/// The lines of the comment, without the dashes.
pub(super) fn lines(step: &Step) -> Vec<String> {
    let mut lines = vec![format!("{}.", sentence(step))];
    lines.extend(locking(&step.statement, &step.effect));
    lines.extend(work(&step.effect));
    lines.extend(step.effect.meanwhile.as_ref().map(|it| format!("{}.", capitalized(it))));
    lines.extend(step.effect.fails.as_ref().map(|it| format!("Fails if {it}.")));
    lines.extend(step.effect.loss.as_ref().map(|it| format!("Loses {it}.")));
    match step.effect.transaction {
        StepTransaction::Any => {}
        StepTransaction::CommitAfter => {
            lines.push("Committed before the next statement.".to_owned())
        }
        StepTransaction::Outside if step.effect.fills => {}
        StepTransaction::Outside => lines.push("Runs outside a transaction.".to_owned()),
    }
    lines
}

/// What a step does, without a full stop.
pub(super) fn sentence(step: &Step) -> String {
    capitalized(&summary(&step.statement))
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |it| it.to_uppercase().chain(chars).collect())
}

/// What the locks mean; silent where the statement only touches what nobody uses yet.
fn locking(statement: &Statement, effect: &Effect) -> Option<String> {
    if effect.locks.is_empty() {
        return match statement {
            Statement::CreateTable(_) => Some("No locks on existing tables.".to_owned()),
            _ => None,
        };
    }
    let mut levels: Vec<LockLevel> = effect.locks.iter().map(|it| it.level).collect();
    levels.sort_unstable_by(|a, b| b.cmp(a));
    levels.dedup();
    let shown = levels.into_iter().map(|level| {
        let relations: Vec<&str> = relations(&effect.locks, level);
        format!("{} on {} ({})", level.name(), relations.join(", "), level.who_waits())
    });
    let length = match (effect.outlasted, effect.takes_long()) {
        (true, _) => "until the end of the transaction, which can take long",
        (false, true) => "for the duration of the statement",
        (false, false) => "briefly",
    };
    Some(format!("Locks: {}, {length}.", shown.collect::<Vec<_>>().join("; ")))
}

fn relations(locks: &[Lock], level: LockLevel) -> Vec<&str> {
    let mut names: Vec<&str> =
        locks.iter().filter(|it| it.level == level).map(|it| it.relation.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// How long that is.
fn work(effect: &Effect) -> Option<String> {
    let mut done = Vec::new();
    if effect.fills {
        done.push("updates rows in batches, each in its own transaction".to_owned());
    } else if effect.rewrites {
        done.push("rewrites the table and its indexes".to_owned());
    } else if effect.scans {
        done.push("reads every row".to_owned());
    }
    if effect.builds_index {
        done.push("builds an index".to_owned());
    }
    match effect.rebuilds.as_slice() {
        [] => {}
        [only] => done.push(format!("rebuilds index {only}")),
        several => done.push(format!("rebuilds indexes {}", several.join(", "))),
    }
    (!done.is_empty()).then(|| format!("{}.", capitalized(&done.join(" and "))))
}

fn named(id: &ObjectId) -> String {
    id.to_string()
}

/// What is carried over of objects: a column has no owner.
fn owned(objects: &[ObjectId], privileges: bool) -> String {
    let has_owner = objects.iter().any(|it| it.kind != ObjectKind::Column);
    let what = match (has_owner, privileges) {
        (true, true) => "owner and privileges",
        (true, false) => "owner",
        (false, _) => "privileges",
    };
    let names: Vec<String> = objects.iter().map(named).collect();
    let listed = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    format!("{what} of {listed}")
}

fn summary(statement: &Statement) -> String {
    match statement {
        Statement::CreateNamespace(name) => format!("create schema {name}"),
        Statement::CreateExtensionNamespace(name) => {
            format!("create schema {name} if it does not exist")
        }
        Statement::DropNamespace(name) => format!("drop schema {name}"),
        Statement::DropExtensionNamespace(name) => {
            format!("drop schema {name} if the current role owns it")
        }
        Statement::CreateExtension(it) => {
            format!("create extension {} if it does not exist", it.name)
        }
        Statement::DropExtension(name) => {
            format!("drop extension {name} if the current role owns it")
        }
        Statement::SetExtensionNamespace { name, namespace } => {
            format!("move extension {name} to schema {namespace}")
        }
        Statement::UpdateExtension { name, version } => {
            format!("update extension {name} to version {version}; cannot be reverted")
        }
        Statement::CreateEnum(it) => format!("create enum {}", it.name),
        Statement::DropEnum(name) => format!("drop enum {name}"),
        Statement::CreateDomain(it) => format!("create domain {}", it.name),
        Statement::CreateComposite(it) => format!("create composite type {}", it.name),
        Statement::AlterDomain { name, action } => altered_domain(name, action),
        Statement::AlterComposite { name, action } => match action {
            AttributeAction::Add(it) => format!("add attribute {} to type {name}", it.name),
            AttributeAction::Drop(it) => format!("drop attribute {it} of type {name}"),
            AttributeAction::SetType(it) => {
                format!("change attribute {} of type {name} to {}", it.name, it.data_type)
            }
        },
        Statement::Define { definition, or_replace: false } => format!("create {}", definition.id),
        Statement::Define { definition, or_replace: true } => {
            format!("replace {}; dependent objects are kept", definition.id)
        }
        Statement::Complete { object, .. } => format!("run the further statements of {object}"),
        Statement::SetFiring { object, firing } => fires(object, *firing),
        Statement::Drop { object, .. } => format!("drop {object}"),
        Statement::Grant { on, grantee, granting } => granted(granting, &format!("{on}"), grantee),
        Statement::GrantByDefault { objects, grantee, granting, .. } => {
            granted(granting, &format!("new {}", objects.to_lowercase()), grantee)
        }
        Statement::RequireFilled { table, column, new } => {
            format!("check that every row of {table} with a value in {column} has one in {new}")
        }
        Statement::NoteOwners { objects, privileges } => {
            format!("save {}, recreated below", owned(objects, *privileges))
        }
        Statement::RestoreOwners { objects, privileges } => {
            format!("restore {}", owned(objects, *privileges))
        }
        Statement::CheckFunctionBodies(false) => {
            "disable function body checks: bodies may refer to objects created below".to_owned()
        }
        Statement::CheckFunctionBodies(true) => "enable function body checks".to_owned(),
        Statement::AddLabel { name, label, .. } => format!("add label '{label}' to enum {name}"),
        Statement::RenameLabel { name, from, to } => {
            format!("rename label '{from}' of enum {name} to '{to}', in existing rows, too")
        }
        Statement::CreateSequence(it) => format!("create sequence {}", it.name),
        Statement::AlterSequence { name, .. } => format!("alter sequence {name}"),
        Statement::RaiseSequence { name, least } => {
            format!("advance sequence {name} to its new MINVALUE {least} if it is lower")
        }
        Statement::SetSequenceOwner { name, owner: Some(owner) } => {
            let (table, column) = (&owner.table, &owner.column);
            format!("set owner of sequence {name} to {table}.{column}")
        }
        Statement::SetSequenceOwner { name, owner: None } => {
            format!("remove owner of sequence {name}")
        }
        Statement::ContinueIdentity { column } => format!(
            "start identity {}.{} after the largest existing value",
            column.table, column.column
        ),
        Statement::DropSequence(name) => format!("drop sequence {name}"),
        Statement::CreateTable(it) => format!("create table {}", it.table.name),
        Statement::DropTable(name) => format!("drop table {name}"),
        Statement::DropForeignTable(name) => format!("drop foreign table {name}"),
        Statement::AttachPartition { table, link } => {
            format!("attach {table} as a partition of {}", link.parent)
        }
        Statement::DetachPartition { table, parent, .. } => {
            format!("detach partition {table} from {parent}; rows are kept")
        }
        Statement::SetInherit { table, parent, inherit: true } => {
            format!("add parent {parent} to table {table}")
        }
        Statement::SetInherit { table, parent, inherit: false } => {
            format!("remove parent {parent} from table {table}; columns and rows are kept")
        }
        Statement::SetType { table, of_type: Some(of_type) } => {
            format!("make {table} a typed table of type {of_type}")
        }
        Statement::SetType { table, of_type: None } => {
            format!("make {table} an untyped table")
        }
        Statement::SetAccessMethod { table, .. } => {
            format!("change the access method of table {table}")
        }
        Statement::SetForeignOptions { table, .. } => {
            format!("set options of foreign table {table}")
        }
        Statement::AttachIndex { parent, index, .. } => {
            format!("attach index {index} to {parent}")
        }
        Statement::CommentForeignTable { table, text: Some(_) } => {
            format!("set comment on foreign table {table}")
        }
        Statement::CommentForeignTable { table, text: None } => {
            format!("remove comment from foreign table {table}")
        }
        Statement::SetPersistence { relation, .. } => {
            format!("change the persistence of {}", named(relation))
        }
        Statement::SetOptions { relation, .. } => {
            format!("set storage parameters of {}", named(relation))
        }
        Statement::SetRowSecurity { table, .. } => format!("set row security of table {table}"),
        Statement::SetReplicaIdentity { table, .. } => {
            format!("set the replica identity of table {table}")
        }
        Statement::SetCluster { table, index: Some(index) } => {
            format!("set the CLUSTER index of table {table} to {index}; rows are not reordered")
        }
        Statement::SetCluster { table, index: None } => {
            format!("remove the CLUSTER index of table {table}")
        }
        Statement::AddColumn(it) => format!("add column {}.{}", it.table, it.name),
        Statement::DropColumn { column, only: false } => {
            format!("drop column {}.{}", column.table, column.column)
        }
        Statement::DropColumn { column, only: true } => {
            format!(
                "drop column {}.{}; the columns of child tables are kept",
                column.table, column.column
            )
        }
        Statement::AlterColumn { column, action } => {
            altered_column(&format!("{}.{}", column.table, column.column), action)
        }
        Statement::NotNull { column, action } => {
            not_null(&format!("{}.{}", column.table, column.column), action)
        }
        Statement::AddConstraint(it) => {
            let valid = if it.validated {
                ""
            } else {
                ", NOT VALID: new and updated rows are checked, existing rows not yet"
            };
            format!("add constraint {} to table {}{valid}", it.name, it.table)
        }
        Statement::AddConstraintUsing { constraint, index } => {
            format!(
                "add constraint {} to table {} with index {index}",
                constraint.name, constraint.table
            )
        }
        Statement::Mirror { mirror, action } => mirrored(mirror, *action),
        Statement::Fill { column, value: FillValue::Mirror(mirror), rows, .. } => format!(
            "copy {} of {} to {}, {rows} rows a transaction",
            mirror.old, column.table, column.column
        ),
        Statement::Fill { column, rows, .. } => format!(
            "fill {}.{} in the rows where it is NULL, {rows} rows a transaction",
            column.table, column.column
        ),
        Statement::ContinueSequence { column, from } => {
            format!(
                "start identity {}.{} at the value of sequence {from}",
                column.table, column.column
            )
        }
        Statement::DropConstraint(it) => {
            format!("drop constraint {} of table {}", it.name, it.table)
        }
        Statement::ValidateConstraint(it) => {
            format!("validate constraint {} of table {}", it.name, it.table)
        }
        Statement::SetConstraintTiming { table, name, .. } => {
            format!("change deferrability of constraint {name} of table {table}")
        }
        Statement::CreateIndex { index, .. } => {
            let unique = if index.unique { "unique " } else { "" };
            let kind = if index.method.as_str() == "btree" {
                String::new()
            } else {
                format!("{} ", index.method)
            };
            format!("create {unique}{kind}index {} on table {}", index.name, index.table)
        }
        Statement::DropIndex { table, name, .. } => {
            format!("drop index {} of table {table}", table.sibling(name.clone()))
        }
        Statement::Rename { object, name } => format!("rename {} to {name}", named(object)),
        Statement::Move { object, namespace } => {
            format!("move {} to schema {namespace}", named(object))
        }
        Statement::Comment { object, text: Some(_) } => format!("set comment on {}", named(object)),
        Statement::Comment { object, text: None } => {
            format!("remove comment from {}", named(object))
        }
    }
}

fn mirrored(mirror: &Mirror, action: MirrorAction) -> String {
    let Mirror { table, old, new, trigger, .. } = mirror;
    match action {
        MirrorAction::CreateFunction => {
            format!("create the function of trigger {trigger}, which keeps {new} equal to {old}")
        }
        MirrorAction::CreateTrigger => format!("create trigger {trigger} on {table}"),
        MirrorAction::EnableAlways => format!("enable {trigger} for replicated changes too"),
        MirrorAction::AddCheck => format!(
            "add constraint {}, NOT VALID: {new} equals {old} in new and updated rows",
            mirror.check
        ),
        MirrorAction::ValidateCheck => {
            format!("validate constraint {}: {new} equals {old} in every row", mirror.check)
        }
        MirrorAction::DropCheck => format!("drop constraint {} of table {table}", mirror.check),
        MirrorAction::Analyze => format!("collect statistics of {table}.{new} for the planner"),
        MirrorAction::DropTrigger => format!("drop trigger {trigger} on {table}"),
        MirrorAction::DropFunction => format!("drop the function of trigger {trigger}"),
        MirrorAction::DropOld => {
            format!("drop column {table}.{old}; {new} replaces it, as the last column of the table")
        }
    }
}

fn altered_domain(name: &QualifiedName, action: &DomainAction) -> String {
    match action {
        DomainAction::SetDefault(_) => format!("set the default of domain {name}"),
        DomainAction::DropDefault => format!("drop the default of domain {name}"),
        DomainAction::SetNotNull => format!("set NOT NULL on domain {name}"),
        DomainAction::AddNotNull(_) => format!("set NOT NULL on domain {name}"),
        DomainAction::DropNotNull => format!("drop NOT NULL from domain {name}"),
        DomainAction::RenameConstraint { from, .. } => {
            format!("rename constraint {from} of domain {name}")
        }
        DomainAction::AddCheck(it) => format!("add check {} to domain {name}", it.name),
        DomainAction::DropCheck(it) => format!("drop check {it} of domain {name}"),
        DomainAction::ValidateCheck(it) => {
            format!("validate check {it} of domain {name}")
        }
        DomainAction::CommentCheck(it, _) => format!("set comment on check {it} of domain {name}"),
    }
}

fn granted(granting: &Granting, on: &str, grantee: &Grantee) -> String {
    let grantee = match grantee {
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::Owner => "the owner".to_owned(),
        Grantee::Role(name) => name.to_string(),
    };
    match granting {
        Granting::Grant { privileges, .. } => {
            format!("grant {} on {on} to {grantee}", privileges.join(", "))
        }
        Granting::Revoke { privileges, option_only: true } => {
            format!("revoke grant option for {} on {on} from {grantee}", privileges.join(", "))
        }
        Granting::Revoke { privileges, option_only: false } => {
            format!("revoke {} on {on} from {grantee}", privileges.join(", "))
        }
        Granting::RevokeAll => format!("revoke all privileges on {on} from {grantee}"),
    }
}

fn fires(object: &ObjectId, firing: Firing) -> String {
    match firing {
        Firing::Origin => format!("enable {object}"),
        Firing::Disabled => format!("disable {object}"),
        Firing::Replica => format!("enable {object} for replicated changes only"),
        Firing::Always => format!("enable {object} for replicated changes too"),
    }
}

fn not_null(name: &str, action: &NotNullAction) -> String {
    match action {
        NotNullAction::Add(it) if it.validated => format!("set NOT NULL on {name}"),
        NotNullAction::Add(_) => {
            format!(
                "set NOT NULL on {name}, NOT VALID: new and updated rows are checked, existing rows not yet"
            )
        }
        NotNullAction::Validate(constraint) => {
            format!("validate constraint {constraint} of column {name}")
        }
        NotNullAction::SetInherit { name: constraint, inherit } => {
            let word = if *inherit { "inherit" } else { "do not inherit" };
            format!("child tables {word} constraint {constraint} of column {name}")
        }
    }
}

fn altered_column(name: &str, action: &ColumnAction) -> String {
    match action {
        ColumnAction::SetType { from, to, using: None, .. } if from == to => {
            format!("change the collation of column {name}")
        }
        ColumnAction::SetType { from, to, .. } if from == to => {
            format!("convert column {name} to the new type {to}")
        }
        ColumnAction::SetType { from, to, .. } => {
            format!("change column {name} from {from} to {to}")
        }
        ColumnAction::SetDefault(_) => {
            format!("set the default of column {name}; existing rows keep their values")
        }
        ColumnAction::DropDefault => format!("drop the default of column {name}"),
        ColumnAction::SetNotNull => format!("set NOT NULL on {name}"),
        ColumnAction::DropNotNull => format!("drop NOT NULL from {name}"),
        ColumnAction::AddIdentity(_) => format!("make column {name} an identity column"),
        ColumnAction::AlterIdentity { .. } => format!("change the identity of column {name}"),
        ColumnAction::DropIdentity => format!("drop identity of column {name}"),
        ColumnAction::DropExpression => {
            format!("drop the expression of generated column {name}; rows keep the computed values")
        }
        ColumnAction::SetStorage(_) => {
            format!("change the storage of column {name} for new rows")
        }
        ColumnAction::SetCompression(_) => {
            format!("change the compression of column {name} for new values")
        }
        ColumnAction::SetOptions { .. } | ColumnAction::SetForeignOptions { .. } => {
            format!("set options of column {name}")
        }
        ColumnAction::SetStatistics(_) => {
            format!("change the statistics target of column {name}")
        }
    }
}
