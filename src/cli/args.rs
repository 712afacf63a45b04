//! What can be typed. The doc comments are the help text.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::operations::DraftOptions;
use crate::revision::alembic::VERSION_TABLE;

use super::global::{Global, When};

/// Schema migrations and typed code for PostgreSQL with pgvector
///
/// Declare the database in schema.toml; aludel compares it with the migrations, writes the
/// difference as SQL for review, proves it on an embedded PostgreSQL, and applies it.
///
/// Without a configured database everything runs on an embedded one in .aludel/db.
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

const EXIT_STATUS: &str = "\
Exit status:
  0   done, or nothing to do
  1   the answer is no: pending changes, drift, edited files
  2   the input is wrong: arguments, configuration, schema.toml, revision files
  3   the database refused or cannot be reached
  70  an error of aludel itself
  130 interrupted by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a project: aludel.toml, schema.toml and the migrations folder
    ///
    /// .gitignore gets a line for .aludel/, the folder of the embedded database and of the cache. Files
    /// that exist are otherwise left as they are.
    Init(InitArgs),
    /// Create a revision: an up and a down file
    ///
    /// With --autogenerate the files hold the SQL that turns what the migrations build into what
    /// schema.toml declares. It has run on a scratch database, up and down, before it is written;
    /// when nothing differs no file is written.
    Revision(RevisionArgs),
    /// Apply revisions up to a target
    ///
    /// Each revision runs in a transaction of its own together with its row in the ledger;
    /// statements that PostgreSQL refuses in a transaction, such as CREATE INDEX CONCURRENTLY, run
    /// on their own, and an interrupted revision is resumed where it stopped. Applied revisions
    /// whose files were edited stop the run.
    Upgrade(UpgradeArgs),
    /// Take revisions back down to a target
    ///
    /// Each revision's down file is run, the newest first. A revision without one is irreversible
    /// and stops the run before its first statement.
    Downgrade(DowngradeArgs),
    /// Say where the database stands, without running anything
    ///
    /// The ledger is made to hold the targets and all that they need, and nothing after them; other
    /// branches are left as they are.
    Stamp(StampArgs),
    /// Accept files that were edited after they were applied
    ///
    /// The checksums of the files are written into the ledger; nothing is run. Edited statements stop
    /// every run until their revision is named here; edited comments, edited headers and new down
    /// files stop nothing, and are said by `check` and `status` until then.
    Repair(RepairArgs),
    /// Take over the revisions of another tool
    Import(ImportArgs),
    /// Take over a database that nobody managed
    ///
    /// Its schema becomes schema.toml and a first revision, which has run on a scratch database, and
    /// the ledger says that the database has it. The database itself is not changed.
    Adopt(AdoptArgs),
    /// Show the revision that the database is at
    ///
    /// With several branches it is at several. An interrupted revision is marked.
    Current(CurrentArgs),
    /// List the revisions, newest first
    ///
    /// Each line shows the parent, the revision, its labels, and its message. On a terminal, branches
    /// are drawn beside them.
    History(HistoryArgs),
    /// List the revisions that nothing builds on
    Heads(ListArgs),
    /// List the revisions where branches begin, and what begins there
    Branches(ListArgs),
    /// Show all that is known of a revision
    Show(ShowArgs),
    /// Open the files of a revision in an editor
    ///
    /// It is $VISUAL or else $EDITOR. A database that has the revision already will stop at the
    /// edited file.
    Edit(EditArgs),
    /// Join branches by a revision that builds on the heads of all of them
    Merge(MergeArgs),
    /// Put the revisions of a branch, which no database has, on another head
    ///
    /// For after a git merge that left two heads. The headers of the files are rewritten once the
    /// moved revisions have run on a scratch database.
    Rebase(RebaseArgs),
    /// Make one revision of a line of revisions
    ///
    /// It has the id of the last of them, builds the same schema, and names their chain, so that a
    /// database that has them is carried over by its next upgrade. Their files are removed.
    Squash(SquashArgs),
    /// Say whether schema.toml, the migrations and the database agree
    ///
    /// Pending changes: schema.toml declares what no revision builds. Revisions that do not go there
    /// and back on a scratch database. Several heads. With a database configured also drift (the
    /// database is not what its revisions build), edited files and revisions not yet applied. Exits 1
    /// when anything is found.
    Check(CheckArgs),
    /// Print the SQL that turns one schema into another
    ///
    /// A source is a schema.toml, a folder of revisions (migrations, or migrations@REVISION), an
    /// SQL file, a database URL, `live` for the configured database, or `empty`.
    Diff(DiffArgs),
    /// Write schema.toml from a database or any other source
    ///
    /// What it writes, compared with what it read, is without difference. Objects of kinds that
    /// aludel does not manage are named on stderr.
    Pull(PullArgs),
    /// Write typed code for the tables, in Rust or Python
    ///
    /// Rows, inserts, lists without their vectors, nearest neighbors with the operator of the index.
    /// Files are written only when they change, and only over files that were generated. With
    /// --check nothing is written: exit 1 and a diff say what is not up to date.
    Generate(GenerateArgs),
    /// Print the JSON Schema of schema.toml
    ///
    /// Editors complete and check schema.toml with it. Those that build on Taplo take it from the
    /// file's first line: `#:schema ./schema.json`.
    SchemaJson(SchemaJsonArgs),
    /// Sum up the database: its revision, what is pending, what was interrupted or edited
    Status(StatusArgs),
    /// Print the script that makes a shell complete commands, revisions and names
    ///
    /// Revisions are completed from their files, tables and columns from schema.toml, databases from
    /// aludel.toml; nothing is connected to and no engine is started. The script calls aludel, so print
    /// it again when aludel is updated.
    Completions(CompletionsArgs),
    /// Print the man page of aludel, or write those of all commands
    Man(ManArgs),
}

