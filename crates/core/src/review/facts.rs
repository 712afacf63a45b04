//! What is known of a statement: where it stands, and what the server did when it ran.

use std::sync::Arc;

use serde::Serialize;

use crate::diff::Change;
use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;
use crate::plan::LockLevel;
use crate::revision::id::RevisionId;
use crate::sql_text::ScriptStatement;

/// A file that is reviewed.
#[derive(Debug, Clone)]
pub struct ReviewedFile {
    /// Its path; `-` for standard input.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The revision that it applies; None for other files.
    pub revision: Option<RevisionId>,
    /// Its statements, in order.
    pub statements: Vec<ReviewedStatement>,
    /// The schema before its first statement.
    pub before: Arc<Snapshot>,
    /// The schema after its last one. The next file has the same before it.
    pub after: Arc<Snapshot>,
}

/// A statement of a file.
#[derive(Debug, Clone)]
pub struct ReviewedStatement {
    /// Its text, place, comment and directives.
    pub source: ScriptStatement,
    /// The number of the transaction that it shares with its neighbors of the same number. A statement that
    /// PostgreSQL refuses in a transaction has a number of its own.
    pub transaction: usize,
    /// Whether it runs outside of a transaction.
    pub outside: bool,
    /// What it does.
    pub facts: Facts,
}

/// What a statement does to a database in use.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facts {
    /// How it is known.
    pub source: FactsSource,
    /// The locks on relations that it took, the strongest of each, strongest first. Those of earlier
    /// statements of the transaction are left out.
    pub locks: Vec<RelationLock>,
    /// The tables whose rows were rewritten (`pg_class.relfilenode`), as SQL.
    pub rewritten: Vec<String>,
    /// The indexes that were rewritten although their tables were not, as SQL.
    pub rebuilt: Vec<String>,
    /// The indexes that it built, of tables that were there before, as SQL.
    pub built: Vec<String>,
    /// The tables that were read from their first page to the last (`seq_scan`).
    pub scanned: Vec<Scan>,
    /// What it changed in the catalog.
    pub changes: Vec<Change>,
    /// The data that was lost, each as `column docs.note`, `rows of docs`, as the header `Allows` has it.
    pub losses: Vec<String>,
    /// What the server said where it refused the statement with rows in the tables.
    pub refused: Option<String>,
    /// How many milliseconds it took, where it ran on the rows of a copy of the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took: Option<u64>,
}

/// How facts are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactsSource {
    /// They are not: the statement was not run, for this reason.
    Unknown(String),
    /// The statement ran, and the server was asked.
    #[default]
    Measured,
    /// From the table of measured forms: the engine at hand does not run it, or has no second connection to
    /// look at it.
    Table,
}

/// A lock on a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelationLock {
    /// How strong.
    pub level: LockLevel,
    /// The relation, as SQL.
    pub relation: String,
    /// What it is.
    pub kind: RelationKind,
    /// The table, where the relation is one of its indexes.
    pub table: Option<String>,
    /// Whether others can be using it.
    pub footing: Footing,
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// The table, as SQL.
    pub table: String,
    /// Whether it can have rows.
    pub footing: Footing,
}

/// The kinds of relations that statements lock (`pg_class.relkind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// A table, partitioned or not, or a foreign table.
    Table,
    /// An index.
    Index,
    /// A view or a materialized view.
    View,
    /// A sequence.
    Sequence,
}

/// Whether a relation was there before what is reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Footing {
    /// It is created by the same file: nobody uses it, and it has no rows.
    New,
    /// It was there before the file.
    Existing,
}

impl ReviewedStatement {
    /// Whether it takes longer the more rows there are.
    #[must_use]
    pub fn takes_long(&self) -> bool {
        let facts = &self.facts;
        let reads = facts.scanned.iter().any(|it| it.footing == Footing::Existing);
        reads || ![&facts.rewritten, &facts.rebuilt, &facts.built].iter().all(|it| it.is_empty())
    }

    /// The objects that it dropped.
    pub fn dropped(&self) -> impl Iterator<Item = ObjectId> {
        self.facts.changes.iter().filter(|it| matches!(it, Change::Drop(_))).map(Change::id)
    }
}
