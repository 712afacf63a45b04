//! Tables and foreign keys as diagrams: Mermaid, DOT and SVG.
//!
//! In: a schema, or two. Out: text. Of two schemas a diagram has the tables of both, and marks what differs.
//! Partitions are counted at their parent, not drawn.

mod dot;
mod layout;
mod mermaid;
mod svg;

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{diff, same};
use crate::model::Schema;
use crate::model::column::Column;
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId};

pub use svg::STYLE;

/// A diagram.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    /// The tables, by name.
    pub tables: Vec<TableBox>,
    /// The foreign keys between them, by table and name.
    pub links: Vec<Link>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableBox {
    /// Its name.
    pub name: QualifiedName,
    /// How it differs.
    pub mark: Mark,
    /// Its columns in their order, those that are dropped after them.
    pub rows: Vec<Row>,
    /// How many partitions it has.
    pub partitions: usize,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its type, with `?` where it can be NULL.
    pub data_type: String,
    /// Whether it is of the primary key.
    pub primary: bool,
    /// Whether it is of a foreign key.
    pub foreign: bool,
    /// How it differs.
    pub mark: Mark,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The referencing table, by its number in the diagram.
    pub from: usize,
    /// The first referencing column, by its number in the table.
    pub row: Option<usize>,
    /// The referenced table.
    pub to: usize,
    /// How it differs.
    pub mark: Mark,
}

/// How something differs between two schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Not at all.
    Same,
    /// Both have it, and it differs.
    Changed,
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Dropped,
}

impl Mark {
    /// The sign for people.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Changed => "~",
            Self::Added => "+",
            Self::Dropped => "-",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Dropped => "dropped",
        }
    }
}

impl Diagram {
    /// The diagram of a schema.
    #[must_use]
    pub fn of(schema: &Schema) -> Self {
        Self::between(schema, schema)
    }

    /// The diagram of two schemas.
    #[must_use]
    pub fn between(from: &Schema, to: &Schema) -> Self {
        let is_partition = |it: &Schema, name: &QualifiedName| {
            it.table(name).is_some_and(|it| it.partition_of.is_some())
        };
        let all = from.tables().chain(to.tables()).map(|it| it.name.clone());
        let names: BTreeSet<QualifiedName> =
            all.filter(|it| !is_partition(from, it) && !is_partition(to, it)).collect();
        let changes = diff(from, to);
        let changed = changes.iter().filter_map(|it| it.id().parent()).collect();
        let partitions = partitions(to);
        let boxes = names.iter().map(|it| TableBox {
            partitions: partitions.get(it).copied().unwrap_or(0),
            ..table_box(from, to, it, &changed)
        });
        let tables: Vec<TableBox> = boxes.collect();
        let numbers = names.iter().enumerate().map(|(at, it)| (it.clone(), at)).collect();
        let links = names.iter().flat_map(|it| links(from, to, it, &numbers, &tables));
        let links = links.collect();
        Self { tables, links }
    }

    /// What differs alone, with the tables that are linked to it directly.
    #[must_use]
    pub fn changed(&self) -> Self {
        let differs = |it: &usize| self.tables[*it].mark != Mark::Same;
        let ends = self
            .links
            .iter()
            .filter(|it| it.mark != Mark::Same || differs(&it.from) || differs(&it.to));
        let mut kept: BTreeSet<usize> = (0..self.tables.len()).filter(differs).collect();
        kept.extend(ends.flat_map(|it| [it.from, it.to]));
        let numbers: BTreeMap<usize, usize> =
            kept.iter().enumerate().map(|it| (*it.1, it.0)).collect();
        let links = self.links.iter().filter_map(|it| {
            let (from, to) = (*numbers.get(&it.from)?, *numbers.get(&it.to)?);
            Some(Link { from, to, ..it.clone() })
        });
        Self {
            links: links.collect(),
            tables: kept.iter().map(|it| self.tables[*it].clone()).collect(),
        }
    }
}

fn mark(from: Option<&Object>, to: Option<&Object>) -> Mark {
    match (from, to) {
        (Some(from), Some(to)) if same(from, to) => Mark::Same,
        (Some(_), Some(_)) => Mark::Changed,
        (None, _) => Mark::Added,
        (Some(_), None) => Mark::Dropped,
    }
}