/// What is typed after `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where; created when it is missing
    #[arg(value_name = "DIRECTORY", default_value = ".")]
    pub directory: PathBuf,
    /// Declare what this platform provides, so that no revision creates it
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
    /// What the revision is for; becomes part of the file name (not needed with --amend)
    #[arg(short, long, value_name = "TEXT", required_unless_present = "amend")]
    pub message: Option<String>,
    /// Fill the files with the difference between the migrations and schema.toml
    #[arg(long)]
    pub autogenerate: bool,
    /// Generate the last revision again, from schema.toml as it is now
    ///
    /// It keeps its id, its files and its header, but for the message where -m gives another one. It
    /// must have been generated, and the configured database must not have it.
    #[arg(
        long,
        conflicts_with_all = ["splice", "branch_label", "depends_on", "rev_id", "version_path"]
    )]
    pub amend: bool,
    /// With --autogenerate: write the changes that break the running release as a second revision
    ///
    /// The first one (expand) is applied before the new release, the second one (contract: dropped
    /// columns, NOT NULL, other types) after it. `upgrade --until-contract` stops between them.
    #[arg(long, requires = "autogenerate", conflicts_with = "amend")]
    pub phases: bool,
    /// With --autogenerate: what goes as OLD and comes as NEW is renamed (repeatable)
    ///
    /// A name is written as `users`, `users.email` for what hangs on a table, or with its schema in
    /// front; a kind before it, as in `index users_idx`, tells equal names apart. The same as
    /// `renamed_from` in schema.toml.
    #[arg(long, value_name = "OLD=NEW", requires = "generated")]
    pub rename: Vec<String>,
    /// With --autogenerate: try it with rows drawn from the database, not with made-up ones
    ///
    /// A few hundred rows of each table that the revision touches, and those that they reference, are
    /// read in one transaction that only reads, and written into the scratch database, which is dropped
    /// afterwards.
    #[arg(long, requires = "generated")]
    pub sample: bool,
    /// The head that it goes on, where there are several; `base` begins a history of its own
    #[arg(long, value_name = "REVISION")]
    pub head: Option<String>,
    /// Let --head name a revision that is no head: a new branch begins there
    #[arg(long, requires = "head")]
    pub splice: bool,
    /// Where it goes, and what it is called
    #[command(flatten)]
    pub draft: DraftArgs,
}

/// What is typed for any new revision.
#[derive(Debug, Clone, Default, Args)]
pub struct DraftArgs {
    /// A label for the branch that begins with it (repeatable)
    #[arg(long, value_name = "LABEL")]
    pub branch_label: Vec<String>,
    /// A revision of another branch that must be applied before it (repeatable)
    #[arg(long, value_name = "REVISION")]
    pub depends_on: Vec<String>,
    /// The id of the revision, instead of a random one
    #[arg(long, value_name = "ID")]
    pub rev_id: Option<String>,
    /// The folder for its files, one of `[migrations] directory`; else that of its parent
    #[arg(long, value_name = "FOLDER")]
    pub version_path: Option<PathBuf>,
}

/// What is typed after `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The heads to join; `heads` for all of them
    #[arg(value_name = "REVISION", required = true)]
    pub revisions: Vec<String>,
    /// What the revision is for [default: merge A and B]
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Where it goes, and what it is called
    #[command(flatten)]
    pub draft: DraftArgs,
}

/// What is typed after `rebase`.
#[derive(Debug, Args)]
pub struct RebaseArgs {
    /// The branch that is moved, by any of its revisions; else the one that the database does not
    /// have
    #[arg(value_name = "REVISION")]
    pub revision: Option<String>,
    /// The head that it is put on; else the other one
    #[arg(long, value_name = "REVISION")]
    pub onto: Option<String>,
}

