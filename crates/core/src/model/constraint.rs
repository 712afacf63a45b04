//! Constraints of tables (`pg_constraint`); NOT NULL belongs to its column.

use serde::{Deserialize, Serialize};

use super::expr::SqlExpr;
use super::ident::{Ident, QualifiedName};
use super::options::Options;
use super::{is_false, is_true, yes};

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// The table.
    pub table: QualifiedName,
    /// `conname`.
    pub name: Ident,
    /// What it demands.
    pub rule: ConstraintRule,
    /// When it is checked.
    pub timing: Timing,
    /// Whether existing rows are known to obey (`convalidated`; false after NOT VALID).
    pub validated: bool,
    /// Whether it is checked at all (`conenforced`; false after NOT ENFORCED, from PostgreSQL 18).
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enforced: bool,
    /// The comment.
    pub comment: Option<String>,
    /// The comment on the index behind it (COMMENT ON INDEX), where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_comment: Option<String>,
}

impl Constraint {
    /// A validated constraint, checked at once.
    #[must_use]
    pub fn new(table: QualifiedName, name: Ident, rule: ConstraintRule) -> Self {
        Self {
            table,
            name,
            rule,
            timing: Timing::NotDeferrable,
            validated: true,
            enforced: true,
            comment: None,
            index_comment: None,
        }
    }
}

/// When a constraint is checked (`condeferrable`, `condeferred`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// With each statement.
    NotDeferrable,
    /// DEFERRABLE INITIALLY IMMEDIATE.
    Deferrable,
    /// DEFERRABLE INITIALLY DEFERRED.
    Deferred,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintRule {
    /// PRIMARY KEY.
    PrimaryKey(Key),
    /// UNIQUE.
    Unique(Key),
    /// FOREIGN KEY.
    ForeignKey(ForeignKey),
    /// CHECK.
    Check {
        /// The condition, without the outer parentheses.
        expression: SqlExpr,
        /// NO INHERIT.
        no_inherit: bool,
    },
    /// EXCLUDE: compared and created as PostgreSQL prints it (`pg_get_constraintdef`), without
    /// the timing.
    Exclude {
        /// From the word EXCLUDE on.
        definition: String,
    },
}

/// The key of a primary key or unique constraint, and the index behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The columns.
    pub columns: Vec<Ident>,
    /// INCLUDE.
    pub include: Vec<Ident>,
    /// NULLS NOT DISTINCT (unique only, from PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// WITHOUT OVERLAPS of the last column (from PostgreSQL 18).
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_overlaps: bool,
    /// Storage parameters of the index.
    pub options: Options,
    /// CLUSTER ON.
    pub clustered: bool,
}

impl Key {
    /// A key over some columns, nothing special.
    #[must_use]
    pub fn new(columns: Vec<Ident>) -> Self {
        Self {
            columns,
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            options: Options::default(),
            clustered: false,
        }
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<Ident>,
    /// The referenced table.
    pub references: QualifiedName,
    /// The referenced columns.
    pub referenced_columns: Vec<Ident>,
    /// ON UPDATE.
    pub on_update: Action,
    /// ON DELETE.
    pub on_delete: Action,
    /// The columns that SET NULL or SET DEFAULT touch, where not all (from PostgreSQL 15).
    pub on_delete_columns: Vec<Ident>,
    /// MATCH FULL rather than MATCH SIMPLE.
    pub match_full: bool,
    /// PERIOD before the last column of both sides (from PostgreSQL 18).
    #[serde(default, skip_serializing_if = "is_false")]
    pub period: bool,
}

/// A referential action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// NO ACTION.
    NoAction,
    /// RESTRICT.
    Restrict,
    /// CASCADE.
    Cascade,
    /// SET NULL.
    SetNull,
    /// SET DEFAULT.
    SetDefault,
}

impl Action {
    /// As SQL.
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}
