//! The properties of a table that its rows depend on.

use super::kind::ValueKind;

/// A table that keeps rows of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestTable {
    /// Its number in the catalog, which it keeps when it is renamed.
    pub oid: u32,
    /// Its name with its schema, as SQL.
    pub name: String,
    /// Whether it is what rows are wanted for, and not only referenced by that.
    pub touched: bool,
    /// Its columns, generated ones left out.
    pub columns: Vec<TestColumn>,
    /// The columns of each unique index and exclusion constraint.
    pub keys: Vec<Vec<i16>>,
    /// What each row must fulfil: its checks, and the bound of a partition.
    pub checks: Vec<Check>,
    /// What it references.
    pub references: Vec<Reference>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestColumn {
    /// Its number in the table, which it keeps when it is renamed.
    pub number: i16,
    /// Its name.
    pub name: String,
    /// Its type as SQL.
    pub type_name: String,
    /// What values it has.
    pub kind: ValueKind,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Whether its values come from a sequence, which continues after the largest.
    pub counted: bool,
    /// Whether it has a default.
    pub has_default: bool,
}

/// A condition that each row must fulfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// As PostgreSQL prints it.
    pub expression: String,
    /// The columns in it.
    pub columns: Vec<i16>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The columns.
    pub columns: Vec<i16>,
    /// The table that they reference.
    pub target: u32,
    /// The columns there.
    pub target_columns: Vec<i16>,
    /// Whether it can be checked at the end of the transaction.
    pub deferrable: bool,
}

impl TestTable {
    /// The column of a number.
    #[must_use]
    pub fn column(&self, number: i16) -> Option<&TestColumn> {
        self.columns.iter().find(|it| it.number == number)
    }

    /// Whether all columns of a reference that could hold it back may be NULL.
    #[must_use]
    pub fn may_be_null(&self, reference: &Reference) -> bool {
        reference.columns.iter().any(|it| self.column(*it).is_some_and(|it| it.nullable))
    }

    /// The checks on one column alone.
    pub fn checks_of(&self, number: i16) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |it| it.columns == [number])
    }

    /// The checks that need a whole row.
    pub fn checks_of_rows(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|it| it.columns.len() != 1)
    }
}
