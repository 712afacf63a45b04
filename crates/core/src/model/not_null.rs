//! NOT NULL as a constraint with a name (`pg_constraint.contype = 'n'`): of columns from PostgreSQL 18
//! on, of domains from 17 on.

use serde::{Deserialize, Serialize};

use super::Schema;
use super::ident::{Ident, QualifiedName, object_name};
use super::{is_true, yes};

/// What the names end in that PostgreSQL makes up.
pub const NOT_NULL: &str = "not_null";

/// What the NOT NULL constraint of a column or domain says beside NOT NULL itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotNull {
    /// `conname`, where it is not the one that PostgreSQL makes up. A column that comes from a parent
    /// has the parent's name unless it says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Ident>,
    /// NO INHERIT (of columns).
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub no_inherit: bool,
    /// Whether existing rows are known to obey (`convalidated`; false after NOT VALID, of columns).
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub validated: bool,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Default for NotNull {
    fn default() -> Self {
        Self { name: None, no_inherit: false, validated: true, comment: None }
    }
}

impl NotNull {
    /// Whether it is as SET NOT NULL makes it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// The major version from which NOT NULL constraints have names (`pg_constraint.contype` is `n`).
pub const NAMED_NOT_NULL_SINCE: u32 = 18;

/// The name that PostgreSQL makes up for the NOT NULL constraint of a column
/// (`AddRelationNotNullConstraints` in the server).
#[must_use]
pub fn generated_not_null_name(table: &QualifiedName, column: &Ident) -> Ident {
    object_name(table.name.as_str(), Some(column.as_str()), NOT_NULL)
}

impl Schema {
    /// What the NOT NULL constraint of a column is called: as the column says, as that of the parent
    /// which it comes from, or as PostgreSQL makes it up.
    #[must_use]
    pub fn not_null_name(&self, table: &QualifiedName, column: &Ident) -> Ident {
        let own = self.own_column(table, column);
        if let Some(name) = own.and_then(|it| it.not_null_constraint.name.clone()) {
            return name;
        }
        match self.not_null_parent(table, column) {
            Some(parent) => self.not_null_name(parent, column),
            None => generated_not_null_name(table, column),
        }
    }

    /// The parent that a column has its NOT NULL constraint from.
    #[must_use]
    pub fn not_null_parent(&self, table: &QualifiedName, column: &Ident) -> Option<&QualifiedName> {
        self.table(table)?.parents().find(|parent| {
            self.column(parent, column)
                .is_some_and(|it| it.not_null && !it.not_null_constraint.no_inherit)
        })
    }
}
