//! The steps from where a database is to a target.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Applied, Direction, RevisionStep, State};
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::{Target, TargetError, only_way};

/// Why there is no way to a target.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PendingError {
    /// The target names no place.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A way back to where the database never was.
    #[error("revision `{id}` is not applied")]
    NotApplied {
        /// The target.
        id: RevisionId,
    },
    /// No down file.
    #[error("revision `{id}` is irreversible: it has no down file")]
    Irreversible {
        /// The revision.
        id: RevisionId,
    },
    /// An interrupted run in the other direction comes first.
    #[error("revision `{id}` is half way: an interrupted {} must be finished first", on_the_way(*state))]
    Unfinished {
        /// The revision.
        id: RevisionId,
        /// Where it stands.
        state: State,
    },
}

impl PendingError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Target(error) => error.hint(),
            Self::Unfinished { state, .. } => {
                Some(format!("`aludel {}` finishes it", on_the_way(*state)))
            }
            Self::NotApplied { .. } | Self::Irreversible { .. } => None,
        }
    }
}

fn on_the_way(state: State) -> &'static str {
    match state {
        State::Applying | State::Applied => Direction::Up.command(),
        State::Reverting => Direction::Down.command(),
    }
}

/// The revisions to run, in order, to come to the target. Empty when the database is there.
///
/// # Errors
/// When the target is no place in this direction, or the way is barred.
pub fn pending(
    graph: &Graph,
    applied: &Applied,
    direction: Direction,
    target: &Target,
) -> Result<Vec<RevisionStep>, PendingError> {
    let barred = match direction {
        Direction::Up => State::Reverting,
        Direction::Down => State::Applying,
    };
    if let Some(row) = applied.iter().find(|it| it.state == barred) {
        return Err(PendingError::Unfinished { id: row.id.clone(), state: row.state });
    }
    let ids = match direction {
        Direction::Up => upwards(graph, applied, target)?,
        Direction::Down => downwards(graph, applied, target)?,
    };
    let chosen = graph.iter().filter(|it| ids.contains(it.id()));
    let mut steps: Vec<_> = chosen.map(|it| step(graph, applied, direction, it)).collect();
    if direction == Direction::Down {
        steps.reverse();
        if let Some(it) = steps.iter().find(|it| it.revision.down.is_none()) {
            return Err(PendingError::Irreversible { id: it.revision.id().clone() });
        }
    }
    Ok(steps)
}

fn step(
    graph: &Graph,
    applied: &Applied,
    direction: Direction,
    revision: &Revision,
) -> RevisionStep {
    let id = revision.id();
    let begun = applied.get(id).filter(|it| it.state == direction.state());
    RevisionStep {
        direction,
        revision: revision.clone(),
        checksum: graph.checksum(id).expect("the revision is of this graph").clone(),
        chain: graph.chain(id).expect("the revision is of this graph").clone(),
        progress: begun.map(|it| it.progress.clone()),
    }
}

fn upwards(
    graph: &Graph,
    applied: &Applied,
    target: &Target,
) -> Result<BTreeSet<RevisionId>, PendingError> {
    let wanted = match target {
        Target::Head => graph.ancestors(graph.head()?),
        Target::Heads => graph.ancestors(graph.heads()),
        Target::Revision(text) => graph.ancestors([graph.resolve(text)?]),
        Target::Relative(steps) if *steps >= 0 => {
            return Ok(steps_up(graph, applied, steps.unsigned_abs(), target)?);
        }
        Target::Relative(_) | Target::Base => return Err(wrong_way(target, Direction::Up)),
    };
    Ok(wanted.into_iter().filter(|it| !applied.holds(it)).collect())
}

/// Applies, one after the other, the only revision whose parents and dependencies are there.
fn steps_up(
    graph: &Graph,
    applied: &Applied,
    steps: u64,
    target: &Target,
) -> Result<BTreeSet<RevisionId>, TargetError> {
    let mut taken = BTreeSet::new();
    for count in 0..steps {
        let there = |id: &RevisionId| applied.holds(id) || taken.contains(id);
        let ways: Vec<_> = graph
            .iter()
            .filter(|it| !there(it.id()))
            .filter(|it| it.header.parents.iter().chain(&it.header.depends).all(there))
            .map(Revision::id)
            .collect();
        let next = only_way(&ways, &target.to_string(), count)?.clone();
        taken.insert(next);
    }
    Ok(taken)
}

