//! The arguments of the program. The doc comments are the help text.

mod check;
mod consent;
mod import;
mod json;
mod recall;
mod review;
mod shell;

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::operations::DraftOptions;
use crate::revision::alembic::VERSION_TABLE;

pub use check::CheckArgs;
pub use consent::{Allowed, ConsentArgs};
pub use import::{ImportAlembicArgs, ImportArgs, ImportFrom};
pub use json::{JsonDocument, SchemaJsonArgs};
pub use recall::RecallArgs;
pub use review::{ExplainArgs, GraphArgs, RehearseArgs, ReviewArgs};
pub use shell::{CompletionsArgs, ManArgs, Shell};

use super::global::{Global, When};

/// Schema migrations and typed code for PostgreSQL with pgvector
///
/// Declare the database in schema.toml. aludel compares the declaration with the migrations, writes the
/// difference as SQL for review, tests it on an embedded PostgreSQL, and applies it.
///
/// If no database is configured, all commands use an embedded one in .aludel/db.
#[derive(Debug, Parser)]
#[command(name = "aludel", version, after_help = EXIT_STATUS, arg_required_else_help = true)]
pub struct Cli {
    /// Options of every command
    #[command(flatten)]
    pub global: Global,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_STATUS: &str = "Exit status:
  0   done, or nothing to do
  1   a check failed: pending changes, drift, edited files
  2   invalid input: arguments, configuration, schema.toml, revision files
  3   the database reported an error or cannot be reached
  70  internal error of aludel
  130 interrupted by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a project: aludel.toml, schema.toml and the migrations directory
    ///
    /// Adds .aludel/, the directory of the embedded database and the cache, to .gitignore. Does not
    /// change other existing files.
    Init(InitArgs),
    /// Create a revision: an up and a down file
    ///
    /// With --autogenerate the files contain the SQL that changes the schema built by the migrations
    /// to the one declared in schema.toml. The SQL is tested on a scratch database, up and down, before
    /// the files are written. If there is no difference, no file is written.
    Revision(RevisionArgs),
    /// Apply revisions up to a target
    ///
    /// Each revision runs in its own transaction, which also writes its row in the ledger. Statements
    /// that cannot run in a transaction block, such as CREATE INDEX CONCURRENTLY, run outside it. An
    /// interrupted revision is resumed at the statement where it stopped. If the file of an applied
    /// revision was edited, nothing is applied.
    Upgrade(UpgradeArgs),
    /// Revert revisions down to a target
    ///
    /// Runs the down file of each revision, newest first. A revision without a down file is
    /// irreversible: if one is among them, nothing is reverted.
    Downgrade(DowngradeArgs),
    /// Record a revision as applied without running it
    ///
    /// Afterwards the ledger contains the targets and the revisions they need, and none after them.
    /// Other branches are not changed.
    Stamp(StampArgs),
    /// Accept files that were edited after they were applied
    ///
    /// Writes the checksums of the files into the ledger; runs nothing. `upgrade` and `downgrade` refuse
    /// to run while an applied revision has edited statements, until it is named here. Edited comments,
    /// edited headers and new down files do not block a run; `check` and `status` report them.
    Repair(RepairArgs),
    /// Import the revisions of another tool
    Import(ImportArgs),
    /// Start managing an existing database
    ///
    /// Writes its schema as schema.toml and as a first revision, tests the revision on a scratch
    /// database, and records it in the ledger as applied. The schema of the database is not changed.
    Adopt(AdoptArgs),
    /// Show the current revision of the database
    ///
    /// With several branches there can be several. An interrupted revision is marked.
    Current(CurrentArgs),
    /// List the revisions, newest first
    ///
    /// Each line shows the parent, the revision, its labels, and its message. On a terminal, the
    /// branches are drawn as a graph.
    History(HistoryArgs),
    /// List the heads: revisions that no other revision revises
    Heads(ListArgs),
    /// List the branch points: revisions with several children
    Branches(ListArgs),
    /// Show the details of a revision
    Show(ShowArgs),
    /// Open the files of a revision in an editor
    ///
    /// The editor is $VISUAL, or $EDITOR. Do not edit the statements of a revision that a database
    /// already has: `upgrade` refuses to run there afterwards.
    Edit(EditArgs),
    /// Join heads: create a merge revision that revises them all
    Merge(MergeArgs),
    /// Move unapplied revisions onto another head
    ///
    /// Use it after a git merge that left two heads. The moved revisions are tested on a scratch
    /// database, then the headers of their files are rewritten.
    Rebase(RebaseArgs),
    /// Combine consecutive revisions into one
    ///
    /// The new revision has the id of the last one and builds the same schema. The files of the old
    /// revisions are removed. In a database that has the old revisions, the next `upgrade` replaces
    /// their rows in the ledger.
    Squash(SquashArgs),
    /// Check that schema.toml, the migrations and the database agree
    ///
    /// Reports pending changes (schema.toml declares something that no revision creates), revisions
    /// whose upgrade or downgrade fails on a scratch database, and several heads. If a database is
    /// configured, also drift (the database differs from what its revisions build), edited files and
    /// unapplied revisions. Exits with status 1 if it reports anything.
    Check(CheckArgs),
    /// Show what statements do to a database in use, and what is dangerous
    ///
    /// Runs each statement on a scratch database, after the ones before it, with rows in the tables, and
    /// reads from the server what it locks, rewrites, scans and loses. Rules say which of that is a
    /// hazard; `aludel explain` lists them. Exits with status 1 if there is an error that is not allowed,
    /// by `-- aludel: allow CODE reason` above the statement or by `[review] allow` in aludel.toml.
    Review(ReviewArgs),
    /// Print the page of a rule of `review`, or list the rules
    Explain(ExplainArgs),
    /// Run the pending revisions on a restored copy of the database
    ///
    /// Prints the time of each statement, its locks, and what is lost of the real rows. The copy is a
    /// database that you restored, not the configured one. It is changed, and its ledger is not: drop it
    /// afterwards. Stops at the first statement that fails.
    Rehearse(RehearseArgs),
    /// Measure how many of the nearest rows the vector indexes find
    ///
    /// Takes rows of the table as queries, answers them exactly, and then by the index, with increasing
    /// hnsw.ef_search or ivfflat.probes, as generated code does. Reads only, in one snapshot. Exits with status 1
    /// if an index cannot be measured, and says why. Needs a server: times of the embedded engine say nothing.
    Recall(RecallArgs),
    /// Draw the tables and foreign keys as a diagram
    ///
    /// Of two sources, what differs is marked. The format is given with --format mermaid (the default),
    /// dot or svg.
    Graph(GraphArgs),
    /// Print the SQL that changes one schema to another
    ///
    /// A source is a schema.toml, a directory of revisions (migrations, or migrations@REVISION), an
    /// SQL file, a database URL, `live` for the configured database, or `empty`.
    Diff(DiffArgs),
    /// Write schema.toml from a database or any other source
    ///
    /// `aludel diff` of the written file and the source is empty. Objects of kinds that aludel does not
    /// manage are listed on stderr.
    Pull(PullArgs),
    /// Generate typed code for the tables, in Rust or Python
    ///
    /// Row types, inserts, lists without their vectors, nearest-neighbor searches with the operator of
    /// the index. A file is written only if its content changes, and overwritten only if aludel
    /// generated it. With --check nothing is written: a diff is printed and the exit status is 1 if a
    /// file is not up to date.
    Generate(GenerateArgs),
    /// Print how programs and agents drive aludel without a terminal
    AgentGuide,
    /// Print the JSON Schema of schema.toml, or of the output with --format json
    ///
    /// Editors use it to complete and check schema.toml. Editors based on Taplo find it by the first
    /// line of schema.toml: `#:schema ./schema.json`.
    SchemaJson(SchemaJsonArgs),
    /// Show the state of the database: current, pending, interrupted and edited revisions
    ///
    /// On a server also what is wrong with its vector indexes, without measuring them.
    Status(StatusArgs),
    /// Print a shell completion script
    ///
    /// It completes commands, options, revisions (from their files), tables and columns (from
    /// schema.toml) and databases (from aludel.toml). It does not connect to a database. The script calls
    /// aludel: print it again after an update of aludel.
    Completions(CompletionsArgs),
    /// Print the man page of aludel, or write the man pages of all commands
    Man(ManArgs),
}

