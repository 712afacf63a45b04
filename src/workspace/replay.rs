//! SQL files on a scratch database: run in order, then read back.

use std::path::Path;

use crate::connection::text_pins;
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::{Revision, SqlFile};
use crate::scratch::{NotRun, ScratchDatabase, ScratchError};
use crate::sql_text::{
    ScriptStatement, SessionSettings, SkippedCommand, SplitScript, Token, TransactionWord,
    split_script,
};

use super::error::{Refusal, WorkspaceError};
use super::provide::is_about_provided;

/// What decides which statements run in a scratch database.
pub(super) struct Surroundings<'a> {
    /// Whether nobody else uses the cluster.
    pub(super) own_cluster: bool,
    /// The role in the URL of the server, whose own things are those of the scratch role there.
    pub(super) role: &'a str,
    /// What the database has already.
    pub(super) provided: &'a Provided,
    /// Where names are looked for when a file begins.
    pub(super) path: &'a SearchPath,
}

/// The revisions up to some of them, each after those it builds on.
#[must_use]
pub fn revisions_up_to<'a>(graph: &'a Graph, ends: &[&RevisionId]) -> Vec<&'a Revision> {
    let before = graph.ancestors(ends.iter().copied());
    graph.iter().filter(|it| before.contains(it.id())).collect()
}

/// A source of SQL, taken apart: of a dump only the schema is wanted.
pub(super) struct SourceScript {
    /// The statements, which may begin and end transactions.
    pub(super) statements: Vec<ScriptStatement>,
    /// What is left out.
    pub(super) omitted: Omitted,
}

/// What is left out of a source of SQL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Omitted {
    /// How many COPY FROM STDIN there are.
    pub copies: usize,
    /// How many rows they have.
    pub rows: usize,
    /// The commands for psql.
    pub commands: Vec<SkippedCommand>,
}

/// The statements of any SQL file.
pub(super) fn statements(file: &SqlFile) -> Result<SourceScript, WorkspaceError> {
    let script = split_script(&file.text)
        .map_err(|source| WorkspaceError::Split { path: file.path.clone(), source })?;
    let SplitScript { statements, skipped, stray: _ } = script;
    let mut omitted = Omitted { commands: skipped, ..Omitted::default() };
    let wanted = |it: &ScriptStatement| {
        let rows = it.rows.as_ref();
        omitted.copies += usize::from(rows.is_some());
        omitted.rows += rows.map_or(0, |it| it.count);
        rows.is_none()
    };
    let statements = statements.into_iter().filter(wanted).collect();
    Ok(SourceScript { statements, omitted })
}

/// Runs the statements of a file one by one. What they set is gone with the next file, for which names
/// are looked for on this path again, as when revisions are applied.
pub(super) async fn run(
    database: &ScratchDatabase,
    file: &SqlFile,
    statements: &[ScriptStatement],
    surroundings: &Surroundings<'_>,
) -> Result<(), WorkspaceError> {
    let mut passage = Passage::new(database, file, statements, surroundings);
    let done = passage.go_on(statements.len()).await;
    if done.is_err() {
        // Outside of a transaction the server merely warns; the first error is the one to tell.
        let _ = database.run("ROLLBACK").await;
    }
    done.map_err(|it| it.error)?;
    passage.end().await
}

/// A statement that was refused.
#[derive(Debug)]
pub(super) struct Stopped {
    /// Which of the statements it was.
    pub(super) at: usize,
    /// Why.
    pub(super) error: WorkspaceError,
}

/// A file on its way through a scratch database.
pub(super) struct Passage<'a> {
    database: &'a ScratchDatabase,
    file: &'a SqlFile,
    statements: &'a [ScriptStatement],
    surroundings: &'a Surroundings<'a>,
    blocks: Blocks,
    /// The statement that is next.
    next: usize,
    /// The BEGIN of the transaction that it is in.
    begun: Option<usize>,
}

impl<'a> Passage<'a> {
    /// Before the first statement.
    pub(super) fn new(
        database: &'a ScratchDatabase,
        file: &'a SqlFile,
        statements: &'a [ScriptStatement],
        surroundings: &'a Surroundings<'a>,
    ) -> Self {
        let blocks = Blocks::of(statements);
        Self { database, file, statements, surroundings, blocks, next: 0, begun: None }
    }

    /// Runs the statements up to a place, and stops at one that is refused.
    pub(super) async fn go_on(&mut self, end: usize) -> Result<(), Stopped> {
        while self.next < end {
            let at = self.next;
            self.one(at).await.map_err(|error| Stopped { at, error })?;
            self.next += 1;
        }
        Ok(())
    }

    async fn one(&mut self, at: usize) -> Result<(), WorkspaceError> {
        let statement = &self.statements[at];
        let refused = |error: &NotRun| WorkspaceError::Refused {
            path: self.file.path.clone(),
            line: statement.line,
            refusal: Refusal::from(error),
        };
        for it in self.blocks.follow(self.statements, at, self.surroundings) {
            self.database.run(&it).await.map_err(|it| refused(&it))?;
        }
        match self.blocks.is_transaction {
            true => self.begun = self.begun.or(Some(at)),
            false => self.begun = None,
        }
        if !may_run(statement, self.surroundings) || self.blocks.is_void(statement) {
            return Ok(());
        }
        // There is no transaction here that SET LOCAL could hold for; it holds to the end of its block
        // or, where the file has no blocks, of the file.
        let Some(text) = text(&statement.for_session(), self.surroundings) else { return Ok(()) };
        let done = match &statement.rows {
            Some(rows) => self.database.copy(&text, &rows.text).await,
            None => self.database.run(&text).await,
        };
        match done {
            // Owners are not compared, and everything belongs to the role that runs the file.
            Err(error) if is_of_missing_role(statement, &Refusal::from(&error)) => Ok(()),
            done => done.map_err(|it| refused(&it)),
        }
    }

