//! Denied hazards of revisions, as `check` finds them.

use std::collections::BTreeSet;

use crate::ledger::Applied;
use crate::review::{Hazard, Policy, may_have_errors};
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::sql_text::split;

use super::super::Project;
use super::super::failure::Failure;
use super::super::review::ReviewOptions;
use super::CheckOptions;
use super::finding::{Finding, FindingKind};

/// The denied hazards of revisions that the database does not have; without one, of all. Imported revisions are
/// history. One with a valid proof was generated, or reviewed before it was proved: only what aludel.toml denies is
/// looked for again.
pub(super) async fn denied(
    project: &Project,
    options: &CheckOptions,
    graph: &Graph,
    applied: Option<&Applied>,
) -> Result<Vec<Finding>, Failure> {
    let policy = project.policy(&ReviewOptions::default())?;
    let workspace = &project.workspace;
    let is_done = |it: &Revision| applied.is_some_and(|applied| applied.get(it.id()).is_some());
    let open = graph.iter().filter(|it| !is_done(it) && it.header.origin.is_none());
    let mut open: BTreeSet<RevisionId> = open.map(|it| it.id().clone()).collect();
    if policy.deny.is_empty() && !open.is_empty() {
        // Errors alone are denied.
        let proven = workspace.proven(graph);
        open.retain(|it| !proven.contains_key(it) && graph.get(it).is_some_and(may_be_denied));
    }
    // What a database says of its tables holds for today.
    let may_be_known = !options.prove && !project.has_server();
    let terms = terms(&policy);
    if may_be_known && !open.is_empty() {
        workspace.identify().await?;
        open.retain(|it| !workspace.is_reviewed(graph, it, &terms));
    }
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let report = Box::pin(project.review_revisions(graph, &open, &policy)).await?;
    let denied: Vec<&Hazard> = report.hazards.iter().filter(|it| it.is_denied()).collect();
    if may_be_known {
        for file in report.files.iter().filter(|it| denied.iter().all(|on| on.path != it.path)) {
            file.revision.iter().for_each(|it| workspace.note_reviewed(graph, it, &terms));
        }
    }
    Ok(denied.into_iter().map(finding).collect())
}

/// Whether the words of a revision leave open that a statement is an error. What cannot be split is not run.
fn may_be_denied(revision: &Revision) -> bool {
    split(&revision.up.text).is_ok_and(|it| may_have_errors(&it))
}

/// What a verdict depends on beside the revision.
fn terms(policy: &Policy) -> String {
    format!("{} {policy:?}", env!("CARGO_PKG_VERSION"))
}

fn finding(hazard: &Hazard) -> Finding {
    let Hazard { path, line, column, code, message, safer, .. } = hazard;
    let message = format!("{path}:{line}:{column}: {message} [{code}]");
    let shown = safer.iter().map(|it| format!("safer: {it}")).collect();
    Finding {
        hazard: Some(Box::new(hazard.clone())),
        shown,
        ..Finding::new(FindingKind::Hazards, message)
    }
}