/// What is typed after `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Directory of the project; created if it does not exist
    #[arg(value_name = "DIRECTORY", default_value = ".")]
    pub directory: PathBuf,
    /// Declare the schemas, extensions and roles of this platform as provided
    #[arg(long, value_name = "NAME")]
    pub platform: Option<Platform>,
}

/// Who runs the database, and has made a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Platform {
    /// Supabase: schemas auth, extensions and storage, roles, a publication
    Supabase,
    /// Amazon RDS and Aurora
    Rds,
    /// Google Cloud SQL and AlloyDB
    CloudSql,
    /// Azure Database for PostgreSQL
    Azure,
    /// Neon
    Neon,
}

/// What is typed after `revision`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("generated").args(["autogenerate", "amend"]).multiple(true))]
pub struct RevisionArgs {
    /// Message of the revision; also used in the file name (optional with --amend)
    #[arg(short, long, value_name = "TEXT", required_unless_present = "amend")]
    pub message: Option<String>,
    /// Generate the SQL from the difference between the migrations and schema.toml
    #[arg(long)]
    pub autogenerate: bool,
    /// Regenerate the last revision from the current schema.toml
    ///
    /// The revision keeps its id, its file names and its header; -m changes the message. It must be a
    /// generated revision, and not applied to the configured database.
    #[arg(
        long,
        conflicts_with_all = ["splice", "branch_label", "depends_on", "rev_id", "version_path"]
    )]
    pub amend: bool,
    /// With --autogenerate: write changes that break the running release as a second revision
    ///
    /// Apply the first one (expand) before the new release of the application, the second one
    /// (contract: dropped columns, NOT NULL, changed types) after it. `upgrade --until-contract` stops
    /// between them.
    #[arg(long, requires = "autogenerate", conflicts_with = "amend")]
    pub phases: bool,
    /// With --autogenerate: rename OLD to NEW instead of dropping and creating it (repeatable)
    ///
    /// A name is a table or other object, `users`, or a column or constraint of a table,
    /// `users.email`; both can be qualified by a schema. If several kinds of object have the name,
    /// write the kind before it, as in `index users_idx`. Same as `renamed_from` in schema.toml.
    #[arg(long, value_name = "OLD=NEW", requires = "generated")]
    pub rename: Vec<String>,
    /// With --autogenerate: drop OLD, although a new object looks like it (repeatable)
    #[arg(long, value_name = "OLD", requires = "generated")]
    pub no_rename: Vec<String>,
    /// Consent to what is otherwise refused
    #[command(flatten)]
    pub consent: ConsentArgs,
    /// With --autogenerate: test with rows sampled from the database, not with invented ones
    ///
    /// Reads a few hundred rows of each table that the revision changes, and the rows that they
    /// reference, in one read-only transaction. The rows are copied into the scratch database, which is
    /// dropped afterwards.
    #[arg(long, requires = "generated")]
    pub sample: bool,
    /// Parent revision, if there are several heads; `base` starts a separate history
    #[arg(long, value_name = "REVISION")]
    pub head: Option<String>,
    /// Allow --head to name a revision that is not a head; starts a new branch there
    #[arg(long, requires = "head")]
    pub splice: bool,
    /// Where it goes, and what it is called
    #[command(flatten)]
    pub draft: DraftArgs,
}

