//! The steps from the current revisions of a database to a target.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Applied, Direction, RevisionStep, State};
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::route::RouteError;
use crate::revision::target::{Target, TargetError};

/// Why there is no way to a target.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PendingError {
    /// There is no such way.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// No down file.
    #[error("revision `{id}` is irreversible: it has no down file")]
    Irreversible {
        /// The revision.
        id: RevisionId,
    },
    /// An interrupted run in the other direction comes first.
    #[error("revision `{id}` is partly applied: finish the interrupted {} first", on_the_way(*state))]
    Unfinished {
        /// The revision.
        id: RevisionId,
        /// Where it stands.
        state: State,
    },
    /// What must wait for a release has been begun.
    #[error("contract revision `{id}` is partly applied: finish the interrupted upgrade first")]
    Contracting {
        /// The revision.
        id: RevisionId,
    },
}

impl PendingError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Route(RouteError::Target(error)) => error.hint(),
            Self::Unfinished { state, .. } => {
                Some(format!("to finish it: `aludel {}`", on_the_way(*state)))
            }
            Self::Contracting { .. } => {
                Some("to finish it: `aludel upgrade` without --until-contract".to_owned())
            }
            Self::Route(RouteError::NotApplied { .. }) | Self::Irreversible { .. } => None,
        }
    }
}

impl From<TargetError> for PendingError {
    fn from(error: TargetError) -> Self {
        Self::Route(error.into())
    }
}

fn on_the_way(state: State) -> &'static str {
    match state {
        State::Applying | State::Applied => Direction::Up.command(),
        State::Reverting => Direction::Down.command(),
    }
}

/// The revisions to run, in order, to come to the targets. Empty when the database is there.
///
/// # Errors
/// When a target is no place in this direction, or the way is barred.
pub fn pending(
    graph: &Graph,
    applied: &Applied,
    direction: Direction,
    targets: &[Target],
) -> Result<Vec<RevisionStep>, PendingError> {
    let barred = match direction {
        Direction::Up => State::Reverting,
        Direction::Down => State::Applying,
    };
    if let Some(row) = applied.iter().find(|it| it.state == barred) {
        return Err(PendingError::Unfinished { id: row.id.clone(), state: row.state });
    }
    let mut steps = way(graph, &applied.held(), direction, targets)?;
    for step in &mut steps {
        let begun = applied.get(step.revision.id()).filter(|it| it.state == direction.state());
        step.progress = begun.map(|it| it.progress.clone());
    }
    Ok(steps)
}

/// The revisions to run, in order, from a place where nothing is partly applied.
///
/// # Errors
/// When a target is not in this direction, or a revision is irreversible.
pub fn way(
    graph: &Graph,
    here: &BTreeSet<RevisionId>,
    direction: Direction,
    targets: &[Target],
) -> Result<Vec<RevisionStep>, PendingError> {
    let way = match direction {
        Direction::Up => graph.route_up(here, targets)?,
        Direction::Down => graph.route_down(here, targets)?,
    };
    let revisions = way.iter().filter_map(|id| graph.get(id));
    let steps: Vec<_> = revisions.map(|it| step(graph, direction, it)).collect();
    match steps.iter().find(|it| it.revision.down.is_none()) {
        Some(it) if direction == Direction::Down => {
            Err(PendingError::Irreversible { id: it.revision.id().clone() })
        }
        _ => Ok(steps),
    }
}

fn step(graph: &Graph, direction: Direction, revision: &Revision) -> RevisionStep {
    let id = revision.id();
    RevisionStep {
        direction,
        revision: revision.clone(),
        checksum: graph.checksum(id).expect("the revision is of this graph").clone(),
        chain: graph.chain(id).expect("the revision is of this graph").clone(),
        progress: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sketch::applied;
    use super::*;
    use crate::revision::graph::sketch::graph;

    #[track_caller]
    fn check(files: &str, rows: &str, direction: Direction, target: &str, expected: &str) {
        let graph = graph(files);
        let rows = applied(&graph, rows);
        let shown = match pending(&graph, &rows, direction, &[Target::parse(target).unwrap()]) {
            Ok(steps) => {
                steps.iter().map(|it| it.revision.id().as_str()).collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    const LINE: &str = "a\nb < a\nc < b\nd < c";

    #[test]
    fn begun_revisions() {
        let check = |rows, direction, target, expected| {
            check(LINE, rows, direction, target, expected);
        };
        check("a b…", Direction::Up, "head", "b c d");
        check("a b c!", Direction::Down, "-1", "c");
        check(
            "a b!",
            Direction::Up,
            "head",
            "revision `b` is partly applied: finish the interrupted downgrade first",
        );
        check(
            "a b…",
            Direction::Down,
            "a",
            "revision `b` is partly applied: finish the interrupted upgrade first",
        );
        check("a", Direction::Down, "b", "revision `b` is not applied");
        check("a", Direction::Up, "x", "no revision `x`");
    }

    #[test]
    fn irreversible() {
        let check = |rows, target, expected| {
            check("a\nb < a!\nc < b", rows, Direction::Down, target, expected);
        };
        check("a b c", "b", "c");
        check("a b c", "base", "revision `b` is irreversible: it has no down file");
    }

    #[test]
    fn begun_steps_know_how_far_they_are() {
        let graph = graph(LINE);
        let steps =
            pending(&graph, &applied(&graph, "a b…"), Direction::Up, &[Target::HEAD]).unwrap();
        assert_eq!(steps[0].progress.as_ref().map(|it| it.done), Some(1));
        assert_eq!(steps[1].progress, None);
    }
}
