//! `aludel generate`: typed code for the tables.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use crate::codegen::{CodegenError, Generated};
use crate::diagnostic::Diagnostic;
use crate::generator::{self, FileState, GenerateError};
use crate::model::Schema;
use crate::model::code_hints::CodeHints;
use crate::operations::diff::tell_omitted;
use crate::operations::failure::{Failure, Kind, Mistakes};
use crate::workspace::{Declared, Source, declaration_files, understand};

use super::super::args::{GenerateArgs, LanguageArg};
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(in crate::cli) const NEEDS: Needs = Needs::BOTH;

#[derive(Serialize)]
struct Report {
    language: &'static str,
    files: Vec<File>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct File {
    path: String,
    state: State,
    #[serde(skip_serializing_if = "String::is_empty")]
    difference: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    UpToDate,
    New,
    Changed,
    LeftOver,
}

pub(crate) async fn run(context: &Context, args: &GenerateArgs) -> Result<Outcome, Failure> {
    let targets = targets(context, args)?;
    let (schema, hints, declared) = source(context, args).await?;
    // All languages are ready before the first file is written.
    let mut ready = Vec::new();
    for (language, output) in targets {
        let settings = &context.project.workspace().settings().codegen;
        let generated = generator::code(&schema, &hints, language, settings)
            .map_err(|it| told(&it, declared.as_ref()))?;
        let states = generator::compare(&generated, language, &output).map_err(failure)?;
        ready.push((report(language, &generated, &states, args.check), states));
    }
    if !args.check {
        let states = ready.iter().flat_map(|it| &it.1);
        generator::write(states, args.force, args.prune).map_err(failure)?;
    }
    let reports: Vec<Report> = ready.into_iter().map(|it| it.0).collect();
    // Most are said of every language.
    let warnings: BTreeSet<&String> = reports.iter().flat_map(|it| &it.warnings).collect();
    warnings.iter().for_each(|it| context.ui.warning(it));
    reports.iter().for_each(|it| tell(context, args, it));
    let mut files = reports.iter().flat_map(|it| &it.files);
    let shown: String = files.clone().map(|it| it.difference.as_str()).collect();
    let stale = args.check && files.any(|it| it.state != State::UpToDate);
    context.ui.data(&reports, &shown)?;
    Ok(if stale { Outcome::No } else { Outcome::Done })
}

/// What is to be written, and where.
fn targets(
    context: &Context,
    args: &GenerateArgs,
) -> Result<Vec<(generator::Language, PathBuf)>, Failure> {
    let settings = &context.project.workspace().settings().codegen;
    let outputs = [
        (generator::Language::Rust, settings.rust_output.as_ref()),
        (generator::Language::Python, settings.python_output.as_ref()),
    ];
    let wanted = args.language.map(generator::Language::from);
    let mut targets = Vec::new();
    for (language, configured) in outputs {
        if wanted.is_some_and(|it| it != language) {
            continue;
        }
        let output = args.output.clone().or_else(|| configured.map(|it| it.value.clone()));
        targets.extend(output.map(|it| (language, it)));
    }
    if targets.is_empty() {
        let key = match args.language {
            Some(LanguageArg::Python) => "[codegen.python] output = \"app/models\"",
            _ => "[codegen.rust] output = \"src/schema.rs\"",
        };
        let failure = Failure::input("no output path for the generated code");
        return Err(failure.hint(format!("give --output PATH, or set in aludel.toml: {key}")));
    }
    Ok(targets)
}

/// The tables, what is said of code for them, and where.
async fn source(
    context: &Context,
    args: &GenerateArgs,
) -> Result<(Schema, CodeHints, Option<Declared>), Failure> {
    let schema_toml = context.project.schema();
    let source = match &args.from {
        Some(text) => Source::parse(text)?,
        None => Source::Declaration(schema_toml.to_owned()),
    };
    let loaded = context.project.workspace().load(&source).await?;
    tell_omitted(&context.project, &loaded, args.from.as_deref().unwrap_or_default());
    let declared = match &loaded.declared {
        Some(declared) => Some(declared.clone()),
        None if schema_toml.exists() => {
            let files = declaration_files(schema_toml)?;
            Some(understand(files)?)
        }
        None => None,
    };
    let (schema, hints) = generator::told(&loaded, declared.as_ref());
    Ok((schema, hints, declared))
}

/// Why there is no code: at the place in schema.toml where it is known, else in a list.
fn told(errors: &[CodegenError], declared: Option<&Declared>) -> Failure {
    let mut failure = Failure::input("the code cannot be generated; nothing was written");
    let mut diagnostics = Vec::new();
    for error in errors {
        let place = declared.and_then(|it| it.declaration.origins.get(&error.object));
        match place {
            Some(span) => {
                diagnostics.push(Diagnostic::error(*span, &error.message).help(&error.help));
            }
            None => failure = failure.detail(&error.message).hint(&error.help),
        }
    }
    if let Some(declared) = declared {
        crate::diagnostic::sort(&mut diagnostics);
        failure.mistakes = Some(Mistakes { diagnostics, files: declared.files.clone() });
    }
    failure.hints.dedup();
    failure
}

fn report(
    language: generator::Language,
    generated: &Generated,
    states: &[FileState],
    check: bool,
) -> Report {
    let file = |it: &FileState| {
        let state = match (&it.generated, &it.found) {
            _ if it.is_current() => State::UpToDate,
            (None, _) => State::LeftOver,
            (Some(_), None) => State::New,
            (Some(_), Some(_)) => State::Changed,
        };
        let show = check && state != State::UpToDate;
        let difference = if show { it.difference() } else { String::new() };
        File { path: it.path.display().to_string(), state, difference }
    };
    Report {
        language: language.name(),
        files: states.iter().map(file).collect(),
        warnings: generated.warnings.iter().map(|it| it.message.clone()).collect(),
    }
}

/// How many files are named that were written, one by one.
const MOST_NAMED: usize = 12;

/// What was done, or would be, one line a file; nothing changed is one line for all, and so are many
/// files written at once.
fn tell(context: &Context, args: &GenerateArgs, report: &Report) {
    let is_stale = |it: &&File| it.state != State::UpToDate;
    let is_written = |it: &&File| !args.check && matches!(it.state, State::New | State::Changed);
    let written = report.files.iter().filter(is_written).count();
    let together = written > MOST_NAMED;
    if !report.files.iter().any(|it| is_stale(&it)) {
        let count = report.files.len();
        context.ui.note(&format!("{}: {count} files are up to date", report.language));
    }
    if together {
        let index = report.files.first().map(|it| it.path.as_str()).unwrap_or_default();
        context.ui.note(&format!(
            "{}: wrote {written} files, {index} and others in the same directory",
            report.language
        ));
    }
    for file in report.files.iter().filter(|it| is_stale(it) && !(together && is_written(it))) {
        let path = &file.path;
        let text = match (file.state, args.check, args.prune) {
            (State::LeftOver, false, true) => format!("removed {path}"),
            (State::LeftOver, _, _) => {
                format!(
                    "{path} belongs to a table that no longer exists; to remove the file: \
                         --prune"
                )
            }
            (State::New, true, _) => format!("{path} is missing"),
            (_, true, _) => format!("{path} is not up to date"),
            (_, false, _) => format!("wrote {path}"),
        };
        context.ui.note(&text);
    }
}

impl From<LanguageArg> for generator::Language {
    fn from(typed: LanguageArg) -> Self {
        match typed {
            LanguageArg::Rust => Self::Rust,
            LanguageArg::Python => Self::Python,
        }
    }
}

fn failure(error: GenerateError) -> Failure {
    let message = error.to_string();
    match error {
        GenerateError::Foreign(_) => Failure::input(message).hint("to overwrite them: --force"),
        GenerateError::Runtime(_) => Failure::new(Kind::Internal, message),
        _ => Failure::input(message),
    }
}