/// What is typed after `squash`.
#[derive(Debug, Args)]
pub struct SquashArgs {
    /// The last of the revisions that become one
    #[arg(value_name = "REVISION", default_value = "head")]
    pub revision: String,
    /// What the revision is for [default: squash N revisions]
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
}

/// What is typed after `heads` and `branches`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// With date and files
    #[arg(short, long)]
    pub verbose: bool,
}

/// What is typed after `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A target; `heads` and `current` may be several revisions
    #[arg(value_name = "REVISION", default_value = "heads")]
    pub revision: String,
    /// With the SQL of both files
    #[arg(long)]
    pub sql: bool,
}

/// What is typed after `edit`.
#[derive(Debug, Args)]
pub struct EditArgs {
    /// The revision
    #[arg(value_name = "REVISION", default_value = "head")]
    pub revision: String,
}

/// What is typed after `upgrade`.
#[derive(Debug, Args)]
pub struct UpgradeArgs {
    /// A revision, the beginning of its id, a branch label, `head`, `heads`, or `+N` for N revisions
    /// further; `BRANCH@head` and `BRANCH@+N` keep to a branch (repeatable)
    #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
    pub targets: Vec<String>,
    /// Stop before the first contract revision of each branch, and say what is left
    ///
    /// To be used before a release; after the release, `upgrade` without it applies the rest.
    #[arg(long)]
    pub until_contract: bool,
    /// Print the run as a script for psql instead; TARGET may be a range, `FROM:TO`
    ///
    /// It begins where the database is, if one is configured, else at FROM or before the first
    /// revision. It leaves out what it finds done, so running it twice changes nothing.
    #[arg(long)]
    pub sql: bool,
}

/// What is typed after `downgrade`.
#[derive(Debug, Args)]
pub struct DowngradeArgs {
    /// A revision, the beginning of its id, `base`, or `-N` for the last N revisions; `BRANCH@base`
    /// and `BRANCH@-N` keep to a branch (repeatable)
    #[arg(value_name = "TARGET", required = true, allow_negative_numbers = true)]
    pub targets: Vec<String>,
    /// Print the run as a script for psql instead; TARGET may be a range, `FROM:TO`
    #[arg(long)]
    pub sql: bool,
}

/// What is typed after `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What they are revisions of
    #[command(subcommand)]
    pub from: ImportFrom,
}

/// The tools whose revisions can be taken over.
#[derive(Debug, Subcommand)]
pub enum ImportFrom {
    /// Alembic: the graph from its files, without running them, the SQL from its offline mode
    ///
    /// With a database configured, that one is stamped where its alembic_version says it is; the
    /// other databases are by `aludel stamp --alembic`. schema.toml is written where there is none.
    Alembic(ImportAlembicArgs),
}

/// What is typed after `import alembic`.
#[derive(Debug, Args)]
pub struct ImportAlembicArgs {
    /// The project: the folder of alembic.ini, or of its revisions
    #[arg(value_name = "DIRECTORY", default_value = ".")]
    pub directory: PathBuf,
    /// How to start Alembic
    #[arg(long, value_name = "COMMAND", default_value = "alembic")]
    pub alembic: String,
    /// The table in which Alembic notes where it is
    #[arg(long, value_name = "TABLE", default_value = VERSION_TABLE)]
    pub version_table: String,
    /// Take over the graph alone, and leave the SQL to be written
    #[arg(long)]
    pub no_sql: bool,
}

/// What is typed after `adopt`.
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// What the first revision is for
    #[arg(short, long, value_name = "TEXT", default_value = "what was there")]
    pub message: String,
    /// Where it goes, and what it is called
    #[command(flatten)]
    pub draft: DraftArgs,
}

/// What is typed after `stamp`.
#[derive(Debug, Args)]
pub struct StampArgs {
    /// Where the database stands: one target for each branch, or `base`
    #[arg(
        value_name = "TARGET",
        required_unless_present = "alembic",
        conflicts_with = "alembic",
        allow_negative_numbers = true
    )]
    pub targets: Vec<String>,
    /// Where Alembic's own table says that it stands
    #[arg(
        long,
        value_name = "TABLE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = VERSION_TABLE,
        conflicts_with = "purge"
    )]
    pub alembic: Option<String>,
    /// Forget first all that the ledger says, also of revisions that no file has
    #[arg(long)]
    pub purge: bool,
}

/// What is typed after `repair`.
#[derive(Debug, Args)]
pub struct RepairArgs {
    /// The revisions whose files are accepted [default: all but those with edited statements]
    #[arg(value_name = "REVISION")]
    pub revisions: Vec<String>,
}

