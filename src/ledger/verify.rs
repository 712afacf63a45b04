//! Whether the files are still those that a database was made from.

use std::collections::BTreeSet;
use std::path::PathBuf;

use thiserror::Error;

use super::{Applied, AppliedRow, State};
use crate::revision::checksum::{Chain, Checksum};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;

/// What stops a run before its first statement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// A file was changed after it was run.
    #[error("{}: revision `{id}` was edited after it was applied: applied {recorded}, file {found}", path.display())]
    Edited {
        /// The revision.
        id: RevisionId,
        /// Its up file.
        path: PathBuf,
        /// The checksum in the ledger.
        recorded: Checksum,
        /// The checksum of the files.
        found: Checksum,
    },
    /// A revision was applied, and its files are gone.
    #[error("revision `{id}` ({message}) is applied, but no file has it")]
    Missing {
        /// The revision.
        id: RevisionId,
        /// Its message in the ledger.
        message: String,
        /// The checksum in the ledger.
        recorded: Checksum,
    },
    /// A revision is applied, one that it needs is not.
    #[error("{}: revision `{id}` is not applied, but `{successor}`, which needs it, is", path.display())]
    Gap {
        /// The revision that is missing in the database.
        id: RevisionId,
        /// Its up file.
        path: PathBuf,
        /// The applied one.
        successor: RevisionId,
    },
    /// Same files, other history.
    #[error("revision `{id}` was applied on another history: applied {recorded}, files {found}")]
    History {
        /// The revision.
        id: RevisionId,
        /// The chain in the ledger.
        recorded: Chain,
        /// The chain of the files.
        found: Chain,
    },
    /// A row that a later version of aludel wrote.
    #[error("the checksum of revision `{id}` is of an unknown kind: {recorded}")]
    UnknownScheme {
        /// The revision.
        id: RevisionId,
        /// The checksum in the ledger.
        recorded: Checksum,
    },
}

/// Compares the ledger with the files. Revisions on their way are left to the run that resumes
/// them: it knows which of their statements were run.
#[must_use]
pub fn verify(graph: &Graph, applied: &Applied) -> Vec<Mismatch> {
    let squashed = squashed(graph, applied);
    let covered = |it: &&AppliedRow| !squashed.iter().any(|squash| squash.covers(&it.id));
    let mut found: Vec<_> =
        applied.iter().filter(covered).filter_map(|it| missing(graph, it)).collect();
    let needed = graph.ancestors(applied.iter().map(|it| &it.id));
    let lacking = graph.iter().filter(|it| needed.contains(it.id()));
    found.extend(lacking.filter_map(|it| gap(graph, applied, it.id())));
    let rows = || graph.iter().filter_map(|it| applied.get(it.id())).filter(covered);
    let edited: Vec<_> = rows().filter_map(|it| edited(graph, it)).collect();
    if edited.is_empty() {
        found.extend(rows().find_map(|it| history(graph, it)));
    }
    found.extend(edited);
    found
}

/// Revisions that a database has as the ones from which `squash` made another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squashed {
    /// The revision that stands for them; it has the id of the last of them.
    pub id: RevisionId,
    /// The others, which no file has any more.
    pub others: BTreeSet<RevisionId>,
}

impl Squashed {
    fn covers(&self, id: &RevisionId) -> bool {
        self.id == *id || self.others.contains(id)
    }
}

/// Finds the rows that a squashed revision stands for: the last of them has the chain that it
/// names, so they are the same to the byte, and builds on others, as that revision does not.
#[must_use]
pub fn squashed(graph: &Graph, applied: &Applied) -> Vec<Squashed> {
    let stands_for = |row: &AppliedRow| {
        let header = &graph.get(&row.id)?.header;
        let same = header.replaces.as_ref() == Some(&row.chain) && row.parents != header.parents;
        (same && row.state == State::Applied)
            .then(|| Squashed { id: row.id.clone(), others: before(applied, row) })
    };
    graph.iter().filter_map(|it| applied.get(it.id())).filter_map(stands_for).collect()
}

/// The rows that a row builds on, by what the ledger says.
fn before(applied: &Applied, row: &AppliedRow) -> BTreeSet<RevisionId> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&RevisionId> = row.parents.iter().collect();
    while let Some(id) = waiting.pop() {
        if let Some(row) = applied.get(id)
            && found.insert(id.clone())
        {
            waiting.extend(&row.parents);
        }
    }
    found
}

