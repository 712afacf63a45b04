//! `aludel status`: a summary of the database.

use crate::operations::{
    Failure, InterruptedBatches, InterruptedRevision, InterruptedStatement, LeftObject,
    StatusReport,
};
use crate::report::count;

use super::super::args::StatusArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::ACCEPT_EDITS;
use super::listing::titled;

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::DATABASE.each();

pub(crate) async fn run(context: &Context, _args: &StatusArgs) -> Result<Outcome, Failure> {
    let report = context.project.status().await?;
    context.ui.data(&report, &shown(&report))?;
    if !report.edited.is_empty() {
        context.ui.hint(ACCEPT_EDITS);
    }
    Ok(if report.is_sound() { Outcome::Done } else { Outcome::No })
}

/// The statement in which a revision was interrupted, a line for each thing that is known of it.
fn shown_statement(it: &InterruptedStatement, command: &str) -> String {
    let end =
        if it.open { "it is unknown whether it finished" } else { "it was stopped or failed" };
    let mut text = format!("          {} in line {}: {end}\n", it.kind, it.line);
    if let Some(what) = it.may_have_left {
        text.push_str(&format!(
            "          it may have left {what}; the statement is run again from \
                                the start\n"
        ));
    }
    for LeftObject { what, clear, busy } in &it.left {
        let next = match (clear, busy) {
            (_, Some(pid)) => format!("process {pid} is working on it"),
            (Some(clear), None) => format!("the next `aludel {command}` starts with {clear}"),
            (None, None) => "does not belong to this revision and is not changed".to_owned(),
        };
        text.push_str(&format!("          {what}: {next}\n"));
    }
    text
}

fn shown_interrupted(it: &InterruptedRevision) -> String {
    let mut text = format!(
        "interrupted: {} is {}, {} of {} parts done; `aludel {}` continues after them\n",
        it.id, it.state, it.done, it.of, it.command
    );
    if let Some(InterruptedBatches { line, rows, reached, .. }) = &it.batches {
        text.push_str(&format!(
            "          batches of the statement in line {line}: {rows} rows updated, up to {reached}\n"
        ));
    }
    if let Some(statement) = &it.statement {
        text.push_str(&shown_statement(statement, it.command));
    }
    text
}

fn shown(report: &StatusReport) -> String {
    let listed = |it: &[String]| if it.is_empty() { "none".to_owned() } else { it.join(", ") };
    let mut text = format!(
        "database  {}\ncurrent   {}\nhead      {}\napplied   {}\npending   {}\n",
        report.database,
        listed(&report.current),
        listed(&report.heads),
        count(report.applied, "revision"),
        count(report.pending.len(), "revision"),
    );
    for it in &report.pending {
        text.push_str(&format!("          {}\n", titled(&it.id, &it.message)));
    }
    for it in &report.interrupted {
        text.push_str(&shown_interrupted(it));
    }
    for it in &report.mismatches {
        text.push_str(&format!("mismatch: {it}\n"));
    }
    for it in &report.edited {
        text.push_str(&format!("edited: {it}\n"));
    }
    for it in &report.vector_indexes {
        text.push_str(&format!("vector: {}\n        {}\n", it.line(), it.remedy));
    }
    text
}