fn downwards(
    graph: &Graph,
    applied: &Applied,
    target: &Target,
) -> Result<BTreeSet<RevisionId>, PendingError> {
    let unwanted: BTreeSet<_> = match target {
        Target::Base => graph.ids().cloned().collect(),
        Target::Revision(text) => {
            let id = graph.resolve(text)?;
            if !applied.holds(id) {
                return Err(PendingError::NotApplied { id: id.clone() });
            }
            graph.descendants([id]).into_iter().filter(|it| it != id).collect()
        }
        Target::Relative(steps) if *steps <= 0 => {
            return Ok(steps_down(graph, applied, steps.unsigned_abs(), target)?);
        }
        Target::Relative(_) | Target::Head | Target::Heads => {
            return Err(wrong_way(target, Direction::Down));
        }
    };
    Ok(unwanted.into_iter().filter(|it| applied.holds(it)).collect())
}

/// Takes back, one after the other, the only revision that nothing applied needs.
fn steps_down(
    graph: &Graph,
    applied: &Applied,
    steps: u64,
    target: &Target,
) -> Result<BTreeSet<RevisionId>, TargetError> {
    let mut taken = BTreeSet::new();
    for count in 0..steps {
        let there = |id: &RevisionId| applied.holds(id) && !taken.contains(id);
        let ways: Vec<_> = graph
            .ids()
            .filter(|it| there(it))
            .filter(|it| !graph.descendants([*it]).iter().any(|after| after != *it && there(after)))
            .collect();
        let next = only_way(&ways, &target.to_string(), count)?.clone();
        taken.insert(next);
    }
    Ok(taken)
}

fn wrong_way(target: &Target, direction: Direction) -> PendingError {
    let command = direction.command();
    PendingError::Target(TargetError::WrongWay { text: target.to_string(), command })
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
        let shown = match pending(&graph, &rows, direction, &Target::parse(target).unwrap()) {
            Ok(steps) => {
                steps.iter().map(|it| it.revision.id().as_str()).collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    const LINE: &str = "a\nb < a\nc < b\nd < c";
    const DIAMOND: &str = "z\nl < z\nr < z\nm < l, r\nother + l";

    #[test]
    fn up() {
        let check = |rows, target, expected| check(LINE, rows, Direction::Up, target, expected);
        check("", "head", "a b c d");
        check("a b", "head", "c d");
        check("a b c d", "head", "");
        check("", "b", "a b");
        check("a b c", "b", "");
        check("a", "+2", "b c");
        check("", "+1", "a");
        check("a b c d", "+1", "`+1` goes too far: there is no revision that way");
        check("a b c", "+2", "`+2` goes too far: there is only 1 revision that way");
        check("a", "b+1", "b c");
        check("a b…", "head", "b c d");
        check("a", "base", "`base` is not a target for upgrade");
        check("a", "-1", "`-1` is not a target for upgrade");
        check("a", "x", "no revision `x`");
        check(
            "a b!",
            "head",
            "revision `b` is half way: an interrupted downgrade must be finished first",
        );
    }

    #[test]
    fn down() {
        let check = |rows, target, expected| check(LINE, rows, Direction::Down, target, expected);
        check("a b c", "base", "c b a");
        check("", "base", "");
        check("a b c", "a", "c b");
        check("a b c", "c", "");
        check("a b c", "-2", "c b");
        check("a b c!", "-1", "c");
        check("a b c", "-4", "`-4` goes too far: there are only 3 revisions that way");
        check("a b c", "c-1", "c");
        check("a b", "c", "revision `c` is not applied");
        check("a", "head", "`head` is not a target for downgrade");
        check("a", "+1", "`+1` is not a target for downgrade");
        check(
            "a b…",
            "a",
            "revision `b` is half way: an interrupted upgrade must be finished first",
        );
    }

    #[test]
    fn over_forks() {
        let up = |rows, target, expected| check(DIAMOND, rows, Direction::Up, target, expected);
        up("", "head", "there are several heads: `other`, `m`");
        up("", "heads", "z l other r m");
        up("", "other", "z l other");
        up("z", "+1", "`+1` can go several ways: `l`, `r`");
        let down = |rows, target, expected| check(DIAMOND, rows, Direction::Down, target, expected);
        down("z l r m", "-1", "m");
        down("z l r m", "-2", "`-2` can go several ways: `l`, `r`");
        down("z l r m other", "z", "m r other l");
        down("z l r m", "l", "m");
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
            pending(&graph, &applied(&graph, "a b…"), Direction::Up, &Target::Head).unwrap();
        assert_eq!(steps[0].progress.as_ref().map(|it| it.done), Some(1));
        assert_eq!(steps[1].progress, None);
    }
}
