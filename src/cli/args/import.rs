//! Arguments of the commands that import from other tools.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::revision::alembic::VERSION_TABLE;

/// What is typed after `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Tool to import from
    #[command(subcommand)]
    pub from: ImportFrom,
}

/// The tools whose revisions can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportFrom {
    /// Import from Alembic
    ///
    /// Reads the revision graph from Alembic's files without running them, and the SQL from its offline
    /// mode. If a database is configured, the revision in its table alembic_version is recorded as
    /// applied; for other databases run `aludel stamp --alembic`. Writes schema.toml if it does not exist.
    Alembic(ImportAlembicArgs),
}

/// What is typed after `import alembic`.
#[derive(Debug, Args)]
pub struct ImportAlembicArgs {
    /// Directory of alembic.ini, or of the revisions
    #[arg(value_name = "DIRECTORY", default_value = ".")]
    pub directory: PathBuf,
    /// Command that runs Alembic
    #[arg(long, value_name = "COMMAND", default_value = "alembic")]
    pub alembic: String,
    /// Alembic's version table
    #[arg(long, value_name = "TABLE", default_value = VERSION_TABLE)]
    pub version_table: String,
    /// Import the revision graph only; the SQL is to be written by hand
    #[arg(long)]
    pub no_sql: bool,
}
