//! Why a source could not be loaded as a schema.

use std::io;
use std::path::PathBuf;

use crate::catalog::CatalogError;
use crate::connection::{AddressError, ConnectError};
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::model::object::ObjectId;
use crate::revision::target::TargetError;
use crate::revision::variables::UnsetVariable;
use crate::revision_files::LoadError;
use crate::runner::ScriptError;
use crate::scratch::{NotRun, ScratchError};
use crate::sql_text::SplitError;

use super::source::SourceError;

/// Why a source did not become a schema.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Mistakes in the declaration, or objects of it that PostgreSQL refuses.
    #[error("the declaration has mistakes")]
    Declaration {
        /// The mistakes.
        diagnostics: Vec<Diagnostic>,
        /// The files they point into.
        files: Vec<SourceFile>,
    },
    /// A file that cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `include` with a pattern that is none.
    #[error("`{pattern}` is not a file name pattern: {reason}")]
    Include {
        /// The pattern.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// Mistakes in the revisions.
    #[error("the revisions have mistakes")]
    Revisions(Vec<LoadError>),
    /// No such revision.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Not a source.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A variable of a revision that has no value.
    #[error("{}: {source}", path.display())]
    Variable {
        /// The file.
        path: PathBuf,
        /// Which one.
        source: UnsetVariable,
    },
    /// An SQL file that cannot be taken apart.
    #[error("{}:{}: {source}", path.display(), source.line())]
    Split {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SplitError,
    },
    /// A revision that cannot be run.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// A statement of a file that the scratch database refused.
    #[error("{}:{line}: error in the scratch database: {}", path.display(), refusal.message)]
    Refused {
        /// The file.
        path: PathBuf,
        /// The line of the statement.
        line: usize,
        /// What the server said.
        refusal: Refusal,
    },
    /// Something provided that the scratch database refused.
    #[error("the scratch database rejects {object}, which is declared as provided: {}", refusal.message)]
    Provided {
        /// What it is.
        object: ObjectId,
        /// What the server said.
        refusal: Refusal,
    },
    /// A schema between two others that cannot be made.
    #[error("{object} cannot be created in its intermediate state: {}", refusal.message)]
    Between {
        /// What it is.
        object: ObjectId,
        /// What the server said.
        refusal: Refusal,
    },
    /// An object of a source that the scratch database refuses, where the source is to be made there.
    #[error("the scratch database rejects {object} of the source: {}", refusal.message)]
    NotMadeAgain {
        /// What it is.
        object: ObjectId,
        /// What the server said.
        refusal: Refusal,
    },
    /// Declared NOT NULL constraints of which the server keeps only that there are such.
    #[error(
        "PostgreSQL {version} does not support names, comments, NO INHERIT and NOT VALID of NOT \
         NULL constraints: not_null_constraint of {}",
        columns.join(", ")
    )]
    NotNullConstraints {
        /// The columns.
        columns: Vec<String>,
        /// The major version of the server.
        version: u32,
    },
    /// An address that cannot be read.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The catalog cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// What a server said when it refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The message.
    pub message: String,
    /// The SQLSTATE; empty where the connection broke.
    pub sqlstate: String,
    /// DETAIL.
    pub detail: Option<String>,
    /// HINT.
    pub hint: Option<String>,
}

impl From<&tokio_postgres::Error> for Refusal {
    fn from(error: &tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(it) => Self {
                message: it.message().to_owned(),
                sqlstate: it.code().code().to_owned(),
                detail: it.detail().map(str::to_owned),
                hint: it.hint().map(str::to_owned),
            },
            None => Self {
                message: error.to_string(),
                sqlstate: String::new(),
                detail: None,
                hint: None,
            },
        }
    }
}

impl From<&NotRun> for Refusal {
    fn from(error: &NotRun) -> Self {
        let (refusal, own_hint) = match error {
            NotRun::Refused(it) | NotRun::Fenced(it) => (Self::from(it), error.hint()),
            NotRun::ReachesOut { .. } => {
                let message = error.to_string();
                // insufficient_privilege
                let sqlstate = "42501".to_owned();
                (Self { message, sqlstate, detail: None, hint: None }, error.hint())
            }
        };
        let hint = own_hint.map(str::to_owned).or(refusal.hint);
        Self { hint, ..refusal }
    }
}
