//! Each statement as SQL, without its final semicolon.

use crate::model::base_type::BaseType;
use crate::model::column::Identity;
use crate::model::constraint::Timing;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::namespace::PUBLIC_COMMENT;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::sequence::{ColumnRef, Sequence, SequenceOptions};
use crate::model::table::{Persistence, ReplicaIdentity, RowSecurity};
use crate::plan::statement::{ColumnAction, Statement};

use super::defined;
use super::definition::{
    column, compression, constraint, constraint_using, created_sequence_options, identity,
    index_body, not_null_action, option_name, options, sequence_options, storage, when,
};
use super::foreign;
use super::mirror;
use super::owners;
use super::subject::subject;
use super::table;
use super::{literal, privileges, types};

/// The SQL of a statement.
#[must_use]
pub fn statement(statement: &Statement) -> String {
    match statement {
        Statement::CreateNamespace(name) => format!("CREATE SCHEMA {name}"),
        Statement::CreateExtensionNamespace(name) => create_namespace_unless_there(name),
        Statement::DropNamespace(name) => format!("DROP SCHEMA {name}"),
        Statement::DropExtensionNamespace(name) => drop_own_namespace(name),
        Statement::CreateExtension(it) => {
            let version = it
                .version
                .as_ref()
                .map(|it| format!(" VERSION {}", literal(it)))
                .unwrap_or_default();
            format!(
                "CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {}{version}",
                it.name, it.namespace
            )
        }
        Statement::DropExtension(name) => drop_own_extension(name),
        Statement::SetExtensionNamespace { name, namespace } => {
            format!("ALTER EXTENSION {name} SET SCHEMA {namespace}")
        }
        Statement::UpdateExtension { name, version } => {
            format!("ALTER EXTENSION {name} UPDATE TO {}", literal(version))
        }
        Statement::CreateEnum(it) => {
            let labels: Vec<String> = it.labels.iter().map(|it| literal(it)).collect();
            format!("CREATE TYPE {} AS ENUM ({})", it.name, labels.join(", "))
        }
        Statement::DropEnum(name) => format!("DROP TYPE {name}"),
        Statement::CreateDomain(it) => types::create_domain(it),
        Statement::AlterDomain { name, action } => types::alter_domain(name, action),
        Statement::CreateComposite(it) => types::create_composite(it),
        Statement::AlterComposite { name, action } => types::alter_composite(name, action),
        Statement::Define { definition, or_replace } => defined::create(definition, *or_replace),
        Statement::Complete { sql, .. } => sql.clone(),
        Statement::SetFiring { object, firing } => defined::set_firing(object, *firing),
        Statement::Drop { object, removal } => defined::drop(object, &subject(object), *removal),
        Statement::Grant { on, grantee, granting } => privileges::grant(on, grantee, granting),
        Statement::GrantByDefault { .. } => privileges::by_default(statement),
        Statement::RequireFilled { table, column, new } => require_filled(table, column, new),
        Statement::NoteOwners { objects, privileges } => owners::note(objects, *privileges),
        Statement::RestoreOwners { objects, .. } => owners::restore(objects),
        Statement::CheckFunctionBodies(false) => "SET check_function_bodies = off".to_owned(),
        Statement::CheckFunctionBodies(true) => "RESET check_function_bodies".to_owned(),
        Statement::AddLabel { name, label, before } => {
            let place =
                before.as_ref().map(|it| format!(" BEFORE {}", literal(it))).unwrap_or_default();
            format!("ALTER TYPE {name} ADD VALUE {}{place}", literal(label))
        }
        Statement::RenameLabel { name, from, to } => {
            format!("ALTER TYPE {name} RENAME VALUE {} TO {}", literal(from), literal(to))
        }
        Statement::CreateSequence(it) => create_sequence(it),
        Statement::AlterSequence { name, from, to } => {
            format!("ALTER SEQUENCE {name} {}", altered_sequence(from, to).join(" "))
        }
        Statement::RaiseSequence { name, least } => format!(
            "SELECT setval({}, {least}, false) FROM {name} WHERE last_value < {least}",
            literal(&name.to_string())
        ),
        Statement::SetSequenceOwner { name, owner } => {
            let owner = owner.as_ref().map_or("NONE".to_owned(), column_name);
            format!("ALTER SEQUENCE {name} OWNED BY {owner}")
        }
        Statement::ContinueIdentity { column } => continue_identity(column),
        Statement::DropSequence(name) => format!("DROP SEQUENCE {name}"),
        Statement::CreateTable(it) => table::create(it),
        Statement::DropTable(name) => format!("DROP TABLE {name}"),
        Statement::DropForeignTable(name) => format!("DROP FOREIGN TABLE {name}"),
        Statement::AttachPartition { table, link } => {
            format!("ALTER TABLE {} ATTACH PARTITION {table} {}", link.parent, link.bound)
        }
        Statement::DetachPartition { table, parent, concurrently } => {
            let concurrently = if *concurrently { " CONCURRENTLY" } else { "" };
            format!("ALTER TABLE {parent} DETACH PARTITION {table}{concurrently}")
        }
        Statement::SetInherit { table, parent, inherit } => {
            let no = if *inherit { "" } else { "NO " };
            format!("ALTER TABLE {table} {no}INHERIT {parent}")
        }
        Statement::SetType { table, of_type } => {
            let how = of_type.as_ref().map_or("NOT OF".to_owned(), |it| format!("OF {it}"));
            format!("ALTER TABLE {table} {how}")
        }
        Statement::SetAccessMethod { table, method } => {
            let method = method.as_ref().map_or("heap".to_owned(), ToString::to_string);
            format!("ALTER TABLE {table} SET ACCESS METHOD {method}")
        }
        Statement::SetForeignOptions { table, from, to } => {
            format!("ALTER FOREIGN TABLE {table} {}", foreign::altered_options(from, to))
        }
        Statement::AttachIndex { parent, index, .. } => {
            format!("ALTER INDEX {parent} ATTACH PARTITION {index}")
        }
        Statement::CommentForeignTable { table, text } => {
            let text = text.as_ref().map_or("NULL".to_owned(), |it| literal(it));
            format!("COMMENT ON FOREIGN TABLE {table} IS {text}")
        }
        Statement::SetPersistence { relation, persistence } => {
            let word = match persistence {
                Persistence::Permanent => "LOGGED",
                Persistence::Unlogged => "UNLOGGED",
            };
            format!("ALTER {} SET {word}", subject(relation))
        }
        Statement::SetOptions { relation, set, reset } => {
            let mut parts = Vec::new();
            if !reset.is_empty() {
                let names: Vec<String> = reset.iter().map(|it| option_name(it)).collect();
                parts.push(format!("RESET ({})", names.join(", ")));
            }
            if !set.is_empty() {
                parts.push(format!("SET {}", options(set)));
            }
            format!("ALTER {} {}", subject(relation), parts.join(", "))
        }
        Statement::SetRowSecurity { table, from, to } => {
            format!("ALTER TABLE {table} {}", row_security(*from, *to))
        }
        Statement::SetReplicaIdentity { table, identity } => {
            let identity = match identity {
                ReplicaIdentity::Default => "DEFAULT".to_owned(),
                ReplicaIdentity::Full => "FULL".to_owned(),
                ReplicaIdentity::Nothing => "NOTHING".to_owned(),
                ReplicaIdentity::Index(name) => format!("USING INDEX {name}"),
            };
            format!("ALTER TABLE {table} REPLICA IDENTITY {identity}")
        }
        Statement::SetCluster { table, index } => {
            let how = index
                .as_ref()
                .map_or("SET WITHOUT CLUSTER".to_owned(), |it| format!("CLUSTER ON {it}"));
            format!("ALTER TABLE {table} {how}")
        }
        Statement::AddColumn(it) => format!("ALTER TABLE {} ADD COLUMN {}", it.table, column(it)),
        Statement::DropColumn { column, only } => {
            let only = if *only { "ONLY " } else { "" };
            format!("ALTER TABLE {only}{} DROP COLUMN {}", column.table, column.column)
        }
        Statement::AlterColumn { column, action: ColumnAction::SetForeignOptions { from, to } } => {
            let options = foreign::altered_options(from, to);
            format!("ALTER FOREIGN TABLE {} ALTER COLUMN {} {options}", column.table, column.column)
        }
        Statement::AlterColumn { column, action } => {
            let action = column_action(column, action);
            format!("ALTER TABLE {} ALTER COLUMN {} {action}", column.table, column.column)
        }
        Statement::NotNull { column, action } => {
            format!("ALTER TABLE {} {}", column.table, not_null_action(&column.column, action))
        }
        Statement::AddConstraint(it) => {
            let valid = if it.validated { "" } else { " NOT VALID" };
            format!("ALTER TABLE {} ADD {}{valid}", it.table, constraint(it))
        }
        Statement::AddConstraintUsing { constraint, index } => constraint_using(constraint, index),
        Statement::Mirror { mirror, action } => mirror::statement(mirror, *action),
        Statement::Fill { column, value, .. } => mirror::fill(column, value),
        Statement::ContinueSequence { column, from } => format!(
            "SELECT setval(pg_get_serial_sequence({}, {}), last_value, is_called) FROM {from}",
            literal(&column.table.to_string()),
            literal(column.column.as_str())
        ),
        Statement::DropConstraint(it) => {
            format!("ALTER TABLE {} DROP CONSTRAINT {}", it.table, it.name)
        }
        Statement::ValidateConstraint(it) => {
            format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", it.table, it.name)
        }
        Statement::SetConstraintTiming { table, name, timing } => {
            let timing = match timing {
                Timing::NotDeferrable => "NOT DEFERRABLE",
                Timing::Deferrable => "DEFERRABLE INITIALLY IMMEDIATE",
                Timing::Deferred => "DEFERRABLE INITIALLY DEFERRED",
            };
            format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {timing}")
        }
        Statement::CreateIndex { index, concurrently, only } => {
            let unique = if index.unique { "UNIQUE " } else { "" };
            let concurrently = if *concurrently { "CONCURRENTLY " } else { "" };
            let (name, table) = (&index.name, &index.table);
            let only = if *only { "ONLY " } else { "" };
            let body = index_body(index);
            format!("CREATE {unique}INDEX {concurrently}{name} ON {only}{table} {body}")
        }
        Statement::DropIndex { table, name, concurrently, cascade } => {
            let cascade = if *cascade { " CASCADE" } else { "" };
            let concurrently = if *concurrently { "CONCURRENTLY " } else { "" };
            format!("DROP INDEX {concurrently}{}{cascade}", table.sibling(name.clone()))
        }
        Statement::Rename { object, name } => rename(object, &name.to_string()),
        Statement::Move { object, namespace } => {
            format!("ALTER {} SET SCHEMA {namespace}", subject(object))
        }
        Statement::Comment { object, text } => {
            // The one that a new database has is none here.
            let public = object.kind == ObjectKind::Namespace && object.name == Ident::public();
            let none = if public { literal(PUBLIC_COMMENT) } else { "NULL".to_owned() };
            let text = text.as_ref().map_or(none, |it| literal(it));
            format!("COMMENT ON {} IS {text}", commented(object))
        }
    }
}

