//! A type change of a column by a second column: `on_change = "expand"` adds the new column with
//! its own indexes, the application fills it, and `on_change = "swap"` replaces the old column by
//! it.
//!
//! Both change only the input of the comparison: [`expand`] adapts the declaration to the database,
//! [`swap`] returns the renames to run first.

use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::declared::{Hints, TypeChange};
use crate::model::ident::{Ident, object_name};
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::object::{Object, ObjectId, ObjectKind};

use super::change::Change;

/// What is put after the name of the new column and its indexes until the swap.
const NEW: &str = "new";
/// What is put after the name of the old ones from the swap on, until they are dropped.
const OLD: &str = "old";

/// Says of each column that is to be expanded, and whose values PostgreSQL cannot convert: the old one stays as it is in `from`, and the new one
/// stands beside it, nullable, with an index for each index over the old one.
pub fn expand(
    from: &Schema,
    to: &mut Schema,
    hints: &Hints,
    converts: impl Fn(&Column, &Column) -> bool,
) {
    for (present, wanted) in changing(from, to, hints, &TypeChange::Expand) {
        if converts(&present, &wanted) {
            continue;
        }
        let beside = beside(&wanted.name, NEW);
        if to.contains(&ObjectId::child(ObjectKind::Column, &wanted.table, &beside)) {
            continue;
        }
        let last = to.columns(&wanted.table).iter().map(|it| it.position).max().unwrap_or(0);
        let new = Column {
            name: beside.clone(),
            position: last + 1,
            not_null: false,
            value: ColumnValue::None,
            ..wanted.clone()
        };
        for index in plain_indexes(to, &wanted) {
            let mut copy = Index { name: self::beside(&index.name, NEW), ..index.clone() };
            copy.keys.iter_mut().for_each(|it| retarget(it, &wanted.name, &beside));
            to.insert(copy);
            let id = Object::Index(index).id();
            match from.get(&id) {
                Some(present) => drop(to.insert(present.clone())),
                None => drop(to.remove(&id)),
            }
        }
        to.insert(new);
        to.insert(present);
    }
}

/// The renames that let each expanded column take its place, indexes with it. What it replaces has
/// another name afterwards, and is dropped as anything that is not declared.
#[must_use]
pub fn swap(from: &Schema, to: &Schema, hints: &Hints) -> Vec<Change> {
    let mut renames = Vec::new();
    for (present, wanted) in changing(from, to, hints, &TypeChange::Swap) {
        let column = |name: &Ident| ObjectId::child(ObjectKind::Column, &wanted.table, name);
        if !from.contains(&column(&beside(&wanted.name, NEW))) {
            continue;
        }
        renames.extend(rename_twice(&column(&wanted.name)));
        for index in plain_indexes(from, &present) {
            let id = Object::Index(index.clone()).id();
            let new = Object::Index(Index { name: beside(&index.name, NEW), ..index }).id();
            if from.contains(&new) && to.contains(&id) {
                renames.extend(rename_twice(&id));
            }
        }
    }
    renames
}

/// The column that was put beside another to take its place, and that one, if a rename lets it do so.
#[must_use]
pub fn stepping_in<'a>(rename: &'a Change, hints: &Hints) -> Option<(&'a ObjectId, &'a ObjectId)> {
    let Change::Rename { from, to } = rename else { return None };
    let swaps = hints.type_changes.get(to) == Some(&TypeChange::Swap);
    (swaps && from.name == beside(&to.name, NEW)).then_some((from, to))
}

/// The old one gets another name, the new one its name.
fn rename_twice(id: &ObjectId) -> [Change; 2] {
    let called = |label| ObjectId { name: beside(&id.name, label), ..id.clone() };
    [
        Change::Rename { from: id.clone(), to: called(OLD) },
        Change::Rename { from: called(NEW), to: id.clone() },
    ]
}

/// The columns whose type is still to change in this way, as they are and as they shall be.
fn changing(from: &Schema, to: &Schema, hints: &Hints, way: &TypeChange) -> Vec<(Column, Column)> {
    let declared = hints.type_changes.iter().filter(|(_, it)| *it == way);
    declared
        .filter_map(|(id, _)| match (from.get(id)?, to.get(id)?) {
            (Object::Column(present), Object::Column(wanted)) => {
                let changes = present.data_type != wanted.data_type;
                changes.then(|| (present.clone(), wanted.clone()))
            }
            _ => None,
        })
        .collect()
}

/// The indexes that have the column itself as a key.
fn plain_indexes(side: &Schema, column: &Column) -> Vec<Index> {
    let over = |it: &IndexKey| it.value == IndexValue::Column(column.name.clone());
    side.indexes(&column.table).filter(|it| it.keys.iter().any(over)).cloned().collect()
}

fn retarget(key: &mut IndexKey, from: &Ident, to: &Ident) {
    if key.value == IndexValue::Column(from.clone()) {
        key.value = IndexValue::Column(to.clone());
    }
}

fn beside(name: &Ident, label: &str) -> Ident {
    object_name(name.as_str(), None, label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::model::ident::QualifiedName;
    use crate::model::pg_type::PgType;
    use crate::model::table::Table;

    fn documents(dimensions: &str) -> Schema {
        let table = QualifiedName::new("public", "documents");
        let mut schema = Schema::default();
        schema.insert(Table::new(table.clone()));
        let data_type = PgType::parse(dimensions).expect("a type");
        let mut column = Column::new(table.clone(), Ident::new("embedding"), 1, data_type);
        column.not_null = true;
        schema.insert(column);
        let mut index = Index::new(table, Ident::new("idx"), vec![IndexKey::column("embedding")]);
        index.method = Ident::new("hnsw");
        schema.insert(index);
        schema
    }

    fn hints(change: TypeChange) -> Hints {
        let table = QualifiedName::new("public", "documents");
        let id = ObjectId::child(ObjectKind::Column, &table, &Ident::new("embedding"));
        Hints { type_changes: [(id, change)].into_iter().collect(), ..Hints::default() }
    }

    #[track_caller]
    fn check(changes: &[Change], expected: &[&str]) {
        let shown: Vec<String> = changes.iter().map(ToString::to_string).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_second_column_comes_once_and_then_nothing() {
        let from = documents("vector(3)");
        let mut to = documents("vector(4)");
        expand(&from, &mut to, &hints(TypeChange::Expand), |_, _| false);
        let expected = ["create column documents.embedding_new", "create index idx_new"];
        check(&diff(&from, &to), &expected);
        let expanded = to;
        let mut to = documents("vector(4)");
        expand(&expanded, &mut to, &hints(TypeChange::Expand), |_, _| false);
        check(&diff(&expanded, &to), &[]);
    }

    #[test]
    fn the_second_column_takes_the_place_of_the_first() {
        let mut expanded = documents("vector(4)");
        expand(&documents("vector(3)"), &mut expanded, &hints(TypeChange::Expand), |_, _| false);
        let to = documents("vector(4)");
        let expected = [
            "rename column documents.embedding to embedding_old",
            "rename column documents.embedding_new to embedding",
            "rename index idx to idx_old",
            "rename index idx_new to idx",
        ];
        check(&swap(&expanded, &to, &hints(TypeChange::Swap)), &expected);
        check(&swap(&to, &to, &hints(TypeChange::Swap)), &[]);
    }
}
