//! `aludel rebase`: revisions that no database has, put on another head.

use serde::Serialize;

use crate::ledger::Applied;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision_files::replace_all;

use super::super::args::RebaseArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::draft::named_one;
use super::ledger;

#[derive(Serialize)]
struct Report {
    onto: String,
    moved: Vec<String>,
}

pub(crate) async fn run(context: &Context, args: &RebaseArgs) -> Result<Outcome, Failure> {
    let failed = |error| context.workspace_failure(error);
    let graph = context.workspace.graph().map_err(failed)?;
    let applied = ledger::read(context).await?;
    let (head, onto) = ends(context, args, &graph, &applied)?;
    let branch = graph.branch_of(&head, &onto).map_err(|it| Failure::input(it.to_string()))?;
    if let Some(id) = branch.iter().find(|id| applied.get(id).is_some()) {
        let failure = Failure::input(format!("revision `{id}` is applied already"));
        return Err(failure.hint("`aludel merge` joins branches that databases have"));
    }
    let moved = graph.moved(&branch, &onto);
    let others = graph.iter().filter(|it| !branch.contains(it.id())).cloned();
    let after = Graph::new(others.chain(moved.iter().cloned()))
        .map_err(|errors| Failure::input(errors[0].to_string()))?;
    // What others have added since may be in the way.
    context.workspace.history_schema(&after, std::slice::from_ref(&head)).await.map_err(
        |error| {
            let mut failure = context.workspace_failure(error);
            failure.message = format!("nothing was moved: {}", failure.message);
            failure
        },
    )?;
    replace_all(&moved).map_err(|it| Failure::of_write(&it))?;
    let names: Vec<_> = branch.iter().map(RevisionId::as_str).collect();
    let text = format!("{} now on {onto}\n", names.join(", "));
    let moved = branch.iter().map(ToString::to_string).collect();
    context.ui.data(&Report { onto: onto.to_string(), moved }, &text)?;
    Ok(Outcome::Done)
}

/// The head that is moved, and the one that it is put on. What is not said follows from two heads
/// of which the database has one.
fn ends(
    context: &Context,
    args: &RebaseArgs,
    graph: &Graph,
    applied: &Applied,
) -> Result<(RevisionId, RevisionId), Failure> {
    let named = |text: &str| {
        let found = named_one(context, graph, text)?;
        found.ok_or_else(|| Failure::input(format!("`{text}` names no revision")))
    };
    let onto = args.onto.as_deref().map(&named).transpose()?;
    let head = args.revision.as_deref().map(&named).transpose()?;
    let head = head.map(|id| tip(graph, id)).transpose()?;
    let heads: Vec<RevisionId> = graph.heads().into_iter().cloned().collect();
    let other = |id: &RevisionId| {
        let others: Vec<_> = heads.iter().filter(|it| *it != id).collect();
        match others.as_slice() {
            [only] => Ok((*only).clone()),
            [] => Err(Failure::input("there is one head only: nothing is to be moved")),
            _ => Err(Failure::input("there are more than two heads")
                .hint("`aludel rebase REVISION --onto REVISION` says which")),
        }
    };
    match (head, onto) {
        (Some(head), Some(onto)) => Ok((head, onto)),
        (Some(head), None) => other(&head).map(|onto| (head, onto)),
        (None, Some(onto)) => other(&onto).map(|head| (head, onto)),
        (None, None) => {
            let there: Vec<_> = heads.iter().filter(|it| applied.holds(it)).collect();
            match (there.as_slice(), heads.len()) {
                ([_], 2) => other(there[0]).map(|head| (head, there[0].clone())),
                (_, 0 | 1) => Err(Failure::input("there is one head only: nothing is to be moved")),
                _ => Err(Failure::input("which branch is to be moved does not follow")
                    .hint("`aludel rebase REVISION --onto REVISION` says it")),
            }
        }
    }
}

/// The head of the branch that a revision is on.
fn tip(graph: &Graph, id: RevisionId) -> Result<RevisionId, Failure> {
    let after = graph.line_after([&id]);
    let tips: Vec<_> = graph.tips(&after).cloned().collect();
    match tips.as_slice() {
        [only] => Ok(only.clone()),
        _ => Err(Failure::input(format!("several heads build on `{id}`"))
            .hint("name the head that is to be moved")),
    }
}
