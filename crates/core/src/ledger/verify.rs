//! Whether the files are the ones that were applied to a database.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

use super::{Applied, AppliedRow, State};
use crate::revision::Revision;
use crate::revision::checksum::{Agreement, Checksum, Recorded, Side, TextChange};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;

/// What stops a run before its first statement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// The statements of a file were changed after it was run.
    #[error(
        "{}: revision `{id}` was edited after it was applied: its statements differ (applied \
         {recorded}, file {found})",
        listed(paths)
    )]
    Edited {
        /// The revision.
        id: RevisionId,
        /// The file; both, where the ledger does not tell which.
        paths: Vec<PathBuf>,
        /// The beginning of the checksum in the ledger.
        recorded: String,
        /// The beginning of that of the file.
        found: String,
    },
    /// A revision was applied, and its files are gone.
    #[error("revision `{id}` ({message}) is applied, but its file is missing")]
    Missing {
        /// The revision.
        id: RevisionId,
        /// Its message in the ledger.
        message: String,
        /// The checksums in the ledger.
        recorded: Recorded,
    },
    /// A revision is applied, one that it needs is not.
    #[error("{}: revision `{id}` is not applied, but `{successor}` is applied and needs it", path.display())]
    Gap {
        /// The revision that is missing in the database.
        id: RevisionId,
        /// Its up file.
        path: PathBuf,
        /// The applied one.
        successor: RevisionId,
    },
    /// Same files, other history.
    #[error("{}: revision `{id}` was applied as a child of {}, but its header names {}", path.display(), revised(recorded), revised(found))]
    History {
        /// The revision.
        id: RevisionId,
        /// Its up file.
        path: PathBuf,
        /// What it builds on in the database.
        recorded: Vec<RevisionId>,
        /// What it builds on by its header.
        found: Vec<RevisionId>,
    },
    /// A row that a later version of aludel wrote.
    #[error("the checksum of revision `{id}` has an unknown format: {recorded}")]
    UnknownScheme {
        /// The revision.
        id: RevisionId,
        /// The checksum in the ledger.
        recorded: Recorded,
    },
}

/// A file that was edited after it was run, but for its statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The revision.
    pub id: RevisionId,
    /// The file.
    pub path: PathBuf,
    /// What is different.
    pub text: Text,
}

/// What is different in a file that runs the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// Comments, white space, words of the header.
    Remarks,
    /// There was no down file.
    NewFile,
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, path, text } = self;
        let path = path.display();
        match text {
            Text::Remarks => write!(
                f,
                "{path}: comments or header of revision `{id}` were edited after it was applied"
            ),
            Text::NewFile => {
                write!(f, "{path}: this down file was added after revision `{id}` was applied")
            }
        }
    }
}

fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|it| it.display().to_string()).collect::<Vec<_>>().join(" or ")
}

fn revised(parents: &[RevisionId]) -> String {
    match parents {
        [] => "no revision".to_owned(),
        some => some.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "),
    }
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
    for it in compared(graph, applied) {
        found.extend(edited(&it));
    }
    found
}

/// The files that were edited without any consequence.
#[must_use]
pub fn edits(graph: &Graph, applied: &Applied) -> Vec<Edit> {
    let mut found = Vec::new();
    for it in compared(graph, applied) {
        let Compared { revision, row, .. } = it;
        let Agreement::Text(changes) = it.agreement() else { continue };
        for change in changes {
            let (path, text) = match change {
                TextChange::Remarks(side) => (path(revision, side), Text::Remarks),
                TextChange::NewDown => (path(revision, Side::Down), Text::NewFile),
            };
            found.push(Edit { id: row.id.clone(), path, text });
        }
    }
    found
}

/// The rows that an older aludel wrote, as this one writes them. What cannot be vouched for stays.
#[must_use]
pub fn outdated(graph: &Graph, applied: &Applied) -> Vec<AppliedRow> {
    let mut rows = Vec::new();
    for it in compared(graph, applied) {
        let Compared { row, checksum, .. } = it;
        let is_known = row.checksum.is_older() && it.agreement() == Agreement::Same;
        if let (true, Some(chain)) = (is_known, graph.chain(&row.id)) {
            let same = row.chain == *chain;
            let chain = if same { chain.clone() } else { chain.with_older(&row.chain) };
            let checksum = Recorded::Files(checksum.clone());
            rows.push(AppliedRow { checksum, chain, ..row.clone() });
        }
    }
    rows
}

