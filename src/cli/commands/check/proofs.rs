//! Proofs of revisions and of schema.toml, as `check` reads and writes them.

use std::time::Duration;

use crate::diagnostic::SourceFile;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::proof::Proof;
use crate::revision::store::replace_all;
use crate::workspace::{Tried, Trust, Workspace, with_proof};

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
const LONG: Duration = Duration::from_secs(5);

pub(super) fn tell_unproved(context: &Context, args: &CheckArgs, ran: usize, took: Duration) {
    if ran > 0 && took > LONG && !args.prove && !args.write_proofs {
        let (revisions, seconds) = (count(ran, "revision"), took.as_secs());
        context.ui.note(&format!(
            "{revisions} without a proof that holds had to run, which took {seconds} s"
        ));
        context.ui.hint("`aludel check --write-proofs` keeps that in the files, for every clone");
    }
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
        graph.get(&id).map(|it| with_proof(it.clone(), Some(proof)))
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