/// What is typed for any new revision.
#[derive(Debug, Clone, Default, Args)]
pub struct DraftArgs {
    /// Label of the branch that this revision starts (repeatable)
    #[arg(long, value_name = "LABEL")]
    pub branch_label: Vec<String>,
    /// Revision of another branch that must be applied first (repeatable)
    #[arg(long, value_name = "REVISION")]
    pub depends_on: Vec<String>,
    /// Id of the revision [default: random]
    #[arg(long, value_name = "ID")]
    pub rev_id: Option<String>,
    /// Directory of its files, one of `[migrations] directory` [default: that of its parent]
    #[arg(long, value_name = "FOLDER")]
    pub version_path: Option<PathBuf>,
}

/// What is typed after `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// Heads to join; `heads` for all of them
    #[arg(value_name = "REVISION", required = true)]
    pub revisions: Vec<String>,
    /// Message of the revision [default: merge A and B]
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Where it goes, and what it is called
    #[command(flatten)]
    pub draft: DraftArgs,
}

/// What is typed after `rebase`.
#[derive(Debug, Args)]
pub struct RebaseArgs {
    /// Any revision of the branch to move [default: the branch that the database does not have]
    #[arg(value_name = "REVISION")]
    pub revision: Option<String>,
    /// Head to move it onto [default: the other head]
    #[arg(long, value_name = "REVISION")]
    pub onto: Option<String>,
}

