//! `aludel squash`: many revisions become one that stands for them.

use serde::Serialize;

use crate::diff::not_nulls::fitted;
use crate::model::fingerprint::Fingerprint;
use crate::render::revision::Content;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision_files::{remove, replace_all};
use crate::runner::statements;

use super::super::args::{DraftArgs, SquashArgs};
use super::super::failure::{Failure, Kind};
use super::super::{Context, Outcome};
use super::diff::{count, tell_unmanaged};
use super::draft::{self, Draft};

#[derive(Serialize)]
struct Report {
    id: String,
    replaced: Vec<String>,
    up: String,
    down: Option<String>,
}

pub(crate) async fn run(context: &Context, args: &SquashArgs) -> Result<Outcome, Failure> {
    let failed = |error| context.workspace_failure(error);
    let graph = context.workspace.graph().map_err(failed)?;
    let last = draft::named_one(context, &graph, &args.revision)?;
    let last = last.ok_or_else(|| Failure::input("there is nothing before the first revision"))?;
    let old = graph.squashable(&last).map_err(|it| Failure::input(it.to_string()))?;
    if old.len() < 2 {
        return Err(Failure::input(format!(
            "revision `{last}` builds on no other: it is one already"
        )));
    }
    let revision = squashed(context, args, &graph, &last, &old).await?;
    tell_lost(context, &graph, &old)?;
    replace_all(std::slice::from_ref(&revision)).map_err(|it| Failure::of_write(&it))?;
    let gone: Vec<&Revision> = old.iter().filter_map(|id| graph.get(id)).collect();
    remove(&gone, &revision).map_err(|it| Failure::of_write(&it))?;
    let up = revision.up.path.display().to_string();
    let down = revision.down.as_ref().map(|it| it.path.display().to_string());
    let mut text = format!("{last} stands for {}\nwrote {up}\n", count(old.len(), "revision"));
    text.extend(down.iter().map(|it| format!("wrote {it}\n")));
    let replaced = old.iter().map(ToString::to_string).collect();
    context.ui.data(&Report { id: last.to_string(), replaced, up, down }, &text)?;
    context.ui.hint("databases that are at or after it are carried over by the next upgrade; one that is before it needs the old files");
    Ok(Outcome::Done)
}

/// The revision that stands for the old ones, run up and down on a scratch database.
async fn squashed(
    context: &Context,
    args: &SquashArgs,
    graph: &Graph,
    last: &RevisionId,
    old: &[RevisionId],
) -> Result<Revision, Failure> {
    let workspace = &context.workspace;
    let failed = |error| context.workspace_failure(error);
    let nothing = workspace.history(graph, &[]).await.map_err(failed)?;
    let all = workspace.history(graph, std::slice::from_ref(last)).await.map_err(failed)?;
    if !all.snapshot.unmanaged.is_empty() {
        tell_unmanaged(context, &all, "the history");
        return Err(Failure::input(
            "nothing was squashed: what aludel does not manage would be lost",
        ));
    }
    let comparison = workspace.compare(&nothing, &all).await.map_err(failed)?;
    let wrong = |errors: Vec<_>| context.plan_failure(&errors, None);
    let up = context.script(&comparison.up(context.plan_options()).map_err(wrong)?);
    let down = context.script(&comparison.down(context.plan_options()).map_err(wrong)?);
    let message = args.message.clone().unwrap_or_else(|| format!("squash {} revisions", old.len()));
    let typed = DraftArgs::default();
    let mut header =
        Draft::new(context, &Graph::default(), &typed)?.header(&message, Vec::new())?;
    header.id = last.clone();
    header.created = graph.get(last).and_then(|it| it.header.created).or(header.created);
    header.labels =
        old.iter().filter_map(|id| graph.get(id)).flat_map(|it| it.header.labels.clone()).collect();
    header.replaces = graph.chain(last).cloned();
    header.fingerprint = Some(Fingerprint::of(&all.snapshot.schema));
    let draft = Draft::new(context, graph, &typed)?;
    let revision = draft.assembled(header, &Content::Plan(up), Some(&Content::Plan(down)))?;

    let none = Graph::default();
    let (mut scratch, empty) =
        workspace.replay(&none, &[], &all.snapshot.schema).await.map_err(failed)?;
    let mut left = Vec::new();
    let files = [(Some(&revision.up), &all.snapshot), (revision.down.as_ref(), &empty)];
    for (file, wanted) in files {
        let Some(file) = file else { continue };
        match workspace.try_file(&mut scratch, file).await {
            Ok(found) => {
                let wanted = fitted(&found, wanted);
                left.extend(workspace.left_between(&found.schema, &wanted).await);
            }
            Err(error) => {
                scratch.close().await;
                let mut failure = context.workspace_failure(error);
                failure.message = format!("nothing was squashed: {}", failure.message);
                return Err(failure);
            }
        }
    }
    scratch.close().await;
    if left.is_empty() {
        return Ok(revision);
    }
    let message =
        "nothing was squashed: one revision does not build the same, which is an error of aludel";
    let failure = Failure::new(Kind::Internal, message);
    Err(left.iter().fold(failure, |it, change| it.detail(format!("left over: {change}"))))
}

/// Names the statements whose work is no part of the schema.
fn tell_lost(context: &Context, graph: &Graph, old: &[RevisionId]) -> Result<(), Failure> {
    let mut lost = Vec::new();
    for revision in old.iter().filter_map(|id| graph.get(id)) {
        let statements = statements(&revision.up, revision.header.transaction);
        let statements = statements.map_err(|it| Failure::input(it.to_string()))?;
        for it in statements.iter().filter(|it| it.writes_rows()) {
            lost.push(format!("{}:{}", revision.up.path.display(), it.line));
        }
    }
    if !lost.is_empty() {
        context.ui.warning(&format!(
            "rows that the old revisions wrote are not in the new one: {}",
            lost.join(", ")
        ));
    }
    Ok(())
}
