//! Which indexes a type change rebuilds although it does not rewrite the table.

use crate::model::base_type::BaseType;
use crate::model::column::Column;
use crate::model::ident::Ident;
use crate::model::index::{Index, IndexValue};
use crate::model::object::{Object, ObjectId};
use crate::model::pg_type::PgType;
use crate::model::snapshot::Snapshot;

/// The indexes over a column, those of constraints aside, that a change of its type or collation builds
/// again.
pub(in crate::plan) fn rebuilt_indexes(
    side: &Snapshot,
    from: &Column,
    to: &Column,
) -> Vec<ObjectId> {
    let is_reordered =
        from.collation != to.collation || !same_order(&from.data_type, &to.data_type);
    let column = Object::Column(from.clone()).id();
    let over = side.schema.indexes(&from.table).filter(|index| {
        let id = Object::Index((*index).clone()).id();
        let uses_column = side.dependencies.of(&id).any(|it| *it == column);
        uses_column && is_rebuilt(index, &from.name, is_reordered)
    });
    over.map(|it| Object::Index(it.clone()).id()).collect()
}

/// Whether an index may have a column in an expression or its predicate: their texts name it.
pub(in crate::plan) fn mentions(index: &Index, column: &Ident) -> bool {
    let expressions = index.keys.iter().filter_map(|it| match &it.value {
        IndexValue::Expression(it) => Some(it),
        IndexValue::Column(_) => None,
    });
    let part = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
    // As PostgreSQL prints it, in quotes where it needs them.
    let printed = column.to_string();
    let named = |text: &str| {
        let bare = printed.as_str();
        text.match_indices(bare).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + bare.len()..].chars().next();
            !before.is_some_and(part) && !after.is_some_and(part)
        })
    };
    expressions.chain(&index.predicate).any(|it| named(it.as_str()))
}

/// Whether an index over a column is rebuilt: one over expressions or a part of the table always,
/// another where its order is another one (`CheckIndexCompatible` in the server).
pub(in crate::plan) fn is_rebuilt(index: &Index, column: &Ident, is_reordered: bool) -> bool {
    is_partial(index) || is_reordered && has_key(index, column)
}

fn is_partial(index: &Index) -> bool {
    let is_expression = |it: &IndexValue| matches!(it, IndexValue::Expression(_));
    index.predicate.is_some() || index.keys.iter().any(|it| is_expression(&it.value))
}

fn has_key(index: &Index, column: &Ident) -> bool {
    // A collation of its own stays.
    index.keys.iter().any(|it| {
        it.collation.is_none() && matches!(&it.value, IndexValue::Column(name) if name == column)
    })
}

/// Whether two types are ordered by one operator class.
pub(in crate::plan) fn same_order(from: &PgType, to: &PgType) -> bool {
    from.same_family(to)
        || [from, to].iter().all(|it| {
            let base = it.plain_base();
            matches!(
                base,
                Some(BaseType::Text | BaseType::Varchar | BaseType::Cidr | BaseType::Inet)
            )
        })
}
