//! `aludel recall`: how many of the nearest rows vector indexes find.

use crate::operations::{Failure, RecallOptions, RecallReport};
use crate::recall::IndexRecall;

use super::super::args::RecallArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(in crate::cli) const NEEDS: Needs = Needs::DATABASE.each();

pub(crate) async fn run(context: &Context, args: &RecallArgs) -> Result<Outcome, Failure> {
    let report = context.project.recall(&RecallOptions::from(args)).await?;
    // What took its time is shown first: the file may not be writable.
    context.ui.data(&report, &shown(&report))?;
    if let Some(path) = &args.plot {
        std::fs::write(path, report.svg()).map_err(|it| Failure::unwritable(path, &it))?;
    }
    Ok(if report.is_measured() { Outcome::Done } else { Outcome::No })
}

fn shown(report: &RecallReport) -> String {
    if report.indexes.is_empty() {
        return "no vector indexes\n".to_owned();
    }
    let texts: Vec<String> = report.indexes.iter().map(IndexRecall::text).collect();
    texts.join("\n")
}