/// How many partitions each table has.
fn partitions(schema: &Schema) -> BTreeMap<QualifiedName, usize> {
    let mut counts = BTreeMap::new();
    for it in schema.tables().filter_map(|it| it.partition_of.as_ref()) {
        *counts.entry(it.parent.clone()).or_default() += 1;
    }
    counts
}

/// A table is changed if anything that belongs to it is: columns, constraints, indexes, triggers, policies.
fn table_box(
    from: &Schema,
    to: &Schema,
    name: &QualifiedName,
    changed: &BTreeSet<ObjectId>,
) -> TableBox {
    let id = ObjectId::table(name);
    let own = mark(from.get(&id), to.get(&id));
    let parts = own == Mark::Same && changed.contains(&id);
    TableBox {
        name: name.clone(),
        mark: if parts { Mark::Changed } else { own },
        rows: rows(from, to, name),
        partitions: 0,
    }
}

fn rows(from: &Schema, to: &Schema, table: &QualifiedName) -> Vec<Row> {
    let (before, after) = (from.column_names(table), to.column_names(table));
    let dropped = before.iter().filter(|it| !after.contains(it));
    after.iter().chain(dropped).filter_map(|it| row(from, to, table, it)).collect()
}

fn row(from: &Schema, to: &Schema, table: &QualifiedName, name: &Ident) -> Option<Row> {
    let (before, after) = (from.column(table, name), to.column(table, name));
    let objects = (before.clone().map(Object::from), after.clone().map(Object::from));
    let mark = mark(objects.0.as_ref(), objects.1.as_ref());
    let schema = if after.is_some() { to } else { from };
    let column = after.or(before)?;
    let of = |is_key: fn(&ConstraintRule) -> Option<&Vec<Ident>>| {
        schema.constraints(table).filter_map(|it| is_key(&it.rule)).any(|it| it.contains(name))
    };
    Some(Row {
        name: name.to_string(),
        data_type: shown_type(&column),
        primary: of(primary_columns),
        foreign: of(foreign_columns),
        mark,
    })
}

fn shown_type(column: &Column) -> String {
    let null = if column.not_null { "" } else { "?" };
    format!("{}{null}", column.data_type)
}

fn primary_columns(rule: &ConstraintRule) -> Option<&Vec<Ident>> {
    match rule {
        ConstraintRule::PrimaryKey(key) => Some(&key.columns),
        ConstraintRule::Unique(_) | ConstraintRule::ForeignKey(_) => None,
        ConstraintRule::Check { .. } | ConstraintRule::Exclude { .. } => None,
    }
}

fn foreign_columns(rule: &ConstraintRule) -> Option<&Vec<Ident>> {
    match rule {
        ConstraintRule::ForeignKey(key) => Some(&key.columns),
        ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) => None,
        ConstraintRule::Check { .. } | ConstraintRule::Exclude { .. } => None,
    }
}

/// The foreign keys of a table to tables of the diagram.
fn links(
    from: &Schema,
    to: &Schema,
    table: &QualifiedName,
    numbers: &BTreeMap<QualifiedName, usize>,
    boxes: &[TableBox],
) -> Vec<Link> {
    let of = |it: &Schema| -> BTreeMap<Ident, Constraint> {
        let keys = it.constraints(table).filter(|it| foreign_columns(&it.rule).is_some());
        keys.map(|it| (it.name.clone(), it.clone())).collect()
    };
    let (before, after) = (of(from), of(to));
    let names: BTreeSet<&Ident> = before.keys().chain(after.keys()).collect();
    let found = names.into_iter().filter_map(|name| {
        let sides = (
            before.get(name).cloned().map(Object::from),
            after.get(name).cloned().map(Object::from),
        );
        let constraint = after.get(name).or(before.get(name))?;
        let ConstraintRule::ForeignKey(key) = &constraint.rule else { return None };
        let number = *numbers.get(table)?;
        let first = key.columns.first().map(ToString::to_string);
        Some(Link {
            name: name.to_string(),
            from: number,
            row: boxes[number].rows.iter().position(|it| Some(&it.name) == first.as_ref()),
            to: *numbers.get(&key.references)?,
            mark: mark(sides.0.as_ref(), sides.1.as_ref()),
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests;