/// CREATE SCHEMA IF NOT EXISTS wants CREATE on the database even where the schema exists
/// (`CreateSchemaCommand` in the server's `schemacmds.c` asks for the privilege first).
fn create_namespace_unless_there(name: &Ident) -> String {
    let text = literal(name.as_str());
    format!(
        "DO $$\nBEGIN\n    \
         IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = {text}) THEN\n        \
         CREATE SCHEMA {name};\n    \
         END IF;\nEND $$"
    )
}

/// What an administrator created before the revision ran is an administrator's, and stays.
fn drop_own_namespace(name: &Ident) -> String {
    let text = literal(name.as_str());
    format!(
        "DO $$\nBEGIN\n    \
         IF EXISTS (SELECT FROM pg_catalog.pg_namespace\n                \
         WHERE nspname = {text} AND pg_catalog.pg_has_role(nspowner, 'USAGE')) THEN\n        \
         DROP SCHEMA {name};\n    \
         END IF;\nEND $$"
    )
}

/// DROP of an extension, if the role owns it: one that an administrator created stays.
#[must_use]
pub fn drop_own_extension(name: &Ident) -> String {
    let text = literal(name.as_str());
    format!(
        "DO $$\nBEGIN\n    \
         IF EXISTS (SELECT FROM pg_catalog.pg_extension\n                \
         WHERE extname = {text} AND pg_catalog.pg_has_role(extowner, 'USAGE')) THEN\n        \
         DROP EXTENSION {name};\n    \
         END IF;\nEND $$"
    )
}

