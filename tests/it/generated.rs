//! The schemas of `tests/generated`, and the programs that are run on their code.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Outcome;
use crate::support::TestDatabase;

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/generated");
pub(crate) const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/python");
pub(crate) const VERSIONS: [&str; 2] = ["2.0", "2.1"];

pub(crate) fn aludel(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
    command.args(arguments).current_dir(folder);
    for variable in ["ALUDEL_URL", "DATABASE_URL"] {
        command.env_remove(variable);
    }
    Outcome::of(command)
}

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name)
}

/// A database that has a schema.
pub(crate) fn migrated(name: &str) -> TestDatabase {
    let database = TestDatabase::create(name);
    let sql = aludel(&folder(name), &["diff", "empty", "schema.toml"]).ended(0).stdout;
    database.execute(&sql);
    database
}

pub(crate) fn python(version: &str, packages: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(PYTHON);
    command.arg(version).args(arguments).current_dir(packages).env("PYTHONPATH", packages);
    Outcome::of(command)
}

/// Where the crate in `tests/generated` is compiled.
pub(crate) fn cargo_target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated")
}

/// Runs cargo for the generated code and the runtime, always with the same features: otherwise their dependencies
/// would be compiled once for each command.
pub(crate) fn cargo(
    verb: &str,
    arguments: &[&str],
    databases: &[(&str, &TestDatabase)],
) -> Outcome {
    let mut command = Command::new(env!("CARGO"));
    command.args([verb, "--locked", "--workspace", "--all-features"]);
    command.args(arguments).current_dir(FOLDER).env("CARGO_TARGET_DIR", cargo_target());
    command.env("RUSTDOCFLAGS", "-D warnings");
    for (variable, database) in databases {
        command.env(variable, database.url());
    }
    Outcome::of(command)
}
