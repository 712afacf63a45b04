//! The parts of a split statement.

use crate::model::constraint::Constraint;
use crate::plan::statement::Statement;

/// When a thing is done if nothing else decides. A statement that is not taken apart is done in
/// [`Stage::Clear`], [`Stage::Change`] or [`Stage::GiveUp`]; the others are those of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Stage {
    /// Constraints that are not valid yet, added briefly before anything else.
    Announce,
    /// They are held against the rows, before anything that writes rows and would be refused for them.
    Prove,
    /// Second columns get their values in batches.
    Copy,
    /// What reads tables or builds indexes and needs nothing else of the plan.
    Prepare,
    /// Conflicting objects are dropped.
    Clear,
    /// What is new is created, and what stays is changed.
    Change,
    /// Rows get their values in batches.
    Fill,
    /// Constraints over what has been changed or filled, not valid yet.
    Mark,
    /// What reads tables or builds indexes.
    Finish,
    /// What needs that.
    Settle,
    /// What is given up for good.
    GiveUp,
}

/// When a part of a statement is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum At {
    /// Where the whole statement would be.
    Own,
    /// In a stage of its own.
    Stage(Stage),
}

/// What a statement becomes: its parts in the order in which they run.
pub(in crate::plan) type Parts = Vec<(At, Statement)>;

/// A part in the place of the whole statement.
pub(super) fn own(statement: Statement) -> (At, Statement) {
    (At::Own, statement)
}

/// A part in a stage of its own.
pub(super) fn at(stage: Stage, statement: Statement) -> (At, Statement) {
    (At::Stage(stage), statement)
}

/// ADD CONSTRAINT … NOT VALID: for new and updated rows.
pub(super) fn not_valid(constraint: &Constraint) -> Statement {
    Statement::AddConstraint(Box::new(Constraint { validated: false, ..constraint.clone() }))
}

/// VALIDATE CONSTRAINT: for the rows that are there.
pub(super) fn validate(constraint: &Constraint) -> Statement {
    Statement::ValidateConstraint(Box::new(constraint.clone()))
}

/// DROP CONSTRAINT.
pub(super) fn remove(constraint: Constraint) -> Statement {
    Statement::DropConstraint(Box::new(constraint))
}
