//! Arguments of the commands that review.

use std::path::PathBuf;

use clap::Args;

/// What is typed after `review`.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// Revision, range FROM:TO, `pending`, SQL file, directory of SQL files, or `-` for standard input
    ///
    /// Without it: the revisions that the configured server does not have; if none is configured, those
    /// without a valid proof. SQL files and standard input run after all revisions of the project. A
    /// directory that aludel does not manage runs on an empty database, its files in the order of their
    /// names; files that revert others are skipped.
    #[arg(value_name = "WHAT")]
    pub what: Vec<String>,
    /// Allow the hazards with these codes; `*` and `?` as in `PV*`, `CODE in FILES` for some files
    /// (repeatable)
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// Deny the hazards with these codes, also if their rules only warn (repeatable)
    #[arg(long, value_name = "CODE")]
    pub deny: Vec<String>,
    /// Also print what each statement locks, rewrites, scans and loses
    #[arg(short, long)]
    pub verbose: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What is typed after `rehearse`.
#[derive(Debug, Args)]
pub struct RehearseArgs {
    /// Copy of the database, restored by you: a postgres:// URL or a libpq connection string
    #[arg(value_name = "URL")]
    pub copy: String,
    /// Allow the hazards with these codes, as in `review` (repeatable)
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// Deny the hazards with these codes, as in `review` (repeatable)
    #[arg(long, value_name = "CODE")]
    pub deny: Vec<String>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What is typed after `graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// Source of the tables, as in `diff` [default: schema.toml]
    #[arg(value_name = "SOURCE")]
    pub from: Option<String>,
    /// Source to compare it with: what differs is marked
    #[arg(value_name = "TO")]
    pub to: Option<String>,
    /// Draw only what differs, and the tables linked to it
    #[arg(long, requires = "to")]
    pub changed: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What is typed after `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Code of a rule, as `review` prints it
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}
