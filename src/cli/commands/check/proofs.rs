//! Proofs of revisions and of schema.toml, as `check` reads and writes them.

use std::time::Duration;

use crate::diagnostic::SourceFile;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::proof::Proof;
use crate::revision_files::replace_all;
use crate::workspace::{Tried, Trust, Workspace};

use super::super::super::Context;
use super::super::super::args::CheckArgs;
use super::super::super::failure::Failure;
use super::super::diff::count;
use super::finding::{Finding, Kind};

pub(super) fn trust(args: &CheckArgs) -> Trust {
    match (args.prove, args.write_proofs) {
        (true, _) => Trust::Nothing,
        (false, true) => Trust::Proofs,
        (false, false) => Trust::All,
    }
}

/// How long the revisions may take to run before it is said how that can be spared.
const LONG: Duration = Duration::from_secs(30);

/// Says how long revisions had to run that could have had proofs, where that was long.
pub(super) fn tell_unproved(context: &Context, args: &CheckArgs, ran: usize, took: Duration) {
    if let Some(note) = unproved(ran, took).filter(|_| trust(args) == Trust::All) {
        context.ui.note(&note);
        context
            .ui
            .hint("`aludel check --write-proofs` writes proofs, with which no clone runs them");
    }
}

fn unproved(ran: usize, took: Duration) -> Option<String> {
    let (revisions, seconds) = (count(ran, "revision"), took.as_secs());
    (ran > 0 && took >= LONG)
        .then(|| format!("{revisions} without a valid proof had to run, which took {seconds} s"))
}

/// Writes proofs into the headers of revisions, and what schema.toml agrees with beside them.
pub(super) fn write_proofs(
    context: &Context,
    graph: &Graph,
    tried: &Tried,
    files: &[SourceFile],
) -> Result<Vec<String>, Failure> {
    let workspace = &context.workspace;
    let proofs = workspace.proofs(graph, &tried.leaves);
    let proved = |(id, proof): (RevisionId, Proof)| {
        graph.get(&id).map(|it| it.clone().with_proof(Some(proof)))
    };
    let revisions: Vec<Revision> = proofs.into_iter().filter_map(proved).collect();
    replace_all(&revisions).map_err(|it| Failure::of_write(&it))?;
    let graph = workspace.graph().map_err(|it| context.workspace_failure(it))?;
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
    let message = |id| format!("the proof of revision {id} says that it leaves other objects");
    differs.map(|(id, _)| Finding::new(Kind::Proofs, message(id))).collect()
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