fn missing(graph: &Graph, row: &AppliedRow) -> Option<Mismatch> {
    graph.get(&row.id).is_none().then(|| Mismatch::Missing {
        id: row.id.clone(),
        message: row.message.clone(),
        recorded: row.checksum.clone(),
    })
}

fn gap(graph: &Graph, applied: &Applied, id: &RevisionId) -> Option<Mismatch> {
    if applied.holds(id) {
        return None;
    }
    let mut successors = graph.descendants([id]).into_iter().filter(|it| it != id);
    let successor = successors.find(|it| applied.get(it).is_some())?;
    let path = graph.get(id)?.up.path.clone();
    Some(Mismatch::Gap { id: id.clone(), path, successor })
}

fn edited(graph: &Graph, row: &AppliedRow) -> Option<Mismatch> {
    let found = graph.checksum(&row.id)?;
    if row.state != State::Applied || row.checksum == *found {
        return None;
    }
    let (id, recorded) = (row.id.clone(), row.checksum.clone());
    if !recorded.is_known_scheme() {
        return Some(Mismatch::UnknownScheme { id, recorded });
    }
    let path = graph.get(&row.id)?.up.path.clone();
    Some(Mismatch::Edited { id, path, recorded, found: found.clone() })
}

/// The chains differ though no checksum does. Only the first is told, the rest follow from it.
fn history(graph: &Graph, row: &AppliedRow) -> Option<Mismatch> {
    let found = graph.chain(&row.id)?;
    (row.state == State::Applied && row.chain != *found).then(|| Mismatch::History {
        id: row.id.clone(),
        recorded: row.chain.clone(),
        found: found.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sketch::applied;
    use super::*;
    use crate::revision::graph::sketch::graph;

    #[track_caller]
    fn check(recorded: &str, rows: &str, files: &str, expected: &[&str]) {
        let rows = applied(&graph(recorded), rows);
        let shown: Vec<_> = verify(&graph(files), &rows).iter().map(ToString::to_string).collect();
        assert_eq!(shown, expected);
    }

    const LINE: &str = "a\nb < a\nc < b";

    #[test]
    fn nothing_to_tell() {
        check(LINE, "", LINE, &[]);
        check(LINE, "a b", LINE, &[]);
        check(LINE, "a b c", LINE, &[]);
        check(LINE, "a b c…", "a\nb < a\nc < b!", &[]);
    }

    #[test]
    fn edited_files_show_both_checksums() {
        let (before, after) = (graph("a"), graph("a!"));
        let id = RevisionId::parse("a").unwrap();
        let shown = format!(
            "migrations/a.up.sql: revision `a` was edited after it was applied: applied {}, file {}",
            before.checksum(&id).unwrap(),
            after.checksum(&id).unwrap(),
        );
        check("a\nb < a", "a b", "a!\nb < a", &[&shown]);
    }

    #[test]
    fn missing_files_and_gaps() {
        let missing = "revision `c` (message of c) is applied, but no file has it";
        check(LINE, "a b c", "a\nb < a", &[missing]);
        let gap = "migrations/a.up.sql: revision `a` is not applied, but `b`, which needs it, is";
        check(LINE, "b", LINE, &[gap]);
        let gap = "migrations/b.up.sql: revision `b` is not applied, but `c`, which needs it, is";
        check(LINE, "a b… c", LINE, &[gap]);
    }

    #[test]
    fn other_schemes_are_not_judged() {
        let graph = graph("a");
        let mut row = applied(&graph, "a").iter().next().unwrap().clone();
        row.checksum = Checksum::recorded("v2:x");
        let shown = verify(&graph, &[row].into_iter().collect())[0].to_string();
        assert_eq!(shown, "the checksum of revision `a` is of an unknown kind: v2:x");
    }

    #[test]
    fn other_histories() {
        let graph = graph(LINE);
        let recorded = applied(&graph, "a b c");
        let rows = recorded.iter().cloned().map(|mut it| {
            if it.id.as_str() != "a" {
                it.chain = Chain::recorded("v1:sha256:other");
            }
            it
        });
        let found = verify(&graph, &rows.collect());
        assert_eq!(found.len(), 1);
        assert!(matches!(&found[0], Mismatch::History { id, .. } if id.as_str() == "b"));
    }
}
