//! Proofs of revisions and of schema.toml, as `check` reads and writes them.

use std::time::Duration;

use crate::diagnostic::SourceFile;
use crate::ledger::Applied;
use crate::report::count;
use crate::revision::checksum::Side;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::proof::Proof;
use crate::revision::{Revision, consent};
use crate::revision_files::replace_all;
use crate::workspace::{Tried, Trust, Workspace};

use super::super::Project;
use super::super::consent::DataLoss;
use super::super::failure::Failure;
use super::CheckOptions;
use super::finding::{Finding, FindingKind};

pub(super) fn trust(options: &CheckOptions) -> Trust {
    match (options.prove, options.write_proofs) {
        (true, _) => Trust::Nothing,
        (false, true) => Trust::Proofs,
        (false, false) => Trust::All,
    }
}

/// How long the revisions may take to run before it is said how that can be spared.
const LONG: Duration = Duration::from_secs(30);

/// Says how long revisions had to run that could have had proofs, where that was long.
pub(super) fn tell_unproved(project: &Project, options: &CheckOptions, ran: usize, took: Duration) {
    if let Some(note) = unproved(ran, took).filter(|_| trust(options) == Trust::All) {
        project.note(&note);
        project.hint(
            "to write proofs, so that no clone has to run them: `aludel check --write-proofs`",
        );
    }
}

fn unproved(ran: usize, took: Duration) -> Option<String> {
    let (revisions, seconds) = (count(ran, "revision"), took.as_secs());
    (ran > 0 && took >= LONG)
        .then(|| format!("{revisions} without a valid proof had to run, which took {seconds} s"))
}

/// Writes proofs into the headers of revisions, and what schema.toml agrees with beside them.
pub(super) fn write_proofs(
    project: &Project,
    options: &CheckOptions,
    graph: &Graph,
    tried: &Tried,
    files: &[SourceFile],
) -> Result<Vec<String>, Failure> {
    let workspace = &project.workspace;
    let allowing = match options.data_loss {
        DataLoss::Allowed => Some(allowing(graph, tried)?),
        DataLoss::Refused => None,
    };
    let graph = allowing.as_ref().unwrap_or(graph);
    let proofs = workspace.proofs(graph, &tried.leaves, &tried.losses);
    let proved = |(id, proof): (RevisionId, Proof)| {
        graph.get(&id).map(|it| it.clone().with_proof(Some(proof)))
    };
    let revisions: Vec<Revision> = proofs.into_iter().filter_map(proved).collect();
    replace_all(&revisions)?;
    let graph = workspace.graph()?;
    workspace.write_agreement(files, &graph).map_err(|error| {
        Failure::input(format!("cannot write the proof of the declaration: {error}"))
    })?;
    Ok(revisions.iter().map(|it| it.id().to_string()).collect())
}

/// The revisions, with all that they lose in their headers.
fn allowing(graph: &Graph, tried: &Tried) -> Result<Graph, Failure> {
    let allowing = |it: &Revision| {
        let mut allowed = it.header.allows.clone();
        let open = tried.losses.get(it.id()).map(|losses| consent::not_allowed(it, &losses.up));
        match open.filter(|open| !open.is_empty()) {
            None => it.clone(),
            Some(open) => {
                allowed.extend(open);
                it.clone().allowing(allowed)
            }
        }
    };
    let graph = Graph::new(graph.iter().map(allowing));
    graph.map_err(|errors| Failure::input(errors[0].to_string()))
}

/// Revisions that lose data which their headers do not allow, without those that the database has.
pub(super) fn not_allowed(
    workspace: &Workspace,
    graph: &Graph,
    tried: &Tried,
    applied: Option<&Applied>,
) -> Vec<Finding> {
    let variables = &workspace.settings().variables;
    let is_done = |it: &&Revision| applied.is_some_and(|applied| applied.get(it.id()).is_some());
    let finding = |it: &Revision| {
        let measured = tried.losses.get(it.id()).map(|it| it.up.clone());
        let losses = measured.or_else(|| consent::known(graph, it, Side::Up, variables))?;
        let open = consent::not_allowed(it, &losses);
        let message = format!("revision {} loses data that its header does not allow", it.id());
        let shown = open.iter().map(ToString::to_string).collect();
        (!open.is_empty()).then(|| Finding { shown, ..Finding::new(FindingKind::Losses, message) })
    };
    graph.iter().filter(|it| !is_done(it)).filter_map(finding).collect()
}

/// Proofs that say other than the engine.
pub(super) fn untrue(workspace: &Workspace, graph: &Graph, tried: &Tried) -> Vec<Finding> {
    if tried.leaves.is_empty() {
        return Vec::new();
    }
    let (proven, engine) = (workspace.proven(graph), workspace.proving_engine());
    let differs = proven.iter().filter(|(id, proof)| {
        let is_of_engine = engine.as_ref() == Some(&proof.engine);
        is_of_engine && tried.leaves.get(*id).is_some_and(|it| *it != proof.leaves)
    });
    let message = |id| format!("the proof of revision {id} states a different resulting schema");
    differs.map(|(id, _)| Finding::new(FindingKind::Proofs, message(id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_took_long_is_told() {
        assert_eq!(unproved(3, LONG - Duration::from_secs(1)), None);
        assert_eq!(unproved(0, LONG), None);
        let told = unproved(2, Duration::from_millis(61_900)).unwrap();
        assert_eq!(told, "2 revisions without a valid proof had to run, which took 61 s");
    }
}
