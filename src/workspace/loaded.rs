//! A source that has become a snapshot.

use crate::model::declared::Hints;
use crate::model::snapshot::Snapshot;

use super::declare::Declared;
use super::replay::Omitted;

/// A source that has become a snapshot.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// What the declaration says beside its objects.
    pub hints: Hints,
    /// The declaration itself, where the source is one.
    pub declared: Option<Declared>,
    /// Whether every text is as the scratch engine prints it each time.
    pub settled: bool,
    /// Whether it was read from a database, in which others may have objects, too.
    pub live: bool,
    /// Whether what it says of privileges counts.
    pub privileges: bool,
    /// What was left out of a source of SQL.
    pub omitted: Omitted,
}

impl Loaded {
    /// A snapshot of which nothing else is known.
    #[must_use]
    pub fn plain(snapshot: Snapshot) -> Self {
        let hints = Hints::default();
        Self {
            snapshot,
            hints,
            declared: None,
            settled: false,
            live: false,
            privileges: false,
            omitted: Omitted::default(),
        }
    }

    /// A snapshot of a database.
    #[must_use]
    pub fn live(snapshot: Snapshot) -> Self {
        Self { live: true, ..Self::plain(snapshot) }
    }
}
