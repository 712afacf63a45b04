//! A review as JSON.

use serde::Serialize;

use super::Review;
use crate::report::plain::with_passwords_starred;
use crate::review::facts::{FactsSource, RelationLock, ReviewedFile, ReviewedStatement, Scan};
use crate::review::hazard::{Hazard, Severity};
use crate::review::shape::Shape;

/// A review.
#[derive(Debug, Serialize)]
pub struct ReviewReport<'a> {
    /// The files, in order.
    pub files: Vec<FileReport<'a>>,
    /// How many hazards there are.
    pub summary: Summary,
}

/// A file.
#[derive(Debug, Serialize)]
pub struct FileReport<'a> {
    /// Its path; `-` for standard input.
    pub path: &'a str,
    /// The revision that it applies, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<&'a str>,
    /// Its statements, in order.
    pub statements: Vec<StatementReport<'a>>,
    /// Its hazards by place, those that are allowed among them.
    pub hazards: Vec<&'a Hazard>,
}

/// A statement.
#[derive(Debug, Serialize)]
pub struct StatementReport<'a> {
    /// Its line, counted from one.
    pub line: usize,
    /// Its text, without passwords.
    pub sql: String,
    /// The number of the transaction that it shares with its neighbors of the same number.
    pub transaction: usize,
    /// Whether it runs outside of a transaction.
    pub outside: bool,
    /// Why its shape was not read, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape_not_read: Option<String>,
    /// How the facts are known.
    pub source: &'a FactsSource,
    /// The locks on relations, strongest first.
    pub locks: &'a [RelationLock],
    /// The tables whose rows are rewritten.
    pub rewritten: &'a [String],
    /// The indexes that are rewritten although their tables are not.
    pub rebuilt: &'a [String],
    /// The indexes that are built.
    pub built: &'a [String],
    /// The tables that are read as a whole.
    pub scanned: &'a [Scan],
    /// What changes: `create column docs.note`.
    pub changes: Vec<String>,
    /// What is lost.
    pub losses: &'a [String],
    /// What the server said where it refused the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<&'a str>,
}

/// How many hazards there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Errors that nothing allows.
    pub errors: usize,
    /// Warnings that nothing allows.
    pub warnings: usize,
    /// Information that nothing allows.
    pub infos: usize,
    /// What is allowed, of any severity.
    pub allowed: usize,
}

impl<'a> ReviewReport<'a> {
    /// The report of a review.
    #[must_use]
    pub fn new(review: Review<'a>) -> Self {
        let files = review.files.iter().map(|it| FileReport {
            path: &it.path,
            revision: it.revision.as_ref().map(|it| it.as_str()),
            statements: it.statements.iter().map(StatementReport::new).collect(),
            hazards: hazards(review, it),
        });
        Self { files: files.collect(), summary: Summary::of(review.hazards) }
    }
}

fn hazards<'a>(review: Review<'a>, file: &'a ReviewedFile) -> Vec<&'a Hazard> {
    review.of(file).collect()
}

impl<'a> StatementReport<'a> {
    fn new(statement: &'a ReviewedStatement) -> Self {
        let facts = &statement.facts;
        Self {
            line: statement.source.line,
            sql: with_passwords_starred(&statement.source.text),
            transaction: statement.transaction,
            outside: statement.outside,
            shape_not_read: Shape::of(&statement.source).unread().map(str::to_owned),
            source: &facts.source,
            locks: &facts.locks,
            rewritten: &facts.rewritten,
            rebuilt: &facts.rebuilt,
            built: &facts.built,
            scanned: &facts.scanned,
            changes: facts.changes.iter().map(ToString::to_string).collect(),
            losses: &facts.losses,
            refused: facts.refused.as_deref(),
        }
    }
}

impl Summary {
    /// Counts hazards.
    #[must_use]
    pub fn of(hazards: &[Hazard]) -> Self {
        let mut summary = Self::default();
        for it in hazards {
            let count = match (&it.allowed, it.severity) {
                (Some(_), _) => &mut summary.allowed,
                (None, Severity::Error) => &mut summary.errors,
                (None, Severity::Warning) => &mut summary.warnings,
                (None, Severity::Info) => &mut summary.infos,
            };
            *count += 1;
        }
        summary
    }
}