fn require_filled(table: &QualifiedName, column: &Ident, new: &Ident) -> String {
    let message = literal(&format!(
        "% rows of table {} have a value in column {}, but none in column {}",
        percent(table),
        percent(column),
        percent(new)
    ));
    let hint =
        literal(&format!("Fill them first: UPDATE {table} SET {new} = … WHERE {new} IS NULL."));
    format!(
        "DO $aludel$
DECLARE
    missing bigint;
BEGIN
    SELECT count(*) INTO missing FROM {table} WHERE {column} IS NOT NULL AND {new} IS NULL;
    IF missing > 0 THEN
        RAISE EXCEPTION {message}, missing
            USING HINT = {hint};
    END IF;
END
$aludel$"
    )
}

/// A name in the format of RAISE, where a percent sign stands for an argument.
fn percent(name: impl std::fmt::Display) -> String {
    name.to_string().replace('%', "%%")
}

fn rename(id: &ObjectId, name: &str) -> String {
    match id.kind {
        ObjectKind::Column => {
            format!("ALTER {} RENAME COLUMN {} TO {name}", subject(id), id.name)
        }
        ObjectKind::Constraint => {
            format!("ALTER {} RENAME CONSTRAINT {} TO {name}", subject(id), id.name)
        }
        ObjectKind::Namespace
        | ObjectKind::Extension
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::Composite
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Index
        | ObjectKind::Defined(_)
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => format!("ALTER {} RENAME TO {name}", subject(id)),
    }
}

