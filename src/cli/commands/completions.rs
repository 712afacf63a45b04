//! `aludel completions`: the completion script of a shell.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::Serialize;

use crate::operations::failure::{Failure, Kind};

use super::super::args::{CompletionsArgs, Shell};
use super::super::ui::Ui;
use super::super::{Outcome, completion};

/// As `clap_complete` calls it.
fn name(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => "bash",
        Shell::Elvish => "elvish",
        Shell::Fish => "fish",
        Shell::Powershell => "powershell",
        Shell::Zsh => "zsh",
    }
}

#[derive(Serialize)]
struct Report {
    shell: &'static str,
    script: String,
}

/// Prints the script.
pub(crate) fn run(ui: Ui, args: &CompletionsArgs) -> Result<Outcome, Failure> {
    let shell = name(args.shell);
    let script = completion::script(shell, &program(std::env::args_os().next())).map_err(|it| {
        Failure::new(
            Kind::Internal,
            format!(
                "cannot write the script for {shell}: \
                                                            {it}"
            ),
        )
    })?;
    let report = Report { shell, script };
    ui.document(&report, &report.script)?;
    Ok(Outcome::Done)
}

/// How the script calls this program: by the name that it was called by, or where that was a path, by the
/// whole path.
fn program(called: Option<OsString>) -> PathBuf {
    let path = PathBuf::from(called.unwrap_or_else(|| "aludel".into()));
    match path.components().count() {
        1 => path,
        _ => std::path::absolute(&path).unwrap_or(path),
    }
}
