//! The help of subcommands: their own options in full, then the global options, a line for each.

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory, FromArgMatches};

use super::args::Cli;

/// Reads the arguments, or fails with the help or the usage to show.
///
/// # Errors
/// When the arguments are wrong, or ask for help or the version.
pub(super) fn parse(arguments: Vec<std::ffi::OsString>) -> Result<Cli, clap::Error> {
    let mut command = command();
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|it| it.format(&mut command))
}

/// Whether arguments that may be wrong ask for JSON.
pub(super) fn asks_for_json(arguments: &[std::ffi::OsString]) -> bool {
    let is = |it: Option<&std::ffi::OsString>, text| it.is_some_and(|it| it == text);
    let separate = (0..arguments.len())
        .any(|at| is(arguments.get(at), "--format") && is(arguments.get(at + 1), "json"));
    separate || arguments.iter().any(|it| it == "--format=json")
}

fn command() -> Command {
    let command = Cli::command();
    let globals = command.get_arguments().filter(|it| it.is_global_set());
    let globals: Vec<Arg> = globals.cloned().collect();
    with_short_globals(command, &globals)
}

/// The command with the global options of all its subcommands in short.
fn with_short_globals(command: Command, globals: &[Arg]) -> Command {
    command.mut_subcommands(|it| {
        let summary = summary(globals, &it);
        // clap copies a global argument into a subcommand unless that has an argument of the same id.
        let hidden: Vec<Arg> = globals.iter().map(|it| it.clone().hide(true)).collect();
        with_short_globals(it.args(hidden).after_help(summary), globals)
    })
}

fn summary(globals: &[Arg], command: &Command) -> StyledStr {
    let heading = command.get_styles().get_header();
    let width = globals.iter().map(|it| usage(it).len()).max().unwrap_or_default();
    let line = |it: &Arg| format!("  {:width$}  {}\n", usage(it), explanation(it));
    let lines: String = globals.iter().map(line).collect();
    let text = format!(
        "{heading}Global options{heading:#} (details: aludel --help){heading}:{heading:#}\n{}",
        lines.trim_end()
    );
    text.into()
}

/// `--url <URL>`.
fn usage(arg: &Arg) -> String {
    let short = arg.get_short().map(|it| format!("-{it}"));
    let name = arg.get_long().map(|it| format!("--{it}")).or(short).unwrap_or_default();
    let takes = arg.get_action().takes_values();
    let value = arg.get_value_names().and_then(|it| it.first()).filter(|_| takes);
    value.map_or(name.clone(), |it| format!("{name} <{it}>"))
}

/// The first line of its help, with its possible values and its default.
fn explanation(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let values = arg.get_possible_values();
    let values: Vec<&str> = values.iter().map(|it| it.get_name()).collect();
    let values = match values.as_slice() {
        [] => String::new(),
        some if arg.get_action().takes_values() => format!(": {}", some.join(", ")),
        _ => String::new(),
    };
    let default = arg.get_default_values().first().filter(|_| arg.get_action().takes_values());
    let default = default.map(|it| format!(" [default: {}]", it.to_string_lossy()));
    format!("{help}{values}{}", default.unwrap_or_default())
}
