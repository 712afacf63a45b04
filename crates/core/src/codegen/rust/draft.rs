//! A table on its way to its module.

use super::columns::ColumnView;
use super::types::Types;
use crate::codegen::blueprint::Entity;
use crate::model::ident::QualifiedName;

/// A table on its way to its module.
pub(super) struct Draft<'v> {
    pub(super) entity: &'v Entity,
    pub(super) types: &'v Types<'v>,
    pub(super) model: String,
    pub(super) marker: String,
    pub(super) views: &'v [ColumnView],
}

/// Qualified always: what `search_path` says is not known to the code.
pub(super) fn sql_name(name: &QualifiedName) -> String {
    format!("{}.{}", name.namespace, name.name)
}

/// Whether the server can be given many keys in one statement.
pub(super) fn has_many(entity: &Entity) -> bool {
    entity.has_key() && entity.key.iter().all(|it| entity.fields[*it].has_array())
}
