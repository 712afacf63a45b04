//! A table on its way to its module.

use super::model::ColumnView;
use super::types::Types;
use crate::codegen::blueprint::{Entity, Field};
use crate::codegen::value_type::ValueType;
use crate::model::Schema;

/// A table on its way to its module.
pub(super) struct Draft<'v> {
    pub(super) schema: &'v Schema,
    pub(super) entity: &'v Entity,
    pub(super) types: &'v Types<'v>,
    pub(super) model: String,
    pub(super) views: Vec<ColumnView>,
}

/// Whether rows are written with it. What the server makes for its own use and composite types are
/// only read.
pub(super) fn is_written(it: &Field) -> bool {
    let composite = |of: &&ValueType| matches!(of, ValueType::Composite(_));
    it.writable && !it.value_type.is_tsvector() && !it.value_type.parts().iter().any(composite)
}
