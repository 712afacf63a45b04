//! PRIMARY KEY and UNIQUE: the index is built CONCURRENTLY, and ADD CONSTRAINT … USING INDEX takes
//! the lock briefly (manual, ALTER TABLE, ADD table_constraint_using_index).

use crate::model::constraint::{Constraint, ConstraintRule, Key};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey};
use crate::model::object::{ObjectId, ObjectKind};
use crate::plan::online::part::{Parts, Stage, at, own};
use crate::plan::online::site::Site;
use crate::plan::statement::Statement;

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    id: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    let Statement::AddConstraint(constraint) = statement else { return None };
    let key = match &constraint.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => key,
        ConstraintRule::ForeignKey(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => return None,
    };
    let table = &constraint.table;
    // ADD CONSTRAINT … USING INDEX is not supported on partitioned tables (ATExecAddIndexConstraint).
    let fits = site.is_in_use(table)
        && !site.is_moved(table)
        && !site.is_partitioned(table)
        && !key.without_overlaps;
    if !fits {
        return None;
    }
    let mut columns = key.columns.iter().chain(&key.include);
    let before = columns.all(|it| site.prepared(table, it).is_some());
    // What is dropped and created again has no gap only in one transaction.
    let is_replaced = site.dispositions.get(id).is_some_and(|it| it.removes());
    if !before && is_replaced {
        return None;
    }
    // The index takes the name of the constraint.
    let name = if is_free(site, id) && !is_replaced {
        constraint.name.clone()
    } else {
        site.free_name(table, &constraint.name, "new")
    };
    let index = Box::new(index(site, constraint, key, &name));
    let build = Statement::CreateIndex { index, concurrently: true, only: false };
    let add = Statement::AddConstraintUsing { constraint: constraint.clone(), index: name };
    Some(if before {
        vec![at(Stage::Prepare, build), own(add)]
    } else {
        vec![at(Stage::Finish, build), at(Stage::Settle, add)]
    })
}

/// Whether nothing but the constraint itself bears its name, before or after, and no part of an index of a
/// partitioned table.
fn is_free(site: &Site<'_>, id: &ObjectId) -> bool {
    if id
        .namespace
        .as_ref()
        .is_some_and(|it| site.is_part(&QualifiedName::new(it.clone(), id.name.clone())))
    {
        return false;
    }
    let other = |it: &ObjectId| it.name == id.name && it.namespace == id.namespace && it != id;
    let column = |it: &ObjectId| it.kind == ObjectKind::Column;
    let sides = [&site.from.schema, &site.to.schema];
    sides.iter().all(|side| side.iter().all(|(it, _)| column(it) || !other(it)))
}

/// The index behind a key.
fn index(site: &Site<'_>, constraint: &Constraint, key: &Key, name: &Ident) -> Index {
    let called = |it: &Ident| site.prepared(&constraint.table, it).unwrap_or_else(|| it.clone());
    let keys = key.columns.iter().map(|it| IndexKey::column(called(it))).collect();
    Index {
        unique: true,
        nulls_not_distinct: key.nulls_not_distinct,
        include: key.include.iter().map(called).collect(),
        options: key.options.clone(),
        ..Index::new(constraint.table.clone(), name.clone(), keys)
    }
}
