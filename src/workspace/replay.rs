//! SQL files on a scratch database: run in order, then read back.

use std::path::Path;

use crate::connection::text_pins;
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::{Revision, SqlFile};
use crate::scratch::{ScratchDatabase, ScratchError};
use crate::sql_text::{SkippedCommand, SplitScript, Statement, Token, split_script};

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
    pub(super) statements: Vec<Statement>,
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
    let SplitScript { statements, skipped } = script;
    let mut omitted = Omitted { commands: skipped, ..Omitted::default() };
    let wanted = |it: &Statement| {
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
    statements: &[Statement],
    surroundings: &Surroundings<'_>,
) -> Result<(), WorkspaceError> {
    run_on(database, file, statements, surroundings).await.map_err(|it| it.error)?;
    end_file(database, statements, surroundings).await
}

/// A statement that was refused.
#[derive(Debug)]
pub(super) struct Stopped {
    /// Which of the statements it was.
    pub(super) at: usize,
    /// Why.
    pub(super) error: WorkspaceError,
}

/// Runs statements in the session as it is, and leaves it as they do.
pub(super) async fn run_on(
    database: &ScratchDatabase,
    file: &SqlFile,
    statements: &[Statement],
    surroundings: &Surroundings<'_>,
) -> Result<(), Stopped> {
    for (at, statement) in statements.iter().enumerate() {
        if !may_run(statement, surroundings) {
            continue;
        }
        // There is no transaction here that SET LOCAL could hold for; it holds for the file.
        let statement = &statement.for_session();
        let text = match surroundings.own_cluster {
            true => Some(statement.text.clone()),
            // There everything belongs to the role that runs it.
            false => statement.without_owner(surroundings.role),
        };
        let Some(text) = text else { continue };
        let done = match &statement.rows {
            Some(rows) => database.copy(&text, &rows.text).await,
            None => database.run(&text).await,
        };
        if let Err(error) = done {
            let error = WorkspaceError::Refused {
                path: file.path.clone(),
                line: statement.line,
                refusal: Refusal::from(&error),
            };
            return Err(Stopped { at, error });
        }
    }
    Ok(())
}

/// Takes back what the statements of a file have set for the session.
pub(super) async fn end_file(
    database: &ScratchDatabase,
    statements: &[Statement],
    surroundings: &Surroundings<'_>,
) -> Result<(), WorkspaceError> {
    if statements.iter().any(Statement::may_change_session) {
        let settings = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL";
        let (pins, path) = (text_pins(), surroundings.path);
        let begin = format!("{settings}; {pins}; SET search_path TO {path}");
        database.run(&begin).await.map_err(ScratchError::from)?;
    }
    Ok(())
}

/// Whether a statement may run in a scratch database. What concerns the whole cluster may not, for
/// the cluster can be one that others use; a role is harmless in a cluster of our own. Transactions
/// are left out: what they hold is wanted whole in any case.
fn may_run(statement: &Statement, surroundings: &Surroundings<'_>) -> bool {
    if statement.is_transaction_control() || is_about_provided(statement, surroundings.provided) {
        return false;
    }
    !statement.is_cluster_wide() || (surroundings.own_cluster && is_about_roles(statement))
}

fn is_about_roles(statement: &Statement) -> bool {
    let second = statement.tokens.get(1).and_then(Token::word);
    matches!(second, Some("role" | "user" | "group" | "owned"))
}

/// Reads an SQL file.
pub(super) fn read(path: &Path) -> Result<SqlFile, WorkspaceError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| WorkspaceError::Read { path: path.to_owned(), source })?;
    Ok(SqlFile { path: path.to_owned(), text })
}
