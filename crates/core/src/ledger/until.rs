//! The steps before a release: up to the first contract revision of each branch.

use std::collections::BTreeSet;

use super::RevisionStep;
use super::pending::PendingError;
use crate::revision::file::{Header, Phase};
use crate::revision::id::RevisionId;

/// Leaves out contract revisions and all that builds on them or depends on them: what is to be run, and
/// what is left, both in order.
///
/// # Errors
/// When a contract revision is partly applied, for nothing comes before its rest.
pub fn until_contract(
    steps: Vec<RevisionStep>,
) -> Result<(Vec<RevisionStep>, Vec<RevisionStep>), PendingError> {
    let is_contract = |it: &RevisionStep| it.revision.header.phase == Some(Phase::Contract);
    if let Some(it) = steps.iter().find(|it| is_contract(it) && it.progress.is_some()) {
        return Err(PendingError::Contracting { id: it.revision.id().clone() });
    }
    let mut left: BTreeSet<RevisionId> = BTreeSet::new();
    Ok(steps.into_iter().partition(|it| {
        let Header { id, parents, depends, .. } = &it.revision.header;
        let waits = is_contract(it) || parents.iter().chain(depends).any(|it| left.contains(it));
        if waits {
            left.insert(id.clone());
        }
        !waits
    }))
}

#[cfg(test)]
mod tests {
    use super::super::sketch::applied;
    use super::super::{Direction, pending};
    use super::*;
    use crate::revision::graph::Graph;
    use crate::revision::graph::sketch::graph;
    use crate::revision::target::Target;

    /// Of a graph, the contract revisions by their ids, and the rows of the ledger.
    #[track_caller]
    fn check(files: &str, contract: &str, rows: &str, expected: &str) {
        let plain = graph(files);
        let marked = plain.iter().cloned().map(|mut it| {
            let is_marked = contract.split(' ').any(|id| id == it.id().as_str());
            it.header.phase = is_marked.then_some(Phase::Contract);
            it
        });
        let graph = Graph::new(marked.collect::<Vec<_>>()).unwrap();
        let rows = applied(&graph, rows);
        let steps = pending(&graph, &rows, Direction::Up, &[Target::HEADS]).unwrap();
        let names = |steps: &[RevisionStep]| {
            steps.iter().map(|it| it.revision.id().as_str()).collect::<Vec<_>>().join(" ")
        };
        let shown = match until_contract(steps) {
            Ok((run, left)) => format!("{} | {}", names(&run), names(&left)),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_builds_on_a_contract_revision_waits_with_it() {
        let line = "a\nb < a\nc < b\nd < c";
        check(line, "", "a", "b c d | ");
        check(line, "c", "a", "b | c d");
        check(line, "c", "a b c", "d | ");
        check(line, "b d", "a", " | b c d");
        check("a\nb < a\nx < a\ny < x\nz < y + b", "b", "a", "x y | b z");
        check("a\nb < a\nx < a\nm < b, x", "b", "", "a x | b m");
    }

    #[test]
    fn a_contract_revision_that_is_begun_is_finished_first() {
        check(
            "a\nb < a",
            "b",
            "a b…",
            "contract revision `b` is partly applied: finish the interrupted upgrade first",
        );
        check("a\nb < a\nc < b", "c", "a b…", "b | c");
    }
}
