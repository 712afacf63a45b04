//! Cases as folders: what goes in, and what must come out.
//!
//! With `ALUDEL_BLESS=1` in the environment, what comes out is written down instead of compared.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the cases below `tests/cases/NAME`, sorted.
pub(crate) fn folders(name: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    let entries = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut folders: Vec<PathBuf> =
        entries.map(|it| it.unwrap().path()).filter(|it| it.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "no cases in {}", root.display());
    folders
}

/// Compares a text with a file of a case; gives back what is to be said if they differ.
pub(crate) fn differs(file: &Path, actual: &str) -> Option<String> {
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == actual {
        return None;
    }
    if std::env::var_os("ALUDEL_BLESS").is_some() {
        fs::write(file, actual).unwrap();
        return None;
    }
    let diff = similar::TextDiff::from_lines(expected.as_str(), actual);
    Some(format!("{}\n{}", file.display(), diff.unified_diff().header("expected", "actual")))
}
