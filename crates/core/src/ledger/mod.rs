//! The ledger: which revisions a database has, and what follows from that.
//!
//! In: rows and a graph. Out: mismatches and steps. Nothing uses a connection.

mod batch;
mod pending;
mod privileges;
mod until;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::fingerprint::Fingerprint;
use crate::model::ident::{Ident, QualifiedName};
use crate::revision::chain::Chain;
use crate::revision::checksum::{Checksum, Recorded, Side};
use crate::revision::id::RevisionId;
use crate::revision::{Revision, SqlFile};

pub use batch::{BatchProgress, read, stored};
pub use pending::{PendingError, pending, way};
pub use privileges::{LedgerPrivileges, Obstacle, qualified};
pub use until::until_contract;
pub use verify::{Edit, Mismatch, Squashed, Text, edits, outdated, squashed, verify};

/// What the names of the ledger's tables begin with where they stand among others, in `public`.
const SHARED_PREFIX: &str = "aludel_";

/// The tables of the ledger in a schema: the revisions, and the events.
#[must_use]
pub fn tables(schema: &Ident) -> [QualifiedName; 2] {
    let prefix = if *schema == Ident::public() { SHARED_PREFIX } else { "" };
    ["revision", "event"]
        .map(|it| QualifiedName::new(schema.clone(), Ident::new(format!("{prefix}{it}"))))
}

/// The revisions that a database has, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    rows: BTreeMap<RevisionId, AppliedRow>,
}

/// One revision that a database has, as a row of `aludel.revision`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedRow {
    /// The revision.
    pub id: RevisionId,
    /// What it builds on.
    pub parents: Vec<RevisionId>,
    /// Its message.
    pub message: String,
    /// The checksums of its files when they were run.
    pub checksum: Recorded,
    /// Its history's.
    pub chain: Chain,
    /// How far it is.
    pub state: State,
    /// Which of its segments are done. A finished row has all of them done.
    pub progress: SegmentProgress,
    /// The fingerprint of the schema that it left, when generated.
    pub fingerprint: Option<Fingerprint>,
    /// When it was applied, RFC 3339 in UTC. Written by the server.
    pub applied_at: String,
    /// Who applied it: the session's user. Written by the server.
    pub applied_by: String,
    /// How long it took.
    pub milliseconds: i64,
    /// The version of aludel that ran it.
    pub tool_version: String,
}

/// How far a revision is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its up file was begun.
    Applying,
    /// Its up file was run to the end.
    Applied,
    /// Its down file was begun.
    Reverting,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Applying, Self::Applied, Self::Reverting];

    /// As the ledger stores it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Reverting => "reverting",
        }
    }
}

/// How far the segments of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentProgress {
    /// How many segments are done.
    pub done: usize,
    /// How many there are.
    pub of: usize,
    /// Whether the segment after those was begun outside of a transaction and nobody knows how it
    /// ended. A refusal by the server clears it, for then it is known.
    pub open: bool,
    /// The digest of the segments that are done, by which an edit before that point shows.
    pub digest: String,
    /// How far the statement in batches after those segments is, where one has been begun.
    pub batch: Option<BatchProgress>,
}

/// Which of its files a revision runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The up file.
    Up,
    /// The down file.
    Down,
}

impl Direction {
    /// The command that goes this way.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            Self::Up => "upgrade",
            Self::Down => "downgrade",
        }
    }

    /// The file that goes this way.
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Self::Up => Side::Up,
            Self::Down => Side::Down,
        }
    }

    /// The state of a revision on its way.
    #[must_use]
    pub fn state(self) -> State {
        match self {
            Self::Up => State::Applying,
            Self::Down => State::Reverting,
        }
    }
}

/// One revision to apply or to Revert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionStep {
    /// Up or down.
    pub direction: Direction,
    /// The revision.
    pub revision: Revision,
    /// The checksums of its files.
    pub checksum: Checksum,
    /// Its history's.
    pub chain: Chain,
    /// How far an earlier run came.
    pub progress: Option<SegmentProgress>,
}

impl RevisionStep {
    /// The file that it runs. A way down without a down file is never made a step.
    #[must_use]
    pub fn file(&self) -> &SqlFile {
        match (self.direction, &self.revision.down) {
            (Direction::Down, Some(down)) => down,
            (Direction::Up, _) | (Direction::Down, None) => &self.revision.up,
        }
    }
}

impl Applied {
    /// The row of a revision.
    #[must_use]
    pub fn get(&self, id: &RevisionId) -> Option<&AppliedRow> {
        self.rows.get(id)
    }

    /// All rows, by id.
    pub fn iter(&self) -> impl Iterator<Item = &AppliedRow> {
        self.rows.values()
    }

    /// Whether nothing was ever applied.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The revisions that are in the database.
    #[must_use]
    pub fn held(&self) -> BTreeSet<RevisionId> {
        self.rows.keys().filter(|it| self.holds(it)).cloned().collect()
    }

    /// Whether a revision is in the database: applied, or not yet reverted to the end.
    #[must_use]
    pub fn holds(&self, id: &RevisionId) -> bool {
        self.get(id).is_some_and(|it| it.state != State::Applying)
    }
}

impl FromIterator<AppliedRow> for Applied {
    fn from_iter<I: IntoIterator<Item = AppliedRow>>(rows: I) -> Self {
        Self { rows: rows.into_iter().map(|it| (it.id.clone(), it)).collect() }
    }
}

/// Ledgers written by hand for tests.
#[cfg(test)]
pub(crate) mod sketch {
    use super::*;
    use crate::revision::graph::Graph;

    /// The rows of these revisions of a graph. `a…` is applying, `a!` reverting.
    pub(crate) fn applied(graph: &Graph, ids: &str) -> Applied {
        ids.split_whitespace().map(|it| row(graph, it)).collect()
    }

    fn row(graph: &Graph, word: &str) -> AppliedRow {
        let name = word.trim_end_matches(['…', '!']);
        let id = RevisionId::parse(name).unwrap();
        let state = match &word[name.len()..] {
            "…" => State::Applying,
            "!" => State::Reverting,
            _ => State::Applied,
        };
        let unknown = Recorded::Unknown("unknown".to_owned());
        AppliedRow {
            parents: graph.parents(&id).to_vec(),
            message: format!("message of {id}"),
            checksum: graph.checksum(&id).cloned().map_or(unknown, Recorded::Files),
            chain: graph.chain(&id).cloned().unwrap_or_else(|| Chain::recorded("unknown")),
            state,
            progress: SegmentProgress {
                done: 1,
                of: 2,
                open: false,
                digest: String::new(),
                batch: None,
            },
            fingerprint: None,
            applied_at: "2026-11-22T08:00:00Z".into(),
            applied_by: "postgres".into(),
            milliseconds: 1,
            tool_version: "0.1.0".into(),
            id,
        }
    }
}
