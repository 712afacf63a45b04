//! `aludel init`: a project to start from.

use std::path::Path;

use serde::Serialize;

use super::super::Outcome;
use super::super::args::InitArgs;
use super::super::failure::Failure;
use super::super::ui::Ui;

const CONFIGURATION: &str = include_str!("../../../templates/aludel.toml");
const DECLARATION: &str = include_str!("../../../templates/schema.toml");

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
    for (name, text) in [("aludel.toml", CONFIGURATION), ("schema.toml", DECLARATION)] {
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
