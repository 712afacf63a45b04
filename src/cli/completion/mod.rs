//! Completion in a shell. The script of the shell (`aludel completions`) calls the program with the
//! words of the line, and it answers with the candidates for the word at the cursor.
//!
//! Reads aludel.toml, schema.toml and the revision files. It does not connect to a database, does
//! not start an engine, and reports no mistakes: if a file cannot be read, there are fewer
//! candidates.

mod bash;
mod candidates;

use std::ffi::OsString;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

use super::args::Cli;
use super::ui;

use bash::Bash;
use candidates::Project;

/// Names the shell that asks. A word `--` and the words of the line follow as arguments.
const VARIABLE: &str = "ALUDEL_COMPLETE";

const SHELLS: Shells<'static> = Shells(&[&Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// The name of the command in the scripts.
const COMMAND: &str = "aludel";

/// As a file `_aludel` in zsh's `fpath` the script is the body of a function, whose first call must complete,
/// too.
const ZSH_AUTOLOAD: &str =
    "if [[ $funcstack[1] == _aludel ]]; then _clap_dynamic_completer_aludel \"$@\"; fi\n";

/// Answers the script of a shell; false where none asks.
pub(super) fn answered(arguments: &[OsString]) -> bool {
    let name = std::env::var(VARIABLE).unwrap_or_default();
    let (Some(shell), [_, dashes, words @ ..]) = (SHELLS.completer(&name), arguments) else {
        return false;
    };
    if dashes != "--" {
        return false;
    }
    if !words.is_empty() {
        ui::answer(&answer(shell, words));
    }
    true
}

/// What may stand at the cursor, as the shell wants it. Nothing where anything goes wrong: the line that
/// is being typed is no place for messages.
fn answer(shell: &dyn EnvCompleter, words: &[OsString]) -> Vec<u8> {
    std::panic::set_hook(Box::new(|_| {}));
    let attempt = || -> io::Result<Vec<u8>> {
        let mut answer = Vec::new();
        let mut command = with_completers(Cli::command(), &Arc::new(Project::of(words)));
        let folder = std::env::current_dir().ok();
        shell.write_complete(&mut command, words.to_vec(), folder.as_deref(), &mut answer)?;
        Ok(answer)
    };
    catch_unwind(AssertUnwindSafe(attempt)).ok().and_then(Result::ok).unwrap_or_default()
}

/// The script with which a shell learns to ask this program.
///
/// # Errors
/// Where it cannot be made.
pub(super) fn script(shell: &str, program: &Path) -> io::Result<String> {
    let completer = SHELLS.completer(shell).ok_or_else(|| io::Error::other("an unknown shell"))?;
    let program = program.to_string_lossy();
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, COMMAND, COMMAND, &program, &mut script)?;
    let script = String::from_utf8(script).map_err(io::Error::other)?;
    let tail = if shell == "zsh" { ZSH_AUTOLOAD } else { "" };
    Ok(format!("{}\n{tail}", script.trim()))
}

/// What an argument takes, where that can be looked up in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A revision, or one of these words.
    Revision(&'static [&'static str]),
    /// Anything that has a schema.
    Source,
    /// What can be reviewed.
    Reviewed,
    /// The code of a rule.
    Code,
    /// `OLD=NEW`, of which schema.toml has the new name.
    Rename,
    /// A database of aludel.toml.
    Database,
    /// A variable of the revisions, and its value.
    Variable,
    /// A vector index with its table.
    VectorIndex,
}

