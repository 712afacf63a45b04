//! NOT NULL constraints of columns in a comparison: only servers since PostgreSQL 18 store their
//! names, NO INHERIT, NOT VALID and comments, and a declaration need not give a name.

use crate::model::Schema;
use crate::model::column::Column;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::not_null::{NotNull, generated_not_null_name};
use crate::model::object::Object;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;

/// The first server that keeps them.
pub const SINCE: u32 = 18;

/// What a schema knows of NOT NULL constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// All that a server keeps.
    Whole,
    /// What is declared: a name that is not given may be any.
    Declared,
    /// Nothing: an older server has read it.
    Nothing,
}

impl Knowledge {
    /// Of what a server has read.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        match snapshot.environment.major_version() {
            0 | SINCE.. => Self::Whole,
            1..SINCE => Self::Nothing,
        }
    }
}

/// Copies to each side the properties that it does not have, so that they are no difference.
pub fn align(before: (Knowledge, &mut Schema), after: (Knowledge, &mut Schema)) {
    use Knowledge::{Declared, Nothing, Whole};
    match (before.0, after.0) {
        (Nothing, _) => adopt(before.1, after.1, |_, other| other.clone()),
        (_, Nothing) => adopt(after.1, before.1, |_, other| other.clone()),
        (Whole, Declared) => adopt(after.1, before.1, named_alike),
        (Declared, Whole) => adopt(before.1, after.1, named_alike),
        (Whole, Whole) | (Declared, Declared) => {}
    }
}

/// What should be there, as far as the server keeps it that has found what is there.
#[must_use]
pub fn fitted(found: &Snapshot, wanted: &Snapshot) -> Schema {
    let mut wanted = wanted.schema.clone();
    if Knowledge::of(found) == Knowledge::Nothing {
        adopt(&mut wanted, &found.schema, |_, other| other.clone());
    }
    wanted
}

fn named_alike(own: &NotNull, other: &NotNull) -> NotNull {
    let name = own.name.clone().or_else(|| other.name.clone());
    NotNull { name, ..own.clone() }
}

/// Gives the columns of one side what is made of both, where both are NOT NULL.
fn adopt(to: &mut Schema, from: &Schema, made: impl Fn(&NotNull, &NotNull) -> NotNull) {
    let original = to.clone();
    for table in parents_first(from) {
        for name in from.column_names(&table) {
            let (Some(own), Some(other)) =
                (original.column(&table, &name), from.column(&table, &name))
            else {
                continue;
            };
            if own.not_null && other.not_null {
                let constraint = made(&own.not_null_constraint, &other.not_null_constraint);
                put(to, own, constraint);
            }
        }
    }
}

/// Gives columns what their declaration says, which the server that printed them does not keep.
pub fn carry_over(schema: &mut Schema, declared: &Schema) {
    let printed = schema.clone();
    for table in parents_first(declared) {
        for wanted in declared.columns(&table) {
            let Some(column) = printed.column(&table, &wanted.name) else { continue };
            if wanted.inherited || !wanted.not_null_constraint.is_plain() {
                let column = Column { not_null: wanted.not_null, ..column };
                put(schema, column, wanted.not_null_constraint.clone());
            }
        }
    }
}

/// Carries the names of constraints, which PostgreSQL leaves alone, through renames of tables and
/// columns.
pub fn keep_names(
    after: &mut Schema,
    before: &Schema,
    renamed: impl Fn(&QualifiedName, &Ident) -> (QualifiedName, Ident),
) {
    let printed = after.clone();
    for table in parents_first(before) {
        for name in before.column_names(&table) {
            let Some(old) = before.column(&table, &name).filter(|it| it.not_null) else { continue };
            let (new_table, new_name) = renamed(&table, &name);
            let Some(column) = printed.column(&new_table, &new_name) else { continue };
            let actual = before.not_null_name(&table, &name);
            let usual = match after.not_null_parent(&new_table, &new_name) {
                Some(parent) => after.not_null_name(parent, &new_name),
                None => generated_not_null_name(&new_table, &new_name),
            };
            let constraint = NotNull {
                name: (actual != usual).then_some(actual),
                ..old.not_null_constraint.clone()
            };
            put(after, Column { not_null: true, ..column }, constraint);
        }
    }
}

/// Takes out of a schema what servers before [`SINCE`] have no words for.
pub fn forget(schema: &mut Schema) {
    let tables: Vec<QualifiedName> = schema.tables().map(|it| it.name.clone()).collect();
    for table in tables {
        let marked = |it: &&&Column| !it.not_null_constraint.is_plain();
        let columns = schema.columns(&table);
        let columns: Vec<Column> = columns.iter().filter(marked).map(|it| (*it).clone()).collect();
        for column in columns {
            schema.insert(Column { not_null_constraint: NotNull::default(), ..column });
        }
    }
}

/// The columns of which a schema says something that servers before [`SINCE`] do not keep.
pub fn said(schema: &Schema) -> impl Iterator<Item = &Column> {
    let columns = schema.tables().flat_map(|it| schema.columns(&it.name));
    columns.filter(|it| !it.not_null_constraint.is_plain())
}

/// Puts a column in its place, unless a parent hands it down just so.
fn put(schema: &mut Schema, column: Column, constraint: NotNull) {
    let column = Column { not_null_constraint: constraint, ..column };
    let inherited = schema.inherited_column(&column.table, &column.name);
    let inherited = inherited.map(|it| Column { position: column.position, ..it });
    if column.inherited && inherited.as_ref() == Some(&column) {
        schema.remove(&Object::Column(column).id());
    } else {
        schema.insert(column);
    }
}

/// The names of all tables, each after those that it has columns from.
fn parents_first(schema: &Schema) -> Vec<QualifiedName> {
    let mut names: Vec<(usize, &QualifiedName)> =
        schema.tables().map(|it| (depth(schema, it), &it.name)).collect();
    names.sort();
    names.into_iter().map(|(_, name)| name.clone()).collect()
}

fn depth(schema: &Schema, table: &Table) -> usize {
    let parents = table.parents().filter_map(|it| schema.table(it));
    parents.map(|it| depth(schema, it) + 1).max().unwrap_or(0)
}
