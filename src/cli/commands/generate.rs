//! `aludel generate`: typed code for the tables.

use std::collections::BTreeSet;

use crate::generator::Language;
use crate::operations::{CodeFile, CodeState, Failure, GenerateOptions, GenerateReport};

use super::super::args::{GenerateArgs, LanguageArg};
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::BOTH;

/// How many files are named that were written, one by one.
const MOST_NAMED: usize = 12;

pub(crate) async fn run(context: &Context, args: &GenerateArgs) -> Result<Outcome, Failure> {
    let GenerateArgs { language, from, output, check, force, prune } = args;
    let options = GenerateOptions {
        from: from.clone(),
        language: language.map(Language::from),
        output: output.clone(),
        check: *check,
        force: *force,
        prune: *prune,
    };
    let reports = context.project.generate(&options).await?;
    // Most are said of every language.
    let warnings: BTreeSet<&String> = reports.iter().flat_map(|it| &it.warnings).collect();
    warnings.iter().for_each(|it| context.ui.warning(it));
    reports.iter().for_each(|it| tell(context, args, it));
    let mut files = reports.iter().flat_map(|it| &it.files);
    let shown: String = files.clone().map(|it| it.difference.as_str()).collect();
    let stale = args.check && files.any(is_stale);
    context.ui.data(&reports, &shown)?;
    Ok(if stale { Outcome::No } else { Outcome::Done })
}

fn is_stale(file: &CodeFile) -> bool {
    file.state != CodeState::UpToDate
}

/// What was done, or would be, one line a file; nothing changed is one line for all, and so are many
/// files written at once.
fn tell(context: &Context, args: &GenerateArgs, report: &GenerateReport) {
    let is_written =
        |it: &CodeFile| !args.check && matches!(it.state, CodeState::New | CodeState::Changed);
    let written = report.files.iter().filter(|it| is_written(it)).count();
    let together = written > MOST_NAMED;
    if !report.files.iter().any(is_stale) {
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
    let named = report.files.iter().filter(|it| is_stale(it) && !(together && is_written(it)));
    named.for_each(|it| context.ui.note(&line(it, args)));
}

fn line(CodeFile { path, state, .. }: &CodeFile, args: &GenerateArgs) -> String {
    match (state, args.check, args.prune) {
        (CodeState::LeftOver, false, true) => format!("removed {path}"),
        (CodeState::LeftOver, _, _) => {
            format!("{path} is no longer generated; to remove the file: --prune")
        }
        (CodeState::New, true, _) => format!("{path} is missing"),
        (_, true, _) => format!("{path} is not up to date"),
        (_, false, _) => format!("wrote {path}"),
    }
}

impl From<LanguageArg> for Language {
    fn from(typed: LanguageArg) -> Self {
        match typed {
            LanguageArg::Rust => Self::Rust,
            LanguageArg::Python => Self::Python,
        }
    }
}
