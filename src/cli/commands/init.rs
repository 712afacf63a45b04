//! `aludel init`: a project to start from.

use std::path::Path;

use serde::Serialize;

use super::super::Outcome;
use super::super::args::{InitArgs, Platform};
use super::super::failure::Failure;
use super::super::ui::Ui;

const CONFIGURATION: &str = include_str!("../../../templates/aludel.toml");
const DECLARATION: &str = include_str!("../../../templates/schema.toml");

/// What the template says of extensions where nobody provides them.
const EXTENSIONS: &str = "[extensions]\nvector = \"*\"\n";

#[derive(Serialize)]
struct Report {
    created: Vec<String>,
    kept: Vec<String>,
}

pub(crate) fn run(ui: Ui, args: &InitArgs) -> Result<Outcome, Failure> {
    // Names in the current folder are shown without `./`.
    let folder = args.directory.strip_prefix(".").unwrap_or(&args.directory);
    let failed = |path: &Path, error: std::io::Error| {
        Failure::input(format!("cannot write `{}`: {error}", path.display()))
    };
    let migrations = folder.join("migrations");
    std::fs::create_dir_all(&migrations).map_err(|it| failed(&migrations, it))?;
    let mut report = Report { created: Vec::new(), kept: Vec::new() };
    let files =
        [("aludel.toml", CONFIGURATION.to_owned()), ("schema.toml", declaration(args.platform))];
    for (name, text) in files {
        let path = folder.join(name);
        if path.exists() {
            report.kept.push(path.display().to_string());
            continue;
        }
        std::fs::write(&path, text).map_err(|it| failed(&path, it))?;
        report.created.push(path.display().to_string());
    }
    let mut text = String::new();
    text.extend(report.created.iter().map(|it| format!("created {it}\n")));
    text.extend(report.kept.iter().map(|it| format!("kept {it}, which was there\n")));
    ui.data(&report, &text)?;
    ui.hint("declare your tables in schema.toml, then: aludel revision --autogenerate -m \"…\"");
    Ok(Outcome::Done)
}

/// A declaration to start from, which says what the platform provides.
fn declaration(platform: Option<Platform>) -> String {
    let provided = match platform {
        None => EXTENSIONS,
        Some(Platform::Supabase) => include_str!("../../../templates/platforms/supabase.toml"),
        Some(Platform::Rds) => include_str!("../../../templates/platforms/rds.toml"),
        Some(Platform::CloudSql) => include_str!("../../../templates/platforms/cloud-sql.toml"),
        Some(Platform::Azure) => include_str!("../../../templates/platforms/azure.toml"),
        Some(Platform::Neon) => include_str!("../../../templates/platforms/neon.toml"),
    };
    DECLARATION.replacen(EXTENSIONS, provided, 1)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_platform_takes_the_place_of_the_extensions() {
        assert!(DECLARATION.contains(EXTENSIONS));
        for platform in Platform::value_variants() {
            let text = declaration(Some(*platform));
            assert!(!text.contains(EXTENSIONS) && text.contains("[tables.documents]"), "{text}");
            assert_eq!(text.matches("[extensions]").count(), 1, "{text}");
        }
    }
}
