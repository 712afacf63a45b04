//! Generated code on disk: compared with the existing files, and written.
//!
//! In: the files in memory that [`crate::codegen`] generated, and their directory. Only files with
//! the mark of the generator are overwritten or removed, and only if their text changes.
//! [`generate`] does all of it, for build scripts.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::codegen::{self, CodegenError, CodegenWarning, Generated, GeneratedFile, MARK};
use crate::config::{Codegen, ConfigError, FILE_NAME, Flags, Settings};
use crate::connection::surroundings::Process;
use crate::diagnostic::SourceFile;
use crate::model::Schema;
use crate::model::code_hints::CodeHints;
use crate::workspace::{Declared, Loaded, Source, Workspace, WorkspaceError};

/// A language that code is generated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// tokio-postgres, deadpool-postgres and pgvector.
    Rust,
    /// SQLAlchemy, asyncpg, pgvector and Pydantic.
    Python,
}

impl Language {
    /// As people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Rust => "rs",
            Self::Python => "py",
        }
    }
}

/// A file on disk beside what was generated for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState {
    /// Where it is.
    pub path: PathBuf,
    /// What is generated; none for a file that no longer is.
    pub generated: Option<String>,
    /// What is there.
    pub found: Option<String>,
}

impl FileState {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.generated == self.found
    }

    /// Whether it was generated, or is not there yet.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.found.as_deref().is_none_or(is_marked)
    }

    /// What would change, as `diff -u` shows it.
    #[must_use]
    pub fn difference(&self) -> String {
        let old = self.found.as_deref().unwrap_or_default();
        let new = self.generated.as_deref().unwrap_or_default();
        let path = self.path.display().to_string();
        let (from, to) = (format!("{path} (on disk)"), format!("{path} (generated)"));
        TextDiff::from_lines(old, new)
            .unified_diff()
            .context_radius(3)
            .header(&from, &to)
            .to_string()
    }
}

/// What keeps code from being generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The settings are wrong.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Settings(Vec<ConfigError>),
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] WorkspaceError),
    /// There is no code for the tables.
    #[error("{}", .0.iter().map(|it| format!("{it} ({})", it.help)).collect::<Vec<_>>().join("; "))]
    Code(Vec<CodegenError>),
    /// Files would be overwritten that were not generated.
    #[error("not overwritten, because aludel did not generate it: {}", shown(.0))]
    Foreign(Vec<PathBuf>),
    /// A file cannot be read or written.
    #[error("`{}`: {error}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No runtime for the engine.
    #[error("no runtime: {0}")]
    Runtime(io::Error),
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|it| format!("`{}`", it.display())).collect::<Vec<_>>().join(", ")
}

/// What the generator is told of a source: its tables, and what the declaration says of code. Columns
/// that the declaration has come in its order, whatever order the source has them in, so that a
/// database and its declaration give the same code.
#[must_use]
pub fn told(loaded: &Loaded, declared: Option<&Declared>) -> (Schema, CodeHints) {
    let mut schema = loaded.snapshot.schema.clone();
    let Some(declaration) = declared.map(|it| &it.declaration) else {
        return (schema, CodeHints::default());
    };
    schema.arrange_columns(&declaration.schema);
    (schema, declaration.code.clone())
}

/// The code of a schema in a language.
///
/// # Errors
/// Every reason why there is none.
pub fn code(
    schema: &Schema,
    hints: &CodeHints,
    language: Language,
    settings: &Codegen,
) -> Result<Generated, Vec<CodegenError>> {
    let hints = CodeHints { only: settings.only.clone(), ..hints.clone() };
    match language {
        Language::Rust => codegen::rust(schema, &hints, &settings.rust),
        Language::Python => codegen::python(schema, &hints, &settings.python),
    }
}

/// The files of a language beside those on disk: what was generated first, then what is left over.
///
/// # Errors
/// Where a file cannot be read.
pub fn compare(
    generated: &Generated,
    language: Language,
    output: &Path,
) -> Result<Vec<FileState>, GenerateError> {
    let places = Places::new(language, output);
    let mut states = Vec::new();
    for file in &generated.files {
        let path = places.of(file);
        let found = read(&path)?;
        states.push(FileState { path, generated: Some(file.text.clone()), found });
    }
    let known: BTreeSet<PathBuf> = states.iter().map(|it| it.path.clone()).collect();
    for path in places.siblings()? {
        if known.contains(&path) {
            continue;
        }
        let found = read(&path)?.filter(|it| is_marked(it));
        states.extend(found.map(|it| FileState { path, generated: None, found: Some(it) }));
    }
    Ok(states)
}

