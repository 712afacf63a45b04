//! `aludel history`: the revisions, newest first.

use serde::Serialize;

use crate::ledger::Applied;
use crate::revision::Revision;
use crate::revision::id::RevisionId;

use super::super::args::HistoryArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::ledger;

#[derive(Serialize)]
struct Entry {
    id: String,
    parents: Vec<String>,
    message: String,
    created: Option<String>,
    labels: Vec<String>,
    head: bool,
    up: String,
    down: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<bool>,
}

pub(crate) async fn run(context: &Context, args: &HistoryArgs) -> Result<Outcome, Failure> {
    let graph = context.workspace.graph().map_err(|it| context.workspace_failure(it))?;
    let applied = if args.indicate_current { Some(ledger::read(context).await?) } else { None };
    let heads = graph.heads();
    let entries: Vec<Entry> =
        graph.iter().rev().map(|it| entry(it, &heads, applied.as_ref())).collect();
    let text: String = entries.iter().map(|it| shown(it, args.verbose)).collect();
    context.ui.data(&entries, &text)?;
    if entries.is_empty() {
        context.ui.note("there are no revisions");
    }
    Ok(Outcome::Done)
}

fn entry(revision: &Revision, heads: &[&RevisionId], applied: Option<&Applied>) -> Entry {
    let header = &revision.header;
    Entry {
        id: header.id.to_string(),
        parents: header.parents.iter().map(ToString::to_string).collect(),
        message: header.message.clone(),
        created: header.created.map(|it| it.to_string()),
        labels: header.labels.clone(),
        head: heads.contains(&&header.id),
        up: revision.up.path.display().to_string(),
        down: revision.down.as_ref().map(|it| it.path.display().to_string()),
        applied: applied.map(|it| it.holds(&header.id)),
    }
}

fn shown(entry: &Entry, verbose: bool) -> String {
    let parents =
        if entry.parents.is_empty() { "<base>".to_owned() } else { entry.parents.join(", ") };
    let mut marks = Vec::new();
    marks.extend(entry.head.then_some("head"));
    marks.extend((entry.applied == Some(true)).then_some("applied"));
    marks.extend(entry.down.is_none().then_some("irreversible"));
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let mut text = format!("{parents} -> {}{marks}, {}\n", entry.id, entry.message);
    if verbose {
        text.extend(entry.created.iter().map(|it| format!("    created {it}\n")));
        text.push_str(&format!("    {}\n", entry.up));
        text.extend(entry.down.iter().map(|it| format!("    {it}\n")));
    }
    text
}
