//! `aludel completions`: what makes a shell complete the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::super::failure::{Failure, Kind};
use super::super::ui::Ui;
use super::super::{Outcome, completion};

/// What is typed after `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell that reads the script
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// A shell that can be told how to complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// in ~/.bashrc: source <(aludel completions bash)
    Bash,
    /// in rc.elv: eval (aludel completions elvish | slurp)
    Elvish,
    /// in ~/.config/fish/config.fish: aludel completions fish | source
    Fish,
    /// in $PROFILE: aludel completions powershell | Out-String | Invoke-Expression
    Powershell,
    /// in ~/.zshrc, after compinit: source <(aludel completions zsh)
    Zsh,
}

impl Shell {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Elvish => "elvish",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Zsh => "zsh",
        }
    }
}

#[derive(Serialize)]
struct Report {
    shell: &'static str,
    script: String,
}

/// Prints the script.
pub(crate) fn run(ui: Ui, args: &CompletionsArgs) -> Result<Outcome, Failure> {
    let shell = args.shell.name();
    let script = completion::script(shell, &program(std::env::args_os().next()))
        .map_err(|it| Failure::new(Kind::Internal, format!("no script for {shell}: {it}")))?;
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