/// Writes what has changed; all of it is looked at before the first file is touched. Leftovers are
/// removed with `prune`, and other people's files overwritten with `force`.
///
/// # Errors
/// Where files would be overwritten that were not generated, or a file cannot be written.
pub fn write<'s>(
    states: impl Iterator<Item = &'s FileState> + Clone,
    force: bool,
    prune: bool,
) -> Result<(), GenerateError> {
    let foreign: Vec<PathBuf> = states
        .clone()
        .filter(|it| !it.is_ours() && !it.is_current())
        .map(|it| it.path.clone())
        .collect();
    if !force && !foreign.is_empty() {
        return Err(GenerateError::Foreign(foreign));
    }
    for state in states.filter(|it| !it.is_current()) {
        let failed = |error| GenerateError::File { path: state.path.clone(), error };
        match &state.generated {
            Some(text) => {
                let folder = state.path.parent().unwrap_or(Path::new(""));
                std::fs::create_dir_all(folder).map_err(failed)?;
                replace(&state.path, text).map_err(failed)?;
            }
            None if prune => {
                std::fs::remove_file(&state.path).map_err(failed)?;
                // The directory of the runtime, if nothing is left in it.
                if let Some(folder) = state.path.parent().filter(|it| it.ends_with("support")) {
                    let _ = std::fs::remove_dir(folder);
                }
            }
            None => {}
        }
    }
    Ok(())
}

/// Generates code from a declaration and writes it, for build scripts: with the settings of
/// `aludel.toml`, and the embedded engine unless they say another.
///
/// # Errors
/// Everything that keeps the code from being generated.
pub fn generate(
    declaration: &Path,
    language: Language,
    output: &Path,
) -> Result<Vec<CodegenWarning>, GenerateError> {
    let text = read(Path::new(FILE_NAME))?.unwrap_or_default();
    let file = SourceFile::new(FILE_NAME, text);
    let settings =
        Settings::resolve(&file, &Flags::default(), &Process).map_err(GenerateError::Settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(GenerateError::Runtime)?;
    let workspace = Workspace::new(settings, declaration);
    let loaded = runtime.block_on(workspace.load(&Source::Declaration(declaration.to_owned())))?;
    let (schema, hints) = told(&loaded, loaded.declared.as_ref());
    let settings = &workspace.settings().codegen;
    let generated = code(&schema, &hints, language, settings).map_err(GenerateError::Code)?;
    write(compare(&generated, language, output)?.iter(), false, true)?;
    Ok(generated.warnings)
}

/// Where the files of a language go.
struct Places {
    language: Language,
    /// The file of the index, and the folder of the others.
    index: PathBuf,
    folder: PathBuf,
}

impl Places {
    /// A Rust module can be `schema.rs` with the folder `schema` beside it.
    fn new(language: Language, output: &Path) -> Self {
        let is_file = output.extension().is_some_and(|it| it == language.extension());
        match (language, is_file) {
            (Language::Rust, true) => {
                let folder = output.with_extension("");
                Self { language, index: output.to_owned(), folder }
            }
            (Language::Rust, false) => {
                Self { language, index: output.join("mod.rs"), folder: output.to_owned() }
            }
            (Language::Python, _) => {
                Self { language, index: output.join("__init__.py"), folder: output.to_owned() }
            }
        }
    }

    fn of(&self, file: &GeneratedFile) -> PathBuf {
        match file.name.as_str() {
            "mod.rs" | "__init__.py" => self.index.clone(),
            name => self.folder.join(name),
        }
    }

    /// The files of the language in the folder and in that of `support`, sorted.
    fn siblings(&self) -> Result<Vec<PathBuf>, GenerateError> {
        let mut paths = Vec::new();
        for folder in [self.folder.clone(), self.folder.join("support")] {
            let failed = |error| GenerateError::File { path: folder.clone(), error };
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) =>
                {
                    continue;
                }
                Err(error) => return Err(failed(error)),
            };
            for entry in entries {
                let path = entry.map_err(failed)?.path();
                let is_code = path.extension().is_some_and(|it| it == self.language.extension());
                paths.extend((is_code && path.is_file()).then_some(path));
            }
        }
        paths.sort();
        Ok(paths)
    }
}

fn is_marked(text: &str) -> bool {
    text.lines().next().is_some_and(|it| it.contains(MARK))
}

/// The text of a file, none where there is no file.
fn read(path: &Path) -> Result<Option<String>, GenerateError> {
    match std::fs::read(path) {
        // What is no text was not generated, and is compared all the same.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(GenerateError::File { path: path.to_owned(), error }),
    }
}

/// Writes a file whole or not at all. A link stays a link, and a device a device.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if place.exists() && !place.is_file() {
        return std::fs::write(&place, text);
    }
    let mut temporary = place.as_os_str().to_owned();
    temporary.push(".new");
    std::fs::write(&temporary, text)?;
    std::fs::rename(&temporary, &place)
}
