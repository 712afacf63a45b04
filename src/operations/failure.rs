//! Why an operation failed: kind, message, causes, hints, and mistakes with their places.

use std::fmt;
use std::io;
use std::path::Path;

use crate::catalog::CatalogError;
use crate::config::ConfigError;
use crate::connection::ConnectError;
use crate::diagnostic::{Diagnostic, SourceFile, Span};
use crate::ledger::{Direction, Mismatch, PendingError};
use crate::ledger_tables::StoreError;
use crate::plan::PlanError;
use crate::revision::target::TargetError;
use crate::revision_files::WriteError;
use crate::runner::{self, BatchError, Cause, Left, RunError, ServerMessage, Unfinished};
use crate::scratch::ScratchError;
use crate::workspace::declare::place;
use crate::workspace::source::SourceError;
use crate::workspace::{Declared, Refusal, WorkspaceError};

/// The kinds of failure, each with the exit status of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer is no.
    Answer,
    /// Arguments, configuration, schema.toml or revision files are wrong.
    Input,
    /// The database refused or cannot be reached.
    Database,
    /// Our own fault.
    Internal,
    /// The user stopped it.
    Interrupted,
}

impl Kind {
    /// The exit status.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Answer => 1,
            Self::Input => 2,
            Self::Database => 3,
            Self::Internal => 70,
            // As a shell reports a program that SIGINT ended; other signals have their own.
            Self::Interrupted => 130,
        }
    }
}

/// Why an operation failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: Kind,
    /// What went wrong; begins in lower case, has no final stop.
    pub message: String,
    /// Mistakes in files, which are shown before the message with the lines they stand in.
    pub mistakes: Option<Mistakes>,
    /// Further lines below the message, such as PostgreSQL's DETAIL.
    pub details: Vec<String>,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure with a message only.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            mistakes: None,
            details: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Wrong input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// The database refused.
    pub fn database(message: impl Into<String>) -> Self {
        Self::new(Kind::Database, message)
    }

    /// A file that cannot be written.
    #[must_use]
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::input(format!("cannot write `{}`: {error}", path.display()))
    }

    /// Adds a line below the message.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Adds something to do about it.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Mistakes, and the files that their places refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    /// What is wrong, each with its place.
    pub diagnostics: Vec<Diagnostic>,
    /// The files, in the order by which the places number them.
    pub files: Vec<SourceFile>,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::input(error.to_string())
    }
}

/// Mistakes in files, shown with the lines they stand in.
fn diagnosed(diagnostics: Vec<Diagnostic>, files: Vec<SourceFile>) -> Failure {
    let count = diagnostics.len();
    let name = files.first().map_or("the file", |it| it.path.as_str());
    let mistakes = if count == 1 { "a mistake" } else { "mistakes" };
    let message = format!("{mistakes} in {name}; nothing was changed");
    Failure { mistakes: Some(Mistakes { diagnostics, files }), ..Failure::input(message) }
}

/// A refusal in the words of the server.
/// What to do where SQL needs what nothing creates.
const DECLARE_PROVIDED: &str = "if a platform or an administrator creates it, declare it in \
                                schema.toml with `provided = true`: scratch databases then have it";

/// Whether SQL named what is not there: invalid_schema_name, undefined_object, undefined_table,
/// undefined_function (manual, appendix A).
fn names_nothing(sqlstate: &str) -> bool {
    matches!(sqlstate, "3F000" | "42704" | "42P01" | "42883")
}

/// Whether a role was refused what only an administrator may create: insufficient_privilege, for a
/// schema or an extension.
fn is_for_administrators(said: &ServerMessage, statement: Option<&str>) -> bool {
    let creates = |it: &str| {
        ["CREATE SCHEMA", "CREATE EXTENSION"].iter().any(|word| it.to_uppercase().contains(word))
    };
    said.sqlstate == "42501" && statement.is_some_and(creates)
}

fn refused(failure: Failure, refusal: &Refusal) -> Failure {
    let mut failure = failure;
    if !refusal.sqlstate.is_empty() {
        failure = failure.detail(format!("SQLSTATE {}", refusal.sqlstate));
    }
    if let Some(detail) = &refusal.detail {
        failure = failure.detail(format!("DETAIL: {detail}"));
    }
    if let Some(hint) = &refusal.hint {
        failure = failure.detail(format!("HINT: {hint}"));
    }
    failure
}

/// An error with all that caused it, in one line. What stands in it already is not said twice.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(it) = next {
        let cause = it.to_string();
        // `db error` is the driver's word for what the server's own message, its cause, says.
        if cause != "db error" && !text.contains(&cause) {
            let separator = if text.is_empty() { "" } else { ": " };
            text = format!("{text}{separator}{cause}");
        }
        next = it.source();
    }
    text
}