    /// Goes to where the refused statement can be run again, the beginning of its transaction where it
    /// is in one, and gives the place up to which its work is whole.
    pub(super) async fn step_back(&mut self) -> usize {
        let Some(begun) = self.begun.take() else { return self.next + 1 };
        // After a refused COMMIT there is none to roll back, which the server merely warns of.
        let _ = self.database.run("ROLLBACK").await;
        self.blocks.leave();
        self.next = begun;
        let inside = self.statements[begun + 1..].iter();
        let length = inside.take_while(|it| !it.is_transaction_control()).count();
        (begun + length + 2).min(self.statements.len())
    }

    /// Resets the settings that the statements made for the session.
    pub(super) async fn end(&self) -> Result<(), WorkspaceError> {
        if self.statements.iter().any(ScriptStatement::may_change_session) {
            let begin = begin(self.surroundings);
            self.database.run(&begin).await.map_err(ScratchError::from)?;
        }
        Ok(())
    }
}

/// Whether SET ROLE names a role that this cluster lacks: invalid_parameter_value, which it has no other
/// reason to be refused with (`check_role` in `backend/commands/variable.c`). The objects then belong to
/// the role that runs the file, and owners are not compared.
pub(super) fn is_of_missing_role(statement: &ScriptStatement, refusal: &Refusal) -> bool {
    statement.without_owner("").is_none() && refusal.sqlstate == "22023"
}

/// What brings a session to where every file begins.
pub(super) fn begin(surroundings: &Surroundings<'_>) -> String {
    let settings = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL";
    format!("{settings}; {}; SET search_path TO {}", text_pins(), surroundings.path)
}

/// A statement as it is run here, if it is.
pub(super) fn text(statement: &ScriptStatement, surroundings: &Surroundings<'_>) -> Option<String> {
    match surroundings.own_cluster {
        true => Some(statement.text.clone()),
        // There everything belongs to the role that runs it.
        false => statement.without_owner(surroundings.role),
    }
}

/// The blocks of a file. Only those become transactions here that hold what PostgreSQL refuses outside of
/// one: within a transaction no role could be made that a statement names, nor an extension by another
/// session.
struct Blocks {
    /// Whether the file has any.
    some: bool,
    is_open: bool,
    /// Whether the open one is a transaction.
    is_transaction: bool,
    /// Whether the open one has set anything that ends with it.
    has_set: bool,
    lasting: SessionSettings,
}

impl Blocks {
    fn of(statements: &[ScriptStatement]) -> Self {
        Self {
            some: statements.iter().any(ScriptStatement::is_transaction_control),
            is_open: false,
            is_transaction: false,
            has_set: false,
            lasting: SessionSettings::default(),
        }
    }

    /// What is to be run for a statement's words of transactions.
    fn follow(
        &mut self,
        statements: &[ScriptStatement],
        at: usize,
        surroundings: &Surroundings<'_>,
    ) -> Vec<String> {
        let (statement, rest) = (&statements[at], &statements[at + 1..]);
        let mut run = Vec::new();
        match statement.transaction_word() {
            Some(TransactionWord::Begin | TransactionWord::BeginWith) => {
                self.is_open = true;
                let mut inside = rest.iter().take_while(|it| !it.is_transaction_control());
                self.is_transaction = inside.any(ScriptStatement::needs_transaction);
                run.extend(self.is_transaction.then(|| "BEGIN".to_owned()));
            }
            Some(TransactionWord::Savepoint) => {}
            Some(
                TransactionWord::Commit
                | TransactionWord::CommitAndChain
                | TransactionWord::Rollback
                | TransactionWord::TwoPhase,
            ) => {
                self.is_open = false;
                let is_transaction = std::mem::take(&mut self.is_transaction);
                run.extend(is_transaction.then(|| "COMMIT".to_owned()));
                if std::mem::take(&mut self.has_set) {
                    run.push(begin(surroundings));
                    run.extend(self.lasting.statements().filter_map(|it| text(it, surroundings)));
                }
            }
            None if self.some && statement.is_local() => self.has_set |= self.is_open,
            None => self.lasting.follow([statement]),
        }
        run
    }

    /// Leaves a block that was rolled back.
    fn leave(&mut self) {
        (self.is_open, self.is_transaction, self.has_set) = (false, false, false);
    }

    /// Whether a statement sets something for a transaction that ends with it.
    fn is_void(&self, statement: &ScriptStatement) -> bool {
        self.some && !self.is_open && statement.is_local()
    }
}

/// Whether a statement may run in a scratch database. What concerns the whole cluster may not, for
/// the cluster can be one that others use; a role is harmless in a cluster of our own. Transactions
/// are left out: what they hold is wanted whole in any case.
pub(super) fn may_run(statement: &ScriptStatement, surroundings: &Surroundings<'_>) -> bool {
    if statement.is_transaction_control() || is_about_provided(statement, surroundings.provided) {
        return false;
    }
    !statement.is_cluster_wide() || (surroundings.own_cluster && is_about_roles(statement))
}

fn is_about_roles(statement: &ScriptStatement) -> bool {
    let second = statement.tokens.get(1).and_then(Token::word);
    matches!(second, Some("role" | "user" | "group" | "owned"))
}

/// Reads an SQL file.
pub(super) fn read(path: &Path) -> Result<SqlFile, WorkspaceError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| WorkspaceError::Read { path: path.to_owned(), source })?;
    Ok(SqlFile { path: path.to_owned(), text })
}