/// What is typed after `squash`.
#[derive(Debug, Args)]
pub struct SquashArgs {
    /// Last of the revisions to combine
    #[arg(value_name = "REVISION", default_value = "head")]
    pub revision: String,
    /// Message of the revision [default: squash N revisions]
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
}

/// What is typed after `heads` and `branches`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Also print dates and files
    #[arg(short, long)]
    pub verbose: bool,
}

/// What is typed after `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Revision to show, or a target; `heads` and `current` can be several revisions
    #[arg(value_name = "REVISION", default_value = "heads")]
    pub revision: String,
    /// Also print the SQL of both files
    #[arg(long)]
    pub sql: bool,
}

/// What is typed after `edit`.
#[derive(Debug, Args)]
pub struct EditArgs {
    /// Revision to edit
    #[arg(value_name = "REVISION", default_value = "head")]
    pub revision: String,
}

/// What is typed after `upgrade`.
#[derive(Debug, Args)]
pub struct UpgradeArgs {
    /// Revision id or unique prefix, branch label, `head`, `heads`, or `+N` for the next N revisions;
    /// `BRANCH@head` and `BRANCH@+N` for one branch (repeatable)
    #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
    pub targets: Vec<String>,
    /// Stop before the first contract revision of each branch, and list the remaining ones
    ///
    /// Use it before a release. After the release, `upgrade` without it applies the rest.
    #[arg(long)]
    pub until_contract: bool,
    /// Consent to what is otherwise refused
    #[command(flatten)]
    pub consent: ConsentArgs,
    /// Print a script for psql instead; TARGET can be a range, `FROM:TO`
    ///
    /// The script starts at the current revision of the database, if one is configured, else at FROM or
    /// before the first revision. When it runs, it skips revisions that are already applied.
    #[arg(long)]
    pub sql: bool,
}

/// What is typed after `downgrade`.
#[derive(Debug, Args)]
pub struct DowngradeArgs {
    /// Revision id or unique prefix, `base`, or `-N` for the last N revisions; `BRANCH@base` and
    /// `BRANCH@-N` for one branch (repeatable)
    #[arg(value_name = "TARGET", required = true, allow_negative_numbers = true)]
    pub targets: Vec<String>,
    /// Consent to what is otherwise refused
    #[command(flatten)]
    pub consent: ConsentArgs,
    /// Print a script for psql instead; TARGET can be a range, `FROM:TO`
    #[arg(long)]
    pub sql: bool,
}

/// What is typed after `adopt`.
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// Message of the first revision
    #[arg(short, long, value_name = "TEXT", default_value = "existing schema")]
    pub message: String,
    /// Where it goes, and what it is called
    #[command(flatten)]
    pub draft: DraftArgs,
}

/// What is typed after `stamp`.
#[derive(Debug, Args)]
pub struct StampArgs {
    /// Revision that the database is at, one for each branch, or `base`
    #[arg(
        value_name = "TARGET",
        required_unless_present = "alembic",
        conflicts_with = "alembic",
        allow_negative_numbers = true
    )]
    pub targets: Vec<String>,
    /// Take the revision from Alembic's version table
    #[arg(
        long,
        value_name = "TABLE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = VERSION_TABLE,
        conflicts_with = "purge"
    )]
    pub alembic: Option<String>,
    /// Empty the ledger first, also of revisions whose files are missing
    #[arg(long)]
    pub purge: bool,
}

