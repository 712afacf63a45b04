//! Whether a revision may lose what it loses.
//!
//! What a revision loses is known in one of three ways: its statements keep data, as their words show; its
//! proof has measured it; or it is measured now. Only the header consents to it.

use std::collections::{BTreeMap, BTreeSet};

use super::Revision;
use super::checksum::{Checksum, Side};
use super::graph::Graph;
use super::id::RevisionId;
use super::loss::{Loss, Losses};
use super::proof::{SCHEME, Seal};
use super::variables::Variables;
use crate::model::secret::names_secret;
use crate::sql_text::split;

/// Over all that the measured losses of a revision depend on: its statements and its consent, and the statements
/// of all revisions before it. None where one of these is missing.
#[must_use]
pub fn measured(
    graph: &Graph,
    revision: &Revision,
    engine: &str,
    losses: &Losses,
    variables: &Variables,
) -> Option<Seal> {
    let header = &revision.header;
    let before: BTreeSet<&RevisionId> = header.parents.iter().chain(&header.depends).collect();
    let chains = before.into_iter().map(|it| Some(graph.chain(it)?.as_str().to_owned()));
    let mut chains = chains.collect::<Option<Vec<String>>>()?;
    // Not in the order of the ids, which a rename of the revisions would change.
    chains.sort();
    let values = header.variables.iter().map(|it| {
        // Whoever has the file could try out what a secret may be.
        let value = variables.get(&it.name).filter(|_| !names_secret(&it.name));
        format!("{}={}", it.name, value.map_or("", String::as_str))
    });
    let parts = [SCHEME.to_owned(), "losses".to_owned(), engine.to_owned()].into_iter();
    let texts = |losses: &[Loss]| -> Vec<String> {
        losses.iter().map(ToString::to_string).chain([String::new()]).collect()
    };
    // A new revision is not in the graph yet.
    let statements = graph.checksum(revision.id()).map(Checksum::statements);
    let statements = statements.unwrap_or_else(|| revision.checksum().statements());
    let parts = parts.chain([statements]).chain(texts(&losses.up));
    let parts = parts.chain(texts(&losses.down)).chain(texts(&header.allows));
    Some(Seal::of(parts.chain(chains).chain([String::new()]).chain(values)))
}

/// What a file of a revision loses, as far as the revision itself says: because its statements keep data, or by its
/// proof. A missing file loses nothing.
#[must_use]
pub fn known(
    graph: &Graph,
    revision: &Revision,
    side: Side,
    variables: &Variables,
) -> Option<Vec<Loss>> {
    if keeps_data(revision, side) {
        return Some(Vec::new());
    }
    let proof = revision.header.proof.as_ref()?;
    let seal = measured(graph, revision, &proof.engine, &proof.losses, variables)?;
    let losses = match side {
        Side::Up => &proof.losses.up,
        Side::Down => &proof.losses.down,
    };
    (seal == proof.measured).then(|| losses.clone())
}

/// Whether the words of all statements of a file show that they keep data. A file that cannot be split into statements
/// is not run.
#[must_use]
pub fn keeps_data(revision: &Revision, side: Side) -> bool {
    let Some(file) = revision.file(side) else { return true };
    split(&file.text).map_or(true, |it| it.iter().all(|it| it.keeps_data()))
}

/// What an upgrade to a revision would lose without the consent of its header.
#[must_use]
pub fn not_allowed(revision: &Revision, losses: &[Loss]) -> Vec<Loss> {
    let allows = &revision.header.allows;
    losses.iter().filter(|it| !allows.contains(it)).cloned().collect()
}

/// What else is known of losses than the revisions say themselves, and what is consented to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consent {
    /// What was measured now, of the files that a run would run.
    pub measured: BTreeMap<RevisionId, Vec<Loss>>,
    /// Whether a downgrade may lose the rows that are there.
    pub downgrade: bool,
    /// Whether revisions may run of which nobody knows what they lose.
    pub unmeasured: bool,
}

impl Consent {
    /// What a file of a revision loses; None where nobody knows.
    #[must_use]
    pub fn losses(
        &self,
        graph: &Graph,
        revision: &Revision,
        side: Side,
        variables: &Variables,
    ) -> Option<Vec<Loss>> {
        let now = || self.measured.get(revision.id()).cloned();
        known(graph, revision, side, variables).or_else(now)
    }
}
