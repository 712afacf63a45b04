//! Directories that aludel does not manage: their files in the order in which other tools run them.

use std::path::{Path, PathBuf};

use crate::revision::file::TransactionMode;
use crate::sql_text::lines;

use super::super::failure::Failure;

/// Lines behind which a file has what reverts it: dbmate, goose, sql-migrate, MyBatis.
const DOWN: [&str; 5] =
    ["-- migrate:down", "-- +goose down", "-- +migrate down", "-- //@undo", "--//@undo"];

/// Lines that want no transaction: dbmate, goose, sql-migrate, SQLx.
const NO_TRANSACTION: [&str; 4] = [
    "-- migrate:up transaction:false",
    "-- +goose no transaction",
    "-- +migrate up notransaction",
    "-- no-transaction",
];

/// Ends of names of files that revert others: golang-migrate, SQLx, node-pg-migrate, Diesel.
const REVERTS: [&str; 5] = [".down.sql", "_down.sql", "-down.sql", ".undo.sql", ".revert.sql"];

/// The files of a directory.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Those that run upwards, each with its text and which transactions it wants.
    pub(super) wanted: Vec<(PathBuf, String, TransactionMode)>,
    /// The names of those that revert others.
    pub(super) skipped: Vec<String>,
}

/// The SQL files of a directory and of those in it, by their names.
pub(super) fn files_of(folder: &Path) -> Result<Files, Failure> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort_by_cached_key(|it| order(it.strip_prefix(folder).unwrap_or(it)));
    let mut files = Files::default();
    for path in paths {
        if reverts(&path) {
            let name = path.strip_prefix(folder).unwrap_or(&path);
            files.skipped.push(name.display().to_string());
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|it| unreadable(&path, &it))?;
        let (text, mode) = up_part(&text);
        files.wanted.push((path, text, mode));
    }
    Ok(files)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|it| unreadable(folder, &it))?;
    for entry in entries {
        let entry = entry.map_err(|it| unreadable(folder, &it))?;
        let (path, kind) = (entry.path(), entry.file_type());
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link may lead anywhere, also back here.
        if kind.is_ok_and(|it| it.is_dir()) && !is_hidden {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("sql")) {
            paths.push(path);
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot read `{}`: {error}", path.display()))
}

/// Names are ordered with their numbers as numbers, so that `V10` comes after `V9`; what Flyway repeats comes last.
fn order(path: &Path) -> (bool, Vec<(String, u128)>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_repeated = name.starts_with("R__");
    let mut parts = vec![(String::new(), 0_u128)];
    let mut in_number = false;
    for it in path.to_string_lossy().chars() {
        match it.to_digit(10) {
            Some(digit) => {
                let number = &mut parts.last_mut().expect("there is one").1;
                *number = number.saturating_mul(10).saturating_add(digit.into());
                in_number = true;
            }
            None => {
                if std::mem::take(&mut in_number) {
                    parts.push((String::new(), 0));
                }
                parts.last_mut().expect("there is one").0.push(it);
            }
        }
    }
    (is_repeated, parts)
}

fn reverts(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_undo = name
        .strip_prefix('u')
        .is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()) && it.contains("__"));
    is_undo
        || matches!(name.as_str(), "down.sql" | "revert.sql")
        || REVERTS.iter().any(|it| name.ends_with(it))
}

/// A file without what reverts it.
fn up_part(text: &str) -> (String, TransactionMode) {
    let (mut up, mut mode) = (String::new(), TransactionMode::Usual);
    for line in lines(text) {
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if DOWN.iter().any(|it| words.starts_with(it)) {
            break;
        }
        if NO_TRANSACTION.iter().any(|it| words.starts_with(it)) {
            mode = TransactionMode::None;
        }
        up.push_str(line);
    }
    (up, mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_by_their_numbers() {
        let mut names =
            ["V10__b.sql", "R__a.sql", "V9__c.sql", "20240102_x/migration.sql", "001.sql"];
        names.sort_by_cached_key(|it| order(Path::new(it)));
        let expected =
            ["001.sql", "20240102_x/migration.sql", "V9__c.sql", "V10__b.sql", "R__a.sql"];
        assert_eq!(names, expected);
    }

    #[test]
    fn what_reverts_is_left_out() {
        let left = ["1_a.down.sql", "x/down.sql", "U2__x.sql", "a_down.sql"];
        assert!(left.iter().all(|it| reverts(Path::new(it))));
        let kept = ["1_a.up.sql", "users.sql", "up.sql", "u2.sql", "breakdown.sql"];
        assert!(!kept.iter().any(|it| reverts(Path::new(it))));
    }

    #[test]
    fn a_file_may_contain_its_downgrade() {
        let (up, mode) = up_part("-- migrate:up transaction:false\na;\n\n--  migrate:down\nb;\n");
        assert_eq!(
            (up.as_str(), mode),
            ("-- migrate:up transaction:false\na;\n\n", TransactionMode::None)
        );
        assert_eq!(up_part("a;\n-- +goose Down\nb").0, "a;\n");
        assert_eq!(up_part("a").1, TransactionMode::Usual);
    }
}
