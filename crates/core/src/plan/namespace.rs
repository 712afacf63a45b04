//! Namespaces. One that contains an extension can have been created by the platform or by an
//! administrator; then it is kept.

use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::object::Object;
use crate::plan::statement::Statement;

/// CREATE SCHEMA, with or without an extension in it.
pub(super) fn create(to: &Schema, name: &Ident) -> Statement {
    match holds_extension(to, name) {
        true => Statement::CreateExtensionNamespace(name.clone()),
        false => Statement::CreateNamespace(name.clone()),
    }
}

/// DROP SCHEMA, with or without an extension that was in it.
pub(super) fn drop(from: &Schema, name: &Ident) -> Statement {
    match holds_extension(from, name) {
        true => Statement::DropExtensionNamespace(name.clone()),
        false => Statement::DropNamespace(name.clone()),
    }
}

fn holds_extension(schema: &Schema, name: &Ident) -> bool {
    schema.iter().any(|(_, it)| matches!(it, Object::Extension(it) if it.namespace == *name))
}