/// What is typed after `current`.
#[derive(Debug, Args)]
pub struct CurrentArgs {
    /// Exit 1 unless the database is at all heads
    #[arg(long)]
    pub check_heads: bool,
    /// With message, date and file
    #[arg(short, long)]
    pub verbose: bool,
}

/// What is typed after `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// With date, parents and files
    #[arg(short, long)]
    pub verbose: bool,
    /// Only a range: `FROM:TO`, `FROM:`, `:TO`, each a target; `-3:current`, `FROM:+2`
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    pub rev_range: Option<String>,
    /// Mark the revisions that the database has
    #[arg(short, long)]
    pub indicate_current: bool,
    /// Draw the branches: `auto` does on a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub graph: When,
}

/// What is typed after `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Do not try revisions there and back
    ///
    /// Those whose proofs hold are not tried in any case, nor those that .aludel/cache knows as tried.
    #[arg(long)]
    pub no_roundtrips: bool,
    /// Believe neither proofs nor the cache: run all revisions, and compare what they leave with proofs
    ///
    /// A proof in the header of a revision says that its files ran up, down and up again as they are. It
    /// is no signature: whoever can write the file can write the proof.
    #[arg(long, conflicts_with = "no_roundtrips")]
    pub prove: bool,
    /// Write the proofs that are missing or hold no longer
    ///
    /// They stand in the headers of up files, and for schema.toml in a file beside them. A clone that has
    /// them checks without running anything.
    #[arg(long, conflicts_with = "no_roundtrips")]
    pub write_proofs: bool,
}

/// What is typed after `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// What there is
    #[arg(value_name = "FROM")]
    pub from: String,
    /// What there shall be
    #[arg(value_name = "TO")]
    pub to: String,
    /// What goes as OLD and comes as NEW is renamed, as in `revision` (repeatable)
    #[arg(long, value_name = "OLD=NEW")]
    pub rename: Vec<String>,
    /// Exit 1 when there are differences
    #[arg(long)]
    pub exit_code: bool,
    /// Run the SQL on a scratch database that is as FROM, without rows and with them
    ///
    /// It must lead to TO. What fails or is lost where there are rows is told.
    #[arg(long)]
    pub prove: bool,
    /// With --prove: rows drawn from the configured database, as in `revision`
    #[arg(long, requires = "prove")]
    pub sample: bool,
}

/// What is typed after `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// The language; without one, all that aludel.toml has an output for
    #[arg(value_name = "LANGUAGE")]
    pub language: Option<Language>,
    /// The source of the tables, as in `diff`; schema.toml says how they are called in code even
    /// where it is another
    #[arg(long, value_name = "SOURCE")]
    pub from: Option<String>,
    /// Where the files go: `src/schema.rs` or a folder for Rust, a folder for Python
    #[arg(short, long, value_name = "PATH", requires = "language")]
    pub output: Option<PathBuf>,
    /// Write nothing; say what would change, and exit 1 if anything would
    #[arg(long)]
    pub check: bool,
    /// Overwrite files that were not generated
    #[arg(long, conflicts_with = "check")]
    pub force: bool,
    /// Remove generated files of tables that are gone
    #[arg(long, conflicts_with = "check")]
    pub prune: bool,
}

/// A language that code is generated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// tokio-postgres, deadpool-postgres and pgvector
    Rust,
    /// SQLAlchemy, asyncpg, pgvector and Pydantic
    Python,
}

/// What is typed after `pull`.
#[derive(Debug, Args)]
pub struct PullArgs {
    /// The source, as in `diff`
    #[arg(value_name = "SOURCE", default_value = "live")]
    pub source: String,
    /// The file to write, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// With --output: each schema in a file of its own, which FILE includes
    ///
    /// They stand in a folder beside FILE that is called as it: schema/billing.toml.
    #[arg(long, requires = "output")]
    pub split: bool,
}

/// What is typed after `schema-json`.
#[derive(Debug, Args)]
pub struct SchemaJsonArgs {}

/// What is typed after `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {}

/// What is typed after `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell that reads the script
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// A shell that can be told how to complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// in ~/.bashrc: source <(aludel completions bash)
    Bash,
    /// in rc.elv: eval (aludel completions elvish | slurp)
    Elvish,
    /// in ~/.config/fish/config.fish: aludel completions fish | source
    Fish,
    /// in $PROFILE: aludel completions powershell | Out-String | Invoke-Expression
    Powershell,
    /// in ~/.zshrc, after compinit: source <(aludel completions zsh)
    Zsh,
}

/// What is typed after `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder for the pages of all commands; created when it is missing
    #[arg(short, long, value_name = "DIRECTORY")]
    pub output: Option<PathBuf>,
}

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
