//! The settings: `aludel.toml`, the environment and the arguments together.
//!
//! In: the text of the file, [`Flags`] and the [`Surroundings`]. Out: [`Settings`], each value with
//! its origin, or all mistakes at once. Pure; the caller reads the file and the environment.

mod file;
mod layer;
mod reader;
mod value;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use crate::model::duration::parse_duration;
pub use file::{RenameMode, Transaction};
pub use value::{Origin, Value};

use crate::codegen::{PythonSettings, RustSettings};
use crate::connection::surroundings::Surroundings;
use crate::connection::{Address, AddressError};
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::model::code_hints::CodePart;
use crate::model::search_path::SearchPath;
use crate::revision::variables::Variables;

/// Where settings are looked for.
pub const FILE_NAME: &str = "aludel.toml";

/// What holds when nobody says anything.
pub mod defaults {
    use std::time::Duration;

    /// The folder of the database that is used where none is named.
    pub const EMBEDDED_DATABASE: &str = ".aludel/db";
    /// How long a statement waits for a lock, and reads and writes wait behind it: less than PostgreSQL's
    /// deadlock_timeout of a second, after which it would look for a deadlock and could end a transaction
    /// of the application.
    pub const LOCK_TIMEOUT: Duration = Duration::from_millis(200);
    /// How long a statement runs; zero disables the timeout.
    pub const STATEMENT_TIMEOUT: Duration = Duration::ZERO;
    /// How often a statement that got no lock is tried again.
    pub const LOCK_RETRIES: u32 = 30;
    /// The folder of revisions.
    pub const DIRECTORY: &str = "migrations";
    /// The names of revision files: they sort as the revisions were made.
    pub const NAME: &str = "{date}_{time}_{id}_{slug}";
    /// The namespace of the ledger.
    pub const LEDGER_SCHEMA: &str = "aludel";
}

/// What was typed that the file could have said as well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--url`.
    pub url: Option<String>,
    /// `--dev-url`.
    pub dev_url: Option<String>,
    /// `--dev-disposable`.
    pub dev_disposable: bool,
    /// `--grants`.
    pub grants: bool,
    /// `--database`, each; `all` means all.
    pub databases: Vec<String>,
    /// `-x`, each a name and a value.
    pub variables: Variables,
}

/// Everything that was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The databases to work on; never empty.
    pub databases: Vec<DatabaseSettings>,
    /// The revision files.
    pub migrations: Migrations,
    /// How plans are made.
    pub plan: PlanSettings,
    /// What is set while an index is built.
    pub index_build: IndexBuild,
    /// Where scratch databases live.
    pub dev: Value<DevDatabase>,
    /// What the variables of revisions stand for.
    pub variables: Variables,
    /// Commands that are run on the files of a new revision.
    pub post_write: Value<Vec<String>>,
    /// Which hazards are allowed, and which denied.
    pub review: Review,
    /// Generated code.
    pub codegen: Codegen,
}

/// `[codegen]`; an output that nobody named is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codegen {
    /// The parts of the code for tables that say nothing themselves.
    pub only: Option<BTreeSet<CodePart>>,
    /// Where Rust goes: the file of a module, or its folder.
    pub rust_output: Option<Value<PathBuf>>,
    /// What is said of all Rust code.
    pub rust: RustSettings,
    /// Where Python goes: the folder of a package.
    pub python_output: Option<Value<PathBuf>>,
    /// What is said of all Python code.
    pub python: PythonSettings,
}

/// One database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseSettings {
    /// Its name in the file.
    pub name: Option<String>,
    /// Where it is.
    pub place: Value<DatabasePlace>,
    /// The namespaces that are managed; none means those that the declaration names.
    pub namespaces: Option<Value<Vec<String>>>,
    /// Where names are looked for that people write without a schema.
    pub search_path: Value<SearchPath>,
    /// Whether privileges are compared though the declaration says nothing of them.
    pub grants: Value<bool>,
    /// Globs of what is never compared, alone or with a kind in front.
    pub exclude: Value<Vec<String>>,
    /// Globs of what alone is compared, where there are any.
    pub include: Value<Vec<String>>,
    /// How long a statement waits for a lock.
    pub lock_timeout: Value<Duration>,
    /// How long a statement runs; zero disables the timeout.
    pub statement_timeout: Value<Duration>,
    /// How often a statement that got no lock is tried again.
    pub lock_retries: Value<u32>,
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabasePlace {
    /// On a server.
    Server(Box<Address>),
    /// On the embedded engine, in a folder.
    Embedded(PathBuf),
}

