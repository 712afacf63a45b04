//! A statement with the information for a reviewer.

use serde::Serialize;

use crate::model::object::ObjectId;
use crate::plan::statement::Statement;

/// One statement of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is said to PostgreSQL.
    pub statement: Statement,
    /// The object that it serves.
    pub object: ObjectId,
    /// What it does to the database and to those who use it.
    pub effect: Effect,
    /// The number of the transaction that it shares with its neighbors of the same number. A statement
    /// that PostgreSQL refuses in a transaction has a number of its own.
    pub transaction: usize,
}

/// What a statement does to the database and to those who use it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Effect {
    /// The locks on relations that others may be using, the strongest first. Empty when it touches
    /// only what this plan creates, or no relation at all.
    pub locks: Vec<Lock>,
    /// Whether the stored rows are rewritten.
    pub rewrites: bool,
    /// Whether all rows are read.
    pub scans: bool,
    /// Whether rows are updated in batches, each in a transaction of its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fills: bool,
    /// Whether an index is built.
    pub builds_index: bool,
    /// The indexes that are rebuilt although the rows stay as they are, as SQL.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rebuilds: Vec<String>,
    /// Whether its locks outlast it by long: a later statement of the same transaction takes long, and
    /// locks are held to the end of it (manual, 13.3).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outlasted: bool,
    /// What others notice until a later statement of the plan, or beside what the statement is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meanwhile: Option<String>,
    /// What is lost for good.
    pub loss: Option<String>,
    /// When it fails on data.
    pub fails: Option<String>,
    /// Whether it needs a transaction of its own, or none at all.
    pub transaction: StepTransaction,
}

impl Effect {
    /// Whether it takes longer the more rows there are.
    #[must_use]
    pub fn takes_long(&self) -> bool {
        self.rewrites || self.scans || self.builds_index || !self.rebuilds.is_empty()
    }
}

/// How a statement stands to transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepTransaction {
    /// Runs in a transaction with others.
    #[default]
    Any,
    /// Must be committed before what follows can use its result.
    CommitAfter,
    /// PostgreSQL refuses it inside a transaction.
    Outside,
}

/// A lock on a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// How strong.
    pub level: LockLevel,
    /// The relation, as SQL.
    pub relation: String,
}

/// Lock levels of relations that DDL takes (manual section 13.3.1), weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LockLevel {
    /// ROW SHARE.
    RowShare,
    /// ROW EXCLUSIVE.
    RowExclusive,
    /// SHARE UPDATE EXCLUSIVE.
    ShareUpdateExclusive,
    /// SHARE.
    Share,
    /// SHARE ROW EXCLUSIVE.
    ShareRowExclusive,
    /// EXCLUSIVE.
    Exclusive,
    /// ACCESS EXCLUSIVE.
    AccessExclusive,
}

impl LockLevel {
    /// The name in PostgreSQL's manual.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// Who waits while it is held.
    #[must_use]
    pub fn who_waits(self) -> &'static str {
        match self {
            Self::RowShare | Self::RowExclusive | Self::ShareUpdateExclusive => {
                "reads and writes continue"
            }
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => {
                "writes wait, reads continue"
            }
            Self::AccessExclusive => "reads and writes wait",
        }
    }
}
