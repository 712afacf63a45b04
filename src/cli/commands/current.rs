//! `aludel current`: the current revision of the database.

use serde::Serialize;

use crate::ledger::State;
use crate::operations::failure::Failure;
use crate::operations::ledger;

use super::super::args::CurrentArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(in crate::cli) const NEEDS: Needs = Needs::DATABASE.each();

#[derive(Serialize)]
struct Revision {
    id: String,
    message: String,
    head: bool,
    state: &'static str,
    applied_at: String,
    applied_by: String,
    file: Option<String>,
}

pub(crate) async fn run(context: &Context, args: &CurrentArgs) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let applied = ledger::read(&context.project).await?;
    let heads = graph.heads();
    let mut revisions = Vec::new();
    for id in ledger::current(&graph, &applied) {
        let Some(row) = applied.get(&id) else { continue };
        revisions.push(Revision {
            id: id.to_string(),
            message: row.message.clone(),
            head: heads.contains(&&id),
            state: row.state.as_str(),
            applied_at: row.applied_at.clone(),
            applied_by: row.applied_by.clone(),
            file: graph.get(&id).map(|it| it.up.path.display().to_string()),
        });
    }
    let mut text = String::new();
    for it in &revisions {
        text.push_str(&it.id);
        text.push_str(if it.head { " (head)" } else { "" });
        if it.state != State::Applied.as_str() {
            text.push_str(&format!(" ({}, interrupted)", it.state));
        }
        if args.verbose {
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
    context.ui.data(&revisions, &text)?;
    if revisions.is_empty() {
        context.ui.note("no revision is applied");
    }
    if !args.check_heads {
        return Ok(Outcome::Done);
    }
    let missing: Vec<_> = heads
        .iter()
        .filter(|id| applied.get(id).is_none_or(|it| it.state != State::Applied))
        .collect();
    if missing.is_empty() {
        return Ok(Outcome::Done);
    }
    let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
    context.ui.note(&format!("the database is not at {}", missing.join(", ")));
    Ok(Outcome::No)
}
