//! Typed code for the tables, compared with the files on disk and written.

use std::path::PathBuf;

use serde::Serialize;

use crate::codegen::{CodegenError, Generated};
use crate::diagnostic::{self, Diagnostic};
use crate::generator::{self, FileState, GenerateError, Language};
use crate::model::Schema;
use crate::model::code_hints::CodeHints;
use crate::workspace::{Declared, Source, declaration_files, understand};

use super::Project;
use super::diff::tell_omitted;
use super::failure::{Failure, Kind, Mistakes};

/// What code is generated, and what happens to files.
#[derive(Debug, Clone, Default)]
pub struct GenerateOptions {
    /// The source of the tables; the declaration, if none is given.
    pub from: Option<String>,
    /// One language; all that are configured, if none is given.
    pub language: Option<Language>,
    /// Where the code is written, instead of the configured path.
    pub output: Option<PathBuf>,
    /// Whether the files are only compared.
    pub check: bool,
    /// Whether files that aludel did not generate are overwritten.
    pub force: bool,
    /// Whether files of tables that no longer exist are removed.
    pub prune: bool,
}

/// The code of one language.
#[derive(Debug, Serialize)]
pub struct GenerateReport {
    /// `Rust` or `Python`.
    pub language: &'static str,
    /// Its files, the generated ones first.
    pub files: Vec<CodeFile>,
    /// What the code does not have, and why.
    pub warnings: Vec<String>,
}

/// A file of generated code.
#[derive(Debug, Serialize)]
pub struct CodeFile {
    /// Its path.
    pub path: String,
    /// How it compared with the generated code, before anything was written.
    pub state: CodeState,
    /// What would change, as `diff -u` shows it; only if the files are only compared.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub difference: String,
}

/// How a file compares with the generated code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    /// The same.
    UpToDate,
    /// The file does not exist.
    New,
    /// Its text differs.
    Changed,
    /// It was generated for a table that no longer exists.
    LeftOver,
}

impl Project {
    /// Generates code and writes it, or compares it with the files on disk. No file is written unless the
    /// code of all languages can be generated.
    ///
    /// # Errors
    /// What is wrong with the source, tables for which there is no code, and files that cannot be written.
    pub async fn generate(
        &self,
        options: &GenerateOptions,
    ) -> Result<Vec<GenerateReport>, Failure> {
        let targets = targets(self, options)?;
        let (schema, hints, declared) = Box::pin(source(self, options)).await?;
        let settings = &self.workspace.settings().codegen;
        let (mut reports, mut all) = (Vec::new(), Vec::new());
        for (language, output) in targets {
            let generated = generator::code(&schema, &hints, language, settings)
                .map_err(|it| ungenerated(&it, declared.as_ref()))?;
            let states = generator::compare(&generated, language, &output)?;
            reports.push(report(language, &generated, &states, options.check));
            all.extend(states);
        }
        if !options.check {
            generator::write(all.iter(), options.force, options.prune)?;
        }
        Ok(reports)
    }
}

/// The languages, each with the path that its code is written to.
fn targets(
    project: &Project,
    options: &GenerateOptions,
) -> Result<Vec<(Language, PathBuf)>, Failure> {
    let settings = &project.workspace.settings().codegen;
    let outputs = [
        (Language::Rust, settings.rust_output.as_ref()),
        (Language::Python, settings.python_output.as_ref()),
    ];
    let mut targets = Vec::new();
    for (language, configured) in outputs {
        if options.language.is_some_and(|it| it != language) {
            continue;
        }
        let output = options.output.clone().or_else(|| configured.map(|it| it.value.clone()));
        targets.extend(output.map(|it| (language, it)));
    }
    if targets.is_empty() {
        let key = match options.language {
            Some(Language::Python) => "[codegen.python] output = \"app/models\"",
            Some(Language::Rust) | None => "[codegen.rust] output = \"src/schema.rs\"",
        };
        let failure = Failure::input("no output path for the generated code");
        return Err(failure.hint(format!("give --output PATH, or set in aludel.toml: {key}")));
    }
    Ok(targets)
}

/// The tables, what the declaration says of code for them, and where it does.
async fn source(
    project: &Project,
    options: &GenerateOptions,
) -> Result<(Schema, CodeHints, Option<Declared>), Failure> {
    let source = match &options.from {
        Some(text) => Source::parse(text)?,
        None => Source::Declaration(project.schema.clone()),
    };
    let loaded = project.workspace.load(&source).await?;
    tell_omitted(project, &loaded, options.from.as_deref().unwrap_or_default());
    let declared = match &loaded.declared {
        Some(declared) => Some(declared.clone()),
        None if project.schema.exists() => Some(understand(declaration_files(&project.schema)?)?),
        None => None,
    };
    let (schema, hints) = generator::told(&loaded, declared.as_ref());
    Ok((schema, hints, declared))
}

/// Why there is no code: at the place in schema.toml where it is known, else in a list.
fn ungenerated(errors: &[CodegenError], declared: Option<&Declared>) -> Failure {
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
        diagnostic::sort(&mut diagnostics);
        failure.mistakes = Some(Mistakes { diagnostics, files: declared.files.clone() });
    }
    failure.hints.dedup();
    failure
}

fn report(
    language: Language,
    generated: &Generated,
    states: &[FileState],
    check: bool,
) -> GenerateReport {
    let file = |it: &FileState| {
        let state = match (&it.generated, &it.found) {
            _ if it.is_current() => CodeState::UpToDate,
            (None, _) => CodeState::LeftOver,
            (Some(_), None) => CodeState::New,
            (Some(_), Some(_)) => CodeState::Changed,
        };
        let show = check && state != CodeState::UpToDate;
        let difference = if show { it.difference() } else { String::new() };
        CodeFile { path: it.path.display().to_string(), state, difference }
    };
    GenerateReport {
        language: language.name(),
        files: states.iter().map(file).collect(),
        warnings: generated.warnings.iter().map(|it| it.message.clone()).collect(),
    }
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Self {
        let message = error.to_string();
        match error {
            GenerateError::Foreign(_) => Self::input(message).hint("to overwrite them: --force"),
            GenerateError::Runtime(_) => Self::new(Kind::Internal, message),
            GenerateError::Settings(_)
            | GenerateError::Source(_)
            | GenerateError::Code(_)
            | GenerateError::File { .. } => Self::input(message),
        }
    }
}