fn commented(id: &ObjectId) -> String {
    let table = id.table_name().map(|it| it.to_string()).unwrap_or_default();
    match id.kind {
        ObjectKind::Column => format!("COLUMN {table}.{}", id.name),
        ObjectKind::Constraint => format!("CONSTRAINT {} ON {table}", id.name),
        ObjectKind::Namespace
        | ObjectKind::Extension
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::Composite
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Index
        | ObjectKind::Defined(_)
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => subject(id),
    }
}

fn column_name(column: &ColumnRef) -> String {
    format!("{}.{}", column.table, column.column)
}

fn create_sequence(sequence: &Sequence) -> String {
    let unlogged = match sequence.persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "UNLOGGED ",
    };
    let mut parts = vec![format!("CREATE {unlogged}SEQUENCE {}", sequence.name)];
    if sequence.options.data_type.base() != Some(BaseType::Bigint) {
        parts.push(format!("AS {}", sequence.options.data_type));
    }
    parts.extend(created_sequence_options(&sequence.options));
    parts.join(" ")
}

fn altered_sequence(from: &SequenceOptions, to: &SequenceOptions) -> Vec<String> {
    let mut clauses = Vec::new();
    if from.data_type != to.data_type {
        clauses.push(format!("AS {}", to.data_type));
    }
    clauses.extend(sequence_options(&from.retyped(to.data_type.clone()), to));
    if from.restarts(to) {
        clauses.push("RESTART".to_owned());
    }
    clauses
}