impl Failure {
    /// What is wrong with the settings.
    #[must_use]
    pub fn of_settings(errors: Vec<ConfigError>, file: &SourceFile) -> Self {
        let (mut diagnostics, mut others) = (Vec::new(), Vec::new());
        for error in errors {
            match error {
                ConfigError::File(diagnostic) => diagnostics.push(diagnostic),
                other @ (ConfigError::Address { .. }
                | ConfigError::UnknownDatabase { .. }
                | ConfigError::NoUrl { .. }
                | ConfigError::OneUrlForSeveral
                | ConfigError::NotDisposable { .. }) => others.push(other),
            }
        }
        let Some(first) = others.first() else {
            return diagnosed(diagnostics, vec![file.clone()]);
        };
        let mut failure = Self::input(first.to_string());
        if !diagnostics.is_empty() {
            failure.mistakes = Some(Mistakes { diagnostics, files: vec![file.clone()] });
        }
        failure.details.extend(others.iter().skip(1).map(ToString::to_string));
        failure.hints.extend(others.iter().filter_map(ConfigError::hint));
        failure
    }

    /// Changes that need a decision, at their places where they are declared.
    #[must_use]
    pub fn of_plan(errors: &[PlanError], declared: Option<&Declared>) -> Self {
        let Some(declared) = declared else {
            let mut failure = Self::input("some changes need a decision; nothing was changed");
            for error in errors {
                failure = failure.detail(error.to_string());
                failure.hints.extend(error.hints());
            }
            failure.hints.dedup();
            return failure;
        };
        let diagnostics: Vec<Diagnostic> = errors
            .iter()
            .map(|error| {
                let object = error.object();
                let span = object.map(|it| place(&declared.declaration, &it));
                let span = span.unwrap_or_else(|| Span::new(0, 0..0));
                error.hints().into_iter().fold(
                    Diagnostic::error(span, error.to_string()).label("declared here"),
                    Diagnostic::help,
                )
            })
            .collect();
        diagnosed(diagnostics, declared.files.clone())
    }

    /// The user stopped it.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted")
    }

    fn of_revision(failed: &runner::RunFailure) -> Self {
        let stopped = matches!(failed.cause, Cause::Interrupted);
        let kind = if stopped { Kind::Interrupted } else { Kind::Database };
        let mut failure = Self::new(kind, failed.to_string());
        if let Cause::Server(said) = &failed.cause {
            failure = failure.detail(format!("SQLSTATE {}", said.sqlstate));
            let further =
                [("DETAIL", &said.detail), ("HINT", &said.hint), ("CONTEXT", &said.context)];
            for (word, text) in further {
                failure =
                    text.iter().fold(failure, |it, text| it.detail(format!("{word}: {text}")));
            }
        }
        for it in &failed.blockers {
            failure = failure.detail(format!("the lock was held by {it}"));
        }
        if let Some(statement) = &failed.statement {
            let first = statement.lines().next().unwrap_or_default();
            failure = failure.detail(format!("in: {first}"));
        }
        failure = cause_hints(failed).into_iter().fold(failure, Self::hint);
        rest_hints(failed, stopped).into_iter().fold(failure, Self::hint)
    }
}

/// What to do about the cause.
fn cause_hints(failed: &runner::RunFailure) -> Vec<String> {
    let mut hints = Vec::new();
    if let Cause::Server(said) = &failed.cause
        && is_for_administrators(said, failed.statement.as_deref())
    {
        hints.push(
            "have an administrator run it, and declare the object in schema.toml with \
                 `provided = true`"
                .to_owned(),
        );
    }
    let mut autovacuum = failed.blockers.iter().filter_map(|it| it.autovacuum.as_ref());
    if let Some(it) = autovacuum.find(|it| it.prevents_wraparound) {
        hints.push(format!(
            "{it} prevents wraparound of transaction IDs, so PostgreSQL does not cancel it: \
                 run the command again when it has finished; pg_stat_progress_vacuum shows its \
                 progress"
        ));
    }
    if failed.direction == Direction::Up && failed.sqlstate().is_some_and(is_there_already) {
        hints.push(format!(
            "the object already exists; if it is the one that the revision creates, record the \
                 revision as applied with `aludel stamp {}`, then compare with `aludel check`",
            failed.id
        ));
    }
    if let Cause::Batches(BatchError::NoIndex { .. } | BatchError::Nullable { .. }) = failed.cause {
        hints.push(
            "use the primary key, or remove the directive: the UPDATE then runs in one \
                 transaction"
                .to_owned(),
        );
    }
    if let Cause::Batches(BatchError::Secured { .. }) = failed.cause {
        hints.push(
            "run it as a role with BYPASSRLS, or as the owner of a table without FORCE ROW \
                 LEVEL SECURITY"
                .to_owned(),
        );
    }
    hints
}