/// Where scratch databases live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DevDatabase {
    /// On the embedded engine.
    Embedded,
    /// On the server that is migrated.
    Target,
    /// On a server of their own.
    Server(Box<Address>),
    /// On a server that has nothing to lose.
    Disposable(Box<Address>),
}

/// `[migrations]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// The folders of the files; the first is where new ones go when nothing else says so.
    pub directories: Value<Vec<PathBuf>>,
    /// The pattern of their names.
    pub name: Value<String>,
    /// The project's own frame around the files: a path from the current folder.
    pub template: Option<Value<PathBuf>>,
    /// The namespace of the ledger.
    pub ledger_schema: Value<String>,
    /// What stands in one transaction.
    pub transaction: Value<Transaction>,
}

/// `[plan]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSettings {
    /// Whether indexes of tables that exist are built and dropped CONCURRENTLY.
    pub online: Value<bool>,
    /// What to do about objects that look renamed.
    pub rename: Value<RenameMode>,
}

/// `[index_build]`; none leaves the server's own setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexBuild {
    /// As PostgreSQL writes it.
    pub maintenance_work_mem: Option<Value<String>>,
    /// Workers beside the session itself.
    pub max_parallel_maintenance_workers: Option<Value<u32>>,
}

/// `[review]`: codes of hazards, as patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What is allowed.
    pub allow: Value<Vec<String>>,
    /// What is denied.
    pub deny: Value<Vec<String>>,
}

/// A setting that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// In the file, at a place.
    #[error("{}", .0.message)]
    File(Diagnostic),
    /// In an argument or a variable.
    #[error("{origin}: {error}")]
    Address {
        /// Which one.
        origin: Origin,
        /// What is wrong.
        error: AddressError,
    },
    /// A name that the file does not have.
    #[error("{FILE_NAME} has no database `{name}`")]
    UnknownDatabase {
        /// As typed.
        name: String,
        /// The nearest one.
        meant: Option<String>,
    },
    /// A named database without a place.
    #[error("database `{name}` has no `url` in {FILE_NAME}")]
    NoUrl {
        /// Its name.
        name: String,
    },
    /// `--url` with more than one database.
    #[error("--url gives one database, but --database several")]
    OneUrlForSeveral,
    /// `--dev-disposable` without the URL of a server.
    #[error("--dev-disposable needs a server, but scratch databases are on {place}")]
    NotDisposable {
        /// Where they are instead.
        place: &'static str,
    },
}

impl ConfigError {
    /// What to do about it. What stands in the file carries its own help.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(_) | Self::OneUrlForSeveral => None,
            Self::NotDisposable { .. } => {
                Some("give the server: --dev-url postgres://…".to_owned())
            }
            Self::Address { error, .. } => error.hint(),
            Self::UnknownDatabase { name, meant } => Some(match meant {
                Some(it) => format!("did you mean `{it}`?"),
                None => format!("add it: [databases.{name}]"),
            }),
            Self::NoUrl { name } => {
                Some(format!("add it: [databases.{name}] url = \"postgres://…\""))
            }
        }
    }
}

impl Settings {
    /// Puts the layers together. Without a file, its text is empty.
    pub fn resolve(
        file: &SourceFile,
        flags: &Flags,
        around: &dyn Surroundings,
    ) -> Result<Self, Vec<ConfigError>> {
        let variables = |name: &str| around.environment(name);
        let beside = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        let file = file::parse(file, &variables)
            .map_err(|it| it.into_iter().map(ConfigError::File).collect::<Vec<_>>())?;
        let layers = layer::Layers { file: &file, flags, around };
        let (mut databases, dev) = match (layers.databases(), layers.dev()) {
            (Ok(databases), Ok(dev)) => (databases, dev),
            (databases, dev) => {
                let errors = databases.err().into_iter().flatten().chain(dev.err());
                return Err(errors.collect());
            }
        };
        if flags.grants {
            let grants = Value { value: true, origin: Origin::Flag("--grants") };
            databases.iter_mut().for_each(|it| it.grants = grants.clone());
        }
        let variables = flags.variables.clone();
        let mut settings = Self { variables, ..file.settings(databases, dev) };
        if let Some(template) = &mut settings.migrations.template {
            template.value = beside.join(&template.value);
        }
        Ok(settings)
    }
}

