//! Files that are reviewed: each statement is run on a scratch database, after the preceding ones, with rows in
//! the tables, in the transactions that a run would have, and looked at.
//!
//! In: [`Subject`]s, of which some are only run. Out: [`ReviewedFile`]s with the
//! facts of their statements. Which of it is a hazard is decided in [`crate::review`].

pub mod beside;
mod concerned;
mod counted;
mod course;
pub mod look;
mod place;
mod trace;

use std::path::PathBuf;

use crate::connection::Address;
use crate::review::ReviewedFile;
use crate::revision::file::TransactionMode;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::variables::bound;
use crate::revision::{Revision, SqlFile};
use crate::scratch::cache::CacheKey;
use crate::scratch::extensions::created_in;
use crate::scratch::{ScratchDatabase, ScratchError};
use crate::sql_text::{ScriptStatement, Token, split_script};

use super::replay::{self, Surroundings};
use super::{Workspace, WorkspaceError};
use trace::{Rows, Trace};

/// A file that is run.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Its path; `-` for standard input.
    pub path: String,
    /// Its text, as it is run.
    pub text: String,
    /// The revision that it applies.
    pub revision: Option<RevisionId>,
    /// Which transactions it wants.
    pub mode: TransactionMode,
    /// Its statements.
    statements: Vec<ScriptStatement>,
}

impl Subject {
    /// Any file of SQL.
    ///
    /// # Errors
    /// When it cannot be split into statements.
    pub fn of_text(
        path: &str,
        text: String,
        mode: TransactionMode,
    ) -> Result<Self, WorkspaceError> {
        let script = split_script(&text)
            .map_err(|source| WorkspaceError::Split { path: PathBuf::from(path), source })?;
        let statements = script.statements;
        Ok(Self { path: path.to_owned(), text, revision: None, mode, statements })
    }
}

/// What is done with a file.
#[derive(Debug, Clone)]
pub enum Leg {
    /// It runs before the files that are reviewed.
    Passed(Subject),
    /// It is looked at.
    Reviewed(Subject),
}

impl Workspace {
    /// A file of a revision, with its variables put in.
    ///
    /// # Errors
    /// A variable without a value, and what cannot be run.
    pub fn subject(&self, revision: &Revision, file: &SqlFile) -> Result<Subject, WorkspaceError> {
        let statements = self.bench.sources.statements_of(revision, file)?;
        let values = &self.settings().variables;
        let text = bound(&revision.header.variables, &file.text, values)
            .map_err(|source| WorkspaceError::Variable { path: file.path.clone(), source })?;
        let is_up = revision.up.path == file.path;
        Ok(Subject {
            path: file.path.display().to_string(),
            text,
            revision: is_up.then(|| revision.id().clone()),
            mode: revision.header.transaction,
            statements,
        })
    }

    /// Runs files one after the other on a scratch database, and gives the facts of those that are looked at.
    ///
    /// # Errors
    /// A revision of the history that is refused, and an engine that breaks. What is refused of the other files
    /// is among the facts.
    pub async fn trace(&self, legs: &[Leg]) -> Result<Vec<ReviewedFile>, WorkspaceError> {
        let texts = legs.iter().map(|(Leg::Passed(it) | Leg::Reviewed(it))| &it.text);
        let extensions = texts.flat_map(|it| created_in(it)).collect();
        let database = self.bench.scratch(extensions, self.provided()).await?;
        let mut trace = Trace::begin(self, database, Rows::Invented).await;
        let files = self.traced(&mut trace, legs).await;
        trace.close().await;
        files
    }

    /// Runs files one after the other on a copy of the database, with the rows that it has, and gives their facts.
    ///
    /// # Errors
    /// When the copy does not answer.
    pub async fn trace_on(
        &self,
        copy: &Address,
        legs: &[Leg],
    ) -> Result<Vec<ReviewedFile>, WorkspaceError> {
        let database = ScratchDatabase::of_copy(copy).await?;
        self.bench.pin_path(&database).await?;
        let mut trace = Trace::begin(self, database, Rows::Real).await;
        let files = self.traced(&mut trace, legs).await;
        trace.close().await;
        files
    }

    /// Whether a revision was found to have nothing that is denied, by these terms.
    #[must_use]
    pub fn is_reviewed(&self, graph: &Graph, id: &RevisionId, terms: &str) -> bool {
        self.kept.is_marked(self.reviewed_key(graph, id, terms))
    }

    /// Notes that a revision has nothing that is denied.
    pub fn note_reviewed(&self, graph: &Graph, id: &RevisionId, terms: &str) {
        self.kept.mark(self.reviewed_key(graph, id, terms));
    }

    fn reviewed_key(&self, graph: &Graph, id: &RevisionId, terms: &str) -> Option<CacheKey> {
        // Chains have the statements without their comments, in which something may be allowed.
        let text = &graph.get(id)?.up.text;
        let kind = format!("reviewed {terms}\n{text}");
        self.kept.graph_key(&kind, graph, std::slice::from_ref(id))
    }

    async fn traced(
        &self,
        trace: &mut Trace<'_>,
        legs: &[Leg],
    ) -> Result<Vec<ReviewedFile>, WorkspaceError> {
        let mut files = Vec::new();
        for leg in legs {
            match leg {
                Leg::Passed(subject) => self.passed(trace, subject).await?,
                Leg::Reviewed(subject) => {
                    let path = &subject.path;
                    let _doing = self.activity().begin(format!("reviewing {path}"));
                    files.push(course::reviewed(trace, subject).await?);
                }
            }
        }
        Ok(files)
    }

    /// Runs a file without looking.
    async fn passed(&self, trace: &mut Trace<'_>, subject: &Subject) -> Result<(), WorkspaceError> {
        let file = SqlFile { path: subject.path.clone().into(), text: subject.text.clone() };
        let _doing = self.bench.trying(&file);
        trace.is_stale = true;
        replay::run(&trace.database, &file, &subject.statements, &self.bench.surroundings()).await
    }
}

/// A statement as it is run here, if it is. On a server everything belongs to the role that runs the files, which
/// an owner is set to as well.
fn text(statement: &ScriptStatement, surroundings: &Surroundings<'_>) -> Option<String> {
    replay::text(statement, surroundings).or_else(|| {
        let alters = statement.tokens.first().and_then(Token::word) == Some("alter");
        let last = match statement.text.strip_suffix('"') {
            Some(quoted) => quoted.rfind('"'),
            None => statement.text.rfind(char::is_whitespace).map(|it| it + 1),
        };
        last.filter(|_| alters).map(|it| format!("{}CURRENT_USER", &statement.text[..it]))
    })
}

/// An engine that does not answer.
fn broken(error: tokio_postgres::Error) -> WorkspaceError {
    ScratchError::from(error).into()
}
