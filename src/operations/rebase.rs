//! Revisions that no database has, put on another head.

use serde::Serialize;

use crate::ledger::Applied;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision_files::replace_all;

use super::Project;
use super::draft::named_one;
use super::failure::Failure;
use super::ledger;

/// Which branch is moved, and where. What is left out follows from two heads of which the database has one.
#[derive(Debug, Clone, Default)]
pub struct RebaseOptions {
    /// A revision of the branch.
    pub revision: Option<String>,
    /// The head that it is put on.
    pub onto: Option<String>,
}

/// A branch that has been moved.
#[derive(Debug, Serialize)]
pub struct Rebased {
    /// The head that it is on now.
    pub onto: String,
    /// Its revisions, in order.
    pub moved: Vec<String>,
}

impl Project {
    /// Moves a branch that the database does not have onto another head. It has run there before its files
    /// are written.
    ///
    /// # Errors
    /// When the branch is applied, or does not run on the other head.
    pub async fn rebase(&self, options: &RebaseOptions) -> Result<Rebased, Failure> {
        let graph = self.workspace.graph()?;
        let applied = ledger::read(self).await?;
        let (head, onto) = ends(options, &graph, &applied)?;
        let branch = graph.branch_of(&head, &onto).map_err(|it| Failure::input(it.to_string()))?;
        if let Some(id) = branch.iter().find(|id| applied.get(id).is_some()) {
            let failure = Failure::input(format!("revision `{id}` is already applied"));
            return Err(failure.hint("to join branches that are applied: `aludel merge`"));
        }
        let moved = graph.moved(&branch, &onto);
        let others = graph.iter().filter(|it| !branch.contains(it.id())).cloned();
        let after = Graph::new(others.chain(moved.iter().cloned()))
            .map_err(|errors| Failure::input(errors[0].to_string()))?;
        // Revisions that others have added since can conflict.
        self.workspace.history_schema(&after, std::slice::from_ref(&head)).await.map_err(
            |error| {
                let mut failure = Failure::from(error);
                failure.message = format!("nothing was moved: {}", failure.message);
                failure
            },
        )?;
        replace_all(&moved)?;
        let moved = branch.iter().map(ToString::to_string).collect();
        Ok(Rebased { onto: onto.to_string(), moved })
    }
}

/// The head that is moved, and the one that it is put on. What is not said follows from two heads
/// of which the database has one.
fn ends(
    options: &RebaseOptions,
    graph: &Graph,
    applied: &Applied,
) -> Result<(RevisionId, RevisionId), Failure> {
    let named = |text: &str| {
        let found = named_one(graph, text)?;
        found.ok_or_else(|| Failure::input(format!("there is no revision `{text}`")))
    };
    let onto = options.onto.as_deref().map(&named).transpose()?;
    let head = options.revision.as_deref().map(&named).transpose()?;
    let head = head.map(|id| tip(graph, id)).transpose()?;
    let heads: Vec<RevisionId> = graph.heads().into_iter().cloned().collect();
    let other = |id: &RevisionId| {
        let others: Vec<_> = heads.iter().filter(|it| *it != id).collect();
        match others.as_slice() {
            [only] => Ok((*only).clone()),
            [] => Err(Failure::input("there is only one head: nothing to move")),
            _ => Err(Failure::input("there are more than two heads")
                .hint("say which branch to move: `aludel rebase REVISION --onto REVISION`")),
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
                (_, 0 | 1) => Err(Failure::input("there is only one head: nothing to move")),
                _ => Err(Failure::input("it is not clear which branch to move")
                    .hint("say which branch to move: `aludel rebase REVISION --onto REVISION`")),
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
        _ => Err(Failure::input(format!("`{id}` has several heads")).hint("name the head to move")),
    }
}
