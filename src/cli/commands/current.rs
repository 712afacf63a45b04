//! `aludel current`: the current revision of the database.

use crate::operations::{CurrentReport, Failure};

use super::super::args::CurrentArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::DATABASE.each();

pub(crate) async fn run(context: &Context, args: &CurrentArgs) -> Result<Outcome, Failure> {
    let report = context.project.current().await?;
    context.ui.data(&report, &shown(&report, args.verbose))?;
    if report.revisions.is_empty() {
        context.ui.note("no revision is applied");
    }
    if !args.check_heads || report.missing.is_empty() {
        return Ok(Outcome::Done);
    }
    context.ui.note(&format!("the database is not at {}", report.missing.join(", ")));
    Ok(Outcome::No)
}

fn shown(report: &CurrentReport, verbose: bool) -> String {
    let mut text = String::new();
    for it in &report.revisions {
        text.push_str(&it.id);
        text.push_str(if it.head { " (head)" } else { "" });
        if !it.is_applied() {
            text.push_str(&format!(" ({}, interrupted)", it.state));
        }
        if verbose {
            if !it.message.is_empty() {
                text.push_str(&format!("\n    {}", it.message));
            }
            let file = it.file.as_deref().unwrap_or("file missing");
            text.push_str(&format!(
                "\n    applied {} by {}\n    {file}",
                it.applied_at, it.applied_by
            ));
        }
        text.push('\n');
    }
    text
}
