//! The commands: what was typed becomes what was meant, is carried out, and is told.

pub mod args;
mod commands;
mod completion;
pub mod failure;
pub mod global;
mod renames;
mod signals;
pub mod ui;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use crate::config::{DatabaseSettings, DevDatabase, FILE_NAME, Flags, Place, Settings};
use crate::connection::surroundings::Process;
use crate::diagnostic::SourceFile;
use crate::model::provided::Provided;
use crate::plan::{Options, Plan, PlanError};
use crate::render::revision::Script;
use crate::report::plain::{plain, without_passwords};
use crate::revision::variables::Variables;
use crate::scratch::embedded::relocated;
use crate::workspace::{Comparison, Declared, Workspace, WorkspaceError};

use args::{Cli, Command, DowngradeArgs, EditArgs, ImportArgs, ImportFrom, ShowArgs, UpgradeArgs};
use failure::{Failure, Kind};
use global::Global;
use signals::Signals;
use ui::Ui;

/// What a command has at hand.
struct Context {
    ui: Ui,
    workspace: Workspace,
    global: Global,
    signals: Signals,
}

impl Context {
    fn workspace_failure(&self, error: WorkspaceError) -> Failure {
        Failure::of_workspace(error, self.ui.color())
    }

    fn plan_failure(&self, errors: &[PlanError], declared: Option<&Declared>) -> Failure {
        Failure::of_plan(errors, declared, self.ui.color())
    }

    /// Warns where a difference may be one of wording only.
    fn tell_unverified(&self, comparison: &Comparison) {
        if let Some(reason) = &comparison.unverified {
            self.ui.warning(&format!("some differences may be purely textual: {reason}"));
            self.ui.hint("--dev-url with a server of the same version and extensions is exact");
        }
    }

    /// The same, with more known of what the database has by others.
    fn providing(&self, provided: Provided) -> Self {
        let settings = self.workspace.settings().clone();
        let workspace = Workspace::new(settings, &self.global.schema);
        workspace.provide(provided);
        let (global, signals) = (self.global.clone(), self.signals.clone());
        Self { ui: self.ui, workspace, global, signals }
    }

    /// The SQL of a plan.
    fn script(&self, plan: &Plan) -> Script {
        Script::new(plan).on(self.workspace.search_path())
    }

    fn plan_options(&self) -> Options {
        Options { online: self.workspace.settings().plan.online.value }
    }
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
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
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
    match carried_out(cli, ui, &signals) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(Kind::Answer.exit_status()),
        Err(failure) => {
            failure.report(ui);
            ExitCode::from(match failure.kind {
                Kind::Interrupted => signals.exit_status(),
                kind => kind.exit_status(),
            })
        }
    }
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
    match &command {
        Command::Init(args) => return commands::init::run(ui, args),
        Command::SchemaJson(_) => return commands::schema_json::run(ui),
        Command::Completions(args) => return commands::completions::run(ui, args),
        Command::Man(args) => return commands::man::run(ui, args),
        _ => {}
    }
    let settings = settings(&global, ui)?;
    let several = settings.databases.len() > 1;
    if several && !goes_through_databases(&command) {
        let failure = Failure::input("several databases are named, and this command works on one");
        return Err(failure.hint("--database NAME names one of them"));
    }
    if may_start_engine(&command, &settings)
        && let Some(program) = relocated(Path::new("."))
    {
        return replaced(program);
    }
    if !several {
        let workspace = Workspace::new(settings, &global.schema);
        let signals = signals.clone();
        return on_one(&Context { ui, workspace, global, signals }, &command);
    }
    let mut outcome = Outcome::Done;
    let mut left = settings.databases.clone().into_iter();
    while let Some(database) = left.next() {
        let name = database.name.clone().unwrap_or_default();
        let settings = Settings { databases: vec![database], ..settings.clone() };
        let workspace = Workspace::new(settings, &global.schema);
        let (global, signals) = (global.clone(), signals.clone());
        let context = Context { ui, workspace, global, signals };
        ui.begin_part(&name)?;
        match on_one(&context, &command) {
            Ok(it) => {
                ui.end_part(true)?;
                outcome = outcome.or(it);
            }
            Err(failure) => {
                ui.end_part(false)?;
                let rest: Vec<_> = left.filter_map(|it| it.name).collect();
                let failure = failure.detail(format!("in database {name}"));
                return Err(match rest.is_empty() {
                    true => failure,
                    false => failure.detail(format!("not gone to: {}", rest.join(", "))),
                });
            }
        }
    }
    Ok(outcome)
}

/// Whether a command goes through several databases, one after the other.
fn goes_through_databases(command: &Command) -> bool {
    matches!(
        command,
        Command::Upgrade(UpgradeArgs { sql: false, .. })
            | Command::Downgrade(DowngradeArgs { sql: false, .. })
            | Command::Stamp(_)
            | Command::Repair(_)
            | Command::Current(_)
            | Command::Status(_)
            | Command::Check(_)
    )
}

