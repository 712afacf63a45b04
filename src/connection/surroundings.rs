//! The environment variables and files that libpq reads.
//!
//! Parsing takes them as an argument, so that a test can provide its own.

use std::path::{Path, PathBuf};

/// Variables that hold the user's name.
const USER_VARIABLES: &[&str] = &["USER", "LOGNAME", "USERNAME"];

/// The variables and files around a process.
pub trait Surroundings {
    /// An environment variable as it stands, which may be empty.
    fn environment(&self, name: &str) -> Option<String>;

    /// An environment variable; unset and empty are the same, as for libpq's own.
    fn variable(&self, name: &str) -> Option<String> {
        self.environment(name).filter(|it| !it.is_empty())
    }

    /// A text file, if it is there.
    fn read(&self, path: &Path) -> Option<FoundFile>;

    /// Whether a file (or socket) is there.
    fn exists(&self, path: &Path) -> bool;

    /// The home directory of the user.
    fn home(&self) -> Option<PathBuf>;

    /// The user's name at the operating system.
    fn user_name(&self) -> Option<String>;
}

/// A file that was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Its text.
    pub text: String,
    /// Whether it is a plain file that group and others have no rights on.
    pub private: bool,
}

/// The surroundings of this very process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Process;

impl Surroundings for Process {
    fn environment(&self, name: &str) -> Option<String> {
        // What is not UTF-8 is there all the same, and must not count as unset.
        std::env::var_os(name).map(|it| it.to_string_lossy().into_owned())
    }

    fn read(&self, path: &Path) -> Option<FoundFile> {
        let text = std::fs::read_to_string(path).ok()?;
        Some(FoundFile { text, private: is_private(path) })
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|it| !it.as_os_str().is_empty())
    }

    fn user_name(&self) -> Option<String> {
        USER_VARIABLES.iter().find_map(|it| self.variable(it)).or_else(user_of_process)
    }
}

/// Who runs the process, for containers, which often leave the variables out.
#[cfg(unix)]
fn user_of_process() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    name_of_user(std::fs::metadata("/proc/self").ok()?.uid())
}

/// The name of a user of this machine.
#[cfg(unix)]
pub(super) fn name_of_user(uid: u32) -> Option<String> {
    let uid = uid.to_string();
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut lines = users.lines().map(|it| it.split(':'));
    lines.find_map(|mut fields| {
        let name = fields.next()?;
        (fields.nth(1) == Some(uid.as_str())).then(|| name.to_owned())
    })
}

#[cfg(not(unix))]
fn user_of_process() -> Option<String> {
    None
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_path: &Path) -> bool {
    true
}

/// Nothing but what a test puts in.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Imagined {
    pub(crate) variables: std::collections::BTreeMap<String, String>,
    pub(crate) files: std::collections::BTreeMap<PathBuf, FoundFile>,
}

#[cfg(test)]
impl Imagined {
    /// Lines of `NAME=value`.
    pub(crate) fn variables(text: &str) -> Self {
        let variables = text.split_whitespace().filter_map(|it| it.split_once('='));
        Self {
            variables: variables.map(|(name, value)| (name.into(), value.into())).collect(),
            ..Self::default()
        }
    }

    /// Adds a file.
    pub(crate) fn file(mut self, path: &str, text: &str, private: bool) -> Self {
        self.files.insert(path.into(), FoundFile { text: text.into(), private });
        self
    }
}

#[cfg(test)]
impl Surroundings for Imagined {
    fn environment(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn read(&self, path: &Path) -> Option<FoundFile> {
        self.files.get(path).cloned()
    }

    fn exists(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    fn home(&self) -> Option<PathBuf> {
        Some("/home/ada".into())
    }

    fn user_name(&self) -> Option<String> {
        self.variable("USER")
    }
}
