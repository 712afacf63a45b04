//! The files of a declaration: the one that the user gives, and those named in its text.
//!
//! A text can be untrusted, so the files that it names must be regular files of limited size inside
//! of the project directory.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::diagnostic::SourceFile;
use crate::schema_toml;

use super::WorkspaceError;
use super::declare::Declared;

/// The bytes that a file of a declaration may have.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a declaration with the files that it includes.
///
/// # Errors
/// Every mistake in them.
pub fn read_declaration(path: &Path) -> Result<Declared, WorkspaceError> {
    understand(declaration_files(path)?)
}

/// What the texts of a declaration declare.
///
/// # Errors
/// Every mistake in them.
pub fn understand(files: Vec<SourceFile>) -> Result<Declared, WorkspaceError> {
    match schema_toml::parse(&files) {
        Ok(declaration) => Ok(Declared { declaration, files }),
        Err(diagnostics) => Err(WorkspaceError::Declaration { diagnostics, files }),
    }
}

/// The texts of a declaration: the file itself, then those that it includes, then the SQL files that
/// it names. Of those, one that is not there is reported at the place that names it.
///
/// # Errors
/// A file that cannot be read, or leads out of the project's folder, or an `include` that is no
/// pattern.
pub fn declaration_files(path: &Path) -> Result<Vec<SourceFile>, WorkspaceError> {
    let mut files = vec![source(path, read(path))?];
    let patterns = match schema_toml::includes(&files[0]) {
        Ok(patterns) => patterns,
        Err(diagnostics) => return Err(WorkspaceError::Declaration { diagnostics, files }),
    };
    for pattern in patterns {
        for included in included(path, &pattern)? {
            files.push(source(&included, read_inside(path, &included))?);
        }
    }
    for named in schema_toml::sql_files(&files) {
        let named = PathBuf::from(named);
        if named.exists() {
            files.push(source(&named, read_inside(path, &named))?);
        }
    }
    Ok(files)
}

fn source(path: &Path, text: std::io::Result<String>) -> Result<SourceFile, WorkspaceError> {
    match text {
        Ok(text) => Ok(SourceFile::new(path.display().to_string(), text)),
        Err(source) => Err(WorkspaceError::Read { path: path.to_owned(), source }),
    }
}

/// Reads what a text names.
fn read_inside(main: &Path, path: &Path) -> std::io::Result<String> {
    let whole = path.canonicalize()?;
    if !whole.starts_with(project_folder(main)?) {
        return Err(std::io::Error::other("it is outside of the project directory"));
    }
    if !whole.metadata()?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    read(path)
}

/// Where commands are run, if the declaration is below that, and else where it stands itself.
fn project_folder(main: &Path) -> std::io::Result<PathBuf> {
    let here = std::env::current_dir()?.canonicalize()?;
    let main = main.canonicalize()?;
    let own = main.parent().unwrap_or(Path::new("/"));
    Ok(if main.starts_with(&here) { here } else { own.to_owned() })
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        let limit = MAX_BYTES / 1024 / 1024;
        return Err(std::io::Error::other(format!("it is larger than {limit} MiB")));
    }
    Ok(text)
}

/// The files that a pattern names, relative to the file that includes them, sorted.
fn included(main: &Path, pattern: &str) -> Result<Vec<PathBuf>, WorkspaceError> {
    let folder = main.parent().unwrap_or(Path::new(""));
    let whole = folder.join(pattern).display().to_string();
    let refused = |reason: String| WorkspaceError::Include { pattern: pattern.to_owned(), reason };
    let paths = glob::glob(&whole).map_err(|error| refused(error.to_string()))?;
    let found: Vec<PathBuf> =
        paths.collect::<Result<_, _>>().map_err(|error| refused(error.to_string()))?;
    if found.is_empty() {
        return Err(refused("it is not a file name".to_owned()));
    }
    Ok(found)
}