/// Carries out a command on one database.
fn on_one(context: &Context, command: &Command) -> Result<Outcome, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|it| Failure::new(Kind::Internal, format!("no runtime: {it}")))?;
    let work = async {
        match command {
            Command::Init(_)
            | Command::SchemaJson(_)
            | Command::Completions(_)
            | Command::Man(_) => Ok(Outcome::Done),
            Command::Revision(args) => commands::revision::run(context, args).await,
            Command::Upgrade(args) => commands::migrate::upgrade(context, args).await,
            Command::Downgrade(args) => commands::migrate::downgrade(context, args).await,
            Command::Import(ImportArgs { from: ImportFrom::Alembic(args) }) => {
                commands::import::alembic(context, args).await
            }
            Command::Adopt(args) => commands::adopt::run(context, args).await,
            Command::Stamp(args) => commands::stamp::run(context, args).await,
            Command::Repair(args) => commands::repair::run(context, args).await,
            Command::Current(args) => commands::current::run(context, args).await,
            Command::History(args) => commands::history::run(context, args).await,
            Command::Heads(args) => commands::history::heads(context, args),
            Command::Branches(args) => commands::history::branches(context, args),
            Command::Show(args) => commands::show::run(context, args).await,
            Command::Edit(args) => commands::show::edit(context, args).await,
            Command::Rebase(args) => commands::rebase::run(context, args).await,
            Command::Squash(args) => commands::squash::run(context, args).await,
            Command::Merge(args) => commands::merge::run(context, args),
            Command::Check(args) => commands::check::run(context, args).await,
            Command::Diff(args) => commands::diff::run(context, args).await,
            Command::Pull(args) => commands::pull::run(context, args).await,
            Command::Generate(args) => commands::generate::run(context, args).await,
            Command::Status(args) => commands::status::run(context, args).await,
        }
    };
    // These have an orderly way of their own to stop.
    let stops_itself = matches!(
        command,
        Command::Upgrade(_) | Command::Downgrade(_) | Command::Stamp(_) | Command::Repair(_)
    );
    let outcome = runtime.block_on(async {
        let interrupt = async {
            match stops_itself {
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
        // The embedded engine may be at work on a thread, and is not waited for.
        runtime.shutdown_timeout(STOP_PATIENCE);
    }
    let workspace = &context.workspace;
    for told in [workspace.untested_server(), workspace.unfenced()].into_iter().flatten() {
        context.ui.warning(&told);
    }
    outcome
}

/// Says what is being done, once it has taken a second.
async fn tell_what_takes_long(context: &Context) -> Result<Outcome, Failure> {
    let mut activity = context.workspace.activity().watch();
    loop {
        let doing = activity.borrow_and_update().clone();
        let changed = tokio::time::timeout(TAKES_LONG, activity.changed()).await;
        match (changed, doing.is_empty()) {
            (Ok(Ok(())), _) => continue,
            (Err(_), false) => context.ui.note(&format!("still {doing}")),
            (Err(_), true) | (Ok(Err(_)), _) => {}
        }
        if activity.changed().await.is_err() {
            // Nobody begins anything any more.
            std::future::pending::<()>().await;
        }
    }
}

/// Whether a command could come to need the embedded engine.
fn may_start_engine(command: &Command, settings: &Settings) -> bool {
    let embedded = |it: &DatabaseSettings| matches!(it.place.value, Place::Embedded(_));
    let database = settings.databases.first().is_some_and(embedded);
    let scratch = match settings.dev.value {
        DevDatabase::Embedded => true,
        DevDatabase::Target => database,
        DevDatabase::Server(_) | DevDatabase::Disposable(_) => false,
    };
    match command {
        Command::Init(_)
        | Command::SchemaJson(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Heads(_)
        | Command::Branches(_)
        | Command::Merge(_) => false,
        Command::Revision(args) => {
            (args.autogenerate || args.amend) && scratch || args.amend && database
        }
        Command::Upgrade(UpgradeArgs { sql: true, .. })
        | Command::Downgrade(DowngradeArgs { sql: true, .. }) => false,
        Command::Upgrade(_)
        | Command::Downgrade(_)
        | Command::Stamp(_)
        | Command::Repair(_)
        | Command::Current(_)
        | Command::Status(_) => database,
        Command::History(args) => database && args.asks_database(),
        Command::Show(ShowArgs { revision, .. }) | Command::Edit(EditArgs { revision }) => {
            database && args::is_from_current(revision)
        }
        Command::Check(_) | Command::Squash(_) => scratch,
        Command::Diff(_)
        | Command::Pull(_)
        | Command::Generate(_)
        | Command::Adopt(_)
        | Command::Import(_)
        | Command::Rebase(_) => scratch || database,
    }
}

/// Lets another process do the work, this same program in other surroundings, and ends as it does.
fn replaced(mut program: std::process::Command) -> Result<Outcome, Failure> {
    let failed = |it| Failure::new(Kind::Internal, format!("cannot start itself again: {it}"));
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
            _ => Err(Failure::new(Kind::Internal, "started itself again and failed")),
        }
    }
}

fn settings(global: &Global, ui: Ui) -> Result<Settings, Failure> {
    let file = configuration(&global.config)?;
    let flags = Flags {
        url: global.url.clone(),
        dev_url: global.dev_url.clone(),
        dev_disposable: global.dev_disposable,
        grants: global.grants,
        databases: global.database.clone(),
        variables: variables(&global.variables)?,
    };
    Settings::resolve(&file, &flags, &Process)
        .map_err(|errors| Failure::of_settings(errors, &file, ui.color()))
}

/// What was typed after `-x`.
fn variables(texts: &[String]) -> Result<Variables, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        // It may be the value, and that a secret one.
        _ => Err(Failure::input("-x takes NAME=VALUE").hint("-x tenant=acme")),
    };
    texts.iter().map(pair).collect()
}

/// The configuration file; one that nobody asked for need not exist.
fn configuration(path: &Path) -> Result<SourceFile, Failure> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(SourceFile::new(name, text)),
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound && path == Path::new(FILE_NAME) =>
        {
            Ok(SourceFile::new(name, String::new()))
        }
        Err(error) => Err(Failure::input(format!("cannot read `{name}`: {error}"))),
    }
}
