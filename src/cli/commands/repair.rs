//! `aludel repair`: accepts files that were edited after they were applied.

use crate::operations::draft;
use crate::operations::failure::Failure;
use crate::runner::{RepairReport, RepairRequest};

use super::super::args::RepairArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::DATABASE.each().stopping();

pub(crate) async fn run(context: &Context, args: &RepairArgs) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let mut ids = Vec::new();
    for text in &args.revisions {
        ids.extend(draft::named(&graph, text)?);
    }
    let request = RepairRequest { graph: &graph, ids: &ids };
    tell(context, &context.project.repair(request).await?)
}

fn tell(context: &Context, report: &RepairReport) -> Result<Outcome, Failure> {
    let mut text = String::new();
    text.extend(report.accepted.iter().map(|it| format!("accepted the files of {it}\n")));
    if report.accepted.is_empty() {
        text.push_str("nothing to do: no files to accept\n");
    }
    text.extend(report.mismatches.iter().map(|it| format!("mismatch: {it}\n")));
    context.ui.data(report, &text)?;
    Ok(if report.mismatches.is_empty() { Outcome::Done } else { Outcome::No })
}