/// The sequence continues after the largest existing value; it is not changed if the table is empty.
fn continue_identity(column: &ColumnRef) -> String {
    let table = literal(&column.table.to_string());
    let name = literal(column.column.as_str());
    // Without a row HAVING returns none, so setval is not called; NULL would leave it alone, too, but a
    // value below MINVALUE is an error.
    format!(
        "SELECT setval(pg_get_serial_sequence({table}, {name}), max({column})) FROM {} HAVING \
         max({column}) > 0",
        column.table,
        column = column.column
    )
}

fn row_security(from: RowSecurity, to: RowSecurity) -> String {
    let enabled = |it| matches!(it, RowSecurity::Enabled | RowSecurity::Forced);
    let forced = |it| matches!(it, RowSecurity::Forced | RowSecurity::DisabledForced);
    let mut actions = Vec::new();
    if enabled(from) != enabled(to) {
        let word = if enabled(to) { "ENABLE" } else { "DISABLE" };
        actions.push(format!("{word} ROW LEVEL SECURITY"));
    }
    if forced(from) != forced(to) {
        let word = if forced(to) { "FORCE" } else { "NO FORCE" };
        actions.push(format!("{word} ROW LEVEL SECURITY"));
    }
    actions.join(", ")
}

fn column_action(column: &ColumnRef, action: &ColumnAction) -> String {
    match action {
        ColumnAction::SetType { to, collation, using, .. } => {
            let collation =
                collation.as_ref().map(|it| format!(" COLLATE {it}")).unwrap_or_default();
            let using = using.as_ref().map(|it| format!(" USING {it}")).unwrap_or_default();
            format!("TYPE {to}{collation}{using}")
        }
        ColumnAction::SetDefault(expression) => format!("SET DEFAULT {expression}"),
        ColumnAction::DropDefault => "DROP DEFAULT".to_owned(),
        ColumnAction::SetNotNull => "SET NOT NULL".to_owned(),
        ColumnAction::DropNotNull => "DROP NOT NULL".to_owned(),
        ColumnAction::AddIdentity(it) => format!("ADD {}", identity(it, &column.table)),
        ColumnAction::AlterIdentity { from, to } => altered_identity(from, to),
        ColumnAction::DropIdentity => "DROP IDENTITY".to_owned(),
        ColumnAction::DropExpression => "DROP EXPRESSION".to_owned(),
        ColumnAction::SetStorage(it) => {
            format!("SET STORAGE {}", it.map_or("DEFAULT", storage))
        }
        ColumnAction::SetCompression(it) => {
            format!("SET COMPRESSION {}", it.map_or("default", compression))
        }
        ColumnAction::SetOptions { set, reset } => {
            let names: Vec<String> = reset.iter().map(|it| option_name(it)).collect();
            match (set.is_empty(), names.is_empty()) {
                (false, true) => format!("SET {}", options(set)),
                (true, _) => format!("RESET ({})", names.join(", ")),
                (false, false) => format!(
                    "RESET ({}), ALTER COLUMN {} SET {}",
                    names.join(", "),
                    column.column,
                    options(set)
                ),
            }
        }
        ColumnAction::SetForeignOptions { from, to } => foreign::altered_options(from, to),
        ColumnAction::SetStatistics(it) => format!("SET STATISTICS {}", it.unwrap_or(-1)),
    }
}

fn altered_identity(from: &Identity, to: &Identity) -> String {
    let mut clauses = Vec::new();
    if from.always != to.always {
        clauses.push(format!("SET GENERATED {}", when(to)));
    }
    let options = altered_sequence(&from.options, &to.options);
    clauses.extend(options.into_iter().map(|it| match it.as_str() {
        "RESTART" => it,
        _ => format!("SET {it}"),
    }));
    clauses.join(" ")
}
