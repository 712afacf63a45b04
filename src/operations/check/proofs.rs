//! Proofs of revisions and of schema.toml, as `check` reads and writes them.

use std::time::Duration;

use crate::diagnostic::SourceFile;
use crate::report::count;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::proof::Proof;
use crate::revision_files::replace_all;
use crate::workspace::{Tried, Trust, Workspace};

use super::super::Project;
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
    graph: &Graph,
    tried: &Tried,
    files: &[SourceFile],
) -> Result<Vec<String>, Failure> {
    let workspace = &project.workspace;
    let proofs = workspace.proofs(graph, &tried.leaves);
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

/// Proofs that say other than the engine.
pub(super) fn untrue(workspace: &Workspace, graph: &Graph, tried: &Tried) -> Vec<Finding> {
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