impl file::File {
    fn settings(self, databases: Vec<DatabaseSettings>, dev: Value<DevDatabase>) -> Settings {
        let text = |it: Option<Value<String>>, default: &str| {
            it.unwrap_or_else(|| Value::default(default.to_owned()))
        };
        let directories = directories(self.migrations.directories);
        Settings {
            databases,
            migrations: Migrations {
                directories,
                name: text(self.migrations.name, defaults::NAME),
                template: self.migrations.template.map(path),
                ledger_schema: text(self.migrations.ledger_schema, defaults::LEDGER_SCHEMA),
                transaction: self
                    .migrations
                    .transaction
                    .unwrap_or_else(|| Value::default(Transaction::PerRevision)),
            },
            plan: PlanSettings {
                online: self.online.unwrap_or_else(|| Value::default(true)),
                rename: self.rename.unwrap_or_else(|| Value::default(RenameMode::Ask)),
            },
            index_build: IndexBuild {
                maintenance_work_mem: self.maintenance_work_mem,
                max_parallel_maintenance_workers: self.max_parallel_maintenance_workers,
            },
            dev,
            variables: Variables::new(),
            post_write: self.post_write.unwrap_or_else(|| Value::default(Vec::new())),
            review: Review {
                allow: self.allow.unwrap_or_else(|| Value::default(Vec::new())),
                deny: self.deny.unwrap_or_else(|| Value::default(Vec::new())),
            },
            codegen: Codegen {
                only: self.only.map(|it| it.value),
                rust_output: self.rust.output.map(path),
                rust: RustSettings {
                    datetime: self.rust.datetime.map(|it| it.value).unwrap_or_default(),
                    derives: self.rust.derives.map(|it| it.value).unwrap_or_default(),
                    embedding_serde: self.rust.embedding_serde.is_some_and(|it| it.value),
                    runtime: self.rust.runtime.map(|it| it.value).unwrap_or_default(),
                },
                python_output: self.python.output.map(path),
                python: PythonSettings {
                    base: self.python.base.map(|it| it.value),
                    embedding: self.python.embedding.map(|it| it.value).unwrap_or_default(),
                    runtime: self.python.runtime.map(|it| it.value).unwrap_or_default(),
                },
            },
        }
    }
}

/// The folders of the files, as they are named, or the one that is used otherwise.
fn directories(named: Option<Value<Vec<String>>>) -> Value<Vec<PathBuf>> {
    match named {
        None => Value::default(vec![PathBuf::from(defaults::DIRECTORY)]),
        Some(Value { value, origin }) => {
            Value { value: value.into_iter().map(PathBuf::from).collect(), origin }
        }
    }
}

/// What a file names, for those who want to name it, too. No address need be right, and no variable set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The folders of revisions.
    pub directories: Vec<PathBuf>,
    /// The names of databases.
    pub databases: Vec<String>,
}

impl Outline {
    /// Reads it. A file with mistakes names nothing.
    #[must_use]
    pub fn read(file: &SourceFile, around: &dyn Surroundings) -> Self {
        let variables = |name: &str| around.environment(name);
        let file = file::parse(file, &variables).unwrap_or_default();
        Self {
            directories: directories(file.migrations.directories).value,
            databases: file.databases.into_keys().collect(),
        }
    }
}

impl Default for Outline {
    fn default() -> Self {
        Self { directories: directories(None).value, databases: Vec::new() }
    }
}

fn path(text: Value<String>) -> Value<PathBuf> {
    Value { value: PathBuf::from(text.value), origin: text.origin }
}

#[cfg(test)]
mod tests;