/// What is applied of the revision, and how to continue.
fn rest_hints(failed: &runner::RunFailure, stopped: bool) -> Vec<String> {
    let mut hints = Vec::new();
    let next = if stopped { "" } else { "fix the rest of the file, or the rows, and " };
    hints.extend(match failed.left {
        Left::Segments { .. } if failed.batch.is_some() => None,
        Left::Segments { done: 0, .. } if failed.unfinished.is_some() => Some(format!(
            "no part of revision {} is applied; {next}run the same command again",
            failed.id
        )),
        Left::Nothing | Left::Segments { done: 0, .. } => {
            Some(format!("revision {} was rolled back; nothing of it is applied", failed.id))
        }
        Left::Segments { done, of } => Some(format!(
            "{done} of {of} parts of revision {} are applied and committed; {next}run the same \
                 command again: it continues after them",
            failed.id
        )),
        Left::Unknown => Some(
            "the connection was lost during COMMIT; run the same command again: it finds out \
                 what was committed"
                .to_owned(),
        ),
    });
    if let Some(batch) = &failed.batch {
        hints.push(format!(
            "{} rows of the statement in line {} are updated and committed, up to {}; \
                 {next}run the same command again: it continues after that key",
            batch.rows,
            batch.line,
            batch.reached()
        ));
    }
    hints.extend(failed.unfinished.iter().flat_map(left_behind));
    hints
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        let message = error.to_string();
        match error {
            WorkspaceError::Declaration { diagnostics, files } => diagnosed(diagnostics, files),
            WorkspaceError::Read { path, source } => {
                let failure = Self::input(message);
                let missing = source.kind() == io::ErrorKind::NotFound;
                let declaration = path.extension().is_some_and(|it| it == "toml");
                match (missing, declaration) {
                    (true, true) => failure.hint(
                        "`aludel init` creates one, `aludel pull` writes one from a database",
                    ),
                    _ => failure,
                }
            }
            WorkspaceError::Revisions(errors) => {
                let failure = Self::input("mistakes in the revisions; nothing was changed");
                errors.iter().fold(failure, |it, error| it.detail(chain(error)))
            }
            WorkspaceError::Variable { .. } => Self::input(message),
            WorkspaceError::Source(_) => Self::input(message).hint(
                "a source is a .toml file, a directory of revisions (migrations, migrations@ID), a \
                 .sql file, a postgres:// URL, `live`, or `empty`",
            ),
            WorkspaceError::Refused { refusal, .. } => {
                let failure = refused(Self::input(message), &refusal);
                match names_nothing(&refusal.sqlstate) {
                    true => failure.hint(DECLARE_PROVIDED),
                    false => failure,
                }
            }
            WorkspaceError::Provided { refusal, .. }
            | WorkspaceError::Between { refusal, .. }
            | WorkspaceError::NotMadeAgain { refusal, .. } => {
                refused(Self::input(message), &refusal)
            }
            WorkspaceError::Address(error) => {
                let failure = Self::input(message);
                error.hint().into_iter().fold(failure, Self::hint)
            }
            WorkspaceError::Connect(error) => {
                let failure = Self::database(message);
                error.hint().into_iter().fold(failure, Self::hint)
            }
            WorkspaceError::Scratch(error) => {
                let kind = match &error {
                    ScratchError::MissingExtension { .. } | ScratchError::NoEmbeddedEngine => {
                        Kind::Input
                    }
                    ScratchError::EmbeddedEngine { .. }
                    | ScratchError::CacheDirectory { .. }
                    | ScratchError::Busy { .. }
                    | ScratchError::MissingRole { .. }
                    | ScratchError::Connect(_)
                    | ScratchError::Random { .. }
                    | ScratchError::NoLogin { .. }
                    | ScratchError::NoCreateDatabase { .. }
                    | ScratchError::Refused(_)
                    | ScratchError::NotRun(_) => Kind::Database,
                };
                let failure = Self::new(kind, message);
                error.hint().into_iter().fold(failure, Self::hint)
            }
            WorkspaceError::Catalog(error) => Self::database(chain(&error)),
            WorkspaceError::Target(error) => {
                let failure = Self::input(message);
                error.hint().into_iter().fold(failure, Self::hint)
            }
            WorkspaceError::NotNullConstraints { .. } => Self::input(message)
                .hint("leave `not_null_constraint` out, or migrate the server to PostgreSQL 18"),
            WorkspaceError::Include { .. }
            | WorkspaceError::Script(_)
            | WorkspaceError::Split { .. } => Self::input(message),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let message = chain(&error);
        match error {
            RunError::Mismatch(mismatches) => {
                let message = "the ledger and the revision files disagree; nothing was run";
                let failure = Self::new(Kind::Answer, message);
                let edited = mismatches.iter().find_map(|it| match it {
                    Mismatch::Edited { id, .. } => Some(id),
                    Mismatch::Missing { .. }
                    | Mismatch::Gap { .. }
                    | Mismatch::History { .. }
                    | Mismatch::UnknownScheme { .. } => None,
                });
                let accepts = edited.map(|id| {
                    format!("to accept the edited file without running it: `aludel repair {id}`")
                });
                let failure = mismatches
                    .iter()
                    .fold(failure, |it, mismatch| it.detail(mismatch.to_string()))
                    .hint(
                        "restore the files as they were applied, and put new changes in a new \
                           revision",
                    );
                accepts.into_iter().fold(failure, Self::hint)
            }
            RunError::Pending(error) => {
                let failure = Self::input(message);
                error.hint().into_iter().fold(failure, Self::hint)
            }
            RunError::Script(errors) => {
                let failure = Self::input("revisions that cannot be run; nothing was run");
                errors.iter().fold(failure, |it, error| it.detail(error.to_string()))
            }
            RunError::Failed(failure) => Self::of_revision(&failure),
            RunError::Interrupted => Self::interrupted(),
            RunError::Unconsented(refused) => Self::of_consent(&refused),
            RunError::LockLeft { ref holder } => Self::database(message).hint(format!(
                "an earlier run through a connection pooler left it; terminate that backend: \
                 SELECT pg_terminate_backend({})",
                holder.pid
            )),
            RunError::Locked { .. }
            | RunError::Pooler
            | RunError::LockLost
            | RunError::Server(_) => Self::database(message),
            RunError::Ledger(error) => error.into(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let failure = Self::database(chain(&error));
        if let StoreError::Filtered { table } = &error {
            let failure = failure.detail("nothing was run");
            return failure.hint(format!(
                "an administrator runs: ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
            ));
        }
        let StoreError::Forbidden(obstacle) = &error else { return failure };
        let failure = failure
            .detail("nothing was run")
            .hint(format!("an administrator runs: {}", obstacle.remedy()));
        if !obstacle.public_would_do() {
            return failure;
        }
        failure.hint(
            "or keep the ledger in schema `public`, where the role may create tables: \
             `[migrations] ledger_schema = \"public\"` in aludel.toml",
        )
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::input(chain(&error))
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        WorkspaceError::from(error).into()
    }
}

impl From<PendingError> for Failure {
    fn from(error: PendingError) -> Self {
        RunError::from(error).into()
    }
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Self {
        WorkspaceError::from(error).into()
    }
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        WorkspaceError::from(error).into()
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        WorkspaceError::from(error).into()
    }
}

/// What a statement left, a sentence for each thing.
fn left_behind(it: &Unfinished) -> Vec<String> {
    let kind = it.kind.as_str();
    let mut hints = Vec::new();
    for left in it.left.iter().flatten() {
        hints.push(match (&left.clear, left.busy) {
            (_, Some(pid)) => format!(
                "process {pid} is working on {left}: wait until it has \
                                       finished"
            ),
            (Some(clear), None) => {
                format!("{kind} left {left}; the next run starts with `{clear}`")
            }
            (None, None) => format!("{left} does not belong to this revision and is not changed"),
        });
    }
    let is_certain = it.left.is_some() && it.kind.is_found();
    match it.kind.may_leave() {
        Some(what) if !is_certain => {
            let next = match it.kind.is_found() {
                true => "`aludel status` shows what exists",
                false => "the statement is run again from the start",
            };
            hints.push(format!("{kind} may have left {what}; {next}"));
        }
        _ if hints.is_empty() => hints.push(format!("{kind} left no objects")),
        _ => {}
    }
    hints
}

/// Whether a statement fails because what it creates is there (class 42 of the manual's appendix
/// "PostgreSQL Error Codes": duplicate schema, table, column, function, object).
fn is_there_already(sqlstate: &str) -> bool {
    matches!(sqlstate, "42P06" | "42P07" | "42701" | "42723" | "42710")
}
