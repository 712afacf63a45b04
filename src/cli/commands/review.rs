//! `aludel review`: what statements do to a database in use.

use std::io::{IsTerminal, Read};
use std::path::Path;

use serde::Serialize;

use crate::operations::{Failure, LiveDatabase, ReviewOptions, ReviewReport};
use crate::report::count;
use crate::report::plain::{plain, plain_json};
use crate::review::format::{self, Review};

use super::super::args::{RehearseArgs, ReviewArgs};
use super::super::global::Format;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(in crate::cli) const NEEDS: Needs = Needs::BOTH;

pub(crate) async fn run(context: &Context, args: &ReviewArgs) -> Result<Outcome, Failure> {
    let ReviewArgs { what, allow, deny, verbose, output } = args;
    let standard_input = match what.iter().any(|it| it == "-") {
        true => Some(read_all()?),
        false => None,
    };
    let (what, allow, deny) = (what.clone(), allow.clone(), deny.clone());
    let options = ReviewOptions { what, standard_input, allow, deny };
    let report = context.project.review(&options).await?;
    print(&report, context, *verbose, output.as_deref())?;
    tell_beside(&report, context, *verbose);
    Ok(outcome(&report))
}

/// What `aludel rehearse` needs: it works on a database that is named.
pub(in crate::cli) const NEEDS_OF_REHEARSAL: Needs = Needs::FILES;

pub(crate) async fn rehearse(context: &Context, args: &RehearseArgs) -> Result<Outcome, Failure> {
    let RehearseArgs { copy, allow, deny, output } = args;
    let options = ReviewOptions { allow: allow.clone(), deny: deny.clone(), ..Default::default() };
    let report = context.project.rehearse(copy, &options).await?;
    print(&report, context, true, output.as_deref())?;
    tell_beside(&report, context, true);
    Ok(outcome(&report))
}

fn outcome(report: &ReviewReport) -> Outcome {
    if report.is_denied() { Outcome::No } else { Outcome::Done }
}

fn print(
    report: &ReviewReport,
    context: &Context,
    verbose: bool,
    output: Option<&Path>,
) -> Result<(), Failure> {
    let color = output.is_none() && context.ui.color() && std::io::stdout().is_terminal();
    let text = shown(report, context, verbose, color);
    match (output, context.ui.format()) {
        (Some(path), _) => {
            std::fs::write(path, text).map_err(|it| Failure::unwritable(path, &it))?
        }
        (None, Format::Json) => context.ui.data(&Reviewed::of(report), "")?,
        (None, _) => context.ui.verbatim(&text)?,
    }
    Ok(())
}

/// The review, with what the configured database says.
#[derive(Serialize)]
struct Reviewed<'a> {
    #[serde(flatten)]
    review: format::ReviewReport<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<&'a LiveDatabase>,
}

impl<'a> Reviewed<'a> {
    fn of(report: &'a ReviewReport) -> Self {
        let review = Review { files: &report.files, hazards: &report.hazards, database: &[] };
        Self { review: format::ReviewReport::new(review), database: report.live.as_ref() }
    }
}

fn read_all() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().read_to_string(&mut text);
    read.map_err(|error| Failure::input(format!("cannot read standard input: {error}")))?;
    Ok(text)
}

fn shown(report: &ReviewReport, context: &Context, verbose: bool, color: bool) -> String {
    let database: Vec<String> = report.live.iter().flat_map(|it| it.lines()).collect();
    let review = Review { files: &report.files, hazards: &report.hazards, database: &database };
    match context.ui.format() {
        Format::Json => {
            let json = serde_json::to_string_pretty(&Reviewed::of(report));
            format!("{}\n", plain_json(&json.expect("its keys are texts")))
        }
        Format::Markdown => format::markdown(review),
        Format::Sarif => format::sarif(review),
        Format::Github => format::github(review),
        Format::Html => format::html(review),
        _ => text(review, verbose, color),
    }
}

fn text(review: Review<'_>, verbose: bool, color: bool) -> String {
    let mut text = String::new();
    if verbose {
        text.push_str(&format::facts(review));
        text.push('\n');
    }
    text.push_str(&format::hazards(review, color));
    text.extend(review.database.iter().map(|it| format!("{}\n", plain(it))));
    text
}

/// What is said beside the outcome: what was looked at, and how its facts are known.
fn tell_beside(report: &ReviewReport, context: &Context, verbose: bool) {
    let known = report.known();
    let statements = known.measured + known.told + known.unknown;
    if report.files.is_empty() {
        return;
    }
    let mut told = vec![format!("{} measured", known.measured)];
    if known.told > 0 {
        told.push(format!("{} from the table of measured forms", known.told));
    }
    if known.unknown > 0 {
        told.push(format!("{} not known", known.unknown));
    }
    context.ui.note(&format!(
        "{} in {}: {}",
        count(statements, "statement"),
        count(report.files.len(), "file"),
        told.join(", ")
    ));
    if !verbose && report.is_denied() {
        context.ui.hint("`aludel explain CODE` says why, and what to write instead");
    }
}
