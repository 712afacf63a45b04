//! A second column that holds the values of another in a new type, and takes its place.

use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::ident::{Ident, QualifiedName, object_name};
use crate::model::object::ObjectKind;
use crate::model::pg_type::PgType;

/// A column beside another, and what keeps both equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// The table.
    pub table: QualifiedName,
    /// The column as it is.
    pub old: Ident,
    /// The second column.
    pub new: Ident,
    /// Its type.
    pub data_type: PgType,
    /// Whether its values are made by way of text.
    pub by_text: bool,
    /// The name of the trigger and of its function.
    pub trigger: Ident,
    /// The check that both are equal, and that no value is missing where none may be.
    pub check: Ident,
    /// Whether no value may be missing.
    pub not_null: bool,
}

/// What a column is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FillValue {
    /// DEFAULT, where it is NULL.
    Default,
    /// The value of the column whose place it takes, where it has another one.
    Mirror(Box<Mirror>),
}

/// What is done about a second column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MirrorAction {
    /// CREATE FUNCTION of the trigger.
    CreateFunction,
    /// CREATE TRIGGER.
    CreateTrigger,
    /// ALTER TABLE … ENABLE ALWAYS TRIGGER: also for replicated changes.
    EnableAlways,
    /// DROP TRIGGER.
    DropTrigger,
    /// DROP FUNCTION.
    DropFunction,
    /// DROP COLUMN of the old one, whose values the second has.
    DropOld,
}

impl Mirror {
    /// The second column for another, under names that nothing has on either side.
    pub(super) fn new(sides: [&Schema; 2], from: &Column, to: &Column, by_text: bool) -> Self {
        let table = to.table.clone();
        let named = |prefix: &str, label: &str| {
            let made = |number: u32| {
                let label = if number == 0 { label.to_owned() } else { format!("{label}{number}") };
                object_name(prefix, Some(to.name.as_str()), &label)
            };
            let free = |it: &Ident| !sides.iter().any(|side| is_taken(side, &table, it));
            (0..).map(made).find(free).expect("some number is free")
        };
        Self {
            old: from.name.clone(),
            new: beside(&sides, &table, &to.name),
            data_type: to.data_type.clone(),
            by_text,
            // Triggers fire in the order of their names, and this one sees what the others make.
            trigger: named(&format!("zz_{}", table.name.as_str()), "copy"),
            check: named(table.name.as_str(), "copy_check"),
            not_null: to.not_null,
            table,
        }
    }

    /// The new value, of the old column as it is called where the expression stands.
    #[must_use]
    pub fn value(&self, old: &str) -> String {
        let array = if self.data_type.array { "[]" } else { "" };
        let by_text = if self.by_text { format!("::text{array}") } else { String::new() };
        format!("{old}{by_text}::{}", self.data_type)
    }

    /// What the check says.
    #[must_use]
    pub fn condition(&self) -> String {
        let same =
            format!("{} IS NOT DISTINCT FROM {}", self.new, self.value(&self.old.to_string()));
        if self.not_null { format!("{} IS NOT NULL AND {same}", self.new) } else { same }
    }

    /// The second column, empty at first.
    pub(super) fn column(&self, to: &Column) -> Column {
        Column {
            name: self.new.clone(),
            not_null: false,
            not_null_constraint: Default::default(),
            value: ColumnValue::None,
            comment: None,
            ..to.clone()
        }
    }
}

/// A column name that the table has not.
fn beside(sides: &[&Schema; 2], table: &QualifiedName, name: &Ident) -> Ident {
    let made = |number: u32| match number {
        0 => object_name(name.as_str(), None, "new"),
        number => object_name(name.as_str(), None, &format!("new{number}")),
    };
    let free = |it: &Ident| sides.iter().all(|side| side.column(table, it).is_none());
    (0..).map(made).find(free).expect("some number is free")
}

fn is_taken(side: &Schema, table: &QualifiedName, name: &Ident) -> bool {
    side.iter().any(|(id, _)| {
        id.kind != ObjectKind::Column
            && id.name == *name
            && id.namespace.as_ref() == Some(&table.namespace)
    })
}

/// Whether values of a type can be told apart by IS NOT DISTINCT FROM: it has an equality operator.
pub(super) fn has_equality(data_type: &PgType) -> bool {
    !matches!(
        data_type.name.as_str(),
        "json" | "xml" | "point" | "line" | "lseg" | "box" | "path" | "polygon" | "circle"
    )
}