/// What is typed after `repair`.
#[derive(Debug, Args)]
pub struct RepairArgs {
    /// Revisions whose files to accept [default: all without edited statements]
    #[arg(value_name = "REVISION")]
    pub revisions: Vec<String>,
}

/// What is typed after `current`.
#[derive(Debug, Args)]
pub struct CurrentArgs {
    /// Exit with status 1 unless the database is at all heads
    #[arg(long)]
    pub check_heads: bool,
    /// Also print message, date and file
    #[arg(short, long)]
    pub verbose: bool,
}

/// What is typed after `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Also print dates, parents and files
    #[arg(short, long)]
    pub verbose: bool,
    /// Range to list: `FROM:TO`, `FROM:`, `:TO`, where each is a target, as in `-3:current`
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    pub rev_range: Option<String>,
    /// Mark the applied revisions
    #[arg(short, long)]
    pub indicate_current: bool,
    /// Draw the branches as a graph; `auto`: on a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub graph: When,
}

/// What is typed after `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Source to change
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Source to change it to
    #[arg(value_name = "TO")]
    pub to: String,
    /// Rename OLD to NEW instead of dropping and creating it, as in `revision` (repeatable)
    #[arg(long, value_name = "OLD=NEW")]
    pub rename: Vec<String>,
    /// Exit with status 1 if there are differences
    #[arg(long)]
    pub exit_code: bool,
    /// Test the SQL on a scratch database with the schema of FROM, empty and with rows
    ///
    /// Fails if the resulting schema differs from TO. Reports statements that fail on rows, and lost
    /// data.
    #[arg(long)]
    pub prove: bool,
    /// With --prove: test with rows sampled from the configured database, as in `revision`
    #[arg(long, requires = "prove")]
    pub sample: bool,
}

/// What is typed after `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Language [default: all languages with an output in aludel.toml]
    #[arg(value_name = "LANGUAGE")]
    pub language: Option<LanguageArg>,
    /// Source of the tables, as in `diff`; names in code are always taken from schema.toml
    #[arg(long, value_name = "SOURCE")]
    pub from: Option<String>,
    /// Output: `src/schema.rs` or a directory for Rust, a directory for Python
    #[arg(short, long, value_name = "PATH", requires = "language")]
    pub output: Option<PathBuf>,
    /// Write nothing; print what would change, and exit with status 1 if anything would
    #[arg(long)]
    pub check: bool,
    /// Also overwrite files that aludel did not generate
    #[arg(long, conflicts_with = "check")]
    pub force: bool,
    /// Remove generated files of tables that no longer exist
    #[arg(long, conflicts_with = "check")]
    pub prune: bool,
}

/// A language that code is generated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LanguageArg {
    /// tokio-postgres, deadpool-postgres and pgvector
    Rust,
    /// SQLAlchemy, asyncpg, pgvector and Pydantic
    Python,
}

/// What is typed after `pull`.
#[derive(Debug, Args)]
pub struct PullArgs {
    /// Source, as in `diff`
    #[arg(value_name = "SOURCE", default_value = "live")]
    pub source: String,
    /// File to write, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// With --output: write each schema to a separate file, included by FILE
    ///
    /// The files are in a directory next to FILE with the same name: schema/billing.toml.
    #[arg(long, requires = "output")]
    pub split: bool,
}

/// What is typed after `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {}

impl From<&DraftArgs> for DraftOptions {
    fn from(args: &DraftArgs) -> Self {
        let DraftArgs { branch_label, depends_on, rev_id, version_path } = args.clone();
        Self { branch_label, depends_on, rev_id, version_path }
    }
}

impl HistoryArgs {
    /// Whether the database must be asked.
    #[must_use]
    pub fn asks_database(&self) -> bool {
        let ends = self.rev_range.iter().flat_map(|it| it.split(':'));
        self.indicate_current || ends.into_iter().any(|it| it.contains("current"))
    }
}

/// Whether a target may be counted from where the database is.
#[must_use]
pub fn is_from_current(target: &str) -> bool {
    target.contains("current")
        || target.starts_with(['+', '-'])
        || target.contains("@+")
        || target.contains("@-")
}
