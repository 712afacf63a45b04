//! `aludel merge`: a revision that joins branches.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::render::revision::Content;
use crate::revision::id::RevisionId;

use super::super::args::MergeArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::draft::{self, Draft};

#[derive(Serialize)]
struct Report {
    id: String,
    parents: Vec<String>,
    up: String,
    down: Option<String>,
}

pub(crate) fn run(context: &Context, args: &MergeArgs) -> Result<Outcome, Failure> {
    let graph = context.workspace.graph().map_err(|it| context.workspace_failure(it))?;
    let mut parents: Vec<RevisionId> = Vec::new();
    for text in &args.revisions {
        parents.extend(draft::named(context, &graph, text)?);
    }
    let mut seen = BTreeSet::new();
    parents.retain(|it| seen.insert(it.clone()));
    if parents.len() < 2 {
        let failure = Failure::input("a merge joins two revisions or more");
        return Err(failure.hint("`aludel heads` lists the heads"));
    }
    if let Some(id) = parents.iter().find(|it| graph.children(it).next().is_some()) {
        return Err(Failure::input(format!("revision `{id}` is not a head"))
            .hint(format!("`{id}@head` is the head of its branch")));
    }
    let names: Vec<_> = parents.iter().map(RevisionId::as_str).collect();
    let message = args.message.clone().unwrap_or_else(|| format!("merge {}", names.join(" and ")));
    let draft = Draft::new(context, &graph, &args.draft)?;
    let header = draft.header(&message, parents.clone())?;
    let revision = draft.assembled(header, &Content::Merge, Some(&Content::Merge))?;
    draft::place(context, &revision)?;
    let up = revision.up.path.display().to_string();
    let down = revision.down.as_ref().map(|it| it.path.display().to_string());
    let mut text = format!("{} joins {}\nwrote {up}\n", revision.id(), names.join(" and "));
    text.extend(down.iter().map(|it| format!("wrote {it}\n")));
    let report = Report {
        id: revision.id().to_string(),
        parents: parents.iter().map(ToString::to_string).collect(),
        up,
        down,
    };
    context.ui.data(&report, &text)?;
    Ok(Outcome::Done)
}
