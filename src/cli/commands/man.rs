//! `aludel man`: the help as man pages.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use serde::Serialize;

use crate::operations::failure::{Failure, Kind};

use super::super::Outcome;
use super::super::args::{Cli, ManArgs};
use super::super::ui::Ui;

/// What stands behind the help of aludel gets the heading that man pages have for it (man-pages(7)).
const UNNAMED_SECTION: &str = ".SH EXTRA\nExit status:\n";
const EXIT_STATUS_SECTION: &str = ".SH \"EXIT STATUS\"\n";

#[derive(Serialize)]
struct Page {
    name: String,
    text: String,
}

#[derive(Serialize)]
struct Report {
    written: Vec<String>,
}

pub(crate) fn run(ui: Ui, args: &ManArgs) -> Result<Outcome, Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    match &args.output {
        None => {
            let page = page(&command)?;
            ui.document(&page, &page.text)?;
        }
        Some(folder) => {
            let mut found = Vec::new();
            pages(&command, &mut found)?;
            let report = Report { written: written(folder, &found)? };
            let lines = report.written.iter().map(|it| format!("wrote {it}\n"));
            ui.data(&report, &lines.collect::<String>())?;
        }
    }
    Ok(Outcome::Done)
}

/// The page of a command, and those of its subcommands.
fn pages(command: &Command, found: &mut Vec<Page>) -> Result<(), Failure> {
    found.push(page(command)?);
    command.get_subcommands().try_for_each(|it| pages(it, found))
}

fn page(command: &Command) -> Result<Page, Failure> {
    let failed = |it: std::io::Error| Failure::new(Kind::Internal, format!("no man page: {it}"));
    let man = Man::new(command.clone())
        .source(concat!("aludel ", env!("CARGO_PKG_VERSION")))
        .manual("Aludel");
    let mut text = Vec::new();
    man.render(&mut text).map_err(failed)?;
    let text = String::from_utf8(text).map_err(|it| failed(std::io::Error::other(it)))?;
    let text = text.replace(UNNAMED_SECTION, EXIT_STATUS_SECTION);
    Ok(Page { name: man.get_filename(), text })
}

/// Writes the pages, and says where.
fn written(folder: &Path, pages: &[Page]) -> Result<Vec<String>, Failure> {
    std::fs::create_dir_all(folder).map_err(|it| Failure::unwritable(folder, &it))?;
    let write = |page: &Page| {
        let path = folder.join(&page.name);
        std::fs::write(&path, &page.text).map_err(|it| Failure::unwritable(&path, &it))?;
        Ok(path.display().to_string())
    };
    pages.iter().map(write).collect()
}
