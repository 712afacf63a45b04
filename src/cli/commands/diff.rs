//! `aludel diff`: the SQL that changes one schema to another.

use crate::operations::{DiffOptions, Failure};

use super::super::args::DiffArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::findings::tell;

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::BOTH;

pub(crate) async fn run(context: &Context, args: &DiffArgs) -> Result<Outcome, Failure> {
    let DiffArgs { from, to, rename, exit_code, prove, sample } = args;
    let (from, to, rename) = (from.clone(), to.clone(), rename.clone());
    let options = DiffOptions { from, to, rename, prove: *prove, sample: *sample };
    let report = context.project.diff(&options).await?;
    context.ui.document(&report, &report.script)?;
    tell(context.ui, &report.findings);
    match (report.steps.is_empty(), report.proved) {
        (true, _) => {}
        (false, true) => context.ui.note(
            "the SQL was tested on a scratch database and results in \
                                          the schema of TO",
        ),
        (false, false) => {
            context.ui.note("the SQL was not tested; to test it on a scratch database: --prove")
        }
    }
    let differ = *exit_code && !report.changes.is_empty();
    Ok(if differ { Outcome::No } else { Outcome::Done })
}
