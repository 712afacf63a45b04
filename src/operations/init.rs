//! A new project: its files, as templates.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::failure::Failure;

const CONFIGURATION: &str = include_str!("../../templates/aludel.toml");
const DECLARATION: &str = include_str!("../../templates/schema.toml");

/// What the template says of extensions where nobody provides them.
const EXTENSIONS: &str = "[extensions]\nvector = \"*\"\n";

/// What version control leaves out.
const IGNORED: &str = ".aludel/";
const IGNORE_FILE: &str = ".gitignore";

/// Who runs the database, and has made a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Supabase.
    Supabase,
    /// Amazon RDS and Aurora.
    Rds,
    /// Google Cloud SQL and AlloyDB.
    CloudSql,
    /// Azure Database for PostgreSQL.
    Azure,
    /// Neon.
    Neon,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Supabase, Self::Rds, Self::CloudSql, Self::Azure, Self::Neon];
}

/// The files of a new project, by their paths.
#[derive(Debug, Default, Serialize)]
pub struct InitReport {
    /// What was not there.
    pub created: Vec<String>,
    /// A .gitignore that has got a line.
    pub changed: Vec<String>,
    /// What was there, and stays as it was.
    pub kept: Vec<String>,
}

/// Creates aludel.toml, schema.toml and the directory of revisions, and tells git what to leave out. What is there stays
/// as it is.
///
/// # Errors
/// When a file cannot be written.
pub fn init(folder: &Path, platform: Option<Platform>) -> Result<InitReport, Failure> {
    // Names in the current folder are shown without `./`.
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    let mut report = InitReport::default();
    place_folder(&folder.join("migrations"), &mut report)?;
    place(&folder.join("aludel.toml"), CONFIGURATION, &mut report)?;
    place(&folder.join("schema.toml"), &declaration(platform), &mut report)?;
    ignore(&folder.join(IGNORE_FILE), &mut report)?;
    Ok(report)
}

/// Whether a declaration is as [`init`] has written it, or declares nothing: nobody misses it.
pub(super) fn is_template(text: &str) -> bool {
    let lines = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let says = |it: &str| !it.trim().is_empty() && !it.trim_start().starts_with('#');
    let platforms = Platform::ALL.into_iter().map(Some).chain([None]);
    !text.lines().any(says)
        || platforms.into_iter().any(|it| lines(&declaration(it)) == lines(text))
}

/// Creates a directory, unless it exists.
fn place_folder(path: &Path, report: &mut InitReport) -> Result<(), Failure> {
    if !path.is_dir() {
        fs::create_dir_all(path).map_err(|it| Failure::unwritable(path, &it))?;
        report.created.push(format!("{}/", path.display()));
    }
    Ok(())
}

/// Writes a file that is not there yet.
fn place(path: &Path, text: &str, report: &mut InitReport) -> Result<(), Failure> {
    let name = path.display().to_string();
    if path.exists() {
        report.kept.push(name);
        return Ok(());
    }
    fs::write(path, text).map_err(|it| Failure::unwritable(path, &it))?;
    report.created.push(name);
    Ok(())
}

/// Has git leave out the embedded database and the cache, unless the file speaks of them already.
fn ignore(path: &Path, report: &mut InitReport) -> Result<(), Failure> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return place(path, &format!("{IGNORED}\n"), report);
        }
        Err(error) => return Err(Failure::unwritable(path, &error)),
    };
    let name = path.display().to_string();
    // Its other lines may be in any encoding, and stay as they are.
    let text = String::from_utf8_lossy(&bytes);
    if text.lines().any(speaks_of_ours) {
        report.kept.push(name);
        return Ok(());
    }
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let file = fs::OpenOptions::new().append(true).open(path);
    file.and_then(|mut it| it.write_all(format!("{end}{IGNORED}\n").as_bytes()))
        .map_err(|it| Failure::unwritable(path, &it))?;
    report.changed.push(name);
    Ok(())
}

/// Whether a line of a .gitignore is about the folder of aludel beside it, be it to keep it.
fn speaks_of_ours(line: &str) -> bool {
    let pattern = line.trim().trim_start_matches('!');
    let pattern = pattern.strip_prefix("**/").unwrap_or(pattern).trim_start_matches('/');
    let name = pattern.split('/').next().unwrap_or(pattern);
    name == ".aludel"
}

/// A declaration to start from, which says what the platform provides.
fn declaration(platform: Option<Platform>) -> String {
    let provided = match platform {
        None => EXTENSIONS,
        Some(Platform::Supabase) => include_str!("../../templates/platforms/supabase.toml"),
        Some(Platform::Rds) => include_str!("../../templates/platforms/rds.toml"),
        Some(Platform::CloudSql) => include_str!("../../templates/platforms/cloud-sql.toml"),
        Some(Platform::Azure) => include_str!("../../templates/platforms/azure.toml"),
        Some(Platform::Neon) => include_str!("../../templates/platforms/neon.toml"),
    };
    DECLARATION.replacen(EXTENSIONS, provided, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_about_the_folder() {
        for line in [
            ".aludel",
            ".aludel/",
            "/.aludel/",
            "**/.aludel",
            ".aludel/db",
            "!/.aludel/",
            ".aludel/*\r",
        ] {
            assert!(speaks_of_ours(line), "{line}");
        }
        for line in ["", "# .aludel", "aludel", ".aludel2/", "app/.aludel/", "*.log"] {
            assert!(!speaks_of_ours(line), "{line}");
        }
    }

    #[test]
    fn every_platform_takes_the_place_of_the_extensions() {
        assert!(DECLARATION.contains(EXTENSIONS));
        for platform in Platform::ALL {
            let text = declaration(Some(platform));
            assert!(!text.contains(EXTENSIONS) && text.contains("[tables.documents]"), "{text}");
            assert_eq!(text.matches("[extensions]").count(), 1, "{text}");
        }
    }
}