impl Takes {
    /// By the name of its value, which the help shows.
    fn of(command: &str, arg: &Arg) -> Option<Self> {
        let name = arg.get_value_names()?.first()?.as_str();
        match (name, command) {
            ("TARGET", "upgrade") => Some(Self::Revision(&["head", "heads"])),
            ("TARGET", "downgrade") => Some(Self::Revision(&["base"])),
            ("TARGET" | "REVISION" | "RANGE", _) => {
                Some(Self::Revision(&["head", "heads", "base", "current"]))
            }
            ("SOURCE" | "FROM" | "TO", _) => Some(Self::Source),
            ("WHAT", _) => Some(Self::Reviewed),
            ("CODE", _) => Some(Self::Code),
            ("OLD=NEW", _) => Some(Self::Rename),
            ("NAME", _) if arg.get_id() == "database" => Some(Self::Database),
            ("NAME=VALUE", _) => Some(Self::Variable),
            ("TABLE.INDEX", _) => Some(Self::VectorIndex),
            _ => None,
        }
    }

    fn candidates(self, project: &Project, typed: &str) -> Vec<CompletionCandidate> {
        match self {
            Self::Revision(words) => project.revisions(words, typed),
            Self::Source => project.sources(typed),
            Self::Reviewed => project.reviewed(typed),
            Self::Code => candidates::codes(typed),
            Self::Rename => project.new_names(typed),
            Self::Database => project.databases(typed),
            Self::Variable => project.variables(typed),
            Self::VectorIndex => project.vector_indexes(typed),
        }
    }
}

/// The command line, with what its arguments take.
fn with_completers(command: Command, project: &Arc<Project>) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|arg| {
        if let Some(takes) = Takes::of(&name, &arg) {
            let project = Arc::clone(project);
            return arg.add(ArgValueCompleter::new(move |typed: &std::ffi::OsStr| {
                typed.to_str().map(|it| takes.candidates(&project, it)).unwrap_or_default()
            }));
        }
        match arg.get_value_names().and_then(<[_]>::first).map(|it| it.as_str()) {
            Some("DIRECTORY" | "FOLDER") => arg.value_hint(ValueHint::DirPath),
            _ => arg,
        }
    });
    command.mut_subcommands(|it| with_completers(it, project))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that help shows as the name of a value.
    fn value_names(command: &Command, names: &mut Vec<String>) {
        for arg in command.get_arguments().filter(|it| it.get_action().takes_values()) {
            names.extend(arg.get_value_names().into_iter().flatten().map(ToString::to_string));
        }
        command.get_subcommands().for_each(|it| value_names(it, names));
    }

    /// A new kind of value is either looked up or listed here.
    #[test]
    fn every_value_is_known() {
        const LOOKED_UP: [&str; 13] = [
            "TARGET",
            "WHAT",
            "CODE",
            "REVISION",
            "RANGE",
            "SOURCE",
            "FROM",
            "TO",
            "OLD=NEW",
            "NAME",
            "NAME=VALUE",
            "TABLE.INDEX",
            "DIRECTORY",
        ];
        const PATHS: [&str; 3] = ["FILE", "FOLDER", "PATH"];
        const CHOICES: [&str; 6] = ["FORMAT", "WHEN", "LANGUAGE", "SHELL", "RISK", "DOCUMENT"];
        const FREE: [&str; 13] = [
            "TEXT",
            "LABEL",
            "ID",
            "URL",
            "COMMAND",
            "TABLE",
            "OLD",
            "N",
            "SQL",
            "TIME",
            "SCAN",
            "RECALL",
            "SETTING=VALUE",
        ];
        let mut names = Vec::new();
        value_names(&Cli::command(), &mut names);
        names.retain(|it| {
            let known = [&LOOKED_UP[..], &PATHS, &CHOICES, &FREE].concat();
            !known.contains(&it.as_str())
        });
        assert_eq!(names, Vec::<String>::new());
    }

    #[test]
    fn every_shell_has_a_script() {
        for shell in SHELLS.names() {
            let script = script(shell, Path::new("/opt/the tools/aludel")).unwrap();
            assert!(script.contains(VARIABLE) && script.ends_with('\n'), "{shell}: {script}");
            assert!(script.contains("'/opt/the tools/aludel'"), "{shell}: {script}");
        }
    }
}
