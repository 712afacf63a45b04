//! A revision prepared for a run: its file is split into segments, and all mistakes in it are
//! reported before the first statement runs.

use std::path::PathBuf;

use thiserror::Error;

use super::batch_error::BatchError;
use super::block::{BlockError, Mistake};
use super::cut::segments_of;
use super::segment::{Resume, Segment, SegmentKind, resume_point};
use crate::ledger::{BatchProgress, RevisionStep};
use crate::revision::SqlFile;
use crate::revision::file::TransactionMode;
use crate::revision::variables::{UnsetVariable, Variables, bound};
use crate::sql_text::{
    Batches, Directive, DirectiveError, ScriptStatement, SkippedCommand, SplitError, SplitScript,
    Update, UpdateError, split_script,
};

/// Why a revision's file cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}:{line}: {kind}", path.display())]
pub struct ScriptError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong.
    pub kind: ScriptErrorKind,
}

/// What is wrong with a revision's file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScriptErrorKind {
    /// It is not SQL that a server takes.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// A variable has no value.
    #[error(transparent)]
    Variable(#[from] UnsetVariable),
    /// Its blocks cannot be run.
    #[error(transparent)]
    Block(#[from] BlockError),
    /// A transaction that must not write.
    #[error(
        "`{statement}` in a revision: its row in the ledger is written in the same transaction"
    )]
    ReadOnly {
        /// The statement.
        statement: String,
    },
    /// A directive that says nothing.
    #[error(transparent)]
    Directive(#[from] DirectiveError),
    /// A statement that cannot be cut into batches.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// SET assigns a column of the key.
    #[error("the batches are by `{column}`, but SET assigns it: a row could be updated twice")]
    AssignedKey {
        /// The column.
        column: String,
    },
    /// An earlier run stopped within the batches of a statement that is no longer in the file.
    #[error(transparent)]
    Batches(#[from] BatchError),
    /// COPY FROM STDIN in what psql is to run.
    #[error(
        "--sql cannot carry the rows of COPY FROM STDIN: apply it with `aludel upgrade`, or write the rows as INSERT"
    )]
    Rows,
    /// An earlier run stopped after statements that are no longer in the file.
    #[error(
        "an interrupted run did {done} of {of} parts of this file, but these were edited since"
    )]
    Changed {
        /// How many segments were done.
        done: usize,
        /// How many there were.
        of: usize,
    },
}

/// A revision ready to run.
#[derive(Debug)]
pub(super) struct Script {
    /// The kind of the script.
    pub(super) step: RevisionStep,
    /// The file that does it.
    pub(super) file: SqlFile,
    /// Its statements.
    pub(super) segments: Vec<Segment>,
    /// The lines for psql in it, which are left out.
    pub(super) skipped: Vec<SkippedCommand>,
    /// Where it continues.
    pub(super) resume: Resume,
}

