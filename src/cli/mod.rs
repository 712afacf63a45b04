//! The commands: reads the arguments and settings, runs the command, and prints the result.

pub mod args;
mod commands;
mod completion;
mod envelope;
pub mod global;
mod help;
mod host;
mod job;
mod needs;
mod signals;
pub mod ui;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use clap::error::ErrorKind;

use crate::config::{Flags, Settings};
use crate::connection::surroundings::Process;
use crate::diagnostic::SourceFile;
use crate::operations::failure::{Failure, Kind};
use crate::operations::{Project, configuration};
use crate::report::plain::{plain, without_passwords};
use crate::revision::variables::Variables;
use crate::scratch::embedded::relocated;

use args::{Cli, Command};
use global::{Format, Global, When};
use job::Job;
use signals::Signals;
use ui::Ui;

/// What a command has at hand.
struct Context {
    ui: Ui,
    project: Project,
    signals: Signals,
}

/// What takes so long says what it is.
const TAKES_LONG: Duration = Duration::from_secs(1);
/// How long a command that was stopped waits for what it cannot interrupt.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// How a command ended, short of failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done, or nothing to do.
    Done,
    /// The answer is no.
    No,
}

impl Outcome {
    /// Both together: no, if either is.
    fn or(self, other: Self) -> Self {
        if self == Self::No { self } else { other }
    }
}

/// Runs the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if completion::answered(&arguments) {
        return ExitCode::SUCCESS;
    }
    let is_json = help::asks_for_json(&arguments);
    let cli = match help::parse(arguments) {
        Ok(cli) => cli,
        Err(error) if is_json && error.use_stderr() => return misused(&error),
        Err(error) => return usage(&error),
    };
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    let ui = Ui::new(cli.global.format, cli.global.color, no_color)
        .hiding(&variables(&cli.global.variables).unwrap_or_default());
    let signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            ui.error(&format!("cannot listen to signals: {error}"));
            return ExitCode::from(Kind::Internal.exit_status());
        }
    };
    let ended = carried_out(cli, ui, &signals);
    let exit = match &ended {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::No) => Kind::Answer.exit_status(),
        Err(Failure { kind: Kind::Interrupted, .. }) => signals.exit_status(),
        Err(failure) => failure.kind.exit_status(),
    };
    ui.end(&ended, exit);
    ExitCode::from(exit)
}

/// Wrong arguments, for a program.
fn misused(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let first = lines.next().unwrap_or_default();
    let failure = Failure::input(first.strip_prefix("error: ").unwrap_or(first));
    let failure = lines.fold(failure, |it, line| it.detail(line));
    let exit = failure.kind.exit_status();
    Ui::new(Format::Json, When::Never, true).end(&Err(failure), exit);
    ExitCode::from(exit)
}

/// Help and version go to standard output and are no failure.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let fit = plain(&without_passwords(&text)).into_owned();
    // Nothing is left to be told when the output is gone.
    let _ = match fit == text {
        true => error.print(),
        false => std::io::Write::write_all(&mut std::io::stderr(), fit.as_bytes()),
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(Kind::Input.exit_status()),
    }
}

fn carried_out(cli: Cli, ui: Ui, signals: &Signals) -> Result<Outcome, Failure> {
    let Cli { global, command } = cli;
    check_format(global.format, &command)?;
    let needs = match commands::job(&command) {
        Job::Alone(run) => return run(ui),
        Job::OnProject { needs, .. } => needs,
    };
    let configuration = configuration(&global.config)?;
    let settings = settings(&global, &configuration)?;
    let several = settings.databases.len() > 1;
    if several && !needs.each_database {
        let failure = Failure::input("several databases are given, but this command works on one");
        return Err(failure.hint("choose one with --database NAME"));
    }
    if needs.may_start_engine(&settings)
        && let Some(program) = relocated(Path::new("."))
    {
        return replaced(program);
    }
    if several {
        return on_each(settings, &configuration, &global, (ui, signals), &command);
    }
    on_one(&context(settings, configuration, &global, ui, signals), &command)
}

/// Runs a command on several databases, one after the other. The first failure ends it.
fn on_each(
    settings: Settings,
    configuration: &SourceFile,
    global: &Global,
    (ui, signals): (Ui, &Signals),
    command: &Command,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Done;
    let mut left = settings.databases.clone().into_iter();
    while let Some(database) = left.next() {
        let name = database.name.clone().unwrap_or_default();
        let settings = Settings { databases: vec![database], ..settings.clone() };
        let context = context(settings, configuration.clone(), global, ui, signals);
        ui.begin_part(&name)?;
        match on_one(&context, command) {
            Ok(it) => outcome = outcome.or(it),
            Err(failure) => {
                let rest: Vec<_> = left.filter_map(|it| it.name).collect();
                let failure = failure.detail(format!("in database {name}"));
                return Err(match rest.is_empty() {
                    true => failure,
                    false => failure.detail(format!("skipped: {}", rest.join(", "))),
                });
            }
        }
    }
    Ok(outcome)
}