/// A revision that is applied whole, with its row.
#[derive(Clone, Copy)]
struct Compared<'a> {
    revision: &'a Revision,
    checksum: &'a Checksum,
    row: &'a AppliedRow,
}

impl Compared<'_> {
    fn agreement(&self) -> Agreement {
        self.row.checksum.agreement(self.revision, self.checksum)
    }
}

/// The revisions that are applied whole, but those that `squash` has made another of.
fn compared<'a>(graph: &'a Graph, applied: &'a Applied) -> Vec<Compared<'a>> {
    let squashed = squashed(graph, applied);
    let compared = |revision: &'a Revision| {
        let (row, checksum) = (applied.get(revision.id())?, graph.checksum(revision.id())?);
        let covered = squashed.iter().any(|it| it.covers(&row.id));
        let whole = row.state == State::Applied && !covered;
        whole.then_some(Compared { revision, checksum, row })
    };
    graph.iter().filter_map(compared).collect()
}

fn path(revision: &Revision, side: Side) -> PathBuf {
    match (side, &revision.down) {
        (Side::Down, Some(down)) => down.path.clone(),
        // What is said of a down file that is gone is said of the file beside it.
        (Side::Up, _) | (Side::Down, None) => revision.up.path.clone(),
    }
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
        let replaced = header.replaces.as_ref().is_some_and(|it| row.chain.includes(it));
        let same = replaced && row.parents != header.parents;
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

fn edited(compared: &Compared<'_>) -> Option<Mismatch> {
    let Compared { revision, row, .. } = *compared;
    let id = row.id.clone();
    match compared.agreement() {
        Agreement::Same | Agreement::Text(_) => history(revision, row),
        Agreement::Statements { sides, recorded, found } => {
            let mut paths: Vec<PathBuf> = sides.iter().map(|it| path(revision, *it)).collect();
            paths.dedup();
            Some(Mismatch::Edited { id, paths, recorded, found })
        }
        Agreement::Unknown => Some(Mismatch::UnknownScheme { id, recorded: row.checksum.clone() }),
    }
}

/// The same statements on other parents.
fn history(revision: &Revision, row: &AppliedRow) -> Option<Mismatch> {
    let found = &revision.header.parents;
    let all = |it: &[RevisionId]| it.iter().cloned().collect::<BTreeSet<_>>();
    (all(found) != all(&row.parents)).then(|| Mismatch::History {
        id: row.id.clone(),
        path: revision.up.path.clone(),
        recorded: row.parents.clone(),
        found: found.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sketch::applied;
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::revision::SqlFile;
    use crate::revision::chain::Chain;
    use crate::revision::file::Header;
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

    /// A graph of one revision with these files.
    fn files(up: &str, down: Option<&str>) -> Graph {
        let graph = graph("a");
        let mut it = graph.iter().next().unwrap().clone();
        it.up.text = format!("-- Revision: a\n-- Revises:\n{up}");
        it.header = Header::parse(&it.up.path, &it.up.text).unwrap();
        it.down =
            down.map(|text| SqlFile { path: "migrations/a.down.sql".into(), text: text.into() });
        Graph::new([it]).unwrap()
    }

    /// The mismatches and the edits, in this order.
    fn said(recorded: &Graph, now: &Graph) -> Vec<String> {
        let rows = applied(recorded, "a");
        let edits = edits(now, &rows);
        let mismatches = verify(now, &rows);
        let shown = mismatches.iter().map(ToString::to_string);
        shown.chain(edits.iter().map(ToString::to_string)).collect()
    }

    #[test]
    fn edited_statements_name_their_file() {
        let before = files("a", Some("b"));
        let digests = |text: &str| text.split(',').next_back().unwrap_or_default().to_owned();
        let up = said(&before, &files("a2", Some("b")));
        assert!(up[0].starts_with(
            "migrations/a.up.sql: revision `a` was edited after it was applied: its statements differ (applied "
        ), "{up:?}");
        assert_eq!((up.len(), digests(&up[0]).len()), (1, " file )".len() + 12));
        let down = said(&before, &files("a", Some("b2")));
        assert!(down[0].starts_with("migrations/a.down.sql: revision `a` was edited"), "{down:?}");
        let gone = said(&before, &files("a", None));
        assert!(gone[0].starts_with("migrations/a.up.sql: revision `a` was edited"), "{gone:?}");
        assert!(gone[0].ends_with("file none)"), "{gone:?}");
    }

    #[test]
    fn edited_remarks_stop_nothing() {
        let before = files("a", None);
        let remarks = "comments or header of revision `a` were edited after it was applied";
        let added =
            "migrations/a.down.sql: this down file was added after revision `a` was applied";
        assert_eq!(
            said(&before, &files("-- why\na", None)),
            [format!("migrations/a.up.sql: {remarks}")]
        );
        assert_eq!(
            said(&before, &files("-- Message: typo\na", Some("b"))),
            [format!("migrations/a.up.sql: {remarks}"), added.to_owned()]
        );
        assert_eq!(
            said(&files("a", Some("b")), &files("a", Some("b -- c"))),
            [format!("migrations/a.down.sql: {remarks}")]
        );
    }

    #[test]
    fn older_rows_are_rewritten() {
        let graph = files("a", None);
        let mut row = applied(&graph, "a").iter().next().unwrap().clone();
        let text = graph.iter().next().unwrap().up.text.clone();
        let hash = crate::model::fingerprint::hex(&Sha256::digest(text.as_bytes()));
        row.checksum = Recorded::parse(&format!("v1:sha256:{hash}"));
        row.chain = Chain::recorded(format!("v1:sha256:{hash}"));
        let rows: Applied = [row.clone()].into_iter().collect();
        assert_eq!(verify(&graph, &rows), []);
        let new = outdated(&graph, &rows);
        assert_eq!(new.len(), 1);
        let id = row.id.clone();
        assert_eq!(new[0].checksum, Recorded::Files(graph.checksum(&id).unwrap().clone()));
        assert!(new[0].chain.includes(graph.chain(&id).unwrap()));
        assert!(new[0].chain.includes(&row.chain));
        assert_eq!(outdated(&graph, &new.into_iter().collect()), []);
        let edited = files("a2", None);
        assert!(matches!(verify(&edited, &rows)[..], [Mismatch::Edited { .. }]));
        assert_eq!(outdated(&edited, &rows), []);
    }

    #[test]
    fn missing_files_and_gaps() {
        let missing = "revision `c` (message of c) is applied, but its file is missing";
        check(LINE, "a b c", "a\nb < a", &[missing]);
        let gap = "migrations/a.up.sql: revision `a` is not applied, but `b` is applied and needs \
                   it";
        check(LINE, "b", LINE, &[gap]);
        let gap = "migrations/b.up.sql: revision `b` is not applied, but `c` is applied and needs \
                   it";
        check(LINE, "a b… c", LINE, &[gap]);
    }

    #[test]
    fn other_schemes_are_not_judged() {
        let graph = graph("a");
        let mut row = applied(&graph, "a").iter().next().unwrap().clone();
        row.checksum = Recorded::parse("v3:x");
        let shown = verify(&graph, &[row].into_iter().collect())[0].to_string();
        assert_eq!(shown, "the checksum of revision `a` has an unknown format: v3:x");
    }

    #[test]
    fn other_histories() {
        let parents = |id: &str, now: &str| {
            format!(
                "migrations/{id}.up.sql: revision `{id}` was applied as a child of `a`, but its \
                 header names {now}"
            )
        };
        check("a\nb < a\nc < a", "a b c", "a\nb < a\nc < b", &[&parents("c", "`b`")]);
        check("a\nb < a", "a b", "a\nb", &[&parents("b", "no revision")]);
        check("a\nb\nc < a, b", "a b c", "a\nb\nc < b, a", &[]);
    }
}