/// Makes steps ready, or tells all that is wrong with their files.
pub(super) fn prepare(
    steps: Vec<RevisionStep>,
    variables: &Variables,
) -> Result<Vec<Script>, Vec<ScriptError>> {
    let mut errors = Vec::new();
    let mut scripts = Vec::new();
    for step in steps {
        match Script::new(step, variables) {
            Ok(script) => scripts.push(script),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(scripts) } else { Err(errors) }
}

/// The statements of a revision's file, among them the words of its blocks.
///
/// # Errors
/// When it is not SQL that a server takes, or its blocks cannot be run.
pub fn statements(
    file: &SqlFile,
    mode: TransactionMode,
) -> Result<Vec<ScriptStatement>, ScriptError> {
    let statements = taken_apart(file)?.statements;
    cut(file, mode, statements.clone())?;
    Ok(statements)
}

fn taken_apart(file: &SqlFile) -> Result<SplitScript, ScriptError> {
    let error = |line, kind| ScriptError { path: file.path.clone(), line, kind };
    let script = split_script(&file.text).map_err(|it| error(it.line(), it.into()))?;
    if let Some(Directive { text, line }) = script.stray.first() {
        let text = text.clone();
        return Err(error(*line, DirectiveError::Stray { text }.into()));
    }
    for it in &script.statements {
        if it.makes_read_only() {
            return Err(error(it.line, ScriptErrorKind::ReadOnly { statement: it.text.clone() }));
        }
        it.check_directives().map_err(|(line, kind)| error(line, kind.into()))?;
        if let Some(batches) = it.batches() {
            check_batches(it, &batches).map_err(|kind| error(it.line, kind))?;
        }
    }
    Ok(script)
}

fn check_batches(statement: &ScriptStatement, batches: &Batches) -> Result<(), ScriptErrorKind> {
    let update = Update::read(statement)?;
    match batches.by.iter().find(|it| update.assigned.contains(it)) {
        Some(column) => Err(ScriptErrorKind::AssignedKey { column: column.clone() }),
        None => Ok(()),
    }
}

fn cut(
    file: &SqlFile,
    mode: TransactionMode,
    statements: Vec<ScriptStatement>,
) -> Result<Vec<Segment>, ScriptError> {
    segments_of(mode, statements).map_err(|Mistake { line, kind }| ScriptError {
        path: file.path.clone(),
        line,
        kind: kind.into(),
    })
}

impl Script {
    fn new(step: RevisionStep, variables: &Variables) -> Result<Self, ScriptError> {
        let mut file = step.file().clone();
        let path = file.path.clone();
        let error = |line, kind| ScriptError { path: path.clone(), line, kind };
        file.text = bound(&step.revision.header.variables, &file.text, variables)
            .map_err(|it| error(1, it.into()))?;
        let SplitScript { statements, skipped, .. } = taken_apart(&file)?;
        let segments = cut(&file, step.revision.header.transaction, statements)?;
        let Some(resume) = resume_point(step.progress.as_ref(), &segments) else {
            let (done, of) = step.progress.as_ref().map_or((0, 0), |it| (it.done, it.of));
            return Err(error(1, ScriptErrorKind::Changed { done, of }));
        };
        let batch = step.progress.as_ref().and_then(|it| it.batch.as_ref());
        let is_batched = segments.get(resume.at).is_some_and(|it| it.kind == SegmentKind::Batched);
        if let Some(BatchProgress { line, table, by, rows, .. }) = batch.filter(|_| !is_batched) {
            let (table, by, rows) = (table.clone(), by.clone(), *rows);
            return Err(error(*line, BatchError::Other { table, by, rows }.into()));
        }
        Ok(Self { step, file, segments, skipped, resume })
    }

    /// Whether a refusal of a segment's statement undoes all that it did. A procedure that runs
    /// outside of a transaction may have committed before.
    pub(super) fn is_undone_when_refused(&self, segment: usize) -> bool {
        self.segments.get(segment).is_none_or(|it| match it.kind {
            SegmentKind::Transaction | SegmentKind::Batched => true,
            SegmentKind::Alone => !it.statements.iter().any(ScriptStatement::may_commit),
        })
    }

    /// The statements of a segment.
    pub(super) fn statements(&self, segment: usize) -> &[ScriptStatement] {
        self.segments.get(segment).map_or(&[], |it| &it.statements)
    }
}

#[cfg(test)]
mod tests {
    use super::super::segment::{progress, segments};
    use super::*;
    use crate::ledger::{Direction, SegmentProgress};
    use crate::revision_files::from_texts;
    use crate::sql_text::split;

    fn prepared(
        text: &str,
        earlier: Option<SegmentProgress>,
    ) -> Result<Vec<Script>, Vec<ScriptError>> {
        let header = "-- Revision: a\n-- Revises:\n-- Message: message of a\n";
        let graph = from_texts(&[("migrations/a.up.sql", header)]).unwrap();
        let id = graph.heads()[0];
        let mut revision = graph.get(id).unwrap().clone();
        revision.up.text = text.to_owned();
        let step = RevisionStep {
            direction: Direction::Up,
            checksum: revision.checksum(),
            chain: graph.chain(id).unwrap().clone(),
            revision,
            progress: earlier,
        };
        prepare(vec![step], &Variables::new())
    }

    #[track_caller]
    fn check_error(text: &str, earlier: Option<SegmentProgress>, expected: &str) {
        let errors = prepared(text, earlier).unwrap_err();
        assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn mistakes_have_a_place() {
        check_error("\nselect 'a", None, "migrations/a.up.sql:2: unterminated quoted string");
        check_error(
            "select 1;\n\ncommit;",
            None,
            "migrations/a.up.sql:3: `commit` without a BEGIN before it: write a block as `BEGIN; … \
             COMMIT;`",
        );
        for statement in ["start transaction read only", "set transaction read only"] {
            check_error(
                &format!("{statement};\nselect 1"),
                None,
                &format!(
                    "migrations/a.up.sql:1: `{statement}` in a revision: its row in the ledger is written \
                     in the same transaction"
                ),
            );
        }
        let batches = "-- aludel: batches by id, 5 rows\n";
        for (text, message) in [
            (
                "\n-- aludel: batch\na",
                "2: unknown directive `batch`: there are `batches by KEY, N rows` and `allow CODE reason`",
            ),
            (
                &format!("{batches}\na"),
                "1: `aludel: batches by id, 5 rows` has no statement: write it directly above one, \
                 without a blank line",
            ),
            (
                &format!("{batches}delete from t"),
                "2: only an UPDATE runs in batches, and this is `DELETE`",
            ),
            (
                &format!("{batches}update t set id = 1"),
                "2: the batches are by `id`, but SET assigns it: a row could be updated twice",
            ),
        ] {
            check_error(text, None, &format!("migrations/a.up.sql:{message}"));
        }
        let segments = segments(split("a; vacuum").unwrap());
        check_error(
            "b; vacuum",
            Some(progress(&segments, 1, false)),
            "migrations/a.up.sql:1: an interrupted run did 1 of 2 parts of this file, but these \
             were edited since",
        );
    }

    #[test]
    fn goes_on_where_it_stopped() {
        let segments = segments(split("a; vacuum").unwrap());
        let scripts = prepared("a; vacuum", Some(progress(&segments, 1, true))).unwrap();
        assert_eq!(scripts[0].resume, Resume { at: 1, open: true });
    }
}