/// Some formats are those of single commands.
fn check_format(format: Format, command: &Command) -> Result<(), Failure> {
    let is_review = matches!(command, Command::Review(_) | Command::Rehearse(_));
    let fits = match format {
        Format::Text | Format::Json => true,
        Format::Markdown | Format::Sarif | Format::Github | Format::Html => is_review,
        Format::Mermaid | Format::Dot | Format::Svg => matches!(command, Command::Graph(_)),
    };
    if fits {
        return Ok(());
    }
    let name = format.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default();
    let failure = Failure::input(format!("this command has no format {name}"));
    Err(failure.hint(
        "every command has --format text and --format json; review and rehearse have markdown, sarif, github \
         and html, graph has mermaid, dot and svg",
    ))
}

/// Runs a command on one database.
fn on_one(context: &Context, command: &Command) -> Result<Outcome, Failure> {
    let (needs, work) = match commands::job(command) {
        Job::Alone(run) => return run(context.ui),
        Job::OnProject { needs, run } => (needs, run(context)),
    };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|it| {
            Failure::new(Kind::Internal, format!("cannot start the async runtime: {it}"))
        })?;
    let outcome = runtime.block_on(async {
        let interrupt = async {
            match needs.stops_itself {
                true => std::future::pending().await,
                false => context.signals.first().await,
            }
        };
        // What is dropped in the middle removes its scratch databases.
        tokio::select! {
            outcome = work => outcome,
            () = interrupt => Err(Failure::interrupted()),
            never = tell_what_takes_long(context) => never,
        }
    });
    if matches!(&outcome, Err(failure) if failure.kind == Kind::Interrupted) {
        // The embedded engine can still be busy on a thread, which is not waited for.
        runtime.shutdown_timeout(STOP_PATIENCE);
    }
    let workspace = context.project.workspace();
    for told in [workspace.untested_server(), workspace.unfenced()].into_iter().flatten() {
        context.ui.warning(&told);
    }
    outcome
}

/// Says what is being done, once it has taken a second.
async fn tell_what_takes_long(context: &Context) -> Result<Outcome, Failure> {
    let mut activity = context.project.workspace().activity().watch();
    loop {
        let doing = activity.borrow_and_update().clone();
        let changed = tokio::time::timeout(TAKES_LONG, activity.changed()).await;
        match (changed, doing.is_empty()) {
            (Ok(Ok(())), _) => continue,
            (Err(_), false) => context.ui.progress(&doing),
            (Err(_), true) | (Ok(Err(_)), _) => {}
        }
        if activity.changed().await.is_err() {
            // Nobody begins anything any more.
            std::future::pending::<()>().await;
        }
    }
}

/// Lets another process do the work, this same program in other surroundings, and ends as it does.
fn replaced(mut program: std::process::Command) -> Result<Outcome, Failure> {
    let failed = |it| Failure::new(Kind::Internal, format!("cannot restart itself: {it}"));
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(failed(program.exec()))
    }
    #[cfg(not(unix))]
    {
        // Such systems always have a cache directory, so nobody comes here.
        match program.status().map_err(failed)?.code() {
            Some(0) => Ok(Outcome::Done),
            Some(1) => Ok(Outcome::No),
            _ => Err(Failure::new(Kind::Internal, "restarted itself and failed")),
        }
    }
}

fn context(
    settings: Settings,
    configuration: SourceFile,
    global: &Global,
    ui: Ui,
    signals: &Signals,
) -> Context {
    let project = Project::new(settings, configuration, &global.schema);
    let project = project.hosted_by(ui).stopped_by(signals.stop());
    Context { ui, project, signals: signals.clone() }
}

fn settings(global: &Global, file: &SourceFile) -> Result<Settings, Failure> {
    let flags = Flags {
        url: global.url.clone(),
        dev_url: global.dev_url.clone(),
        dev_disposable: global.dev_disposable,
        grants: global.grants,
        databases: global.database.clone(),
        variables: variables(&global.variables)?,
    };
    Settings::resolve(file, &flags, &Process).map_err(|errors| Failure::of_settings(errors, file))
}

/// What was typed after `-x`.
fn variables(texts: &[String]) -> Result<Variables, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        // It may be the value, and that a secret one.
        _ => Err(Failure::input("-x needs NAME=VALUE").hint("as in -x tenant=acme")),
    };
    texts.iter().map(pair).collect()
}
