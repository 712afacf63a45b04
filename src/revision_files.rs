//! The directory of revisions on disk: read completely, written one revision at a time.
//!
//! A reader sees a revision completely or not at all: the down file is written before the up file,
//! and a down file alone is not a revision.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::revision::file::{DOWN_SUFFIX, Header, HeaderError, UP_SUFFIX, file_stem};
use crate::revision::graph::{Graph, GraphError};
use crate::revision::{Revision, SqlFile};

/// Why a folder of revisions cannot be read.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The operating system refused.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Its reason.
        source: io::Error,
    },
    /// A file that is not UTF-8.
    #[error("{}: not UTF-8", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
    },
    /// A mistake in a header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A down file without its up file.
    #[error("{}: its up file is missing", path.display())]
    Orphan {
        /// The down file.
        path: PathBuf,
    },
    /// Files that contradict each other.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// Why a revision was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A file of that name is there already.
    #[error("{} already exists", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Its reason.
        source: io::Error,
    },
}

/// Reads all revisions of some folders. A folder that does not exist holds none; one that is named
/// twice is read once.
///
/// # Errors
/// Everything that is wrong with the files, all at once.
pub fn load<P: AsRef<Path>>(folders: &[P]) -> Result<Graph, Vec<LoadError>> {
    let mut errors = Vec::new();
    let mut revisions = Vec::new();
    let mut seen = BTreeSet::new();
    for folder in folders {
        let folder = folder.as_ref();
        if !seen.insert(fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())) {
            continue;
        }
        let files = match list(folder) {
            Ok(files) => files,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        for (stem, found) in files {
            match found.read(&folder.join(stem)) {
                Ok(revision) => revisions.push(revision),
                Err(mistakes) => errors.extend(mistakes),
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Graph::new(revisions).map_err(|it| it.into_iter().map(LoadError::Graph).collect())
}

/// Puts revisions together from the names and texts of their files.
///
/// # Errors
/// Everything that is wrong with them, all at once.
pub fn from_texts(files: &[(&str, &str)]) -> Result<Graph, Vec<LoadError>> {
    let (mut revisions, mut errors) = (Vec::new(), Vec::new());
    let file = |(name, text): &(&str, &str)| SqlFile {
        path: PathBuf::from(*name),
        text: (*text).to_owned(),
    };
    let named = |name: &str| files.iter().find(|it| it.0 == name).map(file);
    for (name, text) in files {
        let path = PathBuf::from(*name);
        if let Some(stem) = name.strip_suffix(DOWN_SUFFIX) {
            if named(&format!("{stem}{UP_SUFFIX}")).is_none() {
                errors.push(LoadError::Orphan { path });
            }
        } else if let Some(stem) = name.strip_suffix(UP_SUFFIX) {
            let down = named(&format!("{stem}{DOWN_SUFFIX}"));
            match Header::parse(&path, text) {
                Ok(header) => revisions.push(Revision { header, up: file(&(name, text)), down }),
                Err(mistakes) => errors.extend(mistakes.into_iter().map(LoadError::Header)),
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Graph::new(revisions).map_err(|it| it.into_iter().map(LoadError::Graph).collect())
}

/// Which of its two files a revision has.
#[derive(Default)]
struct Found {
    up: bool,
    down: bool,
}

impl Found {
    fn read(&self, stem: &Path) -> Result<Revision, Vec<LoadError>> {
        let (up, down) = (with_suffix(stem, UP_SUFFIX), with_suffix(stem, DOWN_SUFFIX));
        if !self.up {
            return Err(vec![LoadError::Orphan { path: down }]);
        }
        let up = read(up).map_err(|it| vec![it])?;
        let down = self.down.then(|| read(down)).transpose().map_err(|it| vec![it])?;
        let header = Header::parse(&up.path, &up.text)
            .map_err(|it| it.into_iter().map(LoadError::Header).collect::<Vec<_>>())?;
        Ok(Revision { header, up, down })
    }
}

/// The files of a folder by their common names, sorted.
fn list(folder: &Path) -> Result<BTreeMap<String, Found>, LoadError> {
    let refused = |source| LoadError::Read { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.map_err(refused)?,
    };
    let mut files: BTreeMap<String, Found> = BTreeMap::new();
    for entry in entries {
        let name = entry.map_err(refused)?.file_name();
        let Some(name) = name.to_str().filter(|it| !it.starts_with('.')) else { continue };
        if let Some(stem) = name.strip_suffix(UP_SUFFIX) {
            files.entry(stem.to_owned()).or_default().up = true;
        } else if let Some(stem) = name.strip_suffix(DOWN_SUFFIX) {
            files.entry(stem.to_owned()).or_default().down = true;
        }
    }
    Ok(files)
}

fn read(path: PathBuf) -> Result<SqlFile, LoadError> {
    match fs::read(&path) {
        Err(source) => Err(LoadError::Read { path, source }),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(SqlFile { path, text }),
            Err(_) => Err(LoadError::Encoding { path }),
        },
    }
}

/// Where the files of a new revision go, from the template of their names.
#[must_use]
pub fn paths(folder: &Path, template: &str, header: &Header) -> (PathBuf, PathBuf) {
    let stem = folder.join(file_stem(template, header));
    (with_suffix(&stem, UP_SUFFIX), with_suffix(&stem, DOWN_SUFFIX))
}

/// Writes the files of a new revision, the folder too where there is none. Nothing that exists is
/// overwritten, and what fails midway leaves nothing.
///
/// # Errors
/// When a file is there already, or the disk refuses.
pub fn write(revision: &Revision) -> Result<(), WriteError> {
    let files: Vec<_> = revision.down.iter().chain([&revision.up]).collect();
    if let Some(it) = files.iter().find(|it| it.path.exists()) {
        return Err(WriteError::Exists { path: it.path.clone() });
    }
    let mut placed: Vec<&Path> = Vec::new();
    for file in files {
        if let Err(error) = place(file) {
            for path in placed {
                // The first error is the one to tell; what cannot be reverted is no revision.
                let _ = fs::remove_file(path);
            }
            return Err(error);
        }
        placed.push(&file.path);
    }
    Ok(())
}

/// Writes the files of several new revisions, all or none.
///
/// # Errors
/// When a file is there already, or the disk refuses.
pub fn write_all(revisions: &[Revision]) -> Result<(), WriteError> {
    let files = || revisions.iter().flat_map(|it| it.down.iter().chain([&it.up]));
    if let Some(it) = files().find(|it| it.path.exists()) {
        return Err(WriteError::Exists { path: it.path.clone() });
    }
    for (at, revision) in revisions.iter().enumerate() {
        if let Err(error) = write(revision) {
            for file in revisions[..at].iter().flat_map(|it| it.down.iter().chain([&it.up])) {
                // The first error is the one to tell.
                let _ = fs::remove_file(&file.path);
            }
            return Err(error);
        }
    }
    Ok(())
}

/// Writes the files of revisions over those that are there.
///
/// # Errors
/// When the disk refuses.
pub fn replace_all(revisions: &[Revision]) -> Result<(), WriteError> {
    revisions.iter().flat_map(|it| it.down.iter().chain([&it.up])).try_for_each(place)
}

/// Removes the files of revisions, but those that another one has written.
///
/// # Errors
/// When the disk refuses.
pub fn remove(revisions: &[&Revision], kept: &Revision) -> Result<(), WriteError> {
    let kept: Vec<&Path> = kept.down.iter().chain([&kept.up]).map(|it| it.path.as_path()).collect();
    for file in revisions.iter().flat_map(|it| [&it.up].into_iter().chain(&it.down)) {
        if !kept.contains(&file.path.as_path()) {
            let failed = |source| WriteError::Write { path: file.path.clone(), source };
            fs::remove_file(&file.path).map_err(failed)?;
        }
    }
    Ok(())
}

/// Writes a file under a hidden name, then gives it its own.
fn place(file: &SqlFile) -> Result<(), WriteError> {
    let refused = |source| WriteError::Write { path: file.path.clone(), source };
    let folder = file.path.parent().unwrap_or(Path::new("."));
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let hidden = folder.join(format!(".{name}.tmp"));
    fs::create_dir_all(folder).map_err(refused)?;
    let written = write_synced(&hidden, &file.text).and_then(|()| fs::rename(&hidden, &file.path));
    if written.is_err() {
        let _ = fs::remove_file(&hidden);
    }
    written.map_err(refused)
}

fn write_synced(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()
}

fn with_suffix(stem: &Path, suffix: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(folder: &Path, id: &str, parent: &str) -> Revision {
        let text = format!("-- Revision: {id}\n-- Revises: {parent}\n-- Message: It's {id}\n");
        let header = Header::parse(folder, &text).unwrap();
        let (up, down) = paths(folder, "{date}_{id}_{slug}", &header);
        Revision {
            header,
            up: SqlFile { path: up, text },
            down: Some(SqlFile { path: down, text: "select 1;\n".into() }),
        }
    }

    #[test]
    fn reads_what_it_writes() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("migrations");
        assert!(load(&[&folder]).unwrap().is_empty());
        let (a, mut b) = (revision(&folder, "a", ""), revision(&folder, "b", "a"));
        b.down = None;
        write(&a).unwrap();
        write(&b).unwrap();
        assert_eq!(load(&[&folder]).unwrap(), Graph::new([a.clone(), b]).unwrap());
        assert!(matches!(write(&a), Err(WriteError::Exists { .. })));
        let mut names: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(
            names,
            ["00000000_a_it_s_a.down.sql", "00000000_a_it_s_a.up.sql", "00000000_b_it_s_b.up.sql",]
        );
    }

    #[test]
    fn half_a_revision_is_never_left() {
        let root = tempfile::tempdir().unwrap();
        let mut it = revision(root.path(), "a", "");
        it.up.path = root.path().join(format!("{}.up.sql", "x".repeat(300)));
        assert!(matches!(write(&it), Err(WriteError::Write { .. })));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn mistakes_are_told_together() {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("a.up.sql", "-- Revision: head\n"),
            ("b.down.sql", ""),
            ("c.up.sql", "select 1"),
            (".d.up.sql", "hidden"),
            ("readme.md", "other"),
        ] {
            fs::write(root.path().join(name), text).unwrap();
        }
        fs::write(root.path().join("e.up.sql"), [0xff]).unwrap();
        let prefix = format!("{}/", root.path().display());
        let shown: Vec<_> = load(&[root.path()])
            .unwrap_err()
            .iter()
            .map(|it| it.to_string().replace(&prefix, ""))
            .collect();
        assert_eq!(
            shown,
            [
                "a.up.sql:1: `head` cannot be a revision id: it is a reserved name",
                "b.down.sql: its up file is missing",
                "c.up.sql:1: the header has no line `-- Revision: ID`",
                "e.up.sql: not UTF-8",
            ]
        );
    }
}
